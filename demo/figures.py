"""The demo county's statistics: the sheet of a month, and the one that corrects it after a household turned out to live
elsewhere. People, stays and amounts are made up.

What is in them was decided forty days ago, so that its month is over whenever the county is made.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from claims.models import Claim, ClaimPart
from claims.rules import statistics as rules
from claims.services import settling, statistics
from demo import checking
from demo.checking import COUNTY, MOTHERS, PROVINCE, TCM, Desk, Way
from demo.taking_in import Stay
from enrollment.models import Division, FundYear
from enrollment.services import households
from office.models import Person
from office.proof import Proof
from office.rules import days

DECIDED: Final = 40  # days ago
LONGEST: Final = timedelta(days=75)  # of the year must have passed: stays before it need the year's plan
FIRST_INVOICE: Final = 600
BOTH: Final = (("first", DECIDED), ("second", DECIDED))


def _stay(provider: str, disease: str, nights: int, drugs: int, others: int) -> Stay:
    return Stay(provider, disease, nights, (("drug", "A", drugs), ("exam", "A", others), ("bed", "A", nights * 8)))


WAYS: Final = tuple(
    Way(stay, DECIDED + 1, BOTH)
    for stay in (
        _stay(COUNTY, "J18.9", 7, 1_850, 520),
        _stay(TCM, "I10", 6, 840, 310),
        _stay(MOTHERS, "J18.9", 5, 600, 244),
        _stay(COUNTY, "K80.2", 8, 3_900, 1_160),
        _stay(PROVINCE, "M06.9", 6, 1_700, 640),
    )
)


def leave(year: FundYear, people: dict[str, Person], shown: Mapping[tuple[str, int], Proof], at: datetime) -> None:
    """Leave all of it behind, where the year is old enough and claims were decided."""
    today = days.business_day(at)
    if today - year.period.lower < LONGEST or not Claim.objects.filter(scheme=year.scheme).exists():
        return
    claims = _decided(people, shown, at)
    first = (today - timedelta(days=DECIDED)).replace(day=1)
    earlier = at - timedelta(days=5)
    sheet = statistics.make(scheme=year.scheme, span=rules.MONTH, first=first, by=people["accountant"], at=earlier)
    _move(claims[0], people["registrar"], at)
    reason = "户籍乡镇登记有误，经核实予以更正（演示）"
    statistics.correct(sheet=sheet, reason=reason, by=people["accountant"], at=at)


def _decided(people: dict[str, Person], shown: Mapping[tuple[str, int], Proof], at: datetime) -> list[Claim]:
    """Claims of people of whom nothing was asked before, approved and paid on one day."""
    last = Claim.objects.latest("pk").pk
    taken = checking.insured_heads(days.business_day(at)).exclude(pk__in=Claim.objects.values("member"))
    patients = iter(taken.order_by("pk")[: len(WAYS)])
    desk = Desk(people, shown, at)
    for place, way in enumerate(WAYS):
        desk.go(way, patients, FIRST_INVOICE + place)
    claims = list(Claim.objects.filter(pk__gt=last).order_by("pk"))
    then = at - timedelta(days=DECIDED)
    for one in claims:
        parts = ClaimPart.objects.filter(approval__claim=one, state=ClaimPart.State.PAYABLE)
        settling.mark_paying(parts=list(parts), by=people["cashier"], at=then)
        paying = ClaimPart.objects.filter(approval__claim=one, state=ClaimPart.State.PAYING)
        settling.mark_paid(parts=list(paying), by=people["cashier"], at=then)
    return claims


def _move(claim: Claim, by: Person, at: datetime) -> None:
    """The patient's household turns out to live in another township; the register of the county began today."""
    home = claim.member.household
    elsewhere = Division.objects.filter(level=Division.Level.VILLAGE).exclude(parent=home.village.parent_id)
    households.move_household(
        household=home,
        seen_version=home.version,
        village=elsewhere.order_by("code")[0],
        address=home.address,
        on=days.business_day(at),
        by=by,
        at=at,
    )
