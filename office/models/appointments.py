"""Who has what duty where, and when (任岗)."""

from __future__ import annotations

from datetime import date, timedelta

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from office.models.people import Body, Duty, Person
from office.models.requests import DutyRequest


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def on(self, day: date) -> AppointmentQuerySet:
        """The duties in force on a day."""
        return self.filter(period__contains=day)

    def beyond(self, day: date) -> AppointmentQuerySet:
        """The duties that are not over after a day: those in force then, and those that come later."""
        return self.filter(Q(period__upper_inf=True) | Q(period__endswith__gt=day + timedelta(days=1)))


@pghistory.track()
class Appointment(models.Model):
    """A person has a duty at a body for a time (任岗)."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="appointments", verbose_name=_("person"))
    duty = models.CharField(_("duty"), max_length=32, choices=Duty.choices)
    body = models.ForeignKey(Body, models.PROTECT, related_name="appointments", verbose_name=_("body"))
    period = DateRangeField(_("period"))
    request = models.OneToOneField(
        DutyRequest, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("duty")
        ordering = ["person", "duty"]
        constraints = [
            ExclusionConstraint(
                name="appointment_once_at_a_time",
                expressions=[
                    (F("person"), RangeOperators.EQUAL),
                    (F("duty"), RangeOperators.EQUAL),
                    (F("body"), RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                name="appointment_is_some_time",
                condition=Q(period__isempty=False) & Q(period__startswith__isnull=False),
            ),
            models.CheckConstraint(name="appointment_duty_is_known", condition=Q(duty__in=Duty.values)),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_duty_display()}"
