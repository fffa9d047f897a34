"""Statistics (统计报表): sheets of a month, quarter or year, numbered and frozen; corrected only by a further sheet."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from enrollment.models import Scheme
from office.models import Person


class StatisticsSheet(models.Model):
    """What a scheme's claims of a period come to (补偿情况统计表): by level of hospital, cost band, township, disease.

    The figures are kept as they were given out. What was wrong is corrected by a sheet that names the one it corrects,
    with the reason and the differences; neither ever changes.
    """

    class Span(models.TextChoices):
        MONTH = "month", _("month")
        QUARTER = "quarter", _("quarter")
        YEAR = "year", _("year")

    number = models.CharField(_("number"), max_length=40, unique=True)
    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="+", verbose_name=_("scheme"))
    span = models.CharField(_("span"), max_length=8, choices=Span.choices)
    first = models.DateField(_("from"))
    last = models.DateField(_("to"))
    as_of = models.DateTimeField(_("as of"))
    figures = models.JSONField(_("figures"))
    sha256 = models.CharField("SHA-256", max_length=64)
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="corrected_by", verbose_name=_("corrects")
    )
    reason = models.CharField(_("corrected because"), max_length=300, blank=True, default="")
    made_on = models.DateField(_("made on"))
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("statistics sheet")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="statistics_has_a_number", condition=~Q(number="")),
            models.CheckConstraint(name="statistics_is_of_a_span", condition=Q(last__gte=F("first"))),
            models.CheckConstraint(name="statistics_span_is_known", condition=Q(span__in=["month", "quarter", "year"])),
            models.CheckConstraint(name="statistics_has_its_hash", condition=Q(sha256__regex="^[0-9a-f]{64}$")),
            models.CheckConstraint(
                name="statistics_is_corrected_with_a_reason",
                condition=Q(corrects__isnull=True, reason="") | Q(corrects__isnull=False) & ~Q(reason=""),
            ),
            models.UniqueConstraint(
                fields=["scheme", "span", "first"],
                condition=Q(corrects__isnull=True),
                name="statistics_of_a_span_once",
            ),
        ]

    def __str__(self) -> str:
        return self.number
