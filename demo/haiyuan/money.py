"""The money of the year, from the opening to the closing of the books: what came in, what went out, on its day.

What is due follows from the register (heads by rate), what was paid from the settlements of the year; the rest is of
the report. Each event is told once by its key, so that the year can be gone through again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Final

from django.db.models import Sum

from claims.models import Settlement
from demo.haiyuan import desk, register
from demo.haiyuan.figures import YEAR
from enrollment.models import Contribution, Coverage, Scheme, SubsidyRate
from funds.models import Book, PostingKind
from funds.rules import postings as rules
from funds.rules.postings import Line, credit, debit
from funds.selectors import balances
from funds.services import books, postings
from funds.services.postings import PostingOf
from office import history
from office.models import Person
from office.rules import days, money
from office.rules.days import SHANGHAI

NOON: Final = time(12, 0, tzinfo=SHANGHAI)
FIRST, LAST = date(YEAR, 1, 1), date(YEAR, 12, 31)
NONE: Final = Decimal(0)

#: What stood on the funds when the year began, in yuan at full scale (assumed, docs/haiyuan-2009.md).
GENERAL, RISK, HOUSEHOLD = Decimal(2_200_000), Decimal(3_231_000), Decimal(1_486_300)
#: The report: what the centre settled of 2008, the interest of the year, what autumn collected for the next year.
SETTLED_PEOPLE, SETTLED_RATE = 15_312, Decimal(40)
INTEREST, NEXT_YEAR = Decimal(234_820), Decimal(6_670_000)
RISK_SHARE: Final = Decimal("0.10")  # of the year's raising

ASSISTED_ON: Final = date(YEAR, 4, 15)
SETTLED_ON: Final = date(YEAR, 6, 10)
#: When the instalments of a level arrive: two in advance, the rest on settlement.
ARRIVALS: Final = (date(YEAR, 2, 20), date(YEAR, 7, 20), date(YEAR, 11, 10))
INTEREST_DAYS: Final = tuple(date(YEAR, month, 21) for month in (3, 6, 9, 12))
COLLECTED_ON: Final = tuple(date(YEAR, month, 25) for month in (9, 10, 11))
PAID_ON: Final = 10  # day of the month after; of December still in December
LAST_PAID_ON: Final = date(YEAR, 12, 30)
RISK_ON: Final = date(YEAR, 12, 25)


@dataclass(frozen=True)
class Event:
    """Something that moves money on a day."""

    on: date
    key: str
    kind: PostingKind
    summary: str
    lines: Sequence[Line]


def keep(scale: float) -> Book:
    """The year's books, opened, kept and closed; what is entered already stays as it is."""
    people = desk.people()
    book = _book(people["accountant"])
    for event in sorted(_events(scale), key=lambda one: one.on):
        _enter(book, event, people)
    for event in _closing(book):
        _enter(book, event, people)
    return book


def _book(by: Person) -> Book:
    scheme = Scheme.objects.get(code="ncms")
    known = Book.objects.filter(scheme=scheme).first()
    if known is not None:
        return known
    with history.acting(by=by):
        made: Book = books.open_book(
            scheme=scheme, chart=books.shipped("ncms"), begins_on=FIRST, by=by, at=datetime.combine(FIRST, NOON)
        )
    return made


def _enter(book: Book, event: Event, staff: Mapping[str, Person]) -> None:
    """Made by the accountant, checked by the head of accounting."""
    stated = PostingOf(book, f"haiyuan-{YEAR}:{event.key}", event.kind, event.on, event.summary, event.lines)
    with history.acting(by=staff["accountant"]):
        postings.post(
            stated=stated,
            by=staff["accountant"],
            checked_by=staff["accounting"],
            at=datetime.combine(event.on, NOON),
        )


def _events(scale: float) -> Iterator[Event]:
    heads = Coverage.objects.standing().filter(fund_year=register.fund_year()).count()
    paid = Contribution.objects.filter(fund_year=register.fund_year(), void_reason="").aggregate(
        own=Sum("own", default=NONE), assisted=Sum("assisted", default=NONE)
    )
    yield _opening(paid["own"], scale)
    yield _moved(
        FIRST,
        "turn",
        PostingKind.YEAR_TURNED,
        "预收2009年参合费转收入",
        "received_ahead",
        "own_income_pool",
        paid["own"],
    )
    yield _came(
        ASSISTED_ON, "assistance", PostingKind.ASSISTED, "医疗救助资助参合", "assistance_income", paid["assisted"]
    )
    raised = paid["own"] + paid["assisted"]
    for event, amount in _subsidies(heads):
        raised += amount
        yield event
    settled = SETTLED_RATE * round(SETTLED_PEOPLE * scale)
    yield _came(
        SETTLED_ON, "subsidy-2008", PostingKind.SUBSIDISED, "中央财政2008年度补助清算", "subsidy_central", settled
    )
    for on, amount in zip(INTEREST_DAYS, _parts(_scaled(INTEREST, scale), 4), strict=True):
        yield _came(on, f"interest-{on:%m}", PostingKind.INTEREST, f"专户{on.month}月结息", "interest_income", amount)
    yield from _collected(scale)
    yield from _paid()
    yield from _risk_fund(raised, scale)


def _opening(own: Decimal, scale: float) -> Event:
    """What the office brought along; what autumn 2008 collected stands as received."""
    general, risk, household = (_scaled(one, scale) for one in (GENERAL, RISK, HOUSEHOLD))
    lines = [
        debit("special_account", own + general + household),
        debit("risk_deposit", risk),
        credit("received_ahead", own),
        credit("general_pool", general),
        credit("risk_fund", risk),
        credit("household_fund", household),
    ]
    return Event(FIRST, "opening", PostingKind.OPENING, "2009年期初余额", [one for one in lines if one.amount])


def _subsidies(heads: int) -> Iterator[tuple[Event, Decimal]]:
    """Heads by rate, by level and instalment."""
    words = {"central": "中央财政", "province": "自治区财政", "county": "县级财政"}
    rates = SubsidyRate.objects.filter(fund_year=register.fund_year()).order_by("level", "instalment")
    for rate in rates:
        amount = money.yuan(rate.per_head * heads)
        event = _came(
            ARRIVALS[rate.instalment - 1],
            f"subsidy-{rate.level}-{rate.instalment}",
            PostingKind.SUBSIDISED,
            f"{words[rate.level]}2009年度补助第{rate.instalment}次",
            f"subsidy_{rate.level}",
            amount,
        )
        yield event, amount


def _collected(scale: float) -> Iterator[Event]:
    """Autumn collects for the next year: into the income account, and up to the special account."""
    for on, amount in zip(COLLECTED_ON, _parts(_scaled(NEXT_YEAR, scale), 3), strict=True):
        key = f"{on:%m}"
        kind = PostingKind.COLLECTED_AHEAD
        yield _moved(on, f"ahead-{key}", kind, "收缴2010年参合费", "income_account", "received_ahead", amount)
        kind = PostingKind.TRANSFERRED
        yield _moved(on, f"up-{key}", kind, "收入户划转财政专户", "special_account", "income_account", amount)


def _paid() -> Iterator[Event]:
    """What each month's settlements come to: asked for, and paid to clinics and hospitals."""
    kinds = {"village_register": "门诊", "hospital_list": "住院"}
    settled = Settlement.objects.filter(month__year=YEAR, fund_pays__gt=0).order_by()
    sums = settled.values_list("month", "document__kind").annotate(whole=Sum("fund_pays")).order_by("month")
    for month, kind, whole in sums:
        on = LAST_PAID_ON if month.month == LAST.month else days.next_month(month).replace(day=PAID_ON)
        words = f"{month.month}月{kinds[kind]}补偿"
        key = f"{month:%m}-{kind}"
        yield _moved(
            on, f"request-{key}", PostingKind.REQUESTED, f"{words}用款", "spending_account", "special_account", whole
        )
        yield _moved(on, f"paid-{key}", PostingKind.PAID, words, "pool_spending", "spending_account", whole)


def _risk_fund(raised: Decimal, scale: float) -> Iterator[Event]:
    """The risk fund is brought to a tenth of the year's raising, and deposited with the province."""
    more = money.yuan(raised * RISK_SHARE) - _scaled(RISK, scale)
    kind = PostingKind.RISK_FUND
    yield _moved(RISK_ON, "risk-fund", kind, "提取风险基金", "general_pool", "risk_fund", more)
    yield _moved(RISK_ON, "risk-deposit", kind, "缴存省级风险基金", "risk_deposit", "special_account", more)


def _closing(book: Book) -> list[Event]:
    """Income and spending to the funds."""
    accounts = book.accounts.filter(closes_to__isnull=False, is_entered_on=True).select_related("closes_to")
    standing = {one.purpose: (one, balances.stands(book, one.purpose)) for one in accounts}
    lines = rules.closing_lines(
        {
            purpose: (one.closes_to.purpose, stands if one.kind == "income" else -stands)
            for purpose, (one, stands) in standing.items()
            if one.closes_to
        }
    )
    return [Event(LAST, "closing", PostingKind.YEAR_CLOSED, "年终结转", lines)] if lines else []


def _came(on: date, key: str, kind: PostingKind, summary: str, income: str, amount: Decimal) -> Event:
    return _moved(on, key, kind, summary, "special_account", income, amount)


def _moved(on: date, key: str, kind: PostingKind, summary: str, to: str, out_of: str, amount: Decimal) -> Event:
    return Event(on, key, kind, f"{summary}（演示）", [debit(to, amount), credit(out_of, amount)])


def _scaled(amount: Decimal, scale: float) -> Decimal:
    return money.yuan(amount * Decimal(str(scale)))


def _parts(amount: Decimal, count: int) -> list[Decimal]:
    """So many parts that come to the whole, the last takes what is left over."""
    each = money.yuan(amount / count)
    return [*([each] * (count - 1)), amount - each * (count - 1)]
