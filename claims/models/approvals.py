"""What was granted (审批结果): approvals with their frozen trace, parts by fund, moves of counters, reversals."""

from __future__ import annotations

from decimal import Decimal

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from claims.models.appeals import Appeal
from claims.models.checking import BenefitCounter
from claims.models.claims import Claim
from enrollment.models import Member
from office.models import Person


class Approval(models.Model):
    """What the plan gave when the claim was approved (审批), never changed: figures, plans by hash, the whole trace.

    total = fund + hospital + other payers + patient, to the fen; the fund's sum is the sum of the claim's parts.
    """

    claim = models.OneToOneField(Claim, models.PROTECT, related_name="approval", verbose_name=_("claim"))
    person = models.ForeignKey(Member, models.PROTECT, related_name="+", verbose_name=_("person"))
    year = models.PositiveSmallIntegerField(_("plan year"))
    plans = models.JSONField(_("plans"))  # [{"plan": number, "code": …, "version": …, "sha256": …}, …]
    total = models.DecimalField(_("total cost"), max_digits=14, decimal_places=2)
    cut = models.DecimalField(_("cut"), max_digits=14, decimal_places=2)
    eligible = models.DecimalField(_("eligible cost"), max_digits=14, decimal_places=2)
    own_items = models.DecimalField(_("own items"), max_digits=14, decimal_places=2)
    first_share = models.DecimalField(_("first share"), max_digits=14, decimal_places=2)
    deductible = models.DecimalField(_("deductible"), max_digits=14, decimal_places=2)
    fund_pays = models.DecimalField(_("funds pay"), max_digits=14, decimal_places=2)
    hospital_bears = models.DecimalField(_("hospital bears"), max_digits=14, decimal_places=2)
    other_payers = models.DecimalField(_("paid by others"), max_digits=14, decimal_places=2)
    patient_pays = models.DecimalField(_("patient pays"), max_digits=14, decimal_places=2)
    answer = models.JSONField(_("calculation"))  # as docs/rules/benefits.md "At the door", with its trace
    sha256 = models.CharField("SHA-256", max_length=64)  # of the answer, canonical
    approved_on = models.DateField(_("approved on"))
    approved_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("approved by"))
    approved_at = models.DateTimeField(_("approved at"))

    class Meta:
        verbose_name = _("approval")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["person", "year", "id"], name="approval_of_person"),
            models.Index(fields=["approved_on"], include=["fund_pays"], name="approval_by_day"),
        ]
        constraints = [
            models.CheckConstraint(
                name="approval_adds_up",
                condition=Q(
                    total=F("fund_pays") + F("hospital_bears") + F("other_payers") + F("patient_pays"),
                ),
            ),
            models.CheckConstraint(
                name="approval_is_no_debt",
                condition=Q(
                    fund_pays__gte=Decimal(0),
                    patient_pays__gte=Decimal(0),
                    other_payers__gte=Decimal(0),
                    cut__gte=Decimal(0),
                    own_items__gte=Decimal(0),
                ),
            ),
            models.CheckConstraint(name="approval_has_its_hash", condition=Q(sha256__regex="^[0-9a-f]{64}$")),
        ]

    def __str__(self) -> str:
        return f"{self.claim}: {self.fund_pays}"


@pghistory.track()
class ClaimPart(models.Model):
    """What one fund pays of a claim, by layer (支付部分). The claim is paid when all its parts are."""

    class State(models.TextChoices):
        APPROVED = "approved", pgettext_lazy("claim", "approved")
        PAYABLE = "payable", _("payable")
        PAYING = "paying", _("being paid")
        PAID = "paid", pgettext_lazy("claim", "paid")
        VOID = "void", pgettext_lazy("claim", "void")
        REVERSED = "reversed", _("reversed")

    approval = models.ForeignKey(Approval, models.PROTECT, related_name="parts", verbose_name=_("approval"))
    layer = models.CharField(_("layer"), max_length=60)
    fund = models.CharField(_("fund"), max_length=60)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.APPROVED)
    appeal = models.ForeignKey(
        Appeal, models.PROTECT, null=True, blank=True, related_name="parts", verbose_name=_("added by the appeal")
    )

    class Meta:
        verbose_name = _("part of a claim")
        ordering = ["pk"]
        indexes = [models.Index(fields=["approval"], condition=Q(state="payable"), name="claim_part_payable")]
        constraints = [
            models.UniqueConstraint(
                fields=["approval", "layer", "appeal"], nulls_distinct=False, name="claim_part_once_a_layer"
            ),
            models.CheckConstraint(name="claim_part_is_of_something", condition=Q(amount__gt=Decimal(0))),
            models.CheckConstraint(
                name="claim_part_state_is_known",
                condition=Q(state__in=["approved", "payable", "paying", "paid", "void", "reversed"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.layer}: {self.amount}"


class CounterMove(models.Model):
    """By how much an approval, or its reversal, moved a counter; only ever added to. The counter follows by itself."""

    counter = models.ForeignKey(BenefitCounter, models.PROTECT, related_name="moves", verbose_name=_("counter"))
    approval = models.ForeignKey(Approval, models.PROTECT, related_name="moves", verbose_name=_("approval"))
    is_reversal = models.BooleanField(default=False)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    at = models.DateTimeField(_("time"))
    appeal = models.ForeignKey(
        Appeal, models.PROTECT, null=True, blank=True, related_name="moves", verbose_name=_("added by the appeal")
    )

    class Meta:
        verbose_name = _("move of a counter")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["counter", "approval", "is_reversal", "appeal"],
                nulls_distinct=False,
                name="counter_moves_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.counter}: {self.amount}"


class Reversal(models.Model):
    """An approval taken back (冲销): why, by whom, and the later claims that would come out differently now.

    It gives back exactly the approval's own moves; later payments stand until they are reversed themselves.
    """

    approval = models.OneToOneField(Approval, models.PROTECT, related_name="reversal", verbose_name=_("approval"))
    reason = models.CharField(_("reason"), max_length=300)
    later = models.JSONField(_("later claims that come out differently"), default=list)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("by"))
    on = models.DateField(_("on"))
    at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("reversal")
        ordering = ["-pk"]
        constraints = [models.CheckConstraint(name="reversal_says_why", condition=~Q(reason=""))]

    def __str__(self) -> str:
        return str(self.approval)
