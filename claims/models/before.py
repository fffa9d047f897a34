"""What is known before a claim comes: time limits, referral approvals (转诊审批), stays outside (外出备案)."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from claims.models.diseases import Disease
from claims.models.providers import Provider
from enrollment.models import Member, Scheme
from enrollment.models.divisions import in_sight
from office.models import Body, Person


def seen_by(person: Person, right: str, *providers: str) -> Q:
    """What a person sees of papers that come before a claim: those of his bodies, those of people whose villages they
    serve, and those of the hospitals whose desk he keeps; `providers` are the paths to these hospitals."""
    bodies: Any = person.bodies_in_sight(right)
    if bodies is None:
        return Q()
    found = Q(body__in=bodies) | in_sight(person, right, "member__household__village__")
    for path in providers:
        found |= Q(**{f"{path}__body__in": bodies})
    return found


class TimeLimitQuerySet(models.QuerySet["TimeLimit"]):
    def on(self, day: date) -> TimeLimitQuerySet:
        """The confirmed ones of a day."""
        return self.filter(state=TimeLimit.State.CONFIRMED, period__contains=day)


@pghistory.track()
class TimeLimit(models.Model):
    """How many days a scheme gives for something (时限): a dated row of the county's paper, confirmed by a second
    person. An emergency's count is of working days, the others of calendar days."""

    MOVES: ClassVar[dict[tuple[str, str], str]] = {
        ("", "proposed"): "",
        ("proposed", "confirmed"): "approved",
        ("proposed", "refused"): "refused",
        ("proposed", "withdrawn"): "",
    }

    class Kind(models.TextChoices):
        REFERRAL_HOLDS = "referral_holds", _("a referral holds, days")
        EMERGENCY_FILED = "emergency_filed", _("an emergency is filed within, working days")
        OUTSIDE_REPORTED = "outside_reported", _("a stay outside is reported within, days")
        PUBLICITY = "publicity", _("a list is posted for, days")
        OBJECTION_ANSWERED = "objection_answered", _("an objection is answered within, days")
        APPEAL_FILED = "appeal_filed", _("an appeal is filed within, days")
        APPEAL_ANSWERED = "appeal_answered", _("an appeal is answered within, days")
        CLAIM_AFTER_YEAR = "claim_after_year", _("a claim is handed in within, days after the year of its discharge")
        CLAIM_AFTER_STAY = "claim_after_stay", _("a claim is handed in within, days after the discharge")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("to be confirmed")
        CONFIRMED = "confirmed", _("confirmed")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")

    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="+", verbose_name=_("scheme"))
    kind = models.CharField(_("time limit"), max_length=18, choices=Kind.choices)
    days = models.PositiveSmallIntegerField(_("number of days"))
    period = DateRangeField(_("in force"))
    document = models.CharField(_("paper"), max_length=100)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("entered by"))
    proposed_at = models.DateTimeField(_("entered at"))

    objects = TimeLimitQuerySet.as_manager()

    class Meta:
        verbose_name = _("time limit")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="time_limit_kind_is_known",
                condition=Q(
                    kind__in=[
                        "referral_holds",
                        "emergency_filed",
                        "outside_reported",
                        "publicity",
                        "objection_answered",
                        "appeal_filed",
                        "appeal_answered",
                        "claim_after_year",
                        "claim_after_stay",
                    ]
                ),
            ),
            models.CheckConstraint(name="time_limit_is_of_some_days", condition=Q(days__range=(1, 730))),
            models.CheckConstraint(name="time_limit_rests_on_a_paper", condition=~Q(document="")),
            models.CheckConstraint(
                name="time_limit_has_its_days", condition=Q(period__isempty=False, period__startswith__isnull=False)
            ),
            ExclusionConstraint(
                name="confirmed_time_limits_never_overlap",
                expressions=[
                    (F("scheme"), RangeOperators.EQUAL),
                    (F("kind"), RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
                condition=Q(state="confirmed"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.days}"


class ReferralQuerySet(models.QuerySet["Referral"]):
    def visible_to(self, person: Person, right: str = "claims.view_referral") -> ReferralQuerySet:
        """Those of a person's bodies, villages and hospital; the county centre's people see all."""
        return self.filter(seen_by(person, right, "origin", "destination"))

    def of_person(self, root: int) -> ReferralQuerySet:
        """Those of one person, under whichever of his records they were asked for."""
        return self.filter(member__in=Member.objects.records_of([root]))


@pghistory.track()
class Referral(models.Model):
    """A county hospital sends a patient to a hospital outside (转诊审批), and somebody of the county office decides it.

    An emergency is filed afterwards; `due_on` is the last day for it where a time limit is set, and a later one is
    told to whoever decides. It holds on the days of `valid`, counted from the day it was asked for or, for an
    emergency, from the admission.
    """

    MOVES: ClassVar[dict[tuple[str, str], str]] = {
        ("", "proposed"): "",
        ("proposed", "approved"): "approved",
        ("proposed", "refused"): "refused",
        ("proposed", "withdrawn"): "",
    }

    class State(models.TextChoices):
        PROPOSED = "proposed", _("to be decided")
        APPROVED = "approved", _("approved")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")

    number = models.CharField(_("number"), max_length=20, unique=True)
    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="+", verbose_name=_("scheme"))
    member = models.ForeignKey(Member, models.PROTECT, related_name="+", verbose_name=_("patient"))
    body = models.ForeignKey(Body, models.PROTECT, related_name="+", verbose_name=_("asked for at"))
    origin = models.ForeignKey(Provider, models.PROTECT, related_name="+", verbose_name=_("referred from"))
    destination = models.ForeignKey(Provider, models.PROTECT, related_name="+", verbose_name=_("referred to"))
    disease = models.ForeignKey(Disease, models.PROTECT, related_name="+", verbose_name=_("diagnosis"))
    diagnosis = models.CharField(_("diagnosis in words"), max_length=200, blank=True, default="")
    reason = models.CharField(_("reason of the referral"), max_length=300)
    doctor = models.CharField(_("doctor"), max_length=60)
    is_emergency = models.BooleanField(_("emergency, filed afterwards"), default=False)
    admitted_on = models.DateField(_("admitted there on"), null=True, blank=True)
    asked_on = models.DateField(_("asked for on"))
    due_on = models.DateField(_("to be filed until"), null=True, blank=True)
    valid = DateRangeField(_("days of validity"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("entered by"))
    proposed_at = models.DateTimeField(_("entered at"))

    objects = ReferralQuerySet.as_manager()

    class Meta:
        verbose_name = _("referral")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["member", "-asked_on"], name="referral_of_member"),
            models.Index(fields=["state", "-id"], name="referral_in_state"),
        ]
        constraints = [
            models.CheckConstraint(name="referral_is_whole", condition=~Q(number="") & ~Q(reason="") & ~Q(doctor="")),
            models.CheckConstraint(name="referral_leads_elsewhere", condition=~Q(origin=F("destination"))),
            models.CheckConstraint(
                name="referral_of_an_emergency_has_its_day",
                condition=Q(is_emergency=False, admitted_on__isnull=True, due_on__isnull=True)
                | Q(is_emergency=True, admitted_on__isnull=False, admitted_on__lte=F("asked_on")),
            ),
            models.CheckConstraint(
                name="referral_holds_for_some_days",
                condition=Q(valid__isempty=False, valid__startswith__isnull=False, valid__endswith__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_late(self) -> bool:
        """Whether an emergency was filed after the last day for it."""
        return self.due_on is not None and self.asked_on > self.due_on


class OutsideStayQuerySet(models.QuerySet["OutsideStay"]):
    def visible_to(self, person: Person, right: str = "claims.view_outsidestay") -> OutsideStayQuerySet:
        """Those of a person's bodies and villages; the county centre's people see all."""
        return self.filter(seen_by(person, right))

    def standing(self) -> OutsideStayQuerySet:
        """Those that nobody made void."""
        return self.filter(void_reason="")

    def of_person(self, root: int) -> OutsideStayQuerySet:
        """Those of one person, under whichever of his records they were noted."""
        return self.filter(member__in=Member.objects.records_of([root]))


@pghistory.track()
class OutsideStay(models.Model):
    """Somebody reports that he lies in a hospital outside the county (外出备案): who, where, since when, which phone.

    `provider` is the hospital where the office knows it, `hospital` what it was called. `due_on` is the last day for
    the report where a time limit is set; a later one is told and not refused.
    """

    number = models.CharField(_("number"), max_length=20, unique=True)
    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="+", verbose_name=_("scheme"))
    member = models.ForeignKey(Member, models.PROTECT, related_name="+", verbose_name=_("patient"))
    body = models.ForeignKey(Body, models.PROTECT, related_name="+", verbose_name=_("noted at"))
    provider = models.ForeignKey(
        Provider, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("provider")
    )
    hospital = models.CharField(_("hospital"), max_length=100)
    admitted_on = models.DateField(_("admitted on"))
    illness = models.CharField(_("illness"), max_length=100, blank=True, default="")
    phone = models.CharField(_("phone"), max_length=40)
    reported_on = models.DateField(_("reported on"))
    reported_by = models.CharField(_("reported by"), max_length=60)
    due_on = models.DateField(_("to be reported until"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True, default="")
    taken_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("taken by"))
    taken_at = models.DateTimeField(_("taken at"))
    void_reason = models.CharField(_("void because"), max_length=200, blank=True, default="")
    voided_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("made void by")
    )
    voided_at = models.DateTimeField(_("made void at"), null=True, blank=True)

    objects = OutsideStayQuerySet.as_manager()

    class Meta:
        verbose_name = _("stay outside")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["member", "-admitted_on"], name="outside_stay_of_member")]
        constraints = [
            models.CheckConstraint(
                name="outside_stay_is_whole",
                condition=~Q(number="") & ~Q(hospital="") & ~Q(phone="") & ~Q(reported_by=""),
            ),
            models.CheckConstraint(
                name="outside_stay_is_reported_after_it_began", condition=Q(reported_on__gte=F("admitted_on"))
            ),
            models.CheckConstraint(
                name="outside_stay_is_void_with_a_reason",
                condition=Q(void_reason="", voided_by__isnull=True, voided_at__isnull=True)
                | (~Q(void_reason="") & Q(voided_by__isnull=False, voided_at__isnull=False)),
            ),
            models.UniqueConstraint(
                fields=["member", "admitted_on"], condition=Q(void_reason=""), name="outside_stay_once"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_late(self) -> bool:
        """Whether it was reported after the last day for it."""
        return self.due_on is not None and self.reported_on > self.due_on
