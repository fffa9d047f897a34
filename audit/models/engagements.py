"""Audit engagements (审计、稽核项目): what is looked at, of which period, by whom, and how far it has come."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enrollment.models import Scheme
from office.models import Body, Person


class EngagementQuerySet(models.QuerySet["Engagement"]):
    def visible_to(self, person: Person, right: str = "audit.view_engagement") -> EngagementQuerySet:
        """Of the bodies in somebody's sight."""
        bodies = person.bodies_in_sight(right)
        return self if bodies is None else self.filter(body__in=bodies)

    def worked_on_by(self, person: Person) -> EngagementQuerySet:
        """Those for which somebody is named, and not taken off."""
        return self.filter(pk__in=EngagementMember.objects.there().filter(person=person).values("engagement"))


@pghistory.track()
class Engagement(models.Model):
    """One audit of an office (审计项目): its kind, who does it, the body, scheme and period it is of, its people, plan.

    `since` and `until` are the first and the last day of the period that is audited; without a scheme it is of all.
    What it is of stays as it was planned once its notice (审计通知书) is out; from then on only its state changes, and
    its lead where another one replaces him (ReplacedLead).
    """

    MOVES: ClassVar[frozenset[tuple[str, str]]] = frozenset(
        {
            ("", "planned"),
            ("planned", "noticed"),
            ("planned", "void"),
            ("noticed", "reported"),
            ("reported", "closed"),
            ("closed", "reported"),  # a finding was opened again
        }
    )

    class Kind(models.TextChoices):
        ANNUAL = "annual", _("annual audit")
        SPECIAL = "special", _("special audit")
        LEAVING = "leaving", _("audit at leaving office")
        DRAGNET = "dragnet", _("drag-net check")

    class DoneBy(models.TextChoices):
        INTERNAL = "internal", _("internal audit")
        BUREAU = "bureau", _("audit bureau")

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        NOTICED = "noticed", pgettext_lazy("engagement", "under way")
        REPORTED = "reported", pgettext_lazy("engagement", "reported, being rectified")
        CLOSED = "closed", pgettext_lazy("engagement", "closed")
        VOID = "void", pgettext_lazy("engagement", "given up")

    number = models.CharField(_("number"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    done_by = models.CharField(_("done by"), max_length=8, choices=DoneBy.choices)
    title = models.CharField(_("title"), max_length=100)
    basis = models.CharField(_("basis"), max_length=200)
    body = models.ForeignKey(Body, models.PROTECT, related_name="+", verbose_name=_("audited body"))
    leaver = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("whose office ends")
    )
    scheme = models.ForeignKey(
        Scheme, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("scheme")
    )
    since = models.DateField(_("audited from"))
    until = models.DateField(_("audited until"))
    scope = models.TextField(_("scope"), max_length=1000)
    plan = models.TextField(pgettext_lazy("audit", "plan"), max_length=4000)
    lead = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("engagement", "lead"))
    fieldwork_from = models.DateField(_("fieldwork from"), null=True, blank=True)
    notice_on = models.DateField(_("notice served on"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.PLANNED)
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("planned by"))
    made_at = models.DateTimeField(_("planned at"))

    objects = EngagementQuerySet.as_manager()

    class Meta:
        verbose_name = _("engagement")
        ordering = ["-pk"]
        permissions = [("make_export", "Can take everything along for the audit bureau")]
        indexes = [models.Index(fields=["state", "-id"], name="engagement_by_state")]
        constraints = [
            models.CheckConstraint(
                name="engagement_says_what",
                condition=~Q(number="") & ~Q(title="") & ~Q(basis="") & ~Q(scope="") & ~Q(plan=""),
            ),
            models.CheckConstraint(
                name="engagement_kind_is_known", condition=Q(kind__in=["annual", "special", "leaving", "dragnet"])
            ),
            models.CheckConstraint(name="engagement_doer_is_known", condition=Q(done_by__in=["internal", "bureau"])),
            models.CheckConstraint(
                name="engagement_state_is_known",
                condition=Q(state__in=["planned", "noticed", "reported", "closed", "void"]),
            ),
            models.CheckConstraint(name="engagement_is_of_a_period", condition=Q(until__gte=F("since"))),
            models.CheckConstraint(
                name="engagement_at_leaving_is_of_a_person",
                condition=Q(kind="leaving", leaver__isnull=False) | ~Q(kind="leaving") & Q(leaver__isnull=True),
            ),
            models.CheckConstraint(
                name="engagement_is_not_led_by_the_leaver",
                condition=Q(leaver__isnull=True) | ~Q(leaver=F("lead")),
            ),
            models.CheckConstraint(
                name="engagement_begins_after_its_notice",
                condition=Q(state__in=["planned", "void"], notice_on__isnull=True, fieldwork_from__isnull=True)
                | Q(state__in=["noticed", "reported", "closed"], fieldwork_from__gt=F("notice_on")),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class PeopleOfQuerySet(models.QuerySet["EngagementMember"]):
    def there(self) -> PeopleOfQuerySet:
        """Those who work on it still."""
        return self.filter(taken_off__isnull=True)


class EngagementMember(models.Model):
    """Somebody who works on an engagement (审计组成员), the lead among them; with how much of his own work lies in its
    period, as it was found when he was named. He looks at none of that himself."""

    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="members", verbose_name=_("engagement"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("person"))
    own_work = models.PositiveIntegerField(_("own work in the period"), default=0)
    named_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("named by"))
    named_at = models.DateTimeField(_("named at"))

    objects = PeopleOfQuerySet.as_manager()

    class Meta:
        verbose_name = _("member of an engagement")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["engagement", "person"], name="engagement_member_once")]

    def __str__(self) -> str:
        return f"{self.engagement}: {self.person}"


class TakenOff(models.Model):
    """That somebody works on an engagement no more (退出审计组): from which day, and why. What he wrote stays his; from
    then on he writes nothing of it, and he is not named for it again. Only ever added to."""

    member = models.OneToOneField(
        EngagementMember, models.PROTECT, related_name="taken_off", verbose_name=_("member of an engagement")
    )
    on = models.DateField(_("taken off on"))
    reason = models.CharField(pgettext_lazy("audit", "reason"), max_length=200)
    taken_off_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("taken off by"))
    taken_off_at = models.DateTimeField(_("taken off at"))

    class Meta:
        verbose_name = _("taking off an engagement")
        ordering = ["pk"]
        constraints = [models.CheckConstraint(name="taken_off_says_why", condition=~Q(reason=""))]

    def __str__(self) -> str:
        return f"{self.member}: {self.on}"


class ReplacedLead(models.Model):
    """That an engagement under way is led by somebody else (更换审计组组长): who led it, who leads from which day on,
    and why. He is one of its people and did not name himself. A changed notice tells it. Only ever added to."""

    engagement = models.ForeignKey(
        Engagement, models.PROTECT, related_name="replaced_leads", verbose_name=_("engagement")
    )
    before = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("lead before"))
    lead = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("new lead"))
    on = models.DateField(_("leads from"))
    reason = models.CharField(pgettext_lazy("audit", "reason"), max_length=200)
    replaced_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("replaced by"))
    replaced_at = models.DateTimeField(_("replaced at"))

    class Meta:
        verbose_name = _("replaced lead")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(name="replaced_lead_says_why", condition=~Q(reason="")),
            models.CheckConstraint(
                name="replaced_lead_is_another_one", condition=~Q(lead=F("before")) & ~Q(lead=F("replaced_by"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.engagement}: {self.lead}: {self.on}"
