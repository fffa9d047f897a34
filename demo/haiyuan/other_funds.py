"""The other four funds' year 2009, in money alone: what they began with, what came in, what was paid, by half-year.

The report gives received and spent; what each half-year brought, by which slips, is assumed (docs/haiyuan-2009.md).
Their people are not in the register, and what they pay is ordered by the half-year's paper and not by claims.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from demo import other_schemes
from demo.haiyuan import closing, register
from demo.haiyuan.desk import Day
from demo.haiyuan.entering import Act, Entering, parts, scaled
from demo.haiyuan.figures import YEAR
from demo.haiyuan.paying import Paying
from enrollment.models import FundYear, Scheme
from enrollment.services import fund_years
from funds.models import PaymentOrder, PostingKind, Slip
from funds.rules.postings import credit, debit
from funds.services import orders, prepayments
from funds.services.vouchers import VoucherOf
from office import history

FIRST: Final = date(YEAR, 1, 1)
NONE: Final = Decimal(0)
HALVES: Final = (6, 12)  # a half-year's money moves in its last month
CAME_ON, PAID_ON = 20, 26  # days of that month


@dataclass(frozen=True)
class Fund:
    """A fund's year at full scale, in yuan: what its funds began with, what was received ahead, what employers paid,
    what each level of government did, what was spent."""

    code: str
    spent: Decimal
    opened: Mapping[str, Decimal] = field(default_factory=dict)
    ahead: Decimal = NONE
    fees: Decimal = NONE
    subsidies: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def received(self) -> Decimal:
        """What the year brought the pool."""
        return self.ahead + self.fees + sum(self.subsidies.values(), NONE)


FUNDS: Final = (
    Fund(
        "employees",
        spent=Decimal(11_740_000),
        opened={"general_pool": Decimal(6_780_000)},
        fees=Decimal(13_490_000),
    ),
    Fund(
        "residents",
        spent=Decimal(1_229_800),
        opened={"general_pool": Decimal(1_700_000), "personal_fund": Decimal(440_000)},
        ahead=Decimal(736_880),
        subsidies={"central": Decimal(661_560), "province": Decimal(413_475), "county": Decimal(248_085)},
    ),
    Fund("injury", spent=NONE, fees=Decimal(164_000)),
    Fund("maternity", spent=Decimal(43_000), fees=Decimal(508_000)),
)
#: What employers pay of wages, whom the report counts; the rates are assumed.
EMPLOYERS: Final = {
    "injury": (Decimal("0.5"), 2_209, f"海政发〔{YEAR - 1}〕104号（演示，费率为假设）"),
    "maternity": (Decimal("0.5"), 9_162, f"海政发〔{YEAR - 1}〕105号（演示，费率为假设）"),
}


class FundsYear:
    """The year of one of these funds at a scale."""

    def __init__(self, of: Fund, scale: float, day: Day) -> None:
        self.of, self.scale = of, scale
        self.year = year_of(of.code, scale, day)
        self.entering = Entering.of(Scheme.objects.get(code=of.code), FIRST, day)
        self.book = self.entering.book

    def acts(self) -> Iterator[tuple[date, Act]]:
        """What is done about its money, each on its day."""
        yield FIRST, self._open
        halves = len(HALVES)
        fees = parts(scaled(self.of.fees, self.scale), halves)
        spent = parts(scaled(self.of.spent, self.scale), halves)
        for month, fee, paid in zip(HALVES, fees, spent, strict=True):
            yield date(YEAR, month, CAME_ON), lambda day, fee=fee: self._receive(day, fee)  # type: ignore[misc]
            yield date(YEAR, month, PAID_ON), lambda day, paid=paid: self._pay(day, paid)  # type: ignore[misc]

    def _open(self, day: Day) -> None:
        """What the fund began with; what was received ahead is income of the year."""
        ahead = scaled(self.of.ahead, self.scale)
        begun = {purpose: scaled(amount, self.scale) for purpose, amount in self.of.opened.items()}
        stands = begun | ({"received_ahead": ahead} if ahead else {})
        if stands:
            lines = [
                debit("special_account", sum(stands.values(), NONE)),
                *(credit(purpose, amount) for purpose, amount in stands.items()),
            ]
            stated = VoucherOf(PostingKind.OPENING, FIRST, f"{YEAR}年期初余额（演示）", lines)
            closing.opened(self.book, stated, day)
        self.entering.accounts(day)
        self.entering.turn(self.year, day)

    def _receive(self, day: Day, fee: Decimal) -> None:
        """What employers paid, passed up the same day; once in the year what governments add."""
        number = f"{self.of.code}-{day.on:%m}"
        if fee:
            told = self.entering.slip(Slip.Kind.FEE, number, day, fee, account="income_account", fund_year=self.year)
            self.entering.note(day, told)
            passed = self.entering.slip(Slip.Kind.TRANSFER, number, day, fee, account="income_account")
            self.entering.note(day, passed)
        if day.on.month == HALVES[0]:
            for payer, amount in self.of.subsidies.items():
                came = scaled(amount, self.scale)
                told = self.entering.slip(
                    Slip.Kind.SUBSIDY, f"{number}-{payer}", day, came, fund_year=self.year, payer=payer
                )
                self.entering.note(day, told)

    def _pay(self, day: Day, amount: Decimal) -> None:
        """A half-year's benefits, to the county's hospital, ordered on its paper."""
        if not amount:
            return
        words = f"{YEAR}年{day.on.month}月{self.book.scheme}待遇（演示）"
        key = f"haiyuan:{self.of.code}:{day.on:%Y-%m}"
        by, checker = day.people["accountant"], day.people["accounting"]
        if not PaymentOrder.objects.filter(key=key).exists():
            with history.acting(by=by):
                orders.order_payment(
                    book=self.book,
                    key=key,
                    kind=PostingKind.PAID,
                    payee=prepayments.payee_of(register.provider_of("county", 0)),
                    amount=amount,
                    lines=[debit("pool_spending", amount)],
                    summary=words,
                    subject=self.year,
                    by=by,
                    checked_by=checker,
                    at=day.at,
                )
        Paying(self.book, day.on.replace(day=1), day, words).pay()


def acts(scale: float, day: Day) -> Iterator[tuple[date, Act]]:
    """What is done about the money of each."""
    for one in FUNDS:
        yield from FundsYear(one, scale, day).acts()


def year_of(code: str, scale: float, day: Day) -> FundYear:
    """The fund's year 2009 by its paper: entered by one, confirmed by another."""
    known = FundYear.objects.filter(scheme__code=code, year=YEAR).first()
    by = day.people["accountant"]
    with history.acting(by=by):
        if known is None:
            known = _drafted(code, scale, day)
        if known.state == FundYear.State.DRAFT:
            fund_years.propose(fund_year=known, by=by, at=day.at)
            known.refresh_from_db()
    if known.state == FundYear.State.PROPOSED:
        day.agree(known, "accounting")
        known.refresh_from_db()
    return known


def _drafted(code: str, scale: float, day: Day) -> FundYear:
    by = day.people["accountant"]
    if code in EMPLOYERS:
        percent, people, paper = EMPLOYERS[code]
        return other_schemes.employers(code, percent, round(people * scale), paper, by, day.at)
    if code == "employees":
        return other_schemes.employees(YEAR, by, day.at, round(other_schemes.EMPLOYEES * scale))
    return other_schemes.residents(YEAR, by, day.at, round(other_schemes.RESIDENTS * scale))
