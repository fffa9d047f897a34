"""The one search field. What is typed into it is sent in the body of the request: an address would keep ID numbers."""

from __future__ import annotations

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from enrollment.selectors.search import SHOWN, Found, search
from office.access import Request
from office.rules import days

LONGEST = 80


@permission_required("enrollment.view_member", raise_exception=True)
def search_page(request: Request) -> HttpResponse:
    """Find people and households by what is typed."""
    typed = request.POST.get("q", "").strip()[:LONGEST]
    today = days.business_day(timezone.now())
    context = {
        "typed": typed,
        "found": search(typed, person=request.user, day=today) if typed else Found(),
        "shown": SHOWN,
        "today": today,
    }
    template = "enrollment/_found.html" if request.htmx else "enrollment/search.html"  # type: ignore[attr-defined]
    return render(request, template, context)
