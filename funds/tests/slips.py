"""Money that comes in, as tests need it: sheets with money, papers of every kind, subsidies asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from conftest import NOON
from enrollment.models import CollectionSheet, Contribution, FundYear, Refund, SubsidyClaim, SubsidyRate
from enrollment.services import sheets
from enrollment.services.sheets import Paid
from enrollment.tests import factories as register
from enrollment.tests.keeping import station
from funds.models import Posting, Slip
from funds.rules import money_in as rules
from funds.services import noting, slips
from funds.services.noting import SlipOf
from funds.tests.factories import Counter
from office.models import Duty, Person

TODAY = date(2010, 3, 1)


def year_of(year: int, *rates: tuple[str, int, int, date]) -> FundYear:
    """A confirmed year of the rural scheme, collected until the spring of it, with what the levels add."""
    drafted = register.draft_year(year=year, window=(date(2009, 9, 1), date(year + 1, 1, 1)))
    for level, instalment, per_head, due_on in rates:
        SubsidyRate.objects.create(
            fund_year=drafted, level=level, instalment=instalment, per_head=per_head, due_on=due_on
        )
    return register.confirm(drafted)


@dataclass
class Till:
    """The accountant's desk for money in, over books kept since January 2010, with a clerk who hands sheets in."""

    counter: Counter
    clerk: Person
    year: FundYear

    @classmethod
    def of(cls, appoint: Any, *rates: tuple[str, int, int, date]) -> Till:
        year = year_of(2010, *rates)
        counter = Counter.of(appoint)
        return cls(counter, appoint("li", Duty.TOWNSHIP_CLERK, body=station()), year)

    def sheet(self, people: int = 2, year: FundYear | None = None, on: date = TODAY) -> CollectionSheet:
        """A sheet of the village, handed in with 20 yuan a head."""
        by: dict[str, Any] = {"by": self.clerk, "at": NOON}
        of = year or self.year
        opened = sheets.open_sheet(fund_year=of, village=register.division(), collector="马", on=min(on, TODAY), **by)
        number = f"{CollectionSheet.objects.count():02d}{Contribution.objects.count():02d}"
        home = register.household(number)
        paid = [Paid(register.member(home, f"马{place}").pk) for place in range(people)]
        sheets.enter(sheet=opened, household=home, paid=paid, on=on, **by)
        return sheets.hand_in(sheet=opened, cash=Decimal(20 * people), on=on, **by)

    def told(self, kind: str, amount: str, number: str = "1", **more: Any) -> SlipOf:
        account = noting.accounts_of(self.counter.book, kind)[0]
        if kind in rules.OF_A_YEAR:
            more = {"fund_year": self.year, **more}
        if kind == "assistance":
            more = {"payer": "assistance", **more}
        given = {"number": number, "on": TODAY, "account": account, **more}
        return SlipOf(self.counter.book, kind, amount=Decimal(amount), **given)

    def note(self, kind: str, amount: str, number: str = "1", at: datetime = NOON, **more: Any) -> Slip:
        told = self.told(kind, amount, number, **more)
        return noting.note(book=told.book, told=told, by=self.counter.acc, at=at)

    def deposit(
        self, *of: CollectionSheet, amount: str = "", number: str = "1", at: datetime = NOON, **more: Any
    ) -> Slip:
        told = self.told("deposit", amount or str(sum(one.cash or 0 for one in of)), number, **more)
        return noting.deposit(book=told.book, told=told, sheets=of, by=self.counter.acc, at=at)

    def give_back(self, *of: Refund, amount: str = "", number: str = "1", **more: Any) -> Slip:
        told = self.told("refund", amount or str(sum(one.amount for one in of)), number, **more)
        return noting.give_back(book=told.book, told=told, asked=of, by=self.counter.acc, at=NOON)

    def check(self, slip: Slip, at: datetime = NOON) -> Slip:
        return slips.check(slip=slip, by=self.counter.head, at=at)

    def claim(self, payer: str, amount: str, rate: SubsidyRate | None = None, number: str = "") -> SubsidyClaim:
        """What was asked of a payer."""
        return SubsidyClaim.objects.create(
            fund_year=self.year, payer=payer, rate=rate, number=number or f"{payer}{SubsidyClaim.objects.count()}",
            counted_on=TODAY, heads=1, due=Decimal(amount), amount=Decimal(amount),
            by_township=[[register.TOWNSHIP, "海城镇", 1, amount]], made_by=self.counter.acc, made_at=NOON,
        )  # fmt: skip


def lines(posting: Posting | None) -> list[tuple[str, str, Decimal]]:
    """A posting's lines in short: account, side, amount."""
    assert posting is not None
    return [
        (one.account.purpose, one.side, one.amount)
        for one in posting.entries.select_related("account").order_by("line")
    ]
