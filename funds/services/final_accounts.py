"""Final accounts (基金决算): what a closed year came to beside its budget, approved by the office's head, then by
finance.

Order of locks: the final account's rounds, the books, the final account.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.services.locks import refusing
from funds.deciding import FUNDS
from funds.models import Account, Book, FinalAccount, Period
from funds.selectors import financial_statements as statements
from funds.services import budgets, months
from office import deciding, trail
from office.deciding import CannotWithdraw, Matter
from office.models import Duty, Person
from office.models.rounds import Choice, Outcome
from office.rules.money import shown
from office.rules.rounds import Required
from office.services import rounds

RIGHT: Final = "funds.add_finalaccount"
State = FinalAccount.State
BY_OFFICE: Final = Required(rule="funds.final-account", version="1", duties=(Duty.OFFICE_HEAD,))
BY_FINANCE: Final = Required(rule="funds.final-account", version="1", duties=(Duty.FINANCE_REVIEWER,))
UNDER_WAY: Final = (State.PROPOSED, State.REVIEWED)
AFTER: Final = {Outcome.APPROVED: State.APPROVED, Outcome.REFUSED: State.REFUSED}
DECEMBER: Final = 12


class CannotAccount(Exception):
    """No final account was made or moved; the message is written for the accountant."""


@dataclass(frozen=True)
class Row:
    """A line of a final account, in yuan; nothing where no budget named the account."""

    code: str
    name: str
    kind: str
    budget: Decimal | None
    actual: Decimal

    @property
    def apart(self) -> Decimal | None:
        return None if self.budget is None else self.actual - self.budget


@refusing("final-account.made", CannotAccount, about="book")
def make(*, book: Book, year: int, by: Person, at: datetime) -> FinalAccount:
    """Make the final account of a closed year and give it to those who approve it. Raises CannotAccount."""
    Book.objects.select_for_update(no_key=True).get(pk=book.pk)
    if not Period.objects.filter(book=book, month=date(year, DECEMBER, 1), state=Period.State.CLOSED).exists():
        raise CannotAccount(_("The year %(year)s is not closed.") % {"year": year})
    known = FinalAccount.objects.filter(book=book, year=year, state__in=[*UNDER_WAY, State.APPROVED]).first()
    if known is not None:
        raise CannotAccount(
            _("The final account of %(year)s is there: it is %(state)s.")
            % {"year": year, "state": known.get_state_display()}
        )
    figures = _kept(book, year)
    made = FinalAccount(book=book, year=year, figures=figures, made_by=by, made_at=at)
    made.sha256 = _hash(made)
    made.save(force_insert=True)
    opened = rounds.open_round(subject=made, by=by, at=at)
    trail.record("final-account.made", made, by=by, at=at, right=RIGHT, subject_hash=opened.subject_hash, year=year)
    return made


@refusing("final-account.withdrawn", CannotWithdraw, about="account")
def withdraw(*, account: FinalAccount, by: Person, at: datetime) -> None:
    """Whoever made it takes it back before it is decided. Raises CannotWithdraw."""
    rounds.void(subject=account, by=by, at=at, reason=_("withdrawn"))
    current = FinalAccount.objects.select_for_update(of=["self"]).select_related("made_by").get(pk=account.pk)
    if current.state not in UNDER_WAY:
        raise CannotWithdraw(_("This has been decided already."))
    if by != current.made_by:
        raise CannotWithdraw(_("Whoever entered it takes it back."))
    current.state = State.WITHDRAWN
    current.save(update_fields=["state"])
    trail.record("final-account.withdrawn", current, by=by, at=at, right=RIGHT)


def rows_of(account: FinalAccount) -> list[Row]:
    """Its lines as they were given out."""
    return [
        Row(
            code=one["code"],
            name=one["name"],
            kind=one["kind"],
            budget=None if one["budget"] is None else Decimal(one["budget"]),
            actual=Decimal(one["actual"]),
        )
        for one in account.figures
    ]


def is_whole(account: FinalAccount) -> bool:
    """Whether a final account still is what it was made as."""
    return account.sha256 == _hash(account)


def _kept(book: Book, year: int) -> list[dict[str, str | None]]:
    actual = statements.of_year(book, year)
    budget = budgets.in_force(book, year)
    planned = budgets.amounts_of(budget)
    accounts = Account.objects.filter(pk__in=actual).order_by("code")
    return [
        {
            "code": one.code,
            "name": one.name,
            "kind": one.kind,
            "budget": str(planned.get(one.pk, Decimal("0.00"))) if budget else None,
            "actual": f"{actual[one.pk]:.2f}",
        }
        for one in accounts
    ]


def _hash(account: FinalAccount) -> str:
    written = json.dumps(
        {"book": account.book.code, "year": account.year, "figures": account.figures},
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(written.encode()).hexdigest()


def content(account: FinalAccount) -> Mapping[str, object]:
    """What a vote on a final account is about: all its figures."""
    return {"book": account.book.code, "year": account.year, "sha256": account.sha256}


def rows(account: FinalAccount) -> Sequence[tuple[str, str]]:
    """What a voter reads."""
    told = rows_of(account)
    sums = {kind: sum((one.actual for one in told if one.kind == kind), Decimal(0)) for kind in budgets.OF_A_YEAR}
    return [
        (_("books"), account.book.name),
        (_("year"), str(account.year)),
        *((f"{one.code} {one.name}", _told(one)) for one in told if one.actual or one.budget),
        (_("income together"), shown(sums[Account.Kind.INCOME])),
        (_("spending together"), shown(sums[Account.Kind.SPENDING])),
        (_("surplus"), shown(sums[Account.Kind.INCOME] - sums[Account.Kind.SPENDING])),
        ("SHA-256", account.sha256),
    ]


def _told(row: Row) -> str:
    if row.budget is None:
        return shown(row.actual)
    return _("%(actual)s (budget %(budget)s)") % {"actual": shown(row.actual), "budget": shown(row.budget)}


def _decided(account: FinalAccount, outcome: str, by: Person, at: datetime) -> str:
    """Approved by the office it goes to finance, approved there it is final; deferred it waits for another round."""
    goes_on = outcome == Outcome.APPROVED and account.state == State.PROPOSED
    account.state = State.REVIEWED if goes_on else AFTER.get(Outcome(outcome), State(account.state))
    account.save(update_fields=["state"])
    if goes_on:
        rounds.open_locked(subject=account, by=account.made_by, at=at, step=budgets.FINANCE, required=BY_FINANCE)
    trail.record("final-account.decided", account, by=by, at=at, outcome=outcome, year=account.year)
    return ""


def bar(period: Period) -> str:
    """Why a month is not opened again: the final account of its year is there."""
    known = FinalAccount.objects.filter(
        book=period.book_id, year=period.month.year, state__in=[*UNDER_WAY, State.APPROVED]
    ).first()
    if known is None:
        return ""
    return _("The final account of %(year)s is there: it is %(state)s.") % {
        "year": known.year,
        "state": known.get_state_display(),
    }


def register() -> None:
    """Called once when the app is ready."""
    months.register_bar("final-account", bar)
    deciding.register(
        Matter(
            model=FinalAccount,
            family=FUNDS,
            title=gettext_lazy("Final account"),
            content=content,
            rows=rows,
            decided=_decided,
            required=lambda account: BY_FINANCE if account.state == State.REVIEWED else BY_OFFICE,
            barred=lambda account: [account.made_by],
            choices=(Choice.APPROVE, Choice.REFUSE),
            page="funds:final_account",
            known=("book", "made_by"),
            withdraw=lambda account, by, at: withdraw(account=account, by=by, at=at),
        )
    )
