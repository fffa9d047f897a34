"""Payments on paper: a batch's list (支付清单), the sheet on which payees sign (领款单), fund requests (用款申请单)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from enrollment.prints.bulletin import issuer
from funds.models import FundRequest, Payment, PaymentBatch, Place
from funds.selectors import balances
from office import printing
from office.rules import money

TEMPLATE: Final = "claims/print/document.typ"
LEFT, RIGHT, CENTER = "left", "right", "center"
#: What keeps a column wide enough for a signature or a fingerprint.
ROOM: Final = "\u3000" * 9


def batch(found: PaymentBatch, *, at: datetime) -> bytes:
    """A batch's payments without those that were stopped; of cash with room to sign. Raises CannotPrint."""
    payments = list(found.payments.exclude(state=Payment.State.STOPPED).order_by("line"))
    is_cash = found.place == Place.CASH
    columns = _cash_columns() if is_cash else _columns()
    rows = [_cash_row(one) if is_cash else _row(one) for one in payments]
    total = sum((one.amount for one in payments), Decimal(0))
    last = ["" for _one in columns]
    last[1], last[4] = _("total"), money.shown(total)
    data = {
        "office": issuer(),
        "number": found.number,
        "title": _("Sheet of cash payments") if is_cash else _("List of payments"),
        "facts": [
            [_("number"), found.number],
            [_("in words"), found.words],
            [_("paid from"), str(found.get_place_display())],
            [_("state"), f"{found.get_state_display()} · {found.made_by} · {found.made_on.isoformat()}"],
            [_("payments"), f"{len(payments):,}"],
        ],
        "capitals": [money.capitals(total), money.shown(total)] if payments else [],
        "says": "",
        "header": [label for label, _side in columns],
        "sides": [side for _label, side in columns],
        "rows": rows,
        "total": last,
        "labels": [_("Made by"), _("Accounting head"), _("Office head or finance"), _("Cashier")],
        "flipped": True,
    }
    return printing.render(TEMPLATE, data, at=at)


def _columns() -> list[tuple[str, str]]:
    return [
        (_("number"), LEFT),
        (_("payee"), LEFT),
        (_("bank"), LEFT),
        (pgettext("bank", "account"), LEFT),
        (_("amount, yuan"), RIGHT),
        (_("for what"), LEFT),
    ]


def _row(one: Payment) -> list[str]:
    return [one.number, one.payee_name, one.payee_bank, one.masked_account, money.shown(one.amount), one.summary]


def _cash_columns() -> list[tuple[str, str]]:
    return [
        (_("number"), LEFT),
        (_("payee"), LEFT),
        (_("for what"), LEFT),
        (_("proxy and relation"), LEFT),
        (_("amount, yuan"), RIGHT),
        (_("signature of the payee or proxy"), LEFT),
    ]


def _cash_row(one: Payment) -> list[str]:
    payout = getattr(one, "payout", None)
    proxy = f"{payout.receiver} · {payout.relation}" if payout is not None else ROOM
    return [one.number, one.payee_name, one.summary, proxy, money.shown(one.amount), ROOM]


def fund_request(found: FundRequest, *, at: datetime) -> bytes:
    """A fund request, for finance to sign. Raises CannotPrint."""
    lines = list(found.lines.order_by("line"))
    data = {
        "office": issuer(),
        "number": found.number,
        "title": _("Fund request"),
        "facts": [
            [_("number"), found.number],
            [_("month"), f"{found.month:%Y-%m}"],
            [_("in the spending account"), money.shown(found.in_hand)],
            [_("reserved for payments"), money.shown(found.reserved)],
            [_("in the special account"), money.shown(balances.stands(found.book, "special_account"))],
            [_("state"), str(found.get_state_display())],
        ],
        "capitals": [money.capitals(found.amount), money.shown(found.amount)],
        "says": found.words,
        "header": [_("line"), _("for what"), _("amount, yuan")],
        "sides": [CENTER, LEFT, RIGHT],
        "rows": [[str(one.line), one.words, money.shown(one.amount)] for one in lines],
        "total": ["", _("total"), money.shown(found.amount)],
        "labels": [_("Made by"), _("Accounting head"), _("Office head"), _("Finance bureau")],
        "flipped": False,
    }
    return printing.render(TEMPLATE, data, at=at)
