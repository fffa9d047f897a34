"""Statistics: the figures of a span, the sheets that were made, one sheet, its correction, its paper and workbook."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from claims.filters.statistics import SheetFilter
from claims.forms.before import ReasonForm
from claims.forms.statistics import SpanForm, written
from claims.models import StatisticsSheet
from claims.prints import statistics as prints
from claims.rules import statistics as rules
from claims.rules.statistics import Row
from claims.selectors import statistics as selectors
from claims.services import statistics as services
from claims.services.statistics import MAKE, VIEW
from claims.tables.statistics import SheetTable
from claims.views import before
from enrollment.models import Scheme
from enrollment.services.keeping import CannotKeep
from office import sheets, trail
from office.access import Request
from office.pages import guard, records
from office.pages.downloads import paper
from office.pages.forms import FormPage
from office.pages.lists import ListPage
from office.pages.records import Action, Page, Table
from office.rules import days

TOLD = ("scheme", "made_by", "corrects", "corrected_by")


class SheetList(ListPage):
    permission_required = VIEW
    page_title = gettext_lazy("Statistics")
    queryset = StatisticsSheet.objects.defer("figures", "corrected_by__figures").select_related(*TOLD).order_by("-pk")
    table_class = SheetTable
    filterset_class = SheetFilter

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().defer("figures", "corrects__figures", "corrected_by__figures")

    def default_filter(self) -> dict[str, str]:
        return {"stage": "holds"}

    def page_actions(self) -> list[dict[str, str]]:
        return [{"label": _("Figures of a span"), "url": reverse("claims:statistics_new"), "key": "Alt+N"}]


@permission_required(VIEW, raise_exception=True)
def figures(request: Request) -> HttpResponse:
    """The figures of a scheme's span as they are now; from here its sheet is made."""
    form = SpanForm(_asked(request))
    context: dict[str, Any] = {"page_title": _("Figures of a span"), "form": form, "form_guard": guard.field(request)}
    if form.is_valid():
        scheme, (span, first) = form.cleaned_data["scheme"], form.cleaned_data["span"]
        context |= _tables(selectors.rows(scheme, span, first), first)
        context |= {"scheme": scheme, "span": written(span, first)}
        context["sheet"] = services.sheet_of(scheme, span, first)
        context["refusal"] = _refusal(span, first)
        context["may_make"] = request.user.has_perm(MAKE) and not context["refusal"]
    return render(request, "claims/statistics/figures.html", context)


@require_POST
@permission_required(MAKE, raise_exception=True)
def make(request: Request) -> HttpResponse:
    """Make the sheet of the span that was looked at."""
    form = SpanForm(request.POST)
    if not form.is_valid():
        return redirect("claims:statistics_new")
    scheme, (span, first) = form.cleaned_data["scheme"], form.cleaned_data["span"]
    try:
        made = services.make(scheme=scheme, span=span, first=first, by=request.user, at=timezone.now())
    except CannotKeep as refusal:
        trail.refused("statistics.made", None, by=request.user, at=timezone.now(), reason=str(refusal))
        messages.error(request, str(refusal))
        return redirect(f"{reverse('claims:statistics_new')}?scheme={scheme.pk}&span={written(span, first)}")
    messages.success(request, _("Sheet %(number)s is made; it does not change any more.") % {"number": made})
    return redirect("claims:statistics_sheet", made.pk)


@permission_required(VIEW, raise_exception=True)
def sheet(request: Request, pk: int) -> HttpResponse:
    """One sheet as it was given out."""
    found = _sheet(pk)
    follower = getattr(found, "corrected_by", None)
    links = {}
    facts: list[tuple[str, object]] = [*prints.facts(found), (_("fingerprint (SHA-256)"), found.sha256)]
    if not services.is_whole(found):
        facts.append((_("fingerprint"), _("The figures are not those that were given out. Tell the administrator.")))
    if found.corrects:
        links[_("corrects")] = reverse("claims:statistics_sheet", args=[found.corrects.pk])
    if follower is not None:
        facts.append((_("corrected by"), follower.number))
        links[_("corrected by")] = reverse("claims:statistics_sheet", args=[follower.pk])
    page = Page(
        subject=found,
        title=_("Statistics sheet %(number)s") % {"number": found},
        back=(_("Statistics"), reverse("claims:statistics")),
        state=("failed", _("corrected")) if follower else ("done", _("in force")),
        facts=facts,
        tables=_differences(found),
        actions=_ways(request, found, is_corrected=follower is not None),
        links=links,
    )
    told = _tables(rules.rows_of(found.figures), found.first)
    return records.shown(request, page, "claims/statistics/sheet.html", **told)


@permission_required(MAKE, raise_exception=True)
def correct(request: Request, pk: int) -> HttpResponse:
    """Correct a sheet by another one, with the reason; what it would change is shown before."""
    found = _sheet(pk)
    page = FormPage(
        request,
        title=_("Correct sheet %(number)s") % {"number": found},
        submit=_("Make the correction"),
        cancel_url=reverse("claims:statistics_sheet", args=[pk]),
        template="claims/statistics/correct.html",
    )
    form = ReasonForm(page.data)
    given: dict[str, Any] = {"sheet": found, "by": request.user, "at": timezone.now()}
    made = before.sent(page, form, "statistics.corrected", lambda: services.correct(**form.cleaned_data, **given))
    if made is None:
        now = selectors.rows(found.scheme, found.span, found.first)
        changed = rules.differences(rules.rows_of(found.figures), now)
        return page.render(form, header=prints.difference_columns(), rows=prints.difference_rows(changed))
    messages.success(request, _("Sheet %(number)s is made; it does not change any more.") % {"number": made})
    return redirect("claims:statistics_sheet", made.pk)


@permission_required(VIEW, raise_exception=True)
def print_page(request: Request, pk: int) -> HttpResponse:
    """The sheet on paper."""
    found = _sheet(pk)
    back = reverse("claims:statistics_sheet", args=[pk])
    return paper(request, lambda: prints.paper(found, at=timezone.now()), name=f"{found.number}.pdf", back=back)


@permission_required(VIEW, raise_exception=True)
def workbook(request: Request, pk: int) -> HttpResponse:
    """The sheet as a workbook, every disease with a row of its own."""
    found = _sheet(pk)
    content = sheets.workbook(prints.book_columns(found.first), prints.book(rules.rows_of(found.figures)))
    response = HttpResponse(content, content_type=sheets.XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="{found.number}.xlsx"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _asked(request: Request) -> dict[str, str]:
    """What was asked for, or the scheme and the month that come first: the last one that is over."""
    today = days.business_day(timezone.now())
    month = next(first for span, first in rules.spans_until(today) if rules.last_of(span, first) < today)
    scheme = request.GET.get("scheme") or Scheme.objects.order_by("pk").values_list("pk", flat=True).first()
    return {"scheme": str(scheme or ""), "span": request.GET.get("span") or written(rules.MONTH, month)}


def _refusal(span: str, first: date) -> str:
    try:
        services.refuse_span(span, first, timezone.now())
    except CannotKeep as refusal:
        return str(refusal)
    return ""


def _tables(rows: Iterable[Row], first: date) -> dict[str, Any]:
    """The tables of a sheet as a page shows them."""
    parts = [
        {
            "title": part.title,
            "groups": [
                {
                    "title": group.title,
                    "lines": [
                        {"name": line.name, "figures": [list(map(prints.shown, one)) for one in line.cells]}
                        for line in group.lines
                    ],
                }
                for group in part.groups
            ],
        }
        for part in prints.parts(rows)
    ]
    return {"parts": parts, "columns": prints.columns(), "years": prints.years(first)}


def _differences(found: StatisticsSheet) -> list[Table]:
    if not found.corrects:
        return []
    rows = prints.difference_rows(rules.differences_of(found.figures))
    return [Table(_("What this sheet corrects"), prints.difference_columns(), rows)]


def _ways(request: Request, found: StatisticsSheet, *, is_corrected: bool) -> list[Action]:
    ways = []
    if request.user.has_perm(MAKE) and not is_corrected:
        ways.append(Action(_("Correct it"), reverse("claims:statistics_correct", args=[found.pk]), "Alt+R"))
    print_it = Action(_("Print"), reverse("claims:statistics_print", args=[found.pk]), "Alt+P")
    return [*ways, print_it, Action(_("Excel"), reverse("claims:statistics_workbook", args=[found.pk]), "Alt+X")]


def _sheet(pk: int) -> StatisticsSheet:
    return get_object_or_404(StatisticsSheet.objects.select_related(*TOLD), pk=pk)
