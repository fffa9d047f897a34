"""What administrators ask for and somebody else decides: a duty, a way back in, acting for somebody who is away."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from office.models.people import Body, Duty, Person

#: (state before, state after) -> the outcome that the subject's round must have had; "" for none.
Moves = dict[tuple[str, str], str]


class Request(models.Model):
    """Something that one person asks for and others decide: its content stands, only its state moves."""

    MOVES: ClassVar[Moves] = {
        ("", "proposed"): "",
        ("proposed", "granted"): "approved",
        ("proposed", "refused"): "refused",
        ("proposed", "withdrawn"): "",
    }

    class State(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        GRANTED = "granted", _("granted")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")

    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.PROPOSED)
    reason = models.CharField(_("reason"), max_length=200)
    proposed_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("asked for by"))
    proposed_at = models.DateTimeField(_("asked for at"))

    class Meta:
        abstract = True
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="%(class)s_says_why", condition=~Q(reason="")),
            models.CheckConstraint(name="%(class)s_for_somebody_else", condition=~Q(proposed_by=F("person"))),
        ]


@pghistory.track()
class DutyRequest(Request):
    """A duty that is given by two people: who decides, pays, keeps books or administers (岗位授权申请)."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("person"))
    duty = models.CharField(_("duty"), max_length=32, choices=Duty.choices)
    body = models.ForeignKey(Body, models.PROTECT, related_name="+", verbose_name=_("body"))
    period = DateRangeField(_("period"))

    class Meta(Request.Meta):
        verbose_name = _("giving of a duty")
        constraints = [
            *Request.Meta.constraints,
            models.CheckConstraint(
                name="duty_request_is_some_time",
                condition=Q(period__isempty=False) & Q(period__startswith__isnull=False),
            ),
            models.CheckConstraint(name="duty_request_duty_is_known", condition=Q(duty__in=Duty.values)),
            models.UniqueConstraint(
                fields=["person", "duty", "body"], condition=Q(state="proposed"), name="duty_request_once_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_duty_display()}"


@pghistory.track(exclude=["first_hash"])
class ResetRequest(Request):
    """A one-time code for somebody new or locked out (重置申请): two people give half of it each."""

    class Kind(models.TextChoices):
        PASSWORD = "password", _("Password")
        FACTOR = "factor", _("Second factor")

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("person"))
    kind = models.CharField(_("for"), max_length=12, choices=Kind.choices)
    first_hash = models.CharField(max_length=128)

    class Meta(Request.Meta):
        verbose_name = _("one-time code asked for")
        constraints = [
            *Request.Meta.constraints,
            models.CheckConstraint(name="reset_request_kind_is_known", condition=Q(kind__in=["password", "factor"])),
            models.UniqueConstraint(
                fields=["person", "kind"], condition=Q(state="proposed"), name="reset_request_once_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_kind_display()}"


class DelegationQuerySet(models.QuerySet["Delegation"]):
    def of_person(self, person: Person) -> DelegationQuerySet:
        """What a person left to others, and others to him, ever."""
        return self.filter(Q(person=person) | Q(to=person)).select_related("person", "to")

    def not_over(self, day: date) -> DelegationQuerySet:
        """Those that let somebody act, on a day or later."""
        return self.filter(state=Delegation.State.GRANTED, period__endswith__gt=day)

    def in_force(self, day: date) -> DelegationQuerySet:
        """Those that let somebody act on a day."""
        return self.filter(state=Delegation.State.GRANTED, period__contains=day)


@pghistory.track()
class Delegation(models.Model):
    """Somebody decides for an absent person for a time (代签授权): said by himself, or by two administrators."""

    MOVES: ClassVar[Moves] = {
        ("", "proposed"): "",
        ("", "granted"): "",  # by the absent person himself alone
        ("proposed", "granted"): "approved",
        ("proposed", "refused"): "refused",
        ("proposed", "withdrawn"): "",
        ("granted", "ended"): "",
    }

    class State(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        GRANTED = "granted", _("granted")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")
        ENDED = "ended", _("ended")

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("for whom"))
    to = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("acts for him"))
    duty = models.CharField(_("duty"), max_length=32, choices=Duty.choices)
    period = DateRangeField(_("period"))
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.PROPOSED)
    reason = models.CharField(_("reason"), max_length=200)
    proposed_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("asked for by"))
    proposed_at = models.DateTimeField(_("asked for at"))

    objects = DelegationQuerySet.as_manager()

    class Meta:
        verbose_name = _("delegation")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="delegation_to_somebody_else", condition=~Q(person=F("to"))),
            models.CheckConstraint(name="delegation_is_no_gift_to_oneself", condition=~Q(proposed_by=F("to"))),
            models.CheckConstraint(name="delegation_says_why", condition=~Q(reason="")),
            models.CheckConstraint(
                name="delegation_has_two_ends",
                condition=Q(period__isempty=False, period__startswith__isnull=False, period__endswith__isnull=False),
            ),
            ExclusionConstraint(
                name="delegation_to_one_at_a_time",
                expressions=[
                    (F("person"), RangeOperators.EQUAL),
                    (F("duty"), RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
                condition=Q(state__in=["proposed", "granted"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} → {self.to}: {self.get_duty_display()}"
