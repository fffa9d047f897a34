"""What is entered in books: months (会计期间), vouchers (记账凭证) with their lines (分录), the balances."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from funds.models.books import Account, Book, PostingKind
from office.models import Person
from office.models.acts import TOP_TRANSACTION, TRUE_TIME


@pghistory.track()
class Period(models.Model):
    """A month of a set of books (会计期间). Entered in while it is open; closed, and opened again, by two people."""

    MOVES: ClassVar[dict[tuple[str, str], str]] = {
        ("", "open"): "",
        ("open", "closing"): "",
        ("closing", "closed"): "approved",
        ("closing", "open"): "",  # refused, or taken back
        ("closed", "reopening"): "",
        ("reopening", "open"): "approved",
        ("reopening", "closed"): "",
    }

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("month", "open")
        CLOSING = "closing", _("to be closed")
        CLOSED = "closed", pgettext_lazy("month", "closed")
        REOPENING = "reopening", _("to be opened again")

    book = models.ForeignKey(Book, models.PROTECT, related_name="periods", verbose_name=_("books"))
    month = models.DateField(_("month"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)

    class Meta:
        verbose_name = _("month of books")
        ordering = ["book", "month"]
        constraints = [
            models.UniqueConstraint(fields=["book", "month"], name="period_once"),
            models.CheckConstraint(name="period_is_a_month", condition=Q(month__day=1)),
            models.CheckConstraint(
                name="period_state_is_known", condition=Q(state__in=["open", "closing", "closed", "reopening"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.book} {self.month:%Y-%m}"


class Posting(models.Model):
    """A voucher that is entered (记账凭证). Its number counts up by month without gaps; nothing of it ever changes.

    `key` names the event it is of, once in all books; `sha256` is that of what was asked for, so that the same event
    told twice is one posting and told differently is refused. A mistake is taken back by a posting that reverses it
    (红字冲销) in an open month.
    """

    book = models.ForeignKey(Book, models.PROTECT, related_name="postings", verbose_name=_("books"))
    period = models.ForeignKey(Period, models.PROTECT, related_name="postings", verbose_name=_("month"))
    number = models.PositiveIntegerField(_("number"))  # the database counts
    key = models.CharField(_("event"), max_length=120, unique=True)
    sha256 = models.CharField(max_length=64)
    kind = models.CharField(_("kind"), max_length=20, choices=PostingKind.choices)
    on = models.DateField(_("day"))
    summary = models.CharField(_("summary"), max_length=200)
    attachments = models.PositiveSmallIntegerField(_("papers attached"), default=0)
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversed_by", verbose_name=_("takes back")
    )
    made_by = models.ForeignKey(
        Person, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("voucher", "made by")
    )
    checked_by = models.ForeignKey(
        Person, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("voucher", "checked by")
    )
    made_at = models.DateTimeField(_("made at"))
    entered_at = models.DateTimeField(_("entered at"), db_default=TRUE_TIME)
    transaction = models.BigIntegerField(db_default=TOP_TRANSACTION)

    class Meta:
        verbose_name = _("posting")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["book", "on"], name="posting_of_a_day"),
            models.Index(fields=["book", "kind", "on"], name="posting_of_a_kind"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["period", "number"], name="posting_number_once"),
            models.CheckConstraint(name="posting_is_named", condition=~Q(key="") & ~Q(summary="")),
            models.CheckConstraint(name="posting_has_its_hash", condition=Q(sha256__regex="^[0-9a-f]{64}$")),
            models.CheckConstraint(
                name="posting_is_made_and_checked_by_two", condition=~Q(made_by=models.F("checked_by"))
            ),
            models.CheckConstraint(
                name="posting_reverses_another",
                condition=Q(kind="reversal", reverses__isnull=False) | ~Q(kind="reversal") & Q(reverses__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"记-{self.number:04d}"


class Entry(models.Model):
    """A line of a posting (分录), in yuan. A red one takes back what stood on the other side of the account."""

    class Side(models.TextChoices):
        DEBIT = "debit", _("debit")
        CREDIT = "credit", _("credit")

    posting = models.ForeignKey(Posting, models.PROTECT, related_name="entries", verbose_name=_("posting"))
    line = models.PositiveIntegerField(_("line"))
    account = models.ForeignKey(
        Account, models.PROTECT, related_name="entries", verbose_name=pgettext_lazy("books", "account")
    )
    side = models.CharField(_("side"), max_length=6, choices=Side.choices)
    amount = models.DecimalField(_("amount"), max_digits=16, decimal_places=2)
    is_red = models.BooleanField(_("red"), default=False)
    words = models.CharField(_("in words"), max_length=120, blank=True, default="")

    class Meta:
        verbose_name = pgettext_lazy("column", "entry")
        ordering = ["posting", "line"]
        indexes = [models.Index(fields=["account", "posting"], name="entry_of_an_account")]
        constraints = [
            models.UniqueConstraint(fields=["posting", "line"], name="entry_line_once"),
            models.CheckConstraint(name="entry_is_of_something", condition=Q(amount__gt=Decimal(0))),
            models.CheckConstraint(name="entry_side_is_known", condition=Q(side__in=["debit", "credit"])),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.get_side_display()} {self.amount}"


class Balance(models.Model):
    """What was entered on an account in a month: debit and credit, in yuan. The database alone moves it."""

    account = models.ForeignKey(
        Account, models.PROTECT, related_name="balances", verbose_name=pgettext_lazy("books", "account")
    )
    month = models.DateField(_("month"))
    debit = models.DecimalField(_("debit"), max_digits=18, decimal_places=2, default=Decimal(0))
    credit = models.DecimalField(_("credit"), max_digits=18, decimal_places=2, default=Decimal(0))

    class Meta:
        verbose_name = _("balance")
        ordering = ["account", "month"]
        constraints = [
            models.UniqueConstraint(fields=["account", "month"], name="balance_once_a_month"),
            models.CheckConstraint(name="balance_is_of_a_month", condition=Q(month__day=1)),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.month:%Y-%m}"
