"""What banks and finance say of the accounts (对账单), and which of their lines is which entry of the books (勾对)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import ClassVar

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from funds.models.banking import BankAccount
from funds.models.books import Account
from funds.models.postings import Entry
from office.models import Person
from office.models.acts import TOP_TRANSACTION


@pghistory.track()
class Statement(models.Model):
    """A statement of a bank account, whole (对账单). It begins where the one before it ended; none says a day twice.

    A file that was taken in by mistake is made void while nothing of it is matched; its lines stay.
    """

    MOVES: ClassVar[frozenset[tuple[str, str]]] = frozenset({("", "kept"), ("kept", "void")})

    class Form(models.TextChoices):
        TABLE = "table", _("table")
        CAMT = "camt", "camt.053"

    class State(models.TextChoices):
        KEPT = "kept", pgettext_lazy("statement", "kept")
        VOID = "void", pgettext_lazy("statement", "void")

    bank_account = models.ForeignKey(
        BankAccount, models.PROTECT, related_name="statements", verbose_name=_("bank account")
    )
    number = models.CharField(_("number the bank gives it"), max_length=60, blank=True, default="")
    period = DateRangeField(_("days"))
    opening = models.DecimalField(pgettext_lazy("statement", "begins with"), max_digits=16, decimal_places=2)
    came_in = models.DecimalField(_("came in"), max_digits=16, decimal_places=2)
    went_out = models.DecimalField(_("went out"), max_digits=16, decimal_places=2)
    closing = models.DecimalField(_("ends with"), max_digits=16, decimal_places=2)
    line_count = models.PositiveIntegerField(_("lines"))
    form = models.CharField(_("form"), max_length=8, choices=Form.choices)
    sha256 = models.CharField(max_length=64)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.KEPT)
    void_reason = models.CharField(_("void because"), max_length=200, blank=True, default="")
    kept_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("taken in by"))
    kept_at = models.DateTimeField(_("taken in at"))
    transaction = models.BigIntegerField(db_default=TOP_TRANSACTION)

    class Meta:
        verbose_name = pgettext_lazy("bank", "statement")
        ordering: ClassVar[list[str]] = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["sha256"], condition=Q(state="kept"), name="statement_file_once"),
            ExclusionConstraint(
                name="statement_days_once",
                expressions=[("bank_account", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
                condition=Q(state="kept"),
            ),
            models.CheckConstraint(
                name="statement_comes_out",
                condition=Q(closing=F("opening") + F("came_in") - F("went_out"))
                & Q(came_in__gte=Decimal(0))
                & Q(went_out__gte=Decimal(0)),
            ),
            models.CheckConstraint(
                name="statement_has_days",
                condition=Q(period__isempty=False, period__startswith__isnull=False, period__endswith__isnull=False),
            ),
            models.CheckConstraint(name="statement_has_its_hash", condition=Q(sha256__regex="^[0-9a-f]{64}$")),
            models.CheckConstraint(
                name="statement_is_void_with_a_reason",
                condition=Q(state="kept", void_reason="") | Q(state="void") & ~Q(void_reason=""),
            ),
            models.CheckConstraint(name="statement_form_is_known", condition=Q(form__in=["table", "camt"])),
        ]

    def __str__(self) -> str:
        return f"{self.bank_account} {self.period.lower}–{self.last}"

    @property
    def last(self) -> date:
        """Its last day."""
        end: date = self.period.upper
        return end - timedelta(days=1)


class StatementLine(models.Model):
    """A line of a statement, in yuan as the account's owner sees it: above nothing came in, below nothing went out.

    Line 0 of an account's first statement is what stood before it.
    """

    statement = models.ForeignKey(
        Statement, models.PROTECT, related_name="lines", verbose_name=pgettext_lazy("bank", "statement")
    )
    line = models.PositiveIntegerField(_("line"))
    on = models.DateField(_("day"))
    amount = models.DecimalField(_("amount"), max_digits=16, decimal_places=2)
    reference = models.CharField(_("our number"), max_length=120, blank=True, default="")
    bank_id = models.CharField(_("the bank's number"), max_length=60, blank=True, default="")
    party = models.CharField(_("from or to"), max_length=120, blank=True, default="")
    party_account = models.CharField(_("account of the other side"), max_length=40, blank=True, default="")
    words = models.CharField(_("in words"), max_length=200, blank=True, default="")

    class Meta:
        verbose_name = _("line of a statement")
        ordering: ClassVar[list[str]] = ["statement", "line"]
        indexes = [
            models.Index(fields=["statement", "on"], name="statement_line_of_a_day"),
            models.Index(fields=["reference"], condition=~Q(reference=""), name="statement_line_reference"),
            models.Index(fields=["bank_id"], condition=~Q(bank_id=""), name="statement_line_bank_id"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["statement", "line"], name="statement_line_once"),
            models.CheckConstraint(name="statement_line_is_of_something", condition=~Q(amount=Decimal(0))),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.amount}"


@pghistory.track()
class Match(models.Model):
    """Lines of statements and entries of an account that are the same money (勾对): their sums are equal.

    Each is undone alone, with the reason. Without a line it says that entries lift each other; without an entry, that
    the bank put a mistake of its own right.
    """

    MOVES: ClassVar[frozenset[tuple[str, str]]] = frozenset({("", "held"), ("held", "undone")})

    class How(models.TextChoices):
        NUMBER = "number", _("by its number")
        AMOUNT = "amount", _("by amount and day")
        PROPOSED = "proposed", _("proposed, confirmed by a person")
        PERSON = "person", _("by a person")

    class State(models.TextChoices):
        HELD = "held", pgettext_lazy("match", "matched")
        UNDONE = "undone", pgettext_lazy("match", "undone")

    account = models.ForeignKey(
        Account, models.PROTECT, related_name="matches", verbose_name=pgettext_lazy("books", "account")
    )
    how = models.CharField(_("how"), max_length=10, choices=How.choices)
    amount = models.DecimalField(_("amount"), max_digits=16, decimal_places=2)
    last_on = models.DateField(_("day of its last line or entry"))
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.HELD)
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made at"))
    undone_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("undone by")
    )
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)
    undone_because = models.CharField(_("undone because"), max_length=200, blank=True, default="")
    transaction = models.BigIntegerField(db_default=TOP_TRANSACTION)

    class Meta:
        verbose_name = _("match")
        verbose_name_plural = _("matches")
        ordering: ClassVar[list[str]] = ["-pk"]
        indexes = [models.Index(fields=["account", "last_on"], name="match_of_an_account")]
        constraints = [
            models.CheckConstraint(
                name="match_is_undone_with_a_reason",
                condition=Q(state="held", undone_by=None, undone_at=None, undone_because="")
                | Q(state="undone", undone_by__isnull=False, undone_at__isnull=False) & ~Q(undone_because=""),
            ),
            models.CheckConstraint(
                name="match_how_is_known", condition=Q(how__in=["number", "amount", "proposed", "person"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_how_display()} {self.amount}"


class MatchedLine(models.Model):
    """A line of a statement in a match; free again when the match is undone."""

    match = models.ForeignKey(Match, models.PROTECT, related_name="lines")
    line = models.ForeignKey(StatementLine, models.PROTECT, related_name="matched")
    is_live = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("matched line")
        ordering: ClassVar[list[str]] = ["pk"]
        constraints = [models.UniqueConstraint(fields=["line"], condition=Q(is_live=True), name="line_matched_once")]

    def __str__(self) -> str:
        return str(self.line)


class MatchedEntry(models.Model):
    """An entry of the books in a match; free again when the match is undone."""

    match = models.ForeignKey(Match, models.PROTECT, related_name="entries")
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="matched")
    is_live = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("matched entry")
        ordering: ClassVar[list[str]] = ["pk"]
        constraints = [models.UniqueConstraint(fields=["entry"], condition=Q(is_live=True), name="entry_matched_once")]

    def __str__(self) -> str:
        return str(self.entry)
