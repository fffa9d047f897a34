"""What everything begins with that compares books with banks and cash: who may not, what must be said, what is locked.

Order of locks: the bank account, the account of the books; both come before whatever settles a payment or a slip.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import models, transaction
from django.utils.translation import gettext as _

from funds.models import Account
from office import trail
from office.models import Duty, Person
from office.rules import days

Given = ParamSpec("Given")
Done = TypeVar("Done")


class CannotReconcile(Exception):
    """All stays as it was; the message is written for the accountant, `field` is what of his form it is about."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


def refusing(act: str, about: str) -> Callable[[Callable[Given, Done]], Callable[Given, Done]]:
    """A service in one transaction; a refusal is written as an act after the rollback. `about` names the argument that
    the act is about, if it is a record."""

    def around(service: Callable[Given, Done]) -> Callable[Given, Done]:
        @wraps(service)
        def tried(*none: Given.args, **given: Given.kwargs) -> Done:
            try:
                with transaction.atomic():
                    return service(*none, **given)
            except CannotReconcile as refusal:
                told: dict[str, Any] = given
                subject = told[about]
                found = subject if isinstance(subject, models.Model) else None
                trail.refused(act, found, by=told["by"], at=told["at"], reason=str(refusal))
                raise

        return tried

    return around


def said(text: str, field: str) -> str:
    """Words that must not be missing. Raises CannotReconcile."""
    if not text.strip():
        raise CannotReconcile(_("Say it in words."), field)
    return text.strip()


def refuse_cashier(by: Person, at: datetime) -> None:
    """Whoever handles the money does not compare it with the books. Raises CannotReconcile."""
    if by.appointments.on(days.business_day(at)).filter(duty=Duty.CASHIER).exists():
        raise CannotReconcile(_("The cashier does not reconcile what he handles."))


def lock_account(account: Account) -> Account:
    """The account as it is now; whoever matches on it waits."""
    found = Account.objects.select_for_update(no_key=True, of=["self"]).select_related("book__scheme")
    return found.get(pk=account.pk)
