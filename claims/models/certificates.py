"""Chronic-disease certificates (慢性病证): asked for, checked, decided by an expert panel, reviewed each year."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from claims.models.before import seen_by
from claims.models.diseases import Disease
from enrollment.models import Member, Scheme
from office.models import Body, Person


class CertificateApplicationQuerySet(models.QuerySet["CertificateApplication"]):
    def visible_to(
        self, person: Person, right: str = "claims.view_certificateapplication"
    ) -> CertificateApplicationQuerySet:
        """Those of a person's bodies and villages; the county centre's people see all."""
        return self.filter(seen_by(person, right))


@pghistory.track()
class CertificateApplication(models.Model):
    """Somebody asks for a certificate of a chronic disease (慢性病证申请), with the evidence as files.

    Whoever did not enter it checks it: the person, the evidence, the illness on the list. The expert panel decides.
    """

    MOVES: ClassVar[dict[tuple[str, str], str]] = {
        ("", "applied"): "",
        ("applied", "checked"): "",
        ("applied", "refused"): "",
        ("applied", "withdrawn"): "",
        ("checked", "certified"): "",
        ("checked", "refused"): "",
    }

    class State(models.TextChoices):
        APPLIED = "applied", _("to be checked")
        CHECKED = "checked", _("waits for the panel")
        CERTIFIED = "certified", _("certified")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")

    number = models.CharField(_("number"), max_length=20, unique=True)
    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="+", verbose_name=_("scheme"))
    member = models.ForeignKey(Member, models.PROTECT, related_name="+", verbose_name=_("person"))
    body = models.ForeignKey(Body, models.PROTECT, related_name="+", verbose_name=_("taken in at"))
    disease = models.ForeignKey(Disease, models.PROTECT, related_name="+", verbose_name=_("disease"))
    hospital = models.CharField(_("diagnosed by"), max_length=100)
    diagnosed_on = models.DateField(_("diagnosed on"))
    phone = models.CharField(_("phone"), max_length=40, blank=True, default="")
    note = models.CharField(_("note"), max_length=300, blank=True, default="")
    applied_on = models.DateField(_("applied on"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.APPLIED)
    entered_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("entered by"))
    entered_at = models.DateTimeField(_("entered at"))
    checked_on = models.DateField(_("checked on"), null=True, blank=True)
    checked_by = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=pgettext_lazy("application", "checked by"),
    )
    check_words = models.CharField(_("what the check found"), max_length=300, blank=True, default="")

    objects = CertificateApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application for a certificate")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["state", "-id"], name="certificate_application_state")]
        constraints = [
            models.CheckConstraint(name="certificate_application_is_whole", condition=~Q(number="") & ~Q(hospital="")),
            models.CheckConstraint(
                name="certificate_application_follows_diagnosis", condition=Q(applied_on__gte=F("diagnosed_on"))
            ),
            models.CheckConstraint(
                name="certificate_application_check_is_whole",
                condition=Q(checked_on__isnull=True, checked_by__isnull=True, check_words="")
                | (Q(checked_on__isnull=False, checked_by__isnull=False) & ~Q(check_words="")),
            ),
            models.CheckConstraint(
                name="certificate_application_checked_by_another",
                condition=Q(checked_by__isnull=True) | ~Q(checked_by=F("entered_by")),
            ),
            models.UniqueConstraint(
                fields=["member", "disease"],
                condition=Q(state__in=["applied", "checked"]),
                name="certificate_application_once",
            ),
        ]

    def __str__(self) -> str:
        return self.number


@pghistory.track()
class ExpertPanel(models.Model):
    """A session of the expert panel (专家评审会), as a rule two a year: its day, its experts, what it found of each
    application. One person writes its minutes, a second one confirms them; only then is anybody certified."""

    MOVES: ClassVar[dict[tuple[str, str], str]] = {
        ("", "open"): "",
        ("open", "proposed"): "",
        ("open", "withdrawn"): "",
        ("proposed", "confirmed"): "approved",
        ("proposed", "open"): "returned",
    }

    class State(models.TextChoices):
        OPEN = "open", _("minutes are being written")
        PROPOSED = "proposed", _("to be confirmed")
        CONFIRMED = "confirmed", _("confirmed")
        WITHDRAWN = "withdrawn", _("withdrawn")

    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="+", verbose_name=_("scheme"))
    held_on = models.DateField(_("held on"))
    place = models.CharField(_("place of the session"), max_length=100)
    experts = models.TextField(_("experts"), max_length=1000)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    entered_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("minutes by"))
    entered_at = models.DateTimeField(_("entered at"))

    class Meta:
        verbose_name = _("session of the expert panel")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="panel_has_place_and_experts", condition=~Q(place="") & ~Q(experts=""))
        ]

    def __str__(self) -> str:
        return f"{self.held_on.isoformat()} {self.place}"


@pghistory.track()
class PanelFinding(models.Model):
    """What a panel found of one application (评审意见): certified for a disease and some days, refused, or put off."""

    class Outcome(models.TextChoices):
        APPROVED = "approved", _("certified")
        REFUSED = "refused", _("refused")
        DEFERRED = "deferred", _("put off to the next panel")

    panel = models.ForeignKey(ExpertPanel, models.PROTECT, related_name="findings", verbose_name=_("panel"))
    application = models.ForeignKey(
        CertificateApplication, models.PROTECT, related_name="findings", verbose_name=_("application")
    )
    outcome = models.CharField(_("finding"), max_length=10, choices=Outcome.choices)
    disease = models.ForeignKey(Disease, models.PROTECT, related_name="+", verbose_name=_("disease"))
    valid = DateRangeField(_("valid"), null=True, blank=True)
    words = models.CharField(_("in words"), max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("finding of the panel")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["panel", "application"], name="panel_finding_once"),
            models.CheckConstraint(
                name="panel_finding_is_whole",
                condition=Q(
                    outcome="approved",
                    valid__isnull=False,
                    valid__isempty=False,
                    valid__startswith__isnull=False,
                    valid__endswith__isnull=False,
                )
                | (Q(outcome__in=["refused", "deferred"], valid__isnull=True) & ~Q(words="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application}: {self.get_outcome_display()}"


class ChronicCertificateQuerySet(models.QuerySet["ChronicCertificate"]):
    def visible_to(self, person: Person, right: str = "claims.view_chroniccertificate") -> ChronicCertificateQuerySet:
        """Those of a person's villages and bodies; the county centre's people see all."""
        return self.filter(seen_by(person, right))

    def on(self, day: date) -> ChronicCertificateQuerySet:
        """Those that hold on a day."""
        return self.filter(period__contains=day)

    def of_person(self, root: int) -> ChronicCertificateQuerySet:
        """Those of one person, under whichever of his records they were given."""
        return self.filter(member__in=Member.objects.records_of([root]))


@pghistory.track()
class ChronicCertificate(models.Model):
    """A certificate of a chronic disease (慢性病证, a card with a number), as a confirmed panel found.

    `period` are the days on which it holds; a review or a death ends it earlier. It is to be reviewed within a year of
    its beginning or of its last review.
    """

    number = models.CharField(_("card number"), max_length=20, unique=True)
    finding = models.OneToOneField(
        PanelFinding, models.PROTECT, related_name="certificate", verbose_name=_("finding of the panel")
    )
    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="+", verbose_name=_("scheme"))
    member = models.ForeignKey(Member, models.PROTECT, related_name="+", verbose_name=_("person"))
    body = models.ForeignKey(Body, models.PROTECT, related_name="+", verbose_name=_("taken in at"))
    disease = models.ForeignKey(Disease, models.PROTECT, related_name="+", verbose_name=_("disease"))
    group = models.CharField(_("group"), max_length=40, blank=True, default="")
    period = DateRangeField(_("valid"))
    review_by = models.DateField(_("to be reviewed until"))
    ended_because = models.CharField(_("ended because"), max_length=200, blank=True, default="")
    given_on = models.DateField(_("given on"))

    objects = ChronicCertificateQuerySet.as_manager()

    class Meta:
        verbose_name = _("chronic-disease certificate")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="chronic_certificate_has_a_number", condition=~Q(number="")),
            models.CheckConstraint(
                name="chronic_certificate_has_its_days",
                condition=Q(period__startswith__isnull=False, period__endswith__isnull=False) | Q(period__isempty=True),
            ),
            ExclusionConstraint(
                name="chronic_certificates_never_overlap",
                expressions=[
                    (F("member"), RangeOperators.EQUAL),
                    (F("scheme"), RangeOperators.EQUAL),
                    (F("disease"), RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def standing_on(self, day: date) -> str:
        """Whether it holds on a day, `late` where its yearly review is overdue; else `over` or `coming`."""
        first, end = self.period.lower, self.period.upper
        if first is None or end <= day:
            return "over"
        if first > day:
            return "coming"
        return "late" if self.review_by < day else "holds"


class CertificateReview(models.Model):
    """A certificate looked at again (年审): it goes on for another year, or ends. Only ever added to."""

    certificate = models.ForeignKey(
        ChronicCertificate, models.PROTECT, related_name="reviews", verbose_name=_("certificate")
    )
    on = models.DateField(_("reviewed on"))
    goes_on = models.BooleanField(_("goes on"))
    words = models.CharField(_("what the review found"), max_length=300)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("reviewed by"))
    at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("review of a certificate")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["certificate", "on"], name="certificate_review_once_a_day"),
            models.CheckConstraint(name="certificate_review_says_what_it_found", condition=~Q(words="")),
        ]

    def __str__(self) -> str:
        return self.words
