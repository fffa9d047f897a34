"""What an office brings along of claims when it begins in the middle of a year (初始化): invoices used, counters."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claims.models.checking import BenefitCounter
from enrollment.models import GoLiveProtocol


class UsedInvoice(models.Model):
    """An invoice that was paid before this system began; it serves no claim here any more. Only ever added to."""

    protocol = models.ForeignKey(GoLiveProtocol, models.PROTECT, related_name="+", verbose_name=_("protocol"))
    type_code = models.CharField(_("type code"), max_length=20)
    number = models.CharField(_("number of the invoice"), max_length=24)
    year = models.PositiveSmallIntegerField(_("year"))
    words = models.CharField(_("claim it was paid with"), max_length=120, blank=True, default="")

    class Meta:
        verbose_name = _("invoice used before")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["type_code", "number", "year"], name="used_invoice_once"),
            models.CheckConstraint(
                name="used_invoice_is_whole", condition=Q(year__range=(1990, 2100)) & ~Q(type_code="") & ~Q(number="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type_code} {self.number}"


class CounterOpening(models.Model):
    """What a person had used of a year before this system began; the counter follows by itself. Only ever added to."""

    protocol = models.ForeignKey(GoLiveProtocol, models.PROTECT, related_name="+", verbose_name=_("protocol"))
    counter = models.OneToOneField(BenefitCounter, models.PROTECT, related_name="opening", verbose_name=_("counter"))
    amount = models.DecimalField(_("used before"), max_digits=14, decimal_places=2)

    class Meta:
        verbose_name = _("opening of a counter")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(name="counter_opening_is_of_something", condition=Q(amount__gt=Decimal(0)))
        ]

    def __str__(self) -> str:
        return f"{self.counter}: {self.amount}"
