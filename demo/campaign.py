"""A whole campaign of the made-up county through the office's own services: receipts, sheets, money on its way.

The register is there already (a roster without payments); this goes from village to village as collectors do. Now and
then a receipt is spoiled, written again, or an entry taken back, always the same for the same seed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from random import Random
from typing import Any, Final
from zoneinfo import ZoneInfo

from demo.roster.lines import AT, HEADER, Line
from demo.roster.made import Roster
from enrollment.models import Division, FundYear, Household, Member, ReceiptBook, SheetEntry
from enrollment.rules.roster_columns import Column
from enrollment.selectors import sheets as selectors
from enrollment.services import deposits, receipts, sheets
from enrollment.services.sheets import Paid
from office.models import Person

COUNTER: Final = time(15, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
SPOILED: Final = 0.01  # of the entries: the receipt before it is spoiled
REWRITTEN: Final = 0.007  # its receipt is written again
MISTAKEN: Final = 0.005  # it is taken back and entered anew
SPARE: Final = 1.1
SOME: Final = 30


@dataclass(frozen=True)
class Staff:
    """Who collects: a clerk enters, a cashier issues receipts and pays the money in."""

    clerk: Person
    cashier: Person


@dataclass(frozen=True)
class Home:
    """A household of the roster: its number, its village, and whether anybody pays for it."""

    number: str
    village: str
    pays: bool


def register_rows(roster: Roster) -> Iterator[Line]:
    """The roster's rows as they are before the campaign: who should enroll, nobody of them paid."""
    for row, line in enumerate(roster.rows()):
        if row:
            line[AT[Column.FEE]] = line[AT[Column.RECEIPT]] = ""
        yield list(HEADER) if not row else line


def homes_of(roster: Roster) -> list[Home]:
    """The roster's households in the order of their villages, and who of them will pay."""
    rows = roster.rows()
    next(rows)
    found = []
    for number, lines in groupby(rows, key=lambda line: line[AT[Column.HOUSEHOLD]]):
        first = next(lines)
        found.append(Home(number, first[AT[Column.VILLAGE_CODE]], bool(first[AT[Column.FEE]])))
    return found


def run(*, fund_year: FundYear, homes: Sequence[Home], staff: Staff, chance: Random) -> int:
    """Collect in every village; gives how many entries were made."""
    begin = fund_year.collection.lower
    books = _issue(homes, begin, staff)
    made = 0
    villages = {one.code: one for one in Division.objects.filter(level=Division.Level.VILLAGE).select_related("parent")}
    days = (fund_year.collection.upper - begin).days - 1
    by_village = [(code, list(of)) for code, of in groupby(homes, key=lambda home: home.village)]
    for place, (code, of) in enumerate(by_village):
        day = begin + timedelta(days=1 + place * (days - 1) // len(by_village))
        village = villages[code]
        round_ = _Round(fund_year, village, books[village.parent_id or 0], day, staff, chance)
        made += round_.collect([home.number for home in of if home.pays])
    return made


def _issue(homes: Sequence[Home], begin: date, staff: Staff) -> dict[int, ReceiptBook]:
    """Each township is issued receipts enough, and receives them."""
    at = datetime.combine(begin, COUNTER)
    books: dict[int, ReceiptBook] = {}
    first = 1
    for code, of in groupby(sorted(homes, key=lambda home: home.village), key=lambda home: home.village[:9]):
        township = Division.objects.get(code=f"{code}000")
        last = first + int(sum(home.pays for home in of) * SPARE) + SOME
        book = receipts.issue(
            township=township, first=f"{first:08d}", last=f"{last:08d}", on=begin, by=staff.cashier, at=at
        )
        receipts.receive(book=book, by=staff.clerk, at=at)
        books[township.pk] = book
        first = last + 1
    return books


@dataclass
class _Round:
    """One collector's round in one village on one day."""

    fund_year: FundYear
    village: Division
    book: ReceiptBook
    day: date
    staff: Staff
    chance: Random

    @property
    def at(self) -> datetime:
        return datetime.combine(self.day, COUNTER)

    def collect(self, numbers: Sequence[str]) -> int:
        """Enter every household that pays, hand the money in, pay it in at the bank, see it arrive."""
        if not numbers:
            return 0
        by: dict[str, Any] = {"by": self.staff.clerk, "at": self.at}
        sheet = sheets.open_sheet(
            fund_year=self.fund_year, village=self.village, collector=f"{self.village.name}收缴组", on=self.day, **by
        )
        found = Household.objects.filter(number__in=numbers).order_by("number")
        people = Member.objects.living().filter(household__in=found).order_by("household", "pk")
        of = {home: [one.pk for one in some] for home, some in groupby(people, key=lambda one: one.household_id)}

        def enter(home: Household) -> SheetEntry:
            paid = [Paid(one) for one in of[home.pk]]
            return sheets.enter(sheet=sheet, household=home, paid=paid, on=self.day, book=self.book, **by)

        for home in found:
            if self.chance.random() < SPOILED:
                receipts.spoil(book=self.book, reason="填写错误（演示）", **by)
            entry = enter(home)
            if self.chance.random() < MISTAKEN:
                sheets.take_back(entry=entry, reason="登错户（演示）", **by)
                entry = enter(home)
            used = entry.receipts.used().first()
            if used is not None and self.chance.random() < REWRITTEN:
                receipts.reissue(receipt=used, book=self.book, reason="收据污损（演示）", **by)
        sums = selectors.sums_of(sheet)
        sheets.hand_in(sheet=sheet, cash=sums.cash, on=self.day, **by)
        money: dict[str, Any] = {"sheets": [sheet], "on": self.day, "by": self.staff.cashier, "at": self.at}
        deposits.mark_deposited(slip=f"缴款单{sheet.number}（演示）", **money)
        deposits.mark_confirmed(**money)
        return len(numbers)
