"""Benefit plans: the list, one plan in words, two side by side, its document as a file."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.filters.plans import BenefitPlanFilter
from claims.forms.plans import CompareForm
from claims.models import BenefitPlan
from claims.prints import comparing, plan_tables
from claims.prints.days import shown_days
from claims.selectors import plans as selectors
from claims.services import adoption
from claims.services import plans as services
from claims.tables.plans import BenefitPlanTable
from office import deciding
from office.access import Request
from office.models.rounds import State
from office.pages import guard
from office.pages.lists import ListPage

VIEW = "claims.view_benefitplan"


class PlanList(ListPage):
    permission_required = VIEW
    page_title = gettext_lazy("Benefit plans")
    queryset = (
        BenefitPlan.objects.without_documents()
        .select_related("scheme", "drafted_by")
        .order_by("-in_force", "scheme", "position", "-pk")
    )
    table_class = BenefitPlanTable
    filterset_class = BenefitPlanFilter

    def page_actions(self) -> list[dict[str, str]]:
        actions = [{"label": _("Try a case"), "url": reverse("claims:try"), "key": "Alt+T"}]
        if self.request.user.has_perm(services.RIGHT):
            actions.insert(0, {"label": _("Draft a plan"), "url": reverse("claims:plan_new"), "key": "Alt+N"})
        return actions


@permission_required(VIEW, raise_exception=True)
def plan(request: Request, pk: int) -> HttpResponse:
    """One plan: its paper, its rules in words, what is missing, its rounds."""
    found = plan_of(pk)
    read = selectors.read_of(found)
    doubts, papers = selectors.doubts_of(found, read), selectors.papers_of(found)
    may_change = found.state == BenefitPlan.State.DRAFT and request.user.has_perm(services.RIGHT)
    shown = {
        "plan": found,
        "told": plan_tables.told(read),
        "papers": papers,
        "doubts": doubts,
        "open_doubts": [one for one in doubts if not one.reason],
        "missing": _missing(found, papers, doubts),
        "may_change": may_change,
        "order": selectors.in_order_with(found),
        "compare": CompareForm(plan=found),
        "applies": shown_days(found.applies),
        "form_guard": guard.field(request),
        **_rounds(found),
    }
    return render(request, "claims/plan.html", shown)


@permission_required(VIEW, raise_exception=True)
def document(request: Request, pk: int) -> HttpResponse:
    """A plan's document as a YAML file, in the order of the format."""
    found = plan_of(pk)
    response = HttpResponse(found.canonical, content_type="application/yaml; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{found.code}-{found.version}.yaml"'
    return response


@permission_required(VIEW, raise_exception=True)
def choose(request: Request, pk: int) -> HttpResponse:
    """From one plan to it and another side by side."""
    found = plan_of(pk)
    form = CompareForm(request.GET, plan=found)
    if not form.is_valid():
        return redirect("claims:plan", pk)
    return redirect("claims:plan_compare", pk, form.cleaned_data["other"].pk)


@permission_required(VIEW, raise_exception=True)
def compare(request: Request, pk: int, other: int) -> HttpResponse:
    """Two plans side by side, the earlier one on the left; ?only=differences leaves out what is the same."""
    left, right = sorted((plan_of(pk), plan_of(other)), key=lambda one: (one.in_force.lower, one.pk))
    layers = comparing.compared(*(plan_tables.told(selectors.read_of(one)) for one in (left, right)))
    shown = {
        "left": left,
        "right": right,
        "layers": layers,
        "differences": comparing.differences(layers),
        "only": request.GET.get("only") == "differences",
        "plan": get_object_or_404(BenefitPlan, pk=pk),
    }
    return render(request, "claims/compare.html", shown)


def plan_of(pk: int) -> BenefitPlan:
    """A plan by its number."""
    found = BenefitPlan.objects.select_related("scheme", "drafted_by", "supersedes")
    return get_object_or_404(found, pk=pk)


def _missing(found: BenefitPlan, papers: Any, doubts: Any) -> list[str]:
    """What keeps a draft from being proposed, in words."""
    if found.state != BenefitPlan.State.DRAFT:
        return []
    said = [str(adoption.NEEDED[part]) for part in selectors.missing(found, papers, doubts)]
    clash = adoption.clash_of(found)
    return [*said, clash] if clash else said


def _rounds(found: BenefitPlan) -> dict[str, Any]:
    rounds = list(deciding.rounds_of(found).select_related("maker").prefetch_related("votes__voter", "votes__for_whom"))
    return {
        "is_alive": found.state in {BenefitPlan.State.DRAFT, BenefitPlan.State.PROPOSED},
        "history": [{"round": one, "votes": list(one.votes.all())} for one in rounds],
        "open_round": next((deciding.page_of(one) for one in rounds if one.state == State.OPEN), ""),
    }
