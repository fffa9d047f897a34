"""The addresses of the hospitals' door: none of them knows a session, each asks for a token but the document."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from claims.views import door as _operations  # noqa: F401  the door knows them once this is read
from claims.views.door_api import api

app_name = "door"


def _opened(pattern: URLPattern) -> URLPattern:
    """Outside the sign-in: the token is asked for by the door itself; its document is only read."""
    inner = csrf_exempt(require_safe(pattern.callback)) if pattern.name == "openapi-json" else pattern.callback
    pattern.callback = login_not_required(inner)
    return pattern


urlpatterns = [_opened(one) for one in api.urls[0] if isinstance(one, URLPattern) and one.name != "api-root"]
