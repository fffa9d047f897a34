"""What the pages of money in accept."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from enrollment.forms import fields
from enrollment.models import AssistanceList, FundYear, Scheme
from funds.models import Book, Slip
from funds.selectors import money_in as selectors
from funds.services import noting
from office.rules import money

Kind = Slip.Kind
MONEY = {"inputmode": "decimal", "autocomplete": "off", "size": 14}


def sum_field(label: Any, **more: Any) -> forms.DecimalField:
    """Yuan and fen."""
    return forms.DecimalField(label=label, max_digits=14, decimal_places=2, widget=forms.TextInput(attrs=MONEY), **more)


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("reason"), max_length=200)


class BackForm(ReasonForm):
    """On which day of an open month, and why."""

    on = fields.day_field(_("taken back on"), initial=fields.today)


class SeenForm(forms.Form):
    """On which day the statement shows it."""

    on = fields.day_field(_("on the bank's statement"), initial=fields.today)


class TurnForm(forms.Form):
    """On which day, and how much of it goes to household accounts."""

    on = fields.day_field(_("day of the voucher"))
    to_accounts = sum_field(_("of it to household accounts"), initial=0, min_value=0)

    def __init__(self, *args: Any, fund_year: FundYear, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = fund_year.period.lower
        if fund_year.scheme.account == Scheme.Account.NONE:
            del self.fields["to_accounts"]


class PaperForm(forms.Form):
    """What every paper says: its number, day, account and sum."""

    number = forms.CharField(
        label=pgettext_lazy("money in", "number of the paper"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    on = fields.day_field(_("day on the paper"), initial=fields.today)
    account = forms.ChoiceField(label=_("account"))
    amount = sum_field(_("amount"))
    to_accounts = sum_field(_("of it to household accounts"), required=False, min_value=0)
    words = forms.CharField(label=_("in words"), max_length=100, required=False)
    attachments = forms.IntegerField(label=_("papers attached"), min_value=0, max_value=999, initial=1)

    def __init__(self, *args: Any, book: Book, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        offered = noting.accounts_of(book, kind)
        self.fields["account"].choices = [(one, Slip.Account(one).label) for one in offered]  # type: ignore[attr-defined]
        shared = kind in (Kind.DEPOSIT, Kind.FEE) and book.scheme.account != Scheme.Account.NONE
        if not shared:
            del self.fields["to_accounts"]
        self.fields["words"].required = kind == Kind.OTHER

    def told(self) -> dict[str, Any]:
        """What the paper says, as the service takes it."""
        typed = self.cleaned_data
        named = {
            name: typed[name]
            for name in ("number", "on", "account", "amount", "words", "attachments", "fund_year", "assistance_list")
            if name in typed
        }
        return named | {"to_accounts": typed.get("to_accounts") or 0}


class OfYearForm(PaperForm):
    """A paper that is of a fund year."""

    fund_year = forms.ModelChoiceField(label=_("fund year"), queryset=FundYear.objects.none(), empty_label=None)

    def __init__(self, *args: Any, book: Book, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, book=book, kind=kind, **kwargs)
        years = FundYear.objects.confirmed().filter(scheme=book.scheme).select_related("scheme").order_by("-year")
        self.fields["fund_year"].queryset = years  # type: ignore[attr-defined]
        self.order_fields(["fund_year"])


class AssistanceForm(OfYearForm):
    """A paper of medical assistance, and the list that it pays for."""

    assistance_list = forms.ModelChoiceField(
        label=_("list of those helped"), queryset=AssistanceList.objects.none(), required=False, empty_label="—"
    )

    def __init__(self, *args: Any, book: Book, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, book=book, kind=kind, **kwargs)
        lists = AssistanceList.objects.filter(fund_year__scheme=book.scheme).select_related("fund_year__scheme")
        self.fields["assistance_list"].queryset = lists  # type: ignore[attr-defined]
        self.order_fields(["fund_year", "assistance_list"])

    def told(self) -> dict[str, Any]:
        return super().told() | {"payer": "assistance"}


class SubsidyForm(PaperForm):
    """A paper of a level of government: of which year, level and instalment."""

    paid_for = forms.ChoiceField(label=_("year, level and instalment"))

    def __init__(self, *args: Any, book: Book, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, book=book, kind=kind, **kwargs)
        years = FundYear.objects.confirmed().filter(scheme=book.scheme).select_related("scheme").order_by("-year")
        self.offered = {
            f"{year.pk}-{level}-{rate.pk if rate else 0}": (year, level, rate)
            for year in years.prefetch_related("subsidyrates")
            for level, rate in selectors.payers_of(year)
        }
        self.fields["paid_for"].choices = [  # type: ignore[attr-defined]
            (value, _paid_for(*one)) for value, one in self.offered.items()
        ]
        self.order_fields(["paid_for"])

    def told(self) -> dict[str, Any]:
        year, level, rate = self.offered[self.cleaned_data["paid_for"]]
        return super().told() | {"fund_year": year, "payer": level, "rate": rate}


def _paid_for(year: FundYear, level: str, rate: Any) -> str:
    words = {"year": year, "level": selectors.Payer(level).label}
    if rate is None:
        return gettext("%(year)s · %(level)s · no instalment (settlement)") % words
    words |= {"number": rate.instalment, "day": rate.due_on.isoformat()}
    return gettext("%(year)s · %(level)s · instalment %(number)s, due %(day)s") % words


class Behind(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Sheets or refunds, each with what it comes to."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        if hasattr(obj, "cash"):
            return f"{obj.village.parent} {obj.village} · {obj} · {obj.handed_in_on:%Y-%m-%d} · {money.shown(obj.cash)}"
        return str(obj)


class DepositForm(OfYearForm):
    """A deposit slip, and the sheets whose money was paid in with it."""

    sheets = Behind(queryset=None, label=_("collection sheets"))

    def __init__(self, *args: Any, book: Book, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, book=book, kind=kind, **kwargs)
        self.fields["sheets"].queryset = selectors.sheets_to_deposit(book)  # type: ignore[attr-defined]


class RefundForm(OfYearForm):
    """A list of cash or a transfer, and the refunds that were paid with it."""

    refunds = Behind(queryset=None, label=_("refunds"))

    def __init__(self, *args: Any, book: Book, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, book=book, kind=kind, **kwargs)
        self.fields["refunds"].queryset = selectors.refunds_to_pay(book)  # type: ignore[attr-defined]


#: The form of each kind of paper that is noted alone.
FORMS: dict[str, type[PaperForm]] = {
    Kind.FEE: OfYearForm,
    Kind.COLLECTIVE: OfYearForm,
    Kind.ASSISTANCE: AssistanceForm,
    Kind.SUBSIDY: SubsidyForm,
    Kind.INTEREST: PaperForm,
    Kind.OTHER: PaperForm,
    Kind.TRANSFER: PaperForm,
}


class LetterForm(forms.Form):
    """Under which number a letter goes out, until when is to be paid, and what is said besides."""

    number = forms.CharField(
        label=_("number of the letter"), max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    pay_by = fields.day_field(_("to be paid by"))
    words = forms.CharField(
        label=_("in words"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class OwedForm(forms.Form):
    """Which year."""

    fund_year = forms.ModelChoiceField(
        label=_("fund year"), queryset=FundYear.objects.none(), required=False, empty_label=None
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = FundYear.objects.confirmed().filter(scheme__in=Book.objects.values("scheme")).select_related("scheme")
        self.fields["fund_year"].queryset = kept  # type: ignore[attr-defined]
