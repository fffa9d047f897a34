"""Screenings (筛查): which screens ran over which days, with what settings, and what came of each."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from office.models import Job, Person


class Screening(models.Model):
    """One run of some screens over the claims that were taken in on some days; only ever added to.

    It is over when each of its screens has a result. Without a person it is that of the night.
    """

    first = models.DateField(_("taken in from"))
    last = models.DateField(_("taken in until"))
    screens = ArrayField(models.CharField(max_length=20), verbose_name=_("screens"))
    job = models.OneToOneField(Job, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("job"))
    asked_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("asked by")
    )
    begun_on = models.DateField(_("day"))
    begun_at = models.DateTimeField(_("begun at"))

    class Meta:
        verbose_name = _("screening")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="screening_is_of_some_days", condition=Q(last__gte=F("first"))),
            models.CheckConstraint(name="screening_has_screens", condition=Q(screens__len__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.first} – {self.last}"


class ScreenResult(models.Model):
    """What one screen of a screening found: hits, leads that were new, how long it took; only ever added to.

    Of more hits than the screen's setting lets through, those of the highest score became leads.
    """

    screening = models.ForeignKey(Screening, models.PROTECT, related_name="results", verbose_name=_("screening"))
    screen = models.CharField(_("screen"), max_length=20)
    settings = models.JSONField(_("settings"))  # name of a parameter -> its value as text
    hits = models.PositiveIntegerField(_("hits"))
    kept = models.PositiveIntegerField(_("hits let through"))
    fresh = models.PositiveIntegerField(_("new leads"))
    seconds = models.DecimalField(_("seconds"), max_digits=9, decimal_places=2)
    ended_at = models.DateTimeField(_("ended at"))

    class Meta:
        verbose_name = _("result of a screen")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["screening", "screen"], name="screen_result_once"),
            models.CheckConstraint(
                name="screen_result_adds_up", condition=Q(kept__lte=F("hits"), fresh__lte=F("kept"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.screen}: {self.hits}"


class ScreenSetting(models.Model):
    """A parameter of a screen as the auditor set it, from a day on, with the reason; only ever added to.

    The latest row of the latest day that has come is in force; without any the screen's own default.
    """

    screen = models.CharField(_("screen"), max_length=20)
    name = models.CharField(_("parameter"), max_length=20)
    value = models.DecimalField(_("value"), max_digits=14, decimal_places=2)
    since = models.DateField(_("in force from"))
    reason = models.CharField(_("reason"), max_length=200)
    set_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("set by"))
    set_at = models.DateTimeField(_("set at"))

    class Meta:
        verbose_name = _("setting of a screen")
        ordering = ["screen", "name", "-since", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="screen_setting_is_whole", condition=~Q(screen="") & ~Q(name="") & ~Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.screen}.{self.name}: {self.value}"
