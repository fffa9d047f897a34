"""What happens to a claim between intake and approval: cuts, verifications, flags, the limits of its route."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import ClassVar

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from claims.models.claims import Claim, ClaimLine, Kind, Step
from claims.models.rounds import ClaimsRound
from enrollment.models import Member, Scheme
from office.models import Person


class Cut(models.Model):
    """Something taken off a line in a step (审减): how much, for which reason, by whom; only ever added to.

    In the committee each member's cut is a row; a row counts when a majority supports it (`counts`).
    """

    class Reason(models.TextChoices):
        OUT_OF_CATALOGUE = "out_of_catalogue", _("not in the catalogue")
        OVER_LIMIT = "over_limit", _("above the price limit")
        NOT_FOR_ILLNESS = "not_for_illness", _("not for this illness")
        NO_ORDER = "no_order", _("no order for it in the file")
        LIST_DIFFERS = "list_differs", _("list and invoice differ")
        THIRD_PARTY = "third_party", _("somebody else is liable")
        REPEATED = "repeated", _("charged twice")
        CHECK_UP = "check_up", _("check-up or cosmetic")
        OTHER = "other", _("other")

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="cuts", verbose_name=_("claim"))
    line = models.ForeignKey(ClaimLine, models.PROTECT, related_name="cuts", verbose_name=_("line"))
    round = models.ForeignKey(ClaimsRound, models.PROTECT, related_name="+", verbose_name=_("round"))
    step = models.CharField(_("step"), max_length=14, choices=Step.choices)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    reason_code = models.CharField(_("reason"), max_length=20, choices=Reason.choices)
    reason = models.CharField(_("in words"), max_length=200, blank=True, default="")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("time"))
    counts = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("cut")
        ordering = ["pk"]
        indexes = [models.Index(fields=["claim"], condition=Q(counts=True), name="cut_that_counts")]
        constraints = [
            models.CheckConstraint(name="cut_is_of_something", condition=Q(amount__gt=Decimal(0))),
            models.CheckConstraint(
                name="cut_for_another_reason_says_it", condition=~Q(reason_code="other") | ~Q(reason="")
            ),
            models.UniqueConstraint(fields=["line", "round", "by"], name="cut_once_by_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.line}: {self.amount}"


@pghistory.track()
class Verification(models.Model):
    """An invoice verified with the hospital (票据核查): whom one called, visited or wrote to, and what was answered.

    A letter (协查函) has a deadline; where no answer comes the claim goes to the committee.
    """

    class Way(models.TextChoices):
        PHONE = "phone", _("by phone")
        VISIT = "visit", _("by a visit")
        LETTER = "letter", _("by letter")

    class Outcome(models.TextChoices):
        GENUINE = "genuine", _("genuine")
        DIFFERS = "differs", _("differs")
        NOT_FOUND = "not_found", _("not found at the hospital")
        REFUSED = "refused", _("answer refused")
        NO_ANSWER = "no_answer", _("no answer")

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="verifications", verbose_name=_("claim"))
    way = models.CharField(_("way"), max_length=8, choices=Way.choices)
    whom = models.CharField(_("whom"), max_length=100)
    phone = models.CharField(_("phone"), max_length=40, blank=True, default="")
    letter_number = models.CharField(_("number of the letter"), max_length=40, blank=True, default="")
    asked_on = models.DateField(_("asked on"))
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    deadline_on = models.DateField(_("answer until"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices, blank=True, default="")
    answer = models.CharField(_("answer"), max_length=500, blank=True, default="")
    answered_on = models.DateField(_("answered on"), null=True, blank=True)
    answered_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("answer noted by")
    )

    class Meta:
        verbose_name = _("verification")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(name="verification_asks_somebody", condition=~Q(whom="")),
            models.CheckConstraint(
                name="verification_by_letter_has_number_and_deadline",
                condition=~Q(way="letter") | (~Q(letter_number="") & Q(deadline_on__isnull=False)),
            ),
            models.CheckConstraint(
                name="verification_ends_with_its_day",
                condition=Q(outcome="", answered_on__isnull=True, answered_by__isnull=True)
                | (~Q(outcome="") & Q(answered_on__gte=F("asked_on"), answered_by__isnull=False)),
            ),
            models.CheckConstraint(
                name="verification_differing_says_how", condition=~Q(outcome="differs") | ~Q(answer="")
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(way)s: %(whom)s") % {"way": self.get_way_display(), "whom": self.whom}


class FlagQuerySet(models.QuerySet["Flag"]):
    def holding(self) -> FlagQuerySet:
        """Those that are not lifted."""
        return self.filter(lifted_at__isnull=True)


@pghistory.track()
class Flag(models.Model):
    """Something that holds a claim (暂缓): an auditor's lead, an objection. It moves no further until it is lifted."""

    class Kind(models.TextChoices):
        AUDIT = "audit", _("held by an auditor")
        OBJECTION = "objection", _("objection")
        OFFICE = "office", _("held by the office")

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="flags", verbose_name=_("claim"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    reason = models.CharField(_("reason"), max_length=300)
    set_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("set by"))
    set_at = models.DateTimeField(_("set at"))
    lifted_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("lifted by")
    )
    lifted_at = models.DateTimeField(_("lifted at"), null=True, blank=True)
    lift_reason = models.CharField(_("lifted because"), max_length=300, blank=True, default="")

    objects = FlagQuerySet.as_manager()

    class Meta:
        verbose_name = _("flag")
        ordering = ["pk"]
        indexes = [models.Index(fields=["claim"], condition=Q(lifted_at__isnull=True), name="flag_holding")]
        constraints = [
            models.CheckConstraint(name="flag_says_why", condition=~Q(reason="")),
            models.CheckConstraint(
                name="flag_is_lifted_with_a_reason",
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True, lift_reason="")
                | (Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lift_reason="")),
            ),
        ]

    def __str__(self) -> str:
        return self.reason


class LimitQuerySet(models.QuerySet["Limit"]):
    def on(self, day: date) -> LimitQuerySet:
        """The confirmed ones of a day."""
        return self.filter(state=Limit.State.CONFIRMED, period__contains=day)


@pghistory.track()
class Limit(models.Model):
    """From which amount a claim takes a step (审批权限、核查限额): a dated row, confirmed by a second person.

    `kind` and `region` empty are any. The amount is in yuan; a claim takes the step when its basis is above it, or for
    verifications when it reaches it (核查3000元及以上).
    """

    MOVES: ClassVar[dict[tuple[str, str], str]] = {
        ("", "proposed"): "",
        ("proposed", "confirmed"): "approved",
        ("proposed", "refused"): "refused",
        ("proposed", "withdrawn"): "",
    }

    class Basis(models.TextChoices):
        TOTAL_COST = "total_cost", _("total cost")
        PROPOSED_PAYMENT = "proposed_payment", _("proposed payment")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("to be confirmed")
        CONFIRMED = "confirmed", _("confirmed")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")

    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="+", verbose_name=_("scheme"))
    kind = models.CharField(_("kind of claim"), max_length=10, choices=Kind.choices, blank=True, default="")
    region = models.CharField(
        _("region"),
        max_length=8,
        choices=[("county", _("inside the county")), ("outside", _("outside the county"))],
        blank=True,
        default="",
    )
    step = models.CharField(_("step"), max_length=14, choices=Step.choices)
    basis = models.CharField(_("basis"), max_length=18, choices=Basis.choices)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    period = DateRangeField(_("in force"))
    document = models.CharField(_("paper"), max_length=100)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("entered by"))
    proposed_at = models.DateTimeField(_("entered at"))

    objects = LimitQuerySet.as_manager()

    class Meta:
        verbose_name = _("limit")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="limit_is_of_a_step_that_has_one",
                condition=Q(step__in=["verification", "head", "committee"]),
            ),
            models.CheckConstraint(name="limit_rests_on_a_paper", condition=~Q(document="")),
            models.CheckConstraint(name="limit_is_no_debt", condition=Q(amount__gte=Decimal(0))),
            models.CheckConstraint(
                name="limit_has_its_days", condition=Q(period__isempty=False, period__startswith__isnull=False)
            ),
            ExclusionConstraint(
                name="confirmed_limits_never_overlap",
                expressions=[
                    (F("scheme"), RangeOperators.EQUAL),
                    (F("kind"), RangeOperators.EQUAL),
                    (F("region"), RangeOperators.EQUAL),
                    (F("step"), RangeOperators.EQUAL),
                    (F("basis"), RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
                condition=Q(state="confirmed"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_step_display()}: {self.amount}"


@pghistory.track()
class BenefitCounter(models.Model):
    """What a person has used in a plan year (年度累计), by counter; moved by approvals and reversals alone.

    The person is the record that is kept; the database adds each move here and refuses any other change.
    """

    member = models.ForeignKey(Member, models.PROTECT, related_name="+", verbose_name=_("person"))
    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="+", verbose_name=_("scheme"))
    year = models.PositiveSmallIntegerField(_("plan year"))
    name = models.CharField(_("counter"), max_length=100)
    value = models.DecimalField(_("used"), max_digits=14, decimal_places=2)

    class Meta:
        verbose_name = _("year counter")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["member", "scheme", "year", "name"], name="counter_once"),
            models.CheckConstraint(name="counter_is_no_debt", condition=Q(value__gte=Decimal(0))),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.value}"
