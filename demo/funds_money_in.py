"""Money that came into the demo county's funds. Rural: what was brought along is turned into income, next year's sheets
are paid in, subsidies arrive, one payer is reminded; slips wait for the head of accounting. Employees': contributions
of wages by quarter. Made up."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from enrollment.models import FundYear, SubsidyClaim
from funds.models import Book, Slip
from funds.selectors import money_in as selectors
from funds.services import noting, slips, subsidy_letters
from funds.services.noting import SlipOf
from office.models import Person
from office.rules import days

SPECIAL, INCOME = "special_account", "income_account"
ARRIVED: Final = Decimal("0.60")  # of what was claimed of each level
BONUS: Final = Decimal("1286.40")
#: A quarter's contributions of a hundredth of the county's employees, and what of them is for their own accounts.
WAGES: Final = Decimal("48628.80")
TO_ACCOUNTS: Final = Decimal("23098.68")
QUARTERS: Final = (1, 4, 7, 10)


def leave(people: dict[str, Person], at: datetime) -> None:
    """Leave all of it behind, where the rural scheme has books."""
    book = Book.objects.filter(scheme__code="ncms").first()
    if book is None:
        return
    today = days.business_day(at)
    for one in noting.turn_all(day=today, by=people["accountant"], at=at).slips:
        _check(one, people, at)
    _sheets(book, today, people, at)
    _subsidies(book, today, people, at)
    told = SlipOf(book, "other", f"捐{today:%Y%m%d}（演示）", today, SPECIAL, BONUS, words="爱心企业捐赠（演示）")
    noting.note(book=book, told=told, by=people["accountant"], at=at)
    _wages(today, people, at)


def _wages(today: date, people: dict[str, Person], at: datetime) -> None:
    """What employers paid for each quarter, by the 20th of its first month, passed up the same day."""
    book = Book.objects.filter(scheme__code="employees").first()
    year = FundYear.objects.confirmed().filter(scheme__code="employees", year=today.year).first()
    if book is None or year is None:
        return
    for day in (date(today.year, month, 20) for month in QUARTERS):
        if day > today:
            break
        number = f"税{day:%Y%m%d}（演示）"
        for told in (
            SlipOf(book, "fee", number, day, INCOME, WAGES, year, to_accounts=TO_ACCOUNTS),
            SlipOf(book, "transfer", number, day, INCOME, WAGES),
        ):
            _check(noting.note(book=book, told=told, by=people["accountant"], at=at), people, at)


def _check(slip: Slip, people: dict[str, Person], at: datetime) -> None:
    slips.check(slip=slip, by=people["accounting"], at=at)


def _sheets(book: Book, today: date, people: dict[str, Person], at: datetime) -> None:
    """The sheets that were handed in: the first township's deposit waits to be checked, the second's is in the special
    account, the others are still to be paid in."""
    by_township: dict[tuple[int, int | None], list[Any]] = {}
    for one in selectors.sheets_to_deposit(book):
        by_township.setdefault((one.fund_year_id, one.village.parent_id), []).append(one)
    for place, of in enumerate(list(by_township.values())[:2], start=1):
        cash = sum((one.cash for one in of), Decimal(0))
        told = SlipOf(book, "deposit", f"存{today:%Y%m%d}-{place}（演示）", today, INCOME, cash, of[0].fund_year)
        noted = noting.deposit(book=book, told=told, sheets=of, by=people["accountant"], at=at)
        if place > 1:
            _check(noted, people, at)
            passed = SlipOf(book, "transfer", f"缴拨{today:%Y%m%d}（演示）", today, INCOME, cash)
            _check(noting.note(book=book, told=passed, by=people["accountant"], at=at), people, at)


def _subsidies(book: Book, today: date, people: dict[str, Person], at: datetime) -> None:
    """What was claimed has partly arrived; whoever owes most is reminded."""
    years = FundYear.objects.filter(pk__in=SubsidyClaim.objects.values("fund_year"), scheme=book.scheme)
    for year in years.order_by("year"):
        for place, one in enumerate(selectors.owed(year), start=1):
            amount = round(one.due * ARRIVED, 2)
            if amount <= 0:
                continue
            kind = "assistance" if one.payer == "assistance" else "subsidy"
            number = f"拨{year.year}-{place}（演示）"
            told = SlipOf(book, kind, number, today, SPECIAL, amount, year, one.payer, one.rate)
            _check(noting.note(book=book, told=told, by=people["accountant"], at=at), people, at)
        still = max((one for one in selectors.owed(year)), key=lambda one: one.owed, default=None)
        if still is not None and still.owed > 0:
            subsidy_letters.write(
                book=book,
                fund_year=year,
                payer=still.payer,
                number=f"海合管函〔{today.year}〕{year.year}号（演示）",
                pay_by=today + timedelta(days=15),
                by=people["accountant"],
                at=at,
            )
