"""Whence a request comes, for the trail; and pages that somebody opened without the right to."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from office import history, proof, trail
from office.models import Person
from office.pages import address


class SurroundingsMiddleware:
    """Lays the address around everything a request does, and writes an act for every refusal of a right."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        whence = address.of(request)
        with trail.within(trail.Surroundings(whence, second_factor=lambda: _second_factor_is_fresh(request))):
            response = self._answer(request, whence)
            if response.status_code == HTTPStatus.FORBIDDEN and isinstance(request.user, Person):
                person = request.user
                trail.refused(
                    "page.refused", None, by=person, at=timezone.now(), reason=request.path[:200], method=request.method
                )
            return response

    def _answer(self, request: HttpRequest, whence: str | None) -> HttpResponse:
        if request.method == "GET" or not isinstance(request.user, Person):
            return self.get_response(request)
        with history.acting(by=request.user, address=whence):
            return self.get_response(request)


def _second_factor_is_fresh(request: HttpRequest) -> bool:
    return proof.SESSION_KEY in request.session and proof.fresh(request.session, timezone.now()) is not None
