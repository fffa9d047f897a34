"""The checks of the books themselves before a month is closed; other parts register theirs beside them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from funds.deciding import FUNDS
from funds.models import Period, Voucher
from funds.selectors import balances, vouchers
from funds.services import closing_checks
from office import deciding
from office.models.rounds import State
from office.rules import days
from office.rules.money import shown

DECEMBER: Final = 12
#: Rounds that are about no month's money.
OF_NO_MONTH: Final = frozenset(
    {
        "funds.period",
        "funds.budget",
        "funds.finalaccount",
        "funds.bankaccount",
        "funds.retentionterm",
        "funds.warninglevel",
    }
)


def register() -> None:
    """Called once when the app is ready."""
    for code, sentence, faults, may_be_signed in (
        ("trial-balance", gettext_lazy("The trial balance is even and both sides agree"), uneven, False),
        ("vouchers", gettext_lazy("Every voucher of the month is entered or withdrawn"), unentered, False),
        ("rounds", gettext_lazy("Nothing of this fund is half decided"), half_decided, False),
        ("income-account", gettext_lazy("The income account is empty"), not_empty, True),
        ("year-end", gettext_lazy("In December the year is closed to the funds"), year_not_closed, False),
    ):
        closing_checks.register(code, sentence, faults, may_be_signed=may_be_signed)


def uneven(period: Period) -> Sequence[str]:
    """Both sides of the books at the end of the month, and of what was entered in it."""
    rows = balances.standings(period.book, period.book.begins_on, period.month)
    apart = sum((one.debit - one.credit for one in rows), balances.NOTHING)
    return [_("Debit and credit are %(apart)s apart.") % {"apart": shown(apart)}] if apart else []


def unentered(period: Period) -> Sequence[str]:
    """Vouchers made by hand that still wait."""
    last = days.next_month(period.month) - timedelta(days=1)
    found = Voucher.objects.filter(
        book=period.book, state__in=vouchers.WAITING, on__range=(period.month, last)
    ).order_by("number")
    return [
        _("%(voucher)s of %(day)s is %(state)s.") % {"voucher": one, "day": one.on, "state": one.get_state_display()}
        for one in found
    ]


def half_decided(period: Period) -> Sequence[str]:
    """Rounds over this fund's money that are open."""
    found = FUNDS.round._default_manager.filter(state=State.OPEN).exclude(subject_type__in=OF_NO_MONTH)
    subjects = deciding.subjects_of(found)
    return [
        _("%(what)s is being decided.") % {"what": deciding.words_of(kind, subject)}
        for (kind, _number), subject in subjects.items()
        if _book_of(subject) == period.book_id
    ]


def _book_of(subject: Any) -> int | None:
    return getattr(subject, "book_id", None)


def not_empty(period: Period) -> Sequence[str]:
    """Money that should have gone up to the special account."""
    rows = balances.standings(period.book, period.book.begins_on, period.month)
    return [
        _("%(amount)s yuan lie on %(account)s.") % {"amount": shown(one.closing), "account": one.account}
        for one in rows
        if one.account.place == "income" and one.closing
    ]


def year_not_closed(period: Period) -> Sequence[str]:
    """Income and spending of the year that were not brought to the funds."""
    if period.month.month != DECEMBER:
        return []
    left = balances.of_year_accounts(period.book, period.month.year)
    return [
        _("%(amount)s yuan of the year stand on %(account)s.") % {"amount": shown(one.closing), "account": one.account}
        for one in left
    ]
