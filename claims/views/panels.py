"""Sessions of the expert panel: the list, the minutes with what waits, one finding, given to be confirmed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from claims.filters.before import PanelFilter
from claims.forms.before import FindingForm, PanelForm
from claims.models import CertificateApplication, ExpertPanel
from claims.prints import before as prints
from claims.prints.days import shown_days
from claims.services import panels
from claims.tables.before import PanelTable
from claims.views import before
from enrollment.services.keeping import CannotKeep
from office import trail
from office.access import Request
from office.pages import records
from office.pages.downloads import paper
from office.pages.forms import FormPage
from office.pages.lists import ListPage
from office.pages.records import Action, Page, Table

VIEW = "claims.view_expertpanel"
TONES = {"open": "running", "proposed": "waiting", "confirmed": "done"}


class PanelList(ListPage):
    permission_required = VIEW
    page_title = gettext_lazy("Expert panels")
    queryset = (
        ExpertPanel.objects.select_related("scheme", "entered_by").annotate(found=Count("findings")).order_by("-pk")
    )
    table_class = PanelTable
    filterset_class = PanelFilter

    def page_actions(self) -> list[dict[str, str]]:
        if not self.request.user.has_perm(panels.RIGHT):
            return []
        return [{"label": _("Begin minutes"), "url": reverse("claims:panel_hold"), "key": "Alt+N"}]


@permission_required(panels.RIGHT, raise_exception=True)
def hold(request: Request) -> HttpResponse:
    """Begin the minutes of a session."""
    page = FormPage(
        request,
        title=_("Hold a session of the expert panel"),
        submit=_("Begin minutes"),
        cancel_url=reverse("claims:panels"),
    )
    form = PanelForm(page.data)
    held = before.sent(
        page,
        form,
        "expert-panel.held",
        lambda: panels.hold(by=request.user, at=timezone.now(), **form.cleaned_data),
    )
    return page.render(form) if held is None else redirect("claims:panel", held.pk)


@permission_required(VIEW, raise_exception=True)
def panel(request: Request, pk: int) -> HttpResponse:
    """The minutes: what was found of each application, and while they are open what still waits."""
    found = _panel(pk)
    is_open = found.state == ExpertPanel.State.OPEN and request.user.has_perm(panels.RIGHT)
    findings = panels.findings_of(found)
    known = {one.application_id for one in findings}
    rows = [
        (
            _name(found, one.application, is_open=is_open),
            one.application.member.name,
            one.get_outcome_display(),
            one.disease,
            shown_days(one.valid) if one.valid else "—",
            one.words or "—",
        )
        for one in findings
    ]
    header = [_("application"), _("person"), _("finding"), _("disease"), _("valid"), _("in words")]
    tables = [Table(_("What the panel found"), header, rows, _("The panel has found nothing yet."))]
    if is_open:
        waiting = _waiting(found).exclude(pk__in=known)
        rows_of = [(_name(found, one, is_open=True), one.member.name, one.disease, one.hospital) for one in waiting]
        titles = [_("application"), _("person"), _("disease"), _("diagnosed by")]
        tables.append(Table(_("Waits for the panel"), titles, rows_of, _("No application waits.")))
    page = Page(
        subject=found,
        title=_("Expert panel of %(day)s") % {"day": found.held_on.isoformat()},
        back=(_("Expert panels"), reverse("claims:panels")),
        state=(TONES.get(found.state, ""), found.get_state_display()),
        facts=[
            (_("scheme"), found.scheme),
            (_("place of the session"), found.place),
            (_("experts"), found.experts),
            (_("minutes by"), found.entered_by),
        ],
        tables=tables,
        actions=_ways(found, is_open=is_open, has_findings=bool(findings)),
        decided=found,
    )
    return records.shown(request, page)


@permission_required(panels.RIGHT, raise_exception=True)
def find(request: Request, pk: int, application: int) -> HttpResponse:
    """Write down what the panel found of one application."""
    found = _panel(pk)
    asked = get_object_or_404(_waiting(found), pk=application)
    back = reverse("claims:panel", args=[pk])
    title = _("%(name)s, %(disease)s") % {"name": asked.member.name, "disease": asked.disease}
    page = FormPage(request, title=title, submit=_("Write it down"), cancel_url=back)
    form = FindingForm(page.data, panel=found, application=asked)
    written = before.sent(
        page,
        form,
        "expert-panel.found",
        lambda: panels.find(
            panel=found,
            application=asked,
            finding=panels.Finding(**form.cleaned_data),
            by=request.user,
            at=timezone.now(),
        ),
    )
    return page.render(form) if written is None else redirect(back)


@require_POST
@permission_required(panels.RIGHT, raise_exception=True)
def propose(request: Request, pk: int) -> HttpResponse:
    """Give the minutes to whoever confirms them."""
    return _done(request, pk, "expert-panel.proposed", panels.propose, _("The minutes wait to be confirmed."))


@require_POST
@permission_required(panels.RIGHT, raise_exception=True)
def withdraw(request: Request, pk: int) -> HttpResponse:
    """The session did not take place."""
    return _done(request, pk, "expert-panel.withdrawn", panels.withdraw, _("The minutes are taken back."))


@permission_required(VIEW, raise_exception=True)
def print_page(request: Request, pk: int) -> HttpResponse:
    """The minutes on paper, to be signed by the experts."""
    found = _panel(pk)
    back = reverse("claims:panel", args=[pk])
    return paper(request, lambda: prints.minutes(found, at=timezone.now()), name=f"panel-{pk}.pdf", back=back)


def _done(request: Request, pk: int, act: str, do: Any, words: str) -> HttpResponse:
    found = _panel(pk)
    try:
        do(panel=found, by=request.user, at=timezone.now())
    except CannotKeep as refusal:
        messages.error(request, str(refusal))
        trail.refused(act, found, by=request.user, at=timezone.now(), reason=str(refusal))
    else:
        messages.success(request, words)
    return redirect("claims:panel", pk)


def _ways(found: ExpertPanel, *, is_open: bool, has_findings: bool) -> list[Action]:
    ways = [Action(_("Print"), reverse("claims:panel_print", args=[found.pk]), "Alt+P")]
    if is_open:
        ways.append(Action(_("Take it back"), reverse("claims:panel_withdraw", args=[found.pk]), posts=True))
        if has_findings:
            url = reverse("claims:panel_propose", args=[found.pk])
            ways.insert(0, Action(_("Give it to be confirmed"), url, "F2", posts=True, first=True))
    return ways


def _name(found: ExpertPanel, asked: CertificateApplication, *, is_open: bool) -> object:
    if not is_open:
        return asked
    return format_html('<a href="{}">{}</a>', reverse("claims:panel_find", args=[found.pk, asked.pk]), asked)


def _waiting(found: ExpertPanel) -> Any:
    checked = CertificateApplication.objects.filter(state=CertificateApplication.State.CHECKED, scheme=found.scheme_id)
    return checked.select_related("member", "disease").order_by("pk")


def _panel(pk: int) -> ExpertPanel:
    return get_object_or_404(ExpertPanel.objects.select_related("scheme", "entered_by"), pk=pk)
