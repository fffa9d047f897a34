"""Settling with providers (结算): terms of retention, prepayments, payments of settlements, assessments of a year."""

from __future__ import annotations

from decimal import Decimal

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from claims.models import ClaimPart, Provider, Settlement
from funds.models.asked import Asked

NOTHING = Decimal(0)
LIVE = Q(state__in=Asked.LIVE)


@pghistory.track()
class RetentionTerm(Asked):
    """How much is kept back of what providers are owed (保证金比例), and from which scores it is given back.

    It holds from `on` until a later one of the same scope: of one provider, of a level, or of all.
    """

    provider = models.ForeignKey(
        Provider, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("provider")
    )
    level = models.CharField(
        pgettext_lazy("provider", "level"), max_length=10, choices=Provider.Level.choices, blank=True, default=""
    )
    percent = models.DecimalField(_("kept back, percent"), max_digits=5, decimal_places=2)
    full_score = models.DecimalField(_("all is given back from this score"), max_digits=5, decimal_places=2, default=90)
    floor_score = models.DecimalField(_("nothing is given back below"), max_digits=5, decimal_places=2, default=60)

    class Meta(Asked.Meta):
        verbose_name = _("terms of retention")
        constraints = [
            *Asked.Meta.constraints,
            models.CheckConstraint(name="retention_is_a_share", condition=Q(percent__range=(0, 30))),
            models.CheckConstraint(
                name="retention_scores_rise",
                condition=Q(floor_score__gte=0, floor_score__lte=F("full_score"), full_score__lte=100),
            ),
            models.CheckConstraint(name="retention_has_one_scope", condition=Q(provider__isnull=True) | Q(level="")),
            models.CheckConstraint(
                name="retention_level_is_known",
                condition=Q(level__in=["", "village", "township", "county", "city", "province"]),
            ),
            models.UniqueConstraint(
                fields=["book", "provider", "level", "on"],
                condition=LIVE,
                nulls_distinct=False,
                name="retention_term_once_a_day",
            ),
        ]


@pghistory.track()
class Prepayment(Asked):
    """Money that a hospital gets ahead of its settlements of a year (总额预付)."""

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", verbose_name=_("provider"))
    year = models.PositiveSmallIntegerField(_("fund year"))
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)

    class Meta(Asked.Meta):
        verbose_name = _("prepayment")
        indexes = [models.Index(fields=["provider", "book"], name="prepayment_of_provider")]
        constraints = [
            *Asked.Meta.constraints,
            models.CheckConstraint(name="prepayment_is_of_something", condition=Q(amount__gt=NOTHING)),
        ]


@pghistory.track()
class ProviderPayment(Asked):
    """What is paid on a settlement (结算支付核定): its payable parts, less what is kept back and what was prepaid.

    `sha256` is that of its parts, as of a settlement. A part that could not be paid then comes with a further one.
    """

    settlement = models.ForeignKey(Settlement, models.PROTECT, related_name="+", verbose_name=_("settlement"))
    gross = models.DecimalField(_("payable"), max_digits=16, decimal_places=2)
    percent = models.DecimalField(_("kept back, percent"), max_digits=5, decimal_places=2)
    retained = models.DecimalField(_("kept back"), max_digits=16, decimal_places=2)
    set_off = models.DecimalField(_("set off against prepayments"), max_digits=16, decimal_places=2)
    amount = models.DecimalField(_("amount"), max_digits=16, decimal_places=2)
    spending = models.JSONField(_("by account"))  # purpose of the account -> "amount"
    sha256 = models.CharField("SHA-256", max_length=64)

    class Meta(Asked.Meta):
        verbose_name = _("payment of a settlement")
        constraints = [
            *Asked.Meta.constraints,
            models.CheckConstraint(
                name="provider_payment_adds_up",
                condition=Q(gross=F("amount") + F("retained") + F("set_off"), gross__gt=NOTHING),
            ),
            models.CheckConstraint(
                name="provider_payment_is_no_debt",
                condition=Q(amount__gte=NOTHING, retained__gte=NOTHING, set_off__gte=NOTHING, percent__gte=NOTHING),
            ),
            models.CheckConstraint(name="provider_payment_has_its_hash", condition=Q(sha256__regex="^[0-9a-f]{64}$")),
            models.UniqueConstraint(
                fields=["settlement"], condition=Q(state="proposed"), name="provider_payment_one_at_a_time"
            ),
        ]


class ProviderPart(models.Model):
    """A part of a claim in a payment of its settlement; in one that was not refused, each part stands once."""

    payment = models.ForeignKey(
        ProviderPayment, models.PROTECT, related_name="parts", verbose_name=_("payment of a settlement")
    )
    part = models.ForeignKey(ClaimPart, models.PROTECT, related_name="+", verbose_name=_("part of a claim"))

    class Meta:
        verbose_name = _("part in a payment of a settlement")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["payment", "part"], name="provider_part_once_a_payment")]

    def __str__(self) -> str:
        return f"{self.payment}: {self.part}"


@pghistory.track()
class Assessment(Asked):
    """A provider's year as it was assessed (年度考核), and what is given back of what was kept of that year."""

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", verbose_name=_("provider"))
    year = models.PositiveSmallIntegerField(_("year"))
    score = models.DecimalField(_("score"), max_digits=5, decimal_places=2)
    retained = models.DecimalField(_("kept back of the year"), max_digits=16, decimal_places=2)
    amount = models.DecimalField(_("given back"), max_digits=16, decimal_places=2)

    class Meta(Asked.Meta):
        verbose_name = _("assessment of a provider's year")
        constraints = [
            *Asked.Meta.constraints,
            models.CheckConstraint(name="assessment_score_is_known", condition=Q(score__range=(0, 100))),
            models.CheckConstraint(
                name="assessment_gives_back_what_was_kept",
                condition=Q(retained__gt=NOTHING, amount__gte=NOTHING, amount__lte=F("retained")),
            ),
            models.UniqueConstraint(fields=["book", "provider", "year"], condition=LIVE, name="assessment_once_a_year"),
        ]

    @property
    def forfeited(self) -> Decimal:
        """What is not given back and becomes other income of the fund."""
        return self.retained - self.amount
