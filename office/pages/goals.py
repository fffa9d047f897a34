"""Where a page leads next, when the address says so."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme


def inside(request: HttpRequest, address: str) -> str:
    """The address if it is one of this site's own, else the home page."""
    allowed = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if address and allowed else reverse("office:home")
