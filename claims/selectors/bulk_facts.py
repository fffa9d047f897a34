"""What the office knows about the rows of a document besides the people: diagnoses, plans, agreement, receipts, papers.

Asked in a few statements for all rows together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q

from claims.models import (
    Admission,
    Agreement,
    BenefitPlan,
    BulkDocument,
    BulkRow,
    ChronicCertificate,
    Disease,
    Invoice,
    ListedDisease,
    TimeLimit,
    UsedInvoice,
)
from claims.rules import searching
from claims.rules.bills import ADMISSIONS
from claims.rules.layers import Plan
from claims.rules.registers import Line
from claims.selectors import before, diseases
from claims.selectors import plans as plan_selectors

ONE_DAY: Final = timedelta(days=1)
Key = tuple[str, str, int]


@dataclass(frozen=True)
class Used:
    """Who has a receipt already: a living claim, by number; this document's own claims; what was paid before this
    system; another document that waits, by number."""

    claims: Mapping[Key, str]
    own: frozenset[Key]
    before: frozenset[Key]
    elsewhere: Mapping[Key, str]


@dataclass
class Plans:
    """The plans of a scheme, each read once, by the day that is asked about."""

    found: Sequence[BenefitPlan]
    read: dict[int, Plan] = field(default_factory=dict)
    of_day: dict[date, tuple[tuple[BenefitPlan, ...], tuple[Plan, ...]]] = field(default_factory=dict)

    def on(self, day: date) -> tuple[tuple[BenefitPlan, ...], tuple[Plan, ...]]:
        """The documents by which claims of a day are valued, in their order."""
        if day not in self.of_day:
            applying = tuple(one for one in self.found if day in one.applies)
            for one in applying:
                if one.pk not in self.read:
                    self.read[one.pk] = plan_selectors.read_of(one)
            self.of_day[day] = applying, tuple(self.read[one.pk] for one in applying)
        return self.of_day[day]


@dataclass(frozen=True)
class Facts:
    """All of it, as a row asks for it."""

    by_code: Mapping[str, Disease]
    by_name: Mapping[str, Disease]
    plans: Plans
    agreements: Sequence[Agreement]
    listed: Mapping[int, Sequence[ListedDisease]]
    limits: Sequence[TimeLimit]
    used: Used

    def disease(self, said: str) -> Disease | None:
        """The diagnosis that a row names by its code or its name."""
        return self.by_code.get(searching.code_of(said)) or self.by_name.get(said)

    def agreement(self, day: date) -> Agreement | None:
        """The provider's agreement with the scheme on a day."""
        return next((one for one in self.agreements if day in one.period), None)

    def group(self, disease: Disease, kind: str, day: date) -> str:
        """The group under which plans grade a diagnosis."""
        lists = {one.kind: one.group for one in self.listed.get(disease.pk, ()) if day in one.period}
        return diseases.group_of(lists, kind)

    def last_day(self, day: date) -> date | None:
        """Until when a claim of a discharge is handed in."""
        return before.last_day_by({one.kind: one.days for one in self.limits if day in one.period}, day)


def facts_about(document: BulkDocument, lines: Sequence[Line]) -> Facts:
    """What is known about some rows of a document; nine statements."""
    said = {line.disease for line in lines if line.disease}
    codes = {searching.code_of(one) for one in said}
    named = list(Disease.objects.filter(Q(code__in=codes) | Q(name__in=said), is_used=True))
    listed: dict[int, list[ListedDisease]] = defaultdict(list)
    for one in ListedDisease.objects.filter(scheme=document.scheme, disease__in=named):
        listed[one.disease_id].append(one)
    days = [day for line in lines for day in (line.began_on, line.ended_on) if day]
    span = DateRange(min(days, default=document.month), max(days, default=document.month) + ONE_DAY)
    adopted = BenefitPlan.objects.adopted().filter(scheme=document.scheme, applies__overlap=span).order_by("position")
    agreed = Agreement.objects.filter(provider=document.provider, scheme=document.scheme, period__overlap=span)
    limits = TimeLimit.objects.filter(
        scheme=document.scheme,
        state=TimeLimit.State.CONFIRMED,
        kind__in=(before.AFTER_YEAR, before.AFTER_STAY),
        period__overlap=span,
    )
    return Facts(
        by_code={one.code: one for one in named},
        by_name={one.name: one for one in named},
        plans=Plans(list(adopted)),
        agreements=list(agreed),
        listed=listed,
        limits=list(limits),
        used=used_receipts(document, [line.key for line in lines if line.key]),
    )


def used_receipts(document: BulkDocument, keys: Iterable[Key]) -> Used:
    """Who has some receipts already; three statements."""
    wanted = set(keys)
    numbers = {key[1] for key in wanted}
    own: set[Key] = set()
    claims: dict[Key, str] = {}
    live = Invoice.objects.filter(is_live=True, number__in=numbers)
    for kind, number, year, claim, of in live.values_list(
        "type_code", "number", "year", "claim__number", "claim__document"
    ):
        claims[kind, number, year] = claim
        if of is not None and of == document.pk:
            own.add((kind, number, year))
    brought = UsedInvoice.objects.filter(number__in=numbers).values_list("type_code", "number", "year")
    waiting = BulkRow.objects.waiting().filter(receipt_number__in=numbers).exclude(document=document.pk)
    rows = waiting.values_list("receipt_type", "receipt_number", "ended_on", "document__number")
    elsewhere = {(kind, number, day.year): other for kind, number, day, other in rows if day}
    return Used(
        claims={key: claims[key] for key in wanted & set(claims)},
        own=frozenset(wanted & own),
        before=frozenset(wanted & set(brought)),
        elsewhere={key: elsewhere[key] for key in wanted & set(elsewhere)},
    )


@dataclass(frozen=True)
class Papers:
    """What came before the rows of a document, of some people under all their records."""

    certificates: Mapping[tuple[int, int], Sequence[ChronicCertificate]]
    admissions: Mapping[int, Sequence[Admission]]

    def certificate(self, person: int, disease: int, day: date) -> ChronicCertificate | None:
        """The certificate of a disease that holds on a day."""
        return next((one for one in self.certificates.get((person, disease), ()) if day in one.period), None)

    def admission(self, person: int, day: date) -> Admission | None:
        """The entry of the hospital's own register that began on a day or beside it."""
        near = [one for one in self.admissions.get(person, ()) if abs(one.admitted_on - day) <= ONE_DAY]
        return min(near, key=lambda one: (abs(one.admitted_on - day), -one.pk), default=None)


def papers_of(document: BulkDocument, records: Mapping[int, int], kinds: Collection[str]) -> Papers:
    """Certificates and admissions of people, as the kinds of claims ask for them; `records` gives the kept record of
    each record. Two statements."""
    certificates: dict[tuple[int, int], list[ChronicCertificate]] = defaultdict(list)
    admissions: dict[int, list[Admission]] = defaultdict(list)
    if before.CERTIFIED & set(kinds):
        for one in ChronicCertificate.objects.filter(member__in=list(records)):
            certificates[records[one.member_id], one.disease_id].append(one)
    if ADMISSIONS & set(kinds) and document.provider.body_id:
        for entry in Admission.objects.standing().filter(member__in=list(records), provider=document.provider):
            admissions[records[entry.member_id]].append(entry)
    return Papers(certificates, admissions)
