"""Which bank account an account of the books is (银行账户): entered by one person, confirmed by another."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from funds.models.books import Account
from office.models import Person
from office.rules import masking


@pghistory.track()
class BankAccount(models.Model):
    """The account at a bank where the money of an account of the books lies; one is in force. Cash lies at no bank."""

    MOVES: ClassVar[dict[tuple[str, str], str]] = {
        ("", "proposed"): "",
        ("proposed", "confirmed"): "approved",
        ("proposed", "refused"): "refused",
        ("proposed", "withdrawn"): "",
        ("confirmed", "replaced"): "",
    }

    class State(models.TextChoices):
        PROPOSED = "proposed", _("to be confirmed")
        CONFIRMED = "confirmed", _("confirmed")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")
        REPLACED = "replaced", _("replaced")

    account = models.ForeignKey(
        Account, models.PROTECT, related_name="bank_accounts", verbose_name=pgettext_lazy("books", "account")
    )
    holder = models.CharField(_("account holder"), max_length=60)
    bank = models.CharField(_("bank"), max_length=60)
    code = models.CharField(_("code of the bank"), max_length=12, blank=True, default="")  # 联行号
    number = models.CharField(_("account number"), max_length=32)
    document = models.CharField(_("paper"), max_length=100)
    since = models.DateField(_("in use since"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("entered by"))
    proposed_at = models.DateTimeField(_("entered at"))

    class Meta:
        verbose_name = _("bank account")
        ordering: ClassVar[list[str]] = ["account", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(state="confirmed"), name="bank_account_one_in_force"
            ),
            models.UniqueConstraint(
                fields=["account"], condition=Q(state="proposed"), name="bank_account_one_change_at_a_time"
            ),
            models.UniqueConstraint(
                fields=["number"], condition=Q(state__in=["proposed", "confirmed"]), name="bank_account_number_once"
            ),
            models.CheckConstraint(
                name="bank_account_is_whole",
                condition=~Q(holder="")
                & ~Q(bank="")
                & ~Q(document="")
                & Q(number__regex=r"^[0-9]{8,32}$")
                & Q(code__regex=r"^([0-9]{12})?$"),
            ),
            models.CheckConstraint(
                name="bank_account_state_is_known",
                condition=Q(state__in=["proposed", "confirmed", "refused", "withdrawn", "replaced"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bank} {self.masked_number}"

    @property
    def masked_number(self) -> str:
        """The number with its middle hidden."""
        return masking.masked_account(self.number)
