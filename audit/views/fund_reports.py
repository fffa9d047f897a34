"""The report from the books, and the check of a report's text: every number that a formula can check, marked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit import report_words
from audit.filters.reports import ReportTextFilter
from audit.forms.reports import SpanForm, TextForm
from audit.models import ReportText
from audit.prints import fund_reports as prints
from audit.rules import report_check
from audit.rules.report_check import Checked
from audit.rules.report_findings import Finding, text
from audit.selectors import fund_reports as reports
from audit.selectors.fund_reports import OfScheme
from audit.services import report_texts
from audit.services.report_texts import RIGHT, CannotKeepText
from audit.tables.reports import ReportTextTable
from enrollment.prints.bulletin import issuer
from funds.selectors import indicators
from funds.selectors.indicators import UnknownYear
from office import trail
from office.access import Request
from office.pages.downloads import paper
from office.pages.forms import FormPage
from office.pages.lists import ListPage
from office.rules import days

VIEW: Final = "audit.view_reporttext"
Span = ReportText.Span


@permission_required(VIEW, raise_exception=True)
def report(request: Request) -> HttpResponse:
    """The report of a span from the books, beside what a text of that span states."""
    today = days.business_day(timezone.now())
    known = indicators.years(today)
    asked = {"year": str(known[0]) if known else "", "span": str(Span.YEAR)} | request.GET.dict()
    form = SpanForm(asked, years=known)
    context: dict[str, Any] = {"page_title": _("Report from the books"), "form": form}
    if form.is_valid():
        year, span = int(form.cleaned_data["year"]), form.cleaned_data["span"]
        parts = reports.of_span(year, span, today)
        beside = reports.text_of(year, span)
        context |= {
            "page_title": prints.title(year, span),
            "sections": prints.sections(parts),
            "rows": prints.rows(parts, _compared(beside, parts)),
            "beside": beside,
            "year": year,
            "span": span,
            "last": max(one.last for one in parts),
        }
    return render(request, "audit/fund_report.html", context)


@permission_required(VIEW, raise_exception=True)
def report_print(request: Request, year: int, span: str) -> HttpResponse:
    """The same on paper."""
    if span not in Span.values:
        raise Http404
    now = timezone.now()
    try:
        parts = reports.of_span(year, span, days.business_day(now))
    except UnknownYear as fault:
        raise Http404 from fault

    def make() -> bytes:
        made = prints.printed(parts, _compared(reports.text_of(year, span), parts), year=year, span=span, at=now)
        trail.record("report.printed", None, by=request.user, at=now, right=VIEW, year=year, span=span)
        return made

    return paper(request, make, name=f"report-{year}-{span}.pdf", back="audit:fund_report")


class ReportTextList(ListPage):
    """Texts that were given in to be checked."""

    permission_required = VIEW
    page_title = gettext_lazy("Report check")
    queryset = ReportText.objects.select_related("given_by").defer("text")
    table_class = ReportTextTable
    filterset_class = ReportTextFilter

    def page_actions(self) -> Sequence[dict[str, str]]:
        """Give a text in."""
        if not self.request.user.has_perm(RIGHT):
            return []
        return [{"label": _("Give a text in"), "url": reverse("audit:report_text_new"), "key": "Alt+N"}]


@permission_required(RIGHT, raise_exception=True)
def report_text_new(request: Request) -> HttpResponse:
    """Give a report's text in; what comes of its numbers is the next page."""
    now = timezone.now()
    page = FormPage(
        request,
        title=_("Check a report's text"),
        submit=_("Check it"),
        cancel_url=reverse("audit:report_texts"),
    )
    form = TextForm(page.data, initial={"year": days.business_day(now).year})
    if page.is_sent and form.is_valid():
        try:
            kept = report_texts.keep(**form.cleaned_data, by=request.user, at=now)
        except CannotKeepText as refusal:
            page.refuse(form, refusal.field, refusal, act="report-text.kept")
        else:
            return redirect("audit:report_text", kept.pk)
    return page.render(form)


@permission_required(VIEW, raise_exception=True)
def report_text(request: Request, pk: int) -> HttpResponse:
    """What comes of a text's numbers: errors first, then all of them, the text with its marks, the books beside."""
    kept = get_object_or_404(ReportText.objects.select_related("given_by"), pk=pk)
    checked = report_check.check(kept.text)
    try:
        parts = reports.of_span(kept.year, kept.span, days.business_day(timezone.now()))
    except UnknownYear:
        parts = []
    context = {
        "page_title": kept.title,
        "kept": kept,
        "tallies": _tallies(checked),
        "errors": [_shown(one) for one in checked.errors],
        "findings": [_shown(one) for one in checked.findings if not one.is_error],
        "repeated": checked.repeated,
        "pieces": _pieces(kept.text, checked),
        "rows": prints.rows(parts, reports.beside(kept.text, parts, issuer())),
        "subject_id": kept.pk,
    }
    return render(request, "audit/report_text.html", context)


def _compared(kept: ReportText | None, parts: Sequence[OfScheme]) -> Sequence[Any]:
    return reports.beside(kept.text, parts, issuer()) if kept is not None else []


def _tallies(checked: Checked) -> list[tuple[str, str, int]]:
    """How many numbers stand in which way: tone, words, count."""
    counts = dict.fromkeys(report_words.STATUSES, 0)
    for one in checked.findings:
        counts[one.status] += 1
    known = report_words.STATUSES
    return [(known[one][0], str(known[one][1]), many) for one, many in counts.items() if many]


def _shown(one: Finding) -> dict[str, Any]:
    """A finding as the page shows it."""
    tone, words, meaning = report_words.STATUSES[one.status]
    unit = text(one.stated).removeprefix(one.stated.digits)
    return {
        "place": one.place,
        "figure": report_words.FIGURES[one.code],
        "clause": one.stated.clause[-24:],
        "stated": text(one.stated),
        "computed": "" if one.computed is None or one.status == "missing" else f"{one.computed}",
        "implied": one.computed if one.status == "missing" else None,
        "unit": unit,
        "shown": one.shown,
        "basis": report_words.BASES[one.basis],
        "tone": tone,
        "words": words,
        "meaning": meaning,
        "anchor": f"n{one.stated.start}",
    }


def _pieces(whole: str, checked: Checked) -> list[tuple[str, str, str, str]]:
    """The text cut into pieces: words, the tone of the mark over a number, its meaning, its anchor."""
    pieces, place = [], 0
    marked: dict[int, Finding] = {}
    for one in checked.findings:
        known = marked.get(one.stated.start)
        if known is None or (one.is_error and not known.is_error):
            marked[one.stated.start] = one
    for start, one in sorted(marked.items()):
        end = one.stated.end
        if start < place:
            continue
        tone, words, _meaning = report_words.STATUSES[one.status]
        pieces += [(whole[place:start], "", "", ""), (whole[start:end], tone, str(words), f"n{start}")]
        place = end
    return [*pieces, (whole[place:], "", "", "")]
