"""Engagements: the list, one with its people, papers and findings; planned, noticed, given up, closed."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext
from django.views.decorators.http import require_POST

from audit.filters.engagements import EngagementFilter
from audit.forms.engagements import ChangeForm, EngagementForm, NoticeForm, WhyForm
from audit.models import Engagement, EngagementMember, Finding, TakenOff
from audit.prints import engagements as prints
from audit.selectors import own_work
from audit.selectors.findings import with_money
from audit.services import engagements as services
from audit.services.auditing import PLAN, is_named
from audit.tables.engagements import EngagementTable
from audit.views.pages import Action, Page, Table, done, form_view, link, moment, shown, state_of
from office.access import Request
from office.pages.downloads import paper
from office.pages.lists import ListPage
from office.rules import money

VIEW = "audit.view_engagement"
PAPERS = "audit.view_workpaper"
State = Engagement.State
KNOWN = ("body", "scheme", "lead", "leaver", "made_by")


class EngagementList(ListPage):
    permission_required = VIEW
    page_title = gettext_lazy("Engagements")
    table_class = EngagementTable
    filterset_class = EngagementFilter

    def get_queryset(self) -> QuerySet[Any]:
        person = self.request.user
        told = Q() if person.has_perm(PAPERS) else Q(findings__state__in=Finding.TOLD)
        counted = Count("findings", filter=told & ~Q(findings__state="dropped"))
        seen = Engagement.objects.visible_to(person).annotate(found=counted)
        return seen.select_related("body", "scheme", "lead").order_by("-pk")

    def page_actions(self) -> list[dict[str, str]]:
        if not self.request.user.has_perm(PLAN):
            return []
        return [{"label": _("Plan an engagement"), "url": reverse("audit:engagement_new"), "key": "Alt+N"}]


def engagement_of(request: Request, pk: int, right: str = VIEW) -> Engagement:
    """An engagement in somebody's sight; else 404."""
    return get_object_or_404(Engagement.objects.visible_to(request.user, right).select_related(*KNOWN), pk=pk)


def address_of(engagement: Engagement) -> str:
    """The page of an engagement."""
    return reverse("audit:engagement", args=[engagement.pk])


@permission_required(VIEW, raise_exception=True)
def engagement(request: Request, pk: int) -> HttpResponse:
    """One engagement: what it is of, its people, papers, findings and reports."""
    found = engagement_of(request, pk)
    sees_papers = request.user.has_perm(PAPERS)
    page = Page(
        subject=found,
        title=_("Engagement %(number)s") % {"number": found},
        back=(_("Engagements"), reverse("audit:engagements")),
        state=state_of(found),
        facts=_facts(found),
        notices=_own_work(found) if sees_papers else [],
        tables=[
            *_people(found),
            *_leads(found),
            *([_papers(found), _sheets(found)] if sees_papers else []),
            *_results(request, found),
        ],
        actions=_ways(request, found),
    )
    return shown(request, page)


def _facts(found: Engagement) -> list[tuple[str, object]]:
    told: list[tuple[str, object]] = [
        (_("title"), found.title),
        (_("kind"), found.get_kind_display()),
        (_("done by"), found.get_done_by_display()),
        (_("basis"), found.basis),
        (_("audited body"), found.body.name),
        (_("whose office ends"), found.leaver),
        (_("scheme"), found.scheme or _("all schemes")),
        (_("period"), f"{found.since} – {found.until}"),
        (_("scope"), found.scope),
        (pgettext("audit", "plan"), found.plan),
        (_("notice served on"), found.notice_on),
        (_("fieldwork from"), found.fieldwork_from),
        (_("planned by"), f"{found.made_by} · {moment(found.made_at)}"),
    ]
    return [(label, value) for label, value in told if value]


def _own_work(found: Engagement) -> list[str]:
    """Who is told that work of his own lies in the period, as it is now."""
    counted = [(one.person, _work_of(found, one)) for one in found.members.there().select_related("person")]
    return [
        ngettext(
            "%(name)s did %(count)s thing in this period himself: somebody else looks at it.",
            "%(name)s did %(count)s things in this period himself: somebody else looks at them.",
            count,
        )
        % {"name": person, "count": f"{count:,}"}
        for person, count in counted
        if count
    ]


def _work_of(found: Engagement, member: EngagementMember) -> int:
    return own_work.own_work(member.person, found.since, found.until).count()


def _people(found: Engagement) -> list[Table]:
    """Who works on it and, apart, why somebody does no more."""
    people = list(found.members.select_related("person", "named_by", "taken_off__taken_off_by"))
    gone = [one for one in people if hasattr(one, "taken_off")]
    rows = [
        [
            str(one.person),
            pgettext("engagement", "lead") if one.person_id == found.lead_id else _("member"),
            f"{one.own_work:,}",
            str(one.named_by),
            moment(one.named_at),
            one.taken_off.on if one in gone else "—",
        ]
        for one in people
    ]
    header = [
        _("person"),
        pgettext("audit", "part"),
        _("own work when named"),
        _("named by"),
        _("named at"),
        _("taken off on"),
    ]
    tables = [Table(pgettext("audit", "People"), header, rows, figures=(2,))]
    if gone:
        tables.append(_gone([one.taken_off for one in gone]))
    return tables


def _gone(off: list[TakenOff]) -> Table:
    rows = [
        [one.on, str(one.member.person), one.reason, f"{one.taken_off_by} · {moment(one.taken_off_at)}"] for one in off
    ]
    header = [_("taken off on"), _("person"), pgettext("audit", "reason"), _("taken off by")]
    return Table(_("Taken off"), header, rows)


def _leads(found: Engagement) -> list[Table]:
    """Who led it before, and the changed notices."""
    rows = [
        [
            one.on,
            str(one.before),
            str(one.lead),
            one.reason,
            f"{one.replaced_by} · {moment(one.replaced_at)}",
            link("changed_notice_print", one, _("Print it")),
        ]
        for one in found.replaced_leads.select_related("before", "lead", "replaced_by")
    ]
    header = [
        _("leads from"),
        _("lead before"),
        _("new lead"),
        pgettext("audit", "reason"),
        _("replaced by"),
        _("changed notice"),
    ]
    return [Table(_("Changes of the lead"), header, rows)] if rows else []


def _papers(found: Engagement) -> Table:
    rows = [
        [link("work_paper", one), one.title, one.subject_words or "—", one.made_by, one.get_state_display()]
        for one in found.papers.select_related("made_by")
    ]
    header = [_("number"), _("title"), _("what it is of"), pgettext("audit", "written by"), _("state")]
    return Table(_("Work papers"), header, rows, _("No work paper was written yet."))


def _sheets(found: Engagement) -> Table:
    rows = [
        [link("evidence_sheet", one), one.title, one.dated_on, one.confirmed_by or "—", one.get_state_display()]
        for one in found.sheets.all()
    ]
    header = [_("number"), _("title"), _("taken down on"), _("signed by"), _("state")]
    return Table(_("Evidence sheets"), header, rows, _("Nothing was taken down yet."))


def _results(request: Request, found: Engagement) -> list[Table]:
    seen = with_money(Finding.objects.visible_to(request.user).filter(engagement=found))
    rows = [
        [
            link("finding", one),
            one.title,
            money.shown(one.amount),
            money.shown(one.to_recover),
            money.shown(one.recovered),
            money.shown(one.waived),
            one.get_state_display(),
        ]
        for one in seen
    ]
    header = [
        _("number"),
        _("title"),
        _("about, yuan"),
        _("to be recovered, yuan"),
        _("recovered, yuan"),
        _("waived, yuan"),
        _("state"),
    ]
    reports = found.reports.select_related("made_by", "issued_by")
    if not request.user.has_perm(PAPERS):
        reports = reports.filter(state="issued")
    issued = [
        [link("report", one), one.made_by, moment(one.made_at), one.issued_by or "—", one.get_state_display()]
        for one in reports
    ]
    told = [
        _("number"),
        pgettext("audit", "drawn up by"),
        pgettext("audit", "drawn up at"),
        _("issued or sent back by"),
        _("state"),
    ]
    return [
        Table(pgettext("audit", "Findings"), header, rows, _("Nothing was found yet."), figures=(2, 3, 4, 5)),
        Table(_("Reports"), told, issued, _("No report was drawn up yet.")),
    ]


def _ways(request: Request, found: Engagement) -> list[Action]:
    ways = _of_people(request, found) if request.user.has_perm(PLAN) else []
    if found.state != State.VOID:
        ways.append(_to("notice_print", _("Print the notice"), found, "Alt+P"))
    return ways


def _of_people(request: Request, found: Engagement) -> list[Action]:
    """What those who audit do next; papers and findings are made by the people who are named."""
    named = is_named(found, request.user)
    match found.state:
        case State.PLANNED:
            first = [_to("notice_serve", _("Serve the notice"), found, "Alt+S", first=True)] if named else []
            return [
                *first,
                _to("member_name", _("Name somebody"), found, "Alt+M"),
                *_to_take_off(found, fewest=0 if named else None),
                _to("engagement_change", _("Change"), found, "Alt+C"),
                _to("engagement_give_up", pgettext("audit", "Give it up"), found),
            ]
        case State.NOTICED:
            own = [
                _to("work_paper_new", _("Write a work paper"), found, "Alt+W"),
                _to("evidence_sheet_new", _("Take evidence down"), found, "Alt+G"),
                _to("finding_new", _("Draft a finding"), found, "Alt+N"),
                _to("report_new", _("Draw the report up"), found, "Alt+B"),
            ]
            can_replace = services.may_replace_lead(found, request.user)
            return [
                *(own if named else []),
                _to("member_name", _("Name somebody"), found, "Alt+M"),
                *([_to("lead_replace", _("Replace the lead"), found)] if can_replace else []),
                *_to_take_off(found, fewest=services.FEWEST if named else None),
            ]
        case State.REPORTED:
            return [_to("engagement_close", _("Close it"), found, posts=True)]
        case _:
            return []


def _to_take_off(found: Engagement, *, fewest: int | None) -> list[Action]:
    """Where somebody beside the lead can go and enough are left; None for whoever may not say so."""
    there = found.members.there().count()
    goes = fewest is not None and there > max(fewest, 1)
    return [_to("member_take_off", _("Take somebody off"), found)] if goes else []


def _to(name: str, label: str, found: Engagement, key: str = "", *, posts: bool = False, first: bool = False) -> Action:
    return Action(label, reverse(f"audit:{name}", args=[found.pk]), key, posts=posts, first=first)


@permission_required(PLAN, raise_exception=True)
def new(request: Request) -> HttpResponse:
    """Plan an engagement."""

    def do(form: EngagementForm) -> tuple[str, str]:
        made = services.plan(stated=form.told(), by=request.user, at=timezone.now())
        return address_of(made), _("Engagement %(number)s is planned.") % {"number": made}

    return form_view(
        request,
        title=_("Plan an engagement"),
        submit=_("Plan it"),
        back=reverse("audit:engagements"),
        form=lambda page: EngagementForm(page.data, initial={"lead": request.user.pk}),
        do=do,
    )


@permission_required(PLAN, raise_exception=True)
def change(request: Request, pk: int) -> HttpResponse:
    """Plan it anew, before the notice."""
    found = engagement_of(request, pk)

    def do(form: ChangeForm) -> tuple[str, str]:
        stated, seen = form.told(), form.was_seen
        services.change(engagement=found, stated=stated, seen=seen, by=request.user, at=timezone.now())
        return address_of(found), _("Saved.")

    names = EngagementForm.base_fields
    return form_view(
        request,
        title=_("Change engagement %(number)s") % {"number": found},
        submit=_("Save"),
        back=address_of(found),
        form=lambda page: ChangeForm(page.data, record=found, initial={name: getattr(found, name) for name in names}),
        do=do,
    )


@permission_required(PLAN, raise_exception=True)
def serve_notice(request: Request, pk: int) -> HttpResponse:
    """Note that the notice was served."""
    found = engagement_of(request, pk)

    def do(form: NoticeForm) -> tuple[str, str]:
        services.serve_notice(engagement=found, by=request.user, at=timezone.now(), **form.cleaned_data)
        return address_of(found), _("The notice is served: papers and findings can be made now.")

    return form_view(
        request,
        title=_("Serve the notice of %(number)s") % {"number": found},
        submit=_("It is served"),
        back=address_of(found),
        form=lambda page: NoticeForm(page.data),
        do=do,
    )


@permission_required(VIEW, raise_exception=True)
def notice_print(request: Request, pk: int) -> HttpResponse:
    """The notice (审计通知书) on paper."""
    found = engagement_of(request, pk)
    name = f"{found.number}-notice.pdf"
    return paper(request, lambda: prints.notice(found, at=timezone.now()), name=name, back=address_of(found))


@permission_required(PLAN, raise_exception=True)
def give_up(request: Request, pk: int) -> HttpResponse:
    """Give an engagement up."""
    found = engagement_of(request, pk)

    def do(form: WhyForm) -> tuple[str, str]:
        services.give_up(engagement=found, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())
        return address_of(found), _("Engagement %(number)s is given up.") % {"number": found}

    return form_view(
        request,
        title=_("Give engagement %(number)s up") % {"number": found},
        submit=pgettext("audit", "Give it up"),
        back=address_of(found),
        form=lambda page: WhyForm(page.data),
        do=do,
    )


@require_POST
@permission_required(PLAN, raise_exception=True)
def close(request: Request, pk: int) -> HttpResponse:
    """Close an engagement whose findings are all closed."""
    found = engagement_of(request, pk)

    def do() -> str:
        services.close(engagement=found, by=request.user, at=timezone.now())
        return _("Engagement %(number)s is closed.") % {"number": found}

    return done(request, do, address_of(found))
