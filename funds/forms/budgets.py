"""What the pages of budgets accept."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.forms.before import line
from claims.forms.intake import AmountField
from funds.models import Book, BudgetLine
from office.rules import days


class DraftForm(forms.Form):
    """Of which books and year; an adjustment says why."""

    book = forms.ModelChoiceField(label=_("books"), queryset=Book.objects.order_by("pk"), empty_label=None)
    year = forms.IntegerField(label=_("year"), min_value=2003, max_value=2100)
    reason = line(_("adjusted because"), 300, required=False, help_text=_("Empty for the first budget of a year."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].initial = days.business_day(timezone.now()).year


class LinesForm(forms.Form):
    """The amounts of a draft, a field for each account, named by its number."""

    def __init__(self, *args: Any, lines: Sequence[BudgetLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in lines:
            field = AmountField(label=str(one.account), initial=one.amount)
            field.widget.attrs["size"] = 18
            self.fields[f"account-{one.account_id}"] = field

    @property
    def amounts(self) -> dict[int, Decimal]:
        """What was entered, by the number of the account."""
        return {int(name.removeprefix("account-")): amount for name, amount in self.cleaned_data.items()}


class YearForm(forms.Form):
    """Of which books and closed year a final account is made."""

    book = forms.ModelChoiceField(label=_("books"), queryset=Book.objects.order_by("pk"), empty_label=None)
    year = forms.IntegerField(label=_("year"), min_value=2003, max_value=2100)
