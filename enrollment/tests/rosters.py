"""Rosters of tests: the county's villages, a year that takes them, rows of people, and sending them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from conftest import NOON
from enrollment.models import (
    Category,
    Contribution,
    ContributionRate,
    Coverage,
    Division,
    FundYear,
    Household,
    Member,
    SubsidyRate,
)
from enrollment.rules import divisions
from enrollment.rules.roster_columns import Column
from enrollment.services import rosters
from enrollment.tests import factories
from office.models import Person

HELPED = [Category.FIVE_GUARANTEES, Category.LOW_INCOME, Category.VETERAN]
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


def fund_year(year: int = 2010, *, fee: int = 20, subsidies: Iterable[tuple[str, int, int]] = ()) -> FundYear:
    """A confirmed year in which assistance pays for those whom the made-up roster has it pay for.

    `subsidies` are what levels of government add: level, instalment, yuan a head.
    """
    drafted = factories.draft_year(year=year, fee=fee)
    helped = ContributionRate.objects.filter(fund_year=drafted, category__in=HELPED)
    helped.update(own=Decimal(0), assisted=Decimal(fee))
    ContributionRate.objects.filter(fund_year=drafted, category=Category.NEWBORN).update(own=Decimal(fee))
    for level, instalment, per_head in subsidies:
        SubsidyRate.objects.create(
            fund_year=drafted, level=level, instalment=instalment, per_head=per_head, due_on=date(year, 3, 31)
        )
    drafted.state = FundYear.State.PROPOSED
    drafted.save(update_fields=["state"])
    factories.decide("enrollment.fundyear", drafted.pk, voter=factories.head())
    drafted.state = FundYear.State.CONFIRMED
    drafted.save(update_fields=["state"])
    return drafted


def other_year(code: str, year: int) -> FundYear:
    """A fund year of another basic scheme."""
    of = factories.scheme(code, insures="person")
    return FundYear.objects.filter(scheme=of, year=year).first() or factories.fund_year(of, year)


def receipt_books(stock: Mapping[str, Any]) -> None:
    """The blocks of eight-digit receipts of a made-up roster, in use in its townships (9 digits)."""
    for township, block in stock.items():
        of = Division.objects.get(code=f"{township}000")
        factories.receipt_book(of, block.numbers.start, block.numbers.stop - 1, digits=8)


HEADER = [column.value for column in Column]
TRACKED: Any = (Household, Member, Contribution, Coverage)
BORN = date(1970, 3, 1)


def number(order: int, born: date = BORN) -> str:
    seventeen = f"640522{born:%Y%m%d}{order:03d}"
    return seventeen + factories.id_numbers.check_digit(seventeen)


def line(order: int, home: str = "h1", *, head: bool = False, **cells: object) -> list[object]:
    """A row of somebody who is known by a number of his own."""
    given = {
        "household": home,
        "head": "是" if head else "否",
        "name": f"马{'一二三四五六七八九'[order % 9]}",
        "id_number": number(order),
        "village_code": factories.VILLAGE,
        "fee": "20",
        **cells,
    }
    return [given.get(column.value, "") for column in Column]


def counted() -> list[int]:
    """How many records there are, and how many states of them."""
    return [model.objects.count() for model in TRACKED] + [model.pgh_event_model.objects.count() for model in TRACKED]


class Send:
    """Imports lines as one person: `send([line(...), ...])`; `send.check` only checks."""

    def __init__(self, place: Path, fund_year: FundYear, by: Person) -> None:
        self.place, self.fund_year, self.by = place, fund_year, by

    def file(self, lines: Any) -> Path:
        path = self.place / "roster.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([HEADER, *lines])
        return path

    def check(self, lines: Any) -> rosters.Report:
        path = self.file(lines)
        return rosters.check_roster(fund_year=self.fund_year, path=path, name=path.name, by=None, at=NOON)

    def __call__(self, lines: Any, *, by: Person | None = None, fund_year: FundYear | None = None, **more: Any) -> Any:
        path = self.file(lines)
        return rosters.import_roster(
            fund_year=fund_year or self.fund_year, path=path, name=path.name, by=by or self.by, at=NOON, **more
        )
