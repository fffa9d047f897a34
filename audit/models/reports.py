"""Reports of engagements (审计报告)."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.models.engagements import Engagement
from office.models import Person


@pghistory.track()
class AuditReport(models.Model):
    """The report of an engagement (审计报告), frozen with number and hash as it was drawn up; issued by another person.

    `content` is everything it says; sent back, it stays as it was, and another is drawn up.
    """

    MOVES: ClassVar[frozenset[tuple[str, str]]] = frozenset(
        {("", "drawn_up"), ("drawn_up", "issued"), ("drawn_up", "returned")}
    )

    class State(models.TextChoices):
        DRAWN_UP = "drawn_up", pgettext_lazy("report", "to be issued")
        ISSUED = "issued", pgettext_lazy("report", "issued")
        RETURNED = "returned", pgettext_lazy("report", "sent back")

    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="reports", verbose_name=_("engagement"))
    number = models.CharField(_("number"), max_length=40, unique=True)
    content = models.JSONField(_("content"))
    sha256 = models.CharField("SHA-256", max_length=64)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.DRAWN_UP)
    made_by = models.ForeignKey(
        Person, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("audit", "drawn up by")
    )
    made_at = models.DateTimeField(pgettext_lazy("audit", "drawn up at"))
    issued_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("issued or sent back by")
    )
    issued_at = models.DateTimeField(_("issued or sent back at"), null=True, blank=True)
    reason = models.CharField(pgettext_lazy("audit", "reason"), max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("audit report")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="audit_report_has_its_hash", condition=Q(sha256__regex="^[0-9a-f]{64}$")),
            models.CheckConstraint(
                name="audit_report_state_is_known", condition=Q(state__in=["drawn_up", "issued", "returned"])
            ),
            models.CheckConstraint(
                name="audit_report_is_issued_by_another",
                condition=Q(issued_by__isnull=True) | ~Q(issued_by=F("made_by")),
            ),
            models.CheckConstraint(
                name="audit_report_issued_says_by_whom",
                condition=Q(state="drawn_up", issued_by__isnull=True, issued_at__isnull=True)
                | Q(state="issued", issued_by__isnull=False, issued_at__isnull=False)
                | Q(state="returned", issued_by__isnull=False, issued_at__isnull=False) & ~Q(reason=""),
            ),
            models.UniqueConstraint(
                fields=["engagement"],
                condition=Q(state__in=["drawn_up", "issued"]),
                name="audit_report_one_of_an_engagement",
            ),
        ]

    def __str__(self) -> str:
        return self.number
