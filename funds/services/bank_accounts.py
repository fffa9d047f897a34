"""Bank accounts (银行账户): which one an account of the books is, entered with its paper, confirmed by a second."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from funds.deciding import FUNDS
from funds.models import Account, BankAccount
from funds.selectors import bank_accounts as selectors
from funds.services import reconciling
from funds.services.reconciling import CannotReconcile, said
from office import deciding, trail
from office.deciding import Matter
from office.models import Duty, Person
from office.models.rounds import Outcome
from office.rules import days
from office.rules.rounds import Required
from office.services import rounds

VIEW: Final = "funds.view_bankaccount"
RIGHT: Final = "funds.add_bankaccount"
SHAPE: Final = re.compile(r"[0-9]{8,32}")
CODE: Final = re.compile(r"([0-9]{12})?")
BY_A_SECOND: Final = Required(
    rule="funds.bank-account-by-a-second", version="1", duties=(Duty.ACCOUNTING_HEAD, Duty.OFFICE_HEAD)
)


@dataclass(frozen=True)
class BankAccountOf:
    """A bank account as its paper says it."""

    account: Account
    holder: str
    bank: str
    number: str
    document: str
    since: date
    code: str = ""


@reconciling.refusing("bank-account.proposed", "stated")
def propose(*, stated: BankAccountOf, by: Person, at: datetime) -> BankAccount:
    """Enter which bank account an account of the books is; somebody else confirms it. Raises CannotReconcile."""
    reconciling.refuse_cashier(by, at)
    account = reconciling.lock_account(stated.account)
    _refuse(account, stated, at)
    try:
        with transaction.atomic():
            asked = BankAccount.objects.create(
                account=account,
                holder=said(stated.holder, "holder"),
                bank=said(stated.bank, "bank"),
                code=_plain(stated.code),
                number=_plain(stated.number),
                document=said(stated.document, "document"),
                since=stated.since,
                proposed_by=by,
                proposed_at=at,
            )
    except IntegrityError as refusal:
        raise CannotReconcile(_("This number is that of another bank account already."), "number") from refusal
    trail.record("bank-account.proposed", asked, by=by, at=at, right=RIGHT, account=account.code)
    rounds.open_round(subject=asked, by=by, at=at)
    return asked


def _refuse(account: Account, stated: BankAccountOf, at: datetime) -> None:
    if account.place not in selectors.AT_A_BANK or not account.is_entered_on:
        raise CannotReconcile(_("The money of this account lies at no bank."), "account")
    if stated.since > days.business_day(at):
        raise CannotReconcile(_("This day has not come yet."), "since")
    if not SHAPE.fullmatch(_plain(stated.number)):
        raise CannotReconcile(_("An account number has 8 to 32 digits."), "number")
    if not CODE.fullmatch(_plain(stated.code)):
        raise CannotReconcile(_("The code of a bank has twelve digits."), "code")
    if BankAccount.objects.filter(account=account, state=BankAccount.State.PROPOSED).exists():
        raise CannotReconcile(_("A change of this account waits to be confirmed already."), "account")


def _plain(number: str) -> str:
    return "".join(unicodedata.normalize("NFKC", number).replace("-", "").split())


def register() -> None:
    """Called once when the app is ready."""
    deciding.register(
        Matter(
            model=BankAccount,
            family=FUNDS,
            title=gettext_lazy("Bank account"),
            content=content,
            rows=rows,
            decided=_decided,
            required=lambda asked: BY_A_SECOND,
            page="funds:bank_account",
            known=("account__book",),
        )
    )


def content(asked: BankAccount) -> Mapping[str, object]:
    """What a vote on a bank account is about."""
    return {
        "account": asked.account_id,
        "holder": asked.holder,
        "bank": asked.bank,
        "code": asked.code,
        "number": asked.number,
        "paper": asked.document,
        "since": asked.since.isoformat(),
    }


def rows(asked: BankAccount) -> Sequence[tuple[str, str]]:
    """What a voter compares with the paper: the whole number, but only while it is to be confirmed."""
    is_open = asked.state == BankAccount.State.PROPOSED
    now = selectors.in_force(asked.account)
    return [
        (_("books of a fund"), asked.account.book.name),
        (pgettext("books", "account"), str(asked.account)),
        (_("account holder"), asked.holder),
        (_("bank"), asked.bank),
        (_("code of the bank"), asked.code or "—"),
        (_("account number"), _in_fours(asked.number) if is_open else asked.masked_number),
        (_("account in force"), str(now) if now and now.pk != asked.pk else "—"),
        (_("paper"), asked.document),
        (_("in use since"), asked.since.isoformat()),
    ]


def _decided(asked: BankAccount, outcome: str, by: Person, at: datetime) -> str:
    """Confirmed, it takes the place of the one in force."""
    account = reconciling.lock_account(asked.account)
    approved = outcome == Outcome.APPROVED
    if approved and (now := selectors.in_force(account)) is not None:
        _move(now, BankAccount.State.REPLACED)
    _move(asked, BankAccount.State.CONFIRMED if approved else BankAccount.State.REFUSED)
    trail.record("bank-account.decided", asked, by=by, at=at, outcome=outcome, account=account.code)
    return ""


def _move(one: BankAccount, state: str) -> None:
    one.state = state
    one.save(update_fields=["state"])


def _in_fours(number: str) -> str:
    return " ".join(number[at : at + 4] for at in range(0, len(number), 4))
