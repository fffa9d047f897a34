"""Autumn 2009 collects for 2010: the same people, some of those who did not pay for 2009 among them; sheets and slips.

The report of 2010 says 333,500 people who paid themselves (assumed, docs/haiyuan-2009.md); nobody's own payment ends.
"""

from __future__ import annotations

import csv
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Final

from demo import register as papers
from demo.haiyuan import register
from demo.haiyuan.desk import Day
from demo.haiyuan.figures import YEAR
from demo.roster.lines import AT, Line
from demo.roster.made import Roster
from enrollment.models import CollectionSheet, Division, FundYear, RosterImport
from enrollment.rules.roster_columns import Column
from enrollment.selectors import sheets as sheet_selectors
from enrollment.services import fund_years, rosters, sheets
from office import history

PAYING: Final = 333_500
FEE: Final = 20


def name_of(scale: float, seed: int) -> str:
    """The name of the roster."""
    return register.name_of(scale, seed).replace(str(YEAR), str(YEAR + 1))


def collected(scale: float, seed: int, day: Day) -> tuple[FundYear, list[CollectionSheet]]:
    """The villages' sheets of the next year on which there is money, counted; made once."""
    year = opened(replace(papers.OPEN_YEARS[-1], paper_date=date(YEAR, 8, 18)), day)
    by, name = day.people["registrar"], name_of(scale, seed)
    with history.acting(by=by):
        if not RosterImport.objects.filter(fund_year=year, name=name).exists():
            _import(year, Roster(seed, scale=scale, faulty=0), name, scale, day)
        of_year = CollectionSheet.objects.filter(fund_year=year).order_by("pk")
        for sheet in of_year.filter(state="open"):
            cash = sheet_selectors.sums_of(sheet).cash
            sheets.hand_in(sheet=sheet, cash=cash, on=day.on, by=by, at=day.at)
    return year, list(of_year.filter(cash__gt=0))


def opened(paper: papers.Year, day: Day) -> FundYear:
    """A fund year by the county's paper, with the villages' people of 2009; entered by one, confirmed by another."""
    known = FundYear.objects.filter(scheme__code="ncms", year=paper.year).first()
    if known is not None:
        return known
    by = day.people["accountant"]
    of = register.fund_year().populations.filter(division__level=Division.Level.VILLAGE)
    heads = {one.division: one.heads for one in of.select_related("division__parent")}
    with history.acting(by=by):
        drafted = papers.draft(paper, by=by, at=day.at, heads=heads)
        fund_years.propose(fund_year=drafted, by=by, at=day.at)
    day.agree(drafted, "head")
    drafted.refresh_from_db()
    return drafted


def amount_of(scale: float) -> Decimal:
    """What autumn collects, in yuan."""
    return Decimal(round(PAYING * scale) * FEE)


def _import(year: FundYear, roster: Roster, name: str, scale: float, day: Day) -> None:
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "roster.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows(roster, round(PAYING * scale)))
        report = rosters.import_roster(fund_year=year, path=path, name=name, by=day.people["registrar"], at=day.at)
    if len(report.faults):
        raise AssertionError(f"the roster has faults: {list(report.faults)[:3]}")


def rows(roster: Roster, paying: int) -> Iterator[Line]:
    """The roster of the year before with the receipts that follow; so many more pay as there are to be."""
    used: Counter[str] = Counter()
    more = paying
    for home in _homes(roster):
        if home[0][AT[Column.RECEIPT]]:
            used[home[0][AT[Column.VILLAGE_CODE]][:9]] += 1
            more -= len(home)
    lines = roster.rows()
    yield next(lines)
    for home in _homes(roster):
        first = home[0]
        joins = not first[AT[Column.FEE]] and len(home) <= more
        if joins:
            more -= len(home)
        if joins or first[AT[Column.RECEIPT]]:
            township = first[AT[Column.VILLAGE_CODE]][:9]
            used[township] += 1
            receipt = str(roster.stock[township].numbers[used[township]])
            for line in home:
                line[AT[Column.RECEIPT]] = receipt
                line[AT[Column.FEE]] = str(FEE) if joins else line[AT[Column.FEE]]
        yield from home
    if more:
        raise ValueError("The scale is too small for a sum that comes out even.")


def _homes(roster: Roster) -> Iterator[list[Line]]:
    """The roster's households."""
    lines = roster.rows()
    next(lines)
    for _number, home in groupby(lines, key=lambda line: line[AT[Column.HOUSEHOLD]]):
        yield list(home)
