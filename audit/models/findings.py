"""Findings (审计发现问题): the fact, the rule it breaks, the cause, the money; the office's answer to the draft."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.models.engagements import Engagement
from audit.models.papers import EvidenceSheet
from claims.models import Provider
from enrollment.models import Member
from office.models import Person

NOTHING = Decimal(0)

#: Whoever may read work papers reads findings as they are drafted; everybody else those that were sent for comment.
DRAFTS = "audit.view_workpaper"


class FindingQuerySet(models.QuerySet["Finding"]):
    def visible_to(self, person: Person, right: str = "audit.view_finding") -> FindingQuerySet:
        """Of the bodies in somebody's sight; without the auditors' drafts where he audits nothing."""
        bodies = person.bodies_in_sight(right)
        found = self if bodies is None else self.filter(engagement__body__in=bodies)
        return found if person.has_perm(DRAFTS) else found.filter(state__in=Finding.TOLD)

    def standing(self) -> FindingQuerySet:
        """Those that were not dropped."""
        return self.exclude(state=Finding.State.DROPPED)


@pghistory.track()
class Finding(models.Model):
    """What an engagement found (问题): fact, article of the rule, cause, money, who is concerned.

    `amount` is the money that the fact is about, `to_recover` what of it must come back, in yuan. The draft goes out
    for comment (征求意见) until `comment_until`; answered or not, it becomes final; closed (销号) once its measures are
    carried out and checked by another, and the money named stands in the books.
    """

    MOVES: ClassVar[frozenset[tuple[str, str]]] = frozenset(
        {
            ("", "draft"),
            ("draft", "commenting"),
            ("draft", "dropped"),
            ("commenting", "answered"),
            ("commenting", "final"),  # nobody answered in time
            ("answered", "draft"),  # corrected after the answer
            ("answered", "final"),
            ("answered", "dropped"),
            ("final", "closed"),
            ("closed", "final"),  # opened again
        }
    )
    TOLD: ClassVar[tuple[str, ...]] = ("commenting", "answered", "final", "closed")
    UNSETTLED: ClassVar[tuple[str, ...]] = ("draft", "commenting", "answered")

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("finding", "draft")
        COMMENTING = "commenting", _("sent for comment")
        ANSWERED = "answered", pgettext_lazy("finding", "answered")
        FINAL = "final", pgettext_lazy("finding", "final, to be rectified")
        CLOSED = "closed", pgettext_lazy("finding", "closed")
        DROPPED = "dropped", pgettext_lazy("finding", "dropped")

    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="findings", verbose_name=_("engagement"))
    number = models.CharField(_("number"), max_length=40, unique=True)
    title = models.CharField(_("title"), max_length=100)
    fact = models.TextField(_("fact"), max_length=4000)
    rule = models.CharField(_("rule and article"), max_length=300)
    cause = models.CharField(_("cause"), max_length=500)
    amount = models.DecimalField(_("amount it is about"), max_digits=14, decimal_places=2, default=NOTHING)
    to_recover = models.DecimalField(_("to be recovered"), max_digits=14, decimal_places=2, default=NOTHING)
    provider = models.ForeignKey(
        Provider, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("provider")
    )
    member = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("insured person")
    )
    responsible = models.CharField(_("who is responsible"), max_length=100)
    sent_at = models.DateTimeField(_("sent for comment at"), null=True, blank=True)
    comment_until = models.DateField(_("comments until"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    reason = models.CharField(pgettext_lazy("audit", "reason"), max_length=300, blank=True, default="")
    drafted_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("drafted by"))
    drafted_at = models.DateTimeField(_("drafted at"))
    closed_by = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=pgettext_lazy("audit", "closed by"),
    )
    closed_on = models.DateField(pgettext_lazy("audit", "closed on"), null=True, blank=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("audit", "finding")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["state", "-id"], name="finding_by_state")]
        constraints = [
            models.CheckConstraint(
                name="finding_says_what",
                condition=~Q(number="") & ~Q(title="") & ~Q(fact="") & ~Q(rule="") & ~Q(cause="") & ~Q(responsible=""),
            ),
            models.CheckConstraint(
                name="finding_recovers_no_more_than_it_is_about",
                condition=Q(to_recover__gte=NOTHING, to_recover__lte=F("amount")),
            ),
            models.CheckConstraint(
                name="finding_state_is_known",
                condition=Q(state__in=["draft", "commenting", "answered", "final", "closed", "dropped"]),
            ),
            models.CheckConstraint(
                name="finding_is_closed_by_another",
                condition=Q(closed_by__isnull=True) | ~Q(closed_by=F("drafted_by")),
            ),
            models.CheckConstraint(
                name="finding_closed_says_by_whom",
                condition=Q(state="closed", closed_by__isnull=False, closed_on__isnull=False)
                | ~Q(state="closed") & Q(closed_by__isnull=True, closed_on__isnull=True),
            ),
            models.CheckConstraint(
                name="finding_sent_out_has_its_time",
                condition=Q(state__in=["draft", "dropped"]) | Q(comment_until__isnull=False, sent_at__isnull=False),
            ),
            models.CheckConstraint(name="finding_dropped_says_why", condition=~Q(state="dropped") | ~Q(reason="")),
        ]

    def __str__(self) -> str:
        return self.number


class FindingSheet(models.Model):
    """A signed evidence sheet on which a finding rests."""

    finding = models.ForeignKey(
        Finding, models.PROTECT, related_name="sheets", verbose_name=pgettext_lazy("audit", "finding")
    )
    sheet = models.ForeignKey(EvidenceSheet, models.PROTECT, related_name="+", verbose_name=_("evidence sheet"))
    added_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("added by"))
    added_at = models.DateTimeField(_("added at"))

    class Meta:
        verbose_name = _("evidence of a finding")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["finding", "sheet"], name="finding_sheet_once")]

    def __str__(self) -> str:
        return f"{self.finding}: {self.sheet}"


class Citation(models.Model):
    """What a finding is about, as (type, number) text: claims, vouchers, settlements, leads; with words to read."""

    finding = models.ForeignKey(
        Finding, models.PROTECT, related_name="citations", verbose_name=pgettext_lazy("audit", "finding")
    )
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=40)
    words = models.CharField(_("what is cited"), max_length=200)
    added_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("added by"))
    added_at = models.DateTimeField(_("added at"))

    class Meta:
        verbose_name = _("citation of a finding")
        ordering = ["pk"]
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="citation_of_subject")]
        constraints = [
            models.UniqueConstraint(fields=["finding", "subject_type", "subject_id"], name="citation_once"),
            models.CheckConstraint(
                name="citation_is_whole", condition=~Q(subject_type="") & ~Q(subject_id="") & ~Q(words="")
            ),
        ]

    def __str__(self) -> str:
        return self.words


class FindingAnswer(models.Model):
    """What the audited office says to a draft (反馈意见): that it agrees, or not and why. Only ever added to."""

    finding = models.ForeignKey(
        Finding, models.PROTECT, related_name="answers", verbose_name=pgettext_lazy("audit", "finding")
    )
    agrees = models.BooleanField(pgettext_lazy("finding", "agrees"))
    words = models.TextField(pgettext_lazy("audit", "answer"), max_length=2000)
    answered_by = models.ForeignKey(
        Person, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("audit", "answered by")
    )
    answered_at = models.DateTimeField(pgettext_lazy("audit", "answered at"))
    answered_on = models.DateField(pgettext_lazy("audit", "answered on"))

    class Meta:
        verbose_name = _("answer to a finding")
        ordering = ["pk"]
        constraints = [models.CheckConstraint(name="finding_answer_says_something", condition=~Q(words=""))]

    def __str__(self) -> str:
        return f"{self.finding}: {self.answered_on}"
