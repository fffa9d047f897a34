"""Budgets and their adjustments; final accounts of closed years."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_POST

from funds.filters.budgets import BudgetFilter, FinalAccountFilter
from funds.forms.budgets import DraftForm, LinesForm, YearForm
from funds.models import Account, Budget, FinalAccount
from funds.services import budgets, final_accounts
from funds.services.budgets import CannotBudget
from funds.services.final_accounts import CannotAccount
from funds.tables.budgets import BudgetTable, FinalAccountTable
from funds.views.pages import Action, FundsList, Page, Table, form_page, shown
from office.access import Request
from office.deciding import CannotWithdraw
from office.rules import money

VIEW = "funds.view_budget"
VIEW_FINAL = "funds.view_finalaccount"
TONES = {
    "draft": "waiting",
    "proposed": "waiting",
    "reviewed": "waiting",
    "approved": "done",
    "refused": "failed",
    "withdrawn": "failed",
}


class BudgetList(FundsList):
    permission_required = VIEW
    page_title = gettext_lazy("Budgets")
    queryset = Budget.objects.select_related("book", "drafted_by")
    table_class = BudgetTable
    filterset_class = BudgetFilter

    def page_actions(self) -> list[dict[str, str]]:
        if not self.request.user.has_perm(budgets.RIGHT):
            return []
        return [{"label": _("Draft a budget"), "url": reverse("funds:budget_draft"), "key": "Alt+N"}]


class FinalAccountList(FundsList):
    permission_required = VIEW_FINAL
    page_title = gettext_lazy("Final accounts")
    queryset = FinalAccount.objects.select_related("book", "made_by").defer("figures")
    table_class = FinalAccountTable
    filterset_class = FinalAccountFilter

    def page_actions(self) -> list[dict[str, str]]:
        if not self.request.user.has_perm(final_accounts.RIGHT):
            return []
        return [{"label": _("Make a final account"), "url": reverse("funds:final_account_make"), "key": "Alt+N"}]


@permission_required(VIEW, raise_exception=True)
def budget(request: Request, pk: int) -> HttpResponse:
    """One budget, each line beside what held before it."""
    found = _budget(pk)
    lines = list(found.lines.select_related("account").order_by("account__code"))
    before = budgets.amounts_of(_before(found))
    rows = [
        [str(one.account), money.shown(one.amount), *([money.shown(before.get(one.account_id, 0))] if before else [])]
        for one in lines
    ]
    header = [pgettext("books", "account"), _("amount, yuan"), *([_("held before, yuan")] if before else [])]
    sums = {kind: sum(one.amount for one in lines if one.account.kind == kind) for kind in budgets.OF_A_YEAR}
    income, spending = sums[Account.Kind.INCOME], sums[Account.Kind.SPENDING]
    page = Page(
        subject=found,
        title=_("Budget: %(budget)s") % {"budget": found},
        back=(_("Budgets"), reverse("funds:budgets")),
        state=(TONES[found.state], str(found.get_state_display())),
        facts=[
            (_("books"), found.book.name),
            (_("year"), found.year),
            *([(_("adjusted because"), found.reason)] if found.reason else []),
            (_("drafted by"), f"{found.drafted_by} · {timezone.localtime(found.drafted_at):%Y-%m-%d %H:%M}"),
            (_("income together"), money.shown(income)),
            (_("spending together"), money.shown(spending)),
            (_("surplus"), money.shown(income - spending)),
        ],
        tables=[Table(_("Lines"), header, rows, figures=(1, 2))],
        actions=_ways(request, found),
        decided=found,
    )
    return shown(request, page, book=found.book)


@permission_required(budgets.RIGHT, raise_exception=True)
def draft(request: Request) -> HttpResponse:
    """Begin the budget of a year, or an adjustment of it."""
    page = form_page(request, title=_("Draft a budget"), submit=_("Begin"), cancel_url=reverse("funds:budgets"))
    form = DraftForm(page.data)

    def begin() -> Budget:
        made: Budget = budgets.draft(**form.cleaned_data, by=request.user, at=timezone.now())
        return made

    made: Budget | None = _tried(page, form, begin)
    return redirect("funds:budget_lines", made.pk) if made else page.render(form)


@permission_required(budgets.RIGHT, raise_exception=True)
def lines(request: Request, pk: int) -> HttpResponse:
    """Enter the lines of a draft."""
    found = _budget(pk)
    back = reverse("funds:budget", args=[pk])
    page = form_page(request, title=_("Lines: %(budget)s") % {"budget": found}, submit=_("Save"), cancel_url=back)
    form = LinesForm(page.data, lines=list(found.lines.select_related("account").order_by("account__code")))

    def enter() -> bool:
        budgets.enter(budget=found, amounts=form.amounts, by=request.user, at=timezone.now())
        return True

    return redirect(back) if _tried(page, form, enter) else page.render(form, book=found.book)


@require_POST
@permission_required(budgets.RIGHT, raise_exception=True)
def propose(request: Request, pk: int) -> HttpResponse:
    """Give a draft to the office's head."""
    found = _budget(pk)
    return _done(
        request,
        lambda: budgets.propose(budget=found, by=request.user, at=timezone.now()),
        _("It is with the office's head."),
        reverse("funds:budget", args=[pk]),
    )


@require_POST
@permission_required(budgets.RIGHT, raise_exception=True)
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Take a budget back."""
    found = _budget(pk)
    return _done(
        request,
        lambda: budgets.withdraw(budget=found, by=request.user, at=timezone.now()),
        _("Taken back."),
        reverse("funds:budget", args=[pk]),
    )


@permission_required(VIEW_FINAL, raise_exception=True)
def final_account(request: Request, pk: int) -> HttpResponse:
    """One final account as it was given out."""
    found = get_object_or_404(FinalAccount.objects.select_related("book", "made_by"), pk=pk)
    rows = [
        [f"{one.code} {one.name}", *(_shown(amount) for amount in (one.budget, one.actual, one.apart))]
        for one in final_accounts.rows_of(found)
    ]
    notices = [] if final_accounts.is_whole(found) else [_("The figures are not those that were given out.")]
    actions = []
    if request.user.has_perm(final_accounts.RIGHT) and found.state in final_accounts.UNDER_WAY:
        actions.append(Action(_("Take it back"), reverse("funds:final_account_withdraw", args=[pk]), posts=True))
    page = Page(
        subject=found,
        title=_("Final account: %(account)s") % {"account": found},
        back=(_("Final accounts"), reverse("funds:final_accounts")),
        state=(TONES[found.state], str(found.get_state_display())),
        facts=[*final_accounts.rows(found)[:2], *final_accounts.rows(found)[-4:], (_("made by"), found.made_by)],
        tables=[
            Table(
                _("Lines"),
                [pgettext("books", "account"), _("budget"), _("actual"), _("apart")],
                rows,
                figures=(1, 2, 3),
            )
        ],
        actions=actions,
        notices=notices,
        decided=found,
    )
    return shown(request, page, book=found.book)


@permission_required(final_accounts.RIGHT, raise_exception=True)
def make_final_account(request: Request) -> HttpResponse:
    """Make the final account of a closed year."""
    page = form_page(
        request, title=_("Make a final account"), submit=_("Make it"), cancel_url=reverse("funds:final_accounts")
    )
    form = YearForm(page.data)

    def make() -> FinalAccount:
        made: FinalAccount = final_accounts.make(**form.cleaned_data, by=request.user, at=timezone.now())
        return made

    made: FinalAccount | None = _tried(page, form, make)
    return redirect("funds:final_account", made.pk) if made else page.render(form)


@require_POST
@permission_required(final_accounts.RIGHT, raise_exception=True)
def withdraw_final_account(request: Request, pk: int) -> HttpResponse:
    """Take a final account back before it is decided."""
    found = get_object_or_404(FinalAccount, pk=pk)
    return _done(
        request,
        lambda: final_accounts.withdraw(account=found, by=request.user, at=timezone.now()),
        _("Taken back."),
        reverse("funds:final_account", args=[pk]),
    )


def _tried(page: Any, form: Any, do: Callable[[], Any]) -> Any:
    """What a sent form did; a refusal stands over the form, written as an act by the service."""
    if not (page.is_sent and form.is_valid()):
        return None
    try:
        return do()
    except (CannotBudget, CannotAccount) as refusal:
        form.add_error(None, str(refusal))
        return None


def _done(request: Request, do: Callable[[], None], sentence: str, back: str) -> HttpResponse:
    try:
        do()
    except (CannotBudget, CannotAccount, CannotWithdraw) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, sentence)
    return redirect(back)


def _ways(request: Request, found: Budget) -> list[Action]:
    if not request.user.has_perm(budgets.RIGHT) or found.state not in budgets.UNDER_WAY:
        return []
    ways = []
    if found.state == Budget.State.DRAFT:
        ways = [
            Action(_("Enter the lines"), reverse("funds:budget_lines", args=[found.pk]), "Alt+R"),
            Action(_("Propose"), reverse("funds:budget_propose", args=[found.pk]), "F2", posts=True, first=True),
        ]
    return [*ways, Action(_("Take it back"), reverse("funds:budget_withdraw", args=[found.pk]), posts=True)]


def _before(found: Budget) -> Budget | None:
    """The budget that held when this one came."""
    earlier = Budget.objects.filter(book=found.book_id, year=found.year, version__lt=found.version, state="approved")
    return earlier.order_by("-version").first()


def _shown(amount: Any) -> str:
    return "—" if amount is None else money.shown(amount)


def _budget(pk: int) -> Budget:
    return get_object_or_404(Budget.objects.select_related("book", "drafted_by"), pk=pk)
