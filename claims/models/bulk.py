"""What lies in a document of many claims: its rows, the sample of it (抽查), its settlement (结算单)."""

from __future__ import annotations

from decimal import Decimal

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from claims.models.approvals import ClaimPart
from claims.models.claims import Claim, Kind
from claims.models.diseases import Disease
from claims.models.documents import BulkDocument
from claims.models.providers import Provider
from enrollment.models import Member, Scheme
from office.models import Person


class BulkRowQuerySet(models.QuerySet["BulkRow"]):
    def present(self) -> BulkRowQuerySet:
        """Those of the present version of their document."""
        return self.filter(version=F("document__content_version"))

    def waiting(self) -> BulkRowQuerySet:
        """Those without faults that wait to become claims, with their document."""
        ended = [BulkDocument.State.REFUSED, BulkDocument.State.VOID]
        return self.present().filter(state="good", claim__isnull=True).exclude(document__state__in=ended)


@pghistory.track()
class BulkRow(models.Model):
    """One line of a document as it was typed or read, with what it was found to be; a claim once it is one.

    A visit becomes a claim when its document is approved, a stay when the document is handed in. What was struck out
    (剔除) never does; it stands on the list of deductions. Amounts are in yuan.
    """

    class State(models.TextChoices):
        GOOD = "good", _("without faults")
        FAULTY = "faulty", _("with faults")
        STRUCK = "struck", _("struck out")

    document = models.ForeignKey(BulkDocument, models.PROTECT, related_name="rows", verbose_name=_("document"))
    version = models.PositiveIntegerField(_("content version"))
    position = models.PositiveIntegerField(_("row"))
    given = models.JSONField(_("as given"))  # column name -> text, as typed or read
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, blank=True, default="")
    member = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("patient")
    )
    disease = models.ForeignKey(
        Disease, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("diagnosis")
    )
    began_on = models.DateField(_("day of the visit or admission"), null=True, blank=True)
    ended_on = models.DateField(_("discharged on"), null=True, blank=True)
    receipt_type = models.CharField(_("type code"), max_length=20, blank=True, default="")
    receipt_number = models.CharField(_("number of the receipt"), max_length=24, blank=True, default="")
    total = models.DecimalField(_("cost"), max_digits=14, decimal_places=2, null=True, blank=True)
    lines = models.JSONField(_("cost lines"), default=list)  # [[name, class, group, "amount"], …]
    proposed = models.DecimalField(_("proposed payment"), max_digits=14, decimal_places=2, null=True, blank=True)
    faults = models.JSONField(_("faults"), default=list)  # [[column, code, value], …]
    state = models.CharField(_("state"), max_length=8, choices=State.choices)
    strike_reason = models.CharField(_("struck out because"), max_length=200, blank=True, default="")
    struck_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("struck out by")
    )
    struck_at = models.DateTimeField(_("struck out at"), null=True, blank=True)
    claim = models.OneToOneField(
        Claim, models.PROTECT, null=True, blank=True, related_name="bulk_row", verbose_name=_("claim")
    )

    objects = BulkRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("row of a document")
        ordering = ["position"]
        indexes = [
            models.Index(fields=["member", "began_on"], name="bulk_row_of_member"),
            models.Index(fields=["receipt_type", "receipt_number"], name="bulk_row_receipt"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["document", "version", "position"], name="bulk_row_once"),
            models.CheckConstraint(
                name="bulk_row_state_is_known",
                condition=Q(state="good", faults=[], member__isnull=False, began_on__isnull=False, total__gt=Decimal(0))
                & ~Q(kind="")
                | Q(state="faulty") & ~Q(faults=[])
                | Q(state="struck"),
            ),
            models.CheckConstraint(
                name="bulk_row_is_struck_with_a_reason",
                condition=Q(state="struck", struck_by__isnull=False, struck_at__isnull=False, claim__isnull=True)
                & ~Q(strike_reason="")
                | ~Q(state="struck") & Q(struck_by__isnull=True, struck_at__isnull=True, strike_reason=""),
            ),
            models.CheckConstraint(
                name="bulk_row_ends_after_it_began",
                condition=Q(ended_on__isnull=True) | Q(began_on__isnull=True) | Q(ended_on__gte=F("began_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document} {self.position}"


class SampleCheck(models.Model):
    """A sample of a document's visits (抽查): the same seed draws the same rows of the same version anywhere."""

    document = models.ForeignKey(BulkDocument, models.PROTECT, related_name="samples", verbose_name=_("document"))
    version = models.PositiveIntegerField(_("content version"))
    seed = models.PositiveBigIntegerField(_("seed"))
    population = models.PositiveIntegerField(_("rows drawn from"))
    size = models.PositiveIntegerField(_("rows drawn"))
    drawn_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("drawn by"))
    drawn_at = models.DateTimeField(_("drawn at"))

    class Meta:
        verbose_name = _("sample of a document")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["document", "version"], name="sample_once_a_version"),
            models.CheckConstraint(
                name="sample_is_of_what_there_is", condition=Q(size__gte=1, size__lte=F("population"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document}: {self.size}/{self.population}"


@pghistory.track()
class SampledRow(models.Model):
    """A visit that was drawn, and what the patient or his family said of it (入户核查、电话核查)."""

    class Outcome(models.TextChoices):
        GENUINE = "genuine", _("genuine")
        DIFFERS = "differs", _("differs")
        NOT_KNOWN = "not_known", _("the patient knows of no visit")
        NOT_REACHED = "not_reached", _("nobody reached")

    sample = models.ForeignKey(SampleCheck, models.PROTECT, related_name="rows", verbose_name=_("sample"))
    row = models.ForeignKey(BulkRow, models.PROTECT, related_name="+", verbose_name=_("row"))
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome.choices, blank=True, default="")
    words = models.CharField(_("in words"), max_length=300, blank=True, default="")
    asked_on = models.DateField(_("asked on"), null=True, blank=True)
    asked_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("asked by")
    )

    class Meta:
        verbose_name = _("sampled row")
        ordering = ["row__position"]
        constraints = [
            models.UniqueConstraint(fields=["sample", "row"], name="sampled_row_once"),
            models.CheckConstraint(
                name="sampled_row_is_answered_whole",
                condition=Q(outcome="", words="", asked_on__isnull=True, asked_by__isnull=True)
                | ~Q(outcome="") & Q(asked_on__isnull=False, asked_by__isnull=False),
            ),
            models.CheckConstraint(
                name="sampled_row_differing_says_how", condition=~Q(outcome="differs") | ~Q(words="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.row}: {self.get_outcome_display()}"


class Settlement(models.Model):
    """What a provider is owed for a document in one sum (结算单): asked, deducted, granted; frozen with its hash."""

    number = models.CharField(_("number"), max_length=40, unique=True)
    document = models.OneToOneField(BulkDocument, models.PROTECT, related_name="settlement", verbose_name=_("document"))
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", verbose_name=_("provider"))
    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="+", verbose_name=_("scheme"))
    month = models.DateField(_("month"))
    claims = models.PositiveIntegerField(_("claims"))
    total = models.DecimalField(_("total cost"), max_digits=16, decimal_places=2)
    deducted = models.DecimalField(_("deducted"), max_digits=16, decimal_places=2)
    fund_pays = models.DecimalField(_("funds pay"), max_digits=16, decimal_places=2)
    sha256 = models.CharField("SHA-256", max_length=64)  # of its claims' numbers and amounts, in their order
    made_on = models.DateField(_("made on"))
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("settlement with a provider")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="settlement_has_its_hash", condition=Q(sha256__regex="^[0-9a-f]{64}$")),
            models.CheckConstraint(
                name="settlement_is_no_debt",
                condition=Q(total__gte=Decimal(0), deducted__gte=Decimal(0), fund_pays__gte=Decimal(0)),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class SettledPart(models.Model):
    """A part of a claim that is paid with a settlement; each part once."""

    settlement = models.ForeignKey(Settlement, models.PROTECT, related_name="parts", verbose_name=_("settlement"))
    part = models.OneToOneField(ClaimPart, models.PROTECT, related_name="settled_with", verbose_name=_("part"))

    class Meta:
        verbose_name = _("settled part")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.settlement}: {self.part}"
