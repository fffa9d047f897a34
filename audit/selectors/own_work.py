"""Whose work an audit looks at: nobody audits his own."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final

from django.db.models import Q, QuerySet

from claims.models import Claim
from claims.selectors.checking import took_part
from funds.models import Posting
from office.models import Act, Duty, Person
from office.rules import days
from office.subjects import Name

#: Duties in which somebody audits: what he does in them is no work of his to be audited.
AUDITING: Final = (Duty.INTERNAL_AUDITOR, Duty.STATE_AUDITOR, Duty.SECURITY_AUDITOR)
#: Kinds of subjects that the office's work is about.
OFFICE_WORK: Final = (
    Q(subject_type__startswith="enrollment.")
    | Q(subject_type__startswith="claims.")
    | Q(subject_type__startswith="funds.")
)


def own_work(person: Person, since: date, until: date) -> QuerySet[Act]:
    """What somebody entered, checked, decided or paid between two days, but for what he did as an auditor."""
    begin = datetime.combine(since, time(), days.SHANGHAI)
    end = datetime.combine(until + timedelta(days=1), time(), days.SHANGHAI)
    done = Act.objects.by(person).filter(OFFICE_WORK, kind=Act.Kind.DONE, at__gte=begin, at__lt=end)
    return done.exclude(duty__in=AUDITING)


def had_a_hand(person: Person, subject: Name) -> bool:
    """Whether somebody did something to a thing, entered it or decided in it."""
    kind, number = subject
    acts = Act.objects.of(kind, number).filter(by=person, kind=Act.Kind.DONE).exclude(duty__in=AUDITING)
    return acts.exists() or person.pk in _hands(kind, number)


def _hands(kind: str, number: str) -> set[int]:
    match kind:
        case "claims.claim":
            claim = Claim.objects.get(pk=number)
            return {claim.entered_by_id} | took_part(claim, but_step="")
        case "funds.posting":
            posting = Posting.objects.get(pk=number)
            return {posting.made_by_id, posting.checked_by_id}
        case _:
            return set()
