"""Whence a request comes, for the trail; and pages that somebody opened without the right to."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from office import history, trail
from office.models import Person


class SurroundingsMiddleware:
    """Lays the address around everything a request does, and writes an act for every refusal of a right."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        address = address_of(request)
        with trail.within(trail.Surroundings(address=address)):
            response = self._answer(request, address)
            if response.status_code == HTTPStatus.FORBIDDEN and isinstance(request.user, Person):
                person = request.user
                trail.refused(
                    "page.refused", None, by=person, at=timezone.now(), reason=request.path[:200], method=request.method
                )
            return response

    def _answer(self, request: HttpRequest, address: str | None) -> HttpResponse:
        if request.method == "GET" or not isinstance(request.user, Person):
            return self.get_response(request)
        with history.acting(by=request.user, address=address):
            return self.get_response(request)


def address_of(request: HttpRequest) -> str | None:
    """The person's own machine: behind our nginx its word for it, without nginx the connection's."""
    said = request.META.get(settings.ADDRESS_HEADER, "")
    try:
        return str(ipaddress.ip_address(said))
    except ValueError:
        return None
