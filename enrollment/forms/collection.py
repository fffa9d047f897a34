"""What the pages of collecting accept: sheets, what a household pays, handing in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from enrollment.forms import fields
from enrollment.forms.coverage import YearField
from enrollment.models import CollectionSheet, FundYear, ReceiptBook
from enrollment.rules.collection import Payer
from enrollment.selectors import collecting
from enrollment.services import sheets
from enrollment.services.sheets import Paid
from office.models import Person, Printer

PAYERS = [
    (Payer.OWN, _("the household itself")),
    (Payer.ASSISTANCE, _("medical assistance")),
    (Payer.COLLECTIVE, _("collective")),
]
Origin = CollectionSheet.Origin
DIGITS = 18  # of the longest number that is taken for a member's


def number_field(label: Any, **more: Any) -> forms.CharField:
    """A receipt's number as it is printed on it."""
    typing = forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric", "size": 12})
    return forms.CharField(label=label, max_length=30, widget=typing, **more)


def reason_field() -> forms.CharField:
    """Why something is undone."""
    return forms.CharField(label=_("reason"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}))


class BookField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One of the receipt books from which a township writes."""

    def __init__(self, **more: Any) -> None:
        super().__init__(queryset=ReceiptBook.objects.none(), label=_("receipt book"), **more)

    def offer(self, books: Sequence[ReceiptBook]) -> None:
        """These, the first of them unless another is chosen; nothing to choose where there is none."""
        self.queryset = ReceiptBook.objects.filter(pk__in=[one.pk for one in books])
        self.initial = books[0] if books else None
        if books:
            self.empty_label = None


class PlaceForm(forms.Form):
    """A village of those that somebody serves, and a fund year that is collected."""

    fund_year = YearField(FundYear.objects.confirmed().of_sums(), label=_("fund year"))
    village = fields.VillageField(label=_("village"))

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["village"].show_to(person, sheets.OPEN)  # type: ignore[attr-defined]
        self.fields["fund_year"].initial = collecting.year_collected(fields.today())


class OpenSheetForm(PlaceForm):
    """For which village a sheet is opened, who collects there, and how it comes in."""

    collector = forms.CharField(
        label=_("collector"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    origin = forms.ChoiceField(
        label=_("how it comes in"),
        choices=[(one, one.label) for one in (Origin.COUNTER, Origin.BLANK)],
        widget=forms.RadioSelect,
        initial=Origin.COUNTER,
    )
    on = fields.day_field(_("opened on"), initial=fields.today)


class DeskForm(forms.Form):
    """What holds for one payment after the other: the day, the receipt book, the printer."""

    fund_year = YearField(FundYear.objects.confirmed().of_sums(), label=_("fund year"))
    on = fields.day_field(_("paid on"))
    book = BookField(required=False)
    printer = forms.ModelChoiceField(
        label=_("printer"), queryset=Printer.objects.none(), required=False, empty_label=_("without offsets")
    )

    def __init__(
        self, *args: Any, books: Sequence[ReceiptBook], printers: Sequence[Printer], has_year: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["book"].offer(books)  # type: ignore[attr-defined]
        self.fields["printer"].queryset = Printer.objects.filter(pk__in=[one.pk for one in printers])  # type: ignore[attr-defined]
        wanted = {"fund_year": has_year, "book": bool(books), "printer": bool(printers)}
        for name in (name for name, is_wanted in wanted.items() if not is_wanted):
            del self.fields[name]


class PaymentForm(forms.Form):
    """What one household paid at once: for whom, who pays, when, and the receipt it got.

    Who of them lives there and what is due is the service's to say; here only what was ticked is read.
    """

    on = fields.day_field(_("paid on"))
    book = BookField(required=False)
    receipt = number_field(_("receipt"), required=False)

    def __init__(self, typed: QueryDict, *, books: Sequence[ReceiptBook]) -> None:
        super().__init__(typed)
        self.typed = typed
        self.fields["book"].offer(books)  # type: ignore[attr-defined]

    @property
    def ticked(self) -> list[int]:
        """The members for whom is paid."""
        return [int(number) for number in self.typed.getlist("members") if number.isdecimal() and len(number) <= DIGITS]

    def payer_of(self, member: int) -> str:
        """Who pays somebody's own part."""
        said = self.typed.get(f"payer-{member}", "")
        return said if said in set(Payer) else Payer.OWN

    def paid(self) -> list[Paid]:
        """For whom is paid, and by whom."""
        return [Paid(one, Payer(self.payer_of(one))) for one in self.ticked]


class HandInForm(forms.Form):
    """The collector's money as it was counted."""

    cash = forms.DecimalField(
        label=_("cash counted, yuan"),
        min_value=0,
        max_digits=12,
        decimal_places=2,
        widget=forms.TextInput(attrs={"data-amount": True, "inputmode": "decimal", "autocomplete": "off"}),
        help_text=_("Count it before you look at the sheet's sum. A difference is told."),
    )
    on = fields.day_field(_("handed in on"), initial=fields.today)


class ReasonForm(forms.Form):
    """Why something is undone."""

    reason = reason_field()


class EntryReceiptForm(forms.Form):
    """On which receipt an entry is written that has none yet."""

    book = BookField()
    receipt = number_field(_("receipt"), required=False, help_text=_("Left empty it is the next one of the book."))

    def __init__(self, *args: Any, books: Sequence[ReceiptBook], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["book"].offer(books)  # type: ignore[attr-defined]
