"""What was granted by month (月度汇总): sums that follow every decision, moved by the database alone."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claims.models.claims import Kind
from claims.models.providers import Provider
from enrollment.models import Scheme


class Counted(models.Model):
    """What claims of a scheme, a kind and a level and region of hospital come to in a month of their decision, in yuan.

    `times` are approvals less those taken back; `struck` is what documents asked for in rows that were struck out.
    """

    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="+", verbose_name=_("scheme"))
    month = models.DateField(_("month"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    level = models.CharField(_("level"), max_length=10, choices=Provider.Level.choices)
    region = models.CharField(_("region"), max_length=8, choices=Provider.Region.choices)
    times = models.IntegerField(_("times"), default=0)
    total = models.DecimalField(_("total cost"), max_digits=18, decimal_places=2, default=Decimal(0))
    cut = models.DecimalField(_("cut"), max_digits=18, decimal_places=2, default=Decimal(0))
    struck = models.DecimalField(_("struck out"), max_digits=18, decimal_places=2, default=Decimal(0))
    eligible = models.DecimalField(_("eligible cost"), max_digits=18, decimal_places=2, default=Decimal(0))
    own_items = models.DecimalField(_("own items"), max_digits=18, decimal_places=2, default=Decimal(0))
    fund_pays = models.DecimalField(_("funds pay"), max_digits=18, decimal_places=2, default=Decimal(0))
    patient_pays = models.DecimalField(_("patient pays"), max_digits=18, decimal_places=2, default=Decimal(0))
    ceilings = models.IntegerField(_("claims at a ceiling"), default=0)
    floors = models.IntegerField(_("claims raised to the floor"), default=0)

    class Meta:
        abstract = True


class MonthMove(Counted):
    """By how much one statement of the program moved a month: what it approved, granted on appeal, took back, settled.

    Only ever added to, by the database; at the end of the transaction the month follows, so that nobody waits for
    somebody else's claims in between.
    """

    class Meta:
        verbose_name = _("move of a month of claims")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(name="month_move_is_of_a_month", condition=Q(month__day=1)),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.kind}"


class MonthSum(Counted):
    """What a month's decisions come to. The database alone moves it."""

    class Meta:
        verbose_name = _("month of claims")
        ordering = ["scheme", "month", "kind", "level", "region"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "month", "kind", "level", "region"], name="month_sum_once"),
            models.CheckConstraint(name="month_sum_is_of_a_month", condition=Q(month__day=1)),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.kind}"
