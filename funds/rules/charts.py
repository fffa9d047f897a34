"""Charts of accounts as data (会计科目表): read, checked, and which accounts an event may move.

A chart is a file of `funds/data/charts`, after the papers that it names. Events are the same in every fund; a pair of
accounts is allowed where the chart has both of them (ledger.md, "Entries"; 财会〔2008〕1号, 财会〔2013〕21号).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

KINDS = ("asset", "liability", "fund", "income", "spending")
OF_A_YEAR = ("income", "spending")
SUBSIDIES = ("subsidy_central", "subsidy_province", "subsidy_city", "subsidy_county")
INCOME = (
    "own_income_pool",
    "own_income_household",
    "assistance_income",
    "collective_income",
    *SUBSIDIES,
    "interest_income",
    "interest_income_personal",
    "large_sum_income",
    "superior_income",
    "inferior_income",
    "moved_income",
    "other_income",
)
BENEFITS = ("pool_spending", "household_spending", "large_sum_spending")
SPENDING = (*BENEFITS, "premium_spending", "superior_spending", "inferior_spending", "moved_spending")
BANKS = ("special_account", "income_account", "spending_account")
FUNDS = ("general_pool", "risk_fund", "household_fund", "personal_fund", "large_sum_fund")
CLOSED_TO = ("general_pool", "household_fund", "personal_fund", "large_sum_fund")
OWED = ("received_ahead", "retention", "returned", "borrowed", "interest_pending")

#: Pairs of accounts by event: any of the first may be debited where any of the second is credited.
EVENTS: Mapping[str, Sequence[tuple[Sequence[str], Sequence[str]]]] = {
    "opening": [
        ((*BANKS, "cash", "prepaid", "risk_deposit"), (*OWED, *FUNDS)),
    ],
    "collected": [
        (
            ("income_account", "special_account", "cash"),
            ("own_income_pool", "own_income_household", "large_sum_income"),
        ),
        (("income_account", "special_account", "cash"), ("collective_income",)),
    ],
    "collected_ahead": [(("income_account", "special_account", "cash"), ("received_ahead",))],
    "year_turned": [
        (
            ("received_ahead",),
            ("own_income_pool", "own_income_household", "assistance_income", "collective_income", *SUBSIDIES),
        )
    ],
    "assisted": [(("special_account",), ("assistance_income", "received_ahead"))],
    "transferred": [(("special_account",), ("income_account",)), (("income_account",), ("cash",))],
    "subsidised": [(("special_account",), (*SUBSIDIES, "received_ahead"))],
    "interest": [
        (BANKS, ("interest_income", "interest_income_personal", "interest_pending")),
        (("interest_pending",), ("interest_income", "interest_income_personal")),
        (("special_account",), ("spending_account", "income_account")),
    ],
    "other_income": [(("special_account", "income_account"), ("other_income",))],
    "requested": [(("spending_account",), ("special_account",))],
    "paid": [
        (BENEFITS, ("spending_account", "special_account", "cash")),
        (("cash",), ("spending_account",)),
        (("spending_account",), ("cash",)),
    ],
    "returned": [(("spending_account", "special_account"), ("returned",))],
    "paid_again": [(("returned",), ("spending_account", "special_account", "cash"))],
    "prepaid": [(("prepaid",), ("special_account", "spending_account"))],
    "prepayment_settled": [
        (BENEFITS, ("prepaid", "spending_account", "special_account", "retention")),
    ],
    "retention_released": [(("retention",), ("spending_account", "special_account", "other_income"))],
    "recovered": [(("spending_account", "special_account"), (*BENEFITS, "other_income"))],
    "refunded": [
        (("own_income_pool", "own_income_household", "received_ahead"), ("income_account", "special_account", "cash"))
    ],
    "premium": [
        (("premium_spending",), ("special_account", "spending_account")),
        (("special_account",), ("general_pool",)),  # the insurer gives a surplus back
    ],
    "risk_fund": [
        (("general_pool",), ("risk_fund",)),
        (("risk_fund",), ("general_pool",)),
        (("risk_deposit",), ("special_account",)),
        (("special_account",), ("risk_deposit",)),
    ],
    "year_closed": [
        ((*INCOME, *SPENDING), CLOSED_TO),
        (CLOSED_TO, (*INCOME, *SPENDING)),
    ],
    "borrowed": [(("special_account",), ("borrowed",)), (("borrowed",), ("special_account",))],
    "levels": [
        (("special_account",), ("superior_income", "inferior_income")),
        (("superior_spending", "inferior_spending"), ("special_account", "spending_account")),
    ],
    "moved": [
        (("special_account", "income_account"), ("moved_income",)),
        (("moved_spending",), ("special_account", "spending_account")),
    ],
    "swept": [(("special_account",), ("spending_account",))],
    "cash_difference": [
        (("cash",), ("other_income", "prepaid")),  # too much, or what was short is made good
        (("prepaid",), ("cash",)),  # too little: somebody owes it
    ],
    "bank_fee": [(("prepaid",), BANKS), (BANKS, ("prepaid",))],  # the fund bears no fees: the office makes them good
}


class BadChart(Exception):
    """The chart cannot be taken in; the message says which account is wrong."""


@dataclass(frozen=True)
class AccountOf:
    """One account as a chart states it; other accounts are named by their purpose."""

    code: str
    name: str
    purpose: str
    kind: str
    place: str = ""
    parent: str = ""
    closes_to: str = ""
    children: bool = False
    never_negative: bool = False
    source: str = ""


@dataclass(frozen=True)
class Chart:
    """A chart of accounts, and which spending account pays the parts of which fund."""

    code: str
    name: Mapping[str, str]
    accounts: Sequence[AccountOf]
    pays: Mapping[str, str] = field(default_factory=dict)

    @property
    def by_purpose(self) -> dict[str, AccountOf]:
        return {one.purpose: one for one in self.accounts}


def read(data: Mapping[str, Any]) -> Chart:
    """A chart out of its file. Raises BadChart."""
    chart = Chart(
        code=str(data["code"]),
        name=dict(data["name"]),
        accounts=[_account(one) for one in data["accounts"]],
        pays=dict(data.get("pays", {})),
    )
    for sentence in _faults(chart):
        raise BadChart(sentence)
    return chart


def _account(stated: Mapping[str, Any]) -> AccountOf:
    told = {name: value for name, value in stated.items() if name not in {"seen", "assumed"}}
    return AccountOf(**told, source=str(stated.get("seen") or stated.get("assumed") or ""))


def _faults(chart: Chart) -> Iterator[str]:
    known = chart.by_purpose
    if len({one.code for one in chart.accounts}) < len(chart.accounts) or len(known) < len(chart.accounts):
        yield "a code or a purpose stands twice"
    for one in chart.accounts:
        if one.kind not in KINDS:
            yield f"{one.code}: there is no kind {one.kind}"
        parent = known.get(one.parent)
        if one.parent and not (parent and parent.children and one.code.startswith(parent.code)):
            yield f"{one.code}: {one.parent} has no sub-accounts of this code"
        of_a_year = one.kind in OF_A_YEAR and not one.children
        fund = known.get(one.closes_to)
        if of_a_year != bool(one.closes_to) or (fund is not None and fund.kind != "fund"):
            yield f"{one.code}: income and spending, and nothing else, are closed to a fund"
    for fund_code, purpose in chart.pays.items():
        if purpose not in known or known[purpose].kind != "spending":
            yield f"{fund_code}: {purpose} is no account of spending"


def flows(chart: Chart) -> list[tuple[str, str, str]]:
    """Every pair that an event may move in these books: event, purpose debited, purpose credited."""
    known = {one.purpose for one in chart.accounts if not one.children}
    found = [
        (event, debit, credit)
        for event, pairs in EVENTS.items()
        for left, right in pairs
        for debit in left
        for credit in right
        if debit in known and credit in known and debit != credit
    ]
    return list(dict.fromkeys(found))
