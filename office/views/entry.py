"""Coming in and going out, the home page, and the switches in the corner."""

from __future__ import annotations

from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from office import desk, selectors, signin
from office.access import Request
from office.pages import kept, preferences
from office.rules import days
from office.templatetags import figures


@sensitive_post_parameters("password")
@never_cache
@login_not_required
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in; what was typed when the session ended is carried along."""
    ended_at: str = getattr(request, "session_ended_at", "")
    sealed = kept.seal(request) if ended_at else request.POST.get("kept", "")
    goal = _inside(request, ended_at or request.POST.get("next") or request.GET.get("next", ""))
    form = AuthenticationForm(request, request.POST if request.method == "POST" and not ended_at else None)
    form.error_messages["invalid_login"] = _("Name or password is wrong.")
    if form.is_bound and form.is_valid():
        login(request, form.get_user())
        return HttpResponseRedirect((sealed and kept.give_back(request, sealed)) or goal)
    context = {"form": form, "next": goal, "kept": sealed, "demo_signins": signin.shown()}
    return render(request, "office/sign_in.html", context, status=401 if ended_at else 200)


@require_POST
def sign_out(request: Request) -> HttpResponse:
    """End the session."""
    logout(request)
    return redirect("office:sign_in")


def home(request: Request) -> HttpResponse:
    """What waits for me."""
    today = days.business_day(timezone.now())
    worklists = [_on_page(shown) for shown in desk.waiting_for(request.user, today)]
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
    response = HttpResponseRedirect(_inside(request, request.POST.get("next", "")))
    preferences.remember_theme(response, request.POST.get("theme", ""))
    return response


def _on_page(shown: desk.Shown) -> dict[str, object]:
    worklist, waiting = shown.worklist, shown.waiting
    return {
        "title": worklist.title,
        "icon": worklist.icon,
        "url": worklist.url(),
        "count": waiting.count,
        "amount": "" if waiting.amount is None else figures.money(waiting.amount),
        "oldest_days": shown.oldest_days,
        "items": waiting.items,
    }


def _inside(request: HttpRequest, address: str) -> str:
    """The address if it is one of this site's own, else the home page."""
    allowed = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if address and allowed else reverse("office:home")
