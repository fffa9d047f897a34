"""Decision notices (审批决定书): the written answer to a claim that was cut, refused or decided together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from claims.models import Claim, Cut, DecisionNotice
from claims.selectors.notices import STANDING
from claims.services.locks import lock_with_rounds, refusing
from office import trail
from office.models import Person
from office.models.rounds import Outcome
from office.rules import days

RIGHT: Final = "claims.add_decisionnotice"


class CannotNotice(Exception):
    """Nothing was written down; the message is written for whoever serves the notice."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True)
class Service:
    """How a notice reached whom, and when."""

    way: str
    served_to: str
    served_on: date


@refusing("notice.issued", CannotNotice)
def issue(*, claim: Claim, number: str, on: date, by: Person, at: datetime) -> DecisionNotice:
    """Answer a claim in writing: cut, refused, or decided by the committee. Raises CannotNotice."""
    current, known = lock_with_rounds(claim)
    decided = decision_of(current, known)
    if decided is None:
        raise CannotNotice(_("A notice answers a claim that was cut, refused or decided by the committee."))
    if DecisionNotice.objects.filter(round=decided).exists():
        raise CannotNotice(_("This decision has its notice already."))
    if not number.strip() or DecisionNotice.objects.filter(number=number.strip()).exists():
        raise CannotNotice(_("A notice has a number of its own."), "number")
    if not current.state_since <= on <= days.business_day(at):
        raise CannotNotice(_("A notice is dated between the decision and today."), "on")
    issued = DecisionNotice.objects.create(
        claim=current, round=decided, number=number.strip(), issued_on=on, issued_by=by
    )
    trail.record("notice.issued", current, by=by, at=at, right=RIGHT, number=issued.number, round=decided.pk)
    return issued


def decision_of(claim: Claim, known: list[Any]) -> Any:
    """The round that a notice on a claim as it stands is about; nothing where none is owed."""
    closed = [one for one in known if one.state == "closed"]
    if claim.state not in STANDING or not closed:
        return None
    last = closed[-1]
    was_cut = Cut.objects.filter(claim=claim, counts=True, line__version=claim.content_version).exists()
    is_owed = last.outcome == Outcome.REFUSED or last.step == Claim.State.COMMITTEE or was_cut
    return last if is_owed else None


@refusing("notice.served", CannotNotice, about="notice")
def serve(*, notice: DecisionNotice, service: Service, by: Person, at: datetime) -> DecisionNotice:
    """Note how a notice reached its person (送达); it stays so. Raises CannotNotice."""
    current = DecisionNotice.objects.select_for_update(of=["self"]).get(pk=notice.pk)
    if current.way:
        raise CannotNotice(_("This notice was served already."))
    if service.way not in DecisionNotice.Way.values:
        raise CannotNotice(_("Choose how it was served."), "way")
    if not service.served_to.strip():
        raise CannotNotice(_("Say who took it."), "served_to")
    if not current.issued_on <= service.served_on <= days.business_day(at):
        raise CannotNotice(_("A notice is served between its date and today."), "served_on")
    current.way, current.served_to = service.way, service.served_to.strip()
    current.served_on, current.served_by = service.served_on, by
    current.save(update_fields=["way", "served_to", "served_on", "served_by"])
    trail.record("notice.served", current, by=by, at=at, right=RIGHT, way=service.way)
    return current
