"""What stops a payment, in the office's words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from funds.rules import paying

STOPS = {
    paying.NOT_PAYABLE: _("it is not payable now"),
    paying.HELD: _("the claim is held"),
    paying.WITH_SETTLEMENT: _("it is paid with the settlement of its document"),
    paying.OTHER_BOOKS: _("these books do not pay its fund"),
    paying.IN_PAYMENT: _("it is in a payment already"),
    paying.NO_ACCOUNT: _("the payee has no confirmed account"),
    paying.CHANGE_WAITS: _("a change of the payee's account waits to be confirmed"),
    paying.CHANGED: _("the payee's account changed after the approval: two people confirm it first"),
    paying.CAME_BACK: _("the bank gave the money back from this account: two people confirm one first"),
    paying.NO_CASH: _("finance pays no cash: name an account that two people confirm"),
}


def stop(code: str) -> str:
    """A sentence's part that says what stops a payment."""
    return str(STOPS[code])
