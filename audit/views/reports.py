"""Reports: the list, one as it was frozen; drawn up, issued, sent back; on paper and as a workbook."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_POST

from audit.filters.engagements import AuditReportFilter
from audit.forms.engagements import ReportForm, WhyForm
from audit.models import AuditReport, Engagement
from audit.prints import reports as prints
from audit.services import reports as services
from audit.services.auditing import REPORT, is_named
from audit.tables.engagements import AuditReportTable
from audit.views.engagements import PAPERS, address_of, engagement_of
from audit.views.pages import Action, Page, Table, done, form_view, moment, shown, state_of
from office import sheets
from office.access import Request
from office.pages.downloads import paper
from office.pages.lists import ListPage

VIEW = "audit.view_auditreport"
State = AuditReport.State


def _seen(request: Request) -> QuerySet[AuditReport]:
    """Reports of the bodies in somebody's sight; whoever audits nothing sees those that are issued."""
    of = Engagement.objects.visible_to(request.user, VIEW)
    found = AuditReport.objects.filter(engagement__in=of)
    return found if request.user.has_perm(PAPERS) else found.filter(state=State.ISSUED)


class AuditReportList(ListPage):
    permission_required = VIEW
    page_title = gettext_lazy("Audit reports")
    table_class = AuditReportTable
    filterset_class = AuditReportFilter

    def get_queryset(self) -> QuerySet[Any]:
        return _seen(self.request).select_related("engagement", "made_by", "issued_by").order_by("-pk")


def report_of(request: Request, pk: int) -> AuditReport:
    """A report in somebody's sight; else 404."""
    return get_object_or_404(_seen(request).select_related("engagement", "made_by", "issued_by"), pk=pk)


def _address(found: AuditReport) -> str:
    return reverse("audit:report", args=[found.pk])


@permission_required(VIEW, raise_exception=True)
def report(request: Request, pk: int) -> HttpResponse:
    """One report, as it was frozen."""
    found = report_of(request, pk)
    content = found.content
    facts: list[tuple[str, object]] = [
        *prints.facts(content),
        (_("opinion on the whole"), content["opinion"]),
        *([(_("advice"), content["advice"])] if content["advice"] else []),
        (pgettext("audit", "drawn up by"), f"{found.made_by} · {moment(found.made_at)}"),
        *([(_("issued or sent back by"), f"{found.issued_by} · {moment(found.issued_at)}")] if found.issued_by else []),
        *([(pgettext("audit", "reason"), found.reason)] if found.reason else []),
        ("SHA-256", found.sha256),
    ]
    page = Page(
        subject=found,
        title=_("Audit report %(number)s") % {"number": found},
        back=(_("Audit reports"), reverse("audit:reports")),
        state=state_of(found),
        facts=facts,
        notices=[] if services.is_whole(found) else [_("This report is not what it was when it was drawn up.")],
        tables=[
            Table(
                pgettext("audit", "Findings"),
                prints.finding_columns(content),
                prints.finding_rows(content),
                figures=tuple(range(3, 3 + len(prints.sums_of(content)))),
            ),
            Table(_("Measures"), prints.measure_columns(), prints.measure_rows(content)),
        ],
        actions=_ways(request, found),
        links={_("engagement"): address_of(found.engagement)},
    )
    return shown(request, page)


def _ways(request: Request, found: AuditReport) -> list[Action]:
    ways = [
        Action(_("Print"), reverse("audit:report_print", args=[found.pk]), "Alt+P"),
        Action(_("Excel"), reverse("audit:report_workbook", args=[found.pk]), "Alt+X"),
    ]
    by = request.user
    decides = found.made_by_id != by.pk and by.has_perm(REPORT) and is_named(found.engagement, by)
    if found.state == State.DRAWN_UP and decides:
        issue = reverse("audit:report_issue", args=[found.pk])
        ways.insert(0, Action(_("Issue it"), issue, "F2", posts=True, first=True))
        ways.insert(1, Action(_("Send it back"), reverse("audit:report_send_back", args=[found.pk])))
    return ways


@permission_required(REPORT, raise_exception=True)
def new(request: Request, pk: int) -> HttpResponse:
    """Draw up the report of an engagement."""
    of = engagement_of(request, pk)

    def do(form: ReportForm) -> tuple[str, str]:
        made = services.draw_up(engagement=of, by=request.user, at=timezone.now(), **form.cleaned_data)
        return _address(made), _("Report %(number)s waits to be issued by another person.") % {"number": made}

    return form_view(
        request,
        title=_("Draw up the report of %(number)s") % {"number": of},
        submit=pgettext("audit", "Draw it up"),
        back=address_of(of),
        form=lambda page: ReportForm(page.data),
        do=do,
    )


@require_POST
@permission_required(REPORT, raise_exception=True)
def issue(request: Request, pk: int) -> HttpResponse:
    """Issue a report that somebody else drew up."""
    found = report_of(request, pk)

    def do() -> str:
        services.issue(report=found, by=request.user, at=timezone.now())
        return _("Report %(number)s is issued.") % {"number": found}

    return done(request, do, _address(found))


@permission_required(REPORT, raise_exception=True)
def send_back(request: Request, pk: int) -> HttpResponse:
    """Send a report back."""
    found = report_of(request, pk)

    def do(form: WhyForm) -> tuple[str, str]:
        services.send_back(report=found, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())
        return _address(found), _("Sent back.")

    return form_view(
        request,
        title=_("Send report %(number)s back") % {"number": found},
        submit=_("Send it back"),
        back=_address(found),
        form=lambda page: WhyForm(page.data),
        do=do,
    )


@permission_required(VIEW, raise_exception=True)
def print_report(request: Request, pk: int) -> HttpResponse:
    """The report (审计报告) on A4: the same bytes each time, of the moment at which it was drawn up."""
    found = report_of(request, pk)
    return paper(request, lambda: prints.report(found), name=f"{found.number}.pdf", back=_address(found))


@permission_required(VIEW, raise_exception=True)
def workbook(request: Request, pk: int) -> HttpResponse:
    """The findings and measures of a report as a workbook."""
    found = report_of(request, pk)
    content = sheets.workbook(prints.workbook_header(found.content), prints.workbook_rows(found.content))
    response = HttpResponse(content, content_type=sheets.XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="{found.number}.xlsx"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
