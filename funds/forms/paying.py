"""What the pages of payments accept."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from claims.forms.before import line, today
from claims.forms.documents import MonthField
from claims.forms.intake import AmountField
from claims.models import Claim
from enrollment.forms.fields import day_field
from funds.models import AnswerLine, BankFile, Book, Place

#: How many lines a fund request has room for.
LINES = 4


class BatchForm(forms.Form):
    """Which payments go into a batch."""

    BANK, CASH, ORDERS = "bank", "cash", "orders"
    WHAT = (
        (BANK, _("claims, by transfer")),
        (CASH, _("claims, in cash at the window")),
        (ORDERS, _("orders: settlements, prepayments, premiums, refunds")),
    )

    book = forms.ModelChoiceField(label=_("books"), queryset=Book.objects.order_by("pk"), empty_label=None)
    what = forms.ChoiceField(label=_("what is paid"), choices=WHAT)
    kind = forms.ChoiceField(
        label=_("kind of claim"),
        required=False,
        choices=[("", _("all kinds")), *Claim._meta.get_field("kind").choices],  # type: ignore[misc]
    )
    place = forms.ChoiceField(
        label=_("orders paid from"), required=False, choices=[("", _("as the books pay")), *Place.choices]
    )
    words = line(_("in words"), 120, help_text=_("As it stands on lists and papers: of which month, of what."))


class ReasonForm(forms.Form):
    """Why something is taken back."""

    reason = line(_("reason"), 200)


class PayeeForm(forms.Form):
    """The account that two people confirm."""

    holder = line(_("account holder"), 60)
    bank = line(_("bank"), 60)
    number = line(_("account number"), 40)
    reason = line(_("reason"), 200)


class SendForm(forms.Form):
    """How the bank is told."""

    door = forms.ChoiceField(label=_("format"), choices=BankFile.Format.choices)


class AnswerForm(forms.Form):
    """What the bank gave back, as a file."""

    book = forms.ModelChoiceField(label=_("books"), queryset=Book.objects.order_by("pk"), empty_label=None)
    file = forms.FileField(
        label=_("file"), help_text=_("The bank's table (CSV in UTF-8 or GB18030), or camt.053 and camt.054.")
    )


class PaperForm(forms.Form):
    """What the bank says on paper of one payment."""

    outcome = forms.ChoiceField(label=_("outcome"), choices=AnswerLine.Outcome.choices)
    on = day_field(_("day"))
    paper = line(_("paper"), 100)
    reason = line(_("reason"), 200, required=False, help_text=_("Where it came back."))


class CashForm(forms.Form):
    """Cash fetched or brought back."""

    on = day_field(_("day"))
    slip = line(_("bank's slip"), 60)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = today()


class PayoutForm(forms.Form):
    """Who took his money."""

    name = line(_("received by"), 60)
    relation = line(_("relation to the payee"), 40, help_text=_("The payee himself, or what a proxy is to him."))
    paper = line(_("paper shown"), 60)
    on = day_field(_("day"))

    def __init__(self, *args: Any, payee: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].initial = payee
        self.fields["on"].initial = today()


class FundRequestForm(forms.Form):
    """What a month needs, in some lines."""

    book = forms.ModelChoiceField(
        label=_("books"), queryset=Book.objects.filter(pays="office").order_by("pk"), empty_label=None
    )
    month = MonthField(label=_("month"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["month"].initial = today().replace(day=1)
        for place in range(1, LINES + 1):
            self.fields[f"words-{place}"] = line(_("for what"), 120, required=place == 1)
            self.fields[f"amount-{place}"] = AmountField(label=_("amount, yuan"))
        self.fields["words"] = line(_("in words"), 300, required=False)

    @property
    def lines(self) -> list[tuple[str, Decimal]]:
        """The lines that were filled in."""
        told = self.cleaned_data
        pairs = [(told[f"words-{place}"], told[f"amount-{place}"] or Decimal(0)) for place in range(1, LINES + 1)]
        return [(words, amount) for words, amount in pairs if words or amount]


class ArrivalForm(forms.Form):
    """The slip with which the money came."""

    on = day_field(_("day"))
    slip = line(_("slip (缴拨凭证)"), 60)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = today()
