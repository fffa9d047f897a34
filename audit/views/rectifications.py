"""Measures (整改销号台账): the list, on paper too; one with evidence, checks, reminders; handed in, checked."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from audit.filters.engagements import RectificationFilter
from audit.forms.engagements import EvidenceForm
from audit.forms.findings import AgainForm, HandInForm, MeasureCheckForm, MeasureForm
from audit.models import Finding, Rectification, RectificationReminder
from audit.prints import findings as prints
from audit.selectors.findings import with_money
from audit.services import evidence
from audit.services import rectifying as services
from audit.services.auditing import CHECK, DRAFT, RECTIFY
from audit.tables.engagements import RectificationTable
from audit.views.findings import address_of as finding_address
from audit.views.findings import finding_of
from audit.views.pages import Action, Page, Table, evidence_table, form_view, moment, shown, state_of
from office.access import Request
from office.pages.downloads import paper
from office.pages.lists import ListPage
from office.rules import days

VIEW = "audit.view_rectification"
State = Rectification.State
KNOWN = ("finding__engagement", "asked_by", "handed_in_by", "checked_by")


class RectificationList(ListPage):
    permission_required = VIEW
    page_title = gettext_lazy("Register of rectification")
    table_class = RectificationTable
    filterset_class = RectificationFilter

    def get_queryset(self) -> QuerySet[Any]:
        told = RectificationReminder.objects.filter(rectification=OuterRef("pk")).order_by().values("rectification")
        reminded = Coalesce(Subquery(told.annotate(count=Count("pk")).values("count")), 0)
        seen = with_money(Rectification.objects.visible_to(self.request.user), "finding").annotate(reminded=reminded)
        found: QuerySet[Any] = seen.select_related("finding", "checked_by").order_by("due_on", "pk")
        return found

    def page_actions(self) -> list[dict[str, str]]:
        way = f"{reverse('audit:rectifications_print')}?{self.request.GET.urlencode()}"
        return [{"label": _("Print the register"), "url": way, "key": "Alt+P"}]

    def totals(self, found: QuerySet[Any]) -> list[tuple[str, str]]:
        today = days.business_day(timezone.now())
        counted = [
            (_("Overdue"), found.filter(state=State.OPEN, due_on__lt=today)),
            (_("To be checked"), found.filter(state=State.HANDED_IN)),
            (_("Closed"), found.filter(state=State.CLOSED)),
        ]
        return [*super().totals(found), *((label, f"{some.order_by().count():,}") for label, some in counted)]


@permission_required(VIEW, raise_exception=True)
def print_list(request: Request) -> HttpResponse:
    """The register (整改销号台账) as it is filtered, on paper."""
    page = RectificationList()
    page.setup(request)
    rows = list(page.found().select_related("finding__engagement"))
    back = reverse("audit:rectifications")
    return paper(request, lambda: prints.register(rows, at=timezone.now()), name="rectification.pdf", back=back)


def rectification_of(request: Request, pk: int) -> Rectification:
    """A measure in somebody's sight; else 404."""
    return get_object_or_404(Rectification.objects.visible_to(request.user).select_related(*KNOWN), pk=pk)


def _address(found: Rectification) -> str:
    return reverse("audit:rectification", args=[found.pk])


@permission_required(VIEW, raise_exception=True)
def rectification(request: Request, pk: int) -> HttpResponse:
    """One measure."""
    found = rectification_of(request, pk)
    today = days.business_day(timezone.now())
    late = found.state == State.OPEN and found.due_on < today
    page = Page(
        subject=found,
        title=_("Measure %(number)s") % {"number": found},
        back=(_("Register of rectification"), reverse("audit:rectifications")),
        state=("failed", _("overdue")) if late else state_of(found),
        facts=_facts(found),
        tables=[evidence_table(_evidence(found)), _checks(found), _reminders(found)],
        actions=_ways(request, found),
        links={pgettext("audit", "finding"): finding_address(found.finding)},
    )
    return shown(request, page)


def _facts(found: Rectification) -> list[tuple[str, object]]:
    told: list[tuple[str, object]] = [
        (_("engagement"), f"{found.finding.engagement} {found.finding.engagement.title}"),
        (pgettext("audit", "finding"), f"{found.finding} {found.finding.title}"),
        (_("measure"), found.measure),
        (_("who carries it out"), found.responsible),
        (pgettext("audit", "due on"), found.due_on),
        (_("turn"), found.turn),
        (pgettext("audit", "asked for by"), f"{found.asked_by} · {moment(found.asked_at)}"),
        (pgettext("audit", "what was done"), found.result),
        (
            pgettext("audit", "handed in by"),
            f"{found.handed_in_by} · {moment(found.handed_in_at)}" if found.handed_in_by else "",
        ),
        (
            pgettext("audit", "checked by"),
            f"{found.checked_by} · {moment(found.checked_at)}" if found.checked_by else "",
        ),
        (_("remark of the check"), found.remark),
    ]
    return [(label, value) for label, value in told if value]


def _evidence(found: Rectification) -> QuerySet[Any]:
    return found.evidence.select_related("attachment", "added_by")


def _checks(found: Rectification) -> Table:
    rows = [
        [moment(one.checked_at), one.turn, one.get_outcome_display(), str(one.checked_by), one.words]
        for one in found.checks.select_related("checked_by")
    ]
    header = [pgettext("audit", "checked at"), _("turn"), _("outcome"), pgettext("audit", "checked by"), _("in words")]
    return Table(_("Checks"), header, rows, _("Nobody has checked it yet."))


def _reminders(found: Rectification) -> Table:
    rows = [[one.on, one.get_kind_display(), one.days] for one in found.reminders.all()]
    header = [_("reminded on"), _("kind"), _("days until it was due")]
    return Table(pgettext("audit", "Reminders"), header, rows, _("Nobody was reminded of it yet."), figures=(2,))


def _ways(request: Request, found: Rectification) -> list[Action]:
    has, ways = request.user.has_perm, []
    if has(RECTIFY) and found.state == State.OPEN and found.finding.state == Finding.State.FINAL:
        ready = found.evidence.filter(turn=found.turn).exists()
        ways.append(_to("rectification_evidence", _("Add evidence"), found, "Alt+G", first=not ready))
        ways.append(_to("rectification_hand_in", _("Hand it in"), found, "Alt+S", first=ready))
    if has(CHECK) and found.state == State.HANDED_IN and services.may_check(found, request.user):
        ways.append(_to("rectification_check", pgettext("audit", "Check it"), found, "Alt+C", first=True))
    if has(CHECK) and found.state == State.CLOSED and found.finding.state == Finding.State.FINAL:
        ways.append(_to("rectification_reopen", pgettext("audit", "Open it again"), found))
    return ways


def _to(name: str, label: str, found: Rectification, key: str = "", *, first: bool = False) -> Action:
    return Action(label, reverse(f"audit:{name}", args=[found.pk]), key, first=first)


@permission_required(DRAFT, raise_exception=True)
def new(request: Request, pk: int) -> HttpResponse:
    """Ask for a measure of a finding."""
    of = finding_of(request, pk)

    def do(form: MeasureForm) -> tuple[str, str]:
        made = services.ask(finding=of, stated=form.told(), by=request.user, at=timezone.now())
        return finding_address(of), _("Measure %(number)s waits for the office.") % {"number": made}

    return form_view(
        request,
        title=_("Ask for a measure of %(number)s") % {"number": of},
        submit=pgettext("audit", "Ask for it"),
        back=finding_address(of),
        form=lambda page: MeasureForm(page.data, initial={"responsible": of.responsible}),
        do=do,
    )


@permission_required(RECTIFY, raise_exception=True)
def add_evidence(request: Request, pk: int) -> HttpResponse:
    """Keep a file that shows that a measure was carried out."""
    found = rectification_of(request, pk)

    def do(form: EvidenceForm) -> tuple[str, str]:
        evidence.add_to_rectification(rectification=found, stated=form.told(), by=request.user, at=timezone.now())
        return _address(found), _("The file is kept.")

    return form_view(
        request,
        title=_("Add evidence to %(number)s") % {"number": found},
        submit=_("Keep it"),
        back=_address(found),
        form=lambda page: EvidenceForm(page.data, page.files),
        do=do,
    )


@permission_required(RECTIFY, raise_exception=True)
def hand_in(request: Request, pk: int) -> HttpResponse:
    """Say that a measure was carried out."""
    found = rectification_of(request, pk)

    def do(form: HandInForm) -> tuple[str, str]:
        result = form.cleaned_data["result"]
        services.hand_in(rectification=found, result=result, by=request.user, at=timezone.now())
        return _address(found), _("Handed in: somebody else checks it.")

    return form_view(
        request,
        title=_("Hand measure %(number)s in") % {"number": found},
        submit=_("Hand it in"),
        back=_address(found),
        form=lambda page: HandInForm(page.data),
        do=do,
    )


@permission_required(CHECK, raise_exception=True)
def check(request: Request, pk: int) -> HttpResponse:
    """Close a measure, or send it back."""
    found = rectification_of(request, pk)

    def do(form: MeasureCheckForm) -> tuple[str, str]:
        told = {"rectification": found, "words": form.cleaned_data["words"], "by": request.user, "at": timezone.now()}
        if form.cleaned_data["outcome"] == "closed":
            services.close(**told)
            return _address(found), _("The measure is closed.")
        services.send_back(**told, due_on=form.cleaned_data["due_on"])
        return _address(found), _("The measure is to be carried out again.")

    return form_view(
        request,
        title=_("Check measure %(number)s") % {"number": found},
        submit=_("Save"),
        back=_address(found),
        form=lambda page: MeasureCheckForm(page.data),
        do=do,
    )


@permission_required(CHECK, raise_exception=True)
def reopen(request: Request, pk: int) -> HttpResponse:
    """Open a closed measure again."""
    found = rectification_of(request, pk)

    def do(form: AgainForm) -> tuple[str, str]:
        services.reopen(rectification=found, by=request.user, at=timezone.now(), **form.cleaned_data)
        return _address(found), _("The measure is to be carried out again.")

    return form_view(
        request,
        title=_("Open measure %(number)s again") % {"number": found},
        submit=pgettext("audit", "Open it again"),
        back=_address(found),
        form=lambda page: AgainForm(page.data),
        do=do,
    )
