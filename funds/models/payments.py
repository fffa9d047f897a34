"""Payments: batches that people release (支付批次), payments by number (支付), what each pays."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from claims.models import ClaimPart
from funds.models.books import Book
from funds.models.orders import PayeeKind, PaymentOrder, Place
from funds.models.postings import Posting
from office.models import Person
from office.rules import masking


@pghistory.track()
class PaymentBatch(models.Model):
    """Payments that leave one place together (支付批次): made by one, released by others over its hash and sum.

    What leaves the special account is released by finance; the rest by the accounting head, then by the office head.
    """

    MOVES: ClassVar[dict[tuple[str, str], str]] = {
        ("", "made"): "",
        ("made", "asked"): "",
        ("made", "void"): "",
        ("asked", "made"): "",  # taken back, or returned
        ("asked", "refused"): "refused",
        ("asked", "with_head"): "approved",
        ("asked", "released"): "approved",
        ("with_head", "made"): "",
        ("with_head", "refused"): "refused",
        ("with_head", "released"): "approved",
        ("released", "over"): "",
    }

    class State(models.TextChoices):
        MADE = "made", _("being made")
        ASKED = "asked", _("to be released")
        WITH_HEAD = "with_head", _("with the office head")
        RELEASED = "released", _("released")
        OVER = "over", pgettext_lazy("batch", "over")
        REFUSED = "refused", pgettext_lazy("batch", "refused")
        VOID = "void", pgettext_lazy("batch", "void")

    number = models.CharField(_("number"), max_length=40, unique=True)
    book = models.ForeignKey(Book, models.PROTECT, related_name="batches", verbose_name=_("books"))
    place = models.CharField(_("paid from"), max_length=8, choices=Place.choices)
    words = models.CharField(_("in words"), max_length=120)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.MADE)
    made_on = models.DateField(_("made on"))
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("payment batch")
        ordering = ["-pk"]
        permissions = [("send_paymentbatch", "Can hand released payments to the bank and pay out cash")]
        indexes = [models.Index(fields=["book", "-made_on"], name="batch_of_books")]
        constraints = [
            models.CheckConstraint(name="batch_is_named", condition=~Q(number="") & ~Q(words="")),
            models.CheckConstraint(
                name="batch_leaves_somewhere", condition=Q(place__in=["spending", "special", "cash"])
            ),
        ]

    def __str__(self) -> str:
        return self.number


@pghistory.track(level=pgtrigger.Statement)
class Payment(models.Model):
    """Money to one payee (支付). Its number is what the bank, the books and the statement know it by.

    That it is being sent is written before anything leaves; found so after a crash it is unknown, and never sent again
    by itself: the bank's answer or the statement settles it.
    """

    MOVES: ClassVar[dict[tuple[str, str], str]] = {
        ("", "waiting"): "",
        ("waiting", "claimed"): "",
        ("waiting", "stopped"): "",
        ("waiting", "paid"): "",  # in cash
        ("claimed", "sent"): "",
        ("claimed", "unknown"): "",
        ("claimed", "paid"): "",
        ("claimed", "returned"): "",
        ("sent", "paid"): "",
        ("sent", "returned"): "",
        ("sent", "unknown"): "",
        ("unknown", "paid"): "",
        ("unknown", "returned"): "",
        ("paid", "returned"): "",
    }
    #: States in which money is reserved for it: it may still leave.
    RESERVING: ClassVar[tuple[str, ...]] = ("waiting", "claimed", "sent", "unknown")
    #: States in which only the bank knows what became of it.
    UNSETTLED: ClassVar[tuple[str, ...]] = ("claimed", "sent", "unknown")
    #: States in which what it should have paid is free again.
    ENDED: ClassVar[tuple[str, ...]] = ("returned", "stopped")

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("payment", "waiting")
        CLAIMED = "claimed", _("being sent")
        SENT = "sent", _("with the bank")
        UNKNOWN = "unknown", _("unknown")
        PAID = "paid", pgettext_lazy("payment", "paid")
        RETURNED = "returned", _("came back")
        STOPPED = "stopped", _("stopped")

    batch = models.ForeignKey(PaymentBatch, models.PROTECT, related_name="payments", verbose_name=_("batch"))
    line = models.PositiveIntegerField(_("line"))
    number = models.CharField(_("number"), max_length=40, unique=True)
    payee_kind = models.CharField(_("paid to"), max_length=10, choices=PayeeKind.choices)
    payee_name = models.CharField(_("payee"), max_length=60)
    payee_bank = models.CharField(_("payee's bank"), max_length=60, blank=True, default="")
    payee_account = models.CharField(_("payee's account"), max_length=32, blank=True, default="")
    amount = models.DecimalField(_("amount"), max_digits=16, decimal_places=2)
    summary = models.CharField(_("summary"), max_length=120)
    is_again = models.BooleanField(_("paid again"), default=False)  # after a transfer that came back
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    claimed_at = models.DateTimeField(_("being sent since"), null=True, blank=True)
    sent_at = models.DateTimeField(_("handed to the bank at"), null=True, blank=True)
    settled_on = models.DateField(_("settled on"), null=True, blank=True)
    reference = models.CharField(_("bank's reference"), max_length=60, blank=True, default="")
    reason = models.CharField(_("reason"), max_length=200, blank=True, default="")
    posting = models.ForeignKey(
        Posting, models.PROTECT, null=True, blank=True, related_name="payments", verbose_name=_("posting")
    )
    return_posting = models.ForeignKey(
        Posting, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("posting of the return")
    )

    class Meta:
        verbose_name = _("payment")
        ordering = ["batch", "line"]
        indexes = [
            models.Index(
                fields=["state"],
                condition=Q(state__in=["waiting", "claimed", "sent", "unknown"]),
                name="payment_not_settled",
            ),
            models.Index(fields=["settled_on"], name="payment_by_day"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["batch", "line"], name="payment_line_once"),
            models.CheckConstraint(
                name="payment_is_of_money", condition=Q(amount__gt=Decimal(0)) & ~Q(payee_name="") & ~Q(summary="")
            ),
            models.CheckConstraint(
                name="payment_is_entered_when_it_is_paid",
                condition=Q(state="paid", posting__isnull=False, return_posting__isnull=True, settled_on__isnull=False)
                | Q(state="returned", settled_on__isnull=False, posting__isnull=True, return_posting__isnull=True)
                | Q(state="returned", settled_on__isnull=False, posting__isnull=False, return_posting__isnull=False)
                | Q(state__in=["waiting", "claimed", "sent", "unknown", "stopped"])
                & Q(posting__isnull=True, return_posting__isnull=True, settled_on__isnull=True),
            ),
            models.CheckConstraint(
                name="payment_that_ended_says_why", condition=~Q(state__in=["returned", "stopped"]) | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="payment_is_claimed_before_it_is_sent",
                condition=Q(state__in=["waiting", "stopped"], claimed_at__isnull=True, sent_at__isnull=True)
                | Q(state__in=["claimed", "unknown", "paid", "returned"])
                | Q(state="sent", claimed_at__isnull=False, sent_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def masked_account(self) -> str:
        """The account with its middle hidden."""
        return masking.masked_account(self.payee_account) if self.payee_account else ""


class PaymentItem(models.Model):
    """What a payment pays: a part of a claim, an order, or a part that an order takes along.

    It lives until its payment comes back or is stopped; a part, or an order, is in one live payment at a time.
    """

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="items", verbose_name=_("payment"))
    part = models.ForeignKey(ClaimPart, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("part"))
    order = models.ForeignKey(
        PaymentOrder, models.PROTECT, null=True, blank=True, related_name="items", verbose_name=_("order")
    )
    amount = models.DecimalField(_("amount"), max_digits=16, decimal_places=2)
    is_live = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("item of a payment")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="payment_item_is_something",
                condition=(Q(part__isnull=False) | Q(order__isnull=False)) & Q(amount__gt=Decimal(0)),
            ),
            models.UniqueConstraint(
                fields=["part"], condition=Q(is_live=True, part__isnull=False), name="part_in_one_live_payment"
            ),
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(is_live=True, order__isnull=False, part__isnull=True),
                name="order_in_one_live_payment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.payment}: {self.part or self.order}"
