"""The large-claim committee (大额费用审批小组): meetings, agenda, minutes, and decisions with proof of service."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from claims.models.claims import Claim
from claims.models.rounds import ClaimsRound
from office.models import Person
from office.models.rounds import Majority


@pghistory.track()
class CommitteeRule(models.Model):
    """What the county's paper asks of the committee from a day on (议事规则): how many must be there, by what majority
    it decides, how many people it has. Entered by one person, confirmed by another; the newest that has begun holds."""

    MOVES: ClassVar[dict[tuple[str, str], str]] = {
        ("", "proposed"): "",
        ("proposed", "confirmed"): "approved",
        ("proposed", "refused"): "refused",
        ("proposed", "withdrawn"): "",
    }

    class State(models.TextChoices):
        PROPOSED = "proposed", _("to be confirmed")
        CONFIRMED = "confirmed", _("confirmed")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class Quorum(models.TextChoices):
        HALF = "half", _("more than half of the seats")
        TWO_THIRDS = "two_thirds", _("two thirds of the seats")
        ALL = "all", _("all seats")

    since = models.DateField(_("in force from"))
    quorum = models.CharField(_("quorum"), max_length=10, choices=Quorum.choices)
    majority = models.CharField(_("majority"), max_length=10, choices=Majority.choices)
    least = models.PositiveSmallIntegerField(_("members at least"))
    document = models.CharField(_("paper"), max_length=100)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("entered by"))
    proposed_at = models.DateTimeField(_("entered at"))

    class Meta:
        verbose_name = _("rule of the committee")
        ordering = ["-since", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="committee_rule_is_known",
                condition=Q(
                    quorum__in=["half", "two_thirds", "all"],
                    majority__in=["half", "two_thirds", "all"],
                    least__range=(3, 99),
                )
                & ~Q(document=""),
            ),
            models.UniqueConstraint(
                fields=["since"], condition=Q(state="confirmed"), name="one_committee_rule_begins_on_a_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.since}"


@pghistory.track()
class Meeting(models.Model):
    """A meeting of the committee (会议): called with notice, held, its minutes frozen with their number and hash."""

    MOVES: ClassVar[frozenset[tuple[str, str]]] = frozenset(
        {
            ("", "called"),
            ("called", "open"),
            ("called", "cancelled"),
            ("open", "cancelled"),  # broken off: no quorum came together
            ("open", "decided"),  # every claim of the agenda has its outcome
            ("decided", "closed"),  # the minutes are frozen
        }
    )

    class State(models.TextChoices):
        CALLED = "called", pgettext_lazy("meeting", "called")
        OPEN = "open", _("in session")
        DECIDED = "decided", pgettext_lazy("meeting", "decided")
        CLOSED = "closed", _("minutes frozen")
        CANCELLED = "cancelled", _("cancelled")

    number = models.CharField(_("number of the meeting"), max_length=40, unique=True)
    held_on = models.DateField(_("held on"))
    begins_at = models.TimeField(_("begins at"))
    place = models.CharField(_("place"), max_length=60)
    notice_on = models.DateField(_("notice given on"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.CALLED)
    called_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("called by"))
    called_at = models.DateTimeField(_("called at"))

    class Meta:
        verbose_name = _("committee meeting")
        permissions = [("attend_meeting", "Can vote in a meeting of the committee")]
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.CheckConstraint(name="meeting_is_whole", condition=~Q(number="") & ~Q(place="")),
            models.CheckConstraint(
                name="meeting_state_is_known",
                condition=Q(state__in=["called", "open", "decided", "closed", "cancelled"]),
            ),
            models.CheckConstraint(
                name="meeting_has_its_notice_before", condition=Q(notice_on__lte=models.F("held_on"))
            ),
        ]

    def __str__(self) -> str:
        return self.number


@pghistory.track()
class Invitee(models.Model):
    """Who was called to a meeting, in which role, and whether he came (应到、实到)."""

    class Role(models.TextChoices):
        MEMBER = "member", _("member")
        CHAIR = "chair", _("chair")

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="invitees", verbose_name=_("meeting"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("person"))
    role = models.CharField(_("role"), max_length=8, choices=Role.choices, default=Role.MEMBER)
    is_present = models.BooleanField(_("present"), null=True)
    confirmed_at = models.DateTimeField(_("sheet confirmed at"), null=True, blank=True)
    confirmed_hash = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        verbose_name = _("person called to a meeting")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "person"], name="invitee_once"),
            models.UniqueConstraint(fields=["meeting"], condition=Q(role="chair"), name="meeting_has_one_chair"),
            models.CheckConstraint(
                name="invitee_confirms_what_he_saw",
                condition=Q(confirmed_at__isnull=True, confirmed_hash="")
                | Q(confirmed_at__isnull=False, confirmed_hash__regex="^[0-9a-f]{64}$", is_present=True),
            ),
        ]

    def __str__(self) -> str:
        return str(self.person)


class AgendaItem(models.Model):
    """A claim on a meeting's agenda (议题), with its round; only ever added to while the meeting is called."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="agenda", verbose_name=_("meeting"))
    position = models.PositiveSmallIntegerField(_("item"))
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="+", verbose_name=_("claim"))
    round = models.OneToOneField(ClaimsRound, models.PROTECT, related_name="+", verbose_name=_("round"))

    class Meta:
        verbose_name = _("item of the agenda")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "position"], name="agenda_position_once"),
            models.UniqueConstraint(fields=["meeting", "claim"], name="agenda_claim_once"),
        ]

    def __str__(self) -> str:
        return f"{self.meeting} {self.position}"


class Minutes(models.Model):
    """The minutes (会议纪要) as they were frozen: their 文号, text and hash; never changed."""

    meeting = models.OneToOneField(Meeting, models.PROTECT, related_name="minutes", verbose_name=_("meeting"))
    number = models.CharField(_("number of the minutes"), max_length=60, unique=True)
    text = models.JSONField(_("minutes"))
    sha256 = models.CharField("SHA-256", max_length=64)
    frozen_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("kept by"))
    frozen_at = models.DateTimeField(_("frozen at"))

    class Meta:
        verbose_name = _("minutes")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="minutes_are_whole", condition=~Q(number="") & Q(sha256__regex="^[0-9a-f]{64}$")
            )
        ]

    def __str__(self) -> str:
        return self.number


@pghistory.track()
class DecisionNotice(models.Model):
    """The written answer to a claim that was cut, refused or decided by the committee (审批决定书), and its service."""

    class Way(models.TextChoices):
        HANDED_OVER = "handed_over", pgettext_lazy("way of service", "handed over")
        LEFT = "left", _("left at the home")
        POSTED = "posted", _("by post")

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="notices", verbose_name=_("claim"))
    round = models.OneToOneField(ClaimsRound, models.PROTECT, related_name="+", verbose_name=_("round"))
    number = models.CharField(_("number of the notice"), max_length=60, unique=True)
    issued_on = models.DateField(pgettext_lazy("notice", "issued on"))
    issued_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("issued by"))
    way = models.CharField(_("served"), max_length=12, choices=Way.choices, blank=True, default="")
    served_to = models.CharField(_("served to"), max_length=60, blank=True, default="")
    served_on = models.DateField(_("served on"), null=True, blank=True)
    served_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("service noted by")
    )

    class Meta:
        verbose_name = _("decision notice")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["issued_on"], name="notice_by_issue"),
            models.Index(fields=["served_on"], name="notice_by_service"),
            models.Index(fields=["issued_on", "id"], condition=Q(way=""), name="notice_not_served"),
        ]
        constraints = [
            models.CheckConstraint(name="notice_has_a_number", condition=~Q(number="")),
            models.CheckConstraint(
                name="notice_is_served_whole",
                condition=Q(way="", served_to="", served_on__isnull=True, served_by__isnull=True)
                | (~Q(way="") & ~Q(served_to="") & Q(served_on__gte=models.F("issued_on"), served_by__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.number
