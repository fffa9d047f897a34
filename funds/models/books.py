"""Books of a fund (账套), the chart of its accounts (会计科目), and which account may stand against which."""

from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enrollment.models import Scheme


class PostingKind(models.TextChoices):
    """What happened, as far as the accounts of an entry depend on it (ledger.md, "Entries")."""

    OPENING = "opening", _("opening balances")
    COLLECTED = "collected", _("contributions collected")
    COLLECTED_AHEAD = "collected_ahead", _("contributions collected for next year")
    YEAR_TURNED = "year_turned", _("received ahead becomes income")
    ASSISTED = "assisted", _("assistance arrived")
    TRANSFERRED = "transferred", _("to the special account")
    SUBSIDISED = "subsidised", _("subsidy arrived")
    INTEREST = "interest", _("interest")
    OTHER_INCOME = "other_income", _("other income")
    REQUESTED = "requested", _("fund request paid out")
    PAID = "paid", _("benefits paid")
    RETURNED = "returned", _("payment came back")
    PAID_AGAIN = "paid_again", _("paid again")
    PREPAID = "prepaid", _("prepaid to a hospital")
    PREPAYMENT_SETTLED = "prepayment_settled", _("prepayment settled")
    RETENTION_RELEASED = "retention_released", _("retention released")
    RECOVERED = "recovered", _("recovered")
    REFUNDED = "refunded", _("contributions given back")
    PREMIUM = "premium", _("critical-illness premium")
    RISK_FUND = "risk_fund", _("risk fund")
    YEAR_CLOSED = "year_closed", _("year closed")
    REVERSAL = "reversal", _("reversal")
    BORROWED = "borrowed", _("borrowed or given back")
    LEVELS = "levels", _("between levels of government")
    MOVED = "moved", _("personal accounts moved in or out")
    SWEPT = "swept", _("unused money back to the special account")
    CASH_DIFFERENCE = "cash_difference", _("cash over or short")
    BANK_FEE = "bank_fee", _("bank fee laid out or made good")


@pghistory.track()
class Book(models.Model):
    """The books of one fund (账套); never mixed with another's. Kept by cash, by calendar month, in yuan and fen.

    `pays` says whether the office pays from its spending account or finance pays directly from the special account;
    `collects`, whether contributions come through the office's income account or finance collects them (财政代收).
    """

    class Pays(models.TextChoices):
        OFFICE = "office", _("the office, from the spending account")
        FINANCE = "finance", _("finance, from the special account")

    class Collects(models.TextChoices):
        OFFICE = "office", _("the office, through the income account")
        FINANCE = "finance", _("finance, into the special account")

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=60)
    scheme = models.OneToOneField(Scheme, models.PROTECT, related_name="+", verbose_name=_("scheme"))
    begins_on = models.DateField(_("kept since"))
    pays = models.CharField(pgettext_lazy("books", "who pays"), max_length=8, choices=Pays.choices, default=Pays.OFFICE)
    collects = models.CharField(_("who collects"), max_length=8, choices=Collects.choices, default=Collects.OFFICE)

    class Meta:
        verbose_name = _("books of a fund")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(name="book_code_is_plain", condition=Q(code__regex=r"^[a-z0-9-]+$")),
            models.CheckConstraint(name="book_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(name="book_begins_with_a_month", condition=Q(begins_on__day=1)),
            models.CheckConstraint(name="book_pays_in_a_known_way", condition=Q(pays__in=["office", "finance"])),
            models.CheckConstraint(
                name="book_collects_in_a_known_way", condition=Q(collects__in=["office", "finance"])
            ),
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class Account(models.Model):
    """An account of a chart (会计科目). Money is entered on accounts without sub-accounts alone.

    `place` says where money lies on it; `purpose` by which the program finds it, whatever its code is in this county.
    Income and spending are closed at the end of the year to the account that `closes_to` names.
    """

    class Kind(models.TextChoices):
        ASSET = "asset", _("assets")
        LIABILITY = "liability", _("liabilities")
        FUND = "fund", _("fund")
        INCOME = "income", _("income")
        SPENDING = "spending", _("spending")

    class Place(models.TextChoices):
        CASH = "cash", _("cash")
        INCOME = "income", _("income account")
        SPECIAL = "special", _("special fiscal account")
        SPENDING = "spending", _("spending account")

    book = models.ForeignKey(Book, models.PROTECT, related_name="accounts", verbose_name=_("books"))
    code = models.CharField(_("code"), max_length=12)
    name = models.CharField(_("name"), max_length=60)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=pgettext_lazy("books", "part of"),
    )
    is_entered_on = models.BooleanField(_("money is entered on it"), default=True)
    place = models.CharField(_("where the money lies"), max_length=8, choices=Place.choices, blank=True, default="")
    purpose = models.CharField(_("purpose"), max_length=40)
    never_negative = models.BooleanField(_("never below zero"), default=False)
    closes_to = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("closed to")
    )
    source = models.CharField(_("where the code was seen"), max_length=60, blank=True, default="")

    class Meta:
        verbose_name = pgettext_lazy("books", "account")
        ordering = ["book", "code"]
        constraints = [
            models.UniqueConstraint(fields=["book", "code"], name="account_code_once"),
            models.UniqueConstraint(fields=["book", "purpose"], name="account_purpose_once"),
            models.CheckConstraint(name="account_code_is_a_number", condition=Q(code__regex=r"^[0-9]{4,12}$")),
            models.CheckConstraint(name="account_is_named", condition=~Q(name="") & ~Q(purpose="")),
            models.CheckConstraint(
                name="account_kind_is_known",
                condition=Q(kind__in=["asset", "liability", "fund", "income", "spending"]),
            ),
            models.CheckConstraint(
                name="account_place_is_an_asset",
                condition=Q(place="") | Q(place__in=["cash", "income", "special", "spending"], kind="asset"),
            ),
            models.CheckConstraint(
                name="account_of_the_year_is_closed_to_a_fund",
                condition=Q(kind__in=["income", "spending"], is_entered_on=True, closes_to__isnull=False)
                | Q(kind__in=["income", "spending"], is_entered_on=False)
                | Q(kind__in=["asset", "liability", "fund"], closes_to__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Flow(models.Model):
    """A pair of accounts that an event may move (对应科目): debit here, credit there. What is not here is refused.

    Only ever added to: what was once right stays right for what was entered then.
    """

    book = models.ForeignKey(Book, models.PROTECT, related_name="flows", verbose_name=_("books"))
    kind = models.CharField(_("event"), max_length=20, choices=PostingKind.choices)
    debit = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name=_("debit"))
    credit = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name=_("credit"))

    class Meta:
        verbose_name = _("allowed pair of accounts")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["book", "kind", "debit", "credit"], name="flow_once"),
            models.CheckConstraint(name="flow_goes_somewhere", condition=~Q(debit=F("credit"))),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.debit} / {self.credit}"
