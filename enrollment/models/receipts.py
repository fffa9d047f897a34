"""Official receipts (专用收据): which numbers a township was issued, and what became of every one of them."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

import pghistory
import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enrollment.models.divisions import Division, in_sight
from enrollment.models.rosters import RosterImport
from enrollment.models.sheets import SheetEntry
from office.models import Person


class ReceiptBookQuerySet(models.QuerySet["ReceiptBook"]):
    def visible_to(self, person: Person, right: str = "enrollment.view_receiptbook") -> ReceiptBookQuerySet:
        """Those of the townships that a person's bodies serve."""
        return self.filter(in_sight(person, right, "township__"))

    def in_use(self) -> ReceiptBookQuerySet:
        """Those from which receipts are given."""
        return self.filter(state=ReceiptBook.State.IN_USE)


@pghistory.track()
class ReceiptBook(models.Model):
    """A run of numbered official receipts issued to a township (收据本): every number is used, void or left.

    A number is `series` and a serial number of `digits` digits. When a book is closed the receipts that are left go
    back to the county and can be issued again: `kept_last` is then the last number that this book keeps.
    """

    MOVES: ClassVar[frozenset[tuple[str, str]]] = frozenset(
        {("", "issued"), ("issued", "in_use"), ("issued", "closed"), ("in_use", "closed")}
    )

    class State(models.TextChoices):
        ISSUED = "issued", _("issued, not received yet")
        IN_USE = "in_use", _("in use")
        CLOSED = "closed", _("closed")

    township = models.ForeignKey(Division, models.PROTECT, related_name="+", verbose_name=_("township"))
    series = models.CharField(_("series"), max_length=8, blank=True, default="")
    digits = models.PositiveSmallIntegerField(_("digits"))
    first = models.BigIntegerField(_("first number"))
    last = models.BigIntegerField(_("last number"))
    kept_last = models.BigIntegerField(_("last number kept"))
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.ISSUED)
    issued_on = models.DateField(_("issued on"))
    issued_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("issued by"))
    issued_at = models.DateTimeField(_("issued at"))
    received_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("received by")
    )
    received_at = models.DateTimeField(_("received at"), null=True, blank=True)
    closed_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("closed by")
    )
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    objects = ReceiptBookQuerySet.as_manager()

    class Meta:
        verbose_name = _("receipt book")
        ordering = ["series", "digits", "first"]
        constraints = [
            models.CheckConstraint(
                name="receipt_book_has_its_numbers",
                condition=Q(first__gte=0, last__gte=F("first"), digits__range=(1, 18))
                & Q(last__lt=Func(Value(10), F("digits"), function="power", output_field=models.DecimalField())),
            ),
            models.CheckConstraint(
                name="receipt_book_series_is_plain",
                condition=Q(series="") | Q(series__regex=r"^[0-9A-Z一-鿿-]*[A-Z一-鿿-]$"),
            ),
            models.CheckConstraint(
                name="receipt_book_keeps_what_it_gave",
                condition=Q(state="closed", kept_last__gte=F("first") - 1, kept_last__lte=F("last"))
                | ~Q(state="closed") & Q(kept_last=F("last")),
            ),
            models.CheckConstraint(
                name="receipt_book_state_is_known", condition=Q(state__in=["issued", "in_use", "closed"])
            ),
            models.CheckConstraint(
                name="receipt_book_in_use_was_received",
                condition=Q(received_by__isnull=True, received_at__isnull=True, state__in=["issued", "closed"])
                | Q(received_by__isnull=False, received_at__isnull=False, state__in=["in_use", "closed"]),
            ),
            models.CheckConstraint(
                name="receipt_book_closed_by_somebody",
                condition=Q(closed_by__isnull=False, closed_at__isnull=False, state="closed")
                | Q(closed_by__isnull=True, closed_at__isnull=True) & ~Q(state="closed"),
            ),
            models.CheckConstraint(
                name="receipt_book_is_received_by_another",
                condition=Q(received_by__isnull=True) | ~Q(received_by=F("issued_by")),
            ),
            ExclusionConstraint(
                name="receipt_books_never_overlap",
                expressions=[
                    (F("series"), RangeOperators.EQUAL),
                    (F("digits"), RangeOperators.EQUAL),
                    (
                        Func(F("first"), F("kept_last"), Value("[]"), function="int8range"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(kept_last__gte=F("first")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number_of(self.first)}–{self.number_of(self.last)}"

    def number_of(self, serial: int) -> str:
        """A receipt's number as it is printed on it."""
        return f"{self.series}{serial:0{self.digits}d}"


class ReceiptQuerySet(models.QuerySet["Receipt"]):
    def visible_to(self, person: Person, right: str = "enrollment.view_receipt") -> ReceiptQuerySet:
        """Those of the townships that a person's bodies serve."""
        return self.filter(in_sight(person, right, "book__township__"))

    def used(self) -> ReceiptQuerySet:
        """Those that are not void."""
        return self.filter(state=Receipt.State.USED)


@pghistory.track(level=pgtrigger.Statement)
class Receipt(models.Model):
    """One numbered receipt that was used or spoiled (专用收据): what a household paid itself, in yuan.

    Numbers of a book are used in their order, so that none is missing; only a roster brings numbers in another order,
    and then the missing ones are told and must be accounted for before the book is closed.
    """

    class State(models.TextChoices):
        USED = "used", pgettext_lazy("receipt", "used")
        VOID = "void", _("void")

    book = models.ForeignKey(ReceiptBook, models.PROTECT, related_name="receipts", verbose_name=_("receipt book"))
    serial = models.BigIntegerField(_("serial number"))
    number = models.CharField(_("receipt number"), max_length=30, unique=True)
    entry = models.ForeignKey(
        SheetEntry, models.PROTECT, null=True, blank=True, related_name="receipts", verbose_name=_("entry of a sheet")
    )
    amount = models.DecimalField(_("amount"), max_digits=10, decimal_places=2)
    people = models.PositiveSmallIntegerField(_("people"))
    dated = models.DateField(_("date"))
    state = models.CharField(_("state"), max_length=4, choices=State.choices, default=State.USED)
    void_reason = models.CharField(_("void because"), max_length=200, blank=True, default="")
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name=_("instead of")
    )
    printed = models.PositiveSmallIntegerField(_("printed"), default=0)
    roster = models.ForeignKey(
        RosterImport, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("roster")
    )
    written_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("written by"))
    written_at = models.DateTimeField(_("written at"))

    objects = ReceiptQuerySet.as_manager()

    class Meta:
        verbose_name = _("receipt")
        ordering = ["book", "serial"]
        constraints = [
            models.UniqueConstraint(fields=["book", "serial"], name="receipt_once_in_its_book"),
            models.UniqueConstraint(fields=["entry"], condition=Q(state="used"), name="receipt_one_for_an_entry"),
            models.CheckConstraint(
                name="receipt_is_used_or_void",
                condition=Q(state="used", void_reason="", entry__isnull=False, amount__gt=Decimal(0), people__gt=0)
                | Q(state="void", amount__gte=Decimal(0)) & ~Q(void_reason=""),
            ),
            models.CheckConstraint(
                name="receipt_spoiled_says_nothing", condition=Q(entry__isnull=False) | Q(amount=Decimal(0), people=0)
            ),
        ]

    def __str__(self) -> str:
        return self.number
