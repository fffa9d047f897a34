"""The yearly campaign (筹资工作): deadlines, bulletins, reminders, and what collecting costs."""

from __future__ import annotations

from decimal import Decimal

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from enrollment.models.divisions import Division, in_sight
from enrollment.models.schemes import FundYear
from office.models import Person


class CampaignDeadlineQuerySet(models.QuerySet["CampaignDeadline"]):
    def standing(self) -> CampaignDeadlineQuerySet:
        """Those that hold."""
        return self.filter(void_reason="")


@pghistory.track()
class CampaignDeadline(models.Model):
    """By a day, so much of who should enroll has enrolled (督查节点); `rate` in percent.

    It is not changed: it is made void with the reason, and another one is set.
    """

    fund_year = models.ForeignKey(FundYear, models.PROTECT, related_name="+", verbose_name=_("fund year"))
    on = models.DateField(_("by the day"))
    rate = models.DecimalField(_("rate in percent"), max_digits=5, decimal_places=2)
    set_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("set by"))
    set_at = models.DateTimeField(_("set at"))
    void_reason = models.CharField(_("void because"), max_length=200, blank=True, default="")

    objects = CampaignDeadlineQuerySet.as_manager()

    class Meta:
        verbose_name = _("deadline of the campaign")
        ordering = ["on"]
        constraints = [
            models.UniqueConstraint(
                fields=["fund_year", "on"], condition=Q(void_reason=""), name="campaign_deadline_once_a_day"
            ),
            models.CheckConstraint(
                name="campaign_deadline_is_a_rate", condition=Q(rate__gt=Decimal(0), rate__lte=Decimal(100))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on} · {self.rate} %"


class Bulletin(models.Model):
    """The office's bulletin of a day of the campaign (通报): its figures stand as they were. Only ever added to."""

    fund_year = models.ForeignKey(FundYear, models.PROTECT, related_name="+", verbose_name=_("fund year"))
    number = models.PositiveSmallIntegerField(_("number"))
    as_of = models.DateField(_("as of"))
    remark = models.TextField(_("remark"), max_length=2_000, blank=True, default="")
    figures = models.JSONField(_("figures"))
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("bulletin")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["fund_year", "number"], name="bulletin_number_once"),
            models.CheckConstraint(name="bulletin_is_numbered_from_one", condition=Q(number__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.fund_year} {self.number}"


class ReminderQuerySet(models.QuerySet["Reminder"]):
    def visible_to(self, person: Person, right: str = "enrollment.view_reminder") -> ReminderQuerySet:
        """Those to the townships that a person's bodies serve."""
        return self.filter(in_sight(person, right, "township__"))

    def unanswered(self) -> ReminderQuerySet:
        """Those that wait for an answer; one to a void deadline waits no more."""
        return self.filter(answered_at__isnull=True, deadline__void_reason="")


@pghistory.track()
class Reminder(models.Model):
    """The office reminds a township that it is behind a deadline (督办); the township answers once.

    `rate` is the township's when it was sent, in percent; `answer_by` the last day for the answer.
    """

    deadline = models.ForeignKey(CampaignDeadline, models.PROTECT, related_name="+", verbose_name=_("deadline"))
    township = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("township"))
    rate = models.DecimalField(_("rate in percent"), max_digits=5, decimal_places=2)
    text = models.CharField(_("what is asked"), max_length=500)
    answer_by = models.DateField(_("answer by"))
    sent_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("sent by"))
    sent_at = models.DateTimeField(_("sent at"))
    answer = models.CharField(_("answer"), max_length=1_000, blank=True, default="")
    answered_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("answered by")
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = _("reminder")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["deadline", "township"], name="reminder_once_for_a_deadline"),
            models.CheckConstraint(name="reminder_says_what", condition=~Q(text="")),
            models.CheckConstraint(
                name="reminder_answered_says_what_by_whom_and_when",
                condition=Q(answer="", answered_by__isnull=True, answered_at__isnull=True)
                | Q(answered_by__isnull=False, answered_at__isnull=False) & ~Q(answer=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.township} · {self.deadline}"


class CollectionCostQuerySet(models.QuerySet["CollectionCost"]):
    def visible_to(self, person: Person, right: str = "enrollment.view_collectioncost") -> CollectionCostQuerySet:
        """Those of the townships that a person's bodies serve; the county's own are for who sees the whole county."""
        return self.filter(in_sight(person, right, "township__"))

    def standing(self) -> CollectionCostQuerySet:
        """Those that are not void."""
        return self.filter(void_reason="")


@pghistory.track()
class CollectionCost(models.Model):
    """What collecting a year's contributions cost (筹资成本), in yuan; it is not paid by the fund. Void if mistaken."""

    class Kind(models.TextChoices):
        LABOUR = "labour", _("labour")
        TRANSPORT = "transport", _("transport")
        PUBLICITY = "publicity", _("publicity")
        PRINTING = "printing", _("printing")
        REWARD = "reward", _("rewards")
        OTHER = "other", _("other")

    fund_year = models.ForeignKey(FundYear, models.PROTECT, related_name="+", verbose_name=_("fund year"))
    township = models.ForeignKey(
        Division, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("township")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    on = models.DateField(_("date"))
    amount = models.DecimalField(_("amount"), max_digits=10, decimal_places=2)
    person_days = models.DecimalField(_("person-days"), max_digits=7, decimal_places=1, null=True, blank=True)
    note = models.CharField(_("for what"), max_length=200)
    noted_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("noted by"))
    noted_at = models.DateTimeField(_("noted at"))
    void_reason = models.CharField(_("void because"), max_length=200, blank=True, default="")

    objects = CollectionCostQuerySet.as_manager()

    class Meta:
        verbose_name = _("collection cost")
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(name="collection_cost_is_money", condition=Q(amount__gt=Decimal(0))),
            models.CheckConstraint(
                name="collection_cost_kind_is_known",
                condition=Q(kind__in=["labour", "transport", "publicity", "printing", "reward", "other"]),
            ),
            models.CheckConstraint(name="collection_cost_says_for_what", condition=~Q(note="")),
            models.CheckConstraint(
                name="collection_cost_has_days",
                condition=Q(person_days__isnull=True) | Q(person_days__gt=Decimal(0)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.note} · {self.amount}"
