"""The money of the demo county's trial year: what came in and was paid in its December, and what is given out of what
was left: a list of second compensation that hangs, with an appeal to answer. Amounts are made up."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from django.db.models import Sum

from claims.models import ClaimPart
from demo import funds_payments as payments
from demo.funds_money_in import INCOME, SPECIAL
from enrollment.models import CollectionSheet, Coverage, FundYear, Member
from funds.models import Book, Place, PostingKind, SecondRun
from funds.rules.postings import debit
from funds.selectors import settling
from funds.services import batches, noting, orders, second_appeals, second_notices, second_runs, slips
from funds.services.asking import CannotAsk
from funds.services.noting import SlipOf
from funds.services.orders import Payee
from funds.services.second_notices import NoticeOf
from funds.services.second_runs import RunOf
from office.models import Person
from office.rules import days

LEVELS: Final = ("central", "province", "county")
DEPOSITED, ARRIVED, PAID = (12, 16), (12, 18), (12, 22)
#: From where the trial's households got their parts.
PAID_THROUGH: Final = Payee("other", "试点村补偿代发户（演示）", "海原县农村信用社（演示）", "6228480000058888")
THRESHOLD: Final = Decimal(600)
BANDS: Final = (("1000", "0.30"), (None, "0.50"))


def enter(people: dict[str, Person], at: datetime) -> None:
    """What came in of the trial year, and what its households were paid, where its books are open."""
    year = _year(at)
    book = Book.objects.filter(scheme__code="ncms", begins_on__year=year.year).first() if year else None
    if book is None or year is None:
        return
    _contributions(book, year, people, at)
    heads = Coverage.objects.standing().filter(fund_year=year).count()
    for level in LEVELS:
        a_head = year.subsidyrates.filter(level=level).aggregate(sum=Sum("per_head", default=Decimal(0)))["sum"]
        told = SlipOf(
            book, "subsidy", f"拨{year.year}-{level}（演示）", _day(year, ARRIVED), SPECIAL, a_head * heads, year, level
        )
        _checked(noting.note(book=book, told=told, by=people["accountant"], at=at), people, at)
    _benefits(book, year, people, at)


def _year(at: datetime) -> FundYear | None:
    last = days.business_day(at).year - 1
    return FundYear.objects.confirmed().filter(scheme__code="ncms", year=last).first()


def _day(year: FundYear, of: tuple[int, int]) -> date:
    return date(year.year, *of)


def _checked(slip: Any, people: dict[str, Person], at: datetime) -> None:
    slips.check(slip=slip, by=people["accounting"], at=at)


def _contributions(book: Book, year: FundYear, people: dict[str, Person], at: datetime) -> None:
    """The sheets of the trial villages, deposited and passed on."""
    waiting = list(CollectionSheet.objects.filter(fund_year=year, state="handed_in").order_by("pk"))
    cash = sum((one.cash or Decimal(0) for one in waiting), Decimal(0))
    on, by = _day(year, DEPOSITED), people["accountant"]
    told = SlipOf(book, "deposit", f"存{year.year}（演示）", on, INCOME, cash, year)
    _checked(noting.deposit(book=book, told=told, sheets=waiting, by=by, at=at), people, at)
    passed = SlipOf(book, "transfer", f"缴拨{year.year}（演示）", on, INCOME, cash)
    _checked(noting.note(book=book, told=passed, by=by, at=at), people, at)


def _benefits(book: Book, year: FundYear, people: dict[str, Person], at: datetime) -> None:
    """What households of the trial were paid (demo/last_year.py): one order on the paper of its year, by account."""
    paid = ClaimPart.objects.filter(
        state=ClaimPart.State.PAID, approval__year=year.year, approval__claim__scheme=year.scheme
    )
    spent = settling.pays(book)
    sums = {
        spent[fund]: amount
        for fund, amount in paid.order_by().values_list("fund").annotate(sum=Sum("amount"))
        if fund in spent
    }
    if not sums:
        return
    whole = sum(sums.values(), Decimal(0))
    words = "试点村住院补偿（演示）"
    order = orders.order_payment(
        book=book,
        key=f"trial:{year.pk}",
        kind=PostingKind.PAID,
        place=Place.SPECIAL,
        payee=PAID_THROUGH,
        amount=whole,
        lines=[debit(account, amount) for account, amount in sums.items()],
        summary=words,
        subject=year,
        by=people["accountant"],
        checked_by=people["head"],  # who confirmed the trial's year
        at=at,
    )
    batch = batches.make_batch(
        book=book, place=Place.SPECIAL, words=words, orders=[order], by=people["accountant"], at=at
    )
    batch = batches.ask_release(batch=batch, by=people["accountant"], at=at)
    payments.vote(batch, people["finance"], at)
    batch.refresh_from_db()
    payments.answered(batch, people, at, "试点银行回单（演示）.csv", comes_back=False, on=_day(year, PAID))


def leave(people: dict[str, Person], at: datetime) -> None:
    """A list of second compensation out of what the trial year left hangs; somebody is missing on it, and says so."""
    year, book = _year(at), Book.objects.filter(scheme__code="ncms").first()
    if book is None or year is None or book.begins_on.year > year.year:
        return
    today, by = days.business_day(at), people["accountant"]
    stated = RunOf(
        year=year.year,
        threshold=THRESHOLD,
        bands=BANDS,
        paper=f"海合管发〔{today.year}〕11号（演示，数值为假设）",
        papers_by=today + timedelta(days=15),
        year_percent=Decimal(10),
    )
    try:
        run = second_runs.draw_up(book=book, stated=stated, by=by, at=at)
    except CannotAsk:  # the year left too little, or nobody bears enough
        return
    hangs = NoticeOf(today, today + timedelta(days=7), "村委会公示栏（演示）", "村会计（演示）")
    second_notices.post(run=run, notice=hangs, by=by, at=at)
    _appeal(run, people, at)


def _appeal(run: SecondRun, people: dict[str, Person], at: datetime) -> None:
    """A patient's wife says that a bill of another hospital was not counted."""
    member: Member = run.lines.order_by("-burden").select_related("member")[0].member
    second_appeals.receive_appeal(
        run=run,
        member=member,
        by_name="家属（演示）",
        words="在外地医院的门诊费用未计入个人负担（演示）",
        by=people["accountant"],
        at=at,
    )
