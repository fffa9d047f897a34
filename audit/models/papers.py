"""What auditors write down: work papers (审计工作底稿) and evidence sheets (审计取证单)."""

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
class WorkPaper(models.Model):
    """One work paper (底稿): what was looked at, how, what was found, what follows; checked by another person.

    What it is of is named as (type, number) text with words to read: a claim, a voucher, a drawn item, a lead.
    """

    MOVES: ClassVar[frozenset[tuple[str, str]]] = frozenset(
        {("", "written"), ("written", "checked"), ("written", "returned"), ("returned", "written")}
    )

    class State(models.TextChoices):
        WRITTEN = "written", pgettext_lazy("work paper", "to be checked")
        CHECKED = "checked", pgettext_lazy("work paper", "checked")
        RETURNED = "returned", pgettext_lazy("work paper", "sent back")

    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="papers", verbose_name=_("engagement"))
    number = models.CharField(_("number"), max_length=40, unique=True)
    title = models.CharField(_("title"), max_length=100)
    subject_type = models.CharField(max_length=60, blank=True, default="")
    subject_id = models.CharField(max_length=40, blank=True, default="")
    subject_words = models.CharField(_("what it is of"), max_length=200, blank=True, default="")
    procedure = models.TextField(pgettext_lazy("work paper", "what was done"), max_length=2000)
    facts = models.TextField(pgettext_lazy("audit", "what was found"), max_length=4000)
    conclusion = models.TextField(pgettext_lazy("audit", "conclusion"), max_length=1000)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.WRITTEN)
    made_by = models.ForeignKey(
        Person, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("audit", "written by")
    )
    made_at = models.DateTimeField(pgettext_lazy("audit", "written at"))
    checked_by = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=pgettext_lazy("work paper", "checked by"),
    )
    checked_at = models.DateTimeField(pgettext_lazy("work paper", "checked at"), null=True, blank=True)
    remark = models.CharField(
        pgettext_lazy("work paper", "remark of the check"), max_length=300, blank=True, default=""
    )

    class Meta:
        verbose_name = _("work paper")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["subject_type", "subject_id"], name="workpaper_of_subject"),
            models.Index(fields=["state"], name="workpaper_by_state"),
        ]
        constraints = [
            models.CheckConstraint(
                name="workpaper_says_what",
                condition=~Q(number="") & ~Q(title="") & ~Q(procedure="") & ~Q(facts="") & ~Q(conclusion=""),
            ),
            models.CheckConstraint(
                name="workpaper_subject_is_whole",
                condition=Q(subject_type="", subject_id="", subject_words="")
                | ~Q(subject_type="") & ~Q(subject_id="") & ~Q(subject_words=""),
            ),
            models.CheckConstraint(
                name="workpaper_state_is_known", condition=Q(state__in=["written", "checked", "returned"])
            ),
            models.CheckConstraint(
                name="workpaper_is_checked_by_another",
                condition=Q(checked_by__isnull=True) | ~Q(checked_by=F("made_by")),
            ),
            models.CheckConstraint(
                name="workpaper_checked_says_by_whom",
                condition=Q(state="written", checked_by__isnull=True, checked_at__isnull=True)
                | Q(state="checked", checked_by__isnull=False, checked_at__isnull=False)
                | Q(state="returned", checked_by__isnull=False, checked_at__isnull=False) & ~Q(remark=""),
            ),
        ]

    def __str__(self) -> str:
        return self.number


@pghistory.track()
class EvidenceSheet(models.Model):
    """An evidence sheet (取证单): facts taken down in the field, which whoever is concerned confirms by his signature.

    `dated_on` is the day of the facts' taking down; `confirmed_by` signed on paper, with what he said to it.
    """

    MOVES: ClassVar[frozenset[tuple[str, str]]] = frozenset(
        {("", "taken"), ("taken", "confirmed"), ("taken", "refused"), ("taken", "void")}
    )

    class State(models.TextChoices):
        TAKEN = "taken", pgettext_lazy("audit", "to be signed")
        CONFIRMED = "confirmed", pgettext_lazy("evidence sheet", "signed")
        REFUSED = "refused", _("signature refused")
        VOID = "void", pgettext_lazy("evidence sheet", "void")

    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="sheets", verbose_name=_("engagement"))
    paper = models.ForeignKey(
        WorkPaper, models.PROTECT, null=True, blank=True, related_name="sheets", verbose_name=_("work paper")
    )
    number = models.CharField(_("number"), max_length=40, unique=True)
    title = models.CharField(_("title"), max_length=100)
    facts = models.TextField(pgettext_lazy("audit", "facts"), max_length=4000)
    dated_on = models.DateField(_("taken down on"))
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.TAKEN)
    taken_by = models.ForeignKey(
        Person, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("audit", "taken down by")
    )
    taken_at = models.DateTimeField(_("entered at"))
    confirmed_by = models.CharField(_("signed by"), max_length=60, blank=True, default="")
    confirmed_on = models.DateField(_("signed on"), null=True, blank=True)
    words = models.CharField(_("what he said to it"), max_length=500, blank=True, default="")
    noted_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("noted by")
    )

    class Meta:
        verbose_name = _("evidence sheet")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="evidencesheet_says_what", condition=~Q(number="") & ~Q(title="") & ~Q(facts="")
            ),
            models.CheckConstraint(
                name="evidencesheet_state_is_known",
                condition=Q(state__in=["taken", "confirmed", "refused", "void"]),
            ),
            models.CheckConstraint(
                name="evidencesheet_is_signed_whole",
                condition=Q(state="taken", confirmed_by="", confirmed_on__isnull=True, words="", noted_by__isnull=True)
                | Q(state="confirmed", confirmed_on__gte=F("dated_on"), noted_by__isnull=False) & ~Q(confirmed_by="")
                | Q(state="refused", confirmed_on__gte=F("dated_on"), noted_by__isnull=False)
                & ~Q(confirmed_by="")
                & ~Q(words="")
                | Q(state="void", confirmed_by="", confirmed_on__isnull=True, noted_by__isnull=False) & ~Q(words=""),
            ),
        ]

    def __str__(self) -> str:
        return self.number
