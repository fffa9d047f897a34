"""Second compensation: the lists of years, one with its villages, people and appeals; drawn up, proposed, paid, given
up."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import Count, QuerySet, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from claims.forms.before import ReasonForm
from funds.filters.settling import SecondRunFilter
from funds.forms.settling import RunForm
from funds.models import SecondRun
from funds.selectors import second as selectors
from funds.services import second_paying, second_runs
from funds.services.second_appeals import ANSWER, RECEIVE
from funds.services.second_notices import POST
from funds.services.second_runs import MAKE, RunOf, State
from funds.tables.settling import SecondRunTable
from funds.views.asked import done, tried
from funds.views.pages import Action, FundsList, Page, Table, form_page, shown
from office.access import Request
from office.rules import money

VIEW = "funds.view_secondrun"
SHOWN = 300
TONES = {"approved": "waiting", "done": "done", "refused": "failed", "void": "failed"}


class SecondRunList(FundsList):
    permission_required = VIEW
    page_title = gettext_lazy("Second compensation")
    table_class = SecondRunTable
    filterset_class = SecondRunFilter

    def get_queryset(self) -> QuerySet[Any]:
        counted = SecondRun.objects.annotate(people=Count("lines"), granted=Sum("lines__granted"))
        return counted.select_related("book").order_by("-pk")

    def page_actions(self) -> list[dict[str, str]]:
        if not self.request.user.has_perm(MAKE):
            return []
        return [{"label": _("Draw up a year's list"), "url": reverse("funds:second_run_new"), "key": "Alt+N"}]


@permission_required(VIEW, raise_exception=True)
def second_run(request: Request, pk: int) -> HttpResponse:
    """One list: what it rests on, its villages, people and appeals."""
    found = run_of(pk)
    figures = selectors.figures_of(found)
    page = Page(
        subject=found,
        title=_("Second compensation %(number)s") % {"number": found},
        back=(_("Second compensation"), reverse("funds:second_runs")),
        state=(TONES.get(found.state, "waiting"), str(found.get_state_display())),
        facts=[*_terms(found), *_money(found, figures)],
        tables=[_villages(request, found), _people(found, figures.people), _appeals(request, found)],
        actions=_ways(request, found),
        decided=found,
    )
    return shown(request, page, book=found.book)


def run_of(pk: int) -> SecondRun:
    """A list by its number in the database."""
    return get_object_or_404(SecondRun.objects.select_related("book", "drawn_up_by"), pk=pk)


def _terms(run: SecondRun) -> list[tuple[str, object]]:
    bands = [
        _("up to %(upto)s: %(percent)s %%") % {"upto": money.shown(one.upto), "percent": f"{one.ratio * 100:.4g}"}
        if one.upto is not None
        else _("above: %(percent)s %%") % {"percent": f"{one.ratio * 100:.4g}"}
        for one in second_runs.offer_of(run).bands
    ]
    return [
        (_("books"), run.book.name),
        (_("fund year"), run.year),
        (_("paper"), run.paper),
        (_("burden above"), money.shown(run.threshold)),
        (_("bands"), "；".join(bands)),
        (_("at most a person"), money.shown(run.ceiling) if run.ceiling is not None else "—"),
        (_("papers until"), run.papers_by.isoformat()),
        (_("drawn up by"), f"{run.drawn_up_by} · {run.drawn_up_on}"),
    ]


def _money(run: SecondRun, figures: selectors.Figures) -> list[tuple[str, object]]:
    return [
        (_("income of the year"), money.shown(run.income)),
        (_("spending of the year"), money.shown(run.spending)),
        (_("gathered surplus"), money.shown(run.cumulative)),
        (_("to be given out"), money.shown(run.budget)),
        (_("people"), f"{figures.people:,}"),
        (_("by the bands"), money.shown(figures.entitled)),
        (_("granted"), money.shown(figures.granted)),
        (_("paid"), f"{money.shown(figures.paid)} ({figures.paid_people:,})"),
    ]


def _villages(request: Request, run: SecondRun) -> Table:
    may_note = request.user.has_perm(POST) and run.state == State.POSTED
    rows: list[list[object]] = []
    for one in selectors.villages_of(run):
        notice = one["notice"]
        printed = format_html(
            '<a href="{}">{}</a>', reverse("funds:second_notice_print", args=[run.pk, one["village"]]), _("print")
        )
        slip: object = "—"
        if notice is not None and notice.slip_by:
            slip = f"{notice.slip_on} · {notice.slip_by}"
        elif notice is not None and may_note:
            way = reverse("funds:second_slip", args=[run.pk, notice.pk])
            slip = format_html('<a href="{}">{}</a>', way, _("note the slip"))
        hung = f"{notice.posted_on} – {notice.posted_until} · {notice.place}" if notice else "—"
        name = f"{one['village__parent__name']} {one['village__name']}"
        rows.append([name, f"{one['people']:,}", money.shown(one["sum"]), hung, slip, printed])
    header = [_("village"), _("people"), _("granted, yuan"), _("hung"), _("slip"), _("list on paper")]
    return Table(_("Villages"), header, rows, figures=(1, 2))


def _people(run: SecondRun, count: int) -> Table:
    found = run.lines.select_related("member", "village")
    rows = [
        [
            one.village.name,
            one.head,
            one.member.name,
            money.shown(one.burden),
            money.shown(one.entitled),
            money.shown(one.granted),
            _("paid") if one.is_paid else "—",
        ]
        for one in found[:SHOWN]
    ]
    title = _("People: %(count)s") % {"count": f"{count:,}"}
    if count > SHOWN:
        title = _("People: the first %(shown)s of %(count)s") % {"shown": SHOWN, "count": f"{count:,}"}
    header = [
        _("village"),
        _("head of household"),
        _("person"),
        _("burden of the year"),
        _("by the bands"),
        _("granted, yuan"),
        _("paid"),
    ]
    return Table(title, header, rows, figures=(3, 4, 5))


def _appeals(request: Request, run: SecondRun) -> Table:
    may_answer = request.user.has_perm(ANSWER) and run.state == State.POSTED
    rows: list[list[object]] = []
    for one in run.appeals.select_related("member", "received_by", "answered_by"):
        told: object = f"{one.get_result_display()}: {one.answer}" if one.result else "—"
        if not one.result and may_answer:
            way = reverse("funds:second_answer", args=[run.pk, one.pk])
            told = format_html('<a href="{}">{}</a>', way, _("answer"))
        rows.append([one.made_on, one.member.name, one.by_name, one.words, told])
    header = [_("made on"), _("person"), _("appeal by"), _("what is said"), _("answer")]
    return Table(_("Appeals"), header, rows, _("Nobody has appealed."))


def _ways(request: Request, run: SecondRun) -> list[Action]:
    found: list[Action] = []
    has, open_ = request.user.has_perm, run.state in {State.DRAWN_UP, State.POSTED}
    if has(POST) and open_:
        found.append(Action(_("Note that lists hang"), reverse("funds:second_post", args=[run.pk]), "Alt+G"))
    if has(RECEIVE) and run.state == State.POSTED:
        found.append(Action(_("Take an appeal down"), reverse("funds:second_appeal", args=[run.pk]), "Alt+S"))
    if has(MAKE) and run.state == State.POSTED:
        found.append(Action(_("Propose"), reverse("funds:second_propose", args=[run.pk]), "F2", posts=True, first=True))
    if has(MAKE) and run.state == State.APPROVED:
        way = reverse("funds:second_order", args=[run.pk])
        found.append(Action(_("Order the payments"), way, "F2", posts=True, first=True))
    if has(MAKE) and open_:
        found.append(Action(_("Give it up"), reverse("funds:second_void", args=[run.pk])))
    return found


@permission_required(MAKE, raise_exception=True)
def draw_up(request: Request) -> HttpResponse:
    """Draw up the list of a year."""
    page = form_page(
        request, title=_("Draw up a year's list"), submit=_("Draw it up"), cancel_url=reverse("funds:second_runs")
    )
    form = RunForm(page.data)
    made = tried(
        page,
        form,
        lambda: second_runs.draw_up(
            book=form.cleaned_data["book"], stated=RunOf(**form.told()), by=request.user, at=timezone.now()
        ),
    )
    return redirect("funds:second_run", made.pk) if made else page.render(form)


@require_POST
@permission_required(MAKE, raise_exception=True)
def propose(request: Request, pk: int) -> HttpResponse:
    """Give the list to the head of the office."""
    found = run_of(pk)

    def do() -> str:
        second_runs.propose(run=found, by=request.user, at=timezone.now())
        return _("It is with the office's head.")

    return done(request, do, reverse("funds:second_run", args=[pk]))


@require_POST
@permission_required(MAKE, raise_exception=True)
def order(request: Request, pk: int) -> HttpResponse:
    """Order the payments of those whose accounts are confirmed."""
    found = run_of(pk)

    def do() -> str:
        ordered, waiting = second_paying.order(run=found, by=request.user, at=timezone.now())
        told = ngettext("%(count)s payment is ordered.", "%(count)s payments are ordered.", ordered)
        left = ngettext(
            "%(count)s person waits for a confirmed account.", "%(count)s people wait for a confirmed account.", waiting
        )
        return " ".join([told % {"count": ordered}, *([left % {"count": waiting}] if waiting else [])])

    return done(request, do, reverse("funds:second_run", args=[pk]))


@permission_required(MAKE, raise_exception=True)
def void(request: Request, pk: int) -> HttpResponse:
    """Give a list up, with the reason."""
    found = run_of(pk)
    back = reverse("funds:second_run", args=[pk])
    page = form_page(
        request, title=_("Give %(number)s up") % {"number": found}, submit=_("Give it up"), cancel_url=back
    )
    form = ReasonForm(page.data)
    given_up = tried(
        page,
        form,
        lambda: second_runs.void(run=found, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now()),
    )
    if given_up is None:
        return page.render(form, book=found.book)
    messages.success(request, _("%(number)s is given up.") % {"number": found})
    return redirect(back)
