"""Injury inquiries: the list, a statement, visits, the conclusion, the sheet on paper."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.filters.before import InjuryFilter
from claims.forms.before import ConclusionForm, InjuryForm, VisitForm
from claims.models import InjuryConclusion, InjuryInquiry
from claims.prints import before as prints
from claims.selectors import lists
from claims.services import injuries
from claims.tables.before import InjuryTable, said_of_injury
from claims.views import before
from office import deciding
from office.access import Request
from office.pages import records
from office.pages.downloads import paper
from office.pages.forms import FormPage
from office.pages.lists import ListPage
from office.pages.records import Action, Page, Table

VIEW = "claims.view_injuryinquiry"


class InjuryList(ListPage):
    permission_required = VIEW
    page_title = gettext_lazy("Injury inquiries")
    queryset = lists.inquiries()
    table_class = InjuryTable
    filterset_class = InjuryFilter

    def page_actions(self) -> list[dict[str, str]]:
        if not self.request.user.has_perm(injuries.RIGHT):
            return []
        return [{"label": _("Open an inquiry"), "url": reverse("claims:injury_open"), "key": "Alt+N"}]


@permission_required(injuries.RIGHT, raise_exception=True)
def open_inquiry(request: Request) -> HttpResponse:
    """Write a statement down."""
    page = FormPage(
        request,
        title=_("Injury as the person states it"),
        submit=_("Open the inquiry"),
        cancel_url=reverse("claims:injuries"),
    )
    form = InjuryForm(page.data, person=request.user, member=before.of_member(request))
    opened = before.sent(
        page,
        form,
        "injury.opened",
        lambda: injuries.open_inquiry(said=injuries.Statement(**form.cleaned_data), by=request.user, at=timezone.now()),
    )
    if opened is None:
        return page.render(form)
    messages.success(request, _("%(number)s is open: two people go there.") % {"number": opened})
    return redirect("claims:injury", opened.pk)


@permission_required(VIEW, raise_exception=True)
def injury(request: Request, pk: int) -> HttpResponse:
    """One inquiry: the statement, the visits, what was concluded."""
    found = _inquiry(request, pk)
    visits = list(found.visits.select_related("first", "second"))
    conclusions = list(found.conclusions.select_related("proposed_by"))
    seen = [(one.on.isoformat(), f"{one.first}、{one.second}", one.spoken_to, one.words) for one in visits]
    said = [
        (one, one.liable_party or _("nobody else"), one.words, one.proposed_by, one.get_state_display())
        for one in conclusions
    ]
    page = Page(
        subject=found,
        title=_("Injury inquiry %(number)s") % {"number": found},
        back=(_("Injury inquiries"), reverse("claims:injuries")),
        state=said_of_injury(found),
        facts=[
            *before.about(found.member),
            (_("scheme"), found.scheme),
            (_("injured on"), f"{found.injured_on.isoformat()} · {found.place}"),
            (_("cause stated"), found.get_cause_display()),
            (_("what happened, as stated"), found.statement),
            (_("stated by"), f"{found.stated_by} · {found.stated_on.isoformat()}"),
            (_("witnesses"), found.witnesses or "—"),
            (_("proof of the village or the police"), found.proof or "—"),
            (_("phone"), found.phone or "—"),
            (_("entered by"), f"{found.entered_by} · {found.body}"),
        ],
        tables=[
            Table(
                _("Visits"),
                [_("day"), _("visited by"), _("spoken to"), _("what was found")],
                seen,
                _("Nobody has gone there yet."),
            ),
            Table(
                _("Conclusions"),
                [_("conclusion"), _("who is liable"), _("grounds"), _("conclusion by"), _("state")],
                said,
                _("Nothing is concluded yet."),
            ),
        ],
        actions=_ways(request, found, has_visits=bool(visits)),
        decided=conclusions[0] if conclusions else None,
    )
    return records.shown(request, page)


@permission_required(injuries.VISIT, raise_exception=True)
def visit(request: Request, pk: int) -> HttpResponse:
    """Two people went there."""
    found = _inquiry(request, pk)
    back = reverse("claims:injury", args=[pk])
    page = FormPage(request, title=_("Visit for %(number)s") % {"number": found}, submit=_("Note it"), cancel_url=back)
    form = VisitForm(page.data, person=request.user)
    noted = before.sent(
        page,
        form,
        "injury.visited",
        lambda: injuries.note_visit(inquiry=found, by=request.user, at=timezone.now(), **form.cleaned_data),
    )
    return page.render(form) if noted is None else redirect(back)


@permission_required(injuries.CONCLUDE, raise_exception=True)
def conclude(request: Request, pk: int) -> HttpResponse:
    """Write what it comes to; somebody else decides it."""
    found = _inquiry(request, pk)
    back = reverse("claims:injury", args=[pk])
    page = FormPage(
        request,
        title=_("Conclusion of %(number)s") % {"number": found},
        submit=_("Give it to be decided"),
        cancel_url=back,
    )
    form = ConclusionForm(page.data)

    def save() -> InjuryConclusion:
        typed = {**form.cleaned_data, "payable": form.cleaned_data["payable"] == "yes"}
        return injuries.conclude(inquiry=found, by=request.user, at=timezone.now(), **typed)

    written = before.sent(page, form, "injury.concluded", save)
    if written is None:
        return page.render(form)
    messages.success(request, _("Somebody else decides it."))
    return redirect(deciding.page_of(deciding.rounds_of(written).latest("pk")))


@permission_required(VIEW, raise_exception=True)
def print_page(request: Request, pk: int) -> HttpResponse:
    """The inquiry sheet on paper."""
    found = _inquiry(request, pk)
    back = reverse("claims:injury", args=[pk])
    return paper(request, lambda: prints.inquiry(found, at=timezone.now()), name=f"{found.number}.pdf", back=back)


def _ways(request: Request, found: InjuryInquiry, *, has_visits: bool) -> list[Action]:
    ways = [Action(_("Print"), reverse("claims:injury_print", args=[found.pk]), "Alt+P")]
    said: str | None = found.conclusion  # type: ignore[attr-defined]  # annotated
    if said is None and has_visits and request.user.has_perm(injuries.CONCLUDE):
        url = reverse("claims:injury_conclude", args=[found.pk])
        ways.insert(0, Action(_("Conclude"), url, "Alt+C", first=True))
    if said != InjuryConclusion.State.CONFIRMED and request.user.has_perm(injuries.VISIT):
        ways.insert(0, Action(_("Note a visit"), reverse("claims:injury_visit", args=[found.pk]), "Alt+V"))
    return ways


def _inquiry(request: Request, pk: int) -> InjuryInquiry:
    seen = lists.inquiries().visible_to(request.user).select_related("scheme", "body", "entered_by")
    found: InjuryInquiry = get_object_or_404(seen, pk=pk)
    return found
