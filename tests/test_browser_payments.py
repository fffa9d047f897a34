"""A batch of payments through the office, each person before his own screen: made and asked for, released by two with
codes that carry its sum, carried to the bank, answered with one line that came back, its payee confirmed by two, paid
again."""

from __future__ import annotations

import time

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from claims.tests.deciding import now
from conftest import unused_code
from funds.models import PayeeConfirmation, Payment, PaymentBatch
from funds.rules import bank_files
from funds.rules.bank_files import AnswerOf
from funds.selectors import balances
from funds.tests.paying import Till
from office import deciding
from office.rules import days, totp
from office.rules.money import shown
from office.services import factors
from tests.at_work import Worker
from tests.test_browser import assert_accessible, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def at(screens, person) -> Worker:
    worker = Worker(person, screens())
    sign_in(worker.page, person)
    return worker


def fits(worker: Worker, name: str) -> None:
    """Without sideways scrolling, for everybody, and for the eyes."""
    page = worker.page
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), name
    assert_accessible(page)
    page.evaluate("document.documentElement.setAttribute('data-bs-theme', 'light')")
    worker.looked_at(name)


def press(page: Page, key: str) -> None:
    """A key that leads on; the page after it is there."""
    with page.expect_navigation():
        page.keyboard.press(key)


def waited_for(person) -> str:
    """A code that was not used yet and is good now: whoever has used two within half a minute waits for the next."""
    while factors.live(person).last_step > totp.step_of(timezone.now()):
        time.sleep(0.5)
    return unused_code(person)


def vote(worker: Worker, subject, name: str = "") -> None:
    """Read what is decided, and agree; where a code of its own is asked for, it carries hash and sum."""
    page = worker.page
    opened = deciding.rounds_of(subject).get(state="open")
    page.goto(deciding.page_of(opened))
    if opened.amount is not None:
        worker.shows(shown(opened.amount))
    if name:
        fits(worker, name)
    page.get_by_label("同意", exact=True).check()
    if opened.own_code:
        page.locator("#id_code").fill(waited_for(worker.person))
    press(page, "F2")
    worker.shows("审批意见已提交")


def batch_of(worker: Worker, words: str) -> PaymentBatch:
    """From the list to a batch that waits for its release."""
    page = worker.page
    page.goto(reverse("funds:batches"))
    press(page, "Alt+n")
    page.locator("#id_words").fill(words)
    press(page, "F2")
    made = PaymentBatch.objects.latest("pk")
    worker.shows(made.number)
    return made


def carried(worker: Worker, batch: PaymentBatch) -> list[Payment]:
    """The cashier makes the file, fetches it, carries it to the bank and notes that."""
    page = worker.page
    page.goto(reverse("funds:batch", args=[batch.pk]))
    press(page, "F2")
    press(page, "F2")
    expect(page.get_by_role("link", name="银行文件")).to_be_visible()
    assert page.request.get(reverse("funds:batch_file", args=[batch.pk])).body().startswith(b"\xef\xbb\xbf")
    press(page, "F4")
    worker.shows("在银行")
    return list(batch.payments.order_by("line"))


def answered(worker: Worker, *told: AnswerOf) -> None:
    """The bank's answer, as a file."""
    page = worker.page
    page.goto(reverse("funds:bank_answers"))
    press(page, "Alt+n")
    content = bank_files.write_answers(told)
    page.locator("#id_file").set_input_files({"name": "回单.csv", "mimeType": "text/csv", "buffer": content})
    press(page, "F2")
    worker.shows("回单.csv")


def test_a_batch_with_a_line_that_comes_back_and_is_paid_again(appoint, screens):
    till = Till.of(appoint)
    till.fill()
    claim, other = till.claim(), till.claim()
    today = days.business_day(timezone.now())
    acc = at(screens, till.acc)
    acc.page.goto(reverse("funds:payable", args=[till.book.code]))
    fits(acc, "payable")
    batch = batch_of(acc, "三月住院补偿")
    fits(acc, "batch-made")
    press(acc.page, "F2")
    acc.shows("待放行")
    head, hal = at(screens, till.counter.head), at(screens, till.desk.hal)
    vote(head, batch, "batch-decision")
    vote(hal, batch)
    cas = at(screens, till.cas)
    one, two = carried(cas, batch)
    fits(cas, "batch-sent")
    back = AnswerOf(two.number, "returned", two.amount, today, "B2", "户名不符")
    answered(cas, AnswerOf(one.number, "paid", one.amount, today, "B1"), back)
    fits(cas, "bank-answer")
    assert (now(claim).state, now(other).state) == ("paid", "payable")
    acc.page.goto(reverse("funds:payable", args=[till.book.code]))
    acc.shows("曾被银行退票")
    acc.page.get_by_role("link", name="确认收款账户").click()
    for field, value in {
        "holder": "马新户",
        "bank": "农信社",
        "number": "6228480000777777",
        "reason": "户名更正",
    }.items():
        acc.page.locator(f"#id_{field}").fill(value)
    fits(acc, "payee-new")
    press(acc.page, "F2")
    vote(head, PayeeConfirmation.objects.get())
    again = batch_of(acc, "退票重付")
    press(acc.page, "F2")
    vote(head, again)
    vote(hal, again)
    [paid] = carried(cas, again)
    answered(cas, AnswerOf(paid.number, "paid", paid.amount, today, "B3"))
    cas.page.goto(reverse("funds:payment", args=[paid.pk]))
    fits(cas, "payment-paid")
    assert (now(other).state, paid.payee_account) == ("paid", "6228480000777777")
    assert balances.stands(till.book, "pool_spending") == one.amount + paid.amount
    assert balances.identity(till.book, today).holds
