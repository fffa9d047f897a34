"""Whence a request comes, for the trail; and pages that somebody opened without the right to."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from office import trail
from office.models import Person


class SurroundingsMiddleware:
    """Lays the address around everything a request does, and writes an act for every refusal of a right."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with trail.within(trail.Surroundings(address=address_of(request))):
            response = self.get_response(request)
            if response.status_code == HTTPStatus.FORBIDDEN and isinstance(request.user, Person):
                person = request.user
                trail.refused(
                    "page.refused", None, by=person, at=timezone.now(), reason=request.path[:200], method=request.method
                )
            return response


def address_of(request: HttpRequest) -> str | None:
    """The person's own machine: behind our nginx its word for it, without nginx the connection's."""
    said = request.META.get(settings.ADDRESS_HEADER, "")
    try:
        return str(ipaddress.ip_address(said))
    except ValueError:
        return None
