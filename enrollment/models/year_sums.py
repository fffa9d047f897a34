"""What a fund year comes to (年度汇总): follows every coverage and contribution, moved by the database alone."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from enrollment.models.schemes import FundYear


class OfYear(models.Model):
    """Standing coverages of a fund year that come from a contribution, one for each record of a person; contributions
    that are not void, in yuan, by who paid."""

    coverages = models.IntegerField(_("coverages"), default=0)
    own = models.DecimalField(_("paid by the household"), max_digits=16, decimal_places=2, default=Decimal(0))
    assisted = models.DecimalField(_("paid by medical assistance"), max_digits=16, decimal_places=2, default=Decimal(0))
    collective = models.DecimalField(_("paid by the collective"), max_digits=16, decimal_places=2, default=Decimal(0))

    class Meta:
        abstract = True


class YearMove(OfYear):
    """By how much one statement of the program moved a fund year, until its transaction ends.

    Then the year follows and the move is gone, so that nobody waits for a roster that is being written.
    """

    fund_year = models.ForeignKey(FundYear, models.PROTECT, related_name="+", verbose_name=_("fund year"))

    class Meta:
        verbose_name = _("move of a fund year")
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.fund_year)


class YearSum(OfYear):
    """What a fund year comes to. The database alone moves it."""

    fund_year = models.OneToOneField(FundYear, models.PROTECT, related_name="+", verbose_name=_("fund year"))

    class Meta:
        verbose_name = _("sums of a fund year")
        ordering = ["fund_year"]

    def __str__(self) -> str:
        return str(self.fund_year)
