"""Schemes and their fund years (险种、基金年度): what the county's paper says a year asks and gives."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import ClassVar

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from enrollment.models.divisions import Division
from office.models import Person


class Category(models.TextChoices):
    """Why a person's contribution is what it is (人员类别); the same as in enrollment/rules/categories.py."""

    ORDINARY = "ordinary", _("ordinary")
    FIVE_GUARANTEES = "five_guarantees", _("five guarantees")
    LOW_INCOME = "low_income", _("low income")
    VETERAN = "veteran", _("veteran")
    DISABLED = "disabled", _("disabled")
    STUDENT = "student", _("student")
    NEWBORN = "newborn", _("newborn")


@pghistory.track()
class Scheme(models.Model):
    """An insurance of the office (险种), with its own fund that is never mixed with another's."""

    class Insures(models.TextChoices):
        HOUSEHOLD = "household", _("whole households")
        PERSON = "person", _("single people")

    class Account(models.TextChoices):
        NONE = "none", _("none")
        HOUSEHOLD = "household", _("household account")
        PERSONAL = "personal", _("personal account")

    class Contribution(models.TextChoices):
        FIXED = "fixed", _("a sum a head")
        WAGES = "wages", _("a rate of wages")

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=60)
    insures = models.CharField(_("insures"), max_length=12, choices=Insures.choices)
    is_basic = models.BooleanField(_("basic scheme: nobody is in two at the same time"), default=True)
    account = models.CharField(_("account"), max_length=12, choices=Account.choices, default=Account.NONE)
    contribution = models.CharField(
        _("way of contributing"), max_length=12, choices=Contribution.choices, default=Contribution.FIXED
    )

    class Meta:
        verbose_name = _("scheme")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(name="scheme_code_is_plain", condition=Q(code__regex=r"^[a-z0-9-]+$")),
            models.CheckConstraint(name="scheme_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="scheme_of_wages_insures_people", condition=Q(contribution="fixed") | Q(insures="person")
            ),
        ]

    def __str__(self) -> str:
        return self.name


class FundYearQuerySet(models.QuerySet["FundYear"]):
    def confirmed(self) -> FundYearQuerySet:
        """Those that two people have confirmed."""
        return self.filter(state=FundYear.State.CONFIRMED)

    def of_households(self) -> FundYearQuerySet:
        """Those of schemes in which whole households enroll."""
        return self.filter(scheme__insures=Scheme.Insures.HOUSEHOLD)

    def of_sums(self) -> FundYearQuerySet:
        """Those of schemes in which a sum a head is contributed, not a rate of wages."""
        return self.filter(scheme__contribution=Scheme.Contribution.FIXED)


@pghistory.track()
class FundYear(models.Model):
    """One year of a scheme as the county decided it (基金年度): typed in by one person, confirmed by another.

    Its rates, subsidies, populations and targets are entered while it is a draft; a change afterwards is another paper.
    """

    MOVES: ClassVar[dict[tuple[str, str], str]] = {
        ("", "draft"): "",
        ("draft", "proposed"): "",
        ("draft", "withdrawn"): "",
        ("proposed", "confirmed"): "approved",
        ("proposed", "refused"): "refused",
        ("proposed", "draft"): "returned",
        ("proposed", "withdrawn"): "",
    }

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PROPOSED = "proposed", _("to be confirmed")
        CONFIRMED = "confirmed", _("confirmed")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class Basis(models.TextChoices):
        REGISTER = "register", _("household register")
        AGRICULTURAL = "agricultural", _("agricultural population")
        CENSUS = "census", _("census")
        SURVEY = "survey", _("the office's own list")

    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="+", verbose_name=_("scheme"))
    year = models.PositiveSmallIntegerField(_("year"))
    period = DateRangeField(_("period"))
    collection = DateRangeField(_("collection window"))
    paper_number = models.CharField(_("number of the paper"), max_length=60)
    paper_date = models.DateField(_("date of the paper"))
    basis = models.CharField(_("basis of the population"), max_length=16, choices=Basis.choices)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.DRAFT)
    proposed_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("entered by"))
    proposed_at = models.DateTimeField(_("entered at"))

    objects = FundYearQuerySet.as_manager()

    class Meta:
        verbose_name = _("fund year")
        ordering = ["-year", "scheme"]
        constraints = [
            models.CheckConstraint(
                name="fund_year_has_two_ends",
                condition=Q(period__isempty=False, period__startswith__isnull=False, period__endswith__isnull=False),
            ),
            models.CheckConstraint(
                name="fund_year_is_collected_in_a_time",
                condition=Q(
                    collection__isempty=False,
                    collection__startswith__isnull=False,
                    collection__endswith__isnull=False,
                ),
            ),
            models.CheckConstraint(name="fund_year_has_a_paper", condition=~Q(paper_number="")),
            models.CheckConstraint(name="fund_year_is_a_year", condition=Q(year__range=(2003, 2100))),
            models.UniqueConstraint(
                fields=["scheme", "year"],
                condition=Q(state__in=["draft", "proposed", "confirmed"]),
                name="fund_year_once",
            ),
            ExclusionConstraint(
                name="fund_years_never_overlap",
                expressions=[(F("scheme"), RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
                condition=Q(state__in=["draft", "proposed", "confirmed"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme} {self.year}"

    def holds(self, day: date) -> bool:
        """Whether a day lies in this year."""
        return bool(self.period.lower <= day < self.period.upper)


class Part(models.Model):
    """A line of a fund year; entered and corrected while it is a draft, a trigger keeps it afterwards."""

    fund_year = models.ForeignKey(FundYear, models.PROTECT, related_name="%(class)ss", verbose_name=_("fund year"))

    class Meta:
        abstract = True


@pghistory.track()
class ContributionRate(Part):
    """What is contributed for one person of a category for the year, in yuan, by who pays it (个人缴费标准)."""

    category = models.CharField(_("category"), max_length=16, choices=Category.choices)
    own = models.DecimalField(_("paid by the household"), max_digits=10, decimal_places=2)
    assisted = models.DecimalField(_("paid by medical assistance"), max_digits=10, decimal_places=2, default=Decimal(0))
    collective = models.DecimalField(_("paid by the collective"), max_digits=10, decimal_places=2, default=Decimal(0))

    class Meta:
        verbose_name = _("contribution rate")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["fund_year", "category"], name="contribution_rate_once_for_a_category"),
            models.CheckConstraint(
                name="contribution_rate_is_no_debt",
                condition=Q(own__gte=Decimal(0), assisted__gte=Decimal(0), collective__gte=Decimal(0)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_category_display()}: {self.amount}"

    @property
    def amount(self) -> Decimal:
        """The whole contribution of one person, in yuan."""
        return self.own + self.assisted + self.collective


@pghistory.track()
class WageRate(Part):
    """What is contributed out of wages for an insured person of a group, in percent of his monthly contribution base
    (缴费基数), by who pays it; the base is the wage, kept between a floor and a ceiling in yuan a month."""

    class Group(models.TextChoices):
        ACTIVE = "active", _("at work")
        RETIRED = "retired", _("retired")
        FLEXIBLE = "flexible", _("flexibly employed")

    group = models.CharField(_("group"), max_length=12, choices=Group.choices)
    employer = models.DecimalField(_("employer, percent"), max_digits=5, decimal_places=2)
    person = models.DecimalField(_("person, percent"), max_digits=5, decimal_places=2)
    floor = models.DecimalField(_("least base, yuan"), max_digits=10, decimal_places=2)
    ceiling = models.DecimalField(_("highest base, yuan"), max_digits=10, decimal_places=2)

    class Meta:
        verbose_name = _("rate of wages")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["fund_year", "group"], name="wage_rate_once_for_a_group"),
            models.CheckConstraint(
                name="wage_rate_is_a_part_of_wages",
                condition=Q(employer__gte=Decimal(0), person__gte=Decimal(0), employer__lte=Decimal(100) - F("person")),
            ),
            models.CheckConstraint(
                name="wage_rate_has_a_base", condition=Q(floor__gte=Decimal(0), ceiling__gte=F("floor"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_group_display()}: {self.employer} % + {self.person} %"


@pghistory.track()
class SubsidyRate(Part):
    """What one level of government adds for each person, in yuan, by instalment (财政补助标准)."""

    class Level(models.TextChoices):
        CENTRAL = "central", _("central")
        PROVINCE = "province", _("province or region")
        CITY = "city", _("city")
        COUNTY = "county", _("county")

    level = models.CharField(_("level"), max_length=12, choices=Level.choices)
    instalment = models.PositiveSmallIntegerField(_("instalment"), default=1)
    per_head = models.DecimalField(_("amount a head"), max_digits=10, decimal_places=2)
    due_on = models.DateField(_("due on"))

    class Meta:
        verbose_name = _("subsidy rate")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["fund_year", "level", "instalment"], name="subsidy_rate_once"),
            models.CheckConstraint(
                name="subsidy_rate_is_no_debt", condition=Q(per_head__gte=Decimal(0), instalment__gte=1)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_level_display()} {self.instalment}: {self.per_head}"


@pghistory.track()
class Population(Part):
    """How many people of a division should enroll in the year (应参合人口)."""

    division = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("division"))
    heads = models.PositiveIntegerField(_("people"))

    class Meta:
        verbose_name = _("population that should enroll")
        ordering = ["division__code"]
        constraints = [models.UniqueConstraint(fields=["fund_year", "division"], name="population_once_for_a_division")]

    def __str__(self) -> str:
        return f"{self.division}: {self.heads}"


@pghistory.track()
class Target(Part):
    """How many people the level above wants enrolled (目标任务): by township, or for a sub-group of the county."""

    division = models.ForeignKey(
        Division, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("division")
    )
    sub_group = models.CharField(_("sub-group"), max_length=40, blank=True, default="")
    heads = models.PositiveIntegerField(_("people"))

    class Meta:
        verbose_name = _("target")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["fund_year", "division", "sub_group"], nulls_distinct=False, name="target_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.division or self.sub_group}: {self.heads}"
