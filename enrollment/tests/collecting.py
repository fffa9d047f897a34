"""A township in autumn for the tests of collecting: its clerk and cashier, its year, its receipts, its families."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.test import Client
from django.utils import timezone

from conftest import NOON, sign_in
from enrollment.models import CollectionSheet, Coverage, FundYear, Household, Member, ReceiptBook, SheetEntry
from enrollment.rules import person_names
from enrollment.rules.collection import Payer
from enrollment.services import sheets
from enrollment.services.sheets import Paid
from enrollment.tests import factories
from office.models import Body, Duty, Person
from office.rules import days
from office.tests.factories import give

HTMX = {"HTTP_HX_REQUEST": "true"}


def today() -> date:
    """The day on which the tests run."""
    return days.business_day(timezone.now())


def text(answer: Any) -> str:
    """A page as it was sent."""
    return str(answer.content.decode())


def in_english(person: Person) -> Client:
    """A browser of this person that shows the words that stand in the code."""
    client = sign_in(Client(), person)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def next_year() -> FundYear:
    """The year that is collected now: it begins with the next one."""
    window = (today() - timedelta(days=90), today() + timedelta(days=90))
    return factories.fund_year(factories.scheme(name="新农合"), today().year + 1, window=window)


def family(number: int, head: str = "马大山") -> tuple[Household, list[Member]]:
    """A household of two, found by its number or its head's initials."""
    home = factories.household(f"64052210020100{number:02d}")
    keys = [line[:end] for line in person_names.initials(head) for end in range(2, len(line) + 1)]
    first = factories.member(home, head, date(1970, 1, 1), search_keys=keys)
    return home, [first, factories.member(home, "田秀英", date(1972, 2, 2), relation="spouse")]


def receipts(first: int = 101, last: int = 300) -> ReceiptBook:
    """Receipts that the township has received."""
    return factories.receipt_book(first=first, last=last)


def clerk_of_all() -> Person:
    """A clerk who sees every village, for tests that are about something else."""
    known = Person.objects.filter(username="clerk").first()
    if known is not None:
        return known
    body = Body.objects.filter(kind=Body.Kind.COUNTY_CENTRE).first() or Body.objects.create(
        code="640522", name="海原县合管中心", kind=Body.Kind.COUNTY_CENTRE
    )
    made = Person.objects.create_person(username="clerk", full_name="Clerk", password=None)
    give(made, Duty.TOWNSHIP_CLERK, body)
    return made


def noted(member: Member, year: FundYear, on: date = date(2009, 11, 1), receipt: str = "") -> Coverage:
    """What comes of it when somebody pays on a day, at that day's counter (not before the tests' noon)."""
    at = max(NOON, datetime.combine(on, time(4), UTC))
    given: dict[str, Any] = {"paid": [Paid(member.pk)], "on": on, "number": receipt, "by": clerk_of_all(), "at": at}
    sheets.pay_at_counter(household=member.household, fund_year=year, **given)
    return Coverage.objects.standing().get(member=member, fund_year=year)


def paid(clerk: Person, sheet: CollectionSheet, home: Household, *members: Member, **more: Any) -> SheetEntry:
    """What a household paid today for some of its members."""
    given = {"paid": [Paid(one.pk, more.pop("payer", Payer.OWN)) for one in members], "on": today(), **more}
    return sheets.enter(sheet=sheet, household=home, by=clerk, at=timezone.now(), **given)
