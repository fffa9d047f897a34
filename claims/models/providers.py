"""Providers (医疗机构) and their agreements with the office: where people are treated, and on what terms."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import ClassVar

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from claims.models.searching import called
from enrollment.models import Division, Scheme
from office.models import Body, Person
from office.rules import masking


class ProviderQuerySet(models.QuerySet["Provider"]):
    def open_on(self, day: date) -> ProviderQuerySet:
        """Those that treat people on a day."""
        return self.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=day))

    def called(self, typed: str) -> ProviderQuerySet:
        """Those whom somebody means who types this: by code, name or pinyin initials."""
        return self.filter(called(typed))


@pghistory.track()
class Provider(models.Model):
    """A hospital, health centre or village clinic (医疗机构), inside the county or outside.

    `tier` (医院等级 1-3), `level` and `region` are what benefit plans ask for. A provider with a `body` has a desk of
    its own in the system and sees its own claims. `phone` is whom a verification calls.
    """

    class Level(models.TextChoices):
        VILLAGE = "village", _("village clinic")
        TOWNSHIP = "township", _("township health centre")
        COUNTY = "county", _("county hospital")
        CITY = "city", _("city hospital")
        PROVINCE = "province", _("provincial hospital")

    class Region(models.TextChoices):
        COUNTY = "county", _("inside the county")
        OUTSIDE = "outside", _("outside the county")

    code = models.CharField(_("code"), max_length=24, unique=True)
    name = models.CharField(_("name"), max_length=100)
    search_keys = ArrayField(models.CharField(max_length=60), default=list, editable=False)
    level = models.CharField(pgettext_lazy("provider", "level"), max_length=10, choices=Level.choices)
    tier = models.PositiveSmallIntegerField(_("tier"))
    region = models.CharField(pgettext_lazy("provider", "region"), max_length=8, choices=Region.choices)
    division = models.ForeignKey(
        Division, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("division")
    )
    body = models.OneToOneField(
        Body, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("its own desk")
    )
    phone = models.CharField(_("phone"), max_length=40, blank=True, default="")
    address = models.CharField(pgettext_lazy("provider", "address"), max_length=120, blank=True, default="")
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("changed by"))
    changed_at = models.DateTimeField(_("changed at"))

    objects = ProviderQuerySet.as_manager()

    class Meta:
        verbose_name = _("provider")
        ordering = ["code"]
        indexes = [
            GinIndex(fields=["search_keys"], name="provider_search_keys"),
            models.Index(fields=["name"], name="provider_name_prefix", opclasses=["text_pattern_ops"]),
        ]
        constraints = [
            models.CheckConstraint(name="provider_is_named", condition=~Q(code="") & ~Q(name="")),
            models.CheckConstraint(name="provider_tier_is_known", condition=Q(tier__range=(1, 3))),
            models.CheckConstraint(
                name="provider_level_is_known",
                condition=Q(level__in=["village", "township", "county", "city", "province"]),
            ),
            models.CheckConstraint(name="provider_region_is_known", condition=Q(region__in=["county", "outside"])),
            models.CheckConstraint(
                name="provider_with_a_desk_is_inside", condition=Q(body__isnull=True) | Q(region="county")
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def on(self, day: date) -> AgreementQuerySet:
        """Those in force on a day."""
        return self.filter(period__contains=day)


@pghistory.track()
class Agreement(models.Model):
    """A provider's agreement with a scheme (定点协议): on its days the provider is designated (定点、协议) for it.

    Where it names one, a stay costs no more than `average` on average (次均费用).
    `is_instant`: the hospital pays the patient at once what the fund owes him and is paid itself (即时结报).
    """

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="agreements", verbose_name=_("provider"))
    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="+", verbose_name=_("scheme"))
    number = models.CharField(_("number of the agreement"), max_length=60)
    period = DateRangeField(pgettext_lazy("agreement", "in force"))
    average = models.DecimalField(
        _("agreed average cost of a stay, yuan"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    is_instant = models.BooleanField(_("pays patients in advance"), default=False)
    ended_because = models.CharField(_("ended early because"), max_length=200, blank=True, default="")
    changed_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("changed by"))
    changed_at = models.DateTimeField(_("changed at"))

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreement with a provider")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="agreement_has_a_number", condition=~Q(number="")),
            models.CheckConstraint(
                name="agreement_average_is_an_amount", condition=Q(average__isnull=True) | Q(average__gt=Decimal(0))
            ),
            models.CheckConstraint(
                name="agreement_has_its_days", condition=Q(period__isempty=False, period__startswith__isnull=False)
            ),
            ExclusionConstraint(
                name="agreements_never_overlap",
                expressions=[
                    (F("provider"), RangeOperators.EQUAL),
                    (F("scheme"), RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return self.number


@pghistory.track()
class ProviderAccount(models.Model):
    """Where a provider is paid to (医疗机构收款账户): entered by one person, confirmed by another; one is in force."""

    MOVES: ClassVar[dict[tuple[str, str], str]] = {
        ("", "proposed"): "",
        ("proposed", "confirmed"): "approved",
        ("proposed", "refused"): "refused",
        ("confirmed", "replaced"): "",
    }

    class State(models.TextChoices):
        PROPOSED = "proposed", _("to be confirmed")
        CONFIRMED = "confirmed", _("confirmed")
        REFUSED = "refused", _("refused")
        REPLACED = "replaced", _("replaced")

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="accounts", verbose_name=_("provider"))
    holder = models.CharField(_("account holder"), max_length=60)
    bank = models.CharField(_("bank"), max_length=60)
    number = models.CharField(_("account number"), max_length=32)
    document = models.CharField(_("paper"), max_length=100)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("entered by"))
    proposed_at = models.DateTimeField(_("entered at"))

    class Meta:
        verbose_name = _("account of a provider")
        ordering: ClassVar[list[str]] = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["provider"], condition=Q(state="confirmed"), name="provider_account_one_in_force"
            ),
            models.UniqueConstraint(
                fields=["provider"], condition=Q(state="proposed"), name="provider_account_one_change_at_a_time"
            ),
            models.CheckConstraint(
                name="provider_account_is_whole",
                condition=~Q(holder="") & ~Q(bank="") & ~Q(document="") & Q(number__regex=r"^[0-9]{8,32}$"),
            ),
            models.CheckConstraint(
                name="provider_account_state_is_known",
                condition=Q(state__in=["proposed", "confirmed", "refused", "replaced"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bank} {self.masked_number}"

    @property
    def masked_number(self) -> str:
        """The number with its middle hidden."""
        return masking.masked_account(self.number)
