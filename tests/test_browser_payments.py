"""A batch of payments through the office, each person before his own screen: made and asked for, released by two with
codes that carry its sum, carried to the bank, answered with one line that came back, its payee confirmed by two, paid
again."""

from __future__ import annotations

import pytest
from django.utils import timezone

from claims.tests.deciding import now
from funds.models import PayeeConfirmation
from funds.rules.bank_files import AnswerOf
from funds.selectors import balances
from funds.tests.paying import Till
from office.rules import days
from tests.at_funds import answered, at, batch_of, carried, vote

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_batch_with_a_line_that_comes_back_and_is_paid_again(appoint, screens):
    till = Till.of(appoint)
    till.fill()
    claim, other = till.claim(), till.claim()
    today = days.business_day(timezone.now())
    acc = at(screens, till.acc)
    acc.opens("funds:payable", till.book.code)
    acc.fits("payable")
    batch = batch_of(acc, "三月住院补偿")
    acc.fits("batch-made")
    acc.press("F2")
    acc.shows("待放行")
    head, hal = at(screens, till.counter.head), at(screens, till.desk.hal)
    vote(head, batch, "batch-decision")
    vote(hal, batch)
    cas = at(screens, till.cas)
    one, two = carried(cas, batch)
    cas.fits("batch-sent")
    back = AnswerOf(two.number, "returned", two.amount, today, "B2", "户名不符")
    answered(cas, AnswerOf(one.number, "paid", one.amount, today, "B1"), back)
    cas.fits("bank-answer")
    assert (now(claim).state, now(other).state) == ("paid", "payable")
    acc.opens("funds:payable", till.book.code)
    acc.shows("曾被银行退票")
    acc.page.get_by_role("link", name="确认收款账户").click()
    acc.types(holder="马新户", bank="农信社", number="6228480000777777", reason="户名更正")
    acc.fits("payee-new")
    acc.press("F2")
    vote(head, PayeeConfirmation.objects.get())
    again = batch_of(acc, "退票重付")
    acc.press("F2")
    vote(head, again)
    vote(hal, again)
    [paid] = carried(cas, again)
    answered(cas, AnswerOf(paid.number, "paid", paid.amount, today, "B3"))
    cas.opens("funds:payment", paid.pk)
    cas.fits("payment-paid")
    assert (now(other).state, paid.payee_account) == ("paid", "6228480000777777")
    assert balances.stands(till.book, "pool_spending") == one.amount + paid.amount
    assert balances.identity(till.book, today).holds
