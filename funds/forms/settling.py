"""What the pages of settlements accept."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from claims.forms import found
from claims.forms.before import BY_CODE, NAMED, line, text, today
from claims.forms.intake import AmountField
from claims.models import Claim, Provider
from enrollment.forms.fields import day_field
from funds.models import Account, Book, Recovery, RiskMove
from funds.rules.settling import Terms
from funds.services.premiums import PremiumOf
from funds.services.recoveries import RecoveryOf
from office.models import Person

FUND_YEAR = _("fund year")


def percent_field(label: Any, initial: str = "", **more: Any) -> forms.DecimalField:
    """A percentage."""
    given = {"min_value": 0, "max_value": 100, "max_digits": 5, "decimal_places": 2, "initial": initial or None}
    return forms.DecimalField(label=label, **{**given, **more})


def year_field(label: Any = FUND_YEAR, back: int = 0) -> forms.IntegerField:
    """A fund year: this one, or one before."""
    return forms.IntegerField(label=label, min_value=2003, max_value=2100, initial=lambda: today().year - back)


class BookForm(forms.Form):
    """Of which books, with the paper."""

    book = forms.ModelChoiceField(label=_("books"), queryset=Book.objects.order_by("pk"), empty_label=None)
    paper = line(_("paper"), 100, help_text=_("Its number, such as 海合管〔2010〕3号."))
    words = text(_("in words"), 300, 2, required=False)
    first: tuple[str, ...] = ("book",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(
            [*self.first, *(one for one in self.fields if one not in {"paper", "words"}), "paper", "words"]
        )


class SettlementForm(forms.Form):
    """How a settlement is paid."""

    set_off = AmountField(
        label=_("set off against prepayments, yuan"), help_text=_("As much as there is, unless less is to be used.")
    )
    paper = line(_("paper"), 100, required=False, help_text=_("Empty: the number of the settlement."))
    words = text(_("in words"), 300, 2, required=False)

    def __init__(self, *args: Any, most: Decimal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["set_off"].initial = most


class PrepaymentForm(BookForm):
    provider = found.provider_field(label=_("provider"), help_text=BY_CODE)
    year = year_field()
    amount = AmountField(label=_("amount, yuan"))


class RetentionTermForm(BookForm):
    on = day_field(_("holds from"), initial=today)
    percent = percent_field(_("kept back, percent"), "5", max_value=30)
    full_score = percent_field(_("all is given back from this score"), "90")
    floor_score = percent_field(_("nothing is given back below"), "60")
    level = forms.ChoiceField(
        label=pgettext_lazy("provider", "level"), choices=[("", _("all")), *Provider.Level.choices], required=False
    )
    provider = found.provider_field(
        label=_("provider"), required=False, help_text=_("Empty: for all, or for the level.")
    )

    def told(self) -> dict[str, Any]:
        """What the service asks for."""
        typed = dict(self.cleaned_data)
        terms = Terms(typed.pop("percent"), typed.pop("full_score"), typed.pop("floor_score"))
        return typed | {"terms": terms}


class AssessmentForm(BookForm):
    provider = found.provider_field(label=_("provider"), help_text=BY_CODE)
    year = year_field(_("year"), back=1)
    score = percent_field(_("score"))


class PremiumForm(BookForm):
    year = year_field()
    instalment = forms.IntegerField(label=_("instalment"), min_value=1, max_value=12, initial=1)
    heads = forms.IntegerField(label=_("people"), min_value=1, max_value=10_000_000)
    per_head = AmountField(label=_("amount a head, yuan"))
    share = percent_field(_("paid with this instalment, percent"), "100")
    insurer = line(_("insurer"), 60)
    bank = line(_("bank"), 60)
    account = line(_("account number"), 32)

    def told(self) -> PremiumOf:
        """The premium as its contract states it."""
        return PremiumOf(**{name: value for name, value in self.cleaned_data.items() if name != "book"})


class RiskMoveForm(BookForm):
    kind = forms.ChoiceField(label=_("move"), choices=RiskMove.Kind.choices)
    year = year_field()
    raised = AmountField(
        label=_("raised in the year, yuan"), help_text=_("What the limits are measured by: the year's whole raising.")
    )
    amount = AmountField(label=_("amount, yuan"))
    on = day_field(_("day"), initial=today, help_text=_("That of the bank's slip where money moves."))


class RecoveryForm(BookForm):
    source = forms.ChoiceField(label=_("from whom"), choices=Recovery.Source.choices)
    payer = line(_("paid in by"), 60)
    provider = found.provider_field(label=_("provider"), required=False, help_text=BY_CODE)
    claim = forms.CharField(
        label=_("claim"), max_length=40, required=False, help_text=_("Its number, where it is of one.")
    )
    spent_in = year_field(_("spent in the year"))
    is_of_household_account = forms.BooleanField(label=_("of the household account"), required=False)
    account = forms.ModelChoiceField(label=_("came in on"), queryset=Account.objects.none(), empty_label=None)
    amount = AmountField(label=_("amount, yuan"))
    on = day_field(_("day of the bank's slip"), initial=today)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["account"]
        field.queryset = Account.objects.filter(place__in=["special", "spending"]).select_related("book")
        field.label_from_instance = lambda one: f"{one.book} · {one}"
        self.fields["paper"].label = _("number of the bank's slip")
        self.fields["paper"].help_text = ""

    def clean_claim(self) -> Claim | None:
        typed = str(self.cleaned_data["claim"] or "").strip()
        if not typed:
            return None
        claim = Claim.objects.filter(number=typed).first()
        if claim is None:
            raise forms.ValidationError(_("There is no claim with this number."))
        return claim

    def told(self) -> RecoveryOf:
        """The money as its slip states it."""
        return RecoveryOf(**{name: value for name, value in self.cleaned_data.items() if name != "book"})


class BandsField(forms.CharField):
    """Bands, one a line: up to how much above the threshold, and the ratio in percent; the last line without an end."""

    def __init__(self, **more: Any) -> None:
        super().__init__(max_length=500, widget=forms.Textarea(attrs={"rows": 4}), **more)

    def clean(self, value: Any) -> Any:
        found: list[list[str | None]] = []
        for written in str(super().clean(value)).splitlines():
            words = written.replace("%", "").replace(",", "").split()
            if not words:
                continue
            try:
                numbers = [Decimal(one) for one in words]
            except InvalidOperation as refusal:
                raise forms.ValidationError(_("Write numbers: 10000 50")) from refusal
            if len(numbers) > 2 or not all(one.is_finite() for one in numbers):  # noqa: PLR2004  an end and a ratio
                raise forms.ValidationError(_("Write numbers: 10000 50"))
            found.append([str(numbers[0]) if len(numbers) > 1 else None, str(numbers[-1] / 100)])
        return found


class RunForm(BookForm):
    """A year's second compensation as its paper states it."""

    year = year_field(back=1)
    threshold = AmountField(label=_("burden above, yuan"))
    bands = BandsField(
        label=_("bands"),
        initial="10000 50\n20000 55\n30000 60\n65",
        help_text=_("One a line: up to how much above the threshold, and percent; the last line percent alone."),
    )
    ceiling = AmountField(label=_("at most a person, yuan"), help_text=_("Empty: no ceiling."))
    budget = AmountField(label=_("to be given out, yuan"), help_text=_("Empty: what the surplus allows."))
    year_percent = percent_field(_("year's surplus over, percent"), "20")
    cumulative_percent = percent_field(_("gathered surplus from, percent"), "25")
    papers_by = day_field(_("papers until"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["words"]

    def told(self) -> dict[str, Any]:
        """What the service asks for; what is empty is not stated."""
        typed = {name: value for name, value in self.cleaned_data.items() if name != "book"}
        return typed | {"ceiling": typed["ceiling"] or None, "budget": typed["budget"] or None}


class NoticeForm(forms.Form):
    """That the lists hang."""

    posted_on = day_field(_("posted on"), initial=today)
    posted_until = day_field(_("posted until"))
    place = line(_("place of posting"), 120, help_text=_("Such as the board at the village office."))
    posted_by = line(_("posted by"), 60)


class SlipForm(forms.Form):
    """That a village's slip came back."""

    on = day_field(_("slip came back on"), initial=today)
    slip_by = line(_("slip signed by"), 60)


class AppealForm(forms.Form):
    """What somebody says against the list."""

    by_name = line(_("appeal by"), 60)
    words = text(_("what is said"), 500)

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {"member": found.member_field(person, label=_("person"), help_text=NAMED), **self.fields}


class AnswerForm(forms.Form):
    """Whether an appeal is right."""

    result = forms.ChoiceField(
        label=_("result"), choices=[("upheld", _("upheld")), ("dismissed", _("dismissed"))], widget=forms.RadioSelect
    )
    burden = AmountField(label=_("burden as it is right, yuan"), help_text=_("Where it is upheld."))
    answer = text(_("answer"), 500)

    def told(self) -> dict[str, Any]:
        """What the service asks for."""
        upheld = self.cleaned_data["result"] == "upheld"
        return {"answer": self.cleaned_data["answer"], "burden": self.cleaned_data["burden"] if upheld else None}
