"""From which machine a request comes."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def of(request: HttpRequest) -> str | None:
    """The address of the desk: as the office's own proxy says it (it sets the header anew), else the connection's."""
    said = request.META.get("REMOTE_ADDR", "")
    if settings.SECURE_PROXY_SSL_HEADER:
        said = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")[-1] or said
    try:
        return str(ipaddress.ip_address(said.strip()))
    except ValueError:
        return None
