"""Matching: what is open of an account on both sides, what may belong together, the matches made and undone."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_POST

from funds.filters.banks import MatchFilter
from funds.models import Account, Match
from funds.rules import matching as rules
from funds.selectors import bank_statements as selectors
from funds.services import matches
from funds.tables.banks import MatchTable
from funds.views.banks import asked_why, at_once, tone
from funds.views.pages import Action, FundsList, Page, Table, shown
from office.access import Request
from office.pages import guard
from office.rules import days, money

SHOWN = 200
WHY = {
    rules.NEAR: gettext_lazy("the same sum, some days apart"),
    rules.TOGETHER: gettext_lazy("one line for several entries"),
    rules.APART: gettext_lazy("one entry for several lines"),
    rules.LIFTED: gettext_lazy("entries that lift each other"),
}


class MatchList(FundsList):
    permission_required = matches.VIEW
    page_title = gettext_lazy("Matches with the bank")
    queryset = Match.objects.select_related("account", "made_by").order_by("-last_on", "-pk")
    table_class = MatchTable
    filterset_class = MatchFilter

    def default_filter(self) -> dict[str, str]:
        return {"year": str(days.business_day(timezone.now()).year)}

    def page_actions(self) -> list[dict[str, str]]:
        return [
            {"label": f"{one.book} · {one}", "url": reverse("funds:matching", args=[one.pk])}
            for one in selectors.accounts_at_banks().filter(bank_accounts__state="confirmed")
        ]


@permission_required(matches.VIEW, raise_exception=True)
def matching(request: Request, pk: int) -> HttpResponse:
    """Both sides of an account as far as they are open, side by side, with what may belong together."""
    account = _account(pk)
    lines, entries = selectors.open_lines(account), selectors.open_entries(account)
    shown_lines, shown_entries = list(lines[: SHOWN + 1]), list(entries[: SHOWN + 1])
    context = {
        "page_title": _("Match: %(account)s") % {"account": account},
        "account": account,
        "book": account.book,
        "lines": shown_lines[:SHOWN],
        "entries": shown_entries[:SHOWN],
        "more": max(len(shown_lines), len(shown_entries)) > SHOWN,
        "proposals": _proposals(shown_lines, shown_entries),
        "form_guard": guard.field(request),
    }
    return render(request, "funds/banks/matching.html", context)


def _proposals(lines: list[Any], entries: list[Any]) -> list[dict[str, Any]]:
    """What a person is asked about, with the lines and entries themselves."""
    of_line, of_entry = {one.pk: one for one in lines}, {one.pk: one for one in entries}
    theirs = [rules.Item(one.pk, one.on, one.amount, selectors.number_of(one.reference)) for one in lines]
    ours = [
        rules.Item(
            one.pk,
            one.posting.on,
            one.signed,
            selectors.number_of(one.words),
            one.posting.reverses_id or one.posting_id,
        )
        for one in entries
    ]
    return [
        {
            "why": WHY[one.why],
            "lines": [of_line[item.pk] for item in one.lines],
            "entries": [of_entry[item.pk] for item in one.entries],
        }
        for one in rules.proposals(theirs, ours)
    ]


@require_POST
@permission_required(matches.RIGHT, raise_exception=True)
def match_chosen(request: Request, pk: int) -> HttpResponse:
    """Say that what was ticked, or what was proposed, is the same money."""
    account = _account(pk)

    def do() -> str:
        made = matches.match(
            account=account,
            lines=_numbers(request, "line"),
            entries=_numbers(request, "entry"),
            proposed="proposed" in request.POST,
            by=request.user,
            at=timezone.now(),
        )
        return _("Matched: %(amount)s.") % {"amount": money.shown(made.amount)}

    return at_once(request, do, reverse("funds:matching", args=[pk]))


def _numbers(request: Request, name: str) -> list[int]:
    return [int(one) for one in request.POST.getlist(name) if one.isdecimal() and len(one) < 19]  # noqa: PLR2004


@permission_required(matches.VIEW, raise_exception=True)
def match(request: Request, pk: int) -> HttpResponse:
    """One match with its lines and entries."""
    found = _match(pk)
    lines = [one.line for one in found.lines.select_related("line")]
    entries = [one.entry for one in found.entries.select_related("entry__posting", "entry__account")]
    facts: list[tuple[str, object]] = [
        (pgettext("books", "account"), found.account),
        (_("how"), found.get_how_display()),
        (_("amount"), money.shown(found.amount)),
        (pgettext("paper", "made by"), found.made_by),
    ]
    if found.undone_by is not None:
        facts += [(_("undone by"), found.undone_by), (_("undone because"), found.undone_because)]
    page = Page(
        subject=found,
        title=_("Match of %(day)s") % {"day": found.last_on},
        back=(_("Matches with the bank"), reverse("funds:matches")),
        state=tone(found),
        facts=facts,
        tables=[
            Table(
                _("At the bank"),
                [_("day"), _("our number"), _("amount, yuan"), _("from or to"), _("in words")],
                [
                    [one.on, one.reference or one.bank_id, money.shown(one.amount), one.party, one.words]
                    for one in lines
                ],
                figures=(2,),
            ),
            Table(
                _("In the books"),
                [_("day"), _("voucher"), _("side"), _("amount, yuan"), _("summary")],
                [
                    [one.posting.on, one.posting, one.get_side_display(), money.shown(one.amount), one.posting.summary]
                    for one in entries
                ],
                figures=(3,),
            ),
        ],
        actions=[Action(_("Undo this match"), reverse("funds:match_undo", args=[pk]), "Alt+X")]
        if request.user.has_perm(matches.RIGHT) and found.state == Match.State.HELD
        else [],
    )
    return shown(request, page, book=found.account.book)


@permission_required(matches.RIGHT, raise_exception=True)
def undo(request: Request, pk: int) -> HttpResponse:
    """Undo one match, and no other."""
    found = _match(pk)
    return asked_why(
        request,
        title=_("Undo: match of %(day)s, %(amount)s") % {"day": found.last_on, "amount": money.shown(found.amount)},
        submit=_("Undo this match"),
        back=reverse("funds:match", args=[pk]),
        do=lambda reason: matches.undo(match=found, reason=reason, by=request.user, at=timezone.now()),
    )


def _match(pk: int) -> Match:
    return get_object_or_404(Match.objects.select_related("account__book", "made_by", "undone_by"), pk=pk)


def _account(pk: int) -> Account:
    return get_object_or_404(selectors.accounts_at_banks(), pk=pk)
