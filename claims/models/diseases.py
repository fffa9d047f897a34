"""Diseases (疾病) and the lists that give some of them benefits of their own: chronic, serious, case-paid."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from claims.models.searching import called
from enrollment.models import Scheme
from office.models import Person


class DiseaseQuerySet(models.QuerySet["Disease"]):
    def called(self, typed: str) -> DiseaseQuerySet:
        """Those that somebody means who types this: by code, name or pinyin initials."""
        return self.filter(called(typed))


@pghistory.track()
class Disease(models.Model):
    """A disease or operation by its code (疾病编码), found by code, name or pinyin initials."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=100)
    search_keys = ArrayField(models.CharField(max_length=60), default=list, editable=False)
    is_used = models.BooleanField(_("in use"), default=True)

    objects = DiseaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("disease")
        ordering = ["code"]
        indexes = [
            GinIndex(fields=["search_keys"], name="disease_search_keys"),
            models.Index(fields=["name"], name="disease_name_prefix", opclasses=["text_pattern_ops"]),
        ]
        constraints = [models.CheckConstraint(name="disease_is_named", condition=~Q(code="") & ~Q(name=""))]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class ListedDiseaseQuerySet(models.QuerySet["ListedDisease"]):
    def on(self, day: date) -> ListedDiseaseQuerySet:
        """Those on their list on a day."""
        return self.filter(period__contains=day)


@pghistory.track()
class ListedDisease(models.Model):
    """A disease on a scheme's list for some days (病种目录): chronic 慢性病, serious 重大疾病, case-paid 单病种.

    `price` is the case price or limit in yuan where the list states one; `group` is what benefit plans call the group
    of diseases (`disease_group`).
    """

    class Kind(models.TextChoices):
        CHRONIC = "chronic", _("chronic, outpatient")
        SERIOUS = "serious", _("serious disease")
        CASE_PAID = "case_paid", _("paid by the case")

    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="+", verbose_name=_("scheme"))
    kind = models.CharField(_("disease list"), max_length=10, choices=Kind.choices)
    disease = models.ForeignKey(Disease, models.PROTECT, related_name="+", verbose_name=_("disease"))
    group = models.CharField(_("disease group"), max_length=40)
    price = models.DecimalField(_("price"), max_digits=12, decimal_places=2, null=True, blank=True)
    period = DateRangeField(_("on the list"))
    document = models.CharField(_("by which paper"), max_length=100)
    changed_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("changed by"))
    changed_at = models.DateTimeField(_("changed at"))

    objects = ListedDiseaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("disease on a list")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="listed_disease_kind_is_known", condition=Q(kind__in=["chronic", "serious", "case_paid"])
            ),
            models.CheckConstraint(name="listed_disease_rests_on_a_paper", condition=~Q(document="") & ~Q(group="")),
            models.CheckConstraint(
                name="listed_disease_price_is_one", condition=Q(price__isnull=True) | Q(price__gt=Decimal(0))
            ),
            models.CheckConstraint(
                name="listed_disease_has_its_days",
                condition=Q(period__isempty=False, period__startswith__isnull=False),
            ),
            ExclusionConstraint(
                name="listed_diseases_never_overlap",
                expressions=[
                    (F("scheme"), RangeOperators.EQUAL),
                    (F("kind"), RangeOperators.EQUAL),
                    (F("disease"), RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.disease}"
