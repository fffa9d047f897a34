"""The pages of payments: each is there with what it says, does what its button says, and says a refusal in words."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.services import flags
from conftest import NOON, sign_in
from funds.models import BankAnswer, FundRequest, PayeeConfirmation, Payment, PaymentBatch
from funds.rules import bank_files
from funds.services import batches, fund_requests
from funds.tests.paying import TODAY, Till, now, said, states
from office import desk
from office.models import Duty

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def till(appoint) -> Till:
    till = Till.of(appoint)
    till.fill()
    return till


@pytest.fixture
def pages(client, till):
    """Pages as somebody sees them."""

    class Pages:
        def as_(self, person):
            sign_in(client, person)
            client.cookies["django_language"] = "en"
            return self

        def get(self, page_name, *args, **query):
            answer = client.get(reverse(f"funds:{page_name}", args=args), query)
            assert answer.status_code == 200, (page_name, answer.status_code)
            return answer.content.decode() if answer["Content-Type"].startswith("text/html") else answer

        def post(self, page_name, *args, query="", **data):
            address = reverse(f"funds:{page_name}", args=args) + query
            answer = client.post(address, {"form_guard": "", **data}, follow=True)
            return answer.content.decode()

    return Pages()


class TestBatchPages:
    def test_from_what_waits_to_the_answer(self, till, pages):
        _claim, held = till.claim(), till.claim()
        flags.set_flag(claim=held, kind="audit", reason="a lead", by=till.desk.hal, at=NOON)
        pages.as_(till.acc)
        page = pages.get("payable", till.book.code)
        assert "the claim is held" in page
        assert "**** " in page
        assert "1,900.00" in pages.get("payable", till.book.code, **{"as": "totals"})
        assert "Make a batch" in pages.get("batches")
        page = pages.post("batch_new", book=till.book.pk, what="bank", words="三月住院")
        assert "1 are stopped and stay out of it" in page
        batch = PaymentBatch.objects.get()
        assert "950.00" in pages.get("batches", **{"as": "totals"})
        assert "It waits for those who release it" in pages.post("batch_ask", batch.pk)
        assert "Taken back" in pages.post("batch_withdraw", batch.pk)
        pages.post("batch_ask", batch.pk)
        assert "is to be released" in pages.post("batch_ask", batch.pk)
        assert "to be released" in pages.as_(till.fin).get("batch", batch.pk)

    def test_from_the_release_to_the_answer(self, till, pages):
        claim, held = till.claim(), till.claim()
        batch = till.released(claim, held)
        flags.set_flag(claim=held, kind="audit", reason="a lead", by=till.desk.hal, at=NOON)
        pages.as_(till.cas)
        assert "Make the bank" in pages.get("batch", batch.pk)
        assert "Select a valid choice" in pages.post("batch_send", batch.pk, door="pigeon")
        assert "1 payments were stopped" in pages.post("batch_send", batch.pk, door="csv")
        assert "Nothing of this batch waits" in pages.post("batch_send", batch.pk, door="csv")
        file = pages.get("batch_file", batch.pk)
        assert b"".join(file.streaming_content).startswith(b"\xef\xbb\xbf")
        assert "Handed to the bank" in pages.get("batch", batch.pk)
        assert "Noted. What the bank answers" in pages.post("batch_hand_over", batch.pk)
        content = bank_files.write_answers(
            [said(till.payments(batch)[0]), said(till.payments(batch)[0], amount="1.00")]
        )
        page = pages.post("bank_answer_new", book=till.book.pk, file=SimpleUploadedFile("回单.csv", content))
        assert "1 lines settle nothing" in page
        assert now(claim).state == "paid"
        kept = BankAnswer.objects.get()
        assert "another amount" in pages.get("bank_answer", kept.pk)
        assert "回单.csv" in pages.get("bank_answers", doubtful="true")
        assert "回单.csv" not in pages.get("bank_answers", doubtful="false")
        assert "taken already" in pages.post(
            "bank_answer_new", book=till.book.pk, file=SimpleUploadedFile("a", content)
        )
        payment = till.payments(batch)[0]
        assert "known already" in pages.get("payment", payment.pk) or "taken" in pages.get("payment", payment.pk)
        assert payment.number in pages.get("payments", words=claim.number)
        assert "1,900.00" in pages.get("payments", **{"as": "totals"})

    def test_given_up_struck_and_what_stops_it_is_said(self, till, pages):
        claim, other = till.claim(), till.claim()
        batch = till.batch(claim, other)
        pages.as_(till.acc)
        flags.set_flag(claim=claim, kind="audit", reason="a lead", by=till.desk.hal, at=NOON)
        assert "the claim is held" in pages.get("batch", batch.pk)
        one = till.payments(batch)[0]
        assert "This field is required" in pages.post("payment_strike", one.pk, reason="")
        assert "is taken out" in pages.post("payment_strike", one.pk, reason="held")
        assert "nothing is taken out" in pages.post("payment_strike", one.pk, reason="held")
        assert "This field is required" in pages.post("batch_void", batch.pk, reason="")
        assert "is given up" in pages.post("batch_void", batch.pk, reason="wrong")
        assert states(batch) == ["stopped", "stopped"]
        assert "This field is required" in pages.post("batch_new", book=till.book.pk, what="bank")
        assert "There is nothing to pay" in pages.post(
            "batch_new", book=till.book.pk, what="cash", kind="special", words="x"
        )
        assert pages.get("batch_print", batch.pk).content.startswith(b"%PDF")

    def test_unknown_is_said(self, till, pages):
        batch = till.sent(till.claim())
        till.answer(said(till.payments(batch)[0], amount="1.00"))
        assert "Of 1 payments nobody knows" in pages.as_(till.counter.head).get("batch", batch.pk)
        pages.as_(till.desk.ian)
        [payment] = till.payments(batch)
        pages.as_(till.acc)
        assert "why it came back" in pages.post(
            "payment_paper", payment.pk, outcome="returned", on="2010-03-01", paper="信函"
        )
        assert "somebody else confirms it" in pages.post(
            "payment_paper", payment.pk, outcome="paid", on="2010-03-01", paper="信函"
        )

    def test_cash(self, till, pages):
        claims = [till.claim(amounts=(one,), payee_kind="member", payee_name="马小兰") for one in ("1000", "600")]
        pages.as_(till.acc)
        pages.post("batch_new", book=till.book.pk, what="cash", words="窗口")
        batch = till.release(PaymentBatch.objects.get())
        pages.as_(till.cas)
        assert "Cash fetched" in pages.get("batch", batch.pk)
        assert "This field is required" in pages.post("batch_fetch", batch.pk, on="2010-03-01")
        assert "800.00 yuan noted" in pages.post("batch_fetch", batch.pk, on="2010-03-01", slip="1")
        one = till.payments(batch)[0]
        assert "Pay it out" in pages.get("payment", one.pk)
        given = {"name": "马小兰", "relation": "本人", "paper": "身份证", "on": "2010-03-01"}
        assert "This field is required" in pages.post("payment_payout", one.pk, **given | {"paper": ""})
        assert "500.00 yuan paid out" in pages.post("payment_payout", one.pk, **given)
        assert "马小兰" in pages.get("payment", one.pk)
        assert pages.get("batch_print", batch.pk).content.startswith(b"%PDF")
        assert "300.00 yuan noted" in pages.post("batch_back", batch.pk, on="2010-03-01", slip="2")
        assert [now(one).state for one in claims] == ["paid", "payable"]

    def test_no_file_no_page(self, till, pages, client):
        batch = till.batch(till.claim())
        pages.as_(till.cas)
        page = client.get(reverse("funds:batch_file", args=[batch.pk]), follow=True)
        assert "No file is made" in page.content.decode()


class TestOtherPages:
    def test_orders_and_their_payees(self, till, pages, client):
        order, waiting = till.order(), till.order()
        batch = till.sent(orders=[order])
        till.answer(said(till.payments(batch)[0]))
        till.answer(said(till.payments(batch)[0], "returned"))
        pages.as_(till.acc)
        assert "医院" in pages.get("payment_orders")
        assert "1,000.00" in pages.get("payment_orders", **{"as": "totals", "words": "预付"})
        assert "came back" in pages.get("payment_order", order.pk)
        assert "posting of the return" in pages.get("payment", till.payments(batch)[0].pk)
        given = {"holder": "医院", "bank": "农信社", "number": "6228480000003333", "reason": "销户"}
        assert "8 to 32" in pages.post("payee_new", query=f"?order={order.pk}", **given | {"number": "12"})
        assert "Somebody else confirms it" in pages.post("payee_new", query=f"?order={order.pk}", **given)
        claim = till.claim()
        assert "Somebody else confirms it" in pages.post("payee_new", query=f"?claim={claim.pk}", **given)
        assert PayeeConfirmation.objects.count() == 2
        assert "Begin from the claim" in client.get(reverse("funds:payee_new"), follow=True).content.decode()
        pages.post("batch_new", book=till.book.pk, what="orders", words="预付")
        assert [str(one.items.get().order) for one in Payment.objects.filter(state="waiting")] == [str(waiting)]
        assert "in a payment" in pages.post("payment_order_cancel", waiting.pk, reason="double")
        batches.void_batch(batch=PaymentBatch.objects.first(), reason="x", by=till.acc, at=NOON)
        assert "is cancelled" in pages.post("payment_order_cancel", waiting.pk, reason="double")
        assert "double" in pages.get("payment_order", waiting.pk)

    def test_fund_requests(self, till, pages):
        pages.as_(till.acc)
        assert "Ask for money" in pages.get("fund_requests")
        given = {"book": till.book.pk, "month": "201003", "words-1": "住院", "amount-1": "3000", "words": "三月"}
        assert "for what, and how much" in pages.post("fund_request_new", **given | {"amount-1": ""})
        assert "is with finance" in pages.post("fund_request_new", **given, **{"words-2": "门诊", "amount-2": "500"})
        request = FundRequest.objects.get()
        assert request.amount == Decimal(3500)
        assert "Take it back" in pages.get("fund_request", request.pk)
        till.vote(request, till.fin)
        assert "The money is there" in pages.get("fund_request", request.pk)
        assert "This field is required" in pages.post("fund_request_arrival", request.pk, on="2010-03-01")
        assert "entered in the books" in pages.post(
            "fund_request_arrival", request.pk, on=TODAY.isoformat(), slip="缴拨1"
        )
        assert "缴拨1" in pages.get("fund_request", request.pk)
        assert pages.get("fund_request_print", request.pk).content.startswith(b"%PDF")
        assert "decided already" in pages.post("fund_request_withdraw", request.pk)
        pages.post("fund_request_new", **given)
        assert "Taken back" in pages.post("fund_request_withdraw", FundRequest.objects.first().pk)

    def test_whoever_only_watches_gets_no_buttons(self, till, pages):
        pages.as_(till.fin)
        for name in ("batches", "payments", "payment_orders", "fund_requests", "bank_answers"):
            page = pages.get(name)
            assert "Alt+N" not in page, name
        assert "Make a batch" not in pages.get("payable", till.book.code)


class TestWaiting:
    def test_for_whom_what_waits(self, till, client):
        for claim in (till.claim(), till.claim()):
            till.batch(claim)
        till.claim()
        request = fund_requests.ask(book=till.book, month=TODAY, lines=[("住院", Decimal(1))], by=till.acc, at=NOON)
        till.vote(request, till.fin)
        cash = till.release(till.batch(till.claim(payee_kind="member", payee_name="马"), place="cash"))
        released = till.released(till.claim())
        other = till.sent(till.claim())
        till.answer(said(till.payments(other)[0], amount="1.00"))

        def waiting(person):
            return {one.worklist.name: one.waiting.count for one in desk.waiting_for(person, TODAY)}

        mine = waiting(till.acc)
        assert {name: mine[f"funds.{name}"] for name in ("to-pay", "batches-to-ask", "requests-to-arrive")} == {
            "to-pay": 1, "batches-to-ask": 2, "requests-to-arrive": 1,
        }  # fmt: skip
        his = waiting(till.cas)
        names = ("batches-to-send", "batches-to-pay-out", "payments-unknown", "answers-doubtful")
        assert [his[f"funds.{name}"] for name in names] == [1, 1, 1, 1]
        assert "funds.to-pay" not in his
        told = desk.item_of("funds.batches-to-send", ("funds.paymentbatch", str(released.pk)))
        assert told.label == f"{released.number} 三月住院"
        assert desk.item_of("funds.batches-to-send", ("funds.paymentbatch", str(cash.pk))) is None
        sign_in(client, till.cas)
        assert client.get(reverse("office:worklist", args=["funds.answers-doubtful"])).status_code == 200
        till.answer(said(till.payments(other)[0]))
        assert "funds.answers-doubtful" not in waiting(till.cas)

    def test_no_books_nothing_to_pay(self, appoint):
        acc = appoint("acc", Duty.FUND_ACCOUNTANT)
        assert "funds.to-pay" not in {one.worklist.name for one in desk.waiting_for(acc, TODAY)}


class TestCosts:
    @pytest.mark.parametrize("name", ["payable", "batch", "payments", "batches"])
    def test_a_page_costs_the_same_for_many(self, name, till, pages):
        claims = [till.claim()]
        batch = till.batch(*claims) if name != "payable" else None
        args = {"payable": [till.book.code], "batch": [batch and batch.pk]}.get(name, [])
        pages.as_(till.acc)
        pages.get(name, *args)
        with CaptureQueriesContext(connection) as few:
            pages.get(name, *args)
        more = [till.claim() for _number in range(4)]
        if batch is not None:
            batches.void_batch(batch=batch, reason="x", by=till.acc, at=NOON)
            args = [till.batch(*claims, *more).pk] if name == "batch" else []
        with CaptureQueriesContext(connection) as many:
            pages.get(name, *args)
        assert len(many) == len(few)
