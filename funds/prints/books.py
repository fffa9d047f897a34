"""The books on paper: vouchers (记账凭证), journal (序时账), ledgers (总账、明细账), trial balance (科目余额表)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from enrollment.prints.bulletin import issuer
from funds.models import Account, Book, Entry, Posting
from funds.rules import ledgers as rules
from funds.rules.ledgers import Moved, Side
from funds.selectors import ledgers
from funds.selectors.ledgers import Detail, General, Trial
from office import printing
from office.rules import money

LEDGER: Final = "funds/print/ledger.typ"
VOUCHER: Final = "funds/print/voucher.typ"
MOST_VOUCHERS: Final = 500
MOST_LINES: Final = 20_000
LEFT, CENTER, RIGHT = "left", "center", "right"
JOURNAL: Final = [LEFT, LEFT, LEFT, LEFT, RIGHT, RIGHT]
DETAIL: Final = [LEFT, LEFT, LEFT, RIGHT, RIGHT, CENTER, RIGHT]
GENERAL: Final = [LEFT, LEFT, RIGHT, RIGHT, CENTER, RIGHT]
TRIAL: Final = [LEFT, LEFT, *[RIGHT] * 8]
NONE: Final = Moved(Decimal(0), Decimal(0))


def amount(value: Decimal) -> str:
    """A figure of a column; nothing for nothing."""
    return money.shown(value) if value else ""


def side_words(side: Side) -> str:
    """On which side something stands: 借, 贷 or 平."""
    return {rules.DEBIT: pgettext("ledger", "Dr"), rules.CREDIT: pgettext("ledger", "Cr")}.get(
        side.side, pgettext("ledger", "even")
    )


def columns_of(entry: Entry) -> Moved:
    """A line of a voucher in its column, a red one with a minus where what it takes back stands."""
    return rules.moved(entry.side, entry.amount, is_red=entry.is_red)


def voucher_rows(posting: Posting) -> list[list[str]]:
    """The lines of a voucher: words, account, debit, credit."""
    return [
        [
            one.words or posting.summary,
            str(one.account),
            amount(columns_of(one).debit),
            amount(columns_of(one).credit),
        ]
        for one in posting.entries.all()
    ]


def voucher_total(posting: Posting) -> Decimal:
    """What a voucher is of, on either side; below nothing where it takes back."""
    return rules.summed([columns_of(one) for one in posting.entries.all()]).debit


def voucher_header() -> list[str]:
    """What stands over the lines of a voucher."""
    return [_("summary"), pgettext("books", "account"), _("debit, yuan"), _("credit, yuan")]


def vouchers(found: Iterable[Posting], *, at: datetime) -> bytes:
    """Vouchers, two to a page. Raises CannotPrint."""
    some = list(found)
    if len(some) > MOST_VOUCHERS:
        raise printing.CannotPrint(
            _("These are more than %(most)s vouchers: print them in parts.") % {"most": MOST_VOUCHERS}
        )
    data = {
        "office": issuer(),
        "title": _("Posting voucher"),
        "header": voucher_header(),
        "vouchers": [_voucher(one) for one in some],
    }
    return printing.render(VOUCHER, data, at=at)


def _voucher(posting: Posting) -> dict[str, Any]:
    total = voucher_total(posting)
    return {
        "book": posting.book.name,
        "number": str(posting),
        "day": posting.on,
        "papers": _("%(count)s papers attached") % {"count": posting.attachments},
        "red": _("takes back %(posting)s of %(day)s") % {"posting": posting.reverses, "day": posting.reverses.on}
        if posting.reverses
        else "",
        "rows": voucher_rows(posting),
        "total": [_("Total"), money.capitals(total), money.shown(total), money.shown(total)],
        "made": _("Made by: %(name)s") % {"name": posting.made_by},
        "checked": _("Checked by: %(name)s") % {"name": posting.checked_by},
        "kind": str(posting.get_kind_display()),
    }


def journal_header() -> list[str]:
    """What stands over the journal."""
    return [
        _("day"),
        _("voucher"),
        _("summary"),
        pgettext("books", "account"),
        _("debit, yuan"),
        _("credit, yuan"),
    ]


def journal_rows(found: Iterable[Posting]) -> list[list[str]]:
    """The lines of the journal; day and number stand at the first of a voucher."""
    return [
        [
            posting.on.isoformat() if place == 0 else "",
            str(posting) if place == 0 else "",
            one.words or posting.summary,
            str(one.account),
            amount(columns_of(one).debit),
            amount(columns_of(one).credit),
        ]
        for posting in found
        for place, one in enumerate(posting.entries.all())
    ]


def journal(book: Book, month: date, *, at: datetime) -> bytes:
    """The journal of a month. Raises CannotPrint."""
    found = list(ledgers.journal(book, month))
    sums = rules.summed([columns_of(one) for posting in found for one in posting.entries.all()])
    total = ["", "", _("Total of the month"), "", money.shown(sums.debit), money.shown(sums.credit)]
    section = _section("", journal_header(), journal_rows(found), JOURNAL, total)
    return _paper(_("Journal"), book, f"{month:%Y-%m}", [section], at=at)


def detail_header() -> list[str]:
    """What stands over a detail ledger."""
    return [
        _("day"),
        _("voucher"),
        _("summary"),
        _("debit, yuan"),
        _("credit, yuan"),
        pgettext("ledger", "side"),
        _("balance, yuan"),
    ]


def detail_rows(found: Detail) -> list[list[str]]:
    """An account's month: brought forward, each line, the sums of the month and since January."""
    return [
        ["", "", _("Brought forward"), "", "", *_standing(found.opening)],
        *(
            [
                one.entry.posting.on.isoformat(),
                str(one.entry.posting),
                one.entry.words or one.entry.posting.summary,
                amount(one.moved.debit),
                amount(one.moved.credit),
                *_standing(one.stands),
            ]
            for one in found.lines
        ),
        ["", "", _("Total of the month"), *_both(found.of_month), *_standing(found.closing)],
        ["", "", _("Since January"), *_both(found.of_year), *_standing(found.closing)],
    ]


def detail(account: Account, months: Sequence[date], *, at: datetime) -> bytes:
    """The detail ledger of an account over some months; that of cash and bank accounts is their day book. Raises
    CannotPrint."""
    sections = []
    for month in months:
        found = ledgers.detail(account, month)
        sections.append(_section(f"{month:%Y-%m}", detail_header(), detail_rows(found), DETAIL))
    title = _("Day book") if account.place else _("Detail ledger")
    span = f"{months[0]:%Y-%m} – {months[-1]:%Y-%m}" if len(months) > 1 else f"{months[0]:%Y-%m}"
    return _paper(title, account.book, span, sections, at=at, account=account)


def general_header() -> list[str]:
    """What stands over the general ledger."""
    return [
        _("month"),
        _("summary"),
        _("debit, yuan"),
        _("credit, yuan"),
        pgettext("ledger", "side"),
        _("balance, yuan"),
    ]


def general_rows(found: General) -> list[list[str]]:
    """An account's year: brought forward, each month with what has come together since January."""
    return [
        ["", _("Brought forward"), "", "", *_standing(found.opening)],
        *(
            row
            for one in found.months
            for row in (
                [f"{one.month:%Y-%m}", _("Total of the month"), *_both(one.moved), *_standing(one.stands)],
                ["", _("Since January"), *_both(one.of_year), *_standing(one.stands)],
            )
        ),
    ]


def general(book: Book, year: int, *, at: datetime) -> bytes:
    """The general ledger of a year, account by account. Raises CannotPrint."""
    sections = [
        _section(str(one.account), general_header(), general_rows(one), GENERAL)
        for one in ledgers.general(book, year)
        if one.months or one.opening.amount
    ]
    return _paper(_("General ledger"), book, str(year), sections, at=at)


def trial_header() -> list[str]:
    """What stands over the trial balance."""
    spans = [_("brought forward"), _("this month"), _("since January"), _("stands")]
    pairs = [(span, side) for span in spans for side in (pgettext("ledger", "Dr"), pgettext("ledger", "Cr"))]
    return [_("code"), _("name"), *(f"{span} {side}" for span, side in pairs)]


def trial_rows(found: Trial) -> list[list[str]]:
    """The accounts of a trial balance on which anything is or was."""
    return [
        [one.account.code, one.account.name, *_sides(one.opening), *_both(one.of_month), *_both(one.of_year),
         *_sides(one.closing)]
        for one in found.lines
        if one.account is not None and (one.opening.amount or one.closing.amount or one.of_year != NONE)
    ]  # fmt: skip


def trial_total(found: Trial) -> list[str]:
    """The last line of a trial balance."""
    sums = (found.opening, found.of_month, found.of_year, found.closing)
    return ["", _("Total"), *(money.shown(value) for one in sums for value in (one.debit, one.credit))]


def trial(book: Book, month: date, *, at: datetime) -> bytes:
    """The trial balance of a month. Raises CannotPrint."""
    found = ledgers.trial(book, month)
    section = _section("", trial_header(), trial_rows(found), TRIAL, trial_total(found))
    return _paper(_("Trial balance"), book, f"{month:%Y-%m}", [section], at=at)


def _standing(side: Side) -> list[str]:
    return [side_words(side), amount(side.amount)]


def _sides(side: Side) -> list[str]:
    return [amount(side.amount) if side.side == one else "" for one in (rules.DEBIT, rules.CREDIT)]


def _both(one: Moved) -> list[str]:
    return [amount(one.debit), amount(one.credit)]


def _section(
    title: str, header: Sequence[str], rows: Sequence[Sequence[str]], align: Sequence[str], total: object = None
) -> dict[str, Any]:
    return {"title": title, "header": header, "rows": rows, "align": align, "total": total}


def _paper(
    title: str,
    book: Book,
    span: str,
    sections: Sequence[dict[str, Any]],
    *,
    at: datetime,
    account: Account | None = None,
) -> bytes:
    if sum(len(one["rows"]) for one in sections) > MOST_LINES:
        raise printing.CannotPrint(
            _("These are more than %(most)s lines: print them in parts.") % {"most": f"{MOST_LINES:,}"}
        )
    facts = [[_("books"), book.name], [_("span"), span]]
    if account is not None:
        facts.append([pgettext("books", "account"), str(account)])
    data = {
        "office": issuer(),
        "title": title,
        "facts": facts,
        "sections": sections,
        "empty": _("Nothing was entered."),
    }
    return printing.render(LEDGER, data, at=at)
