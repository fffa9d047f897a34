"""Which duties one person never has together (不相容岗位分离): separation of duties, by pairs.

Source: the office's own division of work (the reports behind this system), 会计法 article 37 (cashier and books), the
internal-control rules of the social insurance offices (intake, check, payment and audit apart), and the separation of
the three administrators (三员分立). What one person may never do twice on one and the same thing is the rounds' matter.
The table `office_dutyexclusion` holds the same pairs; a trigger refuses an appointment that breaks one.
"""

from __future__ import annotations

from itertools import combinations, product

Pair = tuple[str, str]

HOSPITAL = ("hospital_desk", "village_doctor")
CHECK = ("first_checker", "second_checker")
COMMITTEE = ("committee_member", "committee_chair", "committee_secretary")
DECIDE = (*CHECK, "office_head", *COMMITTEE)
BOOKS = ("fund_accountant", "accounting_head")
AUDIT = ("internal_auditor", "state_auditor")
ADMINISTER = ("system_administrator", "security_administrator", "security_auditor")
BUSINESS = (
    "township_clerk",
    *HOSPITAL,
    "intake_clerk",
    *DECIDE,
    *BOOKS,
    "cashier",
    "finance_reviewer",
)


def _ordered(pairs: set[Pair]) -> frozenset[Pair]:
    return frozenset((min(pair), max(pair)) for pair in pairs)


#: Every pair that excludes each other, each in alphabetical order.
EXCLUDED = _ordered(
    set(product(HOSPITAL, (*DECIDE, *BOOKS, "cashier")))  # who sends a claim decides and pays none
    | set(product(CHECK, ("cashier",)))  # who checks does not pay
    | {("first_checker", "second_checker"), ("intake_clerk", "second_checker")}
    | {("committee_secretary", "committee_member"), ("committee_secretary", "committee_chair")}  # no vote
    | set(product(BOOKS, ("cashier",)))  # 会计法 37: the cashier keeps no books
    | {("fund_accountant", "accounting_head")}  # maker and checker of a voucher
    | set(product(("finance_reviewer",), (*BOOKS, "cashier")))
    | set(product(AUDIT, BUSINESS))
    | set(product(ADMINISTER, (*BUSINESS, *AUDIT)))
    | set(combinations(ADMINISTER, 2))
)

#: Duties that two administrators give together: who decides, pays, keeps books, releases or administers.
GIVEN_BY_TWO = frozenset((*DECIDE, *BOOKS, "cashier", "finance_reviewer", *ADMINISTER))


def is_given_by_two(duty: str) -> bool:
    """Whether this duty is given in a round, by one administrator and another."""
    return duty in GIVEN_BY_TWO


def excludes(one: str, other: str) -> bool:
    """Whether one person may never have these two duties at the same time."""
    return (min(one, other), max(one, other)) in EXCLUDED
