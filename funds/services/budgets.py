"""Budgets (基金预算): drafted by the accountant, approved by the office's head, then by finance; a later one
of the same year is an adjustment with its reason.

Order of locks: the budget's rounds, the books, the budget.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.services.locks import refusing
from funds.deciding import FUNDS
from funds.models import Account, Book, Budget, BudgetLine
from office import deciding, trail
from office.deciding import CannotWithdraw, Matter
from office.models import Duty, Person
from office.models.rounds import Choice, Outcome
from office.rules.money import shown
from office.rules.rounds import Required
from office.services import rounds

RIGHT: Final = "funds.add_budget"
State = Budget.State
UNDER_WAY: Final = (State.DRAFT, State.PROPOSED, State.REVIEWED)
OF_A_YEAR: Final = (Account.Kind.INCOME, Account.Kind.SPENDING)
BY_OFFICE: Final = Required(rule="funds.budget", version="1", duties=(Duty.OFFICE_HEAD,))
BY_FINANCE: Final = Required(rule="funds.budget", version="1", duties=(Duty.FINANCE_REVIEWER,))
FINANCE: Final = "finance"
AFTER: Final = {Outcome.REFUSED: State.REFUSED, Outcome.RETURNED: State.DRAFT}


class CannotBudget(Exception):
    """The budget stays as it was; the message is written for the accountant."""


def in_force(book: Book, year: int) -> Budget | None:
    """The budget that holds for a year: the last approved one."""
    return Budget.objects.filter(book=book, year=year, state=State.APPROVED).order_by("-version").first()


def amounts_of(budget: Budget | None) -> dict[int, Decimal]:
    """What a budget says of each account, in yuan, by its number."""
    return dict(BudgetLine.objects.filter(budget=budget).values_list("account", "amount")) if budget else {}


@refusing("budget.drafted", CannotBudget, about="book")
def draft(*, book: Book, year: int, reason: str, by: Person, at: datetime) -> Budget:
    """Begin a year's budget, or an adjustment of it with the lines that hold now. Raises CannotBudget."""
    Book.objects.select_for_update(no_key=True).get(pk=book.pk)
    known = Budget.objects.filter(book=book, year=year)
    open_one = known.filter(state__in=UNDER_WAY).first()
    if open_one is not None:
        raise CannotBudget(_("%(budget)s is %(state)s: finish that one first.") % _named(open_one))
    if year < book.begins_on.year:
        raise CannotBudget(_("These books are kept since %(day)s.") % {"day": book.begins_on})
    holds, is_first = in_force(book, year), not known.exists()
    if bool(reason.strip()) == is_first:
        raise CannotBudget(
            _("The first budget of a year needs no reason.") if is_first else _("Say why the budget is adjusted.")
        )
    made = Budget.objects.create(
        book=book, year=year, version=known.count() + 1, reason=reason.strip(), drafted_by=by, drafted_at=at
    )
    accounts = Account.objects.filter(book=book, is_entered_on=True, kind__in=OF_A_YEAR).order_by("code")
    before = amounts_of(holds)
    BudgetLine.objects.bulk_create(
        BudgetLine(budget=made, account=one, amount=before.get(one.pk, Decimal(0))) for one in accounts
    )
    trail.record("budget.drafted", made, by=by, at=at, right=RIGHT, year=year, version=made.version)
    return made


@refusing("budget.entered", CannotBudget, about="budget")
def enter(*, budget: Budget, amounts: Mapping[int, Decimal], by: Person, at: datetime) -> None:
    """Write the lines of a draft, by the number of their account. Raises CannotBudget."""
    current = _locked(budget)
    if current.state != State.DRAFT:
        raise CannotBudget(_("%(budget)s is %(state)s: only a draft is changed.") % _named(current))
    lines = {one.account_id: one for one in current.lines.select_related("account")}
    changed = [
        lines[number] for number, amount in amounts.items() if number in lines and lines[number].amount != amount
    ]
    for one in changed:
        one.amount = amounts[one.account_id]
        if one.amount < 0:
            raise CannotBudget(_("%(account)s: a budget is of no debts.") % {"account": one.account})
    BudgetLine.objects.bulk_update(changed, ["amount"])
    if changed:
        told = "; ".join(f"{one.account.code} {shown(one.amount)}" for one in changed)
        trail.record("budget.entered", current, by=by, at=at, right=RIGHT, changed=told)


@refusing("budget.proposed", CannotBudget, about="budget")
def propose(*, budget: Budget, by: Person, at: datetime) -> None:
    """Give a draft to those who approve it. Raises CannotBudget."""
    try:
        opened = rounds.open_round(subject=budget, by=by, at=at)
    except rounds.CannotOpen as refusal:
        raise CannotBudget(str(refusal)) from refusal
    current = _locked(budget)
    if current.state != State.DRAFT:
        raise CannotBudget(_("%(budget)s is %(state)s: only a draft is proposed.") % _named(current))
    if not current.lines.filter(amount__gt=0).exists():
        raise CannotBudget(_("Nothing is entered in it yet."))
    _move(current, State.PROPOSED)
    trail.record("budget.proposed", current, by=by, at=at, right=RIGHT, subject_hash=opened.subject_hash)


@refusing("budget.withdrawn", CannotBudget, CannotWithdraw, about="budget")
def withdraw(*, budget: Budget, by: Person, at: datetime) -> None:
    """Whoever drafted it takes it back before it is decided. Raises CannotWithdraw."""
    rounds.void(subject=budget, by=by, at=at, reason=_("withdrawn"))
    current = _locked(budget)
    if current.state not in UNDER_WAY:
        raise CannotWithdraw(_("This has been decided already."))
    if by != current.drafted_by:
        raise CannotWithdraw(_("Whoever entered it takes it back."))
    _move(current, State.WITHDRAWN)
    trail.record("budget.withdrawn", current, by=by, at=at, right=RIGHT)


def planned_until(budget: Budget, month: date) -> dict[int, Decimal]:
    """What a budget would have come to by the end of a month, each month a twelfth, in yuan by account."""
    return {number: amount * month.month / 12 for number, amount in amounts_of(budget).items()}


def _locked(budget: Budget) -> Budget:
    found = Budget.objects.select_for_update(of=["self"]).select_related("book", "drafted_by")
    return found.get(pk=budget.pk)


def _move(budget: Budget, state: str) -> None:
    budget.state = state
    budget.save(update_fields=["state"])


def _named(budget: Budget) -> dict[str, object]:
    return {"budget": budget, "state": budget.get_state_display()}


def content(budget: Budget) -> Mapping[str, object]:
    """What a vote on a budget is about: every line of it."""
    lines = budget.lines.select_related("account").order_by("account__code")
    return {
        "book": budget.book.code,
        "year": budget.year,
        "version": budget.version,
        "reason": budget.reason,
    } | {f"line:{one.account.code}": str(one.amount) for one in lines}


def rows(budget: Budget) -> Sequence[tuple[str, str]]:
    """What a voter reads; a line that an adjustment changes says what held before."""
    before = amounts_of(in_force(budget.book, budget.year))
    lines = list(budget.lines.select_related("account").order_by("account__code"))
    sums = {kind: sum(one.amount for one in lines if one.account.kind == kind) for kind in OF_A_YEAR}
    return [
        (_("books"), budget.book.name),
        (_("year"), str(budget.year)),
        *([(_("adjusted because"), budget.reason)] if budget.reason else []),
        *((str(one.account), _amount_told(one, before)) for one in lines if one.amount or before.get(one.account_id)),
        (_("income together"), shown(sums[Account.Kind.INCOME])),
        (_("spending together"), shown(sums[Account.Kind.SPENDING])),
        (_("surplus"), shown(sums[Account.Kind.INCOME] - sums[Account.Kind.SPENDING])),
    ]


def _amount_told(line: BudgetLine, before: Mapping[int, Decimal]) -> str:
    was = before.get(line.account_id, line.amount)
    return shown(line.amount) if was == line.amount else f"{shown(was)} → {shown(line.amount)}"


def _decided(budget: Budget, outcome: str, by: Person, at: datetime) -> str:
    """Approved by the office it goes to finance, approved there it holds; returned it is a draft again; deferred it
    waits for another round."""
    if outcome == Outcome.APPROVED:
        goes_on = budget.state == State.PROPOSED
        _move(budget, State.REVIEWED if goes_on else State.APPROVED)
        if goes_on:
            rounds.open_locked(subject=budget, by=budget.drafted_by, at=at, step=FINANCE, required=BY_FINANCE)
    else:
        _move(budget, AFTER.get(Outcome(outcome), State(budget.state)))
    trail.record("budget.decided", budget, by=by, at=at, outcome=outcome, year=budget.year, state=budget.state)
    return ""


def register() -> None:
    """Called once when the app is ready."""
    deciding.register(
        Matter(
            model=Budget,
            family=FUNDS,
            title=gettext_lazy("Budget"),
            content=content,
            rows=rows,
            decided=_decided,
            required=lambda budget: BY_FINANCE if budget.state == State.REVIEWED else BY_OFFICE,
            barred=lambda budget: [budget.drafted_by],
            choices=(Choice.APPROVE, Choice.REFUSE, Choice.RETURN),
            page="funds:budget",
            known=("book", "drafted_by"),
            withdraw=lambda budget, by, at: withdraw(budget=budget, by=by, at=at),
        )
    )
