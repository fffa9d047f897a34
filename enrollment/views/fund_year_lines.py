"""The tables of a draft, each filled in on a page of its own; populations also from a file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import models
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from enrollment.forms.grids import (
    GridForm,
    PopulationFileForm,
    PopulationsForm,
    RatesForm,
    SubsidiesForm,
    TargetsForm,
    WageRatesForm,
)
from enrollment.models import ContributionRate, Division, FundYear, Population, Scheme, SubsidyRate, Target, WageRate
from enrollment.selectors import fund_years as selectors
from enrollment.services import fund_year_lines as lines
from enrollment.services.fund_years import CannotChange
from office import attachments
from office.access import Request
from office.pages.forms import FormPage

CHANGE = "enrollment.change_fundyear"


@permission_required(CHANGE, raise_exception=True)
def rates(request: Request, pk: int) -> HttpResponse:
    """The contribution of each category, or of each group by a rate of wages."""
    found = _fund_year(pk)
    if found.scheme.contribution == Scheme.Contribution.WAGES:
        return _grid(
            request,
            found,
            WageRate,
            _("Rates of wages of %(year)s") % {"year": found},
            lambda data: WageRatesForm(data, known=selectors.wage_rates(found), initial=_seen(found, WageRate)),
            lambda form, **said: lines.set_wage_rates(fund_year=found, rates=form.typed(), **said),
        )
    return _grid(
        request,
        found,
        ContributionRate,
        _("Contributions of %(year)s") % {"year": found},
        lambda data: RatesForm(data, known=selectors.rates(found), initial=_seen(found, ContributionRate)),
        lambda form, **said: lines.set_rates(fund_year=found, rates=form.typed(), **said),
    )


@permission_required(CHANGE, raise_exception=True)
def subsidies(request: Request, pk: int) -> HttpResponse:
    """What each level of government adds."""
    found = _fund_year(pk)
    return _grid(
        request,
        found,
        SubsidyRate,
        _("Subsidies of %(year)s") % {"year": found},
        lambda data: SubsidiesForm(data, known=selectors.subsidies(found), initial=_seen(found, SubsidyRate)),
        lambda form, **said: lines.set_subsidies(fund_year=found, subsidies=form.typed(), **said),
    )


@permission_required(CHANGE, raise_exception=True)
def populations(request: Request, pk: int, township: int | None = None) -> HttpResponse:
    """How many people should enroll: by township, or by the villages of one."""
    found, note = _fund_year(pk), ""
    if township is None:
        title, places = _("People who should enroll in %(year)s") % {"year": found}, list(selectors.townships())
        known = selectors.heads_by_township(found)
    else:
        within = get_object_or_404(selectors.townships(), pk=township)
        title = _("People of %(township)s who should enroll in %(year)s") % {"township": within, "year": found}
        places = list(within.children.order_by("code"))
        said = Population.objects.filter(Q(division__parent=within) | Q(division=within), fund_year=found)
        known = dict(said.values_list("division", "heads"))
        if whole := known.get(within.pk):
            note = _("%(heads)s stand for the township as a whole now: what is entered here takes their place.") % {
                "heads": f"{whole:,}"
            }
    return _grid(
        request,
        found,
        Population,
        title,
        lambda data: PopulationsForm(data, places=places, known=known, initial=_seen(found, Population)),
        lambda form, **more: lines.set_populations(fund_year=found, heads=form.typed(), **more),
        note=note,
    )


@permission_required(CHANGE, raise_exception=True)
def targets(request: Request, pk: int) -> HttpResponse:
    """What the level above wants enrolled."""
    found = _fund_year(pk)
    places = list(Division.objects.exclude(level=Division.Level.VILLAGE).order_by("code"))
    return _grid(
        request,
        found,
        Target,
        _("Targets of %(year)s") % {"year": found},
        lambda data: TargetsForm(data, places=places, known=selectors.targets(found), initial=_seen(found, Target)),
        lambda form, **said: lines.set_targets(fund_year=found, targets=form.typed(), **said),
    )


@permission_required(CHANGE, raise_exception=True)
def population_file(request: Request, pk: int) -> HttpResponse:
    """The populations from a workbook or CSV."""
    found = _fund_year(pk)
    page = FormPage(
        request,
        title=_("People who should enroll in %(year)s, from a file") % {"year": found},
        submit=_("Check and bring in"),
        cancel_url=_back(found),
    )
    form = PopulationFileForm(page.data, page.files)
    if page.is_sent and form.is_valid():
        try:
            changed = lines.bring_in_populations(
                fund_year=found, upload=form.cleaned_data["file"], by=request.user, at=timezone.now()
            )
        except (CannotChange, attachments.CannotAttach) as refusal:
            page.refuse(form, "file", refusal, act="fund-year.changed")
        else:
            messages.success(request, _("%(lines)s lines were changed.") % {"lines": changed})
            return redirect(_back(found))
    return page.render(form)


def _grid(
    request: Request,
    found: FundYear,
    part: type[models.Model],
    title: str,
    make: Callable[[Any], GridForm],
    save: Callable[..., int],
    note: str = "",
) -> HttpResponse:
    """A page with one table, shown, refused or saved."""
    page = FormPage(
        request, title=title, submit=_("Save"), cancel_url=_back(found), template="enrollment/grid_form.html"
    )
    form = make(page.data)
    if page.is_sent and form.is_valid():
        try:
            changed = save(form, by=request.user, at=timezone.now(), seen=form.cleaned_data["seen"])
        except CannotChange as refusal:
            page.refuse(form, None, refusal, act="fund-year.changed")
            form.see_again(lines.part_seen(found, part))
        else:
            messages.success(request, _("%(lines)s lines were changed.") % {"lines": changed})
            return redirect(_back(found))
    return page.render(form, note=note)


def _seen(found: FundYear, part: type[models.Model]) -> dict[str, str]:
    return {"seen": lines.part_seen(found, part)}


def _fund_year(pk: int) -> FundYear:
    return get_object_or_404(FundYear.objects.select_related("scheme"), pk=pk)


def _back(found: FundYear) -> str:
    return reverse("enrollment:fund_year", args=[found.pk])
