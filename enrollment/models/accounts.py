"""Household and personal accounts (家庭账户、个人账户): sub-ledgers of single households and people, in yuan."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enrollment.models.divisions import in_sight
from enrollment.models.households import Household, Member
from enrollment.models.schemes import Scheme
from office.models import Person


class AccountQuerySet(models.QuerySet["Account"]):
    def visible_to(self, person: Person, right: str = "enrollment.view_account") -> AccountQuerySet:
        """Those of households and people in the townships that a person's bodies serve."""
        theirs = in_sight(person, right, "member__household__village__")
        return self.filter(in_sight(person, right, "household__village__") | theirs)


class Account(models.Model):
    """What one household or one person has left in a scheme's accounts. A trigger moves the balance with each entry."""

    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="+", verbose_name=_("scheme"))
    household = models.ForeignKey(
        Household, models.PROTECT, null=True, blank=True, related_name="accounts", verbose_name=_("household")
    )
    member = models.ForeignKey(
        Member,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="accounts",
        verbose_name=pgettext_lazy("register", "member"),
    )
    balance = models.DecimalField(_("balance"), max_digits=12, decimal_places=2, default=Decimal(0))

    objects = AccountQuerySet.as_manager()

    class Meta:
        verbose_name = _("account")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "household"], name="account_once_for_a_household"),
            models.UniqueConstraint(fields=["scheme", "member"], name="account_once_for_a_member"),
            models.CheckConstraint(
                name="account_is_somebodys",
                condition=Q(household__isnull=False, member__isnull=True)
                | Q(household__isnull=True, member__isnull=False),
            ),
            models.CheckConstraint(name="account_is_never_overdrawn", condition=Q(balance__gte=Decimal(0))),
        ]

    def __str__(self) -> str:
        return f"{self.household or self.member}: {self.balance}"


class AccountEntry(models.Model):
    """One movement of an account, only ever added to: credit positive, debit negative, with the balance after it."""

    class Kind(models.TextChoices):
        CREDIT = "credit", _("credited")
        DEBIT = "debit", _("used")
        REVERSAL = "reversal", _("given back")
        OPENING = "opening", _("brought along when the office began")

    account = models.ForeignKey(Account, models.PROTECT, related_name="entries", verbose_name=_("account"))
    on = models.DateField(_("date"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    balance_after = models.DecimalField(_("balance"), max_digits=12, decimal_places=2)
    reference = models.CharField(_("reference"), max_length=60)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("account entry")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["account", "kind", "reference"], name="account_entry_once_for_a_reference"),
            models.CheckConstraint(
                name="account_entry_has_its_sign",
                condition=Q(kind__in=["credit", "opening", "reversal"], amount__gt=Decimal(0))
                | Q(kind="debit", amount__lt=Decimal(0)),
            ),
            models.CheckConstraint(name="account_entry_says_for_what", condition=~Q(reference="")),
        ]

    def __str__(self) -> str:
        return f"{self.account_id}: {self.amount}"
