"""Where a household is paid to."""

from __future__ import annotations

from enrollment.models import Household, PayeeAccount


def payee_of(household: Household) -> PayeeAccount | None:
    """The account that two people have confirmed; None where there is none yet."""
    return household.payee_accounts.filter(state=PayeeAccount.State.CONFIRMED).first()


def standing_of(household: Household) -> tuple[PayeeAccount | None, bool]:
    """The account that two people have confirmed, and whether a new one waits for that: both in one statement."""
    states = (PayeeAccount.State.CONFIRMED, PayeeAccount.State.PROPOSED)
    found = list(household.payee_accounts.filter(state__in=states))
    confirmed = next((one for one in found if one.state == PayeeAccount.State.CONFIRMED), None)
    return confirmed, any(one.state == PayeeAccount.State.PROPOSED for one in found)


def waits_for_confirmation(household: Household) -> bool:
    """Whether a new account was entered and not yet confirmed: a payment to the household waits for that."""
    return household.payee_accounts.filter(state=PayeeAccount.State.PROPOSED).exists()
