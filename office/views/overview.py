"""The head's page."""

from __future__ import annotations

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from office import overview
from office.access import Request
from office.overview_blocks import RIGHT
from office.rules import days


@permission_required(RIGHT, raise_exception=True)
def page(request: Request) -> HttpResponse:
    """How the office stands today: the blocks that every app has for its head."""
    now = timezone.now()
    shown = {
        "page_title": _("How the office stands"),
        "today": days.business_day(now),
        "blocks": overview.blocks_for(request.user, now),
    }
    return render(request, "office/overview/page.html", shown)
