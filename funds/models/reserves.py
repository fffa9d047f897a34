"""Premiums for critical-illness cover (大病保险保费), the risk fund (风险基金), and money that comes back (追回)."""

from __future__ import annotations

from decimal import Decimal

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from claims.models import Claim, Provider
from funds.models.asked import Asked
from funds.models.books import Account

NOTHING = Decimal(0)
LIVE = Q(state__in=Asked.LIVE)


@pghistory.track()
class Premium(Asked):
    """A premium for critical-illness cover (购买大病保险): so many people at so much a head, under a contract.

    `paper` is the contract with its number; it is paid in instalments, each with its share in percent.
    """

    year = models.PositiveSmallIntegerField(_("fund year"))
    instalment = models.PositiveSmallIntegerField(_("instalment"), default=1)
    heads = models.PositiveIntegerField(_("people"))
    per_head = models.DecimalField(_("amount a head"), max_digits=10, decimal_places=2)
    share = models.DecimalField(_("paid with this instalment, percent"), max_digits=5, decimal_places=2, default=100)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    insurer = models.CharField(_("insurer"), max_length=60)
    bank = models.CharField(_("bank"), max_length=60)
    account = models.CharField(_("account number"), max_length=32)

    class Meta(Asked.Meta):
        verbose_name = _("critical-illness premium")
        constraints = [
            *Asked.Meta.constraints,
            models.CheckConstraint(
                name="premium_is_a_share_of_heads_times_rate",
                condition=Q(
                    share__gt=NOTHING,
                    share__lte=100,
                    heads__gt=0,
                    per_head__gt=NOTHING,
                    amount__gte=F("heads") * F("per_head") * F("share") / 100 - Decimal("0.005"),
                    amount__lte=F("heads") * F("per_head") * F("share") / 100 + Decimal("0.005"),
                ),
            ),
            models.CheckConstraint(
                name="premium_payee_is_whole",
                condition=~Q(insurer="") & ~Q(bank="") & Q(account__regex=r"^[0-9]{8,32}$"),
            ),
            models.UniqueConstraint(
                fields=["book", "year", "instalment"], condition=LIVE, name="premium_instalment_once"
            ),
        ]


@pghistory.track()
class RiskMove(Asked):
    """A move of the risk fund: extracted from the pool, deposited with the province, given back by it, drawn for a
    deficit. `raised` is the year's raising by which it was measured, `room` what it could be of at most."""

    class Kind(models.TextChoices):
        EXTRACTED = "extracted", _("extracted from the pool fund")
        DEPOSITED = "deposited", _("deposited with the province")
        GIVEN_BACK = "given_back", _("given back by the province")
        DRAWN = "drawn", _("drawn for a deficit")

    kind = models.CharField(_("move"), max_length=10, choices=Kind.choices)
    year = models.PositiveSmallIntegerField(_("fund year"))
    raised = models.DecimalField(_("raised in the year"), max_digits=16, decimal_places=2)
    room = models.DecimalField(_("at most"), max_digits=16, decimal_places=2)
    amount = models.DecimalField(_("amount"), max_digits=16, decimal_places=2)

    class Meta(Asked.Meta):
        verbose_name = _("move of the risk fund")
        constraints = [
            *Asked.Meta.constraints,
            models.CheckConstraint(
                name="risk_move_keeps_to_its_limit",
                condition=Q(amount__gt=NOTHING, amount__lte=F("room"), raised__gte=NOTHING),
            ),
            models.CheckConstraint(
                name="risk_move_kind_is_known", condition=Q(kind__in=["extracted", "deposited", "given_back", "drawn"])
            ),
            models.UniqueConstraint(fields=["book"], condition=Q(state="proposed"), name="risk_move_one_at_a_time"),
        ]


@pghistory.track()
class Recovery(Asked):
    """Money that came back to the fund (追回、退回): from a provider or a person who was paid too much, or an insurer's
    surplus. `on` is the day of the bank's slip; `account` where it came in, `spent_in` the year it was spent in."""

    class Source(models.TextChoices):
        PROVIDER = "provider", _("provider")
        PERSON = "person", _("person")
        INSURER = "insurer", _("insurer's surplus")

    source = models.CharField(_("from whom"), max_length=10, choices=Source.choices)
    payer = models.CharField(_("paid in by"), max_length=60)
    provider = models.ForeignKey(
        Provider, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("provider")
    )
    claim = models.ForeignKey(Claim, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("claim"))
    spent_in = models.PositiveSmallIntegerField(_("spent in the year"))
    is_of_household_account = models.BooleanField(_("of the household account"), default=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name=_("came in on"))
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)

    class Meta(Asked.Meta):
        verbose_name = _("money recovered")
        constraints = [
            *Asked.Meta.constraints,
            models.CheckConstraint(name="recovery_is_of_something", condition=Q(amount__gt=NOTHING) & ~Q(payer="")),
            models.CheckConstraint(
                name="recovery_source_is_known",
                condition=Q(source="provider", provider__isnull=False)
                | Q(source="person", provider__isnull=True)
                | Q(source="insurer", provider__isnull=True, claim__isnull=True),
            ),
            models.CheckConstraint(name="recovery_was_spent_before", condition=Q(spent_in__lte=F("on__year"))),
            models.UniqueConstraint(fields=["book", "paper"], condition=LIVE, name="recovery_slip_once"),
        ]
