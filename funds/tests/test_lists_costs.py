"""What the lists of banks, money in, settlements and figures ask of the database: as much for few rows as for many."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conftest import NOON, sign_in
from funds.models import Account
from funds.services import cash_counts, reconciliations, recoveries
from funds.services.recoveries import RecoveryOf
from funds.tests.banking import Bank, bank_account, cashier, line
from funds.tests.slips import TODAY, Till

pytestmark = pytest.mark.django_db

FEW, MANY = 2, 7

#: Statements of a page opened for the second time by the accountant.
COSTS: dict[str, int] = {
    "ahead": 14,
    "assessments": 7,
    "bank_accounts": 7,
    "cash_counts": 7,
    "daily_cash": 12,
    "indicators": 26,
    "matches": 8,
    "owed": 12,
    "premiums": 7,
    "prepayments": 7,
    "provider_payments": 7,
    "reconciliations": 7,
    "recoveries": 7,
    "retention_terms": 7,
    "risk_moves": 7,
    "second_runs": 7,
    "settlements_to_pay": 6,
    "slips": 8,
    "statements": 7,
    "subsidy_letters": 7,
    "three_books": 33,
    "warning_levels": 7,
}


def filled(appoint: Any, many: int) -> Till:
    """So many slips, statements with lines, sheets, counts, recoveries."""
    till = Till.of(appoint, ("central", 1, 40, date(2010, 6, 30)))
    counter = till.counter
    at = bank_account(counter.book, "special_account", by=counter.acc, confirmed_by=counter.head)
    bank, teller = Bank(counter, at), cashier(appoint)
    cash = Account.objects.get(book=counter.book, purpose="cash")
    till.claim("central", "40.00", till.year.subsidyrates.get())
    for number in range(many):
        till.check(till.note("other", "5.00", number=f"捐{number}", words="捐赠"))
        till.note("interest", "1.00", number=f"息{number}")
        day = TODAY - timedelta(days=number + 1)
        cash_counts.note(account=cash, on=day, pieces={}, explanation="", by=teller, at=NOON)
        first = date(2010, 1, 1) + timedelta(days=number)
        bank.keep(line(first, "1.00", f"R{number}"), opening=f"{number}.00", first=first, last=first)
        reconciliations.propose(account=at.account, on=first, by=counter.acc, at=NOON)
        special = Account.objects.get(book=counter.book, purpose="special_account")
        back = RecoveryOf("person", f"马{number}", Decimal(1), TODAY, 2010, special, f"回单{number}", "退回")
        recoveries.propose(book=counter.book, stated=back, by=counter.acc, at=NOON)
    return till


@pytest.mark.parametrize("many", [FEW, MANY])
def test_a_page_asks_the_same_of_few_and_of_many(many, appoint):
    till = filled(appoint, many)
    acc = sign_in(Client(), till.counter.acc)
    counted = {}
    for name in COSTS:
        where = reverse(f"funds:{name}")
        acc.get(where)
        with CaptureQueriesContext(connection) as questions:
            answer = acc.get(where)
        assert answer.status_code == 200, where
        counted[name] = len(questions)
    assert counted == COSTS
