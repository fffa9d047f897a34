"""Participation (参合率): townships or villages of a fund year, ranked, as tiles, table, workbook and paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enrollment.forms.participation import ParticipationForm
from enrollment.models import Division, FundYear
from enrollment.prints import participation as prints
from enrollment.selectors import fund_years, participation
from enrollment.selectors.participation import Line
from office import sheets, trail
from office.access import Request
from office.pages.downloads import paper
from office.rules import days

RIGHT = "enrollment.view_fundyear"

#: What a rate is called (enrollment/rules/participation.py).
GRADES = {
    "high": gettext_lazy("95 % and more"),
    "near": gettext_lazy("90 to 95 %"),
    "low": gettext_lazy("80 to 90 %"),
    "far": gettext_lazy("below 80 %"),
    "unknown": gettext_lazy("not known"),
}


@dataclass(frozen=True)
class Asked:
    """Which year and which township, and what came of it."""

    form: ParticipationForm
    fund_year: FundYear | None
    township: Division | None
    lines: list[Line]
    whole: Line

    @property
    def place(self) -> str:
        """What a line stands for."""
        return _("village") if self.township else _("township")

    @property
    def query(self) -> str:
        """The same question as an address says it."""
        year = f"fund_year={self.fund_year.pk}" if self.fund_year else ""
        return f"{year}&township={self.township.pk}" if self.township else year


@permission_required(RIGHT, raise_exception=True)
def page(request: Request) -> HttpResponse:
    """The tiles and the table; with ?as=xlsx the table as a workbook."""
    asked = _asked(request)
    if request.GET.get("as") == "xlsx":
        return _workbook(request, asked)
    shown: dict[str, Any] = {
        "page_title": _("Participation"),
        "asked": asked,
        "form": asked.form,
        "lines": [{"line": line, "rank": rank, "words": GRADES[line.grade]} for rank, line in _numbered(asked)],
        "grades": GRADES,
        "print_url": f"{reverse('enrollment:participation_print')}?{asked.query}",
        "export_url": f"{request.path}?{asked.query}&as=xlsx",
    }
    return render(request, "enrollment/participation.html", shown)


@permission_required(RIGHT, raise_exception=True)
def print_page(request: Request) -> HttpResponse:
    """The table on paper."""
    asked = _asked(request)
    fund_year = asked.fund_year
    if fund_year is None:
        raise Http404
    return paper(
        request,
        lambda: prints.sheet(
            fund_year,
            asked.lines,
            asked.whole,
            place=asked.place,
            within=asked.township.name if asked.township else "",
            by=request.user,
            at=timezone.now(),
        ),
        name=f"participation-{fund_year.scheme.code}-{fund_year.year}.pdf",
        back=reverse("enrollment:participation"),
    )


def _asked(request: Request) -> Asked:
    sent = ParticipationForm(request.GET, person=request.user)
    sent.is_valid()
    fund_year = sent.cleaned_data.get("fund_year") or fund_years.usual_year(days.business_day(timezone.now()))
    township = sent.cleaned_data.get("township")
    form = ParticipationForm(person=request.user, initial={"fund_year": fund_year, "township": township})
    if fund_year is None:
        return Asked(form, None, None, [], participation.together([]))
    if township is not None:
        lines = participation.by_village(fund_year, township)
        return Asked(form, fund_year, township, lines, participation.together(lines))
    lines = participation.by_township(fund_year, request.user)
    is_whole = request.user.bodies_in_sight(RIGHT) is None
    target = participation.county_target(fund_year) if is_whole else None
    return Asked(form, fund_year, None, lines, participation.together(lines, target))


def _numbered(asked: Asked) -> enumerate[Line]:
    return enumerate(asked.lines, start=1)


def _workbook(request: Request, asked: Asked) -> HttpResponse:
    rows = [prints.cells(rank, line.name, line) for rank, line in _numbered(asked)]
    rows.append(prints.cells(None, _("together"), asked.whole))
    trail.read(
        "list.exported", None, by=request.user, at=timezone.now(), list=request.path, rows=len(rows), query=asked.query
    )
    response = HttpResponse(sheets.workbook(prints.columns(asked.place), rows), content_type=sheets.XLSX)
    response.headers["Content-Disposition"] = 'attachment; filename="register-participation.xlsx"'
    return response
