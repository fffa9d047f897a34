"""A county in the middle of collecting for 2011, as the tests of the campaign meet it on 2010-03-01."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from enrollment.models import CollectionSheet, Division, FundYear, Population, SheetEntry, Target
from enrollment.rules.collection import Payer
from enrollment.services import sheets
from enrollment.services.sheets import Paid
from enrollment.tests import factories
from enrollment.tests.keeping import by, station
from office.models import Body

WINDOW = (date(2010, 2, 1), date(2010, 12, 1))
BEFORE = date(2010, 2, 20)
YESTERDAY = date(2010, 2, 28)
TODAY = date(2010, 3, 1)
NEAR, FAR, OTHER = "640522100201", "640522100202", "640522101201"


def places() -> dict[str, Division]:
    """Two townships: the one with a station and two villages, and another one with one village."""
    station()
    Division.objects.filter(code=factories.TOWNSHIP).update(name="海城镇")
    factories.division("640522101000", "李旺镇")
    return {
        "near": factories.division(NEAR, "山门村"),
        "far": factories.division(FAR, "水洼村"),
        "other": factories.division(OTHER, "李旺村"),
        "haicheng": Division.objects.get(code=factories.TOWNSHIP),
        "liwang": factories.division("640522101000"),
        "county": Division.objects.get(code=factories.COUNTY),
    }


def second_station() -> Body:
    """The station of the other township."""
    body = Body.objects.create(code="640522-2", name="李旺镇合作医疗站", kind=Body.Kind.TOWNSHIP_STATION)
    Division.objects.filter(code="640522101000").update(station=body)
    return body


def year(at: dict[str, Division]) -> FundYear:
    """Ten should enroll in one village, ten in the next, five in the other township; the county wants 20."""
    drafted = factories.draft_year(year=2011, window=WINDOW)
    for place, heads in (("near", 10), ("far", 10), ("other", 5)):
        Population.objects.create(fund_year=drafted, division=at[place], heads=heads)
    Target.objects.create(fund_year=drafted, division=at["haicheng"], heads=16)
    Target.objects.create(fund_year=drafted, division=at["county"], heads=20)
    drafted.state = FundYear.State.PROPOSED
    drafted.save(update_fields=["state"])
    factories.decide("enrollment.fundyear", drafted.pk, voter=factories.head())
    drafted.state = FundYear.State.CONFIRMED
    drafted.save(update_fields=["state"])
    return drafted


def sheet_of(fund_year: FundYear, village: Division, clerk: Any) -> CollectionSheet:
    return sheets.open_sheet(fund_year=fund_year, village=village, collector="马", on=BEFORE, **by(clerk))


def pay(
    sheet: CollectionSheet, people: int, on: date, clerk: Any, *, book: Any = None, payer: Payer = Payer.OWN
) -> SheetEntry:
    """A new household of the sheet's village pays for all its people."""
    number = f"{sheet.village.code}{SheetEntry.objects.count():04d}"
    home = factories.household(number, sheet.village)
    paid = [Paid(factories.member(home, f"马{number}").pk, payer) for _each in range(people)]
    return sheets.enter(sheet=sheet, household=home, paid=paid, on=on, book=book, **by(clerk))


def hand_in(sheet: CollectionSheet, cash: int, clerk: Any) -> CollectionSheet:
    return sheets.hand_in(sheet=sheet, cash=Decimal(cash), on=TODAY, **by(clerk))
