"""Who works on what of a worklist just now."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from office.models.people import Person
from office.subjects import Name


class LeaseQuerySet(models.QuerySet["Lease"]):
    def live(self) -> LeaseQuerySet:
        """Those that nobody has ended, also if their time ran out."""
        return self.filter(ended_at__isnull=True)

    def held(self, at: datetime) -> LeaseQuerySet:
        """Those that count at a moment: not ended, their time not run out."""
        return self.live().filter(until__gt=at)

    def over(self, subject: Name) -> LeaseQuerySet:
        """All that were ever taken of one thing."""
        return self.filter(subject_type=subject[0], subject_id=subject[1])

    def left_behind(self) -> LeaseQuerySet:
        """Those that ended because the holder left, of what nobody has taken since."""
        later = Lease.objects.filter(
            worklist=OuterRef("worklist"),
            subject_type=OuterRef("subject_type"),
            subject_id=OuterRef("subject_id"),
            pk__gt=OuterRef("pk"),
        )
        return self.filter(ended_because=Lease.End.LEFT).exclude(Exists(later))


class Lease(models.Model):
    """Somebody works on something of a worklist for a time (办理占用). A courtesy: it gives no right and takes none."""

    class End(models.TextChoices):
        RETURNED = "returned", _("put back")
        PROLONGED = "prolonged", _("taken again")
        HANDED_OVER = "handed_over", _("handed over")
        REASSIGNED = "reassigned", _("reassigned")
        RAN_OUT = "ran_out", _("ran out")
        DONE = "done", _("done")
        LEFT = "left", _("the holder left")
        DUTY_ENDED = "duty_ended", _("the holder's duty ended")

    worklist = models.CharField(_("worklist"), max_length=60)
    subject_type = models.CharField(_("kind of subject"), max_length=60)
    subject_id = models.CharField(_("number of subject"), max_length=40)
    holder = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("with"))
    given_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("given by"))
    taken_at = models.DateTimeField(_("taken at"))
    until = models.DateTimeField(_("until"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    ended_because = models.CharField(_("how it ended"), max_length=12, choices=End.choices, blank=True, default="")

    objects = LeaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("lease")
        ordering = ["-pk"]
        permissions = [("reassign_work", "Can take work from one person and give it to another")]
        indexes = [
            models.Index(fields=["holder"], condition=Q(ended_at__isnull=True), name="lease_live_of_person"),
            models.Index(fields=["worklist", "subject_type", "subject_id", "-id"], name="lease_of_subject"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["worklist", "subject_type", "subject_id"],
                condition=Q(ended_at__isnull=True),
                name="lease_one_at_a_time",
            ),
            models.CheckConstraint(
                name="lease_names_its_subject", condition=~Q(worklist="") & ~Q(subject_type="") & ~Q(subject_id="")
            ),
            models.CheckConstraint(name="lease_is_some_time", condition=Q(until__gt=F("taken_at"))),
            models.CheckConstraint(
                name="lease_ends_once",
                condition=Q(ended_at__isnull=True, ended_because="")
                | Q(
                    ended_at__isnull=False,
                    ended_because__in=[
                        "returned",
                        "prolonged",
                        "handed_over",
                        "reassigned",
                        "ran_out",
                        "done",
                        "left",
                        "duty_ended",
                    ],
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.holder}: {self.worklist} {self.subject_id}"

    @property
    def subject(self) -> Name:
        """What is worked on, as (type, number)."""
        return self.subject_type, self.subject_id
