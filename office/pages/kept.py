"""Nobody gets in unknown, and nothing typed is lost when a session ends.

A form that arrives after the session ended is sealed into the sign-in page (encrypted, for eight hours, for the person
to whom the form was shown). After signing in, the form opens again with what was typed. Files cannot be kept.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from cryptography.fernet import InvalidToken
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    QueryDict,
)
from django.urls import resolve, reverse
from django.utils.cache import patch_vary_headers

from office.pages import guard
from office.sealing import box

KEPT_SECONDS = 8 * 3600
SESSION_KEY = "kept_form"
BOX = "office.kept"
NEVER_KEPT = frozenset(
    {"csrfmiddlewaretoken", guard.FIELD, "password", "old_password", "new_password", "again", "code", "old_code"}
)


class SignInMiddleware(LoginRequiredMiddleware):
    """Sends strangers to the sign-in page, with what they were sending."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Pages hold personal data: no browser and no proxy keeps them, and no fragment is taken for a page."""
        if getattr(request, "user", None) is not None and request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "private, no-store")
            patch_vary_headers(response, ["HX-Request"])
        return response

    def handle_no_permission(  # type: ignore[override]  # a page may answer, not only a redirect
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponse:
        entry = reverse("office:sign_in")
        back = request.get_full_path() if request.method == "GET" else request.path
        if getattr(request, "htmx", False):
            return HttpResponse(status=204, headers={"HX-Redirect": f"{entry}?{urlencode({'next': back})}"})
        if request.method == "POST":
            request.session_ended_at = back  # type: ignore[attr-defined]  # the sign-in page keeps what was typed
            answer: HttpResponse = resolve(entry).func(request)
            return answer
        return HttpResponseRedirect(f"{entry}?{urlencode({'next': back})}")


def seal(request: HttpRequest) -> str:
    """What this request's form holds, unreadable to whoever looks at the page's source."""
    shown = guard.read(request)
    if shown is None:
        return ""
    typed = {name: values for name, values in request.POST.lists() if name not in NEVER_KEPT}
    kept = {"path": request.path, "person": shown.person, "typed": typed}
    return box(BOX).encrypt(json.dumps(kept).encode()).decode()


def give_back(request: HttpRequest, sealed: str) -> str:
    """After signing in: lay what was typed ready for its page and say where that is ("" if there is nothing)."""
    try:
        kept: dict[str, Any] = json.loads(box(BOX).decrypt(sealed.encode(), ttl=KEPT_SECONDS))
    except InvalidToken:
        return ""
    if kept["person"] != request.user.pk:
        return ""
    request.session[SESSION_KEY] = kept
    return str(kept["path"])


def take(request: HttpRequest) -> QueryDict | None:
    """What was typed on this page before the session ended; given once."""
    kept = request.session.get(SESSION_KEY)
    if request.method != "GET" or not kept or kept["path"] != request.path:
        return None
    del request.session[SESSION_KEY]
    typed = QueryDict(mutable=True)
    for name, values in kept["typed"].items():
        typed.setlist(name, values)
    return typed
