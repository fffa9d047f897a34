"""What is to be paid: which account pays which fund, fund requests (用款申请), orders of payment that are not of claims
(付款单), payees that two people have confirmed."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from claims.models import Claim, ClaimPart
from funds.models.books import Account, Book, PostingKind
from funds.models.postings import Entry, Posting
from office.models import Person
from office.models.acts import TOP_TRANSACTION
from office.rules import masking


class Place(models.TextChoices):
    """Where the money of a payment leaves."""

    SPENDING = "spending", _("spending account")
    SPECIAL = "special", _("special fiscal account")
    CASH = "cash", _("cash")


class Paying(models.Model):
    """Which spending account of which books pays the parts of a fund, by the chart. Only ever added to."""

    book = models.ForeignKey(Book, models.PROTECT, related_name="paying", verbose_name=_("books"))
    fund = models.CharField(_("fund"), max_length=60, unique=True)
    account = models.ForeignKey(
        Account, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("books", "account")
    )

    class Meta:
        verbose_name = _("fund that books pay")
        ordering = ["pk"]
        constraints = [models.CheckConstraint(name="paying_names_its_fund", condition=~Q(fund=""))]

    def __str__(self) -> str:
        return f"{self.fund}: {self.account}"


@pghistory.track()
class FundRequest(models.Model):
    """What the office asks of finance for a month's payments (用款申请): planned by lines, decided by finance, arrived.

    The money is entered in the books when its slip (缴拨凭证) is there.
    """

    MOVES: ClassVar[dict[tuple[str, str], str]] = {
        ("", "proposed"): "",
        ("proposed", "approved"): "approved",
        ("proposed", "refused"): "refused",
        ("proposed", "withdrawn"): "",
        ("approved", "arrived"): "",
    }

    class State(models.TextChoices):
        PROPOSED = "proposed", _("with finance")
        APPROVED = "approved", pgettext_lazy("fund request", "approved")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")
        ARRIVED = "arrived", _("arrived")

    number = models.CharField(_("number"), max_length=40, unique=True)
    book = models.ForeignKey(Book, models.PROTECT, related_name="fund_requests", verbose_name=_("books"))
    month = models.DateField(_("month"))
    amount = models.DecimalField(_("amount"), max_digits=16, decimal_places=2)
    in_hand = models.DecimalField(_("in the spending account"), max_digits=16, decimal_places=2)
    reserved = models.DecimalField(_("reserved for payments"), max_digits=16, decimal_places=2)
    words = models.CharField(_("in words"), max_length=300, blank=True, default="")
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PROPOSED)
    made_on = models.DateField(_("made on"))
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made at"))
    arrived_on = models.DateField(_("arrived on"), null=True, blank=True)
    slip = models.CharField(_("slip"), max_length=60, blank=True, default="")
    posting = models.OneToOneField(
        Posting, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("posting")
    )
    transaction = models.BigIntegerField(editable=False, db_default=TOP_TRANSACTION)

    class Meta:
        verbose_name = _("fund request")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="fund_request_is_of_a_month", condition=Q(month__day=1)),
            models.CheckConstraint(
                name="fund_request_is_of_money", condition=Q(amount__gt=Decimal(0), reserved__gte=Decimal(0))
            ),
            models.CheckConstraint(
                name="fund_request_arrives_whole",
                condition=Q(state="arrived", arrived_on__isnull=False, posting__isnull=False) & ~Q(slip="")
                | Q(state__in=["proposed", "approved", "refused", "withdrawn"])
                & Q(arrived_on__isnull=True, posting__isnull=True, slip=""),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class FundRequestLine(models.Model):
    """What a fund request plans to pay, in one line."""

    request = models.ForeignKey(FundRequest, models.PROTECT, related_name="lines", verbose_name=_("fund request"))
    line = models.PositiveSmallIntegerField(_("line"))
    words = models.CharField(_("for what"), max_length=120)
    amount = models.DecimalField(_("amount"), max_digits=16, decimal_places=2)

    class Meta:
        verbose_name = _("line of a fund request")
        ordering = ["request", "line"]
        constraints = [
            models.UniqueConstraint(fields=["request", "line"], name="fund_request_line_once"),
            models.CheckConstraint(
                name="fund_request_line_is_of_money", condition=Q(amount__gt=Decimal(0)) & ~Q(words="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.words}: {self.amount}"


class PayeeKind(models.TextChoices):
    HOUSEHOLD = "household", _("household")
    MEMBER = "member", _("patient at the window")
    PROVIDER = "provider", _("provider")
    INSURER = "insurer", _("insurer")
    PROVINCE = "province", _("province")
    OTHER = "other", _("somebody else")


@pghistory.track()
class PaymentOrder(models.Model):
    """Something to be paid that is no part of a claim by itself (付款单): a settlement, a prepayment, a premium.

    `key` names the event it is of, once. Its lines are what is entered beside the bank when it is paid. The parts of
    claims that it pays follow it.
    """

    MOVES: ClassVar[dict[tuple[str, str], str]] = {
        ("", "ordered"): "",
        ("ordered", "paid"): "",
        ("ordered", "cancelled"): "",
        ("paid", "ordered"): "",  # the transfer came back
    }

    class State(models.TextChoices):
        ORDERED = "ordered", _("to be paid")
        PAID = "paid", pgettext_lazy("order", "paid")
        CANCELLED = "cancelled", _("cancelled")

    number = models.CharField(_("number"), max_length=40, unique=True)
    book = models.ForeignKey(Book, models.PROTECT, related_name="orders", verbose_name=_("books"))
    key = models.CharField(_("event"), max_length=100, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=PostingKind.choices)
    place = models.CharField(_("paid from"), max_length=8, choices=Place.choices)
    payee_kind = models.CharField(_("paid to"), max_length=10, choices=PayeeKind.choices)
    payee_name = models.CharField(_("payee"), max_length=60)
    payee_bank = models.CharField(_("payee's bank"), max_length=60, blank=True, default="")
    payee_account = models.CharField(_("payee's account"), max_length=32, blank=True, default="")
    amount = models.DecimalField(_("amount"), max_digits=16, decimal_places=2)
    summary = models.CharField(_("summary"), max_length=120)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=40)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.ORDERED)
    cancelled_because = models.CharField(_("cancelled because"), max_length=200, blank=True, default="")
    ordered_on = models.DateField(_("ordered on"))
    ordered_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("ordered by"))
    checked_by = models.ForeignKey(
        Person, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("slip", "checked by")
    )
    ordered_at = models.DateTimeField(_("ordered at"))
    transaction = models.BigIntegerField(editable=False, db_default=TOP_TRANSACTION)

    class Meta:
        verbose_name = _("order of payment")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["book", "place"], condition=Q(state="ordered"), name="order_to_be_paid"),
            models.Index(fields=["subject_type", "subject_id"], name="order_of_subject"),
        ]
        constraints = [
            models.CheckConstraint(
                name="order_is_whole",
                condition=~Q(key="")
                & ~Q(payee_name="")
                & ~Q(summary="")
                & ~Q(subject_type="")
                & ~Q(subject_id="")
                & Q(amount__gt=Decimal(0)),
            ),
            models.CheckConstraint(name="order_is_checked_by_another", condition=~Q(ordered_by=F("checked_by"))),
            models.CheckConstraint(
                name="order_is_paid_from_somewhere", condition=Q(place__in=["spending", "special", "cash"])
            ),
            models.CheckConstraint(
                name="order_to_a_bank_names_the_account",
                condition=Q(place="cash") | ~Q(payee_bank="") & Q(payee_account__regex=r"^[0-9]{8,32}$"),
            ),
            models.CheckConstraint(
                name="order_is_cancelled_with_a_reason",
                condition=Q(state="cancelled") & ~Q(cancelled_because="")
                | Q(state__in=["ordered", "paid"], cancelled_because=""),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def masked_account(self) -> str:
        """The account with its middle hidden."""
        return masking.masked_account(self.payee_account)


class OrderLine(models.Model):
    """What is entered beside the bank when an order is paid. Debits less credits are what the bank pays."""

    order = models.ForeignKey(PaymentOrder, models.PROTECT, related_name="lines", verbose_name=_("order"))
    line = models.PositiveSmallIntegerField(_("line"))
    account = models.ForeignKey(
        Account, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("books", "account")
    )
    side = models.CharField(_("side"), max_length=6, choices=Entry.Side.choices)
    amount = models.DecimalField(_("amount"), max_digits=16, decimal_places=2)
    words = models.CharField(_("in words"), max_length=120, blank=True, default="")

    class Meta:
        verbose_name = _("line of an order")
        ordering = ["order", "line"]
        constraints = [
            models.UniqueConstraint(fields=["order", "line"], name="order_line_once"),
            models.CheckConstraint(
                name="order_line_is_of_money", condition=Q(amount__gt=Decimal(0), side__in=["debit", "credit"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.amount}"


class OrderPart(models.Model):
    """A part of a claim that an order pays; it moves with the order."""

    order = models.ForeignKey(PaymentOrder, models.PROTECT, related_name="parts", verbose_name=_("order"))
    part = models.ForeignKey(ClaimPart, models.PROTECT, related_name="+", verbose_name=_("part"))

    class Meta:
        verbose_name = _("part that an order pays")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["order", "part"], name="order_part_once")]

    def __str__(self) -> str:
        return f"{self.order}: {self.part}"


@pghistory.track()
class PayeeConfirmation(models.Model):
    """To which account a claim or an order is paid although another stood there when it was approved, or the bank gave
    that one back (收款账户确认): proposed by one, confirmed by another."""

    MOVES: ClassVar[dict[tuple[str, str], str]] = {
        ("", "proposed"): "",
        ("proposed", "confirmed"): "approved",
        ("proposed", "refused"): "refused",
        ("proposed", "withdrawn"): "",
    }

    class State(models.TextChoices):
        PROPOSED = "proposed", _("to be confirmed")
        CONFIRMED = "confirmed", _("confirmed")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")

    claim = models.ForeignKey(Claim, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("claim"))
    order = models.ForeignKey(
        PaymentOrder, models.PROTECT, null=True, blank=True, related_name="confirmations", verbose_name=_("order")
    )
    holder = models.CharField(_("account holder"), max_length=60)
    bank = models.CharField(_("bank"), max_length=60)
    number = models.CharField(_("account number"), max_length=32)
    reason = models.CharField(_("reason"), max_length=200)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("proposed by"))
    proposed_at = models.DateTimeField(_("proposed at"))

    class Meta:
        verbose_name = _("confirmed payee")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="confirmation_is_of_one_thing",
                condition=Q(claim__isnull=False, order__isnull=True) | Q(claim__isnull=True, order__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["claim"], condition=Q(state="proposed"), name="confirmation_of_a_claim_one_at_a_time"
            ),
            models.UniqueConstraint(
                fields=["order"], condition=Q(state="proposed"), name="confirmation_of_an_order_one_at_a_time"
            ),
            models.CheckConstraint(
                name="confirmation_is_whole",
                condition=~Q(holder="") & ~Q(bank="") & ~Q(reason="") & Q(number__regex=r"^[0-9]{8,32}$"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claim or self.order}: {self.bank} {self.masked_number}"

    @property
    def masked_number(self) -> str:
        """The number with its middle hidden."""
        return masking.masked_account(self.number)
