"""Who sits at the fifty desks, in the demo county, and what lies before each: households that have not paid yet,
patients whose bills came, claims that wait to be checked.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from itertools import cycle, islice
from typing import Final

from django.db.backends.postgresql.psycopg_any import DateRange

from claims.models import Catalogue, CatalogueEntry, Claim, Disease, Provider
from claims.rules.papers import shipped
from claims.selectors.intake_content import Bill, Content, Line
from claims.services import intake
from demo import example
from demo.factors import show_factor
from demo.register import STATIONS
from enrollment.models import Coverage, Division, Household, Member
from enrollment.selectors import collecting
from enrollment.services import receipts
from office.models import Appointment, Body, Duty, Person
from office.proof import Proof
from office.rules import days, duties, totp
from office.services import factors

#: How many of fifty have which duty.
DUTIES: Final = {
    Duty.TOWNSHIP_CLERK: 13,
    Duty.INTAKE_CLERK: 11,
    Duty.FIRST_CHECKER: 9,
    Duty.SECOND_CHECKER: 5,
    Duty.FUND_ACCOUNTANT: 5,
    Duty.INTERNAL_AUDITOR: 3,
    Duty.STATE_AUDITOR: 2,
    Duty.OFFICE_HEAD: 2,
}
CENTRE: Final = "640522"
HOSPITAL: Final = "640522001"
ILLNESS: Final = "J18.9"
DRUGS: Final = ("YS0001", "YS0002", "YS0003", "YS0005", "YS0009", "YS0010")  # a claim has six lines
PRICES: Final = (Decimal("6.50"), Decimal("8.20"), Decimal("0.85"), Decimal("9.80"), Decimal("5.30"), Decimal("2.90"))
QUANTITIES: Final = (60, 40, 100, 20, 30, 50)
INSURED_FOR: Final = timedelta(days=40)
WAIT_ALREADY: Final = 4  # claims for each first checker
RECEIPTS: Final = 3000


@dataclass
class Desk:
    """Somebody's desk: who sits there, with which password and secret, and what lies there."""

    person: Person
    duty: str
    password: str
    secret: bytes
    homes: list[tuple[int, str]] = field(default_factory=list)  # households that have not paid, with their heads
    families: list[int] = field(default_factory=list)  # households into which somebody comes
    patients: list[tuple[int, str]] = field(default_factory=list)

    def code(self, at: datetime) -> str:
        """What his authenticator shows."""
        return totp.code_at(self.secret, totp.step_of(at))

    @property
    def needs_code(self) -> bool:
        return factors.live(self.person) is not None


def total() -> Decimal:
    """What a claim of six lines comes to."""
    return sum((price * many for price, many in zip(PRICES, QUANTITIES, strict=True)), Decimal(0))


def seat(clerks: int, at: datetime) -> list[Desk]:
    """So many desks, every duty among them, where the demo county is loaded."""
    maker, voter = (show_factor(Person.objects.get(username=name), at) for name in ("security", "security2"))
    desks = [_desk(number, duty, maker, voter, at) for number, duty in enumerate(_shifts(clerks), start=1)]
    _lay_out_homes([one for one in desks if one.duty == Duty.TOWNSHIP_CLERK], at)
    patients = _patients(at)
    takers = [one for one in desks if one.duty == Duty.INTAKE_CLERK]
    checkers = [one for one in desks if one.duty == Duty.FIRST_CHECKER]
    waiting, rest = patients[: WAIT_ALREADY * len(checkers)], patients[WAIT_ALREADY * len(checkers) :]
    _hand_on(waiting, at)
    for place, desk in enumerate(takers):
        desk.patients = rest[place :: len(takers)]
    return desks


def _shifts(clerks: int) -> list[str]:
    """The duties of so many people, in the proportion of fifty; each duty is there among the first."""
    spread = sorted((place / many, duty) for duty, many in DUTIES.items() for place in range(many))
    return [duty for _part, duty in islice(cycle(spread), clerks)]


def _desk(number: int, duty: str, maker: Proof, voter: Proof, at: datetime) -> Desk:
    username = f"desk{number:02}"
    password = sha256(f"desk {number}".encode()).hexdigest()[:20]
    person = Person.objects.create_person(username=username, full_name=f"柜员{number:02}（演示）", password=password)
    station = list(STATIONS.values())[number % len(STATIONS)]
    body = Body.objects.get(code=station if duty == Duty.TOWNSHIP_CLERK else CENTRE)
    if duties.is_given_by_two(duty):
        example.give(person, duty, body, maker=maker, voter=voter)
    else:
        Appointment.objects.create(person=person, duty=duty, body=body, period=DateRange(example.FIRST_DAY, None))
    desk = Desk(Person.objects.get(pk=person.pk), duty, password, sha256(f"factor {number}".encode()).digest()[:20])
    earlier = at - timedelta(hours=1)
    factors.set_up(person=desk.person, secret=desk.secret, code=desk.code(earlier), at=earlier)
    return desk


def _lay_out_homes(desks: Sequence[Desk], at: datetime) -> None:
    """Each township's households that have not paid yet are dealt out to its clerks, as are those that have."""
    year = collecting.year_collected(days.business_day(at))
    if year is None:
        raise AssertionError("the demo county collects for next year")
    cashier = Person.objects.get(username="cashier")
    for place, (name, station) in enumerate(STATIONS.items()):
        here = [one for one in desks if one.person.appointments.filter(body__code=station).exists()]
        if not here:
            continue
        township = Division.objects.get(level=Division.Level.TOWNSHIP, name=name)
        first = 1 + place * RECEIPTS
        book = receipts.issue(
            township=township,
            first=f"宁B{first:07}",
            last=f"宁B{first + RECEIPTS - 1:07}",
            on=days.business_day(at),
            by=cashier,
            at=at,
        )
        receipts.receive(book=book, by=here[0].person, at=at)
        homes = [
            (home.pk, head)
            for village in Division.objects.filter(parent=township).order_by("code")
            for home in collecting.unpaid_households(year, village)
            if (head := _head_of(home))
        ]
        for number, desk in enumerate(here):
            dealt = homes[number :: len(here)]
            desk.homes, desk.families = dealt, [pk for pk, _head in reversed(dealt)]


def _head_of(home: Household) -> str:
    return home.members.living().filter(is_head=True).values_list("name", flat=True).first() or ""


def _patients(at: datetime) -> list[tuple[int, str]]:
    """Heads of households who are insured for long enough and have no claim yet."""
    today = days.business_day(at)
    insured = Coverage.objects.standing().filter(
        member__is_head=True,
        fund_year__scheme__code="ncms",
        period__contains=today - INSURED_FOR,
    )
    known = Claim.objects.values("member")
    some = Member.objects.living().filter(pk__in=insured.values("member")).exclude(pk__in=known).order_by("pk")
    return [(one.pk, one.name) for one in some.exclude(id_number="")]


def _hand_on(patients: Sequence[tuple[int, str]], at: datetime) -> None:
    """Claims that were taken in a while ago and wait to be checked."""
    by = Person.objects.get(username="intake")
    earlier = at - timedelta(minutes=5)
    left = days.business_day(at) - timedelta(days=6)
    entries = {one.code: one for one in _drugs(at)}
    papers = frozenset(paper.code for one in shipped() for paper in one.papers)
    for place, (who, _name) in enumerate(patients):
        lines = [
            Line(one.name, one.item_class, one.group, price * many, one.pk, Decimal(many), price)
            for code, price, many in zip(DRUGS, PRICES, QUANTITIES, strict=True)
            for one in [entries[code]]
        ]
        content = Content(
            member=Member.objects.get(pk=who),
            provider=Provider.objects.get(code=HOSPITAL),
            disease=Disease.objects.get(code=ILLNESS),
            kind="inpatient",
            admitted_on=left - timedelta(days=7),
            discharged_on=left,
            lines=lines,
            invoices=[Bill("164000911", f"{50000 + place:08}", total(), left)],
            papers=papers,
        )
        claim = intake.enter_claim(content=content, by=by, at=earlier)
        intake.hand_on(claim=claim, seen=claim.content_version, by=by, at=earlier)


def _drugs(at: datetime) -> Iterator[CatalogueEntry]:
    edition = Catalogue.objects.on(days.business_day(at)).filter(scheme__code="ncms")
    yield from CatalogueEntry.objects.filter(catalogue__in=edition, code__in=DRUGS)
