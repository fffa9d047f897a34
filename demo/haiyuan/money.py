"""The money of the year, from the opening to the closing of the books: what came in, what went out, on its day.

What is due follows from the register (heads by rate), what was paid from the settlements of the year; the rest is of
the report (docs/haiyuan-2009.md). Everything is told once: begun again the year goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db.models import Sum

from demo import register as papers
from demo.haiyuan import autumn, closing, desk, other_funds, register
from demo.haiyuan.closing import MonthEnd
from demo.haiyuan.desk import Day
from demo.haiyuan.entering import PAPER, Act, Entering, parts, scaled
from demo.haiyuan.figures import YEAR
from demo.haiyuan.paying import Payday
from demo.haiyuan.year import MONTHS, months
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
from funds.models import Book, PostingKind, RiskMove, Slip
from funds.rules.postings import credit, debit
from funds.services import noting, risk_fund
from funds.services.vouchers import VoucherOf
from office import history
from office.rules import money

NONE: Final = Decimal(0)
FIRST: Final = date(YEAR, 1, 1)

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


@dataclass
class Year:
    """The books of the year and how much of the county they are of."""

    entering: Entering
    scale: float
    seed: int

    @property
    def book(self) -> Book:
        """The rural scheme's."""
        return self.entering.book

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
        for month in MONTHS:
            end = MonthEnd(self.book, month)
            yield end.on, end.close

    def open(self, day: Day) -> None:
        """What the office brought along; what autumn 2008 collected stands as received ahead."""
        general, risk, household = (scaled(one, self.scale) for one in (GENERAL, RISK, HOUSEHOLD))
        ahead = own()
        lines = [
            debit("special_account", ahead + general + household),
            debit("risk_deposit", risk),
            credit("received_ahead", ahead),
            credit("general_pool", general),
            credit("risk_fund", risk),
            credit("household_fund", household),
        ]
        closing.opened(self.book, VoucherOf(PostingKind.OPENING, FIRST, "2009年期初余额（演示）", lines), day)
        self.entering.accounts(day)

    def turn(self, day: Day) -> None:
        """What was received ahead is income of the year."""
        self.entering.turn(register.fund_year(), day)

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
        of = {"fund_year": rate.fund_year, "payer": rate.level, "rate": rate, "words": WORDS[rate.level]}
        amount, number = money.yuan(rate.per_head * heads), f"{rate.level}-{rate.instalment}"
        self.entering.note(day, self.entering.slip(Slip.Kind.SUBSIDY, number, day, amount, **of))

    def assisted(self, day: Day) -> None:
        """Medical assistance pays for those whom it helps."""
        of = {"fund_year": register.fund_year(), "payer": "assistance", "words": WORDS["assistance"]}
        self.entering.note(day, self.entering.slip(Slip.Kind.ASSISTANCE, "1", day, paid()["assisted"], **of))

    def settled(self, day: Day) -> None:
        """The centre settles the year before: that year's money, whenever it arrives."""
        amount = SETTLED_RATE * round(SETTLED_PEOPLE * self.scale)
        of = {"fund_year": year_before(day), "payer": "central", "words": "中央财政2008年度清算"}
        self.entering.note(day, self.entering.slip(Slip.Kind.SUBSIDY, "2008清算", day, amount, **of))

    def interest(self, amount: Decimal, day: Day) -> None:
        """A quarter's interest of the special account."""
        self.entering.note(day, self.entering.slip(Slip.Kind.INTEREST, f"{day.on:%m}", day, amount))

    def collected(self, day: Day) -> None:
        """Autumn collects for the next year: the sheets' money into the income account, and up to the special one."""
        year, sheets = autumn.collected(self.scale, self.seed, day)
        amount = autumn.amount_of(self.scale)
        of = {"account": "income_account", "fund_year": year, "words": "2010年参合费"}
        told = self.entering.slip(Slip.Kind.DEPOSIT, "1", day, amount, **of)
        found = Slip.objects.filter(book=self.book, kind=told.kind, number=told.number)
        if not found.exists():
            by = day.people["accountant"]
            with history.acting(by=by):
                noting.deposit(book=self.book, told=told, sheets=sheets, by=by, at=day.at)
        self.entering.check(day, found)
        passed = self.entering.slip(Slip.Kind.TRANSFER, "1", day, amount, account="income_account")
        self.entering.note(day, passed)

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


def keep(scale: float, seed: int) -> Book:
    """The year's money through the books of all funds, from wherever it stands; gives the rural scheme's."""
    people = desk.people()
    year = Year(Entering.of(Scheme.objects.get(code="ncms"), FIRST, Day(people, FIRST)), scale, seed)
    _deposited(Day(people, FIRST))
    acts = [*year.acts(), *other_funds.acts(scale, Day(people, FIRST))]
    for on, act in sorted(acts, key=lambda one: one[0]):
        act(Day(people, on))
    return year.book


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
