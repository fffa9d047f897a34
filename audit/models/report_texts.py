"""Texts of reports that somebody gave in to be checked; kept as they were given in."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from office.models import Person

LONGEST = 400_000  # signs


class ReportText(models.Model):
    """A report's text (汇报、总结) as it was given in, by whom and when; only ever added to.

    What comes of its numbers is computed anew each time it is opened.
    """

    class Span(models.TextChoices):
        HALF = "half", _("first half of the year")
        YEAR = "year", _("whole year")

    title = models.CharField(_("title"), max_length=120)
    year = models.PositiveSmallIntegerField(_("year"))
    span = models.CharField(_("span"), max_length=4, choices=Span.choices, default=Span.YEAR)
    text = models.TextField(_("text"))
    sha256 = models.CharField(_("SHA-256 of the content"), max_length=64)
    given_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("given in by"))
    given_at = models.DateTimeField(_("given in at"))

    class Meta:
        verbose_name = _("text of a report")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["year", "span", "-id"], name="report_text_of_year")]
        constraints = [
            models.CheckConstraint(name="report_text_says_something", condition=~Q(title="") & ~Q(text="")),
            models.CheckConstraint(name="report_text_span_is_known", condition=Q(span__in=["half", "year"])),
            models.CheckConstraint(name="report_text_year_is_one", condition=Q(year__range=(1990, 2100))),
            models.CheckConstraint(name="report_text_hash_is_one", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")),
            models.UniqueConstraint(fields=["sha256", "year", "span"], name="report_text_is_given_in_once"),
        ]

    def __str__(self) -> str:
        return self.title
