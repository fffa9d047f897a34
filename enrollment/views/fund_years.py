"""Fund years: the list, one year with all its tables, its head, its paper, its way to those who confirm it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import F, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from enrollment.filters.fund_years import FundYearFilter
from enrollment.forms.fund_years import HeaderForm
from enrollment.forms.grids import PaperForm
from enrollment.models import Category, ContributionRate, FundYear, Population, Scheme, WageRate
from enrollment.selectors import fund_years as selectors
from enrollment.services import fund_year_copies, fund_years
from enrollment.tables.fund_years import FundYearTable
from office import attachments, deciding, trail
from office.access import Request
from office.models.rounds import State
from office.pages.forms import FormPage
from office.pages.lists import ListPage

CHANGE = "enrollment.change_fundyear"
PEOPLE = Population.objects.filter(fund_year=OuterRef("pk")).values("fund_year").annotate(all=Sum("heads"))
FEE = ContributionRate.objects.filter(fund_year=OuterRef("pk"), category=Category.ORDINARY).annotate(
    fee=F("own") + F("assisted") + F("collective")
)
OF_WAGES = WageRate.objects.filter(fund_year=OuterRef("pk"), group=WageRate.Group.ACTIVE).annotate(
    all=F("employer") + F("person")
)

#: What a fund year may not say yet, in words.
MISSING = {
    "rates": gettext_lazy("the contribution"),
    "paper": gettext_lazy("the scan of the paper"),
    "subsidies": gettext_lazy("subsidies"),
    "populations": gettext_lazy("how many people should enroll"),
    "targets": gettext_lazy("targets from above"),
}


class FundYearList(ListPage):
    permission_required = "enrollment.view_fundyear"
    page_title = gettext_lazy("Fund years")
    queryset = FundYear.objects.select_related("scheme", "proposed_by").annotate(
        heads=Coalesce(Subquery(PEOPLE.values("all")), 0),
        fee=Subquery(FEE.values("fee")),
        wages=Subquery(OF_WAGES.values("all")),
    )
    table_class = FundYearTable
    filterset_class = FundYearFilter

    def page_actions(self) -> list[dict[str, str]]:
        if not self.request.user.has_perm("enrollment.add_fundyear"):
            return []
        return [{"label": _("Draft a fund year"), "url": reverse("enrollment:fund_year_draft"), "key": "Alt+N"}]


@permission_required("enrollment.view_fundyear", raise_exception=True)
def fund_year(request: Request, pk: int) -> HttpResponse:
    """One fund year: its head, its tables, its papers, what is missing, its rounds."""
    found = _fund_year(pk)
    page = FormPage(request, title="", submit="", cancel_url="", template="enrollment/fund_year.html")
    return page.render(PaperForm(), **_shown(found), may_change=_may_change(request, found))


@permission_required("enrollment.add_fundyear", raise_exception=True)
def draft(request: Request) -> HttpResponse:
    """Begin to enter what the county decided for a year."""
    page = FormPage(
        request, title=_("Draft a fund year"), submit=_("Begin"), cancel_url=reverse("enrollment:fund_years")
    )
    form = HeaderForm(page.data)
    if page.is_sent and form.is_valid():
        try:
            drafted = fund_years.draft_fund_year(
                scheme=form.cleaned_data["scheme"], header=form.header(), by=request.user, at=timezone.now()
            )
        except fund_years.CannotDraft as refusal:
            page.refuse(form, None, refusal, act="fund-year.drafted")
        else:
            messages.success(request, _("%(year)s is begun: enter its tables now.") % {"year": drafted})
            return redirect("enrollment:fund_year", drafted.pk)
    return page.render(form)


@permission_required("enrollment.add_fundyear", raise_exception=True)
def copy(request: Request, pk: int) -> HttpResponse:
    """Draft a later year with the tables of a confirmed one."""
    found = _fund_year(pk)
    back = reverse("enrollment:fund_year", args=[pk])
    page = FormPage(
        request,
        title=_("Copy %(year)s to the next year") % {"year": found},
        submit=_("Copy"),
        cancel_url=back,
    )
    form = HeaderForm(page.data, copied=found)
    if page.is_sent and form.is_valid():
        try:
            drafted = fund_year_copies.copy_fund_year(
                fund_year=found, header=form.header(), by=request.user, at=timezone.now()
            )
        except fund_years.CannotDraft as refusal:
            page.refuse(form, None, refusal, act="fund-year.copied")
        else:
            messages.success(request, _("%(year)s is begun: correct its tables and add its paper.") % {"year": drafted})
            return redirect("enrollment:fund_year", drafted.pk)
    return page.render(form)


@permission_required(CHANGE, raise_exception=True)
def header(request: Request, pk: int) -> HttpResponse:
    """Correct the head of a draft."""
    found = _fund_year(pk)
    back = reverse("enrollment:fund_year", args=[pk])
    page = FormPage(request, title=_("Head of %(year)s") % {"year": found}, submit=_("Save"), cancel_url=back)
    form = HeaderForm(page.data, draft=found)
    if page.is_sent and form.is_valid():
        try:
            fund_years.change_header(
                fund_year=found,
                header=form.header(),
                seen=form.cleaned_data["seen"],
                by=request.user,
                at=timezone.now(),
            )
        except fund_years.CannotChange as refusal:
            page.refuse(form, None, refusal, act="fund-year.changed")
        else:
            return redirect(back)
    return page.render(form)


@permission_required(CHANGE, raise_exception=True)
def paper(request: Request, pk: int) -> HttpResponse:
    """Add the scan of the county's paper to a draft."""
    found = _fund_year(pk)
    back = reverse("enrollment:fund_year", args=[pk])
    page = FormPage(request, title=_("Paper of %(year)s") % {"year": found}, submit=_("Add"), cancel_url=back)
    form = PaperForm(page.data, page.files)
    if page.is_sent and form.is_valid():
        try:
            fund_years.attach_paper(
                fund_year=found, upload=form.cleaned_data["file"], by=request.user, at=timezone.now()
            )
        except (fund_years.CannotChange, attachments.CannotAttach) as refusal:
            page.refuse(form, "file", refusal, act="fund-year.changed")
        else:
            return redirect(back)
    return page.render(form)


@require_POST
@permission_required(CHANGE, raise_exception=True)
def propose(request: Request, pk: int) -> HttpResponse:
    """Give the draft to those who confirm it."""
    found = _fund_year(pk)
    try:
        fund_years.propose(fund_year=found, by=request.user, at=timezone.now())
    except fund_years.CannotPropose as refusal:
        _refused(request, found, "fund-year.proposed", refusal)
    else:
        messages.success(request, _("%(year)s waits to be confirmed by somebody else.") % {"year": found})
    return redirect("enrollment:fund_year", pk)


@require_POST
@permission_required(CHANGE, raise_exception=True)
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Whoever entered it takes it back."""
    found = _fund_year(pk)
    try:
        fund_years.withdraw(fund_year=found, by=request.user, at=timezone.now())
    except deciding.CannotWithdraw as refusal:
        _refused(request, found, "fund-year.withdrawn", refusal)
    else:
        messages.success(request, _("It is taken back."))
    return redirect("enrollment:fund_year", pk)


def _refused(request: Request, found: FundYear, act: str, refusal: Exception) -> None:
    messages.error(request, str(refusal))
    trail.refused(act, found, by=request.user, at=timezone.now(), reason=str(refusal))


def _fund_year(pk: int) -> FundYear:
    return get_object_or_404(FundYear.objects.select_related("scheme", "proposed_by"), pk=pk)


def _may_change(request: Request, found: FundYear) -> bool:
    return found.state == FundYear.State.DRAFT and request.user.has_perm(CHANGE)


def _shown(found: FundYear) -> dict[str, Any]:
    parts = selectors.parts_of(found)
    rounds = list(deciding.rounds_of(found).select_related("maker").prefetch_related("votes__voter", "votes__for_whom"))
    return {
        "fund_year": found,
        "parts": parts,
        "is_of_wages": found.scheme.contribution == Scheme.Contribution.WAGES,
        "months": [(one, *selectors.bounds_of(one)) for one in parts.wages],
        "townships": _by_township(found, parts),
        "missing": [MISSING[part] for part in parts.missing],
        "is_confirmed": found.state == FundYear.State.CONFIRMED,
        "is_alive": found.state in {FundYear.State.DRAFT, FundYear.State.PROPOSED},
        "history": [{"round": one, "votes": list(one.votes.all())} for one in rounds],
        "open_round": next((deciding.page_of(one) for one in rounds if one.state == State.OPEN), ""),
    }


def _by_township(found: FundYear, parts: selectors.Parts) -> list[dict[str, Any]]:
    """The people of each township, and village by village where they are said so."""
    heads = selectors.heads_by_township(found)
    villages: dict[int, list[Population]] = {}
    for one in parts.populations:
        villages.setdefault(one.division.parent_id or 0, []).append(one)
    return [
        {"division": one, "heads": heads[one.pk], "villages": villages.get(one.pk, [])}
        for one in selectors.townships()
        if one.pk in heads
    ]
