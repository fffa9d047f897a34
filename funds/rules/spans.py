"""What a statement covers: a month, a quarter, a half-year or a year of books, by whole months."""

from __future__ import annotations

from datetime import date
from typing import Final

MONTH, QUARTER, HALF, YEAR = "month", "quarter", "half", "year"
#: How many months each span has.
MONTHS: Final = {MONTH: 1, QUARTER: 3, HALF: 6, YEAR: 12}
DECEMBER: Final = 12


class NoSpan(ValueError):
    """No span is written like this."""


def written(span: str, first: date) -> str:
    """A span as an address says it: quarter:2009-04."""
    return f"{span}:{first:%Y-%m}"


def read(text: str) -> tuple[str, date]:
    """The span that an address says. Raises NoSpan."""
    span, _sign, month = text.partition(":")
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError as fault:
        raise NoSpan(text) from fault
    if span not in MONTHS or (first.month - 1) % MONTHS[span]:
        raise NoSpan(text)
    return span, first


def last_month(span: str, first: date) -> date:
    """The first day of a span's last month."""
    return first.replace(month=first.month + MONTHS[span] - 1)


def year_before(month: date) -> date:
    """The same month a year earlier."""
    return month.replace(year=month.year - 1)


def spans_between(begin: date, until: date) -> list[tuple[str, date]]:
    """Every span with a month of books between two months, newest first, the short ones before the long ones."""
    months = [date(count // DECEMBER, count % DECEMBER + 1, 1) for count in range(_count(until), _count(begin) - 1, -1)]
    return [
        (span, first)
        for span, length in MONTHS.items()
        for first in dict.fromkeys(one.replace(month=one.month - (one.month - 1) % length) for one in months)
    ]


def _count(month: date) -> int:
    return month.year * DECEMBER + month.month - 1
