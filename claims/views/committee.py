"""Who belongs to the large-claim committee, from when until when."""

from __future__ import annotations

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.selectors import meetings as selectors
from claims.views.meetings import VIEW
from office.access import Request
from office.rules import days


@permission_required(VIEW, raise_exception=True)
def committee(request: Request) -> HttpResponse:
    """The committee of today and later: its members with their days, who leads when the chair is away."""
    today = days.business_day(timezone.now())
    told = {"page_title": _("The committee"), "members": selectors.membership(today)}
    return render(request, "claims/meeting/committee.html", told)
