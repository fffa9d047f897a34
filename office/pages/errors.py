"""Errors in words: what happened and what to do, also when the database or Valkey is away."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable

import redis
from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError as PostError
from psycopg_pool import PoolTimeout

from office.pages import preferences

log = logging.getLogger(__name__)


class Refused(Exception):
    """Ends a request with a page in words; the reason is written for the person."""

    status = 400

    def __init__(self, reason: str = "") -> None:
        super().__init__(reason)
        self.reason = reason


class Conflict(Refused):
    """The thing changed, or is being done already."""

    status = 409


class TooMany(Refused):
    """Too many tries in too short a time."""

    status = 429


def error_page(request: HttpRequest, status: int, template: str = "", reason: str = "") -> HttpResponse:
    """A page that needs neither a session nor the database."""
    context = {
        "reason": reason,
        "theme": preferences.theme(request),
        "LANGUAGE_CODE": get_language() or settings.LANGUAGE_CODE,
    }
    return HttpResponse(loader.render_to_string(template or f"{status}.html", context), status=status)


def answer_for(request: HttpRequest, error: BaseException | None) -> HttpResponse | None:
    """The page for an error that has one of its own."""
    if isinstance(error, Refused):
        return error_page(request, error.status, reason=error.reason)
    if isinstance(error, (OperationalError, InterfaceError, PoolTimeout)):
        log.error("The database cannot be reached: %s", error)
        return error_page(request, 503, "503_database.html")
    if isinstance(error, (redis.ConnectionError, redis.TimeoutError, PostError)):
        log.error("Valkey cannot be reached: %s", error)
        return error_page(request, 503, "503_valkey.html")
    return None


class ErrorPageMiddleware:
    """Answers in words what a view raised."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return answer_for(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """What nobody foresaw, and what went wrong before a view was reached."""
    return answer_for(request, sys.exc_info()[1]) or error_page(request, 500)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was not one of this browser's: too old, or made elsewhere."""
    return error_page(
        request,
        403,
        reason=_("This form is too old or was not made by this page. Open the page again."),
    )
