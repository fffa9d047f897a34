"""Questions about benefit plans: what applies on a day, what a document says, what it leaves in doubt, who made it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Max, Q, QuerySet
from django.utils.translation import get_language

from claims.models import BenefitPlan
from claims.rules import adoption, plans
from enrollment.models import Scheme
from office import attachments
from office.models import Act, Attachment, Person
from office.subjects import name_of

if TYPE_CHECKING:
    from claims.rules.faults import Fault
    from claims.rules.layers import Plan

SCANS = frozenset({"application/pdf", "image/jpeg", "image/png", "image/tiff"})
ONE_DAY = timedelta(days=1)

#: The acts by which somebody has a hand in what a plan says.
MAKING = ("benefit-plan.drafted", "benefit-plan.copied", "benefit-plan.changed", "benefit-plan.proposed")

#: What a proposal needs besides its document, by code.
NEEDED = ("paper", "scan", "doubts")


def days_of(read: Plan) -> DateRange:
    """The days that a document is in force, as a range."""
    return DateRange(read.first, read.last + ONE_DAY if read.last else None)


def applying_on(scheme: Scheme, day: date) -> list[BenefitPlan]:
    """The documents by which a scheme's claims of a day are valued, in their order."""
    return list(BenefitPlan.objects.applying_on(day).filter(scheme=scheme).order_by("position"))


def adopted_between(days: Sequence[date], scheme: Scheme) -> list[BenefitPlan]:
    """The documents by which a scheme's claims of some days are valued, in their order."""
    span = DateRange(min(days), max(days) + ONE_DAY)
    return list(BenefitPlan.objects.adopted().filter(scheme=scheme, applies__overlap=span).order_by("position"))


def read_of(plan: BenefitPlan) -> Plan:
    """What a plan's document says; what several claims or pages ask of the same text is read once."""
    return _read(plan.canonical)


_read = lru_cache(maxsize=64)(plans.read)  # by the text itself; a plan that was read is frozen


@dataclass(frozen=True)
class Doubt:
    """What the adoption check asks about a document: where, in words, and the reason for which it was accepted."""

    path: str
    zh: str
    en: str
    reason: str = ""

    @property
    def words(self) -> str:
        """The doubt in the reader's language."""
        return self.zh if (get_language() or "zh").startswith("zh") else self.en


def doubts_of(plan: BenefitPlan, read: Plan | None = None) -> list[Doubt]:
    """Everything that the adoption check asks about a plan, with the reasons given so far; of one that is decided what
    was asked then."""
    if plan.state not in {BenefitPlan.State.DRAFT, BenefitPlan.State.PROPOSED}:
        return [Doubt(**one) for one in plan.accepted]
    given = {(one["path"], one["zh"]): one["reason"] for one in plan.accepted}
    found: Sequence[Fault] = adoption.doubts(read or read_of(plan))
    return [Doubt(one.path, one.zh, one.en, given.get((one.path, one.zh), "")) for one in found]


def papers_of(plan: BenefitPlan) -> list[Attachment]:
    """The scans of a plan's paper."""
    return list(attachments.of(plan).order_by("pk"))


def missing(plan: BenefitPlan, papers: Sequence[Attachment], doubts: Sequence[Doubt]) -> list[str]:
    """What bars a proposal, by code."""
    said = {
        "paper": bool(plan.paper_number and plan.paper_date),
        "scan": any(one.media_type in SCANS for one in papers),
        "doubts": all(one.reason for one in doubts),
    }
    return [part for part in NEEDED if not said[part]]


def in_the_way(plan: BenefitPlan) -> QuerySet[BenefitPlan]:
    """The adopted plans that have days of this one, in the same place of the same scheme."""
    return (
        BenefitPlan.objects.adopted()
        .filter(scheme=plan.scheme_id, position=plan.position, applies__overlap=plan.in_force)
        .exclude(pk=plan.pk)
        .order_by("applies")
    )


def may_be_ended(plan: BenefitPlan) -> QuerySet[BenefitPlan]:
    """The adopted plans of a scheme that a draft could end earlier."""
    found = BenefitPlan.objects.adopted().without_documents().filter(scheme=plan.scheme_id)
    return found.exclude(applies__isempty=True).order_by("-pk")


def makers_of(plan: BenefitPlan) -> QuerySet[Person]:
    """Everybody who had a hand in a plan: none of them decides it."""
    subject_type, subject_id = name_of(plan)
    acts = Act.objects.filter(
        kind=Act.Kind.DONE, name__in=MAKING, subject_type=subject_type, subject_id=subject_id, by__isnull=False
    )
    return Person.objects.filter(pk__in=acts.values("by")).order_by("pk")


def next_version(scheme: Scheme, code: str) -> int:
    """The version of the next draft of a code."""
    last = BenefitPlan.objects.filter(scheme=scheme, code=code).aggregate(last=Max("version"))["last"]
    return (last or 0) + 1


def comparable(plan: BenefitPlan) -> QuerySet[BenefitPlan]:
    """What a plan can be laid beside: the scheme's others in the same place, and those of its code, newest first."""
    same = Q(scheme=plan.scheme_id, position=plan.position) | Q(code=plan.code)
    return (
        BenefitPlan.objects.without_documents()
        .filter(same)
        .exclude(pk=plan.pk)
        .select_related("scheme")
        .order_by("-pk")
    )


def in_order_with(plan: BenefitPlan) -> list[BenefitPlan]:
    """The adopted documents of the scheme that have days of a plan, in their order."""
    days = plan.in_force if plan.applies.isempty else plan.applies
    found = BenefitPlan.objects.adopted().without_documents().filter(scheme=plan.scheme_id, applies__overlap=days)
    return list(found.exclude(pk=plan.pk).order_by("position", "applies"))


def to_try() -> QuerySet[BenefitPlan]:
    """The plans that a case can be tried with: what is adopted, and what may still become so."""
    found = BenefitPlan.objects.alive().without_documents().select_related("scheme")
    return found.order_by("scheme", "position", "-in_force", "-pk")
