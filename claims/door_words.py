"""What the hospitals' door answers where it refuses: a code that programs read, its status, its title in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, NamedTuple

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


class Kind(NamedTuple):
    """A kind of refusal: the status of HTTP and its title."""

    status: HTTPStatus
    title: StrPromise


KINDS: Final[dict[str, Kind]] = {
    "malformed": Kind(HTTPStatus.BAD_REQUEST, _("The request is not as the door's document describes it.")),
    "token_missing": Kind(HTTPStatus.UNAUTHORIZED, _("Send the hospital's token: Authorization: Bearer …")),
    "token_unknown": Kind(HTTPStatus.UNAUTHORIZED, _("The office does not know this token.")),
    "token_revoked": Kind(HTTPStatus.UNAUTHORIZED, _("This token was taken back. Ask the office for another one.")),
    "token_ended": Kind(HTTPStatus.UNAUTHORIZED, _("This token's time has run out. Ask the office for another one.")),
    "plain_http": Kind(
        HTTPStatus.FORBIDDEN,
        _("The door answers over HTTPS alone. This token was sent in the open: have it taken back."),
    ),
    "person_left": Kind(
        HTTPStatus.FORBIDDEN, _("The person for whom this token acts does not work at the hospital's desk any more.")
    ),
    "duty_ended": Kind(
        HTTPStatus.FORBIDDEN, _("The person for whom this token acts takes no claims in at this hospital's desk today.")
    ),
    "provider_closed": Kind(HTTPStatus.FORBIDDEN, _("This hospital is closed.")),
    "no_agreement": Kind(HTTPStatus.FORBIDDEN, _("This hospital has no agreement in force today.")),
    "not_found": Kind(HTTPStatus.NOT_FOUND, _("There is nothing at this address.")),
    "person_unknown": Kind(
        HTTPStatus.NOT_FOUND, _("The register has nobody with this ID number and this name. Check both.")
    ),
    "claim_unknown": Kind(HTTPStatus.NOT_FOUND, _("This hospital has no claim with this number.")),
    "method_not_allowed": Kind(HTTPStatus.METHOD_NOT_ALLOWED, _("This address takes other methods.")),
    "key_busy": Kind(
        HTTPStatus.CONFLICT, _("A request with this key is still being worked on. Send it again in a moment.")
    ),
    "too_large": Kind(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _("The request is too large for the door.")),
    "not_json": Kind(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, _("Send JSON: Content-Type: application/json")),
    "key_used": Kind(
        HTTPStatus.UNPROCESSABLE_ENTITY, _("This key was used for another request already. Choose a new one.")
    ),
    "day_refused": Kind(HTTPStatus.UNPROCESSABLE_ENTITY, _("This day lies outside the office's calendar.")),
    "claim_refused": Kind(HTTPStatus.UNPROCESSABLE_ENTITY, _("The claim is not taken in.")),
    "too_many": Kind(HTTPStatus.TOO_MANY_REQUESTS, _("There were too many requests. Wait as Retry-After says.")),
    "broken": Kind(HTTPStatus.INTERNAL_SERVER_ERROR, _("The office's program failed. Nothing was written.")),
    "away": Kind(HTTPStatus.SERVICE_UNAVAILABLE, _("The office cannot answer at the moment. Send it again later.")),
}


#: What can be wrong with a field by itself, by the kind that pydantic gives it.
FIELD_FAULTS: Final[dict[str, StrPromise]] = {
    "missing": _("This is needed."),
    "extra_forbidden": _("The door knows no such field."),
    "string_type": _("This must be text."),
    "string_too_short": _("This is too short."),
    "string_too_long": _("This is too long."),
    "string_pattern_mismatch": _("This is not written as the document asks."),
    "literal_error": _("This is none of the values of the document."),
    "bool_type": _("This must be true or false."),
    "list_type": _("This must be a list."),
    "too_short": _("The list has too few entries."),
    "too_long": _("The list has too many entries."),
    "value_error": _("This is no day (YYYY-MM-DD) or amount (1260.00) as the document asks."),
}
OTHER_FAULT: Final = _("This is not as the document describes it.")

#: How a token stands: tone and words.
TOKEN_STATES: Final[dict[str, tuple[str, StrPromise]]] = {
    "open": ("done", pgettext_lazy("token", "opens the door")),
    "ended": ("failed", pgettext_lazy("token", "run out")),
    "revoked": ("failed", pgettext_lazy("token", "taken back")),
}


@dataclass(frozen=True)
class Field:
    """What is wrong with one field of a request, by its place in it."""

    field: str
    sentence: str


class CannotAnswer(Exception):
    """The door refuses; the code is for programs, the sentences for people."""

    def __init__(self, code: str, detail: str = "", errors: Sequence[Field] = (), *, wait: int = 0) -> None:
        self.code = code
        self.kind = KINDS[code]
        self.detail = detail
        self.errors = tuple(errors)
        self.wait = wait
        super().__init__(detail or str(self.kind.title))
