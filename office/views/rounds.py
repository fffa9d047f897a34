"""Deciding together: what waits, one subject with its rounds and votes, the vote."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from office import deciding, proof, selectors, trail
from office.access import Request
from office.filters import RoundFilter
from office.forms import VoteForm
from office.models import OfficeRound, Person
from office.models.rounds import Round, State
from office.pages import address, shown_once, stepup
from office.pages.errors import error_page
from office.pages.forms import FormPage
from office.pages.lists import ListPage
from office.proof import Proof
from office.rules import days
from office.sentences import Sentence, said
from office.services import factors, requests, rounds
from office.services.tries import TooManyTries
from office.tables import RoundTable

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class RoundList(ListPage):
    """What the office decided about its own matters, and what is open."""

    permission_required = "office.view_officeround"
    page_title: StrOrPromise | Sentence = gettext_lazy("Decisions")
    queryset = OfficeRound.objects.select_related("maker")
    table_class = RoundTable
    filterset_class = RoundFilter


class FamilyRounds(RoundList):
    """The same for the matters of another app."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        known = deciding.family(kwargs["family"])
        if known is None:
            raise Http404
        self.permission_required = known.right
        self.page_title = said("Decisions: %(family)s", family=known.title)
        self.queryset = known.round._default_manager.select_related("maker")


@sensitive_post_parameters("code")
def decision(request: Request, family: str, pk: int) -> HttpResponse:
    """One round: what is to be decided, what was said, and the vote of whoever has one."""
    found = _round(family, pk)
    now = timezone.now()
    people = rounds.capacities(round=found, by=request.user, at=now)
    if not people and not _may_read(request.user, found, now):
        raise PermissionDenied
    matter = deciding.matter_of(found.subject_type)
    subject = deciding.subject_of(found)
    page = FormPage(
        request,
        title=deciding.words_of(found.subject_type, subject),
        submit=_("Vote"),
        cancel_url=reverse("office:home"),
        template="office/round.html",
    )
    form = VoteForm(
        page.data,
        people=people,
        choices=matter.choices,
        own_code=found.own_code,
        initial={"seen": found.subject_hash},
    )
    if page.is_sent and not people:
        return _no_vote(request, found, subject)
    if page.is_sent and form.is_valid():
        answer = _vote(request, page, form, found)
        if answer is not None:
            return answer
    told = "" if page.is_sent else shown_once.take(request)
    return page.render(
        form if people else VoteForm(people=[], choices=[], own_code=False),
        round=found,
        subject=subject,
        subject_url=reverse(matter.page, args=[subject.pk]) if matter.page else "",
        rows=matter.rows(subject),
        may_vote=bool(people),
        history=_history(subject),
        family=family,
        may_withdraw=found.state == State.OPEN and found.maker == request.user,
        told=told,
    )


@require_POST
def withdraw(request: Request, family: str, pk: int) -> HttpResponse:
    """Whoever asked takes it back."""
    found = _round(family, pk)
    if found.maker != request.user:
        raise PermissionDenied
    subject = deciding.subject_of(found)
    take_back = deciding.matter_of(found.subject_type).withdraw or requests.take_back
    try:
        take_back(subject, request.user, timezone.now())
    except (requests.CannotRequest, deciding.CannotWithdraw) as refusal:
        messages.error(request, str(refusal))
        trail.refused("request.withdrawn", subject, by=request.user, at=timezone.now(), reason=str(refusal))
    else:
        messages.success(request, _("It is taken back."))
    return redirect(deciding.page_of(found))


def _no_vote(request: Request, found: Round, subject: Any) -> HttpResponse:
    """A vote from a page that lay open while others decided, or sent twice, or by somebody who has none."""
    said = _("You have no vote here, or not any more.")
    messages.error(request, said)
    trail.refused("round.voted", subject, by=request.user, at=timezone.now(), reason=said)
    return redirect(deciding.page_of(found))


def _vote(request: Request, page: FormPage, form: VoteForm, found: Round) -> HttpResponse | None:
    """The vote is taken, or the form says why not (None)."""
    now = timezone.now()
    typed = form.cleaned_data
    for_whom = typed["for_whom"]
    try:
        shown = _proof(request, found, typed, now)
        if shown is None:
            return stepup.ask(request)
        done = rounds.vote(
            round=found,
            choice=typed["choice"],
            reason=typed["reason"].strip(),
            hash_seen=typed["seen"],
            by=request.user,
            for_whom=None if for_whom == request.user else for_whom,
            at=now,
            proof=shown,
        )
    except TooManyTries as refusal:
        return error_page(request, 429, reason=str(refusal))
    except factors.CannotProve as refusal:
        form.add_error("code", str(refusal))
    except rounds.CannotVote as refusal:
        page.refuse(form, None, refusal, act="round.voted")
    else:
        shown_once.keep(request, done.told)
        messages.success(request, _("Your vote is given."))
        return redirect(deciding.page_of(found))
    return None


def _proof(request: Request, found: Round, typed: dict[str, Any], now: datetime) -> Proof | None:
    if found.own_code:
        return factors.prove(request.user, typed["code"], now, found.bound_to, address=address.of(request))
    return proof.fresh(request.session, now)


def _round(family: str, pk: int) -> Any:
    known = deciding.family(family)
    found = known.round._default_manager.select_related("maker").filter(pk=pk).first() if known else None
    if found is None:
        raise Http404
    return found


def _may_read(person: Person, found: Any, now: datetime) -> bool:
    """Whoever sees such rounds, made it, has voted in it, or has a duty that decides it."""
    seen = type(found)._default_manager.visible_to(person).filter(pk=found.pk)
    own, delegated = selectors.duties_decided_for(person, days.business_day(now))
    return seen.exists() or bool({*own, *delegated} & set(found.duties)) or found.votes.filter(voter=person).exists()


def _history(subject: Any) -> list[dict[str, Any]]:
    """Every round of the subject with its votes, newest first."""
    found = deciding.rounds_of(subject).select_related("maker").prefetch_related("votes__voter", "votes__for_whom")
    return [{"round": one, "votes": list(one.votes.all())} for one in found.order_by("-pk")]
