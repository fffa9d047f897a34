"""The days on which the office works."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from office.models.people import Person


@pghistory.track()
class WorkingDay(models.Model):
    """One day of the working-day table (工作日表): whether the office works on it. Time limits are counted by it."""

    class Source(models.TextChoices):
        NOTICE = "notice", _("Holiday notice")
        ASSUMED = "assumed", _("Assumed until the notice comes")
        OFFICE = "office", _("Set by the office")

    day = models.DateField(_("day"), unique=True)
    is_working = models.BooleanField(_("working day"))
    reason = models.CharField(_("reason"), max_length=60, blank=True, default="")
    source = models.CharField(_("source"), max_length=8, choices=Source.choices)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("changed by")
    )
    changed_at = models.DateTimeField(_("changed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("day of the working-day table")
        ordering = ["day"]
        constraints = [
            models.CheckConstraint(
                name="working_day_change_has_who_and_when",
                condition=Q(changed_by__isnull=True, changed_at__isnull=True)
                | Q(changed_by__isnull=False, changed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="working_day_source_is_known",
                condition=Q(source__in=["notice", "assumed", "office"]),
            ),
        ]

    def __str__(self) -> str:
        return self.day.isoformat()
