"""A slip of money in and a letter for subsidies on paper (收款单、催拨函)."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from enrollment.prints import bulletin
from funds.models import Slip, SubsidyLetter
from office import printing
from office.rules import money


def facts(slip: Slip) -> list[tuple[str, object]]:
    """What a slip says, line by line."""
    checked = f"{slip.checked_by} · {_moment(slip.checked_at)}" if slip.checked_at else ""
    told: list[tuple[str, object]] = [
        (_("books"), slip.book),
        (_("what came in"), slip.get_kind_display()),
        (pgettext("money in", "number of the paper"), slip.number),
        (_("day on the paper"), slip.on.isoformat()),
        (_("account"), slip.get_account_display()),
        (_("amount, yuan"), money.shown(slip.amount)),
        (_("of it to household accounts"), money.shown(slip.to_accounts) if slip.to_accounts else ""),
        (_("fund year"), _year(slip)),
        (
            pgettext("money in", "who pays"),
            f"{slip.get_payer_display()}{f' · {slip.rate.instalment}' if slip.rate else ''}",
        ),
        (_("list of those helped"), slip.assistance_list),
        (_("in words"), slip.words),
        (_("noted by"), f"{slip.noted_by} · {_moment(slip.noted_at)}"),
        (pgettext("slip", "checked by"), checked),
        (_("on the bank's statement"), slip.seen_on and slip.seen_on.isoformat()),
        (_("reason"), slip.reason),
        (_("taking back asked for by"), slip.back_asked_by),
    ]
    return [(label, value) for label, value in told if value]


def _year(slip: Slip) -> str:
    if slip.fund_year is None:
        return ""
    ahead = _("received ahead of its year")
    return f"{slip.fund_year} · {ahead}" if slip.is_ahead else str(slip.fund_year)


def _moment(at: datetime) -> str:
    return date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT")


def rows_behind(slip: Slip) -> list[list[object]]:
    """The sheets, refunds or kinds of income behind a slip."""
    found = slip.lines.select_related(
        "sheet__village__parent", "refund__contribution__member__household__village", "refund__contribution__fund_year"
    )
    accounts = dict(slip.book.accounts.values_list("purpose", "name"))
    rows: list[list[object]] = []
    for one in found:
        if one.sheet is not None:
            what, of = str(one.sheet), f"{one.sheet.village.parent} {one.sheet.village}"
        elif one.refund is not None:
            what, of = _("refund"), str(one.refund.contribution.member)
        else:
            what, of = _("income"), accounts.get(one.income, one.income)
        rows.append([what, of, money.shown(one.amount)])
    return rows


def slip(slip: Slip, *, at: datetime) -> bytes:
    """The slip as PDF. Raises CannotPrint."""
    data = {
        "office": bulletin.issuer(),
        "title": _("Slip of money in"),
        "number": slip.number,
        "facts": [[label, str(value)] for label, value in facts(slip)],
        "capitals": money.capitals(slip.amount),
        "figures": money.shown(slip.amount),
        "heading": _("What stands behind it"),
        "header": [_("what"), _("of"), _("amount, yuan")],
        "rows": rows_behind(slip),
        "total": ["", _("together"), money.shown(slip.amount)],
    }
    return printing.render("funds/print/slip.typ", data, at=at)


def letter(letter: SubsidyLetter, *, at: datetime) -> bytes:
    """The letter as PDF. Raises CannotPrint."""
    sentences = [
        _(
            "For %(year)s, %(due)s yuan are due from you; by %(day)s, %(arrived)s yuan had arrived in the special "
            "account. %(owed)s yuan are owed."
        )
        % {
            "year": letter.fund_year,
            "due": money.shown(letter.due),
            "day": date_format(letter.as_of, "DATE_FORMAT"),
            "arrived": money.shown(letter.arrived),
            "owed": money.shown(letter.owed),
        },
        _("Please pay them into the special account by %(day)s.") % {"day": date_format(letter.pay_by, "DATE_FORMAT")},
        *([letter.words] if letter.words else []),
    ]
    data = {
        "office": bulletin.issuer(),
        "title": _("Reminder of a subsidy"),
        "number": letter.number,
        "to": _("To the finance of the level: %(payer)s") % {"payer": letter.get_payer_display()},
        "sentences": sentences,
        "sender": bulletin.issuer(),
        "day": date_format(letter.as_of, "DATE_FORMAT"),
        "heading": _("By instalment"),
        "header": [
            pgettext("money in", "instalment"),
            _("due on"),
            pgettext("money in", "due, yuan"),
            _("arrived, yuan"),
            pgettext("money in", "owed, yuan"),
        ],
        "rows": [
            [name or "—", on or "—", money.shown(due), money.shown(came), money.shown(owed)]
            for name, on, due, came, owed in letter.instalments
        ],
        "total": [
            _("together"),
            "",
            money.shown(letter.due),
            money.shown(letter.arrived),
            money.shown(letter.owed),
        ],
    }
    return printing.render("funds/print/subsidy_letter.typ", data, at=at)
