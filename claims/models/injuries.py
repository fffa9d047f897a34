"""Injury inquiries (意外伤害调查): what happened as stated, who went there, who is liable, whether it is payable."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from claims.models.before import seen_by
from enrollment.models import Member, Scheme
from office.models import Body, Person


class InjuryInquiryQuerySet(models.QuerySet["InjuryInquiry"]):
    def visible_to(self, person: Person, right: str = "claims.view_injuryinquiry") -> InjuryInquiryQuerySet:
        """Those of a person's bodies and villages; the county centre's people see all."""
        return self.filter(seen_by(person, right))

    def of_person(self, root: int) -> InjuryInquiryQuerySet:
        """Those of one person, under whichever of his records they were opened."""
        return self.filter(member__in=Member.objects.records_of([root]))

    def to_conclude(self) -> InjuryInquiryQuerySet:
        """Those whose conclusion nobody has proposed, or that came back."""
        alive = InjuryConclusion.objects.filter(inquiry=OuterRef("pk"), state__in=["proposed", "confirmed"])
        return self.exclude(Exists(alive))


class InjuryInquiry(models.Model):
    """An injury that somebody wants paid (意外伤害): when, where and how it came about as the person says, with
    what proof. What was stated stays; what is found out later are visits and the conclusion."""

    class Cause(models.TextChoices):
        FALL = "fall", _("fall at home or in the field")
        TRAFFIC = "traffic", _("traffic")
        WORK = "work", _("at work for somebody")
        FIGHT = "fight", _("fight")
        ANIMAL = "animal", _("animal")
        DRINK = "drink", _("drink")
        SELF_HARM = "self_harm", _("self-harm")
        OTHER = "other", _("other")

    number = models.CharField(_("number"), max_length=20, unique=True)
    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="+", verbose_name=_("scheme"))
    member = models.ForeignKey(Member, models.PROTECT, related_name="+", verbose_name=_("injured person"))
    body = models.ForeignKey(Body, models.PROTECT, related_name="+", verbose_name=_("taken in at"))
    injured_on = models.DateField(_("injured on"))
    place = models.CharField(_("where it happened"), max_length=120)
    cause = models.CharField(_("cause stated"), max_length=10, choices=Cause.choices)
    statement = models.TextField(_("what happened, as stated"), max_length=1000)
    stated_by = models.CharField(_("stated by"), max_length=60)
    witnesses = models.CharField(_("witnesses"), max_length=300, blank=True, default="")
    proof = models.CharField(_("proof of the village or the police"), max_length=200, blank=True, default="")
    phone = models.CharField(_("phone"), max_length=40, blank=True, default="")
    stated_on = models.DateField(_("stated on"))
    entered_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("entered by"))
    entered_at = models.DateTimeField(_("entered at"))

    objects = InjuryInquiryQuerySet.as_manager()

    class Meta:
        verbose_name = _("injury inquiry")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["member", "-injured_on"], name="injury_of_member")]
        constraints = [
            models.CheckConstraint(
                name="injury_inquiry_is_whole",
                condition=~Q(number="") & ~Q(place="") & ~Q(statement="") & ~Q(stated_by=""),
            ),
            models.CheckConstraint(
                name="injury_is_stated_after_it_happened", condition=Q(stated_on__gte=F("injured_on"))
            ),
        ]

    def __str__(self) -> str:
        return self.number


class InjuryVisit(models.Model):
    """A visit by two people to the place (实地走访): whom they spoke to, what they heard. Only ever added to."""

    inquiry = models.ForeignKey(InjuryInquiry, models.PROTECT, related_name="visits", verbose_name=_("inquiry"))
    on = models.DateField(_("visited on"))
    first = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("visited by"))
    second = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("and by"))
    spoken_to = models.CharField(_("spoken to"), max_length=200)
    words = models.TextField(_("what was found"), max_length=1000)
    noted_at = models.DateTimeField(_("noted at"))

    class Meta:
        verbose_name = _("visit of an inquiry")
        ordering = ["on", "pk"]
        constraints = [
            models.CheckConstraint(name="injury_visit_is_by_two", condition=~Q(first=F("second"))),
            models.CheckConstraint(name="injury_visit_says_what_it_found", condition=~Q(spoken_to="") & ~Q(words="")),
        ]

    def __str__(self) -> str:
        return self.spoken_to


@pghistory.track()
class InjuryConclusion(models.Model):
    """What an inquiry comes to (调查结论): is somebody else liable, is it payable. Written by one person,
    decided by another."""

    MOVES: ClassVar[dict[tuple[str, str], str]] = {
        ("", "proposed"): "",
        ("proposed", "confirmed"): "approved",
        ("proposed", "refused"): "refused",
        ("proposed", "withdrawn"): "",
    }

    class State(models.TextChoices):
        PROPOSED = "proposed", _("to be decided")
        CONFIRMED = "confirmed", _("concluded")
        REFUSED = "refused", _("sent back")
        WITHDRAWN = "withdrawn", _("withdrawn")

    inquiry = models.ForeignKey(InjuryInquiry, models.PROTECT, related_name="conclusions", verbose_name=_("inquiry"))
    third_party_liable = models.BooleanField(_("somebody else is liable"))
    liable_party = models.CharField(_("who is liable"), max_length=100, blank=True, default="")
    payable = models.BooleanField(pgettext_lazy("injury", "payable"))
    words = models.TextField(_("grounds"), max_length=1000)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("conclusion by"))
    proposed_at = models.DateTimeField(_("written at"))

    class Meta:
        verbose_name = _("conclusion of an inquiry")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="injury_conclusion_says_why", condition=~Q(words="")),
            models.CheckConstraint(
                name="injury_conclusion_names_who_is_liable",
                condition=Q(third_party_liable=False, liable_party="")
                | (Q(third_party_liable=True, payable=False) & ~Q(liable_party="")),
            ),
            models.UniqueConstraint(
                fields=["inquiry"], condition=Q(state__in=["proposed", "confirmed"]), name="injury_conclusion_once"
            ),
        ]

    def __str__(self) -> str:
        return str(pgettext_lazy("injury", "payable") if self.payable else _("not payable"))
