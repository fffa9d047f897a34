"""What the pages of the books ask of the database: as much for a few postings as for many."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conftest import NOON, sign_in
from funds.services import vouchers
from funds.services.vouchers import VoucherOf
from funds.tests.factories import JANUARY, Counter, pair

pytestmark = pytest.mark.django_db

FEW, MANY = 2, 9

#: Statements of a page opened for the second time by the accountant.
COSTS: dict[str, int] = {
    "book_open": 6,
    "books": 6,
    "chart": 9,
    "detail": 12,
    "general": 10,
    "identity": 8,
    "journal": 11,
    "month_of": 26,
    "months": 10,
    "posting": 9,
    "trial": 9,
    "voucher": 7,
    "voucher_new": 8,
    "vouchers": 8,
}


def filled(counter: Counter, many: int) -> dict[str, list[object]]:
    """So many postings and vouchers of January; what each page's address needs."""
    counter.opened()
    for number in range(many):
        lines = pair("spending_account", "special_account", "1.00")
        posting = counter.enter(f"r{number}", "requested", *lines, on=date(2010, 1, number + 1))
        stated = VoucherOf("interest", JANUARY, "利息", pair("special_account", "interest_income", "1.00"))
        voucher = vouchers.note(book=counter.book, stated=stated, by=counter.acc, at=NOON)
    code, month = counter.book.code, f"{JANUARY:%Y-%m}"
    of_book = {name: [code] for name in ("chart", "identity", "months", "voucher_new")}
    of_month = {name: [code, month] for name in ("month_of", "journal", "trial")}
    return {
        "books": [],
        "book_open": [],
        "vouchers": [],
        "voucher": [voucher.pk],
        "posting": [posting.pk],
        "detail": [code, "1002", month],
        "general": [code, JANUARY.year],
        **of_book,
        **of_month,
    }


@pytest.mark.parametrize("many", [FEW, MANY])
def test_a_page_asks_the_same_of_few_and_of_many(many, appoint):
    counter = Counter.of(appoint)
    pages = filled(counter, many)
    acc = sign_in(Client(), counter.acc)
    counted = {}
    for name, arguments in sorted(pages.items()):
        where = reverse(f"funds:{name}", args=arguments)
        acc.get(where)
        with CaptureQueriesContext(connection) as questions:
            answer = acc.get(where)
        assert answer.status_code == 200, where
        counted[name] = len(questions)
    assert counted == COSTS
