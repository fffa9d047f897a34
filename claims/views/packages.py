"""Service packages (服务包): all that are shipped, and one with its editions side by side."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.prints import packages as prints
from claims.rules import packages
from claims.rules.packages import Package
from claims.views.plans import VIEW
from office.access import Request
from office.rules import days


@permission_required(VIEW, raise_exception=True)
def shelf(request: Request) -> HttpResponse:
    """All packages, each with what it holds today, or held last."""
    lines = [_line(packages.shipped(code)) for code in packages.codes()]
    return render(request, "claims/packages.html", {"page_title": _("Service packages"), "lines": lines})


@permission_required(VIEW, raise_exception=True)
def package(request: Request, code: str) -> HttpResponse:
    """One package: its editions side by side, with what each names and where its paper leaves names open."""
    if code not in packages.codes():
        raise Http404
    return render(request, "claims/package.html", {"told": prints.told(packages.shipped(code))})


def _line(found: Package) -> dict[str, Any]:
    """A package as the list shows it."""
    version = found.on(days.business_day(timezone.now())) or found.versions[-1]
    return {
        "code": found.code,
        "name": prints.in_tongue(found.name),
        "days": prints.days_of(version),
        "per_head": version.per_head,
        "lists": [(prints.title_of(kind), one.count, len(one.known)) for kind, one in version.lists.items()],
        "editions": len(found.versions),
        "document": found.document,
    }
