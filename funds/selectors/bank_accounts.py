"""Which bank account an account of the books is, and which of them a statement names."""

from __future__ import annotations

from funds.models import Account, BankAccount

AT_A_BANK = (Account.Place.INCOME, Account.Place.SPECIAL, Account.Place.SPENDING)


def in_force(account: Account) -> BankAccount | None:
    """The bank account that is in force for an account of the books."""
    return BankAccount.objects.filter(account=account, state=BankAccount.State.CONFIRMED).first()


def of_purpose(book: int, purpose: str) -> BankAccount | None:
    """The bank account in force of the account that books have for a purpose."""
    found = BankAccount.objects.filter(state=BankAccount.State.CONFIRMED, account__purpose=purpose, account__book=book)
    return found.select_related("account__book").first()
