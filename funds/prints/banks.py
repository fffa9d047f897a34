"""The reconciliation sheet, the daily cash sheet and the count of cash on paper, with room for those who sign."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from enrollment.prints.bulletin import issuer
from funds.models import CashCount, Reconciliation
from funds.rules import reconciling as rules
from funds.selectors.cash import DailySheet
from office import printing
from office.rules import money

TEMPLATE = "funds/print/banks.typ"
DAILY_CASH = "daily-cash"  # what may be stamped by a later app


def sides(found: Reconciliation) -> list[tuple[str, Decimal, str, Decimal]]:
    """The sheet as two columns: the books on the left, the statement on the right, each with what it lacks."""
    return [
        (_("balance of the books"), found.book_balance, _("balance of the statement"), found.statement_balance),
        (_("+ came in at the bank, not in the books"), found.bank_in, _("+ came in in the books, not at the bank"),
         found.book_in),
        (_("− went out at the bank, not in the books"), found.bank_out, _("− went out in the books, not at the bank"),
         found.book_out),
        (_("comes to"), found.adjusted, _("comes to"), found.adjusted),
    ]  # fmt: skip


def items(found: Reconciliation) -> list[tuple[str, list[list[str]]]]:
    """What hangs between the two sides, item by item."""
    return [
        (_("At the bank, not in the books"), _rows(found.content["lines"])),
        (_("In the books, not at the bank"), _rows(found.content["entries"])),
    ]


def items_header() -> list[str]:
    """What the columns of the items are."""
    return [_("day"), _("number"), _("came in, yuan"), _("went out, yuan"), _("in words")]


def _rows(kept: Sequence[Sequence[str]]) -> list[list[str]]:
    return [
        [
            one.on.isoformat(),
            one.number,
            money.shown(one.amount) if one.amount > 0 else "",
            money.shown(-one.amount) if one.amount < 0 else "",
            one.words,
        ]
        for one in rules.opened(kept)
    ]


def reconciliation(found: Reconciliation, *, at: datetime) -> bytes:
    """The sheet on A4. Raises CannotPrint."""
    two = [[left, money.shown(ours), right, money.shown(theirs)] for left, ours, right, theirs in sides(found)]
    header = [_("books"), _("yuan"), pgettext("bank", "statement"), _("yuan")]
    sections = [_section("", header, two, (1, 3))]
    sections += [_section(title, items_header(), rows, (2, 3)) for title, rows in items(found) if rows]
    facts = [
        (_("books of a fund"), found.account.book.name),
        (pgettext("books", "account"), str(found.account)),
        (_("day"), found.on.isoformat()),
        (_("state"), found.get_state_display()),
        (pgettext("paper", "made by"), str(found.made_by)),
    ]
    labels = [_("Made by"), _("Confirmed by"), _("Person in charge")]
    return _paper(_("Bank reconciliation sheet"), facts, sections, labels, at)


def pieces(found: CashCount) -> list[list[str]]:
    """Notes and coins with their sums."""
    return [
        [money.shown(one), f"{found.pieces[f'{one:.2f}']:,}", money.shown(one * found.pieces[f"{one:.2f}"])]
        for one in rules.PIECES
        if f"{one:.2f}" in found.pieces
    ]


def cash_count(found: CashCount, *, at: datetime) -> bytes:
    """The count on A4. Raises CannotPrint."""
    facts = [
        (_("books of a fund"), found.account.book.name),
        (_("day"), found.on.isoformat()),
        (_("counted"), f"{money.shown(found.counted)} · {money.capitals(found.counted)}"),
        (_("balance of the books"), money.shown(found.book_balance)),
        (_("difference"), money.shown(found.difference)),
        (_("explanation"), found.explanation or "—"),
        (_("state"), found.get_state_display()),
    ]
    sections = [_section("", [_("piece, yuan"), _("how many"), _("yuan")], pieces(found), (0, 1, 2))]
    return _paper(_("Count of cash"), facts, sections, [_("Cashier"), _("Counted along by"), _("Person in charge")], at)


def day_rows(sheet: DailySheet) -> list[list[str]]:
    """The accounts of a day with their sums, and the total."""
    rows = [
        [str(one.account), *map(money.shown, (one.before, one.came_in, one.went_out, one.after)), str(one.vouchers)]
        for one in sheet.rows
    ]
    return [*rows, [_("together"), *map(money.shown, sheet.totals), ""]]


def day_header() -> list[str]:
    """What its columns are."""
    return [
        pgettext("books", "account"),
        _("the day before, yuan"),
        _("came in, yuan"),
        _("went out, yuan"),
        _("today, yuan"),
        _("vouchers"),
    ]


def daily_cash(sheet: DailySheet, *, at: datetime) -> bytes:
    """The daily cash sheet on A4. Raises CannotPrint."""
    counted = sheet.count
    facts = [
        (_("books of a fund"), sheet.book.name),
        (_("day"), sheet.on.isoformat()),
        (_("cash counted"), f"{money.shown(counted.counted)} · {counted.get_state_display()}" if counted else "—"),
    ]
    sections = [_section("", day_header(), day_rows(sheet), (1, 2, 3, 4, 5))]
    labels = [_("Cashier"), _("Accountant"), _("Person in charge")]
    return _paper(_("Daily cash sheet"), facts, sections, labels, at, stamp=printing.stamp_of(DAILY_CASH, at))


def _section(title: str, header: Sequence[str], rows: Sequence[Sequence[str]], figures: Sequence[int]) -> Any:
    sides_of = ["right" if place in figures else "left" for place in range(len(header))]
    return {"title": title, "header": list(header), "rows": list(rows), "sides": sides_of}


def _paper(
    title: str,
    facts: Sequence[tuple[str, str]],
    sections: Sequence[Any],
    labels: Sequence[str],
    at: datetime,
    *,
    stamp: Mapping[str, object] | None = None,
) -> bytes:
    data = {
        "office": issuer(),
        "title": title,
        "number": None,
        "facts": [[label, value] for label, value in facts],
        "sections": list(sections),
        "labels": list(labels),
        "stamp": stamp,
    }
    return printing.render(TEMPLATE, data, at=at)
