"""A person's own page: duties, password, second factor, sessions."""

from __future__ import annotations

from datetime import datetime

import segno
from cryptography.fernet import InvalidToken
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from office import access, proof, signin
from office.access import Request
from office.forms import ChangePasswordForm, CodeForm, FactorForm
from office.models import Delegation, SignIn
from office.pages import address, goals
from office.pages.errors import error_page
from office.pages.forms import FormPage
from office.pages.sessions import renew, without_second_factor
from office.rules import days, duties, totp
from office.sealing import box
from office.services import factors, sessions, signing_in
from office.services.tries import TooManyTries

NEW_SECRET = "office.factor.new"  # noqa: S105  where a session keeps the secret of a factor being set up
SECRET_GROUP = 4


def my_page(request: Request) -> HttpResponse:
    """Who I am here, and where I am signed in."""
    now = timezone.now()
    context = {
        "delegations": Delegation.objects.of_person(request.user).not_over(days.business_day(now)),
        "appointments": access.duties_of(request.user),
        "factor": factors.live(request.user),
        "needs_factor": access.needs_second_factor(request.user),
        "may_delegate": any(duties.is_given_by_two(one.duty) for one in access.duties_of(request.user)),
        "sessions": SignIn.objects.filter(person=request.user).open_at(now),
        "this_session": request.session.session_key,
    }
    return render(request, "office/me.html", context)


@sensitive_post_parameters("old_password", "new_password", "again")
def password(request: Request) -> HttpResponse:
    """Change my password; all my other sessions end."""
    page = FormPage(request, title=_("Change password"), submit=_("Change"), cancel_url=reverse("office:me"))
    form = ChangePasswordForm(page.data, initial={"username": request.user.username})
    if page.is_sent and form.is_valid():
        key = str(request.session.session_key)
        try:
            signing_in.change_password(
                person=request.user,
                old=form.cleaned_data["old_password"],
                new=form.cleaned_data["new_password"],
                at=timezone.now(),
                address=address.of(request),
                session_key=key,
            )
        except TooManyTries as refusal:
            return error_page(request, 429, reason=str(refusal))
        except signing_in.CannotChangePassword as refusal:
            form.add_error(refusal.field, refusal.reasons)
        else:
            update_session_auth_hash(request, request.user)
            sessions.moved(before=key, after=str(request.session.session_key))
            messages.success(request, _("The password is changed. Your other sessions have ended."))
            return redirect("office:me")
    return page.render(form)


@sensitive_post_parameters("old_code", "code")
@without_second_factor
def factor(request: Request) -> HttpResponse:
    """Set up my second factor, or replace it with a code of the old one."""
    now = timezone.now()
    old = factors.live(request.user)
    goal = request.POST.get("next") or request.GET.get("next", "")
    page = FormPage(
        request,
        title=_("Replace second factor") if old else _("Set up second factor"),
        submit=_("Set up"),
        cancel_url=reverse("office:me") if old else "",
        template="office/factor.html",
    )
    form = FactorForm(page.data, replaces=old is not None)
    secret = _new_secret(request)
    if page.is_sent and form.is_valid():
        typed = form.cleaned_data
        try:
            shown = _prove_old(request, typed["old_code"], now) if old else None
            made = factors.set_up(
                person=request.user,
                secret=secret,
                code=typed["code"],
                at=now,
                proof=shown,
                session_key=str(request.session.session_key),
            )
        except TooManyTries as refusal:
            return error_page(request, 429, reason=str(refusal))
        except factors.CannotProve as refusal:
            form.add_error("old_code", str(refusal))
        except factors.CannotSetUp as refusal:
            form.add_error("code", str(refusal))
        else:
            return _factor_is_set_up(request, factors.first_proof(made, now), goal)
    return page.render(form, **_picture(request, secret), next=goal, must=access.needs_second_factor(request.user))


@sensitive_post_parameters("code")
def show_code(request: Request) -> HttpResponse:
    """Show the second factor again, for what asks for one of the last minutes."""
    goal = goals.inside(request, request.POST.get("next") or request.GET.get("next", ""))
    page = FormPage(
        request, title=_("Show second factor"), submit=_("Go on"), cancel_url=goal, template="office/show_code.html"
    )
    form = CodeForm(page.data)
    if page.is_sent and form.is_valid():
        now = timezone.now()
        try:
            shown = factors.prove(request.user, form.cleaned_data["code"], now, address=address.of(request))
        except TooManyTries as refusal:
            return error_page(request, 429, reason=str(refusal))
        except factors.CannotProve as refusal:
            form.add_error("code", str(refusal))
        else:
            renew(request, shown)
            return HttpResponseRedirect(goal)
    demo_code = signin.code_of(request.user.username, timezone.now())
    return page.render(form, next=goal, demo_code=demo_code)


@require_POST
def end_others(request: Request) -> HttpResponse:
    """End all my sessions but this one."""
    key = str(request.session.session_key)
    count = sessions.end_all(person=request.user, because=SignIn.End.BY_PERSON, at=timezone.now(), but=key)
    messages.success(request, _("Other sessions ended: {count}.").format(count=count))
    return redirect("office:me")


def _prove_old(request: Request, code: str, at: datetime) -> proof.Proof:
    return factors.prove(request.user, code, at, "second-factor", address=address.of(request))


def _factor_is_set_up(request: HttpRequest, shown: proof.Proof, goal: str) -> HttpResponse:
    request.session.pop(NEW_SECRET, None)
    renew(request, shown)
    messages.success(request, _("The second factor is set up. From now on you are asked for its code."))
    return HttpResponseRedirect(goals.inside(request, goal) if goal else reverse("office:me"))


def _new_secret(request: Request) -> bytes:
    """The secret on this person's page: the same until it is taken or the session ends."""
    try:
        return box(NEW_SECRET).decrypt(request.session.get(NEW_SECRET, ""))
    except InvalidToken:
        secret = factors.new_secret()
        request.session[NEW_SECRET] = box(NEW_SECRET).encrypt(secret).decode()
        return secret


def _picture(request: Request, secret: bytes) -> dict[str, object]:
    """The QR code, drawn here as SVG, and the secret for typing by hand."""
    said = totp.address(secret, name=request.user.username, issuer=_("Medical-Insurance Fund"))
    drawn = segno.make(said, error="m").svg_inline(
        border=4, omitsize=True, dark="#000", light="#fff", svgclass="qr", lineclass=None
    )
    text = totp.written(secret)
    groups = [text[start : start + SECRET_GROUP] for start in range(0, len(text), SECRET_GROUP)]
    return {"picture": SafeString(drawn), "secret": " ".join(groups)}
