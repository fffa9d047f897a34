"""What the pages of bank accounts, statements, sheets and cash counts accept."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from claims.forms.before import line, today
from claims.forms.plans import day_field
from funds.models import Account, Book
from funds.rules.reconciling import PIECES
from funds.selectors import bank_statements as selectors
from office.rules import days, money


class AccountField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """An account with the books it is of."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.book} · {obj}"


class BankAccountForm(forms.Form):
    """A bank account as its paper says it."""

    account = AccountField(label=pgettext_lazy("books", "account"), queryset=Account.objects.none(), empty_label=None)
    holder = line(_("account holder"), 60)
    bank = line(_("bank"), 60)
    code = line(_("code of the bank"), 20, required=False, help_text=_("Twelve digits, if the paper names it."))
    number = line(_("account number"), 40)
    since = day_field(_("in use since"), initial=today)
    document = line(_("paper"), 100, help_text=_("The bank's permit or its letter that names the account."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["account"]
        field.queryset = selectors.accounts_at_banks()


class StatementForm(forms.Form):
    """The file of a statement; it names its account and days itself."""

    upload = forms.FileField(
        label=_("file"),
        help_text=_(
            "CSV, Excel workbook or camt.053: account, days, opening and closing balance, then the lines with day, "
            "money in and money out."
        ),
    )


class SheetForm(forms.Form):
    """Of which account and day a sheet is made: by default the last day of the month before."""

    account = AccountField(label=pgettext_lazy("books", "account"), queryset=Account.objects.none(), empty_label=None)
    on = day_field(_("day"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["account"]
        field.queryset = selectors.accounts_at_banks()
        self.fields["on"].initial = days.business_day(timezone.now()).replace(day=1) - timedelta(days=1)


class CountForm(forms.Form):
    """Notes and coins of a day, so many of each."""

    account = AccountField(label=pgettext_lazy("books", "account"), queryset=Account.objects.none(), empty_label=None)
    on = day_field(_("day"), initial=today)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["account"]
        field.queryset = (
            Account.objects.filter(place=Account.Place.CASH, is_entered_on=True).select_related("book").order_by("book")
        )
        for piece in PIECES:
            self.fields[_name(piece)] = forms.IntegerField(
                label=money.shown(piece), min_value=0, max_value=999_999, required=False
            )
        self.fields["explanation"] = line(
            _("explanation"), 200, required=False, help_text=_("Where it is not what the books say.")
        )

    @property
    def counted(self) -> dict[str, Any]:
        """What was counted, as the service takes it."""
        told = self.cleaned_data
        pieces = {piece: told[_name(piece)] or 0 for piece in PIECES}
        return {"account": told["account"], "on": told["on"], "pieces": pieces, "explanation": told["explanation"]}


def _name(piece: Decimal) -> str:
    return f"piece-{money.fen(piece)}"


class DayForm(forms.Form):
    """Of which books and day a page is."""

    book = forms.ModelChoiceField(
        label=_("books"), queryset=Book.objects.order_by("pk"), to_field_name="code", empty_label=None, required=False
    )
    on = day_field(_("day"), required=False)
