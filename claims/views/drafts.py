"""Drafts of benefit plans: brought in, copied, edited, given their paper, proposed, taken back."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from claims.forms.plans import BringForm, DocumentForm, DoubtsForm, PaperForm
from claims.models import BenefitPlan
from claims.selectors import plans as selectors
from claims.services import adoption, plans
from claims.services.plans import CannotDraft
from claims.views.plans import plan_of
from office import attachments, deciding, trail
from office.access import Request
from office.pages.forms import FormPage


@permission_required(plans.RIGHT, raise_exception=True)
def new(request: Request) -> HttpResponse:
    """Bring a document in as a draft."""
    page = FormPage(
        request,
        title=_("Draft a plan"),
        submit=_("Bring it in"),
        cancel_url=reverse("claims:plans"),
        template="claims/document.html",
    )
    form = BringForm(page.data, page.files, initial={"shipped": request.GET.get("shipped", "")})
    faults: object = ()
    if page.is_sent and form.is_valid():
        text, source = form.document()
        try:
            drafted = plans.draft_plan(text=text, place=form.place(), source=source, by=request.user, at=timezone.now())
        except CannotDraft as refusal:
            faults = refusal.faults
            _refuse(page, form, refusal, "benefit-plan.drafted")
            form.keep_text(text)
        else:
            messages.success(request, _("%(plan)s is drafted: add its paper and propose it.") % {"plan": drafted})
            return redirect("claims:plan", drafted.pk)
    return page.render(form, faults=faults)


@require_POST
@permission_required(plans.RIGHT, raise_exception=True)
def copy(request: Request, pk: int) -> HttpResponse:
    """Draft another version with the document of a plan."""
    found = plan_of(pk)
    try:
        drafted = plans.copy_plan(plan=found, by=request.user, at=timezone.now())
    except CannotDraft as refusal:
        _said(request, found, "benefit-plan.copied", refusal)
        return redirect("claims:plan", pk)
    return redirect("claims:plan_document_edit", drafted.pk)


@permission_required(plans.RIGHT, raise_exception=True)
def edit(request: Request, pk: int) -> HttpResponse:
    """Correct a draft's document; every fault of it is listed with its place."""
    found = plan_of(pk)
    back = reverse("claims:plan", args=[pk])
    page = FormPage(
        request,
        title=_("Document of %(plan)s") % {"plan": found},
        submit=_("Save"),
        cancel_url=back,
        template="claims/document.html",
    )
    form = DocumentForm(page.data, draft=found)
    faults: object = ()
    now_saved = ""
    if page.is_sent and form.is_valid():
        typed = form.cleaned_data
        try:
            plans.change_document(
                plan=found,
                text=typed["text"],
                place=form.place(),
                seen=typed["seen"],
                by=request.user,
                at=timezone.now(),
            )
        except CannotDraft as refusal:
            faults = refusal.faults
            _refuse(page, form, refusal, "benefit-plan.changed")
            if typed["seen"] != plans.seen_of(found):
                now_saved = found.text
                form.see_again(found)
        else:
            return redirect(back)
    return page.render(form, faults=faults, now_saved=now_saved)


@permission_required(plans.RIGHT, raise_exception=True)
def paper(request: Request, pk: int) -> HttpResponse:
    """The county's paper of a draft: number, date, scan."""
    found = plan_of(pk)
    back = reverse("claims:plan", args=[pk])
    page = FormPage(request, title=_("Paper of %(plan)s") % {"plan": found}, submit=_("Save"), cancel_url=back)
    form = PaperForm(page.data, page.files, initial={"number": found.paper_number, "day": found.paper_date})
    if page.is_sent and form.is_valid():
        typed, now = form.cleaned_data, timezone.now()
        try:
            plans.note_paper(
                plan=found, number=typed["number"], day=typed["day"], scan=typed["file"], by=request.user, at=now
            )
        except (CannotDraft, attachments.CannotAttach) as refusal:
            page.refuse(form, getattr(refusal, "field", "file"), refusal, act="benefit-plan.changed")
        else:
            return redirect(back)
    return page.render(form)


@permission_required(plans.RIGHT, raise_exception=True)
def doubts(request: Request, pk: int) -> HttpResponse:
    """Say why what the adoption check asks about may stay as it is."""
    found = plan_of(pk)
    back = reverse("claims:plan", args=[pk])
    page = FormPage(
        request,
        title=_("Doubts about %(plan)s") % {"plan": found},
        submit=_("Save"),
        cancel_url=back,
        template="claims/doubts.html",
    )
    form = DoubtsForm(page.data, doubts=selectors.doubts_of(found))
    if page.is_sent and form.is_valid():
        try:
            plans.accept_doubts(plan=found, reasons=form.reasons(), by=request.user, at=timezone.now())
        except CannotDraft as refusal:
            page.refuse(form, None, refusal, act="benefit-plan.changed")
        else:
            return redirect(back)
    return page.render(form)


@require_POST
@permission_required(plans.RIGHT, raise_exception=True)
def propose(request: Request, pk: int) -> HttpResponse:
    """Give the draft to those who decide it."""
    found = plan_of(pk)
    try:
        adoption.propose(plan=found, by=request.user, at=timezone.now())
    except adoption.CannotPropose as refusal:
        _said(request, found, "benefit-plan.proposed", refusal)
    else:
        messages.success(request, _("%(plan)s waits to be decided by somebody else.") % {"plan": found})
    return redirect("claims:plan", pk)


@require_POST
@permission_required(plans.RIGHT, raise_exception=True)
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Whoever had a hand in it takes it back."""
    found = plan_of(pk)
    try:
        adoption.withdraw(plan=found, by=request.user, at=timezone.now())
    except deciding.CannotWithdraw as refusal:
        _said(request, found, "benefit-plan.withdrawn", refusal)
    else:
        messages.success(request, _("It is taken back."))
    return redirect("claims:plan", pk)


def _refuse(page: FormPage, form: BringForm | DocumentForm, refusal: CannotDraft, act: str) -> None:
    """Faults of a document are listed above it; the field says that there are some."""
    told: Exception = refusal
    if refusal.faults:
        told = CannotDraft(_("The document has faults, listed above; nothing was saved yet."))
    page.refuse(form, refusal.field, told, act=act)


def _said(request: Request, found: BenefitPlan, act: str, refusal: Exception) -> None:
    messages.error(request, str(refusal))
    trail.refused(act, found, by=request.user, at=timezone.now(), reason=str(refusal))
