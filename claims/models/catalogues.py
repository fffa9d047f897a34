"""Catalogues (目录) of drugs and services by year: which class an item is of, and its price limit."""

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
from django.utils.translation import pgettext_lazy

from claims.models.searching import called
from enrollment.models import Scheme
from office.models import Person


class CatalogueQuerySet(models.QuerySet["Catalogue"]):
    def on(self, day: date) -> CatalogueQuerySet:
        """Those in force on a day."""
        return self.filter(period__contains=day)


@pghistory.track()
class Catalogue(models.Model):
    """One edition of a scheme's drug or service catalogue (药品目录、诊疗项目目录), as one file brought it in.

    Editions of one scheme and kind never overlap: a newer one ends the older. Entries come with their edition alone.
    """

    class Kind(models.TextChoices):
        DRUGS = "drugs", _("drugs")
        SERVICES = "services", _("services")

    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="+", verbose_name=_("scheme"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    period = DateRangeField(pgettext_lazy("agreement", "in force"))
    document = models.CharField(_("by which paper"), max_length=100)
    file_name = models.CharField(_("file"), max_length=120)
    sha256 = models.CharField("SHA-256", max_length=64)
    entries_count = models.PositiveIntegerField(_("entries"))
    imported_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("imported by"))
    imported_at = models.DateTimeField(_("imported at"))

    objects = CatalogueQuerySet.as_manager()

    class Meta:
        verbose_name = _("catalogue")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="catalogue_kind_is_known", condition=Q(kind__in=["drugs", "services"])),
            models.CheckConstraint(name="catalogue_rests_on_a_paper", condition=~Q(document="")),
            models.CheckConstraint(
                name="catalogue_has_its_days", condition=Q(period__isempty=False, period__startswith__isnull=False)
            ),
            ExclusionConstraint(
                name="catalogues_never_overlap",
                expressions=[
                    (F("scheme"), RangeOperators.EQUAL),
                    (F("kind"), RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme} {self.get_kind_display()} {self.period.lower}"


class CatalogueEntryQuerySet(models.QuerySet["CatalogueEntry"]):
    def called(self, typed: str) -> CatalogueEntryQuerySet:
        """Those that somebody means who types this: by code, name or pinyin initials."""
        return self.filter(called(typed))


class CatalogueEntry(models.Model):
    """A drug or service of an edition (目录条目): its class (甲乙丙), item group, and unit price limit in yuan."""

    class Class(models.TextChoices):
        A = "A", _("class A")
        B = "B", _("class B")
        C = "C", _("class C, own cost")

    catalogue = models.ForeignKey(Catalogue, models.PROTECT, related_name="entries", verbose_name=_("catalogue"))
    code = models.CharField(_("code"), max_length=30)
    name = models.CharField(_("name"), max_length=120)
    search_keys = ArrayField(models.CharField(max_length=60), default=list, editable=False)
    item_class = models.CharField(_("class"), max_length=1, choices=Class.choices)
    group = models.CharField(_("item group"), max_length=20)
    unit = models.CharField(_("unit"), max_length=20, blank=True, default="")
    price_limit = models.DecimalField(_("price limit"), max_digits=12, decimal_places=2, null=True, blank=True)
    note = models.CharField(_("restriction"), max_length=200, blank=True, default="")

    objects = CatalogueEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("catalogue entry")
        ordering = ["pk"]
        indexes = [
            GinIndex(fields=["search_keys"], name="catalogue_entry_search_keys"),
            models.Index(fields=["name"], name="catalogue_entry_name_prefix", opclasses=["text_pattern_ops"]),
            models.Index(fields=["code"], name="catalogue_entry_code_prefix", opclasses=["text_pattern_ops"]),
        ]
        constraints = [
            models.UniqueConstraint(fields=["catalogue", "code"], name="catalogue_entry_once"),
            models.CheckConstraint(
                name="catalogue_entry_is_whole",
                condition=~Q(code="") & ~Q(name="") & ~Q(group="") & Q(item_class__in=["A", "B", "C"]),
            ),
            models.CheckConstraint(
                name="catalogue_entry_price_is_one",
                condition=Q(price_limit__isnull=True) | Q(price_limit__gte=Decimal(0)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
