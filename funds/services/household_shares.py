"""What of contributions goes to the accounts of households or people (计入家庭账户): credited to each account when the
slip is entered, taken from it when the slip is taken back (docs/rules/money-in.md).

The accounts are enrollment's; the books hold their sum on one account. Wages are entered without names: what of them
goes to personal accounts is credited where the names are known.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from django.utils.translation import gettext as _

from enrollment.models import Scheme
from enrollment.services import accounts
from enrollment.services.accounts import CannotDebit
from funds.models import Slip
from funds.rules import money_in as rules
from funds.selectors import money_in as selectors
from office.models import Person

SHARED: Final = (Slip.Kind.DEPOSIT, Slip.Kind.TURN)


class CannotShare(Exception):
    """No account was credited, or nothing was taken back; the message is written for the accountant."""


def is_shared(slip: Slip) -> bool:
    """Whether a slip gives something to accounts whose owners are known."""
    return bool(slip.to_accounts) and slip.kind in SHARED and slip.book.scheme.account != Scheme.Account.NONE


def credit(*, slip: Slip, by: Person, at: datetime) -> int:
    """Credit every account with its share of a slip that is being entered: the same for each person who contributed.
    Gives how many were credited; done again it does nothing. Inside the transaction that enters it. Raises CannotShare.
    """
    if not is_shared(slip):
        return 0
    shares = rules.shared(slip.to_accounts, selectors.heads_of(slip))
    if not shares:
        raise CannotShare(_("Nobody's contribution of this year is known: no account can be credited."))
    return accounts.credit_all(
        scheme=slip.book.scheme, shares=shares, on=slip.on, reference=reference_of(slip), by=by, at=at
    )


def take_back(*, slip: Slip, on: date, by: Person, at: datetime) -> int:
    """Take the shares of a slip that is being taken back from the accounts. Raises CannotShare where somebody has used
    his share by now."""
    if not is_shared(slip):
        return 0
    name = reference_of(slip)
    try:
        return accounts.take_credits_back(
            scheme=slip.book.scheme, reference=name, back=f"{name} back", on=on, by=by, at=at
        )
    except CannotDebit as refusal:
        raise CannotShare(_("An account has used its share by now: this is not taken back.")) from refusal


def reference_of(slip: Slip) -> str:
    """Under which name accounts are credited for a slip."""
    return f"slip {slip.pk}"
