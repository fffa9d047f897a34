"""What collecting costs (筹资成本): the list, a new one, a mistake, and what it comes to by township."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import models
from django.db.models import Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enrollment.filters.campaign import CostFilter
from enrollment.forms.campaign import CampaignForm, CostForm, ReasonForm
from enrollment.models import CollectionCost
from enrollment.selectors import campaign as campaigns
from enrollment.selectors import collection_costs as selectors
from enrollment.services import collection_costs as costs
from enrollment.tables.campaign import CostTable
from enrollment.views import keeping
from office import sheets, trail
from office.access import Request
from office.pages.forms import FormPage
from office.pages.lists import ListPage
from office.rules import days, money


class CostList(ListPage):
    permission_required = selectors.RIGHT
    page_title = gettext_lazy("What collecting costs")
    queryset = CollectionCost.objects.select_related("township", "fund_year__scheme", "noted_by").order_by("-on", "-pk")
    table_class = CostTable
    filterset_class = CostFilter

    def default_filter(self) -> dict[str, str]:
        return {"stands": "yes"}

    def page_actions(self) -> list[dict[str, str]]:
        actions = [
            {"label": _("By township"), "url": reverse("enrollment:collection_costs_by_township"), "key": "Alt+B"}
        ]
        if self.request.user.has_perm(costs.NOTE):
            actions.append(
                {"label": _("Note a cost"), "url": reverse("enrollment:collection_cost_add"), "key": "Alt+N"}
            )
        return actions

    def totals(self, found: models.QuerySet[Any]) -> list[tuple[str, str]]:
        summed = found.filter(void_reason="").aggregate(Sum("amount", default=0))
        return [*super().totals(found), (_("Amount, yuan, without void ones"), money.shown(summed["amount__sum"]))]


@permission_required(costs.NOTE, raise_exception=True)
def add(request: Request) -> HttpResponse:
    """Something was spent on collecting."""
    back = reverse("enrollment:collection_costs")
    page = FormPage(request, title=_("Note a cost"), submit=_("Note it"), cancel_url=back)
    usual = campaigns.usual_year(days.business_day(timezone.now()))
    form = CostForm(page.data, person=request.user, right=costs.NOTE, initial={"fund_year": usual})

    def save() -> CollectionCost:
        return costs.note(**form.cleaned_data, by=request.user, at=timezone.now())

    if keeping.sent(page, form, "collection-cost.noted", save) is None:
        return page.render(form)
    messages.success(request, _("It is noted."))
    return redirect(back)


@permission_required(costs.NOTE, raise_exception=True)
def void(request: Request, pk: int) -> HttpResponse:
    """It was noted by mistake."""
    seen = CollectionCost.objects.visible_to(request.user, costs.NOTE).standing()
    found = get_object_or_404(seen, pk=pk)
    back = reverse("enrollment:collection_costs")
    page = FormPage(
        request, title=_("Make void: %(cost)s") % {"cost": found}, submit=_("Make it void"), cancel_url=back
    )
    form = ReasonForm(page.data)

    def save() -> bool:
        costs.void(cost=found, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())
        return True

    if keeping.sent(page, form, "collection-cost.voided", save) is None:
        return page.render(form)
    messages.success(request, _("It is void."))
    return redirect(back)


@permission_required(selectors.RIGHT, raise_exception=True)
def by_township(request: Request) -> HttpResponse:
    """What collecting cost each township, for 100 yuan and for each person; with ?as=xlsx as a workbook."""
    today = days.business_day(timezone.now())
    sent = CampaignForm(request.GET, person=request.user, right=selectors.RIGHT)
    sent.is_valid()
    year = sent.cleaned_data.get("fund_year") or campaigns.usual_year(today)
    form = CampaignForm(person=request.user, right=selectors.RIGHT, initial={"fund_year": year})
    found = selectors.by_township(year, today, request.user) if year else None
    kinds = [str(kind.label) for kind in CollectionCost.Kind]
    if found is not None and request.GET.get("as") == "xlsx":
        return _workbook(request, found, kinds)
    shown = {
        "page_title": _("What collecting costs, by township"),
        "year": year,
        "field": form["fund_year"],
        "costs": found,
        "kinds": kinds,
        "export_url": f"{request.path}?fund_year={year.pk if year else ''}&as=xlsx",
    }
    return render(request, "enrollment/collection_costs.html", shown)


def _workbook(request: Request, found: selectors.Costs, kinds: list[str]) -> HttpResponse:
    header = [
        _("township"),
        *kinds,
        _("together, yuan"),
        _("person-days"),
        _("collected, yuan"),
        _("for 100 yuan collected"),
        _("enrolled"),
        _("for each person enrolled"),
    ]
    rows = [_cells(one.line.name if one.line else "", one) for one in found.townships]
    if found.county:
        rows.append(_cells(_("the county itself"), found.county))
    rows.append(_cells(_("together"), found.whole))
    trail.read("list.exported", None, by=request.user, at=timezone.now(), list=request.path, rows=len(rows))
    response = HttpResponse(sheets.workbook(header, rows), content_type=sheets.XLSX)
    response.headers["Content-Disposition"] = 'attachment; filename="collection-costs.xlsx"'
    return response


def _cells(name: str, one: selectors.Cost) -> list[object]:
    so_far = one.line.so_far if one.line else None
    return [
        name,
        *one.kinds,
        one.amount,
        one.person_days,
        so_far.collected if so_far else None,
        one.per_hundred,
        so_far.enrolled if so_far else None,
        one.per_head,
    ]
