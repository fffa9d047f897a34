"""Coming in: name and password, then the code; and the way back for somebody who lost one of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from office import signin
from office.forms import ResetFactorForm, ResetPasswordForm, SignInCodeForm, SignInForm
from office.models import Person
from office.pages import address, goals, kept, sessions
from office.pages.errors import error_page
from office.proof import Proof
from office.services import factors, signing_in
from office.services.sessions import CannotSignIn
from office.services.tries import TooManyTries


@sensitive_post_parameters("password")
@never_cache
@login_not_required
def sign_in(request: HttpRequest) -> HttpResponse:
    """Name and password; what was typed when the session ended is carried along."""
    ended_at: str = getattr(request, "session_ended_at", "")
    sealed = kept.seal(request) if ended_at else request.POST.get("kept", "")
    goal = goals.inside(request, ended_at or request.POST.get("next") or request.GET.get("next", ""))
    form = SignInForm(request.POST if request.method == "POST" and not ended_at else None)
    if form.is_valid():
        try:
            person = signing_in.check(
                username=form.cleaned_data["username"],
                password=form.cleaned_data["password"],
                address=address.of(request),
                at=timezone.now(),
            )
            return _go_on(request, person, goal, sealed)
        except TooManyTries as refusal:
            return error_page(request, 429, reason=str(refusal))
        except CannotSignIn as refusal:
            form.add_error(None, str(refusal))
    context = {"form": form, "next": goal, "kept": sealed, "demo_signins": signin.shown()}
    return render(request, "office/sign_in.html", context, status=401 if ended_at else 200)


@sensitive_post_parameters("code")
@never_cache
@login_not_required
def code(request: HttpRequest) -> HttpResponse:
    """The code of the second factor; only now the person is signed in."""
    found = sessions.pending(request)
    if found is None:
        return redirect("office:sign_in")
    person, waits = found
    form = SignInCodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            typed = form.cleaned_data["code"]
            shown = factors.prove(person, typed, timezone.now(), address=address.of(request))
            return _come_in(request, person, waits.goal, waits.kept, shown)
        except TooManyTries as refusal:
            return error_page(request, 429, reason=str(refusal))
        except (factors.CannotProve, CannotSignIn) as refusal:
            form.add_error("code", str(refusal))
    context = {"form": form, "demo_code": signin.code_of(person.username, timezone.now())}
    return render(request, "office/sign_in_code.html", context, status=422 if form.errors else 200)


@sensitive_post_parameters("one_time_code", "new_password", "again")
@never_cache
@login_not_required
def lost_password(request: HttpRequest) -> HttpResponse:
    """A new password with the one-time code that two people gave."""
    form = ResetPasswordForm(request.POST if request.method == "POST" else None)

    def reset(typed: Mapping[str, str]) -> str:
        signing_in.reset_password(
            username=typed["username"],
            code=typed["one_time_code"],
            new=typed["new_password"],
            address=address.of(request),
            at=timezone.now(),
        )
        return _("The new password is set. Sign in with it.")

    return _reset(request, form, _("Lost password"), reset)


@sensitive_post_parameters("password", "one_time_code")
@never_cache
@login_not_required
def lost_factor(request: HttpRequest) -> HttpResponse:
    """The lost second factor ends, with the password and the one-time code that two people gave."""
    form = ResetFactorForm(request.POST if request.method == "POST" else None)

    def reset(typed: Mapping[str, str]) -> str:
        signing_in.reset_factor(
            username=typed["username"],
            password=typed["password"],
            code=typed["one_time_code"],
            address=address.of(request),
            at=timezone.now(),
        )
        return _("The lost second factor has ended. Sign in and set up a new one.")

    return _reset(request, form, _("Lost second factor"), reset)


def _reset(request: HttpRequest, form: Form, title: str, reset: Callable[[Mapping[str, str]], str]) -> HttpResponse:
    """A way back in: refused on the form, or told what was reset on the sign-in page."""
    if form.is_valid():
        try:
            messages.success(request, reset(form.cleaned_data))
        except TooManyTries as refusal:
            return error_page(request, 429, reason=str(refusal))
        except CannotSignIn as refusal:
            form.add_error(None, str(refusal))
        except signing_in.CannotUseCode as refusal:
            form.add_error("one_time_code", str(refusal))
        except signing_in.CannotChangePassword as refusal:
            form.add_error("new_password", refusal.reasons)
        else:
            return redirect("office:sign_in")
    context = {"form": form, "page_title": title}
    return render(request, "office/reset.html", context, status=422 if form.errors else 200)


def _go_on(request: HttpRequest, person: Person, goal: str, sealed: str) -> HttpResponse:
    """After the right password: to the code if there is a second factor, else in."""
    if factors.live(person) is None:
        return _come_in(request, person, goal, sealed, None)
    sessions.wait_for_code(request, person, goal=goal, kept=sealed)
    return redirect("office:sign_in_code")


def _come_in(request: HttpRequest, person: Person, goal: str, sealed: str, shown: Proof | None) -> HttpResponse:
    sessions.begin(request, person, shown)
    return HttpResponseRedirect((sealed and kept.give_back(request, sealed)) or goal)
