"""The books of the demo county: those of every fund with their opening balances, vouchers in every state, a month that
is closed and one that waits for it. Amounts are made up, but for the order of size (seed of 2009)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from django.db.models import Sum

from demo.factors import show_factor
from enrollment.models import Account as Household
from enrollment.models import Contribution, Scheme
from funds.models import Book, Period, PostingKind, Voucher
from funds.rules.postings import Line, credit, debit
from funds.selectors import months as month_selectors
from funds.services import books, months, vouchers
from funds.services.vouchers import VoucherOf
from office import deciding
from office.models import Person
from office.models.rounds import Choice
from office.rules import days
from office.services import rounds

#: What stands on the first day, by scheme: debits and credits by the purpose of the account, in yuan of a hundredth of
#: the county, as its people are. What was received ahead is what this year's people contributed themselves; what
#: households have in their accounts is of the register.
OPENINGS: Final[dict[str, dict[str, int]]] = {
    "ncms": {
        "special_account": 4_600,
        "risk_deposit": 3_300,
        "general_pool": -4_600,
        "risk_fund": -3_300,
    },
    "employees": {"special_account": 31_800, "general_pool": -31_800},
    "residents": {"special_account": 21_400, "general_pool": -17_000, "personal_fund": -4_400},
}
#: Books that begin in the last month of the year before: the trial's year is closed in them.
EARLIER: Final = ("ncms",)
#: Books that begin with nothing: months in which nothing was entered are closed.
EMPTY: Final = ("injury", "maternity")
INTEREST: Final = ((3, Decimal("587.05")), (6, Decimal("582.10")), (9, Decimal("590.04")))
NOTICE: Final = "活期存款利息（演示）"


def leave(people: dict[str, Person], at: datetime) -> None:
    """Leave all of it behind: work waits for the accountant and for the head of accounting."""
    first = days.business_day(at).replace(month=1, day=1)
    before = first.replace(year=first.year - 1, month=12)
    kept = {
        scheme.code: _opened(scheme, before if scheme.code in EARLIER else first, people, at) for scheme in _schemes()
    }
    for code, stands in OPENINGS.items():
        if code in kept:
            on, lines = kept[code].begins_on, _lines(stands) + (_of_register(first.year) if code in EARLIER else [])
            made = _note(kept[code], PostingKind.OPENING, on, "期初余额（演示）", lines, people, at)
            if code != "residents":  # theirs waits for the head of accounting
                _enter(made, people, at)
    if "ncms" in kept:
        _interest(kept["ncms"], people, at)
    if "employees" in kept:
        _back_and_red(kept["employees"], people, at)
    for code in EMPTY:
        if code in kept:
            _close(kept[code], people, at)


def _schemes() -> list[Scheme]:
    return list(
        Scheme.objects.filter(code__in=[*OPENINGS, *EMPTY]).exclude(pk__in=Book.objects.values("scheme")).order_by("pk")
    )


def _opened(scheme: Scheme, first: date, people: dict[str, Person], at: datetime) -> Book:
    chart = books.shipped(scheme.code)
    made: Book = books.open_book(scheme=scheme, chart=chart, begins_on=first, by=people["accountant"], at=at)
    return made


def _lines(stands: dict[str, int]) -> list[Line]:
    return [
        debit(purpose, Decimal(amount)) if amount > 0 else credit(purpose, Decimal(-amount))
        for purpose, amount in stands.items()
    ]


def _of_register(year: int) -> list[Line]:
    """What people contributed for this year before it began, no income yet, and what households have in their accounts:
    it lies in the special account."""
    of_year = Contribution.objects.filter(fund_year__scheme__code="ncms", fund_year__year=year, void_reason="")
    own = of_year.aggregate(sum=Sum("own", default=Decimal(0)))["sum"]
    held = Household.objects.filter(scheme__code="ncms").aggregate(sum=Sum("balance", default=Decimal(0)))["sum"]
    found = {"received_ahead": own, "household_fund": held}
    return [
        line
        for purpose, amount in found.items()
        if amount
        for line in (debit("special_account", amount), credit(purpose, amount))
    ]


def _note(
    book: Book, kind: str, on: date, summary: str, lines: list[Line], people: dict[str, Person], at: datetime
) -> Voucher:
    stated = VoucherOf(kind, on, summary, lines, attachments=1)
    made: Voucher = vouchers.note(book=book, stated=stated, by=people["accountant"], at=at)
    return made


def _enter(made: Voucher, people: dict[str, Person], at: datetime) -> Voucher:
    done: Voucher = vouchers.enter(voucher=made, by=people["accounting"], at=at)
    return done


def _of_interest(amount: Decimal) -> list[Line]:
    return [debit("special_account", amount), credit("interest_income", amount)]


def _interest(book: Book, people: dict[str, Person], at: datetime) -> None:
    """The quarters' interest that is over by now; the last of them waits to be checked."""
    today = days.business_day(at)
    over = [(day, amount) for month, amount in INTEREST if (day := date(today.year, month, 21)) <= today]
    for place, (day, amount) in enumerate(over, start=1):
        made = _note(book, PostingKind.INTEREST, day, NOTICE, _of_interest(amount), people, at)
        if place < len(over):
            _enter(made, people, at)


def _back_and_red(book: Book, people: dict[str, Person], at: datetime) -> None:
    """One voucher that came back, and one that was entered twice over and is being taken back in red."""
    day = book.begins_on
    wrong = _note(book, PostingKind.INTEREST, day, NOTICE, _of_interest(Decimal("102.34")), people, at)
    vouchers.send_back(voucher=wrong, reason="附件是另一账户的利息单（演示）", by=people["accounting"], at=at)
    twice = _note(book, PostingKind.INTEREST, day, NOTICE, _of_interest(Decimal("102.43")), people, at)
    posting = _enter(twice, people, at).posting
    if posting is not None:
        vouchers.note_reversal(posting=posting, on=day, reason="重复入账（演示）", by=people["accountant"], at=at)


def _close(book: Book, people: dict[str, Person], at: datetime) -> None:
    """The first month is closed, the second waits to be closed."""
    over = month_selectors.to_close(book, days.business_day(at))[:2]
    for place, one in enumerate(over):
        period = months.ask_to_close(book=book, month=one.month, by=people["accountant"], at=at)
        if place == 0:
            _decide(period, people["accounting"], at + timedelta(minutes=EMPTY.index(book.code)))


def _decide(period: Period, by: Person, at: datetime) -> None:
    """A vote with a code that carries the month's hash and sum."""
    opened = deciding.rounds_of(period).get(state="open")
    proof = show_factor(by, at, opened.bound_to)
    rounds.vote(round=opened, choice=Choice.APPROVE, hash_seen=opened.subject_hash, by=by, at=at, proof=proof)
