"""Complaints (举报投诉): what somebody says against whoever deals with the funds, looked into and answered in time."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from claims.models import Provider
from enrollment.models import Member
from office.models import Person


@pghistory.track()
class Complaint(models.Model):
    """A complaint as it was taken down (举报投诉). What was said never changes.

    Who said it is shown to whoever has the right, and each look is an act; an anonymous one has neither name nor
    contact. It is to be answered until `answer_by`, by whom it was given to.
    """

    MOVES: ClassVar[dict[tuple[str, str], str]] = {
        ("", "received"): "",
        ("received", "assigned"): "",
        ("received", "answered"): "",  # not taken up
        ("assigned", "assigned"): "",  # given to somebody else
        ("assigned", "answered"): "",
    }

    class Channel(models.TextChoices):
        VISIT = "visit", _("came in person")
        PHONE = "phone", _("by phone")
        LETTER = "letter", _("by letter")
        BOX = "box", _("complaints box")
        TRANSFERRED = "transferred", _("passed on by another authority")

    class State(models.TextChoices):
        RECEIVED = "received", _("taken down")
        ASSIGNED = "assigned", _("being looked into")
        ANSWERED = "answered", _("answered")

    class Result(models.TextChoices):
        FOUNDED = "founded", _("found to be true")
        PARTLY = "partly", _("found to be true in part")
        UNFOUNDED = "unfounded", _("found to be untrue")
        NOT_TAKEN_UP = "not_taken_up", _("not taken up")

    number = models.CharField(_("number"), max_length=40, unique=True)
    channel = models.CharField(pgettext_lazy("complaint", "came"), max_length=12, choices=Channel.choices)
    is_anonymous = models.BooleanField(_("anonymous"))
    informant = models.CharField(_("informant"), max_length=60, blank=True, default="")
    contact = models.CharField(_("how to reach"), max_length=80, blank=True, default="")
    about = models.CharField(_("whom it is about"), max_length=120)
    about_member = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("about the patient")
    )
    about_provider = models.ForeignKey(
        Provider, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("about the provider")
    )
    about_person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("about somebody of the office")
    )
    words = models.CharField(pgettext_lazy("complaint", "words"), max_length=2000)
    received_on = models.DateField(_("received on"))
    received_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("taken down by"))
    received_at = models.DateTimeField(_("taken down at"))
    answer_by = models.DateField(_("answer until"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.RECEIVED)
    assigned_to = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("given to")
    )
    assigned_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("given by")
    )
    assigned_at = models.DateTimeField(_("given at"), null=True, blank=True)
    result = models.CharField(_("result"), max_length=12, choices=Result.choices, blank=True, default="")
    answer = models.CharField(_("answer"), max_length=2000, blank=True, default="")
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    answered_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("answered by")
    )

    class Meta:
        verbose_name = _("complaint")
        ordering = ["-pk"]
        permissions = [("show_informant", "Can see who made a complaint")]
        indexes = [models.Index(fields=["answer_by"], condition=~Q(state="answered"), name="complaint_open")]
        constraints = [
            models.CheckConstraint(
                name="complaint_is_whole",
                condition=~Q(number="") & ~Q(about="") & ~Q(words="") & Q(answer_by__gt=F("received_on")),
            ),
            models.CheckConstraint(
                name="complaint_channel_is_known",
                condition=Q(channel__in=["visit", "phone", "letter", "box", "transferred"]),
            ),
            models.CheckConstraint(
                name="complaint_anonymous_names_nobody",
                condition=Q(is_anonymous=True, informant="", contact="") | Q(is_anonymous=False) & ~Q(informant=""),
            ),
            models.CheckConstraint(
                name="complaint_state_is_known", condition=Q(state__in=["received", "assigned", "answered"])
            ),
            models.CheckConstraint(
                name="complaint_is_assigned_whole",
                condition=Q(assigned_to__isnull=True, assigned_by__isnull=True, assigned_at__isnull=True)
                & ~Q(state="assigned")
                | Q(assigned_to__isnull=False, assigned_by__isnull=False, assigned_at__isnull=False)
                & ~Q(state="received"),
            ),
            models.CheckConstraint(
                name="complaint_is_answered_whole",
                condition=~Q(state="answered")
                & Q(result="", answer="", answered_on__isnull=True, answered_by__isnull=True)
                | Q(state="answered", answered_on__gte=F("received_on"), answered_by__isnull=False)
                & Q(result__in=["founded", "partly", "unfounded", "not_taken_up"])
                & ~Q(answer=""),
            ),
            models.CheckConstraint(
                name="complaint_is_looked_into_by_another",
                condition=Q(about_person__isnull=True)
                | (Q(assigned_to__isnull=True) | ~Q(assigned_to=F("about_person")))
                & (Q(answered_by__isnull=True) | ~Q(answered_by=F("about_person")))
                & ~Q(received_by=F("about_person")),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class ComplaintNote(models.Model):
    """What somebody did to look into a complaint (核查记录), on which day; only ever added to."""

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="notes", verbose_name=_("complaint"))
    on = models.DateField(_("on"))
    words = models.CharField(_("in words"), max_length=1000)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("note on a complaint")
        ordering = ["pk"]
        constraints = [models.CheckConstraint(name="complaint_note_says_something", condition=~Q(words=""))]

    def __str__(self) -> str:
        return f"{self.on}: {self.words}"


class ComplaintFile(models.Model):
    """A file that came with a complaint, or that looking into it brought up (举报材料、核查材料); only ever added to.

    Its content is kept as the attachment of this row, under the complaint's number and not under the name that it was
    sent with. Where it shows who complained (a signed letter), it is read by those alone who may see that.
    """

    complaint = models.ForeignKey(Complaint, models.PROTECT, related_name="files", verbose_name=_("complaint"))
    note = models.ForeignKey(
        ComplaintNote,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="files",
        verbose_name=_("note on a complaint"),
    )
    words = models.CharField(pgettext_lazy("complaint", "what it is"), max_length=200)
    names_informant = models.BooleanField(_("shows who complained"))
    added_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("added by"))
    added_at = models.DateTimeField(_("added at"))

    class Meta:
        verbose_name = _("file of a complaint")
        ordering = ["pk"]
        constraints = [models.CheckConstraint(name="complaint_file_says_what_it_is", condition=~Q(words=""))]

    def __str__(self) -> str:
        return self.words
