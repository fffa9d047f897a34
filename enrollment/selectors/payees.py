"""Where a household is paid to."""

from __future__ import annotations

from enrollment.models import Household, PayeeAccount


def payee_of(household: Household) -> PayeeAccount | None:
    """The account that two people have confirmed; None where there is none yet."""
    return household.payee_accounts.filter(state=PayeeAccount.State.CONFIRMED).first()


def waits_for_confirmation(household: Household) -> bool:
    """Whether a new account was entered and not yet confirmed: a payment to the household waits for that."""
    return household.payee_accounts.filter(state=PayeeAccount.State.PROPOSED).exists()
