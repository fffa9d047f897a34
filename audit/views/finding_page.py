"""The page of one finding: what it says, what it rests on, what was answered, what is done about it, its money."""

from __future__ import annotations

from decimal import Decimal

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from audit import subjects
from audit.models import BookedMoney, Engagement, Finding
from audit.rules import engagements as rules
from audit.selectors import findings as selectors
from audit.services import findings as services
from audit.services.auditing import ANSWER, CHECK, DEMAND, DRAFT, is_named
from audit.views.engagements import PAPERS, address_of
from audit.views.pages import Action, Page, Table, link, moment, state_of
from office.access import Request
from office.rules import money

State = Finding.State


def page_of(request: Request, found: Finding) -> Page:
    """The page of a finding, as one person sees it."""
    standing = selectors.standing_of(found)
    notices = []
    if found.state == State.FINAL and request.user.has_perm(CHECK):
        refusal = services.obstacle_in_words(rules.obstacle(standing), standing.owed)
        notices = [_("It cannot be closed yet: %(why)s") % {"why": refusal}] if refusal else []
    return Page(
        subject=found,
        title=_("Finding %(number)s") % {"number": found},
        back=(pgettext("audit", "Findings"), reverse("audit:findings")),
        state=state_of(found),
        facts=_facts(found, standing),
        notices=notices,
        tables=[_rests_on(request, found), _answers(found), _measures(found), *_money(request, found)],
        actions=_ways(request, found, standing),
        links={_("engagement"): address_of(found.engagement)},
    )


def _facts(found: Finding, standing: rules.Standing) -> list[tuple[str, object]]:
    told: list[tuple[str, object]] = [
        (_("engagement"), f"{found.engagement} {found.engagement.title}"),
        (_("title"), found.title),
        (_("fact"), found.fact),
        (_("rule and article"), found.rule),
        (_("cause"), found.cause),
        (_("who is responsible"), found.responsible),
        (_("provider"), found.provider),
        (_("insured person"), found.member),
        (_("amount it is about, yuan"), money.shown(found.amount) if found.amount else ""),
        (_("to be recovered, yuan"), money.shown(found.to_recover) if found.to_recover else ""),
        (_("recovered by the books, yuan"), money.shown(standing.recovered) if found.to_recover else ""),
        (_("waived, yuan"), money.shown(standing.waived) if standing.waived else ""),
        (_("still to come back, yuan"), money.shown(standing.owed) if standing.waived else ""),
        (_("comments until"), found.comment_until),
        (_("drafted by"), f"{found.drafted_by} · {moment(found.drafted_at)}"),
        (pgettext("audit", "closed by"), f"{found.closed_by} · {found.closed_on}" if found.closed_by else ""),
        (pgettext("audit", "reason"), found.reason),
    ]
    return [(label, value) for label, value in told if value]


def _rests_on(request: Request, found: Finding) -> Table:
    """Its signed sheets, and what it cites."""
    rows: list[list[object]] = []
    for one in found.sheets.select_related("sheet", "added_by"):
        sheet = one.sheet
        name: object = link("evidence_sheet", sheet) if request.user.has_perm(PAPERS) else str(sheet)
        rows.append([_("evidence sheet"), name, sheet.title, sheet.get_state_display(), str(one.added_by)])
    for cited in found.citations.select_related("added_by"):
        page = subjects.page_of(cited.subject_type, cited.subject_id)
        name = format_html('<a href="{}">{}</a>', page, cited.words) if page else cited.words
        rows.append([_("cited"), name, "—", "—", str(cited.added_by)])
    header = [_("what"), _("number"), _("title"), _("state"), _("added by")]
    return Table(_("What it rests on"), header, rows, _("No evidence was added yet."))


def _answers(found: Finding) -> Table:
    rows = [
        [
            one.answered_on,
            str(one.answered_by),
            pgettext("finding", "agrees") if one.agrees else _("does not agree"),
            one.words,
        ]
        for one in found.answers.select_related("answered_by")
    ]
    header = [
        pgettext("audit", "answered on"),
        pgettext("audit", "answered by"),
        _("the office"),
        pgettext("audit", "answer"),
    ]
    return Table(_("Answers of the office"), header, rows, _("The office has not answered."))


def _measures(found: Finding) -> Table:
    rows = [
        [link("rectification", one), one.measure, one.responsible, one.due_on, one.get_state_display()]
        for one in found.rectifications.order_by("pk")
    ]
    header = [_("number"), _("measure"), _("who carries it out"), pgettext("audit", "due on"), _("state")]
    return Table(_("Measures"), header, rows, _("No measure was asked for yet."))


def _money(request: Request, found: Finding) -> list[Table]:
    if not found.amount:
        return []
    letters = [
        [
            format_html('<a href="{}">{}</a>', reverse("audit:demand_print", args=[one.pk]), one),
            one.payer,
            money.shown(one.amount),
            one.made_on,
            one.pay_by,
        ]
        for one in found.demands.all()
    ]
    header = [_("number"), pgettext("audit", "to whom"), _("amount, yuan"), pgettext("audit", "made on"), _("pay by")]
    return [
        Table(_("Letters that demand money"), header, letters, _("Nothing was demanded yet."), figures=(2,)),
        _booked(request, found),
        *_waivers(found),
    ]


def _waivers(found: Finding) -> list[Table]:
    rows = [
        [link("waiver", one), one.debtor, money.shown(one.amount), one.get_ground_display(), one.get_state_display()]
        for one in found.waivers.all()
    ]
    header = [_("number"), _("who owes it"), _("amount, yuan"), pgettext("waiver", "ground"), _("state")]
    return [Table(pgettext("audit", "Waivers"), header, rows, figures=(2,))] if rows else []


def _booked(request: Request, found: Finding) -> Table:
    may = request.user.has_perm(DEMAND) and found.state != State.CLOSED
    links = found.money.select_related("posting__book", "posting__reversed_by", "linked_by")
    rows = [
        [
            _posting(request, one),
            one.get_kind_display(),
            _sum(one),
            one.posting.on,
            str(one.linked_by),
            _stands(one, may=may),
        ]
        for one in links.prefetch_related("posting__entries")
    ]
    header = [_("posting"), _("kind"), _("amount, yuan"), _("day"), _("linked by"), _("state")]
    return Table(pgettext("audit", "In the books"), header, rows, _("No posting stands for it yet."), figures=(2,))


def _posting(request: Request, one: BookedMoney) -> object:
    words = f"{one.posting.book} {one.posting.on:%Y-%m} {one.posting}"
    if not request.user.has_perm("funds.view_posting"):
        return words
    return format_html('<a href="{}">{}</a>', reverse("funds:posting", args=[one.posting_id]), words)


def _sum(one: BookedMoney) -> str:
    entries = one.posting.entries.all()
    return money.shown(sum((line.amount for line in entries if line.side == "debit" and not line.is_red), Decimal(0)))


def _stands(one: BookedMoney, *, may: bool) -> object:
    if one.state == BookedMoney.State.VOID:
        return f"{one.get_state_display()}: {one.reason}"
    if getattr(one.posting, "reversed_by", None) is not None:
        return _("taken back in red: it does not count")
    if not may:
        return one.get_state_display()
    return format_html('<a href="{}">{}</a>', reverse("audit:money_take_off", args=[one.pk]), _("take it off"))


def _ways(request: Request, found: Finding, standing: rules.Standing) -> list[Action]:
    """What one can do next, by the state of the finding."""
    named = is_named(found.engagement, request.user)
    in_the_field = named and found.engagement.state == Engagement.State.NOTICED and request.user.has_perm(DRAFT)
    ways = _of_drafts(found) if in_the_field else []
    if found.state == State.COMMENTING and request.user.has_perm(ANSWER) and not named:
        ways.append(_to("finding_answer", pgettext("audit", "Answer"), found, "Alt+S", first=True))
    if found.state == State.FINAL and named and request.user.has_perm(DRAFT):
        ways.append(_to("rectification_new", _("Ask for a measure"), found, "Alt+M"))
    if named and request.user.has_perm(DEMAND):
        ways += _of_money(found, standing)
    if request.user.has_perm(CHECK):
        if found.state == State.FINAL and found.drafted_by_id != request.user.pk and not rules.obstacle(standing):
            ways.append(_to("finding_close", _("Close it"), found, "F2", posts=True, first=True))
        if found.state == State.CLOSED:
            ways.append(_to("finding_reopen", pgettext("audit", "Open it again"), found))
    ways.append(_to("finding_print", _("Print"), found, "Alt+P"))
    return ways


def _of_money(found: Finding, standing: rules.Standing) -> list[Action]:
    """What is done about the money of a finding by those who audit."""
    ways = []
    if found.state == State.FINAL and standing.owed:
        ways.append(_to("demand_new", _("Demand money"), found, "Alt+G"))
        if not standing.waiting:
            ways.append(_to("waiver_new", _("Ask for a waiver"), found, "Alt+W"))
    if found.amount and found.state not in {State.CLOSED, State.DROPPED}:
        ways.append(_to("money_link", _("Link a posting"), found, "Alt+L"))
    return ways


def _of_drafts(found: Finding) -> list[Action]:
    match found.state:
        case State.DRAFT:
            return [
                _to("finding_send", _("Send for comment"), found, "F2", posts=True, first=True),
                _to("finding_change", _("Change"), found, "Alt+C"),
                _to("finding_sheet", _("Add an evidence sheet"), found, "Alt+E"),
                _to("finding_cite", _("Cite something"), found, "Alt+Z"),
                _to("finding_drop", _("Drop it"), found),
            ]
        case State.COMMENTING:
            return [_to("finding_settle", _("Make it final"), found, posts=True)]
        case State.ANSWERED:
            return [
                _to("finding_settle", _("Make it final"), found, "F2", posts=True, first=True),
                _to("finding_take_up", _("Take it up again"), found, posts=True),
                _to("finding_drop", _("Drop it"), found),
            ]
        case _:
            return []


def _to(name: str, label: str, found: Finding, key: str = "", *, posts: bool = False, first: bool = False) -> Action:
    return Action(label, reverse(f"audit:{name}", args=[found.pk]), key, posts=posts, first=first)
