"""Asking the hospital about invoices: the question, the letter, the answer."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.forms.checking import AnswerForm, QuestionForm
from claims.models import Claim, Verification
from claims.prints import letters
from claims.services import verification
from claims.services.verification import RIGHT, CannotVerify
from claims.views.claims import claim_of
from office.access import Request
from office.pages.downloads import paper
from office.pages.forms import FormPage
from office.rules import days

TOLD = ("claim__provider", "claim__member", "claim__disease", "claim__body", "asked_by")


@permission_required(RIGHT, raise_exception=True)
def ask(request: Request, pk: int) -> HttpResponse:
    """Note that the hospital was asked: called, visited, written to."""
    found = claim_of(request, pk, RIGHT)
    page = FormPage(
        request,
        title=_("Ask the hospital about claim %(number)s") % {"number": found.number},
        submit=_("Note it"),
        cancel_url=reverse("claims:claim", args=[pk]),
        template="claims/checking/decide.html",
    )
    today = days.business_day(timezone.now())
    form = QuestionForm(
        page.data, initial={"on": today, "way": "phone", "whom": found.provider.name, "phone": found.provider.phone}
    )
    if page.is_sent and form.is_valid():
        try:
            asked = verification.ask(
                claim=found,
                question=form.question(),
                on=form.cleaned_data["on"],
                by=request.user,
                at=timezone.now(),
            )
        except CannotVerify as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, _("Noted: %(question)s.") % {"question": asked})
            return redirect("claims:claim", pk)
    return page.render(form, claim=found)


@permission_required(RIGHT, raise_exception=True)
def answer(request: Request, pk: int) -> HttpResponse:
    """Write down what came of a question."""
    asked = _asked(request, pk)
    claim = asked.claim
    page = FormPage(
        request,
        title=_("Answer about claim %(number)s: %(question)s") % {"number": claim.number, "question": asked},
        submit=_("Note the answer"),
        cancel_url=reverse("claims:claim", args=[claim.pk]),
        template="claims/checking/decide.html",
    )
    form = AnswerForm(page.data, initial={"on": days.business_day(timezone.now())})
    if page.is_sent and form.is_valid():
        try:
            moved = verification.answer(verification=asked, by=request.user, at=timezone.now(), **form.cleaned_data)
        except CannotVerify as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, _("Noted. The claim is %(state)s.") % {"state": moved.get_state_display()})
            return redirect("claims:claim", claim.pk)
    return page.render(form, claim=claim)


@permission_required(RIGHT, raise_exception=True)
def letter(request: Request, pk: int) -> HttpResponse:
    """The letter to the hospital (协查函)."""
    asked = get_object_or_404(Verification.objects.filter(way=Verification.Way.LETTER), pk=_asked(request, pk).pk)
    now = timezone.now()
    return paper(
        request,
        lambda: letters.inquiry(asked, by=request.user, at=now),
        name=f"{asked.claim.number}-inquiry.pdf",
        back=reverse("claims:claim", args=[asked.claim_id]),
    )


def _asked(request: Request, pk: int) -> Verification:
    """A question about a claim that this person sees."""
    found = Verification.objects.filter(claim__in=Claim.objects.visible_to(request.user, RIGHT))
    return get_object_or_404(found.select_related(*TOLD), pk=pk)
