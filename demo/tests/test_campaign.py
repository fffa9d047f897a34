"""A campaign of the county at a hundredth: every receipt accounted for, every yuan on one, the rate as stated."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.db.models import Count, F, Q, Sum

from conftest import NOON
from demo import campaign
from demo.campaign import Staff
from demo.roster.made import Roster
from enrollment.models import CollectionSheet, Coverage, FundYear, Member, Receipt, ReceiptBook
from enrollment.rules import participation
from enrollment.selectors import receipts as selectors
from enrollment.services import rosters as imports
from enrollment.tests import factories, rosters
from office.models import Body, Duty, Person
from office.tests.factories import give

pytestmark = pytest.mark.django_db

SCALE = 0.01
PEOPLE, PAID, ASSISTED = 3_868, 3_703, 413  # a hundredth of 386,772, 370,296 and 41,296


def test_a_campaign_at_a_hundredth(tmp_path):
    office = office_of(SCALE, tmp_path)
    fund_year = office.fund_year
    collect(office)
    assert Member.objects.count() == PEOPLE
    enrolled = Coverage.objects.standing().filter(fund_year=fund_year)
    assert enrolled.count() == PAID
    assert enrolled.filter(reason="assisted").count() == ASSISTED
    assert round(participation.rate(PAID, PEOPLE), 1) == Decimal("95.7")
    every_receipt_is_accounted_for()
    collected = Receipt.objects.used().aggregate(whole=Sum("amount"))["whole"]
    assert collected == (PAID - ASSISTED) * 20
    sheets = CollectionSheet.objects.aggregate(cash=Sum("cash"), assisted=Sum("assisted"), people=Sum("people"))
    assert sheets == {"cash": collected, "assisted": Decimal(ASSISTED * 20), "people": PAID}
    assert set(CollectionSheet.objects.values_list("state", flat=True)) == {"confirmed"}


def every_receipt_is_accounted_for():
    """Used, void or left: together what was issued; none missing."""
    assert unaccounted_for() == 0
    assert sum(book.void for book in books()) > 0
    assert not Receipt.objects.used().exclude(entry__contributions__void_reason="").exists()


def books() -> Any:
    """The receipt books with what became of their numbers."""
    return ReceiptBook.objects.annotate(
        used=Count("receipts", filter=Q(receipts__state="used")),
        void=Count("receipts", filter=Q(receipts__state="void")),
        issued=F("last") - F("first") + 1,
    )


def unaccounted_for() -> int:
    """How many receipt numbers are missing, or are more than were issued."""
    return sum(
        abs(book.used + book.void + left_of(book) - book.issued) + sum(run.count for run in selectors.missing_of(book))
        for book in books()
    )


def left_of(book: Any) -> int:
    following = selectors.next_of(book)
    return 0 if following is None else book.last - following + 1


@dataclass
class Office:
    fund_year: FundYear
    homes: list[campaign.Home]
    staff: Staff


def office_of(scale: float, place: Path) -> Office:
    """The county's register without a payment, and a year to collect for."""
    rosters.villages()
    year = rosters.fund_year(2009)
    body = factories.head().appointments.get().body
    clerk, cashier = (_person(name, duty, body) for name, duty in (("c", Duty.TOWNSHIP_CLERK), ("p", Duty.CASHIER)))
    roster = Roster(1, scale=scale, year=2009, faulty=0)
    path = place / "register.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(campaign.register_rows(roster))
    imports.import_roster(fund_year=year, path=path, name=path.name, by=clerk, at=NOON)
    return Office(year, campaign.homes_of(roster), Staff(clerk, cashier))


def collect(office: Office) -> int:
    """The whole campaign; how many entries it made."""
    chance = Random(1)
    return campaign.run(fund_year=office.fund_year, homes=office.homes, staff=office.staff, chance=chance)


def _person(name: str, duty: str, body: Body) -> Person:
    person = Person.objects.create_person(username=name, full_name=name, password="x" * 12)
    give(person, duty, body, start=date(2008, 1, 1))
    return person
