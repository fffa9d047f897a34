"""Long work that goes on away from the page."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from office import sentences
from office.models.attachments import Attachment
from office.models.people import Person
from office.sentences import Figure, Sentence, SentenceField


class JobQuerySet(models.QuerySet["Job"]):
    def visible_to(self, person: Person) -> JobQuerySet:
        """A person sees the work asked for by himself."""
        return self.filter(asked_by=person)

    def in_need(self) -> JobQuerySet:
        """Work that ended without its purpose, or with rows left out, and that nobody has noted yet."""
        return self.filter(seen_at__isnull=True).filter(Q(state=Job.State.FAILED) | Q(faults__isnull=False))

    def unsent_since(self, moment: datetime) -> JobQuerySet:
        """Waiting work whose message to the workers is old enough to be lost."""
        return self.filter(state=Job.State.WAITING, sent_at__lt=moment)


class Job(models.Model):
    """One piece of long work (后台任务), done for the person who asked; this row is the truth about it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    MOVES: ClassVar[dict[str, set[str]]] = {
        State.WAITING: {State.RUNNING},
        State.RUNNING: {State.WAITING, State.DONE, State.FAILED},
        State.FAILED: {State.WAITING},
        State.DONE: set(),
    }

    name = models.CharField(_("work"), max_length=100)
    title = SentenceField(_("title"))
    arguments = models.JSONField(default=dict)
    language = models.CharField(max_length=8, default="zh-hans")  # of the files that it makes
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.WAITING)
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked at"))
    sent_at = models.DateTimeField()
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    done_steps = models.PositiveIntegerField(default=0)
    total_steps = models.PositiveIntegerField(default=0)
    note = SentenceField(blank=True)
    outcome = models.JSONField(default=list)
    refusal = SentenceField(blank=True)
    result = models.ForeignKey(Attachment, models.PROTECT, null=True, blank=True, related_name="+")
    faults = models.ForeignKey(Attachment, models.PROTECT, null=True, blank=True, related_name="+")

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        ordering = ["-asked_at", "-pk"]
        indexes = [
            models.Index(fields=["asked_by", "-asked_at"], name="job_by_person"),
            models.Index(
                fields=["sent_at"],
                condition=Q(state__in=["waiting", "running"]),
                name="job_unfinished",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="job_state_is_known",
                condition=Q(state__in=["waiting", "running", "done", "failed"]),
            ),
            models.CheckConstraint(
                name="job_ends_when_done_or_failed",
                condition=Q(state__in=["done", "failed"], finished_at__isnull=False)
                | Q(state__in=["waiting", "running"], finished_at__isnull=True),
            ),
            models.CheckConstraint(name="job_refusal_belongs_to_failure", condition=Q(refusal="") | Q(state="failed")),
        ]

    def __str__(self) -> str:
        return str(self.title)

    @property
    def is_in_need(self) -> bool:
        """Whether it is still on the worklist of whoever asked."""
        return self.seen_at is None and (self.state == Job.State.FAILED or self.faults_id is not None)

    @property
    def percent(self) -> int | None:
        """How far it is, 0 to 100; None where the work cannot say."""
        if self.state == Job.State.DONE:
            return 100
        return min(100 * self.done_steps // self.total_steps, 100) if self.total_steps else None

    @property
    def figures(self) -> list[tuple[Sentence, Figure]]:
        """What came of it, in the order in which the work said it."""
        return [(sentences.sentence(label), sentences.read(value)) for label, value in self.outcome]

    def figure(self, label: str) -> Figure | None:
        """One of these figures, by its sentence as it stands in the code."""
        return next((value for said, value in self.figures if said.sentence == label), None)

    def can_become(self, state: str) -> bool:
        """Whether the move table allows this state next."""
        return state in self.MOVES[self.state]
