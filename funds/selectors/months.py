"""Months of books as pages and services ask for them: in which state, what was asked of them, what was entered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Max, Sum

from funds.models import Balance, Book, Period, PeriodRequest
from funds.selectors.balances import NOTHING
from office.rules import days

State = Period.State


@dataclass(frozen=True)
class Month:
    """A month of books, with its row where it has one: it gets one with the first posting, or when it is closed."""

    month: date
    period: Period | None
    postings: int
    debit: Decimal

    @property
    def state(self) -> str:
        return self.period.state if self.period else State.OPEN

    @property
    def is_open(self) -> bool:
        return self.state == State.OPEN


def request_of(period: Period) -> PeriodRequest:
    """What was asked of a month last."""
    return PeriodRequest.objects.filter(period=period).select_related("asked_by").latest("pk")


def not_closed_before(period: Period) -> Period | None:
    """The first earlier month that is not closed."""
    earlier = Period.objects.filter(book=period.book_id, month__lt=period.month)
    return earlier.exclude(state=State.CLOSED).order_by("month").first()


def closed_after(period: Period) -> Period | None:
    """The last later month that is closed, or about to be opened or closed."""
    later = Period.objects.filter(book=period.book_id, month__gt=period.month)
    return later.exclude(state=State.OPEN).order_by("-month").first()


def turnover(period: Period) -> tuple[Decimal, Decimal]:
    """What was entered in a month on both sides."""
    found = Balance.objects.filter(account__book=period.book_id, month=period.month)
    sums = found.aggregate(left=Sum("debit", default=NOTHING), right=Sum("credit", default=NOTHING))
    return sums["left"], sums["right"]


def months_of(book: Book, today: date) -> list[Month]:
    """Every month of books, the newest first: those with a row, and one after them that has begun; three statements."""
    periods = {one.month: one for one in book.periods.all()}
    counts = dict(book.postings.values_list("period__month").annotate(most=Max("number")).order_by())
    found = Balance.objects.filter(account__book=book).values("month").annotate(left=Sum("debit")).order_by()
    sums = {one["month"]: one["left"] for one in found}
    told, month = [], book.begins_on
    last = max([book.begins_on, *periods])
    while month <= last or (month == days.next_month(last) and month <= today):
        told.append(Month(month, periods.get(month), counts.get(month, 0), sums.get(month, NOTHING)))
        month = days.next_month(month)
    return told[::-1]


def to_close(book: Book, today: date) -> list[Month]:
    """Months that are over and not closed, the oldest first."""
    return [one for one in reversed(months_of(book, today)) if one.is_open and days.next_month(one.month) <= today]


def first_to_close(books: Iterable[Book], today: date) -> list[Period]:
    """The first open month of each of some books that is over; of a month without a row, one that is not kept. One
    statement for all."""
    known: dict[int, dict[date, Period]] = {}
    wanted = list(books)
    for one in Period.objects.filter(book__in=wanted):
        known.setdefault(one.book_id, {})[one.month] = one
    found = []
    for book in wanted:
        month, rows = book.begins_on, known.get(book.pk, {})
        while month in rows and rows[month].state != State.OPEN:
            month = days.next_month(month)
        if days.next_month(month) <= today:
            found.append(rows.get(month) or Period(book=book, month=month))
    return found
