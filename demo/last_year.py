"""The year before in the demo county: a few villages tried the scheme, some of their people lay in hospital. People,
stays and amounts are made up.

What was decided then is dated so, with codes that were shown on that day (demo/checking.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Count

from claims.models import BenefitPlan, Claim, ClaimPart
from claims.services import settling
from demo import benefits, checking, in_advance, register
from demo.checking import COUNTY, TCM, Desk, Way
from demo.collecting import STATIONED
from demo.factors import show_factor
from demo.in_advance import Lists
from demo.taking_in import Stay
from enrollment.models import CollectionSheet, Division, FundYear, Household
from enrollment.rules.collection import Payer
from enrollment.selectors import sheets as selectors
from enrollment.services import fund_years, sheets
from enrollment.services.sheets import Paid
from office.models import Person
from office.proof import Proof
from office.rules import days
from office.services import rounds

VILLAGES: Final = 5
MOST: Final = 14  # households of a village
IN_LISTS: Final = 3  # stays that the hospital paid in advance
FIRST_INVOICE: Final = 900
PAPER: Final = "海政发〔{year}〕3号（演示，试点，全部为假设）"


def _stay(provider: str, disease: str, nights: int, drugs: int, others: int) -> Stay:
    return Stay(provider, disease, nights, (("drug", "A", drugs), ("exam", "A", others), ("bed", "A", nights * 8)))


STAYS: Final = (
    _stay(COUNTY, "K80.2", 8, 4_700, 1_160),
    _stay(TCM, "I63.9", 9, 4_300, 1_020),
    _stay(COUNTY, "J44.9", 8, 3_400, 860),
)


def begin(people: dict[str, Person], at: datetime) -> FundYear:
    """The villages of the trial are enrolled by its papers."""
    year = _year(people, at)
    _plan(year, people, at)
    _enroll(year, people, checking.last_december(at))
    return year


def try_out(year: FundYear, people: dict[str, Person], shown: Mapping[tuple[str, int], Proof], at: datetime) -> None:
    """What people of the trial asked for in December was decided, of the households it was paid."""
    then = checking.last_december(at)
    proofs = {name: shown[name, checking.since_december(at)] for name in ("first", "second")}
    some = in_advance.patients(year, days.business_day(then) - timedelta(days=20))
    desk = Desk(people, shown, at)
    since = checking.since_december(at)
    for place, stay in enumerate(STAYS):
        way = Way(stay, since, (("first", since), ("second", since)))
        desk.go(way, some, FIRST_INVOICE + place)
    _paid(list(Claim.objects.order_by("-pk")[: len(STAYS)]), people["cashier"], then)
    Lists(people, proofs, some, then).settled(year, date(year.year, 11, 1), IN_LISTS)


def _year(people: dict[str, Person], at: datetime) -> FundYear:
    """The year of the trial, for the villages that took part."""
    number = days.business_day(at).year - 1
    known = FundYear.objects.confirmed().filter(scheme__code="ncms", year=number).first()
    if known is not None:
        return known
    paper = replace(
        register.OPEN_YEARS[-1],
        year=number,
        paper_number=PAPER.format(year=number - 1),
        paper_date=date(number - 1, 8, 20),
    )
    heads = {one: _living(one) for one in _villages()}
    drafted = register.draft(paper, by=people["accountant"], at=at, heads=heads)
    opened = fund_years.propose(fund_year=drafted, by=people["accountant"], at=at)
    proof = show_factor(people["accounting"], at)
    rounds.vote(round=opened, choice="approve", hash_seen=opened.subject_hash, by=proof.person, at=at, proof=proof)
    drafted.refresh_from_db()
    return drafted


def _villages() -> Sequence[Division]:
    """Those with the most households, away from the station that keeps receipts."""
    lived_in = Household.objects.exclude(village__parent__name=STATIONED).order_by()
    many = lived_in.values_list("village").annotate(homes=Count("pk")).order_by("-homes", "village")[:VILLAGES]
    return list(Division.objects.select_related("parent").filter(pk__in=[village for village, _homes in many]))


def _living(village: Division) -> int:
    homes = Household.objects.filter(village=village, ended_on=None).order_by("number")[:MOST]
    return sum(one.members.living().count() for one in homes)


def _plan(year: FundYear, people: dict[str, Person], at: datetime) -> None:
    """What the trial paid, as the report's last plan says."""
    if BenefitPlan.objects.applying_on(date(year.year, 12, 1)).filter(scheme=year.scheme).exists():
        return
    text = benefits.of_year(benefits.LAST, year.year)
    benefits.adopt([benefits.complete(benefits.LAST, "ncms", 1, people["accountant"], at, text)], people, at)


def _enroll(year: FundYear, people: dict[str, Person], then: datetime) -> list[CollectionSheet]:
    """Every village has a sheet; its money was handed in at the end of the year."""
    by, paid_on, on = people["registrar"], date(year.year, 1, 10), days.business_day(then) - timedelta(days=6)
    made = []
    for village in _villages():
        sheet = sheets.open_sheet(
            fund_year=year, village=village, collector="村会计（演示）", on=paid_on, by=by, at=then
        )
        for home in Household.objects.filter(village=village, ended_on=None).order_by("number")[:MOST]:
            paid = [Paid(one.pk, Payer.OWN) for one in home.members.living().order_by("pk")]
            sheets.enter(sheet=sheet, household=home, paid=paid, on=paid_on, by=by, at=then)
        made.append(sheets.hand_in(sheet=sheet, cash=selectors.sums_of(sheet).cash, on=on, by=by, at=then))
    return made


def _paid(claims: Sequence[Claim], by: Person, at: datetime) -> None:
    """Paid on the day of their approval; the books follow with the money (demo/funds_last_year.py)."""
    parts = ClaimPart.objects.filter(approval__claim__in=claims)
    settling.mark_paying(parts=list(parts), by=by, at=at)
    settling.mark_paid(parts=list(parts.all()), by=by, at=at)
