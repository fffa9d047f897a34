"""From which level on a fund warns (预警线): dated settings, entered by one and confirmed by another."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from funds.models.books import Book
from office.models import Person


@pghistory.track()
class WarningLevel(models.Model):
    """A level of a warning of one fund, from a day on until another begins."""

    MOVES: ClassVar[dict[tuple[str, str], str]] = {
        ("", "proposed"): "",
        ("proposed", "confirmed"): "approved",
        ("proposed", "refused"): "refused",
        ("proposed", "withdrawn"): "",
    }

    class Code(models.TextChoices):
        YEAR_SURPLUS = "year_surplus", _("surplus of the year too high")
        YEAR_DEFICIT = "year_deficit", _("deficit of the year")
        CUMULATIVE_SURPLUS = "cumulative_surplus", _("cumulative surplus too high")
        SPENDING_AHEAD = "spending_ahead", _("spending ahead of the calendar")
        MONTHS_IN_HAND = "months_in_hand", _("too few months of payments in hand")
        SUBSIDY_OVERDUE = "subsidy_overdue", _("subsidy overdue")
        OUTSIDE_SHARE = "outside_share", _("too many stays outside the county")
        INCOME_ACCOUNT = "income_account", _("income account not empty at the end of a month")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("to be confirmed")
        CONFIRMED = "confirmed", _("confirmed")
        REFUSED = "refused", pgettext_lazy("setting", "refused")
        WITHDRAWN = "withdrawn", pgettext_lazy("setting", "withdrawn")

    book = models.ForeignKey(Book, models.PROTECT, related_name="warning_levels", verbose_name=_("books"))
    code = models.CharField(_("warning"), max_length=20, choices=Code.choices)
    level = models.DecimalField(_("level"), max_digits=16, decimal_places=2)
    since = models.DateField(_("in force from"))
    document = models.CharField(_("paper"), max_length=100)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("entered by"))
    proposed_at = models.DateTimeField(_("entered at"))

    class Meta:
        verbose_name = _("level of a warning")
        ordering = ["book", "code", "-since", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="warning_code_is_known",
                condition=Q(
                    code__in=[
                        *("year_surplus", "year_deficit", "cumulative_surplus", "spending_ahead", "months_in_hand"),
                        *("subsidy_overdue", "outside_share", "income_account"),
                    ]
                ),
            ),
            models.CheckConstraint(name="warning_level_has_a_paper", condition=~Q(document="")),
            models.UniqueConstraint(
                fields=["book", "code", "since"],
                condition=Q(state="confirmed"),
                name="one_warning_level_begins_on_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_code_display()}: {self.level}"
