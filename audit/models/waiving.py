"""Money of findings that is not to come back any more (核销): asked for by an auditor, decided by two others."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.models.findings import Finding
from office.models import Person

NOTHING = Decimal(0)


class WaiverQuerySet(models.QuerySet["Waiver"]):
    def visible_to(self, person: Person, right: str = "audit.view_waiver") -> WaiverQuerySet:
        """Of the bodies in somebody's sight."""
        bodies = person.bodies_in_sight(right)
        return self if bodies is None else self.filter(finding__engagement__body__in=bodies)

    def waiting(self) -> WaiverQuerySet:
        """Those that are not decided yet."""
        return self.filter(state__in=Waiver.WAITING)

    def agreed(self) -> WaiverQuerySet:
        """Those that both have agreed to: only they count."""
        return self.filter(state=Waiver.State.AGREED)


@pghistory.track()
class Waiver(models.Model):
    """Money of a finding that is given up because it cannot be recovered (核销): how much, on what ground, with the
    evidence. The head of the office agrees to it first, then finance. It is a figure of its own and never counts as
    recovered; money that comes in afterwards is recovered all the same. Only its state changes.
    """

    MOVES: ClassVar[dict[tuple[str, str], str]] = {
        ("", "proposed"): "",
        ("proposed", "reviewed"): "approved",
        ("proposed", "refused"): "refused",
        ("proposed", "void"): "",  # taken back
        ("reviewed", "agreed"): "approved",
        ("reviewed", "refused"): "refused",
        ("reviewed", "void"): "",
    }
    WAITING: ClassVar[tuple[str, ...]] = ("proposed", "reviewed")

    class State(models.TextChoices):
        PROPOSED = "proposed", pgettext_lazy("waiver", "with the head of the office")
        REVIEWED = "reviewed", pgettext_lazy("waiver", "with finance")
        AGREED = "agreed", pgettext_lazy("waiver", "waived")
        REFUSED = "refused", pgettext_lazy("waiver", "refused")
        VOID = "void", pgettext_lazy("waiver", "taken back")

    class Ground(models.TextChoices):
        DIED = "died", _("died and left nothing")
        DISSOLVED = "dissolved", _("bankrupt or dissolved, nothing is left")
        UNTRACEABLE = "untraceable", _("cannot be traced")
        ENFORCED = "enforced", _("a court enforced it in vain")
        OTHER = "other", pgettext_lazy("waiver", "other ground")

    finding = models.ForeignKey(
        Finding, models.PROTECT, related_name="waivers", verbose_name=pgettext_lazy("audit", "finding")
    )
    number = models.CharField(_("number"), max_length=40, unique=True)
    debtor = models.CharField(_("who owes it"), max_length=100)
    amount = models.DecimalField(_("amount waived"), max_digits=14, decimal_places=2)
    ground = models.CharField(pgettext_lazy("waiver", "ground"), max_length=11, choices=Ground.choices)
    words = models.CharField(_("why it cannot be recovered"), max_length=1000)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.ForeignKey(
        Person, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("waiver", "asked for by")
    )
    proposed_at = models.DateTimeField(pgettext_lazy("waiver", "asked for at"))
    proposed_on = models.DateField(pgettext_lazy("waiver", "asked for on"))

    objects = WaiverQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("audit", "waiver")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="waiver_says_what",
                condition=Q(amount__gt=NOTHING) & ~Q(number="") & ~Q(debtor="") & ~Q(words=""),
            ),
            models.CheckConstraint(
                name="waiver_ground_is_known",
                condition=Q(ground__in=["died", "dissolved", "untraceable", "enforced", "other"]),
            ),
            models.CheckConstraint(
                name="waiver_state_is_known",
                condition=Q(state__in=["proposed", "reviewed", "agreed", "refused", "void"]),
            ),
            models.UniqueConstraint(
                fields=["finding"], condition=Q(state__in=["proposed", "reviewed"]), name="waiver_one_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return self.number
