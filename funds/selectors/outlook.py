"""How a fund stands in the months that are over, and what is to come: the end of the year, the day on which the money
runs out, what it warns of (docs/rules/indicators.md). Heads are not counted here: it is quick."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from claims.selectors import month_sums
from enrollment.models import FundYear
from funds.models import Book, WarningLevel
from funds.rules import indicators, projection, warnings
from funds.rules.projection import Projection
from funds.rules.warnings import KINDS, Raised
from funds.selectors import figures, money_in
from funds.selectors.figures import Held, Moved
from funds.selectors.indicators import OfYear, budget_of
from funds.selectors.money_in import Instalment

NOTHING: Final = Decimal(0)
YEARS: Final = 3  # before this one: what months of the calendar cost


@dataclass(frozen=True)
class Outlook:
    """A fund at the end of the last month that is over, in yuan."""

    asked: OfYear
    moved: Sequence[Moved]  # of this year
    held: Held
    planned: Decimal  # spending by the budget; nothing where there is none
    owed: Sequence[Instalment]
    projection: Projection | None
    runs_out_on: date | None
    measured: dict[str, Decimal | None]
    raised: Sequence[Raised]

    @property
    def book(self) -> Book:
        """The books of which this is said."""
        assert self.asked.book is not None  # noqa: S101  told() is of books
        return self.asked.book

    @property
    def income(self) -> Decimal:
        """What the pool has received this year."""
        return figures.total(self.moved, income=True)

    @property
    def spent(self) -> Decimal:
        """What it has spent this year."""
        return figures.total(self.moved, income=False)

    @property
    def income_at_end(self) -> Decimal:
        """What the year will have brought: what came, and what payers still owe."""
        return self.income + sum((max(one.owed, NOTHING) for one in self.owed), NOTHING)

    @property
    def spent_at_end(self) -> Decimal:
        """What the year will have cost, as far as it can be foretold."""
        return self.projection.total if self.projection else self.spent

    def days_left(self, today: date) -> int | None:
        """How many days the money in hand lasts if nothing more comes in."""
        return (self.runs_out_on - today).days if self.runs_out_on else None


def levels_on(book: Book, day: date) -> dict[str, Decimal]:
    """The levels that hold on a day: confirmed ones, else those of the papers."""
    confirmed = WarningLevel.objects.filter(book=book, state=WarningLevel.State.CONFIRMED, since__lte=day)
    newest = confirmed.order_by("code", "-since").distinct("code").values_list("code", "level")
    return {code: kind.usual for code, kind in KINDS.items()} | dict(newest)


def told(book: Book, today: date) -> Outlook | None:
    """How a fund stands; nothing where no month of its books is over."""
    last = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    if last < book.begins_on:
        return None
    paper = FundYear.objects.confirmed().filter(scheme=book.scheme_id, year=last.year).select_related("scheme").first()
    asked = OfYear(book.scheme, last.year, paper, book, last)
    moved = figures.by_month(book, date(last.year - YEARS, 1, 1), last)
    spent = figures.spent_by_month(moved)
    held = figures.held(book, last)
    this_year = [one for one in moved if one.month.year == last.year]
    claimed = money_in.years_claimed(book)
    owed = money_in.owed_of({*claimed, paper} if paper else claimed)
    found = Outlook(
        asked=asked,
        moved=this_year,
        held=held,
        planned=sum((one.amount for one in budget_of(asked) if _is_spending(one.account)), NOTHING),
        owed=owed[paper.pk] if paper else [],
        projection=projection.project(spent, last),
        runs_out_on=projection.runs_out(held.in_hand, spent, last),
        measured={},
        raised=(),
    )
    overdue = _overdue([one for year in claimed for one in owed[year.pk]], today)
    measured = _measured(found) | {"subsidy_overdue": overdue}
    raised = warnings.raised(measured, levels_on(book, today))
    return Outlook(**{**vars(found), "measured": measured, "raised": raised})


def _is_spending(account: object) -> bool:
    kind, fund = getattr(account, "kind", ""), getattr(account, "closes_to", None)
    return kind == figures.Kind.SPENDING and fund is not None and fund.purpose not in indicators.NOT_OF_THE_POOL


def _measured(found: Outlook) -> dict[str, Decimal | None]:
    asked, is_over = found.asked, found.asked.months == projection.A_YEAR
    income = found.income if is_over else found.income_at_end
    _used, surplus = indicators.use_and_surplus(income, found.spent_at_end)
    groups = [one for one in month_sums.of_months(asked.scheme, asked.first, asked.last) if one.is_stay]
    stays = month_sums.together(groups).times
    outside = month_sums.together([one for one in groups if one.is_outside]).times
    return {
        "year_surplus": surplus,
        "year_deficit": surplus,
        "cumulative_surplus": indicators.rate(found.held.pool, income),
        "spending_ahead": warnings.ahead(found.spent, found.planned, asked.months),
        "months_in_hand": indicators.quotient(found.held.in_hand * asked.months, found.spent),
        "outside_share": indicators.rate(outside, stays),
        "income_account": found.held.income_account,
    }


def _overdue(owed: Sequence[Instalment], today: date) -> Decimal | None:
    """For how many days the oldest instalment that is owed has been due."""
    dues = [one.rate.due_on for one in owed if one.rate is not None and one.is_overdue(today)]
    return Decimal((today - min(dues)).days) if dues else None
