"""What the pages of samples accept: each method of sampling has a form of its own."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from audit.models import Engagement, Population, Sample, SampleItem
from audit.services.populations import PopulationOf
from audit.services.sample_items import ResultOf
from audit.services.samples import PlanOf
from claims.forms.before import line, text, today
from claims.forms.intake import AmountField
from claims.models import Kind
from enrollment.forms.fields import day_field
from enrollment.models import Scheme
from office.models import Person

Method = Sample.Method


class RightAmountField(AmountField):
    """An amount in yuan; blank is not nothing, but not stated."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(value) if str(value or "").strip() else None


class PopulationForm(forms.Form):
    """What is to be frozen."""

    engagement = forms.ModelChoiceField(
        label=_("engagement"), queryset=Engagement.objects.none(), empty_label=None,
        help_text=_("Those in the field for which you were named."),
    )  # fmt: skip
    source = forms.ChoiceField(label=_("population of"), choices=Population.Source.choices)
    scheme = forms.ModelChoiceField(
        label=_("scheme"), queryset=Scheme.objects.order_by("pk"), required=False, empty_label=_("all")
    )
    since = day_field(_("days from"), help_text=_("The day of approval, of payment, or of contribution."))
    until = day_field(_("days until"), initial=today)
    kind = forms.ChoiceField(label=_("kind of claim"), choices=[("", _("all")), *Kind.choices], required=False)
    least = AmountField(label=_("at least, yuan"), help_text=_("Empty: all amounts."))

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["engagement"]
        field.queryset = Engagement.objects.worked_on_by(person).filter(state=Engagement.State.NOTICED).order_by("-pk")
        field.label_from_instance = lambda one: f"{one.number} {one.title}"

    def told(self) -> PopulationOf:
        """The population as the service asks for it."""
        return PopulationOf(**{name: value for name, value in self.cleaned_data.items() if name != "engagement"})


def percent(label: Any, initial: str, **more: Any) -> forms.DecimalField:
    """A percentage."""
    given = {"min_value": 0, "max_value": 100, "max_digits": 5, "decimal_places": 2, "initial": initial, **more}
    return forms.DecimalField(label=label, **given)


class PlanForm(forms.Form):
    """What every plan says."""

    method = Method.JUDGEMENT
    purpose = line(_("what is tested"), 200, help_text=_("Such as whether what was granted follows the plan."))
    error_means = text(_("what counts as an error"), 300, 2)

    def told(self) -> PlanOf:
        """The plan as the service asks for it."""
        return PlanOf(
            method=self.method, **{name: value for name, value in self.cleaned_data.items() if name != "only_size"}
        )


class SizedForm(PlanForm):
    """What every method says whose size is computed."""

    confidence = percent(_("confidence, percent"), "95", min_value=50, max_value=Decimal("99.9"))
    size = forms.IntegerField(
        label=pgettext_lazy("sample", "size"), min_value=1, max_value=100_000, required=False,
        help_text=_("Empty: the size by the formula. Fewer need a reason."),
    )  # fmt: skip
    size_reason = line(_("why another size"), 300, required=False)
    only_size = forms.BooleanField(label=_("show the size first, without fixing the plan"), required=False)
    last: tuple[str, ...] = ("size", "size_reason", "only_size")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields([*(one for one in self.fields if one not in self.last), *self.last])


class AttributeForm(SizedForm):
    """Attribute sampling: right or wrong, item by item."""

    method = Method.ATTRIBUTE
    tolerable_rate = percent(_("tolerable rate, percent"), "5")
    expected_rate = percent(_("expected rate, percent"), "0")
    model = forms.ChoiceField(
        label=_("chance by"), choices=Sample.Model.choices, initial=Sample.Model.BINOMIAL,
        help_text=_("Hypergeometric: for a small population, exactly."),
    )  # fmt: skip


class MoneyForm(SizedForm):
    """Monetary-unit sampling: every yuan has the same chance."""

    method = Method.MONEY
    tolerable = AmountField(label=_("tolerable error, yuan"))
    expected = AmountField(label=_("expected error, yuan"), help_text=_("Empty: none."))


class RandomForm(MoneyForm):
    """Simple random sampling: every item has the same chance."""

    method = Method.RANDOM
    estimator = forms.ChoiceField(label=_("estimated"), choices=Sample.Estimator.choices)


class BoundsField(forms.CharField):
    """Whole amounts in yuan, parted by blanks or commas."""

    def clean(self, value: Any) -> Any:
        words = str(super().clean(value)).replace(",", " ").replace("，", " ").replace("、", " ").split()
        if not all(word.isascii() and word.isdecimal() and len(word) < 10 for word in words):  # noqa: PLR2004  yuan
            raise forms.ValidationError(_("Write whole amounts: 1000 5000"))
        return [int(word) for word in words]


class StrataForm(RandomForm):
    """Stratified sampling: parted by amount, a part of each drawn."""

    method = Method.STRATA
    bounds = BoundsField(
        label=_("bounds of strata, yuan"), help_text=_("Rising: with 1000 5000 there are three strata.")
    )
    allocation = forms.ChoiceField(label=_("shared out"), choices=Sample.Allocation.choices)


FORMS: dict[str, type[PlanForm]] = {
    form.method: form for form in (AttributeForm, MoneyForm, RandomForm, StrataForm, PlanForm)
}


class PickForm(forms.Form):
    """An item chosen by judgement."""

    number = line(_("number in the population"), 60, help_text=_("Of the claim, the payment or the receipt."))
    reason = text(_("chosen because"), 300, 2)


class ReasonForm(forms.Form):
    """Why a sample is given up."""

    reason = text(_("reason"), 300, 2)


class ConclusionForm(forms.Form):
    """What follows from a sample."""

    conclusion = text(_("conclusion"), 500)


class ResultForm(forms.Form):
    """What examining an item showed."""

    outcome = forms.ChoiceField(
        label=_("result of examining"), choices=SampleItem.Outcome.choices, widget=forms.RadioSelect
    )
    right_amount = RightAmountField(
        label=_("right amount, yuan"), help_text=_("Where it is wrong: what would be right.")
    )
    why = text(_("what is wrong"), 500, 2, required=False)
    paper = line(_("number of the work paper"), 60, required=False)
    upload = forms.FileField(label=_("evidence"), required=False)

    def told(self) -> ResultOf:
        """The result as the service asks for it."""
        return ResultOf(**self.cleaned_data)


class LookForm(forms.Form):
    """A second look."""

    answer = forms.ChoiceField(
        label=_("second look"),
        choices=[("agree", _("agreed")), ("send_back", _("to be examined again"))],
        widget=forms.RadioSelect,
    )
    remark = text(_("remark"), 300, 2, required=False)
