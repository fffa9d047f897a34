"""The statements of a set of books (会计报表): balance sheet, income and spending, movement of the funds.

All of it comes from balances. What closes a year moves income and spending to the funds, and opening balances are no
event of the year in which they are entered: both are left out of what a span moved (财会〔2008〕1号).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from django.db.models import Case, F, Sum, When

from funds.models import Account, Book, Entry, Period, Posting, PostingKind
from funds.rules import spans
from funds.selectors import kinds
from funds.selectors.balances import LEFT, NOTHING, Standing, standings
from office.rules import days

Kind = Account.Kind
BY_KIND: Final = (Kind.ASSET, Kind.LIABILITY, Kind.FUND, Kind.INCOME, Kind.SPENDING)


@dataclass(frozen=True)
class Line:
    """An account with its amounts in yuan, in the order of the statement's columns; `depth` 1 is part of another."""

    code: str
    name: str
    amounts: tuple[Decimal, ...]
    depth: int = 0


@dataclass(frozen=True)
class Movement:
    """What a fund came to in a year up to a month, in yuan."""

    name: str
    opening: Decimal
    income: Decimal
    spending: Decimal
    moved: Decimal  # from and to other funds, given back by an insurer: no income and no spending
    code: str = ""

    @property
    def closing(self) -> Decimal:
        return self.opening + self.income - self.spending + self.moved

    def __add__(self, other: Movement) -> Movement:
        return Movement(
            self.name,
            self.opening + other.opening,
            self.income + other.income,
            self.spending + other.spending,
            self.moved + other.moved,
        )


@dataclass(frozen=True)
class Statements:
    """The statements of a span. A balance sheet's columns are the year's beginning and the span's end; those of income
    and spending the span, the year up to its end, and the same span a year before."""

    book: Book
    span: str
    first: date
    last: date
    is_final: bool
    vouchers: int
    lines: dict[str, list[Line]] = field(default_factory=dict)
    totals: dict[str, tuple[Decimal, ...]] = field(default_factory=dict)
    movements: Sequence[Movement] = ()

    @property
    def unclosed(self) -> tuple[Decimal, ...]:
        """Income less spending that no year has closed to its fund: at the year's beginning, at the span's end."""
        return self.totals["unclosed"]

    @property
    def sides(self) -> tuple[tuple[Decimal, ...], tuple[Decimal, ...]]:
        """Both sides of the balance sheet: assets, and whose they are."""
        debts, owned = self.totals[Kind.LIABILITY], self.totals[Kind.FUND]
        together = zip(debts, owned, self.unclosed, strict=True)
        return self.totals[Kind.ASSET], tuple(sum(one, NOTHING) for one in together)

    @property
    def surplus(self) -> tuple[Decimal, ...]:
        """Income less spending: of the span, of the year, of the span a year before."""
        return tuple(
            one - other for one, other in zip(self.totals[Kind.INCOME], self.totals[Kind.SPENDING], strict=True)
        )

    @property
    def moved(self) -> Movement:
        """All funds together."""
        return sum(self.movements, Movement("", NOTHING, NOTHING, NOTHING, NOTHING))


@dataclass(frozen=True)
class _Figures:
    """What an account has to say in every statement, in yuan on its own side."""

    account: Account
    opening: Decimal  # of the year
    closing: Decimal
    span: Decimal  # what the span moved
    year: Decimal
    before: Decimal  # what the same span moved a year before


def statements(book: Book, span: str, first: date) -> Statements:
    """The statements of a span of a set of books, as they are entered now."""
    last = spans.last_month(span, first)
    figures = _figures(book, first, last)
    lines: dict[str, list[Line]] = {
        kind: _lines(
            [one for one in figures if one.account.kind == kind], is_of_a_year=kind in {Kind.INCOME, Kind.SPENDING}
        )
        for kind in BY_KIND
    }
    totals: dict[str, tuple[Decimal, ...]] = {
        kind: _total(lines[kind], 3 if kind in {Kind.INCOME, Kind.SPENDING} else 2) for kind in BY_KIND
    }
    totals["unclosed"] = _unclosed(figures)
    return Statements(
        book=book,
        span=span,
        first=first,
        last=last,
        is_final=_is_final(book, first, last),
        vouchers=Posting.objects.filter(book=book, period__month__range=(first, last)).count(),
        lines=lines,
        totals=totals,
        movements=_movements(figures),
    )


def of_year(book: Book, year: int) -> dict[int, Decimal]:
    """What a year brought and cost by account of income and spending, in yuan, before it is closed: by number."""
    first, last = date(year, 1, 1), date(year, spans.DECEMBER, 1)
    return {
        one.account.pk: one.year
        for one in _figures(book, first, last)
        if one.account.kind in {Kind.INCOME, Kind.SPENDING}
    }


def _figures(book: Book, first: date, last: date) -> list[_Figures]:
    january = first.replace(month=1)
    year = {one.account.pk: one for one in standings(book, january, last)}
    span = {one.account.pk: one for one in standings(book, first, last)}
    earlier = (spans.year_before(first), spans.year_before(last))
    before = {one.account.pk: one for one in standings(book, *earlier)}
    set_up = _apart(book, january, last, PostingKind.OPENING)
    closed = {
        dates: _apart(book, *dates, PostingKind.YEAR_CLOSED) for dates in ((january, last), (first, last), earlier)
    }
    opened = {dates: _apart(book, *dates, PostingKind.OPENING) for dates in ((first, last), earlier)}

    def moved(one: Standing, dates: tuple[date, date], openings: dict[int, Decimal]) -> Decimal:
        number = one.account.pk
        return one.closing - one.opening - closed[dates].get(number, NOTHING) - openings.get(number, NOTHING)

    return [
        _Figures(
            account=one.account,
            opening=one.opening + set_up.get(number, NOTHING),
            closing=one.closing,
            span=moved(span[number], (first, last), opened[first, last]),
            year=moved(one, (january, last), set_up),
            before=moved(before[number], earlier, opened[earlier]),
        )
        for number, one in year.items()
    ]


def _apart(book: Book, first: date, last: date, kind: str) -> dict[int, Decimal]:
    """What events of a kind, less their reversals, moved on each account, on the account's own side."""
    is_debit = Case(When(side=Entry.Side.DEBIT, then=F("amount")), default=-F("amount"))
    found = (
        kinds.lines_of(book, kind)
        .filter(posting__period__month__range=(first, last))
        .values("account", "account__kind")
        .annotate(moved=Sum(is_debit))
    )
    return {one["account"]: one["moved"] if one["account__kind"] in LEFT else -one["moved"] for one in found}


def _lines(figures: Iterable[_Figures], *, is_of_a_year: bool) -> list[Line]:
    """Accounts in the order of their codes; before parts their whole, with its sums."""
    known: dict[str, Line] = {}
    for one in figures:
        amounts = (one.span, one.year, one.before) if is_of_a_year else (one.opening, one.closing)
        parent = one.account.parent
        if parent is not None:
            whole = known.get(parent.code, Line(parent.code, parent.name, (NOTHING,) * len(amounts)))
            sums = tuple(one + more for one, more in zip(whole.amounts, amounts, strict=True))
            known[parent.code] = Line(parent.code, parent.name, sums)
        known[one.account.code] = Line(one.account.code, one.account.name, amounts, depth=0 if parent is None else 1)
    return [known[code] for code in sorted(known)]


def _total(lines: Iterable[Line], columns: int) -> tuple[Decimal, ...]:
    found = [one.amounts for one in lines if one.depth == 0]
    return tuple(sum((one[place] for one in found), NOTHING) for place in range(columns))


def _unclosed(figures: Iterable[_Figures]) -> tuple[Decimal, ...]:
    signs = {Kind.INCOME: 1, Kind.SPENDING: -1}
    of_a_year = [(signs[Kind(one.account.kind)], one) for one in figures if one.account.kind in signs]
    return (
        sum((sign * one.opening for sign, one in of_a_year), NOTHING),
        sum((sign * one.closing for sign, one in of_a_year), NOTHING),
    )


def _movements(figures: Sequence[_Figures]) -> list[Movement]:
    """Each fund with what belongs to it: its own account, and income and spending that will be closed to it."""

    def belonging(fund: _Figures, kind: str) -> list[_Figures]:
        return [one for one in figures if one.account.kind == kind and one.account.closes_to_id == fund.account.pk]

    return [
        Movement(
            name=one.account.name,
            code=one.account.code,
            opening=one.opening
            + sum(own.opening for own in belonging(one, Kind.INCOME))
            - sum(own.opening for own in belonging(one, Kind.SPENDING)),
            income=sum((own.year for own in belonging(one, Kind.INCOME)), NOTHING),
            spending=sum((own.year for own in belonging(one, Kind.SPENDING)), NOTHING),
            moved=one.year,
        )
        for one in figures
        if one.account.kind == Kind.FUND
    ]


def _is_final(book: Book, first: date, last: date) -> bool:
    """Whether every month of a span is there and closed."""
    closed = Period.objects.filter(
        book=book, month__range=(first, last), state__in=[Period.State.CLOSED, Period.State.REOPENING]
    )
    wanted, month = 1, first
    while month < last:
        wanted, month = wanted + 1, days.next_month(month)
    return closed.count() == wanted
