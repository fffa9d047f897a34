"""The reconciliation sheet (银行存款余额调节表) of an account's day: made by one, confirmed by another, taken back
while its month is open. Neither is the cashier. What it says is reckoned anew before it is confirmed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from funds.deciding import FUNDS
from funds.models import Account, Period, Reconciliation
from funds.selectors import bank_accounts
from funds.selectors import bank_statements as selectors
from funds.services import reconciling
from funds.services.reconciling import CannotReconcile
from office import deciding, trail
from office.deciding import CannotWithdraw, Matter
from office.models import Duty, Person
from office.models.rounds import Outcome
from office.rules import days, money
from office.rules.rounds import Required
from office.services import rounds

VIEW: Final = "funds.view_reconciliation"
RIGHT: Final = "funds.add_reconciliation"
CHECK: Final = "funds.change_reconciliation"
STANDING: Final = (Reconciliation.State.PROPOSED, Reconciliation.State.CONFIRMED)
#: The special account is kept by finance, which may confirm its sheet like the accounting head (财会〔2008〕1号).
BY_A_SECOND: Final = Required(
    rule="funds.reconciliation-by-a-second", version="1", duties=(Duty.ACCOUNTING_HEAD, Duty.FINANCE_REVIEWER)
)


@reconciling.refusing("reconciliation.proposed", "account")
def propose(*, account: Account, on: date, by: Person, at: datetime) -> Reconciliation:
    """Make the sheet of an account's day; somebody else confirms it. Raises CannotReconcile."""
    reconciling.refuse_cashier(by, at)
    current = reconciling.lock_account(account)
    _refuse(current, on, at)
    sheet = selectors.sheet(current, on)
    if sheet.apart:
        raise CannotReconcile(_("The two sides are %(apart)s apart.") % {"apart": money.shown(sheet.apart)})
    asked = Reconciliation.objects.create(
        account=current,
        on=on,
        book_balance=sheet.book_balance,
        statement_balance=sheet.statement_balance,
        bank_in=sheet.bank_in,
        bank_out=sheet.bank_out,
        book_in=sheet.book_in,
        book_out=sheet.book_out,
        content=sheet.content,
        sha256=sheet.sha256,
        made_by=by,
        made_at=at,
    )
    trail.record(
        "reconciliation.proposed",
        asked,
        by=by,
        at=at,
        right=RIGHT,
        account=current.code,
        books=sheet.book_balance,
        bank=sheet.statement_balance,
    )
    rounds.open_round(subject=asked, by=by, at=at)
    return asked


def _refuse(account: Account, on: date, at: datetime) -> None:
    if account.place not in bank_accounts.AT_A_BANK:
        raise CannotReconcile(_("The money of this account lies at no bank."), "account")
    if on > days.business_day(at):
        raise CannotReconcile(_("This day has not come yet."), "on")
    if not selectors.reaches(account, on):
        raise CannotReconcile(_("No statement says what stood at the bank on %(day)s.") % {"day": on}, "on")
    known = Reconciliation.objects.filter(account=account, on=on, state__in=STANDING).first()
    if known is not None:
        raise CannotReconcile(
            _("There is a sheet of this day already: %(state)s.") % {"state": known.get_state_display()}, "on"
        )


def is_true(kept: Reconciliation) -> bool:
    """Whether books and statements still say what a sheet says."""
    return selectors.sheet(kept.account, kept.on).sha256 == kept.sha256


@reconciling.refusing("reconciliation.withdrawn", "kept")
def withdraw(*, kept: Reconciliation, reason: str, by: Person, at: datetime) -> Reconciliation:
    """Take a confirmed sheet back while its month is open, so that what it stands on can be put right. Raises
    CannotReconcile."""
    reconciling.refuse_cashier(by, at)
    account = reconciling.lock_account(kept.account)
    current = Reconciliation.objects.select_for_update(no_key=True, of=["self"]).get(pk=kept.pk)
    if current.state != Reconciliation.State.CONFIRMED:
        raise CannotReconcile(_("Only a confirmed sheet is taken back."))
    month = Period.objects.filter(book=account.book, month=current.on.replace(day=1)).first()
    if month is not None and month.state != Period.State.OPEN:
        raise CannotReconcile(
            _("%(month)s is %(state)s.") % {"month": f"{month.month:%Y-%m}", "state": month.get_state_display()}
        )
    _move(current, Reconciliation.State.WITHDRAWN)
    why = reconciling.said(reason, "reason")[:200]
    trail.record("reconciliation.withdrawn", current, by=by, at=at, right=CHECK, reason=why, account=account.code)
    return current


def register() -> None:
    """Called once when the app is ready."""
    deciding.register(
        Matter(
            model=Reconciliation,
            family=FUNDS,
            title=gettext_lazy("Reconciliation sheet"),
            content=content,
            rows=rows,
            decided=_decided,
            required=lambda asked: BY_A_SECOND,
            amount=lambda asked: Decimal(asked.statement_balance),
            page="funds:reconciliation",
            known=("account__book",),
            withdraw=_take_back,
        )
    )


def content(asked: Reconciliation) -> Mapping[str, object]:
    """What a vote on a sheet is about."""
    return {"account": asked.account_id, "on": asked.on.isoformat(), "sheet": asked.sha256}


def rows(asked: Reconciliation) -> Sequence[tuple[str, str]]:
    """What a voter compares with the statement."""
    return [
        (_("books of a fund"), asked.account.book.name),
        (pgettext("books", "account"), str(asked.account)),
        (_("day"), asked.on.isoformat()),
        (_("balance of the books"), money.shown(asked.book_balance)),
        (_("came in at the bank, not in the books"), money.shown(asked.bank_in)),
        (_("went out at the bank, not in the books"), money.shown(asked.bank_out)),
        (_("balance of the statement"), money.shown(asked.statement_balance)),
        (_("came in in the books, not at the bank"), money.shown(asked.book_in)),
        (_("went out in the books, not at the bank"), money.shown(asked.book_out)),
        (_("both sides come to"), money.shown(asked.adjusted)),
    ]


def _decided(asked: Reconciliation, outcome: str, by: Person, at: datetime) -> str:
    """Confirmed only while books and statements still say the same."""
    account = reconciling.lock_account(asked.account)
    approved = outcome == Outcome.APPROVED
    if approved:
        _refuse_vote(asked, by, at)
    _move(asked, Reconciliation.State.CONFIRMED if approved else Reconciliation.State.REFUSED)
    trail.record("reconciliation.decided", asked, by=by, at=at, outcome=outcome, account=account.code)
    return ""


def _refuse_vote(asked: Reconciliation, by: Person, at: datetime) -> None:
    try:
        reconciling.refuse_cashier(by, at)
    except CannotReconcile as refusal:
        raise rounds.CannotVote(str(refusal)) from refusal
    if not is_true(asked):
        raise rounds.CannotVote(_("Books or statements changed since the sheet was made: refuse it, and make another."))


@transaction.atomic
def _take_back(asked: Reconciliation, by: Person, at: datetime) -> None:
    """Whoever made it takes it back before it is decided."""
    rounds.void(subject=asked, by=by, at=at, reason=_("withdrawn"))
    account = reconciling.lock_account(asked.account)
    current = Reconciliation.objects.select_for_update(no_key=True, of=["self"]).get(pk=asked.pk)
    if current.state != Reconciliation.State.PROPOSED:
        raise CannotWithdraw(_("This has been decided already."))
    if current.made_by_id != by.pk:
        raise CannotWithdraw(_("Whoever made the sheet takes it back."))
    _move(current, Reconciliation.State.WITHDRAWN)
    trail.record("reconciliation.withdrawn", current, by=by, at=at, right=RIGHT, account=account.code)


def _move(one: Reconciliation, state: str) -> None:
    one.state = state
    one.save(update_fields=["state"])
