"""The trail: who did what, and what was refused."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.apps import apps
from django.db import models
from django.db.models import Case, F, Func, Q, When
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from office.models.people import Body, Duty, Person

#: The moment of the statement by the database's clock, not the transaction's and not the program's.
TRUE_TIME = Func(function="clock_timestamp", output_field=models.DateTimeField())

#: The number of the top-level transaction: what seals go by, the same inside a savepoint.
TOP_TRANSACTION = Func(template="(pg_current_xact_id()::text::bigint)", output_field=models.BigIntegerField())

#: Numbers are given in the order of time but for transactions that overlap: by so much one looks further.
OVERLAP = timedelta(minutes=15)

#: The number of the first act at or after a time, found by halving: some twenty-five looks into the index of numbers
#: among twenty-five million acts. Every act up to `low` is older; from `high` on none is.
FIRST_AT = """(
    WITH RECURSIVE halves (low, high) AS (
        SELECT 0::bigint, (SELECT coalesce(max(id), 0) + 1 FROM office_act)
        UNION ALL
        SELECT CASE WHEN one.at < moment THEN least(one.id, high - 1) ELSE low END,
               CASE WHEN one.at < moment THEN high ELSE (low + high) / 2 END
          FROM halves
          CROSS JOIN (SELECT %s::timestamptz AS moment) AS asked
          LEFT JOIN LATERAL (
              SELECT id, at FROM office_act WHERE id >= (low + high) / 2 ORDER BY id LIMIT 1
          ) AS one ON true
         WHERE high - low > 1
    )
    SELECT min(high) FROM halves
)"""


def first_at(moment: datetime) -> RawSQL:
    """The number of the first act at or after a time, for use in a query."""
    return RawSQL(FIRST_AT, [moment], output_field=models.BigIntegerField())  # noqa: S611  our own text


def whose(kind: str) -> Case:
    """Who made an act if it is of this kind; nobody where it is of another. The indexes of rare acts are over it, and
    the database counts by it how often each person looked or was refused (office/migrations/0023): by it alone
    somebody's few are found among millions, without passing over everybody's, or over all that he did."""
    return Case(When(kind=kind, then=F("by")), output_field=models.BigIntegerField())


def _kinds_in_words() -> dict[str, str]:
    return {model._meta.label_lower: str(model._meta.verbose_name) for model in apps.get_models()}


def _kinds_with_history() -> set[str]:
    return {model._meta.label_lower for model in apps.get_models() if hasattr(model, "pgh_event_model")}


class ActQuerySet(models.QuerySet["Act"]):
    def of(self, subject_type: str, subject_id: str) -> ActQuerySet:
        """What happened to one thing."""
        return self.filter(subject_type=subject_type, subject_id=subject_id)

    def by(self, person: Person) -> ActQuerySet:
        """What one person did, or tried."""
        return self.filter(by=person)

    def of_kind(self, kind: str, people: Sequence[int] | None = None) -> ActQuerySet:
        """Acts of a kind, of everybody or of some people, by number."""
        if people is None:
            return self.filter(kind=kind)
        if kind == Act.Kind.DONE:
            return self.filter(kind=kind, by__in=people)
        return self.alias(whose=whose(kind)).filter(whose__in=people)

    def since(self, moment: datetime) -> ActQuerySet:
        """What happened at a time or later; by numbers, so that no act outside is looked at."""
        return self.filter(pk__gte=first_at(moment - OVERLAP), at__gte=moment)

    def until(self, moment: datetime) -> ActQuerySet:
        """What happened before a time."""
        return self.filter(pk__lt=first_at(moment + OVERLAP), at__lt=moment)


class Act(models.Model):
    """One business act (业务行为), written by its service in the same transaction; only ever added to.

    Refusals, sign-ins and readings of sensitive records are acts too. The subject is named as (type, number).
    """

    class Kind(models.TextChoices):
        DONE = "done", _("Done")
        REFUSED = "refused", _("Refused")
        READ = "read", _("Read")

    at = models.DateTimeField(_("time"), db_default=TRUE_TIME)
    transaction = models.BigIntegerField(editable=False, db_default=TOP_TRANSACTION)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.DONE)
    name = models.CharField(_("act"), max_length=80)
    subject_type = models.CharField(_("kind of subject"), max_length=60, blank=True, default="")
    subject_id = models.CharField(_("number of subject"), max_length=40, blank=True, default="")
    subject_hash = models.CharField(max_length=64, blank=True, default="")
    by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by"))
    for_whom = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("acting for")
    )
    duty = models.CharField(_("duty"), max_length=32, choices=Duty.choices, blank=True, default="")
    body = models.ForeignKey(Body, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("body"))
    second_factor = models.BooleanField(_("second factor"), default=False)
    address = models.GenericIPAddressField(_("address"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True, default="")
    facts = models.JSONField(_("facts"), default=dict)

    objects = ActQuerySet.as_manager()

    class Meta:
        verbose_name = _("act")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["by", "-id"], name="act_by_person"),
            models.Index(fields=["subject_type", "subject_id", "-id"], name="act_of_subject"),
            models.Index(fields=["-id"], condition=Q(kind="refused"), name="act_refused"),
            models.Index(fields=["-id"], condition=Q(kind="read"), name="act_read"),
            models.Index(fields=["name", "-id"], name="act_by_name"),
        ]
        constraints = [
            models.CheckConstraint(name="act_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(name="act_kind_is_known", condition=Q(kind__in=["done", "refused", "read"])),
            models.CheckConstraint(name="act_refused_says_why", condition=~Q(kind="refused") | ~Q(reason="")),
            models.CheckConstraint(
                name="act_subject_is_whole",
                condition=Q(subject_type="", subject_id="") | (~Q(subject_type="") & ~Q(subject_id="")),
            ),
            models.CheckConstraint(
                name="act_nobody_acts_for_himself", condition=Q(for_whom__isnull=True) | ~Q(for_whom=models.F("by"))
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def has_history(self) -> bool:
        """Whether earlier states of the subject are kept."""
        return self.subject_type in _kinds_with_history()

    @property
    def subject_in_words(self) -> str:
        """The kind of the subject as screens call it: 打印机 for office.printer."""
        return _kinds_in_words().get(self.subject_type, self.subject_type)
