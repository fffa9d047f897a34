"""What the books say of a sheet's money: deposited, confirmed by the bank, or not after all.

`funds` calls these inside its own transaction when it books a deposit or matches a statement; no page does. The right
is the caller's to check, the sheet's way is checked here and by the database.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from enrollment.models import CollectionSheet
from office import trail
from office.models import Person

State = CollectionSheet.State


class CannotDeposit(Exception):
    """The sheets stay as they were; the message is written for the accountant."""


@transaction.atomic
def mark_deposited(
    *, sheets: Iterable[CollectionSheet], on: date, slip: str, by: Person, at: datetime
) -> dict[int, Decimal]:
    """The cash of these sheets was paid in at the bank with one slip; gives each sheet's cash in yuan.

    Raises CannotDeposit where one of them is not handed in, or was handed in later than that day.
    """
    if not slip.strip():
        raise CannotDeposit(_("Say with which slip."))
    current = _locked(sheets, State.HANDED_IN)
    for sheet in current:
        if sheet.handed_in_on is None or sheet.handed_in_on > on:
            raise CannotDeposit(_("Sheet %(sheet)s was handed in later.") % {"sheet": sheet})
    _move(current, state=State.DEPOSITED, deposited_on=on, deposit_slip=slip.strip())
    with trail.together():
        for sheet in current:
            trail.record("sheet.deposited", sheet, by=by, at=at, cash=sheet.cash, slip=slip)
    return {sheet.pk: sheet.cash or Decimal(0) for sheet in current}


@transaction.atomic
def take_deposit_back(*, sheets: Iterable[CollectionSheet], reason: str, by: Person, at: datetime) -> None:
    """The deposit was booked by mistake: the sheets are handed in, no more. Raises CannotDeposit."""
    current = _locked(sheets, State.DEPOSITED)
    _move(current, state=State.HANDED_IN, deposited_on=None, deposit_slip="")
    with trail.together():
        for sheet in current:
            trail.record("sheet.deposit-taken-back", sheet, by=by, at=at, reason=reason)


@transaction.atomic
def mark_confirmed(*, sheets: Iterable[CollectionSheet], on: date, by: Person, at: datetime) -> None:
    """The bank's statement shows the money of these sheets on a day. Raises CannotDeposit."""
    current = _locked(sheets, State.DEPOSITED)
    _move(current, state=State.CONFIRMED, confirmed_on=on)
    with trail.together():
        for sheet in current:
            trail.record("sheet.confirmed", sheet, by=by, at=at, on=on)


@transaction.atomic
def take_confirmation_back(*, sheets: Iterable[CollectionSheet], reason: str, by: Person, at: datetime) -> None:
    """The statement was matched by mistake: the sheets are deposited, no more. Raises CannotDeposit."""
    current = _locked(sheets, State.CONFIRMED)
    _move(current, state=State.DEPOSITED, confirmed_on=None)
    with trail.together():
        for sheet in current:
            trail.record("sheet.confirmation-taken-back", sheet, by=by, at=at, reason=reason)


def _locked(sheets: Iterable[CollectionSheet], state: str) -> list[CollectionSheet]:
    """The sheets as they are now, locked in the order of their numbers, all in one state."""
    wanted = [sheet.pk for sheet in sheets]
    found = CollectionSheet.objects.filter(pk__in=wanted).order_by("pk")
    current = list(found.select_for_update(of=["self"], no_key=True))
    for sheet in current:
        if sheet.state != state:
            raise CannotDeposit(_("Sheet %(sheet)s: %(state)s.") % {"sheet": sheet, "state": sheet.get_state_display()})
    return current


def _move(sheets: Iterable[CollectionSheet], **to: object) -> None:
    """Locked sheets come to where one paper of the bank brings them all: one statement however many they are."""
    CollectionSheet.objects.filter(pk__in=[sheet.pk for sheet in sheets]).update(**to)
