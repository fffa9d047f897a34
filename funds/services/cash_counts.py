"""Cash is counted at the end of a day (现金盘点): by the cashier with its pieces, confirmed by somebody of the
accounting who counted along. A difference is explained."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from funds.models import Account, CashCount
from funds.rules import reconciling as rules
from funds.selectors import bank_statements as selectors
from funds.services import reconciling
from funds.services.reconciling import CannotReconcile
from office import trail
from office.models import Person
from office.rules import days

VIEW: Final = "funds.view_cashcount"
RIGHT: Final = "funds.add_cashcount"
CHECK: Final = "funds.change_cashcount"
MOST_PIECES: Final = 1_000_000


@reconciling.refusing("cash.counted", "account")
def note(
    *, account: Account, on: date, pieces: Mapping[Decimal, int], explanation: str, by: Person, at: datetime
) -> CashCount:
    """Note what was counted on a day; somebody of the accounting who counted along confirms it. Raises
    CannotReconcile."""
    current = reconciling.lock_account(account)
    _refuse(current, on, pieces, at)
    told = {f"{one:.2f}": count for one, count in pieces.items() if count}
    counted, books = rules.counted(told), selectors.balance_of_books(current, on)
    if counted != books and not explanation.strip():
        raise CannotReconcile(
            _("The books say %(books)s, counted is %(counted)s: explain the difference.")
            % {"books": f"{books:,.2f}", "counted": f"{counted:,.2f}"},
            "explanation",
        )
    made = CashCount.objects.create(
        account=current,
        on=on,
        pieces=told,
        counted=counted,
        book_balance=books,
        explanation=explanation.strip()[:200],
        counted_by=by,
        counted_at=at,
    )
    trail.record("cash.counted", made, by=by, at=at, right=RIGHT, amount=counted, difference=made.difference)
    return made


def _refuse(account: Account, on: date, pieces: Mapping[Decimal, int], at: datetime) -> None:
    if account.place != Account.Place.CASH:
        raise CannotReconcile(_("No cash lies on this account."), "account")
    if on > days.business_day(at):
        raise CannotReconcile(_("This day has not come yet."), "on")
    if set(pieces) - set(rules.PIECES) or any(not 0 <= count <= MOST_PIECES for count in pieces.values()):
        raise CannotReconcile(_("Count notes and coins as they are: so many of each."))
    if CashCount.objects.filter(account=account, on=on).exclude(state=CashCount.State.VOID).exists():
        raise CannotReconcile(_("The cash of this day was counted already."), "on")


@reconciling.refusing("cash.confirmed", "count")
def confirm(*, count: CashCount, by: Person, at: datetime) -> CashCount:
    """Confirm that one counted along; the books must still say what they said. Raises CannotReconcile."""
    current = _waiting(count)
    reconciling.refuse_cashier(by, at)
    if current.counted_by_id == by.pk:
        raise CannotReconcile(_("Somebody else counts along."))
    if selectors.balance_of_books(current.account, current.on) != current.book_balance:
        raise CannotReconcile(
            _("The books of this day changed since it was counted: make the count void, count again.")
        )
    current.state, current.confirmed_by, current.confirmed_at = CashCount.State.CONFIRMED, by, at
    current.save(update_fields=["state", "confirmed_by", "confirmed_at"])
    trail.record("cash.confirmed", current, by=by, at=at, right=CHECK, amount=current.counted)
    return current


@reconciling.refusing("cash.voided", "count")
def void(*, count: CashCount, reason: str, by: Person, at: datetime) -> CashCount:
    """Make a count void before it is confirmed, so that one counts again. Raises CannotReconcile."""
    current = _waiting(count)
    why = reconciling.said(reason, "reason")[:200]
    current.state = CashCount.State.VOID
    current.save(update_fields=["state"])
    trail.record("cash.voided", current, by=by, at=at, right=RIGHT, reason=why, amount=current.counted)
    return current


def _waiting(count: CashCount) -> CashCount:
    """The count as it is now, under the lock of its account. Raises CannotReconcile where nothing is left to do."""
    reconciling.lock_account(count.account)
    current = CashCount.objects.select_related("account", "counted_by").get(pk=count.pk)
    if current.state != CashCount.State.NOTED:
        raise CannotReconcile(_("This count is %(state)s already.") % {"state": current.get_state_display()})
    return current
