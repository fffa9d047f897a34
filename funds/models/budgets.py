"""The budget of a set of books (基金预算), its adjustments, and the final account of a year (基金决算)."""

from __future__ import annotations

from decimal import Decimal
from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from funds.models.books import Account, Book
from office.models import Person


@pghistory.track()
class Budget(models.Model):
    """What a year is to bring and to cost (基金预算): drafted by the accountant, approved by the office's head, then by
    finance. A later one of the same year is an adjustment (预算调整) and says why; the last approved one holds.
    """

    MOVES: ClassVar[dict[tuple[str, str], str]] = {
        ("", "draft"): "",
        ("draft", "proposed"): "",
        ("draft", "withdrawn"): "",
        ("proposed", "reviewed"): "approved",
        ("proposed", "refused"): "refused",
        ("proposed", "draft"): "returned",
        ("proposed", "withdrawn"): "",
        ("reviewed", "approved"): "approved",
        ("reviewed", "refused"): "refused",
        ("reviewed", "draft"): "returned",
        ("reviewed", "withdrawn"): "",
    }

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        PROPOSED = "proposed", _("with the office's head")
        REVIEWED = "reviewed", _("with finance")
        APPROVED = "approved", _("approved")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")

    book = models.ForeignKey(Book, models.PROTECT, related_name="budgets", verbose_name=_("books"))
    year = models.PositiveSmallIntegerField(_("year"))
    version = models.PositiveSmallIntegerField(_("version"))
    reason = models.CharField(_("adjusted because"), max_length=300, blank=True, default="")
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    drafted_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("drafted by"))
    drafted_at = models.DateTimeField(_("drafted at"))

    class Meta:
        verbose_name = _("budget")
        ordering = ["-year", "book", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["book", "year", "version"], name="budget_version_once"),
            models.UniqueConstraint(
                fields=["book", "year"],
                condition=Q(state__in=["draft", "proposed", "reviewed"]),
                name="budget_drafted_once",
            ),
            models.CheckConstraint(name="budget_is_of_a_year", condition=Q(year__range=(2003, 2100))),
            models.CheckConstraint(
                name="budget_is_adjusted_with_a_reason",
                condition=Q(version=1, reason="") | Q(version__gt=1) & ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="budget_state_is_known",
                condition=Q(state__in=["draft", "proposed", "reviewed", "approved", "refused", "withdrawn"]),
            ),
        ]

    def __str__(self) -> str:
        if self.version == 1:
            return f"{self.book} {self.year}"
        return f"{self.book} {self.year} ({self.version - 1})"


@pghistory.track()
class BudgetLine(models.Model):
    """What an account of income or spending is to come to in the year, in yuan. Entered while the budget is a draft."""

    budget = models.ForeignKey(Budget, models.PROTECT, related_name="lines", verbose_name=_("budget"))
    account = models.ForeignKey(
        Account, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("books", "account")
    )
    amount = models.DecimalField(_("amount"), max_digits=16, decimal_places=2)

    class Meta:
        verbose_name = _("line of a budget")
        ordering = ["budget", "account__code"]
        constraints = [
            models.UniqueConstraint(fields=["budget", "account"], name="budget_line_once"),
            models.CheckConstraint(name="budget_line_is_no_debt", condition=Q(amount__gte=Decimal(0))),
        ]

    def __str__(self) -> str:
        return f"{self.account}: {self.amount}"


@pghistory.track()
class FinalAccount(models.Model):
    """What a closed year came to beside its budget (基金决算), kept as given out: made by the accountant, approved
    by the office's head, then by finance.
    """

    MOVES: ClassVar[dict[tuple[str, str], str]] = {
        ("", "proposed"): "",
        ("proposed", "reviewed"): "approved",
        ("proposed", "refused"): "refused",
        ("proposed", "withdrawn"): "",
        ("reviewed", "approved"): "approved",
        ("reviewed", "refused"): "refused",
        ("reviewed", "withdrawn"): "",
    }

    class State(models.TextChoices):
        PROPOSED = "proposed", _("with the office's head")
        REVIEWED = "reviewed", _("with finance")
        APPROVED = "approved", _("approved")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")

    book = models.ForeignKey(Book, models.PROTECT, related_name="final_accounts", verbose_name=_("books"))
    year = models.PositiveSmallIntegerField(_("year"))
    figures = models.JSONField(_("figures"))
    sha256 = models.CharField("SHA-256", max_length=64)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PROPOSED)
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("final account")
        ordering = ["-year", "book", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["book", "year"],
                condition=Q(state__in=["proposed", "reviewed", "approved"]),
                name="final_account_once",
            ),
            models.CheckConstraint(name="final_account_has_its_hash", condition=Q(sha256__regex="^[0-9a-f]{64}$")),
            models.CheckConstraint(
                name="final_account_state_is_known",
                condition=Q(state__in=["proposed", "reviewed", "approved", "refused", "withdrawn"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.book} {self.year}"
