"""County, townships and villages (行政区划), by their official codes."""

from __future__ import annotations

from typing import Any

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from office.models import Body, Person


class DivisionQuerySet(models.QuerySet["Division"]):
    def visible_to(self, person: Person, right: str = "enrollment.view_division") -> DivisionQuerySet:
        """The divisions that a person's bodies serve; a station serves its township and the villages in it."""
        return self.filter(in_sight(person, right))


@pghistory.track(level=pgtrigger.Statement)
class Division(models.Model):
    """A county, township or village (县、乡镇、行政村), with its twelve-digit code of the statistics bureau."""

    class Level(models.TextChoices):
        COUNTY = "county", _("county")
        TOWNSHIP = "township", _("township")
        VILLAGE = "village", _("village")

    code = models.CharField(_("code"), max_length=12, unique=True)
    name = models.CharField(_("name"), max_length=60)
    level = models.CharField(_("level"), max_length=8, choices=Level.choices)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    station = models.ForeignKey(
        Body, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("served by")
    )
    search_keys = ArrayField(models.CharField(max_length=12), default=list, editable=False)

    objects = DivisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("division")
        ordering = ["code"]
        indexes = [
            models.Index(fields=["name"], name="division_name_prefix", opclasses=["text_pattern_ops"]),
            GinIndex(fields=["search_keys"], name="division_search_keys"),
        ]
        constraints = [
            models.CheckConstraint(name="division_code_is_official", condition=Q(code__regex=r"^[0-9]{12}$")),
            models.CheckConstraint(name="division_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="division_is_part_of_one",
                condition=Q(level="county", parent__isnull=True)
                | Q(level__in=["township", "village"], parent__isnull=False),
            ),
            models.CheckConstraint(
                name="division_township_has_the_station", condition=Q(station__isnull=True) | Q(level="township")
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def prefix(self) -> str:
        """The part of the code that everything inside shares: 6, 9 or 12 digits."""
        return self.code[: {self.Level.COUNTY: 6, self.Level.TOWNSHIP: 9}.get(self.Level(self.level), 12)]


def in_sight(person: Person, right: str, division: str = "") -> Q:
    """What a person sees of things that lie in a division; `division` is the path to it ("village__")."""
    bodies: Any = person.bodies_in_sight(right)
    if bodies is None:
        return Q()
    return Q(**{f"{division}station__in": bodies}) | Q(**{f"{division}parent__station__in": bodies})
