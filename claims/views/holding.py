"""Holding a claim, letting it go, taking an approval back."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.forms.checking import HoldForm, ReasonForm
from claims.models import Claim, Flag
from claims.services import flags, reversing
from claims.services.flags import CannotFlag
from claims.services.reversing import CannotReverse
from claims.views.claims import claim_of
from office.access import Request
from office.pages.forms import FormPage
from office.pages.stepup import with_proof
from office.proof import Proof

ABOUT_A_CLAIM = "claims/checking/decide.html"
OF_FLAG = ("claim__member", "claim__provider", "claim__disease")


@permission_required(flags.RIGHT, raise_exception=True)
def hold(request: Request, pk: int) -> HttpResponse:
    """Hold a claim until somebody lets it go."""
    found = claim_of(request, pk, flags.RIGHT)
    page = FormPage(
        request,
        title=_("Hold claim %(number)s") % {"number": found.number},
        submit=_("Hold it"),
        cancel_url=reverse("claims:claim", args=[pk]),
        template=ABOUT_A_CLAIM,
    )
    form = HoldForm(page.data)
    if page.is_sent and form.is_valid():
        try:
            flags.set_flag(claim=found, by=request.user, at=timezone.now(), **form.cleaned_data)
        except CannotFlag as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The claim is held."))
            return redirect("claims:claim", pk)
    return page.render(form, claim=found)


@permission_required(flags.LIFT, raise_exception=True)
def let_go(request: Request, pk: int) -> HttpResponse:
    """Let a held claim go on."""
    seen = Claim.objects.visible_to(request.user, flags.LIFT)
    flag = get_object_or_404(Flag.objects.filter(claim__in=seen).select_related(*OF_FLAG), pk=pk)
    page = FormPage(
        request,
        title=_("Let claim %(number)s go: %(reason)s") % {"number": flag.claim.number, "reason": flag.reason},
        submit=_("Let it go"),
        cancel_url=reverse("claims:claim", args=[flag.claim_id]),
        template=ABOUT_A_CLAIM,
    )
    form = ReasonForm(page.data)
    if page.is_sent and form.is_valid():
        try:
            flags.lift_flag(flag=flag, by=request.user, at=timezone.now(), **form.cleaned_data)
        except CannotFlag as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The claim can go on."))
            return redirect("claims:claim", flag.claim_id)
    return page.render(form, claim=flag.claim)


@permission_required(reversing.RIGHT, raise_exception=True)
@with_proof
def take_back(request: Request, shown: Proof, pk: int) -> HttpResponse:
    """Take an approval back: void before it is paid, reversed after."""
    found = claim_of(request, pk, reversing.RIGHT)
    is_paid = found.state == Claim.State.PAID
    service = reversing.reverse if is_paid else reversing.void
    title = _("Reverse claim %(number)s") if is_paid else _("Make the approval of claim %(number)s void")
    page = FormPage(
        request,
        title=title % {"number": found.number},
        submit=_("Take the approval back"),
        cancel_url=reverse("claims:claim", args=[pk]),
        template=ABOUT_A_CLAIM,
    )
    form = ReasonForm(page.data)
    if page.is_sent and form.is_valid():
        try:
            done = service(claim=found, by=request.user, at=timezone.now(), proof=shown, **form.cleaned_data)
        except CannotReverse as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The approval is taken back."))
            if done.later:
                numbers = "、".join(one["claim"] for one in done.later)
                messages.warning(request, _("Would come out differently now: %(claims)s.") % {"claims": numbers})
            return redirect("claims:claim", pk)
    return page.render(form, claim=found)
