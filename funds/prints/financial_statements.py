"""The statements of a set of books (会计报表) as they are read: on the page, on paper, in a workbook."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from claims.rules.statistics import quotient
from enrollment.prints.bulletin import issuer
from funds.models import Account
from funds.rules import spans
from funds.selectors.financial_statements import Line, Movement, Statements
from office import printing
from office.rules import money

Kind = Account.Kind
HALF_YEAR = 6


@dataclass(frozen=True)
class Row:
    """A line of a statement: its code and name, its amounts as they are read; `depth` 1 is part of another, `strong`
    is a sum."""

    code: str
    name: str
    cells: Sequence[Any]
    depth: int = 0
    strong: bool = False

    @property
    def shown(self) -> list[str]:
        """The cells as a page and a paper show them."""
        return [shown(one) for one in self.cells]


@dataclass(frozen=True)
class Sheet:
    """One statement."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Row] = field(default_factory=list)


def shown(value: Any) -> str:
    """An amount as it is read; what is nothing is a dash."""
    if value is None:
        return "—"
    return money.shown(value) if isinstance(value, Decimal | int) else str(value)


def span_words(span: str, first: date) -> str:
    """A span as people say it."""
    told = {"year": first.year, "number": (first.month + 2) // spans.MONTHS[spans.QUARTER]}
    return {
        spans.MONTH: f"{first:%Y-%m}",
        spans.QUARTER: _("%(year)s, quarter %(number)s") % told,
        spans.HALF: (_("%(year)s, first half") if first.month <= HALF_YEAR else _("%(year)s, second half")) % told,
        spans.YEAR: _("the year %(year)s") % told,
    }[span]


def sheets(found: Statements) -> list[Sheet]:
    """The four statements: balance sheet, income and spending, movement of the funds, notes."""
    return [_balance_sheet(found), _income_and_spending(found), _movements(found), _notes(found)]


def _rows(lines: Iterable[Line]) -> list[Row]:
    return [Row(one.code, one.name, one.amounts, one.depth) for one in lines]


def _balance_sheet(found: Statements) -> Sheet:
    left, right = found.sides
    return Sheet(
        _("Balance sheet"),
        [_("at the year's beginning"), _("at the end")],
        [
            *_rows(found.lines[Kind.ASSET]),
            Row("", _("assets together"), left, strong=True),
            *_rows(found.lines[Kind.LIABILITY]),
            Row("", _("liabilities together"), found.totals[Kind.LIABILITY], strong=True),
            *_rows(found.lines[Kind.FUND]),
            Row("", _("income less spending, not closed yet"), found.unclosed),
            Row("", _("liabilities and funds together"), right, strong=True),
        ],
    )


def _income_and_spending(found: Statements) -> Sheet:
    return Sheet(
        _("Income and spending"),
        [_("this span"), _("this year up to here"), _("the same span a year before")],
        [
            *_rows(found.lines[Kind.INCOME]),
            Row("", _("income together"), found.totals[Kind.INCOME], strong=True),
            *_rows(found.lines[Kind.SPENDING]),
            Row("", _("spending together"), found.totals[Kind.SPENDING], strong=True),
            Row("", _("surplus"), found.surplus, strong=True),
        ],
    )


def _movements(found: Statements) -> Sheet:
    def row(name: str, one: Movement, *, strong: bool = False) -> Row:
        return Row(one.code, name, (one.opening, one.income, one.spending, one.moved, one.closing), strong=strong)

    return Sheet(
        _("Movement of the funds"),
        [
            _("at the year's beginning"),
            pgettext("statement", "income"),
            pgettext("statement", "spending"),
            _("between funds and other"),
            _("at the end"),
        ],
        [*(row(one.name, one) for one in found.movements), row(_("together"), found.moved, strong=True)],
    )


def _notes(found: Statements) -> Sheet:
    """What stands under the statements: how the books are kept, and the rates, each with what it is of."""
    income, spending = found.totals[Kind.INCOME][1], found.totals[Kind.SPENDING][1]
    pool = sum((one.closing for one in found.movements if one.code.startswith("3001")), Decimal(0))
    told = [
        (pgettext("statement", "basis"), _("cash, by calendar year, in yuan and fen")),
        (_("vouchers of this span"), f"{found.vouchers:,}"),
        (_("months"), _("all closed") if found.is_final else _("not all closed: these figures may still change")),
        (_("use rate: spending of the year by its income"), _percent(spending, income)),
        (_("surplus rate: surplus of the year by its income"), _percent(income - spending, income)),
        (_("cumulative surplus rate: pool fund by income of the year"), _percent(pool, income)),
    ]
    return Sheet(_("Notes"), [_("says")], [Row("", label, [value]) for label, value in told])


def _percent(part: Decimal, whole: Decimal) -> str:
    rate = quotient(100 * part, whole)
    return "—" if rate is None else f"{rate} %"


def facts(found: Statements) -> list[tuple[str, str]]:
    """Of which books and which span they are, and whether they can still change."""
    state = _("final: every month is closed") if found.is_final else _("provisional: not every month is closed")
    return [
        (_("books"), found.book.name),
        (_("span"), span_words(found.span, found.first)),
        (_("state"), state),
        (_("unit"), _("yuan")),
    ]


def paper(found: Statements, *, at: datetime) -> bytes:
    """The statements on A4, each on its page. Raises CannotPrint."""
    data = {
        "office": issuer(),
        "title": _("Statements of the fund"),
        "facts": facts(found),
        "account": pgettext("books", "account"),
        "sheets": [
            {
                "title": one.title,
                "columns": one.columns,
                "rows": [
                    {"code": row.code, "name": row.name, "cells": row.shown, "depth": row.depth, "strong": row.strong}
                    for row in one.rows
                ],
            }
            for one in sheets(found)
        ],
    }
    return printing.render("funds/print/financial_statements.typ", data, at=at)


def book_columns() -> list[str]:
    """What stands over the columns of the workbook."""
    return [_("statement"), _("code"), pgettext("books", "account"), _("column"), _("amount")]


def book(found: Statements) -> list[list[Any]]:
    """Every amount of the statements with a row of its own."""
    return [
        [one.title, row.code, row.name, column, cell]
        for one in sheets(found)
        for row in one.rows
        for column, cell in zip(one.columns, row.cells, strict=True)
    ]
