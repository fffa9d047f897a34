"""What is looked at of banks and cash before a month is closed (docs/rules/reconciliation.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from funds.models import Account, CashCount, Entry, Period, Reconciliation
from funds.rules.reconciling import Sheet
from funds.selectors import bank_statements as selectors
from funds.selectors.bank_statements import Balances
from funds.services import closing_checks, reconciliations
from office.rules import days, money

#: Nothing stands on an account and nothing moved: it needs no sheet.
NOTHING = Balances()


def register() -> None:
    """Called once when the app is ready."""
    closing_checks.register(
        "unreconciled", gettext_lazy("Every account at a bank is reconciled to the month's last day"), unreconciled
    )
    closing_checks.register("uncounted", gettext_lazy("Cash is counted and agrees with the books"), uncounted)


def unreconciled(period: Period) -> Sequence[str]:
    """Accounts at banks whose sheet of the month's last day is missing, waits, or no longer says what is so."""
    return [sentence for _account, sentence in accounts_left(period)]


def accounts_left(*periods: Period) -> list[tuple[Account, str]]:
    """The same of months of several books, each account with what is said of it: as many statements for many accounts
    as for one."""
    firsts = {one.book_id: one.month for one in periods}
    accounts = list(selectors.accounts_at_banks().filter(book__in=firsts))
    lasts = {one: days.next_month(firsts[one.book_id]) - timedelta(days=1) for one in accounts}
    stood = selectors.balances(lasts, {one: firsts[one.book_id] for one in accounts})
    kept = _kept(lasts)
    confirmed = {one: lasts[one] for one in accounts if _is_confirmed(kept.get(one.pk))}
    now = selectors.sheets(confirmed) if confirmed else {}
    return [
        (account, sentence)
        for account, on in lasts.items()
        if stood[account.pk] != NOTHING and (sentence := _of_bank(account, on, kept.get(account.pk), now))
    ]


def last_day(period: Period) -> date:
    """The last day of a month."""
    return days.next_month(period.month) - timedelta(days=1)


def _kept(lasts: Mapping[Account, date]) -> dict[int, Reconciliation]:
    """The standing sheet of each account on its day."""
    found = Reconciliation.objects.filter(account__in=list(lasts), on__in=set(lasts.values()))
    days_of = {account.pk: on for account, on in lasts.items()}
    return {
        one.account_id: one
        for one in found.filter(state__in=reconciliations.STANDING)
        if one.on == days_of[one.account_id]
    }


def _is_confirmed(sheet: Reconciliation | None) -> bool:
    return sheet is not None and sheet.state == Reconciliation.State.CONFIRMED


def _of_bank(account: Account, on: date, kept: Reconciliation | None, now: Mapping[int, Sheet]) -> str:
    told = {"account": account, "day": on}
    if kept is None:
        return _("%(account)s has no reconciliation sheet of %(day)s.") % told
    if not _is_confirmed(kept):
        return _("The reconciliation sheet of %(account)s of %(day)s waits to be confirmed.") % told
    if now[account.pk].sha256 != kept.sha256:
        return _("Since the sheet of %(account)s of %(day)s, its books or statements changed.") % told
    return ""


def uncounted(period: Period) -> Sequence[str]:
    """Cash that lies in the books at the month's end, or moved in it, and was not counted after that with that sum."""
    last = last_day(period)
    return [
        sentence
        for account in Account.objects.filter(book=period.book_id, place=Account.Place.CASH, is_entered_on=True)
        if (sentence := _of_cash(account, period.month, last))
    ]


def _of_cash(account: Account, first: date, last: date) -> str:
    stands = selectors.balance_of_books(account, last)
    moved = Entry.objects.filter(account=account, posting__on__range=(first, last))
    since = moved.aggregate(last=Max("posting__on"))["last"]
    if not stands and since is None:
        return ""
    found = CashCount.objects.filter(account=account, on__range=(since or first, last), state=CashCount.State.CONFIRMED)
    count = found.order_by("-on").first()
    if count is None:
        return _("Cash on %(account)s was not counted by two at the end of the month.") % {"account": account}
    if count.counted != stands:
        return _("On %(day)s %(counted)s was counted; the books say %(books)s.") % {
            "day": count.on,
            "counted": money.shown(count.counted),
            "books": money.shown(stands),
        }
    return ""
