"""Contributions given back before their year starts (退费)."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from enrollment.models.coverage import Contribution
from enrollment.models.divisions import in_sight
from office.models import Person


class RefundQuerySet(models.QuerySet["Refund"]):
    def visible_to(self, person: Person, right: str = "enrollment.view_refund") -> RefundQuerySet:
        """Those of the townships that a person's bodies serve."""
        return self.filter(in_sight(person, right, "contribution__member__household__village__"))


@pghistory.track(level=pgtrigger.Statement)
class Refund(models.Model):
    """A contribution given back before its year starts (退费): asked for by one, approved by another, paid by funds.

    The receipt stays: it proves that the money came in; the refund proves that it left. Approved, the contribution and
    its coverage are void. Yuan.
    """

    MOVES: ClassVar[dict[tuple[str, str], str]] = {
        ("", "proposed"): "",
        ("proposed", "approved"): "approved",
        ("proposed", "refused"): "refused",
        ("proposed", "withdrawn"): "",
        ("approved", "paid"): "",
    }

    class State(models.TextChoices):
        PROPOSED = "proposed", _("to be approved")
        APPROVED = "approved", _("approved, to be paid")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")
        PAID = "paid", _("paid")

    contribution = models.ForeignKey(Contribution, models.PROTECT, related_name="+", verbose_name=_("contribution"))
    amount = models.DecimalField(_("amount"), max_digits=10, decimal_places=2)
    reason = models.CharField(_("reason"), max_length=200)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("entered by"))
    proposed_at = models.DateTimeField(_("entered at"))

    objects = RefundQuerySet.as_manager()

    class Meta:
        verbose_name = _("refund")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["contribution"],
                condition=Q(state__in=["proposed", "approved", "paid"]),
                name="refund_once_for_a_contribution",
            ),
            models.CheckConstraint(name="refund_is_of_money", condition=Q(amount__gt=Decimal(0))),
            models.CheckConstraint(name="refund_says_why", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.contribution.member} · {self.contribution.fund_year} · {self.amount}"


class RefundPayment(models.Model):
    """That a refund was paid, as whoever keeps the books says it (退费支付). Only ever added to."""

    refund = models.OneToOneField(Refund, models.PROTECT, related_name="payment", verbose_name=_("refund"))
    on = models.DateField(_("paid on"))
    reference = models.CharField(_("payment"), max_length=60)
    noted_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("noted by"))
    noted_at = models.DateTimeField(_("noted at"))

    class Meta:
        verbose_name = _("payment of a refund")
        ordering = ["pk"]
        constraints = [models.CheckConstraint(name="refund_payment_says_which", condition=~Q(reference=""))]

    def __str__(self) -> str:
        return self.reference
