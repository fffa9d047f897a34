"""What a look over the whole trail found (核验记录): by the seals, or by what must be complete."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from office.models import Person


class TrailCheck(models.Model):
    """One check over everything that is sealed, or that must be complete; only ever added to. Each fault is kept as
    table, number, columns and reason; of many faults the first thousand."""

    class Kind(models.TextChoices):
        SEALS = "seals", _("altered rows")
        COMPLETENESS = "completeness", _("missing decisions and states")

    kind = models.CharField(_("kind of check"), max_length=12, choices=Kind.choices)
    begun_at = models.DateTimeField(_("begun at"))
    ended_at = models.DateTimeField(_("ended at"))
    by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("asked by")
    )  # nobody: the clock
    rows = models.PositiveBigIntegerField(_("rows checked"))
    unsealed = models.PositiveBigIntegerField(_("not sealed yet"), default=0)
    found = models.PositiveBigIntegerField(_("faults found"))
    faults = models.JSONField(_("faults"), default=list, blank=True)

    class Meta:
        verbose_name = _("check of the trail")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="trail_check_kind_is_known", condition=Q(kind__in=["seals", "completeness"])),
            models.CheckConstraint(name="trail_check_ends", condition=Q(ended_at__gte=models.F("begun_at"))),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    @property
    def is_well(self) -> bool:
        """Whether nothing was found."""
        return self.found == 0
