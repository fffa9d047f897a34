"""Money of findings: letters that demand it back (追回), and the postings that say that it came."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.models.findings import Finding
from funds.models import Posting
from office.models import Person

NOTHING = Decimal(0)


class Demand(models.Model):
    """A letter that demands money back (追回通知书), frozen as it went out; a second one is sent beside the first."""

    finding = models.ForeignKey(
        Finding, models.PROTECT, related_name="demands", verbose_name=pgettext_lazy("audit", "finding")
    )
    number = models.CharField(_("number"), max_length=40, unique=True)
    payer = models.CharField(pgettext_lazy("audit", "to whom"), max_length=100)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    pay_by = models.DateField(_("pay by"))
    made_on = models.DateField(pgettext_lazy("audit", "made on"))
    made_by = models.ForeignKey(
        Person, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("audit", "made by")
    )
    made_at = models.DateTimeField(pgettext_lazy("audit", "made at"))

    class Meta:
        verbose_name = _("demand for money")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="demand_is_of_something", condition=Q(amount__gt=NOTHING, pay_by__gt=F("made_on")) & ~Q(payer="")
            )
        ]

    def __str__(self) -> str:
        return self.number


@pghistory.track()
class BookedMoney(models.Model):
    """A posting that stands for a finding: money that came back, or a voucher that put the books right.

    It has no amount of its own: what was recovered is the sum of the ledger. One posting stands for one finding.
    """

    MOVES: ClassVar[frozenset[tuple[str, str]]] = frozenset({("", "standing"), ("standing", "void")})

    class Kind(models.TextChoices):
        RECOVERED = "recovered", _("money that came back")
        CORRECTED = "corrected", _("books put right")

    class State(models.TextChoices):
        STANDING = "standing", pgettext_lazy("link", "standing")
        VOID = "void", pgettext_lazy("link", "void")

    finding = models.ForeignKey(
        Finding, models.PROTECT, related_name="money", verbose_name=pgettext_lazy("audit", "finding")
    )
    posting = models.ForeignKey(Posting, models.PROTECT, related_name="+", verbose_name=_("posting"))
    kind = models.CharField(_("kind"), max_length=9, choices=Kind.choices)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.STANDING)
    reason = models.CharField(pgettext_lazy("audit", "reason"), max_length=200, blank=True, default="")
    linked_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("linked by"))
    linked_at = models.DateTimeField(_("linked at"))

    class Meta:
        verbose_name = _("posting of a finding")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["posting"], condition=Q(state="standing"), name="booked_money_once"),
            models.CheckConstraint(name="booked_money_kind_is_known", condition=Q(kind__in=["recovered", "corrected"])),
            models.CheckConstraint(
                name="booked_money_void_says_why",
                condition=Q(state="standing", reason="") | Q(state="void") & ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.finding}: {self.posting}"
