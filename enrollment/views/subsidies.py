"""Subsidies: what levels of government and medical assistance owe for a year, what was claimed, a claim on paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from enrollment.forms.subsidies import ClaimForm, CountForm
from enrollment.models import FundYear, SubsidyClaim, SubsidyRate
from enrollment.prints import subsidies as prints
from enrollment.selectors import fund_years
from enrollment.selectors import subsidies as selectors
from enrollment.services import subsidies
from enrollment.services.subsidies import RIGHT, CannotClaim
from office import sheets, trail
from office.access import Request
from office.pages.downloads import paper
from office.pages.forms import FormPage
from office.rules import days

VIEW = "enrollment.view_subsidyclaim"


@dataclass(frozen=True)
class Asked:
    """Which year, and the day of the count."""

    form: CountForm
    fund_year: FundYear | None
    on: date

    @property
    def owed(self) -> list[selectors.Due]:
        return selectors.due_by_level(self.fund_year, self.on) if self.fund_year else []

    @property
    def query(self) -> str:
        """The same question as an address says it."""
        return f"fund_year={self.fund_year.pk}&on={self.on.isoformat()}" if self.fund_year else ""


@permission_required(VIEW, raise_exception=True)
def page(request: Request) -> HttpResponse:
    """Due, claimed and open by level and instalment, and the claims that were made; with ?as=xlsx the table."""
    asked = _asked(request)
    owed = asked.owed
    if request.GET.get("as") == "xlsx":
        return _workbook(request, asked, owed)
    due, claimed, still_open = selectors.together(owed)
    claims = SubsidyClaim.objects.filter(fund_year=asked.fund_year).select_related("rate", "made_by")
    context = {
        "page_title": _("Subsidies"),
        "asked": asked,
        "owed": owed,
        "due": due,
        "claimed": claimed,
        "open": still_open,
        "claims": claims,
        "export_url": f"{request.path}?{asked.query}&as=xlsx",
    }
    return render(request, "enrollment/subsidies.html", context)


@permission_required(RIGHT, raise_exception=True)
def make_claim(request: Request, fund_year: int, payer: str, rate: int) -> HttpResponse:
    """Claim what is open of one payer's instalment; of medical assistance the instalment is 0."""
    year = get_object_or_404(FundYear.objects.confirmed().select_related("scheme"), pk=fund_year)
    wanted = _rate(year, payer, rate)
    level = _("%(level)s, instalment %(number)s")
    words = (
        level % {"level": wanted.get_level_display(), "number": wanted.instalment}
        if wanted
        else SubsidyClaim.Payer.ASSISTANCE.label
    )
    page = FormPage(
        request,
        title=_("Claim for %(fund_year)s: %(payer)s") % {"fund_year": year, "payer": words},
        submit=_("Claim"),
        cancel_url=f"{reverse('enrollment:subsidy_claims')}?fund_year={year.pk}",
        template="enrollment/subsidy_make.html",
    )
    form = ClaimForm(page.data)
    if page.is_sent and form.is_valid():
        try:
            made = subsidies.make_claim(
                fund_year=year, payer=payer, rate=wanted, by=request.user, at=timezone.now(), **form.cleaned_data
            )
        except CannotClaim as refusal:
            page.refuse(form, refusal.field, refusal, act="subsidy-claim.made")
        else:
            messages.success(request, _("%(number)s is claimed.") % {"number": made.number})
            return redirect("enrollment:subsidy_claim", made.pk)
    owed = selectors.due_by_level(year, days.business_day(timezone.now()))
    return page.render(form, year=year, owed=next(one for one in owed if (one.payer, one.rate) == (payer, wanted)))


@permission_required(VIEW, raise_exception=True)
def claim(request: Request, pk: int) -> HttpResponse:
    """One claim with the count behind it."""
    return render(request, "enrollment/subsidy_claim.html", {"claim": _claim(pk)})


@permission_required(VIEW, raise_exception=True)
def print_claim(request: Request, pk: int) -> HttpResponse:
    """A claim on paper."""
    found = _claim(pk)
    return paper(
        request,
        lambda: prints.claim(found, by=request.user, at=timezone.now()),
        name=f"subsidy-claim-{pk}.pdf",
        back=reverse("enrollment:subsidy_claim", args=[pk]),
    )


def _asked(request: Request) -> Asked:
    today = days.business_day(timezone.now())
    sent = CountForm(request.GET)
    sent.is_valid()
    year = sent.cleaned_data.get("fund_year") or fund_years.usual_year(today)
    on = sent.cleaned_data.get("on") or today
    return Asked(CountForm(initial={"fund_year": year, "on": on}), year, on)


def _rate(year: FundYear, payer: str, rate: int) -> SubsidyRate | None:
    if payer == SubsidyClaim.Payer.ASSISTANCE and not rate:
        return None
    found: SubsidyRate = get_object_or_404(year.subsidyrates.all(), pk=rate, level=payer)
    return found


def _claim(pk: int) -> SubsidyClaim:
    return get_object_or_404(SubsidyClaim.objects.select_related("fund_year__scheme", "rate", "made_by"), pk=pk)


def _workbook(request: Request, asked: Asked, owed: list[selectors.Due]) -> HttpResponse:
    if asked.fund_year is None:
        raise Http404
    rows = [prints.cells(one) for one in owed]
    trail.read(
        "list.exported", None, by=request.user, at=timezone.now(), list=request.path, rows=len(rows), query=asked.query
    )
    response = HttpResponse(sheets.workbook(prints.columns(), rows), content_type=sheets.XLSX)
    response.headers["Content-Disposition"] = 'attachment; filename="subsidies.xlsx"'
    return response
