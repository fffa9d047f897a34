"""How the hospitals' door stands in the site: its token, its refusals as RFC 9457 problems, its OpenAPI document."""

from __future__ import annotations

import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final, cast

import redis
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone, translation
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.renderers import JSONRenderer
from ninja.security import HttpBearer
from psycopg_pool import PoolTimeout

from claims.door_words import FIELD_FAULTS, OTHER_FAULT, CannotAnswer, Field
from claims.forms.door import Problem
from claims.services import door
from claims.services.door import Caller
from office.pages import address

log = logging.getLogger(__name__)

PLACE: Final = "/door/"
PROBLEM: Final = "application/problem+json"
TYPE: Final = "urn:county-fund:door:"
AWAY: Final = (OperationalError, InterfaceError, PoolTimeout, redis.RedisError)
LONGEST_WAIT: Final = 5  # seconds, where the office is away
#: What every operation may answer besides its own.
ALWAYS: Final = (400, 401, 403, 405, 413, 415, 429, 500, 503)
#: What a refusal of the framework means at the door.
BY_STATUS: Final = {
    400: "malformed",
    401: "token_missing",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "not_json",
    503: "away",
}


class HospitalToken(HttpBearer):
    """A hospital's token; the only way in, no cookie and no session counts here."""

    def authenticate(self, request: HttpRequest, token: str) -> Caller:
        """Whom the token lets in. Raises CannotAnswer."""
        caller = door.admit(text=token, address=address.of(request), at=timezone.now())
        if request.method == "POST" and request.content_type != "application/json":
            raise CannotAnswer("not_json")
        return caller


class PlainJson(JSONRenderer):
    """JSON in which Chinese can be read."""

    json_dumps_params = {"ensure_ascii": False}


class Door(NinjaAPI):
    """The door with its document, which says of every refusal that it is a problem."""

    def get_openapi_schema(self, **kwargs: Any) -> OpenAPISchema:
        """OpenAPI 3.1; refusals are application/problem+json."""
        schema = super().get_openapi_schema(**kwargs | {"path_prefix": "door/v1/"})
        for operations in schema["paths"].values():
            for operation in operations.values():
                for status, answer in operation["responses"].items():
                    if int(status) >= HTTPStatus.BAD_REQUEST:
                        answer["content"] = {PROBLEM: answer["content"]["application/json"]}
        return schema


def refusals(*own: int) -> dict[Any, Any]:
    """The refusals of an operation."""
    return dict.fromkeys(sorted({*own, *ALWAYS}), Problem)


api = Door(
    title="医院接口 · Hospitals' door",
    version="1",
    description=(
        "Whether a person is covered, what would be paid, a claim handed in, how it stands. "
        "Amounts are yuan as text with two decimals. Sentences are Chinese; English where Accept-Language asks for it."
    ),
    urls_namespace="door",
    docs_url=None,
    auth=HospitalToken(),
    renderer=PlainJson(),
    servers=[{"url": "/", "description": "the office's own address"}],
)


def caller_of(request: HttpRequest) -> Caller:
    """Who came in with his token."""
    return cast("Caller", request.auth)  # type: ignore[attr-defined]  # as ninja keeps it


def problem(refusal: CannotAnswer) -> HttpResponse:
    """A refusal as RFC 9457 has it, with its code, in the reader's language."""
    kind = refusal.kind
    told = {
        "type": f"{TYPE}{refusal.code}",
        "title": str(kind.title),
        "status": kind.status.value,
        "detail": refusal.detail or " ".join(one.sentence for one in refusal.errors) or str(kind.title),
        "code": refusal.code,
        "errors": [{"field": one.field, "sentence": one.sentence} for one in refusal.errors],
    }
    answer = JsonResponse(told, status=kind.status, content_type=PROBLEM, json_dumps_params={"ensure_ascii": False})
    if kind.status == HTTPStatus.UNAUTHORIZED:
        answer.headers["WWW-Authenticate"] = 'Bearer realm="door"'
    if refusal.wait:
        answer.headers["Retry-After"] = str(refusal.wait)
    return answer


@api.exception_handler(CannotAnswer)
def _refused(request: HttpRequest, refusal: CannotAnswer) -> HttpResponse:
    return problem(refusal)


@api.exception_handler(ValidationError)
def _malformed(request: HttpRequest, fault: ValidationError) -> HttpResponse:
    """Where a request is not as the document says; what was sent is not repeated."""
    errors = [Field(_place(one["loc"]), str(FIELD_FAULTS.get(one["type"], OTHER_FAULT))) for one in fault.errors]
    return problem(CannotAnswer("malformed", errors=errors))


@api.exception_handler(HttpError)
def _http_error(request: HttpRequest, fault: HttpError) -> HttpResponse:
    code = "token_missing" if isinstance(fault, AuthenticationError) else BY_STATUS.get(fault.status_code, "malformed")
    return problem(CannotAnswer(code))


@api.exception_handler(Http404)
def _nothing(request: HttpRequest, fault: Http404) -> HttpResponse:
    return problem(CannotAnswer("not_found"))


@api.exception_handler(Exception)
def _broken(request: HttpRequest, fault: Exception) -> HttpResponse:
    """What nobody foresaw goes to the journal, without what was sent; where something is away it is said."""
    if isinstance(fault, AWAY):
        log.error("The door cannot answer: %s", type(fault).__name__)
        return problem(CannotAnswer("away", wait=LONGEST_WAIT))
    log.exception("The door failed at %s", request.path)
    return problem(CannotAnswer("broken"))


def _place(loc: Any) -> str:
    """The field's place in the request: without the names that the framework gives to its parts."""
    return ".".join(str(one) for one in loc if one not in {"body", "asked", "header", "path"})


class DoorMiddleware:
    """Around everything below /door/: no cookie comes in, the language is the program's, refusals are problems."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(PLACE):
            return self.get_response(request)
        request.META.pop("HTTP_COOKIE", None)
        request.COOKIES = {}
        language = translation.get_language_from_request(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            answer = _unread(request) or self.get_response(request)
            if answer.status_code >= HTTPStatus.BAD_REQUEST and answer.headers.get("Content-Type") != PROBLEM:
                answer = _as_problem(answer)
        answer.headers["Content-Language"] = language
        answer.headers["Cache-Control"] = "no-store"
        answer.headers["Vary"] = "Accept-Language, Authorization"
        return answer


def _unread(request: HttpRequest) -> HttpResponse | None:
    """What is not read at all: sent in the open, or too large."""
    if settings.SECURE_SSL_REDIRECT and not request.is_secure():
        return problem(CannotAnswer("plain_http"))
    size = request.META.get("CONTENT_LENGTH") or "0"
    if not size.isdecimal() or int(size[:12]) > settings.DOOR_LARGEST_BODY:
        return problem(CannotAnswer("too_large"))
    return None


def _as_problem(answer: HttpResponse) -> HttpResponse:
    """What another part of the site refused, said as the door says it."""
    other = "malformed" if answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR else "broken"
    said = problem(CannotAnswer(BY_STATUS.get(answer.status_code, other)))
    if "Allow" in answer.headers:
        said.headers["Allow"] = answer.headers["Allow"]
    return said


def document() -> dict[str, Any]:
    """The door's OpenAPI document."""
    return dict(api.get_openapi_schema())
