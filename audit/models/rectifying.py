"""What is done about findings: measures (整改) with their evidence, checks and reminders."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.models.findings import Finding
from audit.models.papers import EvidenceSheet, WorkPaper
from audit.models.waiving import Waiver
from office.models import Attachment, Person


class RectificationQuerySet(models.QuerySet["Rectification"]):
    def visible_to(self, person: Person, right: str = "audit.view_rectification") -> RectificationQuerySet:
        """Of the bodies in somebody's sight."""
        bodies = person.bodies_in_sight(right)
        return self if bodies is None else self.filter(finding__engagement__body__in=bodies)

    def overdue(self, today: date) -> RectificationQuerySet:
        """Those whose day is over and which nobody has handed in."""
        return self.filter(state=Rectification.State.OPEN, due_on__lt=today)


@pghistory.track()
class Rectification(models.Model):
    """One measure of a finding (整改事项): what is to be done, by whom, by when; handed in with evidence, checked by
    another person, closed (销号) or sent back. `turn` counts how often it was begun: each turn has evidence of its own.
    """

    MOVES: ClassVar[frozenset[tuple[str, str]]] = frozenset(
        {("", "open"), ("open", "handed_in"), ("handed_in", "closed"), ("handed_in", "open"), ("closed", "open")}
    )

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("rectification", "to be carried out")
        HANDED_IN = "handed_in", pgettext_lazy("rectification", "to be checked")
        CLOSED = "closed", pgettext_lazy("rectification", "closed")

    finding = models.ForeignKey(
        Finding, models.PROTECT, related_name="rectifications", verbose_name=pgettext_lazy("audit", "finding")
    )
    number = models.CharField(_("number"), max_length=40, unique=True)
    measure = models.CharField(_("measure"), max_length=500)
    responsible = models.CharField(_("who carries it out"), max_length=100)
    due_on = models.DateField(pgettext_lazy("audit", "due on"))
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.OPEN)
    turn = models.PositiveSmallIntegerField(_("turn"), default=1)
    asked_by = models.ForeignKey(
        Person, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("audit", "asked for by")
    )
    asked_at = models.DateTimeField(pgettext_lazy("audit", "asked for at"))
    result = models.CharField(pgettext_lazy("audit", "what was done"), max_length=1000, blank=True, default="")
    handed_in_by = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=pgettext_lazy("audit", "handed in by"),
    )
    handed_in_at = models.DateTimeField(_("handed in at"), null=True, blank=True)
    checked_by = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=pgettext_lazy("audit", "checked by"),
    )
    checked_at = models.DateTimeField(pgettext_lazy("audit", "checked at"), null=True, blank=True)
    remark = models.CharField(_("remark of the check"), max_length=500, blank=True, default="")

    objects = RectificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("rectification")
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["state", "due_on"], name="rectification_by_day")]
        constraints = [
            models.CheckConstraint(
                name="rectification_says_what", condition=~Q(number="") & ~Q(measure="") & ~Q(responsible="")
            ),
            models.CheckConstraint(
                name="rectification_state_is_known", condition=Q(state__in=["open", "handed_in", "closed"])
            ),
            models.CheckConstraint(
                name="rectification_handed_in_says_what",
                condition=Q(state="open", handed_in_by__isnull=True, handed_in_at__isnull=True, result="")
                | ~Q(state="open") & Q(handed_in_by__isnull=False, handed_in_at__isnull=False) & ~Q(result=""),
            ),
            models.CheckConstraint(
                name="rectification_closed_says_by_whom",
                condition=Q(state="closed", checked_by__isnull=False, checked_at__isnull=False)
                | Q(state="handed_in", checked_by__isnull=True, checked_at__isnull=True)
                | Q(state="open"),
            ),
            models.CheckConstraint(
                name="rectification_is_checked_by_another",
                condition=~Q(state="closed") | ~Q(checked_by=F("handed_in_by")),
            ),
            models.CheckConstraint(name="rectification_turn_begins_with_one", condition=Q(turn__gte=1)),
        ]

    def __str__(self) -> str:
        return self.number


class Evidence(models.Model):
    """A file of evidence (证据材料) of a work paper, an evidence sheet, a measure or a waiver. `dated_on` is the day of
    the evidence itself, `added_on` the day on which it came into the system; `turn` that of the measure it is for."""

    paper = models.ForeignKey(WorkPaper, models.PROTECT, null=True, blank=True, related_name="evidence")
    sheet = models.ForeignKey(EvidenceSheet, models.PROTECT, null=True, blank=True, related_name="evidence")
    rectification = models.ForeignKey(Rectification, models.PROTECT, null=True, blank=True, related_name="evidence")
    waiver = models.ForeignKey(Waiver, models.PROTECT, null=True, blank=True, related_name="evidence")
    turn = models.PositiveSmallIntegerField(_("turn"), default=1)
    attachment = models.OneToOneField(Attachment, models.PROTECT, related_name="+", verbose_name=_("file"))
    dated_on = models.DateField(_("date of the evidence"))
    words = models.CharField(_("what it shows"), max_length=200)
    added_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("added by"))
    added_at = models.DateTimeField(_("added at"))
    added_on = models.DateField(_("added on"))

    class Meta:
        verbose_name = pgettext_lazy("audit", "evidence")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="evidence_is_of_one_thing",
                condition=Q(paper__isnull=False, sheet__isnull=True, rectification__isnull=True, waiver__isnull=True)
                | Q(paper__isnull=True, sheet__isnull=False, rectification__isnull=True, waiver__isnull=True)
                | Q(paper__isnull=True, sheet__isnull=True, rectification__isnull=False, waiver__isnull=True)
                | Q(paper__isnull=True, sheet__isnull=True, rectification__isnull=True, waiver__isnull=False),
            ),
            models.CheckConstraint(name="evidence_is_older_than_its_file", condition=Q(dated_on__lte=F("added_on"))),
            models.CheckConstraint(name="evidence_says_what_it_shows", condition=~Q(words="")),
        ]

    def __str__(self) -> str:
        return self.words


class RectificationCheck(models.Model):
    """One check of a measure (整改核查): closed, sent back, or opened again later. Only ever added to."""

    class Outcome(models.TextChoices):
        CLOSED = "closed", pgettext_lazy("check", "closed")
        SENT_BACK = "sent_back", pgettext_lazy("check", "sent back")
        REOPENED = "reopened", pgettext_lazy("check", "opened again")

    rectification = models.ForeignKey(
        Rectification, models.PROTECT, related_name="checks", verbose_name=_("rectification")
    )
    turn = models.PositiveSmallIntegerField(_("turn"))
    outcome = models.CharField(_("outcome"), max_length=9, choices=Outcome.choices)
    words = models.CharField(_("in words"), max_length=500)
    checked_by = models.ForeignKey(
        Person, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("audit", "checked by")
    )
    checked_at = models.DateTimeField(pgettext_lazy("audit", "checked at"))

    class Meta:
        verbose_name = _("check of a rectification")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="rectification_check_is_known", condition=Q(outcome__in=["closed", "sent_back", "reopened"])
            ),
            models.CheckConstraint(name="rectification_check_says_something", condition=~Q(words="")),
        ]

    def __str__(self) -> str:
        return f"{self.rectification}: {self.get_outcome_display()}"


class RectificationReminder(models.Model):
    """That the office was reminded of a measure (整改督办): before its day, or after it. Only ever added to."""

    class Kind(models.TextChoices):
        AHEAD = "ahead", _("before it is due")
        OVERDUE = "overdue", _("overdue")

    rectification = models.ForeignKey(
        Rectification, models.PROTECT, related_name="reminders", verbose_name=_("rectification")
    )
    kind = models.CharField(_("kind"), max_length=7, choices=Kind.choices)
    on = models.DateField(_("reminded on"))
    days = models.IntegerField(pgettext_lazy("audit", "days"))  # until it is due, below nothing once it is over
    reminded_at = models.DateTimeField(_("reminded at"))

    class Meta:
        verbose_name = _("reminder of a rectification")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["rectification", "on"], name="rectification_reminder_once_a_day"),
            models.CheckConstraint(
                name="rectification_reminder_is_known",
                condition=Q(kind="ahead", days__gte=0) | Q(kind="overdue", days__lt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rectification}: {self.on}"
