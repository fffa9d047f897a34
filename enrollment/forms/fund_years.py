"""The head of a fund year as a form."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from enrollment.models import FundYear, Scheme
from enrollment.services.fund_year_copies import following
from enrollment.services.fund_years import Header, header_seen

FIRST_YEAR, LAST_YEAR = 2003, 2100
ONE_DAY = timedelta(days=1)


def _day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)


class HeaderForm(forms.Form):
    """The scheme, its year, period and collection window, and the paper; the scheme of a draft stays, and that of a
    year that is copied."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    scheme = forms.ModelChoiceField(label=_("scheme"), queryset=Scheme.objects.all(), empty_label="—")
    year = forms.IntegerField(label=_("year"), min_value=FIRST_YEAR, max_value=LAST_YEAR)
    start = _day(_("first day of the year"))
    end = _day(_("last day of the year"))
    collect_from = _day(_("collected from"))
    collect_until = _day(_("collected until"))
    paper_number = forms.CharField(
        label=_("number of the paper"),
        max_length=60,
        help_text=_("As it stands on the paper, such as 海政发〔2009〕68号."),
    )
    paper_date = _day(_("date of the paper"))
    basis = forms.ChoiceField(
        label=_("basis of the population"),
        choices=FundYear.Basis.choices,
        help_text=_("By what count it is said how many people should enroll."),
    )

    def __init__(
        self, *args: Any, draft: FundYear | None = None, copied: FundYear | None = None, **kwargs: Any
    ) -> None:
        if draft:
            kwargs["initial"] = _shown(draft)
        elif copied:
            kwargs["initial"] = following(copied)
        super().__init__(*args, **kwargs)
        if draft or copied:
            del self.fields["scheme"]
        if copied:
            self.fields["paper_number"].help_text = _(
                "The new year's own paper. Contributions, subsidies, people and targets are copied into the draft."
            )

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        for name in ("end", "collect_until"):
            if typed.get(name) and typed[name].year > LAST_YEAR:
                self.add_error(name, _("This day is too far away."))
        return typed

    def header(self) -> Header:
        """What was typed, as the service takes it."""
        return Header(**{name: self.cleaned_data[name] for name in Header.__dataclass_fields__})


def _shown(draft: FundYear) -> dict[str, Any]:
    return {
        "seen": header_seen(draft),
        "year": draft.year,
        "start": draft.period.lower,
        "end": draft.period.upper - ONE_DAY,
        "collect_from": draft.collection.lower,
        "collect_until": draft.collection.upper - ONE_DAY,
        "paper_number": draft.paper_number,
        "paper_date": draft.paper_date,
        "basis": draft.basis,
    }
