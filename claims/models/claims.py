"""Claims (补偿申请): a stay or visit for which the office is asked to pay, its papers, invoices and cost lines."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Round
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from claims.models.admissions import Admission
from claims.models.before import OutsideStay, Referral
from claims.models.catalogues import CatalogueEntry
from claims.models.certificates import ChronicCertificate
from claims.models.diseases import Disease
from claims.models.documents import BulkDocument
from claims.models.injuries import InjuryInquiry
from claims.models.lateness import LateAllowance
from claims.models.providers import Provider
from enrollment.models import Member, Scheme
from office.models import Body, Person


class Kind(models.TextChoices):
    """What is claimed for; the same as in claims/rules/conditions.py."""

    INPATIENT = "inpatient", _("inpatient stay")
    DELIVERY = "delivery", _("delivery")
    CHRONIC = "chronic", _("chronic disease, outpatient")
    OUTPATIENT = "outpatient", _("outpatient visit")
    INJURY = "injury", _("accidental injury")
    SPECIAL = "special", _("special outpatient")


class Step(models.TextChoices):
    """The steps of a claim's route in their order (审批步骤)."""

    FIRST_CHECK = "first_check", _("first check")
    VERIFICATION = "verification", _("verification with the hospital")
    SECOND_CHECK = "second_check", _("second check")
    HEAD = "head", _("office head")
    COMMITTEE = "committee", _("large-claim committee")


class ClaimQuerySet(models.QuerySet["Claim"]):
    def visible_to(self, person: Person, right: str = "claims.view_claim") -> ClaimQuerySet:
        """Those taken in at a person's bodies; the county centre's people see all."""
        bodies = person.bodies_in_sight(right)
        return self if bodies is None else self.filter(body__in=bodies)

    def live(self) -> ClaimQuerySet:
        """Those that ask for something still, or were granted it."""
        return self.exclude(state__in=Claim.ENDED_WITHOUT)

    def of_person(self, root: int) -> ClaimQuerySet:
        """Those of one person, under whichever of his records they were taken in."""
        return self.filter(member__in=Member.objects.records_of([root]))


@pghistory.track()
class Claim(models.Model):
    """One stay or visit for which the office is asked to pay (补偿申请). Amounts are in yuan.

    What intake entered changes only while it is entered or returned, and then gets a new `content_version`; what was
    asked is never overwritten by a cut. Region, tier, level and `is_designated` are the provider's on the deciding day,
    copied at intake; the payee is a copy too, taken again when the claim is handed on. What came before the claim is
    found at intake and linked, never typed. `proposed` is what the plan gives on the amounts as they stand.
    """

    MOVES: ClassVar[dict[tuple[str, str], str]] = {
        ("", "entered"): "",
        ("entered", "first_check"): "",
        ("entered", "second_check"): "",  # 受理兼初审: intake was the first check, under the lowest limit alone
        ("entered", "approved"): "approved",  # a small visit, by the round of the document it came with
        ("entered", "void"): "",
        ("first_check", "verification"): "approved",
        ("first_check", "second_check"): "approved",
        ("first_check", "returned"): "returned",
        ("first_check", "refused"): "refused",
        ("first_check", "void"): "",
        ("verification", "second_check"): "",
        ("verification", "void"): "",
        ("second_check", "head"): "approved",
        ("second_check", "committee"): "approved",
        ("second_check", "approved"): "approved",
        ("second_check", "returned"): "returned",
        ("second_check", "refused"): "refused",
        ("second_check", "void"): "",
        ("head", "committee"): "approved",
        ("head", "approved"): "approved",
        ("head", "returned"): "returned",
        ("head", "refused"): "refused",
        ("head", "void"): "",
        ("committee", "approved"): "approved",
        ("committee", "returned"): "returned",
        ("committee", "refused"): "refused",
        ("committee", "void"): "",
        ("returned", "entered"): "",
        ("returned", "void"): "",
        ("approved", "payable"): "",
        ("approved", "void"): "",
        ("payable", "paying"): "",
        ("payable", "void"): "",
        ("paying", "paid"): "",
        ("paying", "payable"): "",
        ("paid", "paying"): "",  # an appeal was granted: a further part; or a transfer of one came back
        ("paid", "payable"): "",  # the transfer came back
        ("paid", "reversed"): "",
        ("refused", "returned"): "",  # an appeal was granted: it comes back to intake
    }
    #: States: asks for nothing any more, invoices free again; nothing left to be held; intake may change it.
    ENDED_WITHOUT: ClassVar[tuple[str, ...]] = ("refused", "void", "reversed")
    OVER: ClassVar[tuple[str, ...]] = (*ENDED_WITHOUT, "paid")
    EDITABLE: ClassVar[tuple[str, ...]] = ("entered", "returned")

    class State(models.TextChoices):
        ENTERED = "entered", _("entered")
        FIRST_CHECK = "first_check", _("in first check")
        VERIFICATION = "verification", _("in verification")
        SECOND_CHECK = "second_check", _("in second check")
        HEAD = "head", _("with the office head")
        COMMITTEE = "committee", _("before the committee")
        APPROVED = "approved", pgettext_lazy("claim", "approved")
        PAYABLE = "payable", _("payable")
        PAYING = "paying", _("being paid")
        PAID = "paid", pgettext_lazy("claim", "paid")
        RETURNED = "returned", _("returned: papers missing")
        REFUSED = "refused", pgettext_lazy("claim", "refused")
        VOID = "void", pgettext_lazy("claim", "void")
        REVERSED = "reversed", _("reversed")

    class Delivery(models.TextChoices):
        NORMAL = "normal", _("normal delivery")
        CAESAREAN = "caesarean", _("caesarean section")

    class Ground(models.TextChoices):
        NONE = "none", _("none")
        REFERRED = "referred", _("referred")
        EMERGENCY = "emergency", _("emergency")
        MIGRANT_WORK = "migrant_work", _("migrant work")

    class Payee(models.TextChoices):
        HOUSEHOLD = "household", _("account of the household")
        MEMBER = "member", _("the patient himself, at the window")
        PROVIDER = "provider", _("the hospital, which has paid in advance")

    class Employment(models.TextChoices):
        ACTIVE = "active", _("at work")
        RETIRED = "retired", _("retired")
        NONE = "none", _("no employment")

    number = models.CharField(_("number of the claim"), max_length=20, unique=True)
    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="+", verbose_name=_("scheme"))
    member = models.ForeignKey(Member, models.PROTECT, related_name="+", verbose_name=_("patient"))
    body = models.ForeignKey(Body, models.PROTECT, related_name="+", verbose_name=_("taken in at"))
    document = models.ForeignKey(
        BulkDocument, models.PROTECT, null=True, blank=True, related_name="claims", verbose_name=_("came with")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="+", verbose_name=_("provider"))
    tier = models.PositiveSmallIntegerField(_("tier"))
    level = models.CharField(_("level"), max_length=10, choices=Provider.Level.choices)
    region = models.CharField(_("region"), max_length=8, choices=Provider.Region.choices)
    is_designated = models.BooleanField(_("under an agreement"))
    admitted_on = models.DateField(_("admitted on"))
    discharged_on = models.DateField(_("discharged on"))
    settled_on = models.DateField(_("settled with the hospital on"), null=True, blank=True)
    hospital_number = models.CharField(_("number at the hospital"), max_length=40, blank=True, default="")
    department = models.CharField(_("department"), max_length=40, blank=True, default="")
    disease = models.ForeignKey(Disease, models.PROTECT, related_name="+", verbose_name=_("diagnosis"))
    disease_group = models.CharField(_("group of diseases"), max_length=40, blank=True, default="")
    diagnosis = models.CharField(_("diagnosis in words"), max_length=200, blank=True, default="")
    is_referred = models.BooleanField(_("referred"), default=False)
    is_emergency = models.BooleanField(_("emergency"), default=False)
    is_tcm = models.BooleanField(_("Chinese medicine"), default=False)
    delivery = models.CharField(_("delivery"), max_length=10, choices=Delivery.choices, blank=True, default="")
    ground = models.CharField(_("ground for care outside"), max_length=14, choices=Ground.choices, default=Ground.NONE)
    employment = models.CharField(_("employment"), max_length=8, choices=Employment.choices, default=Employment.NONE)
    total = models.DecimalField(_("total cost"), max_digits=14, decimal_places=2)
    other_payers = models.DecimalField(_("paid by others"), max_digits=14, decimal_places=2, default=Decimal(0))
    referral = models.ForeignKey(
        Referral, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("referral")
    )
    outside_stay = models.ForeignKey(
        OutsideStay, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("stay outside")
    )
    admission = models.ForeignKey(
        Admission, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("admission")
    )
    certificate = models.ForeignKey(
        ChronicCertificate, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("certificate")
    )
    injury = models.ForeignKey(
        InjuryInquiry, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("injury inquiry")
    )
    lateness = models.ForeignKey(
        LateAllowance, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("allowed although late")
    )
    payee_kind = models.CharField(_("paid to"), max_length=10, choices=Payee.choices, default=Payee.HOUSEHOLD)
    payee_name = models.CharField(_("payee"), max_length=60)
    payee_relation = models.CharField(_("payee's relation to the patient"), max_length=40)
    payee_bank = models.CharField(_("payee's bank"), max_length=60, blank=True, default="")
    payee_account = models.CharField(_("payee's account"), max_length=32, blank=True, default="")
    phone = models.CharField(_("phone"), max_length=40, blank=True, default="")
    note = models.CharField(_("note"), max_length=500, blank=True, default="")
    route = ArrayField(models.CharField(max_length=14, choices=Step.choices), verbose_name=_("route"))
    proposed = models.DecimalField(_("proposed payment"), max_digits=14, decimal_places=2, null=True, blank=True)
    state = models.CharField(_("state"), max_length=14, choices=State.choices, default=State.ENTERED)
    state_since = models.DateField(_("in this state since"))
    content_version = models.PositiveIntegerField(default=1)
    entered_on = models.DateField(_("taken in on"))
    entered_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("entered by"))
    entered_at = models.DateTimeField(_("entered at"))

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("claim")
        ordering = ["-pk"]
        permissions = [("check_claim", "Can check claims")]
        indexes = [
            models.Index(fields=["member", "admitted_on"], name="claim_of_member"),
            models.Index(fields=["state", "entered_on"], name="claim_in_state"),
            models.Index(fields=["provider", "discharged_on"], name="claim_of_provider"),
            models.Index(fields=["body", "-id"], name="claim_taken_in_at"),
            models.Index(fields=["scheme", "-discharged_on"], name="claim_of_scheme"),
            models.Index(fields=["-entered_on", "-id"], include=["total", "proposed"], name="claim_by_intake"),
            models.Index(fields=["kind", "-entered_on", "-id"], name="claim_of_kind"),
            models.Index(fields=["discharged_on"], name="claim_by_discharge"),
            models.Index(fields=["admitted_on"], name="claim_by_admission"),
            models.Index(fields=["total"], name="claim_by_total"),
            models.Index(fields=["proposed"], name="claim_by_proposed"),
            models.Index(
                fields=["level", "region", "discharged_on"],
                include=["kind", "provider", "scheme", "state", "total"],
                name="claim_costs_by_level",
            ),
        ]
        constraints = [
            models.CheckConstraint(name="claim_has_a_number", condition=~Q(number="")),
            models.CheckConstraint(
                name="claim_state_is_known",
                condition=Q(
                    state__in=[
                        "entered",
                        "first_check",
                        "verification",
                        "second_check",
                        "head",
                        "committee",
                        "approved",
                        "payable",
                        "paying",
                        "paid",
                        "returned",
                        "refused",
                        "void",
                        "reversed",
                    ]
                ),
            ),
            models.CheckConstraint(
                name="claim_kind_is_known",
                condition=Q(kind__in=["inpatient", "delivery", "chronic", "outpatient", "injury", "special"]),
            ),
            models.CheckConstraint(name="claim_ends_after_it_began", condition=Q(discharged_on__gte=F("admitted_on"))),
            models.CheckConstraint(
                name="claim_is_settled_after_discharge",
                condition=Q(settled_on__isnull=True) | Q(settled_on__gte=F("discharged_on")),
            ),
            models.CheckConstraint(
                name="claim_others_pay_no_more_than_all",
                condition=Q(total__gt=Decimal(0), other_payers__gte=Decimal(0), other_payers__lte=F("total")),
            ),
            models.CheckConstraint(name="claim_names_its_payee", condition=~Q(payee_name="") & ~Q(payee_relation="")),
            models.CheckConstraint(
                name="claim_payee_kind_is_known", condition=Q(payee_kind__in=["household", "member", "provider"])
            ),
            models.CheckConstraint(
                name="claim_pays_a_hospital_under_agreement",
                condition=~Q(payee_kind="provider") | Q(is_designated=True) & ~Q(payee_account=""),
            ),
            models.CheckConstraint(
                name="claim_delivery_says_which",
                condition=Q(kind="delivery", delivery__in=["normal", "caesarean"])
                | ~Q(kind="delivery") & Q(delivery=""),
            ),
            models.CheckConstraint(name="claim_has_a_route", condition=Q(route__len__gte=1)),
            models.CheckConstraint(
                name="claim_proposed_is_no_debt",
                condition=Q(proposed__isnull=True) | Q(proposed__gte=Decimal(0)),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class ClaimLine(models.Model):
    """A line of the cost list (费用明细), as asked: class and group as the catalogue has them on the day.

    A line of a catalogue entry is quantity times price; one without is the sum of a group and class.
    """

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="lines", verbose_name=_("claim"))
    version = models.PositiveIntegerField(_("content version"))
    position = models.PositiveSmallIntegerField(_("line"))
    entry = models.ForeignKey(
        CatalogueEntry, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("catalogue entry")
    )
    name = models.CharField(_("item"), max_length=120)
    item_class = models.CharField(_("class"), max_length=1, choices=CatalogueEntry.Class.choices)
    group = models.CharField(_("item group"), max_length=20)
    quantity = models.DecimalField(_("quantity"), max_digits=9, decimal_places=2, null=True, blank=True)
    price = models.DecimalField(_("price, yuan"), max_digits=12, decimal_places=4, null=True, blank=True)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)

    class Meta:
        verbose_name = _("cost line")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "version", "position"], name="claim_line_once"),
            models.CheckConstraint(
                name="claim_line_is_whole",
                condition=Q(amount__gt=Decimal(0), item_class__in=["A", "B", "C"]) & ~Q(name="") & ~Q(group=""),
            ),
            models.CheckConstraint(
                name="claim_line_is_quantity_times_price",
                condition=Q(quantity__isnull=True, price__isnull=True)
                | Q(
                    entry__isnull=False,
                    quantity__gt=Decimal(0),
                    price__gt=Decimal(0),
                    amount=Round(F("quantity") * F("price"), 2),
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.name}"


class Invoice(models.Model):
    """A hospital's invoice (发票) that a claim rests on. One invoice serves one claim that is alive.

    `is_live` is False once the claim was refused, voided or changed: the invoice may come again.
    """

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="invoices", verbose_name=_("claim"))
    version = models.PositiveIntegerField(_("content version"))
    type_code = models.CharField(_("type code"), max_length=20)
    number = models.CharField(_("number of the invoice"), max_length=24)
    year = models.PositiveSmallIntegerField(_("year"))
    issued_on = models.DateField(pgettext_lazy("invoice", "issued on"))
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    is_live = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("invoice")
        ordering = ["pk"]
        indexes = [models.Index(fields=["number"], name="invoice_by_number")]
        constraints = [
            models.UniqueConstraint(
                fields=["type_code", "number", "year"], condition=Q(is_live=True), name="invoice_serves_one_claim"
            ),
            models.CheckConstraint(
                name="invoice_is_whole",
                condition=Q(amount__gt=Decimal(0), year__range=(1990, 2100)) & ~Q(type_code="") & ~Q(number=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type_code} {self.number}"


class ClaimPaper(models.Model):
    """A paper that this kind of claim needs or a checker asked for (申请材料), there or missing, as intake ticked it;
    `answer` says why it does not come."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="papers", verbose_name=_("claim"))
    version = models.PositiveIntegerField(_("content version"))
    paper = models.CharField(_("paper"), max_length=30)
    is_there = models.BooleanField(_("there"))
    answer = models.CharField(_("why it does not come"), max_length=200, blank=True, default="")

    class Meta:
        verbose_name = _("paper of a claim")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "version", "paper"], name="claim_paper_once"),
            models.CheckConstraint(name="claim_paper_is_named", condition=~Q(paper="")),
        ]

    def __str__(self) -> str:
        return self.paper
