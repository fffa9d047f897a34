"""Benefit plans (补偿方案): what a scheme pays, as a document that two people adopted with the county's paper."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F, Q
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from enrollment.models import Scheme
from office.models import Person

MOST_DOCUMENTS = 9


class BenefitPlanQuerySet(models.QuerySet["BenefitPlan"]):
    def adopted(self) -> BenefitPlanQuerySet:
        """Those that two people have adopted."""
        return self.filter(state=BenefitPlan.State.ADOPTED)

    def alive(self) -> BenefitPlanQuerySet:
        """Those that are adopted or may still become so."""
        return self.filter(state__in=BenefitPlan.ALIVE)

    def without_documents(self) -> BenefitPlanQuerySet:
        """For lists: the documents stay where they are until one is asked for."""
        return self.defer("text", "canonical")

    def of_year(self, year: int) -> BenefitPlanQuerySet:
        """Those whose document is in force on a day of a year."""
        return self.filter(in_force__overlap=DateRange(date(year, 1, 1), date(year + 1, 1, 1)))

    def applying_on(self, day: date) -> BenefitPlanQuerySet:
        """The adopted ones that claims of a day are valued by."""
        return self.adopted().filter(applies__contains=day)


@pghistory.track()
class BenefitPlan(models.Model):
    """A benefit plan of a scheme (补偿方案): its document, the county's paper, and who adopted it.

    What an adopted plan says never changes. `in_force` are the days that its document names, `applies` those on which
    claims are valued by it: fewer only where a later plan was adopted that ends it earlier (docs/rules/adoption.md).
    """

    MOVES: ClassVar[dict[tuple[str, str], str]] = {
        ("", "draft"): "",
        ("draft", "proposed"): "",
        ("draft", "withdrawn"): "",
        ("proposed", "adopted"): "approved",
        ("proposed", "refused"): "refused",
        ("proposed", "draft"): "returned",
        ("proposed", "withdrawn"): "",
    }
    ALIVE: ClassVar[tuple[str, ...]] = ("draft", "proposed", "adopted")

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PROPOSED = "proposed", _("to be decided")
        ADOPTED = "adopted", _("adopted")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class Kind(models.TextChoices):
        NCMS = "ncms", _("new rural cooperative medical scheme")
        URBMI = "urbmi", _("urban residents' medical insurance")
        UEBMI = "uebmi", _("urban employees' medical insurance")
        INJURY = "injury", _("work injury insurance")
        MATERNITY = "maternity", _("maternity insurance")
        CII = "cii", _("critical illness insurance")
        LARGE_SUM = "large_sum", _("large-sum supplement")
        ASSISTANCE = "assistance", _("medical assistance")

    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="+", verbose_name=_("scheme"))
    position = models.PositiveSmallIntegerField(_("place in the order"), default=1)
    kind = models.CharField(_("kind of benefit"), max_length=12, choices=Kind.choices)
    code = models.CharField(_("code"), max_length=60)
    version = models.PositiveSmallIntegerField(_("version"))
    name_zh = models.CharField(_("Chinese name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=160, blank=True, default="")
    text = models.TextField(_("document as given"))
    canonical = models.TextField(_("document in the order of the format"))
    sha256 = models.CharField("SHA-256", max_length=64)
    in_force = DateRangeField(_("in force by the document"))
    applies = DateRangeField(_("claims are valued by it"))
    supersedes = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="successors", verbose_name=_("ends earlier")
    )
    paper_number = models.CharField(_("number of the paper"), max_length=60, blank=True, default="")
    paper_date = models.DateField(_("date of the paper"), null=True, blank=True)
    accepted = models.JSONField(_("doubts accepted"), default=list, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.DRAFT)
    drafted_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("drafted by"))
    drafted_at = models.DateTimeField(_("drafted at"))

    objects = BenefitPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("benefit plan")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "code", "version"], name="benefit_plan_version_once"),
            models.CheckConstraint(
                name="benefit_plan_is_in_an_order", condition=Q(position__range=(1, MOST_DOCUMENTS), version__gte=1)
            ),
            models.CheckConstraint(
                name="benefit_plan_kind_is_known",
                condition=Q(
                    kind__in=["ncms", "urbmi", "uebmi", "injury", "maternity", "cii", "large_sum", "assistance"]
                ),
            ),
            models.CheckConstraint(
                name="benefit_plan_is_named",
                condition=~Q(code="") & ~Q(name_zh="") & ~Q(text="") & Q(sha256__regex="^[0-9a-f]{64}$"),
            ),
            models.CheckConstraint(
                name="benefit_plan_has_a_first_day",
                condition=Q(in_force__isempty=False, in_force__startswith__isnull=False),
            ),
            models.CheckConstraint(
                name="benefit_plan_applies_while_in_force", condition=Q(applies__contained_by=F("in_force"))
            ),
            models.CheckConstraint(
                name="benefit_plan_is_cut_only_when_adopted",
                condition=Q(state="adopted") | Q(applies=F("in_force")),
            ),
            models.CheckConstraint(
                name="benefit_plan_has_a_paper",
                condition=Q(state__in=["draft", "withdrawn"]) | (~Q(paper_number="") & Q(paper_date__isnull=False)),
            ),
            models.CheckConstraint(name="benefit_plan_ends_another", condition=~Q(supersedes=F("pk"))),
            ExclusionConstraint(
                name="adopted_plans_never_overlap",
                expressions=[
                    (F("scheme"), RangeOperators.EQUAL),
                    (F("position"), RangeOperators.EQUAL),
                    ("applies", RangeOperators.OVERLAPS),
                ],
                condition=Q(state="adopted"),
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(name)s (version %(version)s)") % {"name": self.name, "version": self.version}

    @property
    def name(self) -> str:
        """The plan's name in the reader's language, in Chinese where it has no English one."""
        is_chinese = (get_language() or "zh").startswith("zh")
        return self.name_zh if is_chinese else self.name_en or self.name_zh

    @property
    def is_cut(self) -> bool:
        """Whether a later plan ended it before its document's last day."""
        return bool(self.applies != self.in_force)
