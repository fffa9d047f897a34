"""Statements of banks: the list, one taken in, one with its lines and what they are in the books, made void."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_POST

from claims.prints.days import shown_days
from funds.filters.banks import StatementFilter
from funds.forms.banks import StatementForm
from funds.models import MatchedLine, Statement
from funds.selectors import bank_statements as selectors
from funds.services import bank_statements, matches, told_by_banks
from funds.tables.banks import StatementTable
from funds.views.banks import asked_why, at_once, tone, tried
from funds.views.pages import Action, FundsList, Page, Table, form_page, shown
from office import attachments
from office.access import Request
from office.rules import days, money

SHOWN = 500
VIEW, RIGHT = bank_statements.VIEW, bank_statements.RIGHT


class StatementList(FundsList):
    permission_required = VIEW
    page_title = gettext_lazy("Bank statements")
    table_class = StatementTable
    filterset_class = StatementFilter
    queryset = Statement.objects.select_related("bank_account__account", "kept_by").order_by("-period", "-pk")

    def default_filter(self) -> dict[str, str]:
        return {"year": str(days.business_day(timezone.now()).year), "state": "kept"}

    def page_actions(self) -> list[dict[str, str]]:
        if not self.request.user.has_perm(RIGHT):
            return []
        return [{"label": _("Take a statement in"), "url": reverse("funds:statement_new"), "key": "Alt+N"}]


@permission_required(RIGHT, raise_exception=True)
def new(request: Request) -> HttpResponse:
    """Take a statement in from its file."""
    back = reverse("funds:statements")
    page = form_page(request, title=_("Take a statement in"), submit=_("Take it in"), cancel_url=back)
    form = StatementForm(page.data, page.files)
    made = tried(
        page,
        form,
        lambda: bank_statements.take_in(upload=form.cleaned_data["upload"], by=request.user, at=timezone.now()),
    )
    if made is None:
        return page.render(form)
    messages.success(request, _("The statement is kept with %(lines)s lines.") % {"lines": made.line_count})
    return redirect("funds:statement", made.pk)


@permission_required(VIEW, raise_exception=True)
def statement(request: Request, pk: int) -> HttpResponse:
    """One statement, its lines, and which of them are in the books already."""
    found = statement_of(pk)
    live = MatchedLine.objects.filter(line=OuterRef("pk"), is_live=True)
    lines = found.lines.annotate(is_matched=Exists(live)).order_by("line")
    account = found.bank_account.account
    open_ = lines.filter(is_matched=False).count()
    page = Page(
        subject=found,
        title=_("Statement of %(account)s") % {"account": account},
        back=(_("Bank statements"), reverse("funds:statements")),
        state=tone(found),
        facts=_facts(found, open_),
        tables=[Table(_("Lines"), _header(), [_row(one) for one in lines[:SHOWN]], _("Nothing moved."), (2, 3))],
        notices=[_("The first %(shown)s lines are shown.") % {"shown": SHOWN}] if found.line_count > SHOWN else [],
        actions=_ways(request, found),
        files=attachments.of(found).exists(),
    )
    return shown(request, page, book=account.book)


def _facts(found: Statement, open_: int) -> list[tuple[str, object]]:
    facts: list[tuple[str, object]] = [
        (_("books of a fund"), found.bank_account.account.book.name),
        (_("bank account"), str(found.bank_account)),
        (_("days"), shown_days(found.period)),
        (_("number the bank gives it"), found.number or "—"),
        (pgettext("statement", "begins with"), money.shown(found.opening)),
        (_("came in"), money.shown(found.came_in)),
        (_("went out"), money.shown(found.went_out)),
        (_("ends with"), money.shown(found.closing)),
        (_("lines not in the books yet"), open_),
        (_("taken in by"), found.kept_by),
    ]
    return [*facts, (_("void because"), found.void_reason)] if found.void_reason else facts


def _header() -> list[Any]:
    header = [_("day"), _("our number"), _("came in, yuan"), _("went out, yuan"), _("from or to"), _("in words")]
    return [*header, _("in the books")]


def _row(one: Any) -> list[object]:
    came_in, went_out = (one.amount, None) if one.amount > 0 else (None, -one.amount)
    return [
        one.on,
        one.reference or one.bank_id,
        "" if came_in is None else money.shown(came_in),
        "" if went_out is None else money.shown(went_out),
        one.party,
        one.words if one.line else _("stood before the first statement"),
        _("matched") if one.is_matched else "—",
    ]


def _ways(request: Request, found: Statement) -> list[Action]:
    account = found.bank_account.account_id
    ways = []
    if request.user.has_perm(matches.VIEW):
        ways.append(Action(_("Match"), reverse("funds:matching", args=[account]), "Alt+M", first=True))
    if request.user.has_perm(RIGHT) and found.state == Statement.State.KEPT:
        ways.append(Action(_("Make it void"), reverse("funds:statement_void", args=[found.pk]), "Alt+X"))
    return ways


@permission_required(RIGHT, raise_exception=True)
def void(request: Request, pk: int) -> HttpResponse:
    """Make a statement void that was taken in by mistake."""
    found = statement_of(pk)
    return asked_why(
        request,
        title=_("Make void: %(statement)s") % {"statement": found},
        submit=_("Make it void"),
        back=reverse("funds:statement", args=[pk]),
        do=lambda reason: bank_statements.void(statement=found, reason=reason, by=request.user, at=timezone.now()),
    )


@require_POST
@permission_required(matches.RIGHT, raise_exception=True)
def compare(request: Request, pk: int) -> HttpResponse:
    """Settle payments by what the statements say, and match what is certain, of an account."""
    account = get_object_or_404(selectors.accounts_at_banks(), pk=pk)

    def do() -> str:
        came = told_by_banks.compare(account=account, by=request.user, at=timezone.now())
        return _("%(matched)s matched; %(settled)s payments settled.") % {
            "matched": came.matched,
            "settled": came.settled,
        }

    return at_once(request, do, reverse("funds:matching", args=[pk]))


def statement_of(pk: int) -> Statement:
    """One statement."""
    known: QuerySet[Statement] = Statement.objects.select_related("bank_account__account__book", "kept_by")
    return get_object_or_404(known, pk=pk)
