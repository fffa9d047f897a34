"""Appeals: what of a claim can be appealed, until when, who has no part in deciding (docs/rules/appeals.md)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import CharField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast

from claims.models import Appeal, Claim, ClaimsRound, ClaimsVote, Cut, DecisionNotice, TimeLimit
from claims.selectors import publicity
from office import deciding
from office.models import Person

State = Claim.State
#: States in which something was granted that an appeal can add to.
GRANTED = (State.APPROVED, State.PAYABLE, State.PAYING, State.PAID)


@dataclass(frozen=True)
class Window:
    """The decision that is appealed, as it was served, and the last day for it."""

    notice: DecisionNotice
    told_on: date
    until: date


def may_be_appealed(claim: Claim, cut: Decimal) -> bool:
    """Whether something stands against which nobody has appealed; `cut` is what was cut of the claim."""
    if getattr(claim, "appeal", None) is not None:
        return False
    return claim.state == State.REFUSED or (claim.state in GRANTED and cut > 0)


def cuts_of(claim: Claim) -> list[Cut]:
    """What counts as cut of a claim as it stands, in the order of its lines."""
    found = Cut.objects.filter(claim=claim, counts=True, line__version=claim.content_version)
    return list(found.select_related("line", "by").order_by("line__position", "pk"))


def window_of(claim: Claim) -> Window | None:
    """The served notice of a claim's last decision, and until when it can be appealed; nothing before it is served."""
    closed = deciding.rounds_of(claim).filter(state="closed").order_by("-pk").values("pk")[:1]
    notice = DecisionNotice.objects.filter(claim=claim, round__in=closed, served_on__isnull=False).first()
    if notice is None or notice.served_on is None:
        return None
    within = publicity.days_for(claim.scheme, TimeLimit.Kind.APPEAL_FILED, notice.served_on)
    return Window(notice, notice.served_on, notice.served_on + timedelta(days=within))


def decided_before(claim: Claim) -> set[int]:
    """Who voted, or was voted for, about a claim before its appeal was won; nobody where none was."""
    appeal = Appeal.objects.filter(claim=claim, state=Appeal.State.WON).first()
    if appeal is None:
        return set()
    last = deciding.rounds_of(appeal).order_by("-pk").values("pk")[:1]
    return voters(deciding.rounds_of(claim).filter(pk__lt=Subquery(last)))


def voters(rounds: QuerySet[Any]) -> set[int]:
    """Whoever voted in some rounds, or was voted for."""
    pairs = ClaimsVote.objects.filter(round__in=rounds).values_list("voter", "for_whom")
    return {person for pair in pairs for person in pair if person is not None}


def barred(appeal: Appeal) -> Sequence[Person]:
    """Who decides nothing of an appeal: whoever took part in the claim, or in the document that it came with."""
    claim = appeal.claim
    hands = voters(deciding.rounds_of(claim)) | {claim.entered_by_id}
    if claim.document_id is not None:
        rounds = ClaimsRound.objects.filter(subject_type="claims.bulkdocument", subject_id=str(claim.document_id))
        hands |= voters(rounds)
    asked = Q(pk__in=claim.verifications.values("asked_by")) | Q(pk__in=claim.verifications.values("answered_by"))
    return list(Person.objects.filter(Q(pk__in=hands) | asked).distinct().order_by("pk"))


def open_appeals() -> QuerySet[Appeal]:
    """Appeals that are to be decided, the first due first."""
    return (
        Appeal.objects.filter(state=Appeal.State.RECEIVED).select_related("claim__member").order_by("answer_by", "pk")
    )


def to_answer() -> QuerySet[Appeal]:
    """Decided appeals whose written answer is not issued."""
    return unanswered().exclude(state=Appeal.State.RECEIVED)


def late(day: date) -> QuerySet[Appeal]:
    """Appeals that are past the day until which they were to be answered in writing."""
    return unanswered().filter(answer_by__lt=day)


def unanswered() -> QuerySet[Appeal]:
    """Appeals without their written answer, decided or not, the first due first."""
    rounds = ClaimsRound.objects.filter(
        subject_type="claims.appeal", subject_id=Cast(OuterRef("pk"), CharField()), state="closed"
    ).order_by("-pk")
    answer = DecisionNotice.objects.filter(round=OuterRef("last")).order_by()
    waiting = Appeal.objects.exclude(state=Appeal.State.WITHDRAWN).annotate(last=Subquery(rounds.values("pk")[:1]))
    found = waiting.alias(answer=Subquery(answer.values("pk")[:1])).filter(answer__isnull=True)
    return found.select_related("claim__member").order_by("answer_by", "pk")


def answer_to(appeal: Appeal) -> DecisionNotice | None:
    """The written answer to an appeal, where it is issued."""
    rounds = deciding.rounds_of(appeal).filter(state="closed")
    return DecisionNotice.objects.filter(round__in=rounds).first()
