"""Who lies in a hospital with a desk of its own (住院登记), and whether he was found there (查床)."""

from __future__ import annotations

from datetime import date

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from claims.models.before import seen_by
from claims.models.providers import Provider
from enrollment.models import Member
from office.models import Body, Person


class AdmissionQuerySet(models.QuerySet["Admission"]):
    def visible_to(self, person: Person, right: str = "claims.view_admission") -> AdmissionQuerySet:
        """A hospital's desk sees its own hospital, a township its people, the county centre all."""
        return self.filter(seen_by(person, right, "provider"))

    def standing(self) -> AdmissionQuerySet:
        """Those that nobody made void."""
        return self.filter(void_reason="")

    def in_hospital(self, day: date) -> AdmissionQuerySet:
        """Those who lie in a hospital on a day: the day of admission counts, the day of discharge too."""
        found = self.standing().filter(admitted_on__lte=day)
        return found.filter(Q(discharged_on__isnull=True) | Q(discharged_on__gte=day))

    def of_person(self, root: int) -> AdmissionQuerySet:
        """Those of one person, under whichever of his records they were noted."""
        return self.filter(member__in=Member.objects.records_of([root]))


@pghistory.track()
class Admission(models.Model):
    """Somebody was admitted to a hospital with a desk of its own (住院登记), as that desk notes it on the day.

    Ward and bed may change while he lies there; the discharge ends it, once.
    """

    number = models.CharField(_("number"), max_length=20, unique=True)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", verbose_name=_("hospital"))
    body = models.ForeignKey(Body, models.PROTECT, related_name="+", verbose_name=_("desk"))
    member = models.ForeignKey(Member, models.PROTECT, related_name="+", verbose_name=_("patient"))
    hospital_number = models.CharField(_("number at the hospital"), max_length=40)
    admitted_on = models.DateField(_("admitted on"))
    ward = models.CharField(_("ward"), max_length=40)
    bed = models.CharField(_("bed"), max_length=20)
    illness = models.CharField(_("illness"), max_length=100)
    doctor = models.CharField(_("doctor"), max_length=60, blank=True, default="")
    is_injury = models.BooleanField(_("injury"), default=False)
    discharged_on = models.DateField(_("discharged on"), null=True, blank=True)
    entered_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("entered by"))
    entered_at = models.DateTimeField(_("entered at"))
    changed_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("changed by"))
    changed_at = models.DateTimeField(_("changed at"))
    void_reason = models.CharField(_("void because"), max_length=200, blank=True, default="")

    objects = AdmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("admission")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["member", "-admitted_on"], name="admission_of_member"),
            models.Index(
                fields=["provider", "ward"],
                condition=Q(discharged_on__isnull=True, void_reason=""),
                name="admission_in_hospital",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="admission_is_whole",
                condition=~Q(number="") & ~Q(hospital_number="") & ~Q(ward="") & ~Q(bed="") & ~Q(illness=""),
            ),
            models.CheckConstraint(
                name="admission_ends_after_it_began",
                condition=Q(discharged_on__isnull=True) | Q(discharged_on__gte=F("admitted_on")),
            ),
            models.UniqueConstraint(
                fields=["member"],
                condition=Q(discharged_on__isnull=True, void_reason=""),
                name="admission_to_one_hospital_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["provider", "hospital_number"], condition=Q(void_reason=""), name="admission_once"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class BedCheck(models.Model):
    """Somebody of the office looked whether a patient lies in his bed (查床). Only ever added to."""

    class Finding(models.TextChoices):
        FOUND = "found", _("in bed")
        ABSENT = "absent", _("not in bed")
        SOMEBODY_ELSE = "somebody_else", _("somebody else in bed")

    admission = models.ForeignKey(Admission, models.PROTECT, related_name="checks", verbose_name=_("admission"))
    on = models.DateField(_("checked on"))
    finding = models.CharField(_("finding"), max_length=14, choices=Finding.choices)
    words = models.CharField(_("in words"), max_length=300, blank=True, default="")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("checked by"))
    at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("bed check")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="bed_check_says_what_it_found",
                condition=Q(finding="found") | (Q(finding__in=["absent", "somebody_else"]) & ~Q(words="")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_finding_display())
