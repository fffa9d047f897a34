"""The sheet that proves books and bank against each other (余额调节表), and cash that is counted (现金盘点)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from funds.models.books import Account
from office.models import Person

AMOUNT: dict[str, Any] = {"max_digits": 16, "decimal_places": 2}


@pghistory.track()
class Reconciliation(models.Model):
    """Books and bank of an account on a day (余额调节表): what one side has and the other not yet brings both to the
    same sum. Made by one, confirmed by another, neither of them the cashier; `content` names every item."""

    MOVES: ClassVar[dict[tuple[str, str], str]] = {
        ("", "proposed"): "",
        ("proposed", "confirmed"): "approved",
        ("proposed", "refused"): "refused",
        ("proposed", "withdrawn"): "",
        ("confirmed", "withdrawn"): "",
    }

    class State(models.TextChoices):
        PROPOSED = "proposed", _("to be confirmed")
        CONFIRMED = "confirmed", _("confirmed")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")

    account = models.ForeignKey(Account, models.PROTECT, related_name="reconciliations", verbose_name=_("account"))
    on = models.DateField(_("day"))
    book_balance = models.DecimalField(_("balance of the books"), **AMOUNT)
    statement_balance = models.DecimalField(_("balance of the statement"), **AMOUNT)
    bank_in = models.DecimalField(_("came in at the bank, not in the books"), **AMOUNT)
    bank_out = models.DecimalField(_("went out at the bank, not in the books"), **AMOUNT)
    book_in = models.DecimalField(_("came in in the books, not at the bank"), **AMOUNT)
    book_out = models.DecimalField(_("went out in the books, not at the bank"), **AMOUNT)
    content = models.JSONField(_("items"))
    sha256 = models.CharField(max_length=64)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PROPOSED)
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("reconciliation sheet")
        ordering: ClassVar[list[str]] = ["-on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "on"],
                condition=Q(state__in=["proposed", "confirmed"]),
                name="reconciliation_one_of_a_day",
            ),
            models.CheckConstraint(
                name="reconciliation_comes_out",
                condition=Q(
                    book_balance=F("statement_balance") + F("book_in") - F("book_out") - F("bank_in") + F("bank_out")
                ),
            ),
            models.CheckConstraint(
                name="reconciliation_items_are_sums",
                condition=Q(
                    bank_in__gte=Decimal(0), bank_out__gte=Decimal(0), book_in__gte=Decimal(0), book_out__gte=Decimal(0)
                ),
            ),
            models.CheckConstraint(name="reconciliation_has_its_hash", condition=Q(sha256__regex="^[0-9a-f]{64}$")),
            models.CheckConstraint(
                name="reconciliation_state_is_known",
                condition=Q(state__in=["proposed", "confirmed", "refused", "withdrawn"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.on:%Y-%m-%d}"

    @property
    def adjusted(self) -> Decimal:
        """What both sides come to."""
        return self.book_balance + self.bank_in - self.bank_out

    @property
    def outstanding(self) -> Decimal:
        """How much hangs between them, either way."""
        return self.bank_in + self.bank_out + self.book_in + self.book_out


@pghistory.track()
class CashCount(models.Model):
    """Cash counted at the end of a day (现金盘点): by denominations, by the cashier, confirmed by somebody who counted
    along; beside what the books say. A difference is explained."""

    MOVES: ClassVar[frozenset[tuple[str, str]]] = frozenset({("", "noted"), ("noted", "confirmed"), ("noted", "void")})

    class State(models.TextChoices):
        NOTED = "noted", _("to be counted again by another")
        CONFIRMED = "confirmed", _("confirmed")
        VOID = "void", pgettext_lazy("cash count", "void")

    account = models.ForeignKey(Account, models.PROTECT, related_name="cash_counts", verbose_name=_("account"))
    on = models.DateField(_("day"))
    pieces = models.JSONField(_("pieces"))  # by denomination in yuan, "100.00": 3
    counted = models.DecimalField(_("counted"), **AMOUNT)
    book_balance = models.DecimalField(_("balance of the books"), **AMOUNT)
    explanation = models.CharField(_("explanation"), max_length=200, blank=True, default="")
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.NOTED)
    counted_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("counted by"))
    counted_at = models.DateTimeField(_("counted at"))
    confirmed_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("counted along by")
    )
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("cash count")
        ordering: ClassVar[list[str]] = ["-on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "on"], condition=~Q(state="void"), name="cash_count_one_of_a_day"
            ),
            models.CheckConstraint(name="cash_count_is_a_sum", condition=Q(counted__gte=Decimal(0))),
            models.CheckConstraint(
                name="cash_count_difference_is_explained",
                condition=Q(counted=F("book_balance")) | ~Q(explanation=""),
            ),
            models.CheckConstraint(
                name="cash_count_is_of_two",
                condition=Q(state="confirmed", confirmed_by__isnull=False, confirmed_at__isnull=False)
                & ~Q(confirmed_by=F("counted_by"))
                | ~Q(state="confirmed") & Q(confirmed_by=None, confirmed_at=None),
            ),
            models.CheckConstraint(
                name="cash_count_state_is_known", condition=Q(state__in=["noted", "confirmed", "void"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.on:%Y-%m-%d}"

    @property
    def difference(self) -> Decimal:
        """What was counted too much (长款), or below nothing too little (短款)."""
        return self.counted - self.book_balance
