"""A household's page (农户明白卡): what its people were paid in a year, what was cut and why, what is left."""

from __future__ import annotations

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.prints import household_year as prints
from claims.selectors import household_year as selectors
from claims.selectors.household_year import HouseholdYear
from claims.views.person_years import YEARS
from enrollment.models import Household
from office.access import Request
from office.pages import records
from office.pages.downloads import paper
from office.pages.records import Action, Page, Table
from office.rules import days

VIEW = "claims.view_approval"


@permission_required(VIEW, raise_exception=True)
def page(request: Request, pk: int) -> HttpResponse:
    """The page; `?year=` says which year, else that of today."""
    found = _year(request, pk)
    here = reverse("claims:household_year", args=[pk])
    print_it = f"{reverse('claims:household_year_print', args=[pk])}?year={found.year}"
    years = [Action(str(one), f"{here}?year={one}") for one in found.years if one != found.year]
    shown = Page(
        subject=found.household,
        title=_("Household page of %(year)s: %(head)s") % {"year": found.year, "head": found.head},
        back=(_("Household"), reverse("enrollment:household", args=[pk])),
        state=("", _("claims of %(year)s") % {"year": found.year}),
        facts=prints.facts(found),
        tables=[
            Table(title, header, rows, _("Nothing was asked for in this year."), figures)
            for title, header, rows, figures in prints.tables(found)
        ],
        actions=[*years, Action(_("Print"), print_it, "Alt+P", first=True)],
    )
    return records.shown(request, shown)


@permission_required(VIEW, raise_exception=True)
def print_page(request: Request, pk: int) -> HttpResponse:
    """The page on paper."""
    found = _year(request, pk)
    return paper(
        request,
        lambda: prints.paper(found, by=request.user, at=timezone.now()),
        name=f"{found.household.number}-{found.year}.pdf",
        back=reverse("claims:household_year", args=[pk]),
    )


def _year(request: Request, pk: int) -> HouseholdYear:
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and int(asked[:9]) in YEARS else None
    seen = Household.objects.visible_to(request.user).select_related("village__parent")
    return selectors.of_household(get_object_or_404(seen, pk=pk), year, days.business_day(timezone.now()))
