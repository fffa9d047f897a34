"""Appeals (复议): once for a claim, decided by people who did not decide before; a won one is a further part."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from claims.models.checking import Cut
from claims.models.claims import Claim
from office.models import Body, Person


class AppealQuerySet(models.QuerySet["Appeal"]):
    def visible_to(self, person: Person, right: str = "claims.view_appeal") -> AppealQuerySet:
        """Those against claims taken in at a person's bodies; the county centre's people see all."""
        bodies = person.bodies_in_sight(right)
        return self if bodies is None else self.filter(Q(body__in=bodies) | Q(claim__body__in=bodies))


@pghistory.track()
class Appeal(models.Model):
    """That somebody does not accept what was decided about a claim (复议申请): when, why, and what came of it.

    The cuts that are asked back stand in `RestoredCut`, and what is won of them is paid as a further part. A won appeal
    against a refusal brings the claim back to intake, and it is decided anew by others.
    """

    MOVES: ClassVar[dict[tuple[str, str], str]] = {
        ("", "received"): "",
        ("received", "won"): "approved",
        ("received", "lost"): "refused",
        ("received", "withdrawn"): "",
    }

    class State(models.TextChoices):
        RECEIVED = "received", _("to be decided")
        WON = "won", pgettext_lazy("appeal", "granted")
        LOST = "lost", pgettext_lazy("appeal", "dismissed")
        WITHDRAWN = "withdrawn", _("withdrawn")

    number = models.CharField(_("number"), max_length=40, unique=True)
    claim = models.OneToOneField(Claim, models.PROTECT, related_name="appeal", verbose_name=_("claim"))
    body = models.ForeignKey(Body, models.PROTECT, related_name="+", verbose_name=_("taken in at"))
    told_on = models.DateField(_("decision served on"))
    filed_on = models.DateField(_("filed on"))
    by_name = models.CharField(_("filed by"), max_length=60)
    relation = models.CharField(_("relation to the patient"), max_length=40)
    phone = models.CharField(_("phone"), max_length=40, blank=True, default="")
    grounds = models.CharField(_("grounds"), max_length=1000)
    answer_by = models.DateField(_("answer until"))
    entered_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("entered by"))
    entered_at = models.DateTimeField(_("entered at"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.RECEIVED)

    objects = AppealQuerySet.as_manager()

    class Meta:
        verbose_name = _("appeal")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="appeal_is_whole", condition=~Q(number="") & ~Q(by_name="") & ~Q(relation="") & ~Q(grounds="")
            ),
            models.CheckConstraint(
                name="appeal_follows_the_decision",
                condition=Q(filed_on__gte=F("told_on"), answer_by__gt=F("filed_on")),
            ),
            models.CheckConstraint(
                name="appeal_state_is_known", condition=Q(state__in=["received", "won", "lost", "withdrawn"])
            ),
        ]

    def __str__(self) -> str:
        return self.number


class RestoredCut(models.Model):
    """How much of a cut is asked back in an appeal, in yuan; it counts when the appeal is won. Only ever added to."""

    appeal = models.ForeignKey(Appeal, models.PROTECT, related_name="restored", verbose_name=_("appeal"))
    cut = models.OneToOneField(Cut, models.PROTECT, related_name="restored", verbose_name=_("cut"))
    amount = models.DecimalField(_("asked back"), max_digits=14, decimal_places=2)

    class Meta:
        verbose_name = _("cut that is asked back")
        ordering = ["pk"]
        constraints = [models.CheckConstraint(name="restored_cut_is_of_something", condition=Q(amount__gt=Decimal(0)))]

    def __str__(self) -> str:
        return f"{self.appeal}: {self.amount}"
