"""Seals over the trail (封存): what was in the append-only tables, hashed, chained and signed (docs/rules/seals.md).

Only the sealer writes these tables, and only adds to them; the run-time role reads them. The one exception is where
the sealer notes how far it came.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.rules import sealing

if TYPE_CHECKING:
    from datetime import datetime

HEX = "^[0-9a-f]{64}$"


class SealKey(models.Model):
    """A key that signs seals (签名密钥), by its public part. Each after the first is introduced by the one before."""

    fingerprint = models.CharField(_("fingerprint"), max_length=64, unique=True)
    algorithm = models.CharField(_("algorithm"), max_length=20)
    public = models.BinaryField()
    introduced_by = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="successor", verbose_name=_("introduced by")
    )
    introduction = models.BinaryField(null=True, blank=True)  # the signature of the key before it
    since = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("key of seals")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(name="seal_key_has_a_fingerprint", condition=Q(fingerprint__regex=HEX)),
            models.CheckConstraint(
                name="seal_key_is_introduced_with_a_signature",
                condition=Q(introduced_by=None, introduction=None)
                | Q(introduced_by__isnull=False, introduction__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.fingerprint[:16]


class SealForm(models.Model):
    """Which columns of a table seals cover, version by version (封存格式): a later column breaks no old seal."""

    table = models.CharField(_("table"), max_length=63)
    version = models.PositiveIntegerField(_("version"))
    columns = models.JSONField(_("columns"))  # name and type each, the row's number first

    class Meta:
        verbose_name = _("form of seals")
        ordering = ["table", "version"]
        constraints = [models.UniqueConstraint(fields=["table", "version"], name="seal_form_once")]

    def __str__(self) -> str:
        return f"{self.table} {self.version}"


class SealQuerySet(models.QuerySet["Seal"]):
    def before(self, at: datetime) -> SealQuerySet:
        """Those that were there at a moment."""
        return self.filter(at__lte=at)


class Seal(models.Model):
    """One seal (封存批): rows of one or more tables, its place in the chain, its signature. Each is a checkpoint."""

    number = models.PositiveBigIntegerField(_("number"), unique=True)
    at = models.DateTimeField(_("sealed at"))
    previous = models.CharField(_("hash of the seal before"), max_length=64)
    hash_name = models.CharField(pgettext_lazy("seal", "hash"), max_length=20)
    root = models.CharField(_("root"), max_length=64)
    rows = models.PositiveIntegerField(_("rows"))
    total = models.PositiveBigIntegerField(_("rows altogether"))
    key = models.ForeignKey(SealKey, models.PROTECT, related_name="seals", verbose_name=_("key of seals"))
    sha256 = models.CharField(_("hash of the seal"), max_length=64, unique=True)
    signature = models.BinaryField()

    objects = SealQuerySet.as_manager()

    class Meta:
        verbose_name = _("seal")
        ordering = ["-number"]
        indexes = [models.Index(fields=["-at"], name="seal_by_time")]
        constraints = [
            models.CheckConstraint(
                name="seal_has_its_hashes",
                condition=Q(previous__regex=HEX, root__regex=HEX, sha256__regex=HEX),
            ),
            models.CheckConstraint(name="seal_is_of_rows", condition=Q(number__gte=1, rows__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.number:,}"

    @property
    def code(self) -> str:
        """The short code that stands on paper."""
        return sealing.code(bytes.fromhex(self.sha256))


class SealBatch(models.Model):
    """The rows of one table in a seal: their numbers, what each is in the tree, and the beginnings of their columns'
    hashes, so that an altered row is named with its columns."""

    seal = models.ForeignKey(Seal, models.PROTECT, related_name="batches", verbose_name=_("seal"))
    place = models.PositiveSmallIntegerField()  # among the seal's batches
    form = models.ForeignKey(SealForm, models.PROTECT, related_name="+", verbose_name=_("form of seals"))
    rows = models.PositiveIntegerField(_("rows"))
    low = models.BigIntegerField()
    high = models.BigIntegerField()
    root = models.CharField(_("root"), max_length=64)
    members = models.CharField(max_length=64)
    numbers = models.BinaryField()  # eight bytes a row, rising
    leaves = models.BinaryField()  # 32 bytes a row
    columns = models.BinaryField()  # four bytes a row and column

    class Meta:
        verbose_name = _("rows of a seal")
        ordering = ["seal", "place"]
        constraints = [
            models.UniqueConstraint(fields=["seal", "place"], name="seal_batch_once"),
            models.CheckConstraint(name="seal_batch_is_of_rows", condition=Q(rows__gte=1, low__lte=models.F("high"))),
        ]

    def __str__(self) -> str:
        return f"{self.form.table} {self.low}-{self.high}"


class SealProgress(models.Model):
    """How far the sealing of a table came: the highest number sealed, and the numbers below it that may still come."""

    table = models.CharField(max_length=63, unique=True)
    sealed_to = models.BigIntegerField(default=0)
    gaps = models.JSONField(default=list)  # what may still come: ranges, and the transactions that were running then

    class Meta:
        verbose_name = _("progress of sealing")

    def __str__(self) -> str:
        return f"{self.table} {self.sealed_to}"


class SealingState(models.Model):
    """What the last run of the sealing came to, for the pages and for whoever watches. It proves nothing: what is
    sealed stands in the seals."""

    class Reason(models.TextChoices):
        WELL = "well", _("rows are sealed")
        NO_KEY = "no_key", _("the key is missing")
        BAD_KEY = "bad_key", _("the key cannot be used")
        NO_CONNECTION = "no_connection", _("the sealer cannot connect to the database")
        DISAGREE = "disagree", _("the checkpoints outside are not those of this database")
        NO_CHECKPOINTS = "no_checkpoints", _("the checkpoints cannot be written")
        FAILED = "failed", _("an error that nobody foresaw")

    only = models.BooleanField(default=True, unique=True)
    begun_at = models.DateTimeField()  # by the clock of whoever seals
    well_at = models.DateTimeField(null=True)  # when a run last did what it is for
    reason = models.CharField(max_length=20, choices=Reason.choices, default=Reason.WELL)
    detail = models.CharField(max_length=300, blank=True, default="")
    held_since = models.DateTimeField(null=True)  # rows wait for a transaction that runs since
    held_by = models.CharField(max_length=120, blank=True, default="")
    horizon = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("state of sealing")
        constraints = [
            models.CheckConstraint(name="sealing_state_is_one", condition=Q(only=True)),
            models.CheckConstraint(
                name="sealing_reason_is_known",
                condition=Q(
                    reason__in=["well", "no_key", "bad_key", "no_connection", "disagree", "no_checkpoints", "failed"]
                ),
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_reason_display())
