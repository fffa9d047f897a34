"""The home page, going out, and the switches in the corner."""

from __future__ import annotations

from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from office import desk, selectors
from office.access import Request
from office.models import Person
from office.pages import goals, preferences
from office.pages.sessions import without_second_factor
from office.rules import days
from office.services import sessions
from office.templatetags import figures


@require_POST
@without_second_factor
def sign_out(request: Request) -> HttpResponse:
    """End the session."""
    key = str(request.session.session_key)
    sessions.sign_out(person=request.user, session_key=key, at=timezone.now())
    logout(request)
    return redirect("office:sign_in")


def home(request: Request) -> HttpResponse:
    """What waits for me."""
    today = days.business_day(timezone.now())
    worklists = [_on_page(shown, request.user) for shown in desk.waiting_for(request.user, today)]
    context = {
        "worklists": worklists,
        "today": today,
        "is_working_day": selectors.is_working_day(today),
    }
    return render(request, "office/home.html", context)


@require_POST
@login_not_required
def set_theme(request: HttpRequest) -> HttpResponse:
    """Light or dark."""
    response = HttpResponseRedirect(goals.inside(request, request.POST.get("next", "")))
    preferences.remember_theme(response, request.POST.get("theme", ""))
    return response


def _on_page(shown: desk.Shown, person: Person) -> dict[str, object]:
    worklist, waiting = shown.worklist, shown.waiting
    return {
        "title": worklist.title,
        "icon": worklist.icon,
        "url": worklist.url(),
        "count": waiting.count,
        "amount": "" if waiting.amount is None else figures.money(waiting.amount),
        "oldest_days": shown.oldest_days,
        "items": [_line(item, person) for item in waiting.items],
    }


def _line(item: desk.Item, person: Person) -> dict[str, object]:
    """A line with whoever works on it, if somebody does."""
    lease = item.lease
    return {"item": item, "lease": lease, "is_mine": lease is not None and lease.holder_id == person.pk}
