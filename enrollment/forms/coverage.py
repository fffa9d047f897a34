"""What the pages that change somebody's coverage accept."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from enrollment.forms import fields
from enrollment.models import Coverage, FundYear, Member
from office import words


class YearField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One of some fund years; the newest first."""

    def __init__(self, years: QuerySet[FundYear], **more: Any) -> None:
        newest_first = years.select_related("scheme").order_by("-year", "scheme")
        super().__init__(queryset=newest_first, empty_label=None, **more)


class CoverageField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One of a person's coverages, with its days."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.fund_year} · {words.period(obj.period)}"


class DayForm(forms.Form):
    """The day that is asked about."""

    on = fields.day_field(_("on"), required=False)


class NewbornForm(forms.Form):
    """In which year a child is covered from birth."""

    fund_year = YearField(FundYear.objects.confirmed().of_sums(), label=_("fund year"))

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        years = self.fields["fund_year"].queryset  # type: ignore[attr-defined]
        self.fields["fund_year"].queryset = years.filter(period__contains=member.birth_date)  # type: ignore[attr-defined]


class TransferForm(forms.Form):
    """Into which scheme somebody goes over, and on which day he begins there."""

    to = YearField(FundYear.objects.confirmed().filter(scheme__is_basic=True), label=_("to the fund year"))
    on = fields.day_field(_("from this day on"), initial=fields.today)

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        present = member.coverages.on(fields.today()).values("scheme")
        years = self.fields["to"].queryset  # type: ignore[attr-defined]
        self.fields["to"].queryset = years.exclude(scheme__in=present)  # type: ignore[attr-defined]


class OneCoverageForm(forms.Form):
    """One of a person's coverages."""

    coverage = CoverageField(label=_("coverage"), queryset=Coverage.objects.none(), empty_label=None)

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = member.coverages.standing().select_related("fund_year__scheme").order_by("-period")
        self.fields["coverage"].queryset = known  # type: ignore[attr-defined]


class LeaveForm(OneCoverageForm):
    """Which scheme somebody leaves, and his last day in it."""

    on = fields.day_field(_("last day"), initial=fields.today)


class VoidForm(OneCoverageForm):
    """Which coverage was noted by mistake, and what the mistake was."""

    reason = forms.CharField(label=_("reason"), max_length=200)


class ExceptionForm(forms.Form):
    """For which year somebody is left out, and why."""

    fund_year = YearField(FundYear.objects.confirmed().of_households(), label=_("fund year"))
    reason = forms.CharField(label=_("reason"), max_length=200)
