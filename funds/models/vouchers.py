"""Vouchers that are made by hand and checked by another before they are entered, and requests about months."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from funds.models.books import Book, PostingKind
from funds.models.postings import Period, Posting
from funds.models.reconciling import CashCount
from office.models import Person


@pghistory.track()
class Voucher(models.Model):
    """A voucher that somebody made (制单) and another checks (审核); checked, it is entered as a posting.

    `lines` holds its lines as they were typed: account by purpose, side, amount and words. The opening of the books,
    the closing of a year and what takes a posting back are vouchers too. `number` counts up by books. `count` is the
    count of cash whose difference it enters.
    """

    MOVES: ClassVar[dict[tuple[str, str], str]] = {
        ("", "noted"): "",
        ("noted", "entered"): "",
        ("noted", "returned"): "",
        ("noted", "withdrawn"): "",
        ("returned", "noted"): "",
        ("returned", "withdrawn"): "",
    }

    class State(models.TextChoices):
        NOTED = "noted", pgettext_lazy("voucher", "to be checked")
        ENTERED = "entered", pgettext_lazy("voucher", "entered")
        RETURNED = "returned", pgettext_lazy("voucher", "sent back")
        WITHDRAWN = "withdrawn", pgettext_lazy("voucher", "withdrawn")

    book = models.ForeignKey(Book, models.PROTECT, related_name="vouchers", verbose_name=_("books"))
    number = models.PositiveIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=20, choices=PostingKind.choices)
    on = models.DateField(_("day"))
    summary = models.CharField(_("summary"), max_length=200)
    attachments = models.PositiveSmallIntegerField(_("papers attached"), default=0)
    lines = models.JSONField(_("lines"), default=list)
    reverses = models.ForeignKey(
        Posting, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("takes back")
    )
    count = models.ForeignKey(
        CashCount, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("count of cash")
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.NOTED)
    reason = models.CharField(_("why it was sent back or withdrawn"), max_length=200, blank=True, default="")
    made_by = models.ForeignKey(
        Person, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("voucher", "made by")
    )
    made_at = models.DateTimeField(_("made at"))
    checked_by = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=pgettext_lazy("voucher", "checked by"),
    )
    checked_at = models.DateTimeField(_("checked at"), null=True, blank=True)
    posting = models.OneToOneField(
        Posting, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("posting")
    )

    class Meta:
        verbose_name = _("voucher made by hand")
        ordering = ["-pk"]
        permissions = [("check_voucher", "Can check vouchers that somebody else made")]
        indexes = [models.Index(fields=["book", "state", "on"], name="voucher_of_books")]
        constraints = [
            models.UniqueConstraint(fields=["book", "number"], name="voucher_number_once"),
            models.CheckConstraint(
                name="voucher_state_is_known",
                condition=Q(state__in=["noted", "entered", "returned", "withdrawn"]),
            ),
            models.CheckConstraint(name="voucher_says_what", condition=~Q(summary="")),
            models.CheckConstraint(
                name="voucher_is_checked_by_another",
                condition=Q(checked_by__isnull=True) | ~Q(checked_by=F("made_by")),
            ),
            models.CheckConstraint(
                name="voucher_entered_has_its_posting",
                condition=Q(state="entered", posting__isnull=False, checked_by__isnull=False, checked_at__isnull=False)
                | ~Q(state="entered") & Q(posting__isnull=True),
            ),
            models.CheckConstraint(
                name="voucher_sent_back_says_why", condition=~Q(state__in=["returned", "withdrawn"]) | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="voucher_of_a_count_is_of_its_difference",
                condition=Q(count__isnull=True) | Q(kind=PostingKind.CASH_DIFFERENCE),
            ),
            models.UniqueConstraint(
                fields=["count"],
                condition=Q(state__in=["noted", "entered", "returned"]),
                name="voucher_one_of_a_count",
            ),
            models.CheckConstraint(
                name="voucher_of_a_reversal",
                condition=Q(kind="reversal", reverses__isnull=False) | ~Q(kind="reversal") & Q(reverses__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"制-{self.number:04d}"


class PeriodRequest(models.Model):
    """What somebody asked about a month: to close it, with the list that was looked at and the exceptions that he signs
    for, or to open it again, with the reason. Only ever added; the votes are in its round."""

    class Kind(models.TextChoices):
        CLOSE = "close", _("close the month")
        REOPEN = "reopen", _("open the month again")

    period = models.ForeignKey(Period, models.PROTECT, related_name="requests", verbose_name=_("month"))
    kind = models.CharField(_("kind"), max_length=6, choices=Kind.choices)
    reason = models.CharField(_("reason"), max_length=300, blank=True, default="")
    exceptions = models.JSONField(_("signed exceptions"), default=dict)
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("asked for by"))
    asked_at = models.DateTimeField(_("asked at"))

    class Meta:
        verbose_name = _("request about a month")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="periodrequest_kind_is_known", condition=Q(kind__in=["close", "reopen"])),
            models.CheckConstraint(
                name="periodrequest_to_reopen_says_why", condition=~Q(kind="reopen") | ~Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.period}"
