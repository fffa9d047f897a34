"""The money of the year, from the opening to the closing of the books: what came in, what went out, on its day.

What is due follows from the register (heads by rate), what was paid from the settlements of the year; the rest is of
the report (docs/haiyuan-2009.md). Everything is told once: begun again the year goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db.models import Sum

from demo import register as papers
from demo.haiyuan import autumn, desk, register
from demo.haiyuan.desk import Day
from demo.haiyuan.figures import YEAR
from demo.haiyuan.paying import Payday
from demo.haiyuan.year import months
from enrollment.models import (
    CollectionSheet,
    Contribution,
    Coverage,
    FundYear,
    Scheme,
    SubsidyClaim,
    SubsidyRate,
)
from enrollment.services import deposits, subsidies
from funds.models import BankAccount, Book, Posting, PostingKind, RiskMove, Slip
from funds.rules import postings as rules
from funds.rules.postings import Line, credit, debit
from funds.selectors import balances
from funds.services import bank_accounts, books, noting, postings, risk_fund, slips
from funds.services.bank_accounts import BankAccountOf
from funds.services.noting import SlipOf
from funds.services.postings import PostingOf
from office import history
from office.rules import money

NONE: Final = Decimal(0)
FIRST, LAST = date(YEAR, 1, 1), date(YEAR, 12, 31)
ACCOUNTS_SINCE: Final = date(2008, 1, 1)

#: What stood on the funds when the year began, in yuan at full scale (assumed).
GENERAL, RISK, HOUSEHOLD = Decimal(2_200_000), Decimal(3_231_000), Decimal(1_486_300)
#: The report: what the centre settled of 2008, the interest of the year.
SETTLED_PEOPLE, SETTLED_RATE = 15_312, Decimal(40)
INTEREST: Final = Decimal(234_820)
RISK_SHARE: Final = Decimal("0.10")  # of the year's raising

CLAIMED_ON: Final = date(YEAR, 1, 6)
ASSISTED_ON: Final = date(YEAR, 4, 15)
SETTLED_ON: Final = date(YEAR, 6, 11)
#: When the instalments of a level arrive: two in advance, the rest on settlement.
ARRIVALS: Final = (date(YEAR, 2, 20), date(YEAR, 7, 20), date(YEAR, 11, 11))
INTEREST_DAYS: Final = tuple(date(YEAR, month, 21) for month in (3, 6, 9, 12))
COLLECTED_ON: Final = date(YEAR, 11, 30)
RISK_ON: Final = date(YEAR, 12, 25)
WORDS: Final = {"central": "中央财政", "province": "自治区财政", "county": "县级财政", "assistance": "医疗救助"}
BANK: Final = "海原县农村信用社（演示）"
PAPER: Final = "海合管函〔2009〕1号（演示）"

Act = Callable[[Day], object]


@dataclass
class Year:
    """The books of the year and how much of the county they are of."""

    book: Book
    scale: float
    seed: int

    def acts(self) -> Iterator[tuple[date, Act]]:
        """What is done about money, each on its day."""
        yield FIRST, self.open
        yield FIRST, self.turn
        yield CLAIMED_ON, self.claim
        for rate in SubsidyRate.objects.filter(fund_year=register.fund_year()).order_by("level", "instalment"):
            yield ARRIVALS[rate.instalment - 1], lambda day, rate=rate: self.subsidised(rate, day)  # type: ignore[misc]
        yield ASSISTED_ON, self.assisted
        yield SETTLED_ON, self.settled
        for on, amount in zip(INTEREST_DAYS, parts(scaled(INTEREST, self.scale), len(INTEREST_DAYS)), strict=True):
            yield on, lambda day, amount=amount: self.interest(amount, day)  # type: ignore[misc]
        yield COLLECTED_ON, self.collected
        for month in months(self.scale):
            payday = Payday(self.book, month)
            yield payday.day.on, lambda day, payday=payday: payday.pay()  # type: ignore[misc]
        yield RISK_ON, self.risk
        yield LAST, self.close

    def open(self, day: Day) -> None:
        """What the office brought along; what autumn 2008 collected stands as received ahead."""
        general, risk, household = (scaled(one, self.scale) for one in (GENERAL, RISK, HOUSEHOLD))
        ahead = own()
        self.enter(
            day,
            "opening",
            PostingKind.OPENING,
            "2009年期初余额",
            debit("special_account", ahead + general + household),
            debit("risk_deposit", risk),
            credit("received_ahead", ahead),
            credit("general_pool", general),
            credit("risk_fund", risk),
            credit("household_fund", household),
        )
        self._accounts(day)

    def turn(self, day: Day) -> None:
        """What was received ahead is income of the year."""
        turned = Slip.objects.filter(book=self.book, kind=Slip.Kind.TURN)
        if not turned.exists():
            with history.acting(by=day.people["accountant"]):
                noting.turn(book=self.book, fund_year=register.fund_year(), by=day.people["accountant"], at=day.at)
        self._check(day, turned)

    def claim(self, day: Day) -> None:
        """Every level and medical assistance are asked for what is due by the register."""
        year = register.fund_year()
        rates = list(SubsidyRate.objects.filter(fund_year=year).order_by("level", "instalment"))
        wanted: list[tuple[str, SubsidyRate | None]] = [("assistance", None), *((one.level, one) for one in rates)]
        by = day.people["accountant"]
        for payer, rate in wanted:
            if not SubsidyClaim.objects.filter(fund_year=year, payer=payer, rate=rate).exists():
                number = f"海合管请〔{YEAR}〕{payer}-{rate.instalment if rate else 1}号（演示）"
                with history.acting(by=by):
                    subsidies.make_claim(
                        fund_year=year, payer=payer, rate=rate, counted_on=day.on, number=number, by=by, at=day.at
                    )

    def subsidised(self, rate: SubsidyRate, day: Day) -> None:
        """An instalment of a level arrives: heads by rate."""
        heads = Coverage.objects.standing().filter(fund_year=rate.fund_year).count()
        told = self._slip(Slip.Kind.SUBSIDY, f"{rate.level}-{rate.instalment}", day, money.yuan(rate.per_head * heads))
        self.note(day, replace(told, fund_year=rate.fund_year, payer=rate.level, rate=rate, words=WORDS[rate.level]))

    def assisted(self, day: Day) -> None:
        """Medical assistance pays for those whom it helps."""
        told = self._slip(Slip.Kind.ASSISTANCE, "1", day, paid()["assisted"])
        self.note(day, replace(told, fund_year=register.fund_year(), payer="assistance", words=WORDS["assistance"]))

    def settled(self, day: Day) -> None:
        """The centre settles the year before: that year's money, whenever it arrives."""
        amount = SETTLED_RATE * round(SETTLED_PEOPLE * self.scale)
        told = self._slip(Slip.Kind.SUBSIDY, "2008清算", day, amount)
        self.note(day, replace(told, fund_year=year_before(day), payer="central", words="中央财政2008年度清算"))

    def interest(self, amount: Decimal, day: Day) -> None:
        """A quarter's interest of the special account."""
        self.note(day, self._slip(Slip.Kind.INTEREST, f"{day.on:%m}", day, amount))

    def collected(self, day: Day) -> None:
        """Autumn collects for the next year: the sheets' money into the income account, and up to the special one."""
        year, sheets = autumn.collected(self.scale, self.seed, day)
        amount = autumn.amount_of(self.scale)
        told = replace(
            self._slip(Slip.Kind.DEPOSIT, "1", day, amount),
            account="income_account",
            fund_year=year,
            words="2010年参合费",
        )
        found = Slip.objects.filter(book=self.book, kind=told.kind, number=told.number)
        if not found.exists():
            by = day.people["accountant"]
            with history.acting(by=by):
                noting.deposit(book=self.book, told=told, sheets=sheets, by=by, at=day.at)
        self._check(day, found)
        self.note(day, replace(self._slip(Slip.Kind.TRANSFER, "1", day, amount), account="income_account"))

    def risk(self, day: Day) -> None:
        """The risk fund is brought to a tenth of the year's raising, and deposited with the province."""
        due = SubsidyClaim.objects.filter(fund_year=register.fund_year()).aggregate(whole=Sum("amount", default=NONE))
        raised = own() + due["whole"]
        amount = money.yuan(raised * RISK_SHARE) - scaled(RISK, self.scale)
        for kind in (RiskMove.Kind.EXTRACTED, RiskMove.Kind.DEPOSITED):
            if not RiskMove.objects.filter(book=self.book, kind=kind, year=YEAR).exists():
                by = day.people["accountant"]
                with history.acting(by=by):
                    asked = risk_fund.propose(
                        book=self.book,
                        kind=kind,
                        year=YEAR,
                        amount=amount,
                        raised=raised,
                        on=day.on,
                        paper=PAPER,
                        by=by,
                        at=day.at,
                    )
                day.agree(asked, "accounting")

    def close(self, day: Day) -> None:
        """Income and spending to the funds."""
        if not Posting.objects.filter(book=self.book, kind=PostingKind.YEAR_CLOSED).exists():
            self.enter(day, "closing", PostingKind.YEAR_CLOSED, "年终结转", *closing_lines(self.book))

    def enter(self, day: Day, key: str, kind: PostingKind, summary: str, *lines: Line) -> None:
        """What has no paper of its own: made by the accountant, checked by the head of accounting."""
        stated = PostingOf(
            self.book,
            f"haiyuan-{YEAR}:{key}",
            kind,
            day.on,
            f"{summary}（演示）",
            [one for one in lines if one.amount],
        )
        maker, checker = day.people["accountant"], day.people["accounting"]
        with history.acting(by=maker):
            postings.post(stated=stated, by=maker, checked_by=checker, at=day.at)

    def note(self, day: Day, told: SlipOf) -> None:
        """A slip: noted by the accountant, checked by the head of accounting."""
        found = Slip.objects.filter(book=self.book, kind=told.kind, number=told.number)
        if not found.exists():
            with history.acting(by=day.people["accountant"]):
                noting.note(book=self.book, told=told, by=day.people["accountant"], at=day.at)
        self._check(day, found)

    def _slip(self, kind: str, number: str, day: Day, amount: Decimal) -> SlipOf:
        return SlipOf(self.book, kind, f"演示{YEAR}-{number}", day.on, "special_account", amount)

    def _check(self, day: Day, found: Any) -> None:
        by = day.people["accounting"]
        for slip in found.filter(state=Slip.State.NOTED):
            with history.acting(by=by):
                slips.check(slip=slip, by=by, at=day.at)

    def _accounts(self, day: Day) -> None:
        """Which bank account each account of the books is."""
        by = day.people["accountant"]
        places = self.book.accounts.filter(place__in=["income", "special", "spending"], is_entered_on=True)
        for account in places.exclude(pk__in=BankAccount.objects.values("account")).order_by("code"):
            stated = BankAccountOf(
                account, self.book.name, BANK, f"640522000{account.code}", PAPER, since=ACCOUNTS_SINCE
            )
            with history.acting(by=by):
                asked = bank_accounts.propose(stated=stated, by=by, at=day.at)
            day.agree(asked, "accounting")


def keep(scale: float, seed: int) -> Book:
    """The year's money through its books, from wherever it stands."""
    people = desk.people()
    year = Year(_book(Day(people, FIRST)), scale, seed)
    _deposited(Day(people, FIRST))
    for on, act in sorted(year.acts(), key=lambda one: one[0]):
        act(Day(people, on))
    return year.book


def _book(day: Day) -> Book:
    scheme = Scheme.objects.get(code="ncms")
    known = Book.objects.filter(scheme=scheme).first()
    if known is not None:
        return known
    by = day.people["accountant"]
    with history.acting(by=by):
        made: Book = books.open_book(scheme=scheme, chart=books.shipped("ncms"), begins_on=FIRST, by=by, at=day.at)
    return made


def _deposited(day: Day) -> None:
    """The sheets of autumn 2008 were paid in before these books begin: their money is in the opening balance."""
    sheets = list(CollectionSheet.objects.filter(fund_year=register.fund_year(), state="handed_in").order_by("pk"))
    by = day.people["cashier"]
    with history.acting(by=by):
        for sheet in sheets:
            told: dict[str, Any] = {"sheets": [sheet], "by": by, "at": day.at}
            deposits.mark_deposited(on=register.ROSTERED, slip=f"缴款单{sheet.number}（演示）", **told)
            deposits.mark_confirmed(on=register.ROSTERED, **told)


def year_before(day: Day) -> FundYear:
    """The fund year 2008, which the centre settles in 2009: as the county's paper of 2009, its figures assumed."""
    paper = replace(
        papers.OPEN_YEARS[0],
        year=YEAR - 1,
        paper_number="海政发〔2007〕90号（演示，全部为假设）",
        paper_date=date(YEAR - 2, 8, 20),
    )
    return autumn.opened(paper, day)


def paid() -> dict[str, Decimal]:
    """What was paid for the year, by households and by assistance."""
    found = Contribution.objects.filter(fund_year=register.fund_year(), void_reason="")
    sums: dict[str, Decimal] = found.aggregate(own=Sum("own", default=NONE), assisted=Sum("assisted", default=NONE))
    return sums


def own() -> Decimal:
    return paid()["own"]


def closing_lines(book: Book) -> list[Line]:
    """What brings every account of the year to nothing."""
    accounts = book.accounts.filter(closes_to__isnull=False, is_entered_on=True).select_related("closes_to")
    standing = {
        one.purpose: (one.closes_to.purpose, balances.stands(book, one.purpose) * (1 if one.kind == "income" else -1))
        for one in accounts
        if one.closes_to
    }
    return rules.closing_lines(standing)


def scaled(amount: Decimal, scale: float) -> Decimal:
    """The report's figure times the scale, to the fen."""
    return money.yuan(amount * Decimal(str(scale)))


def parts(amount: Decimal, count: int) -> list[Decimal]:
    """So many parts that come to the whole, the last takes what is left over."""
    each = money.yuan(amount / count)
    return [*([each] * (count - 1)), amount - each * (count - 1)]
