"""Leads (疑点线索): what a screen or a complaint points at, never a verdict; what people did about it."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.models.complaints import Complaint
from audit.models.screenings import Screening
from claims.models import Claim, Flag, Provider
from enrollment.models import Division, Member
from office.models import Person

MOST = 100  # the highest score


@pghistory.track(level=pgtrigger.Statement)
class Lead(models.Model):
    """A hit of a screen, or what a complaint says, to be looked into (疑点线索). It is a question and no finding.

    `key` names its subjects: the same hit found again is the same lead. Whom and where it is about is copied where all
    its claims agree. `figures` fill in the sentence of its screen. `is_pointed` says that it is about its claims and
    not about a place as a whole. Money is in yuan.
    """

    MOVES: ClassVar[dict[tuple[str, str], str]] = {
        ("", "open"): "",
        ("open", "cleared"): "",
        ("open", "confirmed"): "",
        ("cleared", "open"): "",  # something new came to light
        ("confirmed", "open"): "",
    }
    COMPLAINT: ClassVar[str] = "complaint"
    PREFIX: ClassVar[str] = "XS"  # of its number

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("lead", "open")
        CLEARED = "cleared", pgettext_lazy("lead", "cleared")
        CONFIRMED = "confirmed", pgettext_lazy("lead", "confirmed")

    screen = models.CharField(_("screen"), max_length=20)
    key = models.CharField(max_length=64)  # SHA-256 of what names its subjects
    screening = models.ForeignKey(
        Screening, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("screening")
    )
    complaint = models.ForeignKey(
        Complaint, models.PROTECT, null=True, blank=True, related_name="leads", verbose_name=_("complaint")
    )
    score = models.PositiveSmallIntegerField(pgettext_lazy("lead", "score"))
    money = models.DecimalField(_("money concerned"), max_digits=16, decimal_places=2)
    figures = models.JSONField(pgettext_lazy("lead", "evidence"), default=dict)
    is_pointed = models.BooleanField(default=True)
    member = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("patient")
    )
    provider = models.ForeignKey(
        Provider, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("provider")
    )
    village = models.ForeignKey(
        Division, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("village")
    )
    clerk = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("clerk"))
    doctor = models.CharField(_("doctor"), max_length=60, blank=True, default="")
    found_on = models.DateField(_("found on"))
    found_at = models.DateTimeField(_("found at"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    reason = models.CharField(_("why"), max_length=500, blank=True, default="")
    decided_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    class Meta:
        verbose_name = _("lead")
        ordering = ["-score", "-money", "-pk"]
        indexes = [
            models.Index(fields=["state", "-score", "-money", "-id"], name="lead_in_state"),
            models.Index(fields=["member"], condition=Q(member__isnull=False), name="lead_of_member"),
            models.Index(fields=["provider"], condition=Q(provider__isnull=False), name="lead_of_provider"),
            models.Index(fields=["village"], condition=Q(village__isnull=False), name="lead_of_village"),
            models.Index(fields=["clerk"], condition=Q(clerk__isnull=False), name="lead_of_clerk"),
            models.Index(fields=["doctor"], condition=~Q(doctor=""), name="lead_of_doctor"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["screen", "key"], name="lead_once"),
            models.CheckConstraint(name="lead_score_is_one", condition=Q(score__range=(1, MOST))),
            models.CheckConstraint(name="lead_money_is_no_debt", condition=Q(money__gte=Decimal(0))),
            models.CheckConstraint(
                name="lead_comes_from_somewhere",
                condition=Q(screen="complaint", complaint__isnull=False, screening__isnull=True)
                | ~Q(screen__in=["", "complaint"]) & Q(screening__isnull=False, complaint__isnull=True),
            ),
            models.CheckConstraint(name="lead_state_is_known", condition=Q(state__in=["open", "cleared", "confirmed"])),
            models.CheckConstraint(
                name="lead_is_decided_whole",
                condition=Q(state="open", decided_by__isnull=True, decided_at__isnull=True, reason="")
                | Q(state__in=["cleared", "confirmed"], decided_by__isnull=False, decided_at__isnull=False)
                & ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="lead_is_decided_by_another",
                condition=Q(decided_by__isnull=True) | Q(clerk__isnull=True) | ~Q(decided_by=F("clerk")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.PREFIX}{self.pk:06d}"


class LeadClaim(models.Model):
    """A claim that a lead is about; only ever added to, with the lead."""

    lead = models.ForeignKey(Lead, models.PROTECT, related_name="lead_claims", verbose_name=_("lead"))
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="+", verbose_name=_("claim"))

    class Meta:
        verbose_name = _("claim of a lead")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["lead", "claim"], name="lead_claim_once")]

    def __str__(self) -> str:
        return f"{self.lead}: {self.claim}"


class LeadNote(models.Model):
    """What somebody did about a lead or found out, in words (线索核查记录); only ever added to."""

    class Kind(models.TextChoices):
        NOTE = "note", _("looked into")
        HELD = "held", _("claims held")
        LET_GO = "let_go", _("claims let go")
        CLEARED = "cleared", pgettext_lazy("lead", "cleared")
        CONFIRMED = "confirmed", pgettext_lazy("lead", "confirmed")
        REOPENED = "reopened", _("opened again")

    lead = models.ForeignKey(Lead, models.PROTECT, related_name="notes", verbose_name=_("lead"))
    kind = models.CharField(_("what"), max_length=10, choices=Kind.choices)
    words = models.CharField(_("in words"), max_length=500)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("note on a lead")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="lead_note_is_known",
                condition=Q(kind__in=["note", "held", "let_go", "cleared", "confirmed", "reopened"]),
            ),
            models.CheckConstraint(name="lead_note_says_something", condition=~Q(words="")),
        ]

    def __str__(self) -> str:
        return self.words


class LeadHold(models.Model):
    """A flag by which a lead holds a claim before it is paid; only ever added to. Whether it holds still, the flag
    says."""

    lead = models.ForeignKey(Lead, models.PROTECT, related_name="holds", verbose_name=_("lead"))
    flag = models.OneToOneField(Flag, models.PROTECT, related_name="+", verbose_name=_("flag"))

    class Meta:
        verbose_name = _("hold by a lead")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.lead}: {self.flag}"
