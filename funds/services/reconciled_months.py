"""What is looked at of banks and cash before a month is closed (docs/rules/reconciliation.md)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from funds.models import Account, CashCount, Entry, Period, Reconciliation
from funds.selectors import bank_statements as selectors
from funds.services import closing_checks, reconciliations
from office.rules import days, money


def register() -> None:
    """Called once when the app is ready."""
    closing_checks.register(
        "unreconciled", gettext_lazy("Every account at a bank is reconciled to the month's last day"), unreconciled
    )
    closing_checks.register("uncounted", gettext_lazy("Cash is counted and agrees with the books"), uncounted)


def unreconciled(period: Period) -> Sequence[str]:
    """Accounts at banks whose sheet of the month's last day is missing, waits, or no longer says what is so."""
    return [sentence for _account, sentence in accounts_left(period)]


def accounts_left(period: Period) -> list[tuple[Account, str]]:
    """The same, each account with what is said of it."""
    return list(_of_banks(period, last_day(period)))


def last_day(period: Period) -> date:
    """The last day of a month."""
    return days.next_month(period.month) - timedelta(days=1)


def _of_banks(period: Period, last: date) -> Iterator[tuple[Account, str]]:
    for account in selectors.accounts_at_banks().filter(book=period.book_id):
        if not _matters(account, period.month, last):
            continue
        found = Reconciliation.objects.filter(account=account, on=last, state__in=reconciliations.STANDING)
        sheet = found.select_related("account").first()
        told = {"account": account, "day": last}
        if sheet is None:
            yield account, _("%(account)s has no reconciliation sheet of %(day)s.") % told
        elif sheet.state != Reconciliation.State.CONFIRMED:
            yield account, _("The reconciliation sheet of %(account)s of %(day)s waits to be confirmed.") % told
        elif not reconciliations.is_true(sheet):
            yield account, _("Since the sheet of %(account)s of %(day)s, its books or statements changed.") % told


def _matters(account: Account, first: date, last: date) -> bool:
    """Whether money lay on an account at the end of the month, or moved in it, in the books or at the bank."""
    return bool(
        selectors.balance_of_books(account, last)
        or selectors.balance_of_statements(account, last)
        or Entry.objects.filter(account=account, posting__on__range=(first, last)).exists()
        or selectors.lines(account, last).filter(on__gte=first).exists()
    )


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
