"""Registers and hospitals' lists of the demo county: one in every stage. People, visits and amounts are made up.

A clinic's registers: one is being filled in, one is handed in, of one the sample is drawn, one waits to be settled, one
is settled. The county hospital's lists: one has faults, one waits to be decided, its stays on their way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from claims.models import BulkDocument, Claim, Provider
from claims.rules.registers import LIST, REGISTER
from claims.selectors import bulk
from claims.services import document_settling, documents, provider_accounts, sampling
from demo import checking
from demo.factors import show_factor
from enrollment.models import FundYear, Member
from office import deciding
from office.models import Person
from office.proof import Proof
from office.rules import days
from office.services import rounds

PAPER: Final = "海合管函〔2010〕5号（演示）"
HOSPITAL: Final = "640522001"
FIRST_RECEIPT: Final = 700_001
#: Diagnosis, drugs, consultation, in yuan.
VISITS: Final = (
    ("J06.9", "18.5", "3"), ("K29.5", "26", "3"), ("I10", "32.4", ""), ("J18.9", "41", "3"), ("M06.9", "22.8", ""),
    ("J06.9", "15.2", "3"), ("E11.9", "38", "3"), ("J44.9", "29.6", ""),
)  # fmt: skip
#: Diagnosis, nights, drugs, examinations, whether all papers are there.
STAYS: Final = (("J18.9", 7, "1460", "420", "是"), ("K29.5", 6, "980", "310", "是"), ("I10", 8, "1320", "280", "否"))


@dataclass
class _Desk:
    """Who works at registers and lists, for whom, and on which day."""

    year: FundYear
    people: Mapping[str, Person]
    proofs: Mapping[str, Proof]
    patients: Iterator[Member]
    at: datetime
    receipt: int = FIRST_RECEIPT

    def begun(self, kind: str, provider: Provider, month: date) -> BulkDocument:
        by = self.people["village" if kind == REGISTER else "hospital"]
        return documents.begin(
            kind=kind, scheme=self.year.scheme, provider=provider, month=month, by=by, at=self.at, note="演示"
        )

    def written(self, document: BulkDocument, given: list[dict[str, str]]) -> BulkDocument:
        by, seen = document.entered_by, document.content_version
        return documents.write_rows(document=document, given=given, seen=seen, by=by, at=self.at).document

    def handed_in(self, document: BulkDocument) -> BulkDocument:
        by, seen = document.entered_by, document.content_version
        return documents.hand_in(document=document, seen=seen, by=by, at=self.at).document

    def visits(self, month: date, number: int) -> list[dict[str, str]]:
        """Visits of the month's first days."""
        return [self._visit(month + timedelta(days=place // 3), *VISITS[place]) for place in range(number)]

    def _visit(self, day: date, disease: str, drug: str, package: str) -> dict[str, str]:
        return self._who() | {"began_on": day.isoformat(), "disease": disease, "drug": drug, "package": package}

    def stays(self, month: date) -> list[dict[str, str]]:
        """Stays that began and ended in the month."""
        return [self._stay(month + timedelta(days=10 + place), *stay) for place, stay in enumerate(STAYS)]

    def _stay(self, left: date, disease: str, nights: int, drug: str, exam: str, papers: str) -> dict[str, str]:
        came = left - timedelta(days=nights)
        said = {"kind": "住院", "disease": disease, "began_on": came.isoformat(), "ended_on": left.isoformat()}
        costs = {"drug": drug, "exam": exam, "bed": str(nights * 8), "receipt_type": "164000910"}
        return self._who() | said | costs | {"hospital_number": f"ZY{self.receipt}", "papers": papers}

    def _who(self) -> dict[str, str]:
        who = next(self.patients)
        self.receipt += 1
        return {"book": who.household.number, "name": who.name, "receipt": f"{self.receipt:08}"}


def leave(year: FundYear, people: dict[str, Person], at: datetime) -> None:
    """Leave all of it behind, where claims are valued by this year's plan."""
    if not Claim.objects.filter(scheme=year.scheme).exists():
        return
    proofs = {name: show_factor(people[name], at) for name in ("second", "head")}
    clinic = Provider.objects.get(body__code="640522-clinic")
    desk = _Desk(year, people, proofs, _patients(clinic, at), at)
    _account(clinic, desk)
    this, last, before, first = (_month(year, at, ago) for ago in range(4))
    done = _approved(desk, desk.begun(REGISTER, clinic, first), desk.visits(first, 8))
    document_settling.settle(document=done, by=people["accountant"], at=at)
    _approved(desk, desk.begun(REGISTER, clinic, before), desk.visits(before, 5))
    sampled = desk.handed_in(desk.written(desk.begun(REGISTER, clinic, before), desk.visits(before, 8)))
    sampling.draw(document=sampled, size=5, by=people["first"], at=at, seed=20100301)
    desk.handed_in(desk.written(desk.begun(REGISTER, clinic, last), desk.visits(last, 6)))
    drafted = desk.visits(this, 2)
    desk.written(desk.begun(REGISTER, clinic, this), [drafted[0], drafted[1] | {"name": "查无此人"}])
    _lists(desk, before, last)


def _patients(clinic: Provider, at: datetime) -> Iterator[Member]:
    """Heads of households of whom nothing was asked yet, those of the clinic's village first."""
    free = checking.insured_heads(days.business_day(at)).exclude(pk__in=Claim.objects.values("member"))
    found = free.select_related("household").order_by("pk")
    near = found.filter(household__village=clinic.division)
    yield from near
    yield from found.exclude(pk__in=near.values("pk")).iterator()


def _month(year: FundYear, at: datetime, ago: int) -> date:
    """The month that was so many months ago, none before the year began."""
    today = days.business_day(at)
    count = today.year * 12 + today.month - 1 - ago
    first: date = year.period.lower.replace(day=1)
    return max(date(count // 12, count % 12 + 1, 1), first)


def _account(clinic: Provider, desk: _Desk) -> None:
    """Where the clinic is paid to, by two people."""
    asked = provider_accounts.propose(
        provider=clinic,
        holder=clinic.name,
        bank="县农村信用社（演示）",
        number="6400000000000009",
        document=PAPER,
        by=desk.people["accounting"],
        at=desk.at,
    )
    opened = deciding.rounds_of(asked).latest("pk")
    head = desk.proofs["head"]
    rounds.vote(
        round=opened, choice="approve", hash_seen=opened.subject_hash, reason="核对无误（演示）",
        by=head.person, at=head.at, proof=head,
    )  # fmt: skip


def _approved(desk: _Desk, document: BulkDocument, given: list[dict[str, str]]) -> BulkDocument:
    """A register that was sampled and decided; its last row was struck out before."""
    people, at = desk.people, desk.at
    document = desk.written(document, given)
    last = bulk.rows_of(document).order_by("-position")[0]
    documents.strike(row=last, reason="重复登记（演示）", by=people["village"], at=at)
    document.refresh_from_db()
    document = desk.handed_in(document)
    drawn = sampling.draw(document=document, size=3, by=people["first"], at=at, seed=7)
    on = days.business_day(at)
    for one in drawn.rows.all():
        sampling.answer(
            sampled=one, outcome="genuine", words="电话核实（演示）", asked_on=on, by=people["first"], at=at
        )
    opened, proof = bulk.round_of(document), desk.proofs["second"]
    documents.decide(
        document=document, choice="approve", hash_seen=opened.subject_hash, by=proof.person, at=at, proof=proof
    )
    document.refresh_from_db()
    return document


def _lists(desk: _Desk, before: date, last: date) -> None:
    """The hospital's: one waits to be decided, its stays on their way; one came with faults."""
    hospital = Provider.objects.get(code=HOSPITAL)
    desk.handed_in(desk.written(desk.begun(LIST, hospital, before), desk.stays(before)))
    given = desk.stays(last)
    given[0] |= {"name": "查无此人"}
    given[1] |= {"disease": "不明"}
    desk.written(desk.begun(LIST, hospital, last), given)
