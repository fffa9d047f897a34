"""The books in book form: journal (序时账), general ledger (总账), detail ledger and day book (明细账、日记账), trial
balance (科目余额表). Sums come from balances, lines from entries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from django.db.models import Prefetch, Q, QuerySet, Sum

from funds.models import Account, Balance, Book, Entry, Posting
from funds.rules import ledgers as rules
from funds.rules.ledgers import Moved, Side
from funds.selectors.balances import NOTHING
from office.rules import days

JANUARY: Final = 1


@dataclass(frozen=True)
class DetailLine:
    """A line of a detail ledger, with what stands after it."""

    entry: Entry
    moved: Moved
    stands: Side


@dataclass(frozen=True)
class Detail:
    """An account in a month: brought forward, its lines, the month's sums and those since January."""

    account: Account
    month: date
    opening: Side
    lines: Sequence[DetailLine]
    of_month: Moved
    of_year: Moved
    closing: Side


@dataclass(frozen=True)
class MonthLine:
    """A month of an account in the general ledger."""

    month: date
    moved: Moved
    of_year: Moved
    stands: Side


@dataclass(frozen=True)
class General:
    """An account in a year of the general ledger."""

    account: Account
    opening: Side
    months: Sequence[MonthLine]


@dataclass(frozen=True)
class TrialLine:
    """An account in the trial balance: brought forward, the month, since January, and what stands."""

    account: Account | None
    opening: Side
    of_month: Moved
    of_year: Moved
    closing: Side


@dataclass(frozen=True)
class Trial:
    """The trial balance of a month: its lines, and the sums of both sides of each column."""

    lines: Sequence[TrialLine]
    opening: Moved
    of_month: Moved
    of_year: Moved
    closing: Moved

    @property
    def is_even(self) -> bool:
        sums = (self.opening, self.of_month, self.of_year, self.closing)
        return all(one.debit == one.credit for one in sums)


def journal(book: Book, month: date) -> QuerySet[Posting]:
    """The postings of a month by their numbers, each with its lines."""
    lines = Entry.objects.select_related("account").order_by("line")
    found = Posting.objects.filter(book=book, period__month=month).order_by("number")
    return found.select_related("made_by", "checked_by", "book").prefetch_related(Prefetch("entries", lines))


def accounts_of(book: Book) -> QuerySet[Account]:
    """Accounts with ledgers of their own."""
    return Account.objects.filter(book=book, is_entered_on=True).order_by("code")


def entries_of(account: Account, month: date) -> QuerySet[Entry]:
    """An account's lines of a month in the order of their vouchers."""
    found = Entry.objects.filter(account=account, posting__period__month=month)
    return found.select_related("posting").order_by("posting__number", "line")


def detail(account: Account, month: date) -> Detail:
    """An account's month line by line."""
    opening, of_year = _before(account, month)
    entries = list(entries_of(account, month))
    lines = [rules.moved(one.side, one.amount, is_red=one.is_red) for one in entries]
    stands = rules.running(opening, lines)
    of_month = rules.summed(lines)
    return Detail(
        account=account,
        month=month,
        opening=rules.side_of(opening),
        lines=[
            DetailLine(entry, line, rules.side_of(after))
            for entry, line, after in zip(entries, lines, stands, strict=True)
        ],
        of_month=of_month,
        of_year=Moved(of_year.debit + of_month.debit, of_year.credit + of_month.credit),
        closing=rules.side_of(stands[-1] if stands else opening),
    )


def _before(account: Account, month: date) -> tuple[Decimal, Moved]:
    """Debit less credit before a month, and both sums of its year before it."""
    sums = Balance.objects.filter(account=account, month__lt=month).aggregate(
        left=Sum("debit", default=NOTHING),
        right=Sum("credit", default=NOTHING),
        left_year=Sum("debit", filter=Q(month__year=month.year), default=NOTHING),
        right_year=Sum("credit", filter=Q(month__year=month.year), default=NOTHING),
    )
    return sums["left"] - sums["right"], Moved(sums["left_year"], sums["right_year"])


def general(book: Book, year: int) -> list[General]:
    """The general ledger of a year: two statements."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    within: dict[int, list[Balance]] = {}
    for one in Balance.objects.filter(account__book=book, month__range=(first, last)).order_by("month"):
        within.setdefault(one.account_id, []).append(one)
    earlier = Q(balances__month__lt=first)
    accounts = accounts_of(book).annotate(
        left=Sum("balances__debit", filter=earlier, default=NOTHING),
        right=Sum("balances__credit", filter=earlier, default=NOTHING),
    )
    return [_general(one, one.left - one.right, within.get(one.pk, [])) for one in accounts]


def _general(account: Account, opening: Decimal, balances: Sequence[Balance]) -> General:
    lines = [Moved(one.debit, one.credit) for one in balances]
    months = [
        MonthLine(balance.month, line, rules.summed(lines[: place + 1]), rules.side_of(after))
        for place, (balance, line, after) in enumerate(zip(balances, lines, rules.running(opening, lines), strict=True))
    ]
    return General(account, rules.side_of(opening), months)


def trial(book: Book, month: date) -> Trial:
    """The trial balance at the end of a month: one statement."""
    january = date(month.year, JANUARY, 1)
    spans = {
        "before": Q(balances__month__lt=month),
        "month": Q(balances__month=month),
        "year": Q(balances__month__range=(january, month)),
    }
    asked: dict[str, Any] = {
        f"{side}_{name}": Sum(f"balances__{column}", filter=span, default=NOTHING)
        for name, span in spans.items()
        for side, column in (("left", "debit"), ("right", "credit"))
    }
    found: QuerySet[Any] = accounts_of(book).annotate(**asked)
    lines = []
    for one in found:
        before = one.left_before - one.right_before
        of_month = Moved(one.left_month, one.right_month)
        lines.append(
            TrialLine(
                account=one,
                opening=rules.side_of(before),
                of_month=of_month,
                of_year=Moved(one.left_year, one.right_year),
                closing=rules.side_of(before + of_month.debit - of_month.credit),
            )
        )
    return Trial(
        lines=lines,
        opening=_sides([one.opening for one in lines]),
        of_month=rules.summed([one.of_month for one in lines]),
        of_year=rules.summed([one.of_year for one in lines]),
        closing=_sides([one.closing for one in lines]),
    )


def _sides(stands: Sequence[Side]) -> Moved:
    sums = {
        side: sum((one.amount for one in stands if one.side == side), NOTHING) for side in (rules.DEBIT, rules.CREDIT)
    }
    return Moved(sums[rules.DEBIT], sums[rules.CREDIT])


def last_day(month: date) -> date:
    """The last day of a month."""
    return days.next_month(month) - timedelta(days=1)
