"""Deciding a claim: agree, cut, return, refuse, one after the other; small claims together."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.forms.checking import CutForm, DecideForm, ReturnForm, TogetherForm
from claims.models import Claim
from claims.selectors import asking, one_claim
from claims.selectors import checking as selectors
from claims.services import checking, checking_together
from claims.services.returning import CannotCheck
from claims.views import scans
from claims.views.claims import VIEW, claim_of
from office.access import Request
from office.models import Person
from office.models.rounds import Choice
from office.pages.forms import FormPage
from office.pages.stepup import with_proof
from office.proof import Proof
from office.rules import days
from office.services import rounds
from office.services.rounds import CannotVote

TITLES: Final = {
    Choice.APPROVE: gettext_lazy("Agree to claim %(number)s"),
    Choice.CUT: gettext_lazy("Cut claim %(number)s"),
    Choice.RETURN: gettext_lazy("Return claim %(number)s"),
    Choice.REFUSE: gettext_lazy("Refuse claim %(number)s"),
}
SUBMITS: Final = {
    Choice.APPROVE: gettext_lazy("Agree"),
    Choice.CUT: gettext_lazy("Agree with cuts"),
    Choice.RETURN: gettext_lazy("Return"),
    Choice.REFUSE: gettext_lazy("Refuse"),
}
NEEDS_REASON: Final = frozenset({Choice.RETURN, Choice.REFUSE})
MOST_TOGETHER: Final = 200


@permission_required(VIEW, raise_exception=True)
def decide(request: Request, pk: int, choice: str) -> HttpResponse:
    """One decision about a claim; then the next one that waits opens by itself."""
    if choice not in TITLES:
        raise Http404
    found = claim_of(request, pk, VIEW)
    opened = checking.round_of(found)
    people = rounds.capacities(round=opened, by=request.user, at=timezone.now()) if opened else []
    if not people and request.method == "GET":
        raise PermissionDenied
    return _deciding(request, found, choice, opened, people)


@with_proof
def _deciding(
    request: Request, shown: Proof, found: Claim, choice: str, opened: Any, people: list[Person]
) -> HttpResponse:
    page = FormPage(
        request,
        title=TITLES[Choice(choice)] % {"number": found.number},
        submit=str(SUBMITS[Choice(choice)]),
        cancel_url=reverse("claims:claim", args=[found.pk]),
        template="claims/checking/decide.html",
    )
    form = _form(page, choice, found, people, opened.subject_hash if opened else "")
    if page.is_sent and form.is_valid():
        try:
            _decided(request, shown, found, choice, form)
        except (CannotCheck, CannotVote) as refusal:
            form.add_error(None, str(refusal))
        else:
            return to_next(request, found.pk)
    return page.render(form, choice=choice, **scans.beside(request, found))


def to_next(request: Request, pk: int) -> HttpResponse:
    """The claim that waits longest for this person, or the one he comes from."""
    following = selectors.next_for(request.user, timezone.now())
    return redirect("claims:claim", following or pk)


@permission_required(VIEW, raise_exception=True)
def following(request: Request) -> HttpResponse:
    """The claim that waits longest for me."""
    number = selectors.next_for(request.user, timezone.now())
    if number is None:
        messages.info(request, _("No claim waits for your decision."))
        return redirect("office:home")
    return redirect("claims:claim", number)


@permission_required("claims.check_claim", raise_exception=True)
@with_proof
def together(request: Request, shown: Proof) -> HttpResponse:
    """Claims that no limit catches and nothing holds, to be agreed to together; each is an act of its own."""
    now = timezone.now()
    waiting = list(selectors.waiting_for(request.user, days.business_day(now))[:MOST_TOGETHER])
    pairs = selectors.small(waiting)
    page = FormPage(
        request,
        title=_("Agree to small claims together"),
        submit=_("Agree to those chosen"),
        cancel_url=reverse("office:home"),
        template="claims/checking/together.html",
    )
    form = TogetherForm(page.data, known=[(claim.pk, one.subject_hash) for claim, one in pairs])
    if page.is_sent and form.is_valid():
        seen = form.chosen()
        chosen = [(claim, seen[claim.pk]) for claim, _one in pairs if claim.pk in seen]
        done = checking_together.check_together(claims=chosen, by=request.user, at=now, proof=shown)
        _tell(request, done)
        return redirect("claims:check_together")
    return page.render(form, pairs=pairs)


def _form(page: FormPage, choice: str, claim: Claim, people: Any, seen: str) -> DecideForm:
    given: dict[str, Any] = {"people": people, "initial": {"seen": seen}}
    if choice == Choice.CUT:
        return CutForm(page.data, lines=one_claim.lines_of(claim), **given)
    if choice == Choice.RETURN:
        return ReturnForm(page.data, listed=asking.list_for(claim), **given)
    return DecideForm(page.data, needs_reason=choice in NEEDS_REASON, **given)


def _decided(request: Request, shown: Proof, claim: Claim, choice: str, form: DecideForm) -> None:
    typed = form.cleaned_data
    for_whom = typed["for_whom"]
    voted = checking.check(
        claim=claim,
        choice=choice,
        hash_seen=typed["seen"],
        by=request.user,
        at=timezone.now(),
        proof=shown,
        cuts=form.cuts() if isinstance(form, CutForm) else (),
        papers=typed.get("papers", ()),
        reason=typed["reason"],
        for_whom=None if for_whom in {None, request.user} else for_whom,
    )
    told = f"{claim.number} {claim.member.name}: {voted.told or SUBMITS[Choice(choice)]}"
    messages.success(request, told)


def _tell(request: Request, done: list[checking_together.Together]) -> None:
    """How many were decided, and why others were not."""
    decided = sum(not one.refusal for one in done)
    if decided:
        messages.success(request, _("%(claims)s claims agreed to.") % {"claims": decided})
    for one in done:
        if one.refusal:
            messages.error(request, f"{one.claim.number}: {one.refusal}")
