"""Contributions and the coverage that comes from them (缴费、参保): who is insured when, and why."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pghistory
import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enrollment.models.divisions import in_sight
from enrollment.models.households import Member
from enrollment.models.rosters import RosterImport
from enrollment.models.schemes import FundYear, Scheme
from enrollment.models.sheets import SheetEntry
from office.models import Person


@pghistory.track(level=pgtrigger.Statement)
class Contribution(models.Model):
    """What was contributed for one person for a fund year, in yuan, by who paid (个人缴费); void if mistaken."""

    fund_year = models.ForeignKey(FundYear, models.PROTECT, related_name="+", verbose_name=_("fund year"))
    member = models.ForeignKey(
        Member, models.PROTECT, related_name="contributions", verbose_name=pgettext_lazy("register", "member")
    )
    own = models.DecimalField(_("paid by the household"), max_digits=10, decimal_places=2)
    assisted = models.DecimalField(_("paid by medical assistance"), max_digits=10, decimal_places=2, default=Decimal(0))
    collective = models.DecimalField(_("paid by the collective"), max_digits=10, decimal_places=2, default=Decimal(0))
    receipt = models.CharField(_("receipt"), max_length=30, blank=True, default="")
    roster = models.ForeignKey(
        RosterImport, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("roster")
    )
    entry = models.ForeignKey(
        SheetEntry, models.PROTECT, null=True, blank=True, related_name="contributions", verbose_name=_("sheet")
    )
    paid_on = models.DateField(_("paid on"), null=True, blank=True)
    noted_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("noted by"))
    noted_at = models.DateTimeField(_("noted at"))
    void_reason = models.CharField(_("void because"), max_length=200, blank=True, default="")

    class Meta:
        verbose_name = _("contribution")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "fund_year"], condition=Q(void_reason=""), name="contribution_once_a_year"
            ),
            models.CheckConstraint(
                name="contribution_is_no_debt",
                condition=Q(own__gte=Decimal(0), assisted__gte=Decimal(0), collective__gte=Decimal(0)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} · {self.fund_year} · {self.amount}"

    @property
    def amount(self) -> Decimal:
        """All that was contributed, in yuan."""
        return self.own + self.assisted + self.collective


class CoverageQuerySet(models.QuerySet["Coverage"]):
    def visible_to(self, person: Person, right: str = "enrollment.view_coverage") -> CoverageQuerySet:
        """Those of the townships that a person's bodies serve."""
        return self.filter(in_sight(person, right, "member__household__village__"))

    def standing(self) -> CoverageQuerySet:
        """Those that are not void."""
        return self.filter(void_reason="")

    def on(self, day: date) -> CoverageQuerySet:
        """Those that cover a day."""
        return self.standing().filter(period__contains=day)


@pghistory.track(level=pgtrigger.Statement)
class Coverage(models.Model):
    """Days on which a person is insured in a scheme (参保期间), and why. It is shortened or made void, never changed.

    `is_basic` is the scheme's, copied so that the database refuses two basic schemes at the same time (重复参保).
    """

    class Reason(models.TextChoices):
        PAID = "paid", _("contribution paid")
        ASSISTED = "assisted", _("contribution paid by medical assistance or the collective")
        NEWBORN = "newborn", _("born in the year to an insured household")
        TRANSFER = "transfer", _("came over from another scheme")
        GO_LIVE = "go_live", _("brought along when the office began")

    class End(models.TextChoices):
        DEAD = "dead", _("died")
        MOVED_AWAY = "moved_away", _("moved away")
        LEFT = "left", _("left the scheme")
        TRANSFER = "transfer", _("went over to another scheme")
        MERGED = "merged", _("a double of another record")

    member = models.ForeignKey(
        Member, models.PROTECT, related_name="coverages", verbose_name=pgettext_lazy("register", "member")
    )
    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="+", verbose_name=_("scheme"))
    is_basic = models.BooleanField(default=True)
    fund_year = models.ForeignKey(FundYear, models.PROTECT, related_name="+", verbose_name=_("fund year"))
    period = DateRangeField(_("period"))
    reason = models.CharField(_("reason"), max_length=12, choices=Reason.choices)
    contribution = models.ForeignKey(
        Contribution, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("contribution")
    )
    ended_because = models.CharField(_("ended because"), max_length=12, choices=End.choices, blank=True, default="")
    noted_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("noted by"))
    noted_at = models.DateTimeField(_("noted at"))
    void_reason = models.CharField(_("void because"), max_length=200, blank=True, default="")

    objects = CoverageQuerySet.as_manager()

    class Meta:
        verbose_name = _("coverage")
        ordering = ["pk"]
        constraints = [
            ExclusionConstraint(
                name="coverages_of_basic_schemes_never_overlap",
                expressions=[(F("member"), RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
                condition=Q(is_basic=True, void_reason=""),
            ),
            ExclusionConstraint(
                name="coverage_once_in_a_scheme",
                expressions=[
                    (F("member"), RangeOperators.EQUAL),
                    (F("scheme"), RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
                condition=Q(is_basic=False, void_reason=""),
            ),
            models.UniqueConstraint(
                fields=["member", "fund_year"],
                condition=Q(void_reason="", reason__in=["paid", "assisted"]),
                name="coverage_paid_once_a_year",
            ),
            models.CheckConstraint(
                name="coverage_has_two_ends",
                condition=Q(period__isempty=False, period__startswith__isnull=False, period__endswith__isnull=False),
            ),
            models.CheckConstraint(
                name="coverage_reason_is_known",
                condition=Q(reason__in=["paid", "assisted", "newborn", "transfer", "go_live"]),
            ),
            models.CheckConstraint(
                name="coverage_end_is_known",
                condition=Q(ended_because__in=["", "dead", "moved_away", "left", "transfer", "merged"]),
            ),
            models.CheckConstraint(
                name="coverage_paid_has_its_contribution",
                condition=~Q(reason__in=["paid", "assisted"]) | Q(contribution__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member}: {self.fund_year}"


class HouseholdExceptionQuerySet(models.QuerySet["HouseholdException"]):
    def visible_to(self, person: Person, right: str = "enrollment.view_coverage") -> HouseholdExceptionQuerySet:
        """Those of the townships that a person's bodies serve."""
        return self.filter(in_sight(person, right, "member__household__village__"))

    def standing(self) -> HouseholdExceptionQuerySet:
        """Those that still hold."""
        return self.filter(ended_at__isnull=True)


@pghistory.track()
class HouseholdException(models.Model):
    """A member who is left out although his household enrolls (整户参合例外), with the reason."""

    member = models.ForeignKey(
        Member, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("register", "member")
    )
    fund_year = models.ForeignKey(FundYear, models.PROTECT, related_name="+", verbose_name=_("fund year"))
    reason = models.CharField(_("reason"), max_length=200)
    noted_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("noted by"))
    noted_at = models.DateTimeField(_("noted at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    objects = HouseholdExceptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("exception to whole households")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "fund_year"], condition=Q(ended_at__isnull=True), name="exception_once"
            ),
            models.CheckConstraint(name="exception_says_why", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.member} {self.fund_year}"
