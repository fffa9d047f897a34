"""A fund year, villages and people by which the made-up roster (demo/roster) is judged."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

from demo.roster import plan
from demo.roster.made import Roster
from enrollment.models import Category, ContributionRate, Division, FundYear
from enrollment.rules import divisions, id_numbers
from enrollment.tests import factories

DATA = Path(divisions.__file__).parents[1] / "data"


def villages(county: str = "640522") -> None:
    """The county's real divisions."""
    with (DATA / f"divisions-{county}.csv").open(encoding="utf-8", newline="") as file:
        found = divisions.read(csv.reader(file)).sound
    known: dict[str | None, Division] = {}
    for level in divisions.DivisionLevel:
        of_level = [
            Division(code=one.code, name=one.name, level=one.level, parent=known.get(one.parent))
            for one in found
            if one.level is level
        ]
        known |= {made.code: made for made in Division.objects.bulk_create(of_level)}


def fund_year(year: int = 2010, *, fee: int = 20) -> FundYear:
    """A confirmed year in which assistance pays for those whom the made-up roster has it pay for."""
    drafted = factories.draft_year(year=year, fee=fee)
    helped = ContributionRate.objects.filter(fund_year=drafted, category__in=[kind.value for kind in plan.HELPED])
    helped.update(own=Decimal(0), assisted=Decimal(fee))
    ContributionRate.objects.filter(fund_year=drafted, category=Category.NEWBORN).update(own=Decimal(fee))
    drafted.state = FundYear.State.PROPOSED
    drafted.save(update_fields=["state"])
    factories.decide("enrollment.fundyear", drafted.pk, voter=factories.head())
    drafted.state = FundYear.State.CONFIRMED
    drafted.save(update_fields=["state"])
    return drafted


def make_known(roster: Roster, year: FundYear) -> None:
    """The dead, and those in another basic scheme, whom the roster's seeded faults are about."""
    list(roster.rows())
    home = factories.household("known", Division.objects.filter(level="village").first())
    others = {code: other_year(code, year.year) for code in set(roster.elsewhere.values())}
    for number in {*roster.dead, *roster.elsewhere}:
        told = id_numbers.read(number)
        who = factories.member(
            home, "李某", told.birth_date, id_number=number, sex=told.sex, is_head=False, relation="other"
        )
        if number in roster.dead:
            who.state, who.state_on = "dead", roster.dead[number]
            who.save()
        if scheme := roster.elsewhere.get(number):
            factories.pay(who, others[scheme])


def other_year(code: str, year: int) -> FundYear:
    """A fund year of another basic scheme."""
    of = factories.scheme(code, insures="person")
    return FundYear.objects.filter(scheme=of, year=year).first() or factories.fund_year(of, year)
