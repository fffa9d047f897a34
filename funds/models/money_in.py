"""Money that comes in (收款): the slip of each deposit, transfer and arrival, what stands behind it, and the letters
that ask for what has not come."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enrollment.models import AssistanceList, CollectionSheet, FundYear, Refund, SubsidyClaim, SubsidyRate
from funds.models.books import Book
from funds.models.postings import Posting
from office.models import Person

#: Kinds whose sum is that of what stands behind the slip: sheets, refunds, or income by its kinds.
WITH_LINES = ("deposit", "refund", "turn")


class SlipQuerySet(models.QuerySet["Slip"]):
    def standing(self) -> SlipQuerySet:
        """Those that are noted or entered."""
        return self.filter(state__in=Slip.STANDING)

    def entered(self) -> SlipQuerySet:
        """Those that the books hold."""
        return self.filter(state__in=(Slip.State.ENTERED, Slip.State.BACK_ASKED))

    def waiting(self) -> SlipQuerySet:
        """Those that somebody else has to check."""
        return self.filter(state__in=(Slip.State.NOTED, Slip.State.BACK_ASKED))


@pghistory.track()
class Slip(models.Model):
    """A paper that money came in, was passed on or given back (收款单): noted by one, checked and entered by another.

    What stands on it never changes; a mistake is withdrawn before it is entered, and taken back in red after it. `on`
    is the day on the bank's paper, the fund year what the money is for: the two differ. Yuan.
    """

    MOVES: ClassVar[frozenset[tuple[str, str]]] = frozenset(
        {
            ("", "noted"),
            ("noted", "entered"),
            ("noted", "withdrawn"),
            ("entered", "back_asked"),
            ("back_asked", "entered"),
            ("back_asked", "taken_back"),
        }
    )

    class Kind(models.TextChoices):
        DEPOSIT = "deposit", _("contributions paid in")
        FEE = "fee", _("contributions of wages")
        COLLECTIVE = "collective", _("support by the collective")
        ASSISTANCE = "assistance", _("medical assistance arrived")
        SUBSIDY = "subsidy", _("government subsidy arrived")
        INTEREST = "interest", pgettext_lazy("money in", "interest")
        OTHER = "other", pgettext_lazy("money in", "other income")
        TRANSFER = "transfer", _("passed on to the special account")
        REFUND = "refund", _("contributions given back to households")
        TURN = "turn", _("received ahead becomes income of its year")

    class State(models.TextChoices):
        NOTED = "noted", pgettext_lazy("money in", "to be checked")
        ENTERED = "entered", _("entered in the books")
        WITHDRAWN = "withdrawn", _("withdrawn")
        BACK_ASKED = "back_asked", _("to be taken back")
        TAKEN_BACK = "taken_back", _("taken back")

    class Account(models.TextChoices):
        CASH = "cash", _("cash")
        INCOME = "income_account", _("income account")
        SPECIAL = "special_account", _("special fiscal account")
        SPENDING = "spending_account", _("spending account")
        AHEAD = "received_ahead", _("received ahead")

    STANDING: ClassVar[tuple[str, ...]] = (State.NOTED, State.ENTERED, State.BACK_ASKED)

    book = models.ForeignKey(Book, models.PROTECT, related_name="+", verbose_name=_("books"))
    kind = models.CharField(_("what came in"), max_length=12, choices=Kind.choices)
    number = models.CharField(pgettext_lazy("money in", "number of the paper"), max_length=60)
    on = models.DateField(_("day on the paper"))
    account = models.CharField(_("account"), max_length=20, choices=Account.choices)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    to_accounts = models.DecimalField(
        _("of it to household accounts"), max_digits=14, decimal_places=2, default=Decimal(0)
    )
    is_ahead = models.BooleanField(_("received ahead of its year"), default=False)
    fund_year = models.ForeignKey(
        FundYear, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("fund year")
    )
    payer = models.CharField(
        pgettext_lazy("money in", "who pays"), max_length=12, choices=SubsidyClaim.Payer.choices, blank=True, default=""
    )
    rate = models.ForeignKey(
        SubsidyRate, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("instalment")
    )
    assistance_list = models.ForeignKey(
        AssistanceList, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("list of those helped")
    )
    words = models.CharField(_("in words"), max_length=100, blank=True, default="")
    attachments = models.PositiveSmallIntegerField(_("papers attached"), default=1)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.NOTED)
    noted_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("noted by"))
    noted_at = models.DateTimeField(_("noted at"))
    checked_by = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=pgettext_lazy("slip", "checked by"),
    )
    checked_at = models.DateTimeField(_("checked at"), null=True, blank=True)
    posting = models.OneToOneField(
        Posting, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("posting")
    )
    seen_on = models.DateField(_("on the bank's statement"), null=True, blank=True)
    back_asked_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("taking back asked for by")
    )
    back_on = models.DateField(_("taken back on"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True, default="")

    objects = SlipQuerySet.as_manager()

    class Meta:
        verbose_name = _("slip of money in")
        ordering = ["-pk"]
        permissions = [("check_slip", "Can check slips of money in and have them entered")]
        indexes = [
            models.Index(fields=["book", "on"], name="slip_of_a_day"),
            models.Index(fields=["fund_year", "payer"], name="slip_of_a_payer"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["book", "kind", "number"],
                condition=Q(state__in=["noted", "entered", "back_asked"]),
                name="slip_number_once",
            ),
            models.UniqueConstraint(
                fields=["book", "fund_year"],
                condition=Q(kind="turn", state="noted"),
                name="slip_one_turn_waits",
            ),
            models.CheckConstraint(name="slip_has_a_number", condition=~Q(number="")),
            models.CheckConstraint(name="slip_is_of_money", condition=Q(amount__gt=Decimal(0))),
            models.CheckConstraint(
                name="slip_state_is_known",
                condition=Q(state__in=["noted", "entered", "withdrawn", "back_asked", "taken_back"]),
            ),
            models.CheckConstraint(
                name="slip_lies_where_its_kind_may",
                condition=Q(
                    kind__in=["deposit", "fee", "collective", "other"],
                    account__in=["income_account", "special_account"],
                )
                | Q(kind__in=["assistance", "subsidy"], account="special_account")
                | Q(kind="interest", account__in=["income_account", "special_account", "spending_account"])
                | Q(kind="transfer", account__in=["income_account", "spending_account"])
                | Q(kind="refund", account__in=["cash", "income_account", "special_account"])
                | Q(kind="turn", account="received_ahead"),
            ),
            models.CheckConstraint(
                name="slip_is_of_a_year_where_its_kind_is",
                condition=Q(
                    kind__in=["deposit", "fee", "collective", "assistance", "subsidy", "refund", "turn"],
                    fund_year__isnull=False,
                )
                | Q(kind__in=["interest", "other", "transfer"], fund_year__isnull=True, is_ahead=False),
            ),
            models.CheckConstraint(
                name="slip_names_its_payer",
                condition=Q(kind="subsidy", payer__in=["central", "province", "city", "county"], assistance_list=None)
                | Q(kind="assistance", payer="assistance", rate=None)
                | ~Q(kind__in=["subsidy", "assistance"]) & Q(payer="", rate=None, assistance_list=None),
            ),
            models.CheckConstraint(name="slip_of_other_income_says_what", condition=~Q(kind="other") | ~Q(words="")),
            models.CheckConstraint(
                name="slip_shares_with_accounts",
                condition=Q(to_accounts=Decimal(0))
                | Q(
                    to_accounts__gt=Decimal(0),
                    to_accounts__lte=F("amount"),
                    kind__in=["deposit", "fee"],
                    is_ahead=False,
                )
                | Q(to_accounts__gt=Decimal(0), to_accounts__lte=F("amount"), kind="turn"),
            ),
            models.CheckConstraint(
                name="slip_entered_was_checked",
                condition=Q(
                    state__in=["entered", "back_asked", "taken_back"],
                    checked_by__isnull=False,
                    checked_at__isnull=False,
                    posting__isnull=False,
                )
                | Q(state__in=["noted", "withdrawn"], checked_by=None, checked_at=None, posting=None, seen_on=None),
            ),
            models.CheckConstraint(
                name="slip_is_checked_by_another", condition=Q(checked_by=None) | ~Q(checked_by=F("noted_by"))
            ),
            models.CheckConstraint(
                name="slip_says_why_it_goes_back",
                condition=Q(state="noted", reason="", back_asked_by=None, back_on=None)
                | Q(state="withdrawn", back_asked_by=None, back_on=None) & ~Q(reason="")
                | Q(state="entered", reason="", back_asked_by=None, back_on=None)
                | Q(state="back_asked", back_asked_by__isnull=False, back_on__isnull=False, seen_on=None)
                & ~Q(reason="")
                | Q(state="taken_back", back_asked_by__isnull=False, back_on__isnull=False, seen_on=None)
                & ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"

    @property
    def is_standing(self) -> bool:
        """Whether it is noted or entered."""
        return self.state in self.STANDING

    @property
    def goes_out(self) -> bool:
        """Whether money leaves with it."""
        return self.kind == self.Kind.REFUND


@pghistory.track()
class SlipLine(models.Model):
    """What stands behind a slip: a collection sheet, a refund, or of a turn the income that it becomes. Yuan.

    A sheet or a refund is on one slip that stands; a slip that is withdrawn or taken back lets go of its own.
    """

    slip = models.ForeignKey(Slip, models.PROTECT, related_name="lines", verbose_name=_("slip"))
    sheet = models.ForeignKey(
        CollectionSheet, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("collection sheet")
    )
    refund = models.ForeignKey(
        Refund, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("refund")
    )
    income = models.CharField(_("income"), max_length=40, blank=True, default="")
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    stands = models.BooleanField(_("stands"), default=True)

    class Meta:
        verbose_name = _("line of a slip")
        ordering = ["slip", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["sheet"], condition=Q(stands=True), name="slip_line_sheet_once"),
            models.UniqueConstraint(fields=["refund"], condition=Q(stands=True), name="slip_line_refund_once"),
            models.UniqueConstraint(fields=["slip", "income"], condition=~Q(income=""), name="slip_line_income_once"),
            models.CheckConstraint(name="slip_line_is_of_money", condition=Q(amount__gt=Decimal(0))),
            models.CheckConstraint(
                name="slip_line_is_of_one_thing",
                condition=Q(sheet__isnull=False, refund=None, income="")
                | Q(sheet=None, refund__isnull=False, income="")
                | Q(sheet=None, refund=None) & ~Q(income=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sheet or self.refund or self.income}: {self.amount}"


class SubsidyLetter(models.Model):
    """A letter that asks a payer for what he owes of a fund year (催拨函). Only ever added to; yuan, as of a day."""

    book = models.ForeignKey(Book, models.PROTECT, related_name="+", verbose_name=_("books"))
    fund_year = models.ForeignKey(FundYear, models.PROTECT, related_name="+", verbose_name=_("fund year"))
    payer = models.CharField(pgettext_lazy("money in", "who pays"), max_length=12, choices=SubsidyClaim.Payer.choices)
    number = models.CharField(_("number of the letter"), max_length=40, unique=True)
    as_of = models.DateField(_("as of"))
    due = models.DecimalField(_("due"), max_digits=14, decimal_places=2)
    arrived = models.DecimalField(_("arrived"), max_digits=14, decimal_places=2)
    owed = models.DecimalField(_("owed"), max_digits=14, decimal_places=2)
    by_instalment = models.JSONField(_("by instalment"))
    pay_by = models.DateField(_("to be paid by"))
    words = models.CharField(_("in words"), max_length=500, blank=True, default="")
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("letter for subsidies")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="subsidy_letter_has_a_number", condition=~Q(number="")),
            models.CheckConstraint(
                name="subsidy_letter_adds_up", condition=Q(owed=F("due") - F("arrived"), owed__gt=Decimal(0))
            ),
            models.CheckConstraint(name="subsidy_letter_gives_time", condition=Q(pay_by__gt=F("as_of"))),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def instalments(self) -> list[tuple[str, str, Decimal, Decimal, Decimal]]:
        """The instalments behind it: which, due on which day, and what is due, arrived and owed of each in yuan."""
        return [
            (name, on, Decimal(due), Decimal(came), Decimal(owed)) for name, on, due, came, owed in self.by_instalment
        ]
