"""What the pages of the campaign accept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from enrollment.forms import fields
from enrollment.forms.coverage import YearField
from enrollment.models import CollectionCost, Division, FundYear
from enrollment.rules.campaign import Behind
from office.models import Person

LAST_DAY_AFTER = 3  # working days that a township has for its answer, unless another day is named


def collected() -> Any:
    """The years for which a sum a head is collected."""
    return FundYear.objects.confirmed().of_sums()


def townships_in_sight(person: Person, right: str) -> Any:
    """The townships that a right shows to somebody."""
    return Division.objects.visible_to(person, right).filter(level=Division.Level.TOWNSHIP)


class CampaignForm(forms.Form):
    """Which year, which township, as of which day."""

    fund_year = forms.ModelChoiceField(
        label=_("fund year"), queryset=FundYear.objects.none(), required=False, empty_label=None
    )
    township = forms.ModelChoiceField(
        label=_("township"), queryset=Division.objects.none(), required=False, empty_label=_("all townships")
    )
    as_of = fields.day_field(_("as of"), required=False)

    def __init__(self, *args: Any, person: Person, right: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fund_year"].queryset = collected().select_related("scheme")  # type: ignore[attr-defined]
        self.fields["township"].queryset = townships_in_sight(person, right)  # type: ignore[attr-defined]


class DeadlineForm(forms.Form):
    """By which day how many percent."""

    fund_year = YearField(collected(), label=_("fund year"))
    on = fields.day_field(_("by the day"))
    rate = forms.DecimalField(
        label=_("rate in percent"),
        max_digits=5,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "size": 8}),
        help_text=_("So many of a hundred who should enroll have enrolled by that day, in every township."),
    )


class ReasonForm(forms.Form):
    """Why something is made void."""

    reason = forms.CharField(label=_("reason"), max_length=200)


class BulletinForm(forms.Form):
    """Of which day, and what is to be said besides its figures."""

    fund_year = YearField(collected(), label=_("fund year"))
    as_of = fields.day_field(_("as of"), initial=fields.today)
    remark = forms.CharField(
        label=_("remark"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("What the figures do not say: praise, what is asked of whom. It stands below the table."),
    )


class BehindField(forms.MultipleChoiceField):
    """Townships that are behind and were not reminded yet, each with its rate."""

    widget = forms.CheckboxSelectMultiple(attrs={"class": "in-columns"})

    def offer(self, behind: Sequence[Behind]) -> None:
        """All of them are chosen to begin with."""
        self.choices = [
            (
                one.township,
                gettext("%(township)s: %(rate)s %%, %(missing)s people missing")
                % {"township": one.line.name, "rate": one.rate, "missing": one.missing},
            )
            for one in behind
        ]
        self.initial = [str(one.township) for one in behind]


class ReminderForm(forms.Form):
    """Whom to remind, of what, and until when the answer is wanted."""

    townships = BehindField(label=_("townships"))
    text = forms.CharField(
        label=_("what is asked"), max_length=500, widget=forms.Textarea(attrs={"rows": 4, "maxlength": 500})
    )
    answer_by = fields.day_field(_("answer by"))

    def __init__(self, *args: Any, behind: Sequence[Behind], last_day: date | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["townships"].offer(behind)  # type: ignore[attr-defined]
        self.fields["text"].initial = gettext(
            "Say in writing why your township is behind, what you do about it, and by when you will have caught up."
        )
        self.fields["answer_by"].initial = last_day


class AnswerForm(forms.Form):
    """What the township did or will do."""

    answer = forms.CharField(
        label=_("answer"), max_length=1_000, widget=forms.Textarea(attrs={"rows": 6, "maxlength": 1_000})
    )


class CostForm(forms.Form):
    """What was spent on collecting, by whom and for what."""

    fund_year = YearField(collected(), label=_("fund year"))
    township = forms.ModelChoiceField(
        label=_("township"),
        queryset=Division.objects.none(),
        required=False,
        empty_label=_("the county itself"),
    )
    kind = forms.ChoiceField(label=_("kind"), choices=CollectionCost.Kind.choices)
    on = fields.day_field(_("date"), initial=fields.today)
    amount = forms.DecimalField(
        label=_("amount, yuan"),
        min_value=Decimal("0.01"),
        max_digits=10,
        decimal_places=2,
        widget=forms.TextInput(attrs={"data-amount": True, "inputmode": "decimal", "autocomplete": "off"}),
    )
    person_days = forms.DecimalField(
        label=_("person-days"),
        required=False,
        max_digits=7,
        decimal_places=1,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "size": 8}),
        help_text=_("How many days people were out collecting; for labour and rewards, if it is known."),
    )
    note = forms.CharField(label=_("for what"), max_length=200)

    def __init__(self, *args: Any, person: Person, right: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        township: Any = self.fields["township"]
        township.queryset = townships_in_sight(person, right)
        if person.bodies_in_sight(right) is not None:
            township.required, township.empty_label = True, None
