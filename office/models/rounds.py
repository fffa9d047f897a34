"""Deciding together (共同审批): the abstract tables of rounds, seats and votes. Each app has its own concrete ones.

What a round is about is named as (type, number), so that no arrow points up the stream. What the database refuses is in
docs/rules/rounds.md; the guards of one set of tables are laid on with `office/migrations/0012_guard_rounds.py`.
"""

from __future__ import annotations

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from office.models.acts import TOP_TRANSACTION, TRUE_TIME
from office.models.appointments import Appointment
from office.models.people import Duty, Person
from office.rules.rounds import Required


class State(models.TextChoices):
    OPEN = "open", _("open")
    CLOSED = "closed", _("decided")
    VOID = "void", _("void")


class Outcome(models.TextChoices):
    APPROVED = "approved", _("approved")
    REFUSED = "refused", _("refused")
    RETURNED = "returned", _("returned")
    DEFERRED = "deferred", _("deferred")


class Majority(models.TextChoices):
    HALF = "half", _("more than half of those present")
    TWO_THIRDS = "two_thirds", _("two thirds of those present")
    ALL = "all", _("all present")


class Choice(models.TextChoices):
    APPROVE = "approve", _("approve")
    CUT = "cut", _("approve with cuts")
    REFUSE = "refuse", _("refuse")
    RETURN = "return", _("return")
    DEFER = "defer", _("defer")
    ABSTAIN = "abstain", _("abstain")


class RoundQuerySet(models.QuerySet["Round"]):
    def open(self) -> RoundQuerySet:
        """Those that still wait for votes."""
        return self.filter(state=State.OPEN)

    def visible_to(self, person: Person) -> RoundQuerySet:
        """What a person made himself, and what people of the bodies in his sight made."""
        bodies = person.bodies_in_sight(self.model.right_to_view())
        if bodies is None:
            return self
        colleagues = Appointment.objects.filter(body__in=bodies).values("person")
        return self.filter(Q(maker=person) | Q(maker__in=colleagues))

    def of(self, subject_type: str, subject_id: str) -> RoundQuerySet:
        """All rounds of one subject."""
        return self.filter(subject_type=subject_type, subject_id=subject_id)


class Round(models.Model):
    """One step in which one subject is decided (审批轮次): what, its hash, the rule copied in, maker, outcome."""

    step = models.CharField(_("step"), max_length=20)
    subject_type = models.CharField(_("kind of subject"), max_length=60)
    subject_id = models.CharField(_("number of subject"), max_length=40)
    subject_hash = models.CharField(max_length=64)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2, null=True, blank=True)
    rule = models.CharField(_("rule"), max_length=60)
    rule_version = models.CharField(_("version of the rule"), max_length=40)
    duties = ArrayField(models.CharField(max_length=32, choices=Duty.choices), verbose_name=_("who decides"))
    count = models.PositiveSmallIntegerField(_("votes needed"))
    quorum = models.PositiveSmallIntegerField(_("quorum"))
    majority = models.CharField(_("majority"), max_length=12, choices=Majority.choices)
    by_seats = models.BooleanField(default=False)
    own_code = models.BooleanField(default=False)
    maker = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("made by"))
    barred = ArrayField(models.BigIntegerField(), default=list, blank=True)  # people whom the subject concerns
    opened_at = models.DateTimeField(_("open since"), db_default=TRUE_TIME)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.OPEN)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome.choices, blank=True, default="")
    closed_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    void_reason = models.CharField(_("why void"), max_length=200, blank=True, default="")

    objects = RoundQuerySet.as_manager()

    class Meta:
        abstract = True
        verbose_name = _("round")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="%(class)s_of_subject")]
        constraints = [
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "step"],
                condition=Q(state="open"),
                name="%(class)s_one_open_for_a_step",
            ),
            models.CheckConstraint(
                name="%(class)s_asks_for_votes",
                condition=Q(count__gte=1, quorum__gte=1, duties__len__gte=1, majority__in=Majority.values),
            ),
            models.CheckConstraint(
                name="%(class)s_names_its_subject",
                condition=~Q(subject_type="")
                & ~Q(subject_id="")
                & ~Q(step="")
                & Q(subject_hash__regex="^[0-9a-f]{64}$"),
            ),
            models.CheckConstraint(
                name="%(class)s_ends_once",
                condition=Q(state="open", outcome="", closed_at__isnull=True, void_reason="")
                | Q(state="closed", outcome__in=Outcome.values, closed_at__isnull=False, void_reason="")
                | Q(state="void", outcome="", closed_at__isnull=False) & ~Q(void_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject_type} {self.subject_id}: {self.step}"

    @classmethod
    def right_to_view(cls) -> str:
        """The right to read such rounds."""
        return f"{cls._meta.app_label}.view_{cls._meta.model_name}"

    @property
    def required(self) -> Required:
        """The rule as it was copied in."""
        return Required(
            rule=self.rule,
            version=self.rule_version,
            duties=self.duties,
            count=self.count,
            quorum=self.quorum,
            majority=self.majority,
            by_seats=self.by_seats,
            own_code=self.own_code,
        )

    @property
    def bound_to(self) -> str:
        """What a code of one's own confirms where this round asks for one: the content, and the amount in yuan."""
        return f"{self.subject_hash}:{'' if self.amount is None else self.amount}"

    @property
    def who_decides(self) -> str:
        """The deciding duties in words."""
        return " / ".join(str(Duty(duty).label) for duty in self.duties)


class Seat(models.Model):
    """Who belonged to the deciding body of a round, and whether he was there (应到、实到、回避)."""

    class Role(models.TextChoices):
        MEMBER = "member", _("member")
        CHAIR = "chair", _("chair")

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("person"))
    role = models.CharField(_("role"), max_length=8, choices=Role.choices, default=Role.MEMBER)
    is_present = models.BooleanField(_("present"), default=True)
    recusal = models.CharField(_("recused because"), max_length=200, blank=True, default="")

    class Meta:
        abstract = True
        verbose_name = _("seat")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "person"], name="%(class)s_once_in_a_round"),
            models.CheckConstraint(name="%(class)s_role_is_known", condition=Q(role__in=["member", "chair"])),
        ]

    def __str__(self) -> str:
        return str(self.person)


class Vote(models.Model):
    """What one person said in a round (一票), with the hash of what he saw; only ever added to."""

    voter = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("voter"))
    for_whom = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("acting for")
    )
    choice = models.CharField(_("choice"), max_length=8, choices=Choice.choices)
    reason_code = models.CharField(_("reason code"), max_length=20, blank=True, default="")
    reason = models.CharField(_("reason"), max_length=500, blank=True, default="")
    hash_seen = models.CharField(max_length=64)
    cast_at = models.DateTimeField(_("time"), db_default=TRUE_TIME)
    transaction = models.BigIntegerField(editable=False, db_default=TOP_TRANSACTION)

    class Meta:
        abstract = True
        verbose_name = _("vote")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "voter"], name="%(class)s_once_in_a_round"),
            models.UniqueConstraint(fields=["seat"], name="%(class)s_once_for_a_seat"),
            models.CheckConstraint(name="%(class)s_choice_is_known", condition=Q(choice__in=Choice.values)),
            models.CheckConstraint(
                name="%(class)s_says_why_not", condition=Q(choice__in=["approve", "abstain"]) | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="%(class)s_for_somebody_else", condition=Q(for_whom__isnull=True) | ~Q(for_whom=F("voter"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.voter}: {self.get_choice_display()}"


@pghistory.track()
class OfficeRound(Round):
    """A round over the office's own matters: duties, lost factors, delegations."""

    class Meta(Round.Meta):
        pass


@pghistory.track()
class OfficeSeat(Seat):
    """A seat in a round over the office's own matters."""

    round = models.ForeignKey(OfficeRound, models.PROTECT, related_name="seats")

    class Meta(Seat.Meta):
        pass


class OfficeVote(Vote):
    """A vote in a round over the office's own matters."""

    round = models.ForeignKey(OfficeRound, models.PROTECT, related_name="votes")
    seat = models.ForeignKey(OfficeSeat, models.PROTECT, related_name="+")

    class Meta(Vote.Meta):
        pass


class StateMove(models.Model):
    """A move of a subject's state that the database allows, and the outcome it needs of the subject's last round.

    The same moves stand in the models (`MOVES`); a test compares the two. `before` is empty for a new row.
    """

    table = models.CharField(max_length=60)
    before = models.CharField(max_length=20, blank=True)
    after = models.CharField(max_length=20)
    outcome = models.CharField(max_length=12, blank=True, default="")

    class Meta:
        verbose_name = _("allowed move")
        constraints = [models.UniqueConstraint(fields=["table", "before", "after"], name="state_move_once")]

    def __str__(self) -> str:
        return f"{self.table}: {self.before} -> {self.after}"
