"""Household and personal accounts: credited with contributions, used by claims, never below zero, in yuan.

An entry's reference is what it is for; the same reference is booked once, so that a job may run twice. Many accounts at
once are locked by number.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from enrollment.models import Account, AccountEntry, Household, Member, Scheme
from office import trail
from office.models import Person

TOGETHER = 2_000  # accounts made in one statement


class CannotCredit(Exception):
    """Nothing was booked; the message is written for whoever asked."""


class CannotDebit(Exception):
    """Nothing was booked; the message is written for whoever asked."""


def account_of(*, scheme: Scheme, owner: Household | Member) -> Account:
    """The account of a household or a person in a scheme, opened empty where there was none. Raises CannotCredit."""
    kind = Scheme.Account.HOUSEHOLD if isinstance(owner, Household) else Scheme.Account.PERSONAL
    if scheme.account != kind:
        raise CannotCredit(_("%(scheme)s keeps no such accounts.") % {"scheme": scheme})
    whose = {"household": owner} if isinstance(owner, Household) else {"member": owner}
    return Account.objects.get_or_create(scheme=scheme, **whose)[0]


@transaction.atomic
def credit(
    *,
    account: Account,
    amount: Decimal,
    on: date,
    reference: str,
    by: Person,
    at: datetime,
    kind: str = AccountEntry.Kind.CREDIT,
) -> AccountEntry:
    """Something is added to an account, once for a reference. Raises CannotCredit."""
    if amount <= 0:
        raise CannotCredit(_("The amount is more than nothing."))
    current, booked = _locked(account, kind, reference)
    if booked is not None:
        if booked.amount != amount:
            raise CannotCredit(_("Another amount was booked for this already."))
        return booked
    entry = _book(current, amount, kind, on, reference, by, at)
    trail.record("account.credited", current, by=by, at=at, amount=amount, reference=reference)
    return entry


@transaction.atomic
def debit(*, account: Account, amount: Decimal, on: date, reference: str, by: Person, at: datetime) -> AccountEntry:
    """Something is used from an account, once for a reference, and never more than is there. Raises CannotDebit."""
    if amount <= 0:
        raise CannotDebit(_("The amount is more than nothing."))
    current, booked = _locked(account, AccountEntry.Kind.DEBIT, reference)
    if booked is not None:
        if booked.amount != -amount:
            raise CannotDebit(_("Another amount was booked for this already."))
        return booked
    if amount > current.balance:
        raise CannotDebit(_("The account holds %(balance)s yuan alone.") % {"balance": current.balance})
    entry = _book(current, -amount, AccountEntry.Kind.DEBIT, on, reference, by, at)
    trail.record("account.debited", current, by=by, at=at, amount=amount, reference=reference)
    return entry


@transaction.atomic
def debit_all(
    *, debits: Sequence[tuple[Account, Decimal, str]], on: date, by: Person, at: datetime
) -> list[AccountEntry]:
    """Several things are used, each with its own reference that was never booked before, in their order; of no account
    more than it holds. Raises CannotDebit; then nothing is booked."""
    held = {one.pk: one.balance for one in lock_all([account for account, _amount, _reference in debits]).values()}
    waves: dict[int, list[AccountEntry]] = defaultdict(list)  # an account moves once in a statement
    before: dict[int, int] = defaultdict(int)
    for account, amount, reference in debits:
        if not 0 < amount <= held[account.pk]:
            raise CannotDebit(_("The account holds %(balance)s yuan alone.") % {"balance": held[account.pk]})
        held[account.pk] -= amount
        before[account.pk] += 1
        waves[before[account.pk]].append(
            AccountEntry(
                account=account,
                on=on,
                kind=AccountEntry.Kind.DEBIT,
                amount=-amount,
                balance_after=held[account.pk],
                reference=reference,
                by=by,
                at=at,
            )
        )
        trail.record("account.debited", account, by=by, at=at, amount=amount, reference=reference)
    return [
        one for _wave, entries in sorted(waves.items()) for one in AccountEntry.objects.bulk_create(entries, TOGETHER)
    ]


def give_back(*, entry: AccountEntry, on: date, by: Person, at: datetime) -> AccountEntry:
    """What was used is given back whole, once: the claim was reversed. Raises CannotCredit."""
    if entry.kind != AccountEntry.Kind.DEBIT:
        raise CannotCredit(_("Only what was used is given back."))
    return credit(
        account=entry.account,
        amount=-entry.amount,
        on=on,
        reference=entry.reference,
        by=by,
        at=at,
        kind=AccountEntry.Kind.REVERSAL,
    )


@transaction.atomic
def open_balances(
    *, scheme: Scheme, balances: Mapping[int, Decimal], on: date, reference: str, by: Person, at: datetime
) -> int:
    """What households or people had left on the day the office began, by their number: each account has it as an entry
    of its own. Nothing left opens the account empty. Gives how many accounts have a balance now."""
    owner = "household_id" if scheme.account == Scheme.Account.HOUSEHOLD else "member_id"
    _open_missing(scheme, owner, balances)
    known = Account.objects.filter(scheme=scheme, **{f"{owner}__in": list(balances)})
    entries = [
        _entry(one, amount, AccountEntry.Kind.OPENING, on, reference, by, at)
        for one in lock_all(list(known)).values()
        if (amount := balances[getattr(one, owner)])
    ]
    AccountEntry.objects.bulk_create(entries, TOGETHER)
    return len(entries)


@transaction.atomic
def credit_all(
    *, scheme: Scheme, shares: Mapping[int, Decimal], on: date, reference: str, by: Person, at: datetime
) -> int:
    """Many households or people are credited at once, by their number, once for a reference; whoever has no account is
    given one. Gives how many were credited; done again it does nothing. Raises CannotCredit where the reference was
    booked otherwise."""
    if any(amount <= 0 for amount in shares.values()):
        raise CannotCredit(_("The amount is more than nothing."))
    owner = _owner(scheme)
    _open_missing(scheme, owner, shares)
    accounts = lock_all(list(Account.objects.filter(scheme=scheme, **{f"{owner}__in": list(shares)})))
    whose = {getattr(one, owner): one for one in accounts.values()}
    booked = _booked(scheme, owner, reference)
    if booked and booked != dict(shares):
        raise CannotCredit(_("Another amount was booked for this already."))
    if booked:
        return 0
    kind = AccountEntry.Kind.CREDIT
    entries = [_entry(whose[pk], amount, kind, on, reference, by, at) for pk, amount in sorted(shares.items())]
    AccountEntry.objects.bulk_create(entries, TOGETHER)
    whole = sum(shares.values(), Decimal(0))
    trail.record("account.credited", scheme, by=by, at=at, amount=whole, reference=reference, accounts=len(entries))
    return len(entries)


@transaction.atomic
def take_credits_back(*, scheme: Scheme, reference: str, back: str, on: date, by: Person, at: datetime) -> int:
    """What was credited for a reference was a mistake: it is used up again, with a reference of its own. Gives how many
    accounts it was taken from. Raises CannotDebit where somebody has used it meanwhile; then nothing is booked."""
    found = AccountEntry.objects.filter(account__scheme=scheme, kind=AccountEntry.Kind.CREDIT, reference=reference)
    debits = [(one.account, one.amount, back) for one in found.select_related("account").order_by("account")]
    return len(debit_all(debits=debits, on=on, by=by, at=at)) if debits else 0


def _owner(scheme: Scheme) -> str:
    """Whose accounts a scheme keeps. Raises CannotCredit where it keeps none."""
    if scheme.account == Scheme.Account.NONE:
        raise CannotCredit(_("%(scheme)s keeps no such accounts.") % {"scheme": scheme})
    return "household_id" if scheme.account == Scheme.Account.HOUSEHOLD else "member_id"


def _open_missing(scheme: Scheme, owner: str, wanted: Iterable[int]) -> None:
    """Empty accounts for those who have none; who comes second finds them there."""
    numbers = set(wanted)
    known = Account.objects.filter(scheme=scheme, **{f"{owner}__in": numbers})
    missing = numbers - set(known.values_list(owner, flat=True))
    opened = [Account(scheme=scheme, **{owner: pk}) for pk in sorted(missing)]
    Account.objects.bulk_create(opened, TOGETHER, ignore_conflicts=True)


def _booked(scheme: Scheme, owner: str, reference: str) -> dict[int, Decimal]:
    """What was credited for a reference, by owner."""
    found = AccountEntry.objects.filter(account__scheme=scheme, kind=AccountEntry.Kind.CREDIT, reference=reference)
    return dict(found.values_list(f"account__{owner}", "amount"))


def lock_all(accounts: list[Account]) -> dict[int, Account]:
    """Several accounts as they are now, locked by number; inside a transaction."""
    found = Account.objects.select_for_update(of=["self"]).filter(pk__in=[one.pk for one in accounts]).order_by("pk")
    return {one.pk: one for one in found}


def _locked(account: Account, kind: str, reference: str) -> tuple[Account, AccountEntry | None]:
    current = lock_all([account])[account.pk]
    return current, current.entries.filter(kind=kind, reference=reference).first()


def _book(
    account: Account, amount: Decimal, kind: str, on: date, reference: str, by: Person, at: datetime
) -> AccountEntry:
    entry = _entry(account, amount, kind, on, reference, by, at)
    entry.save(force_insert=True)
    return entry


def _entry(
    account: Account, amount: Decimal, kind: str, on: date, reference: str, by: Person, at: datetime
) -> AccountEntry:
    """An entry of an account as it stands now, not kept yet."""
    return AccountEntry(
        account=account,
        on=on,
        kind=kind,
        amount=amount,
        balance_after=account.balance + amount,
        reference=reference,
        by=by,
        at=at,
    )
