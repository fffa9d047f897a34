"""What is refused of answers of the bank, payees, cash and fund requests, and what the database refuses of payments."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from claims.models import ClaimPart
from claims.services import flags
from conftest import NOON
from funds.models import (
    AnswerLine,
    BankAnswer,
    Payment,
    Period,
    Posting,
)
from funds.rules import bank_files
from funds.selectors import balances, paying
from funds.services import answers, batches, cash, confirmations, fund_requests, papers, sending
from funds.services.answers import CannotTake
from funds.services.batches import CannotPay
from funds.services.cash import CannotPayOut, ReceiverOf
from funds.services.confirmations import CannotConfirm
from funds.services.fund_requests import CannotRequest
from funds.tests.paying import LATER, TODAY, Till, now, said, states
from funds.tests.settling import Scene
from office import deciding
from office.deciding import CannotWithdraw
from office.models import Act
from office.services.rounds import CannotVote
from office.tests.factories import shown_by

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def till(appoint) -> Till:
    till = Till.of(appoint)
    till.fill()
    return till


def refused(act: str) -> int:
    return Act.objects.filter(name=act, kind="refused").count()


class TestAnswers:
    def test_what_settles_nothing(self, till):
        claim, other, late = till.claim(), till.claim(), till.claim()
        batch, waiting = till.sent(claim, other), till.batch(late)
        [one, two] = till.payments(batch)
        [unsent] = till.payments(waiting)
        kept = till.answer(
            said(one, amount="950.01"), said(two), said(two), said(unsent),
            replace_number(said(one), "ZF2010-99999-0001"), said(two, "returned"), said(two),
        )  # fmt: skip
        assert list(kept.told.order_by("line").values_list("verdict", flat=True)) == [
            "other_amount", "taken", "repeated", "not_sent", "no_such_payment", "taken", "contradicts",
        ]  # fmt: skip
        assert (states(batch), now(other).state, now(claim).state) == (["unknown", "returned"], "payable", "paying")
        assert now(two).return_posting.kind == "returned"
        with pytest.raises(CannotTake, match="taken already"):
            answers.take(
                book=till.book, answers=[said(one)], sha256=kept.sha256, name="x", format="csv", by=till.cas, at=NOON
            )
        kept = till.answer(said(one, reference="B2"), said(one, amount="1.00"))
        assert (states(batch), now(batch).state, str(kept)) == (["paid", "returned"], "over", "回单.csv")
        assert list(kept.told.values_list("verdict", flat=True)) == ["taken", "other_amount"]
        assert str(AnswerLine.objects.filter(answer=kept).first()) == f"{one.number}: paid"

    def test_taken_whole_or_not_at_all(self, till):
        claim = till.claim()
        batch = till.sent(claim)
        [payment] = till.payments(batch)
        with pytest.raises(CannotTake, match="has not come yet"):
            till.answer(said(payment, on=TODAY + timedelta(days=1)))
        with pytest.raises(CannotTake, match="no line"):
            answers.take(book=till.book, answers=[], sha256="0" * 64, name="x", format="csv", by=till.cas, at=NOON)
        with pytest.raises(CannotTake, match="it was cut"):
            answers.take_file(
                book=till.book, content=bank_files.write_answers([said(payment)])[:-20], name="x", by=till.cas, at=NOON
            )
        with pytest.raises(CannotTake, match="Whoever released"):
            till.answer(said(payment), by=till.desk.hal)
        with pytest.raises(CannotTake, match="kept since"):
            till.answer(said(payment, on=TODAY.replace(year=2009)))
        assert (states(batch), BankAnswer.objects.count(), Posting.objects.filter(kind="paid").count()) == (
            ["sent"],
            0,
            0,
        )

    def test_a_month_that_is_closing(self, till):
        batch = till.sent(till.claim())
        [payment] = till.payments(batch)
        period = till.book.periods.get(month=TODAY.replace(day=1).replace(month=1))
        till.answer(said(payment, amount="1.00"))
        period.state = "closing"
        period.save()
        with pytest.raises(CannotTake, match="2010-01 is to be closed"):
            till.answer(said(payment, on=TODAY.replace(month=1)))
        assert states(batch) == ["unknown"]

    def test_on_paper_by_two(self, till):
        batch = till.sent(till.claim())
        [payment] = till.payments(batch)
        given = {"payment": payment, "outcome": "paid", "on": TODAY, "paper": "信函 1", "by": till.cas, "at": NOON}
        [waiting] = till.payments(till.batch(till.claim()))
        for wrong, sentence in (
            ({"paper": " "}, "on which paper"), ({"outcome": "returned"}, "why it came back"),
            ({"on": TODAY + timedelta(days=1)}, "not come yet"), ({"payment": waiting}, "is waiting"),
        ):  # fmt: skip
            with pytest.raises(CannotTake, match=sentence):
                papers.note(**given | wrong)
        asked = papers.note(**given)
        with pytest.raises(CannotTake, match="waits to be confirmed already"):
            papers.note(**given)
        assert papers.rows(asked)[0] == ("payment", payment.number)
        with pytest.raises(CannotVote, match="made himself"):
            till.vote(asked, till.cas)
        till.vote(asked, till.counter.head, "refuse")
        assert states(batch) == ["sent"]
        asked = papers.note(**given)
        till.vote(asked, till.counter.head)
        assert (states(batch), str(now(asked)), now(payment).posting.made_by) == (
            ["paid"],
            f"{payment}: 信函 1",
            till.counter.head,
        )
        second = papers.note(**given | {"outcome": "returned", "reason": "销户"})
        sending.Payment.objects.filter(pk=payment.pk).update(state="paid")
        past = till.book.periods.get(month=TODAY.replace(day=1))
        past.state = "closing"
        past.save()
        with pytest.raises(CannotVote, match="2010-03 is"):
            till.vote(second, till.counter.head)

    def test_an_order_that_never_left_waits_again(self, till):
        order = till.order()
        batch = till.sent(orders=[order])
        till.answer(said(till.payments(batch)[0], "returned"))
        assert (now(order).state, states(batch)) == ("ordered", ["returned"])

    def test_a_month_is_closed_when_all_is_settled(self, till):
        batch = till.sent(till.claim())
        made = till.batch(till.claim())
        asked = fund_requests.ask(book=till.book, month=TODAY, lines=[("住院", Decimal(1))], by=till.acc, at=NOON)
        period = Period.objects.create(book=till.book, month=TODAY.replace(day=1))
        assert sending.unsettled(period) == [
            f"{till.payments(batch)[0]} is with the bank.", f"Batch {batch} is released.",
            f"Batch {made} is being made.", f"Fund request {asked} is with finance.",
        ]  # fmt: skip
        assert sending.unsettled(till.book.periods.get(month=TODAY.replace(month=1, day=1))) == []

    def test_what_is_known_of_many_parts_is_asked_in_as_many_statements(self, till):
        till.claim()
        with CaptureQueriesContext(connection) as few:
            paying.standings(till.book, paying.payable_parts(till.book))
        for _number in range(3):
            till.claim()
        with CaptureQueriesContext(connection) as many:
            assert len(paying.standings(till.book, paying.payable_parts(till.book))) == 4
        assert len(many) == len(few)


def test_what_its_settlement_pays_is_in_no_batch(appoint):
    scene = Scene.of(appoint)
    scene.settlement()
    parts = ClaimPart.objects.select_related("approval__claim__member__merged_into")
    assert {one.stop for one in paying.standings(scene.book, parts)} == {"with_settlement"}
    assert not paying.payable_parts(scene.book).exists()


class TestConfirming:
    def test_by_two_one_at_a_time(self, till):
        claim = till.claim()
        given = {
            "of": claim,
            "holder": "马",
            "bank": "农信社",
            "number": "6228 4800 0000 2222",
            "reason": "new",
            "by": till.acc,
            "at": LATER,
        }
        for wrong, sentence in (({"number": "12"}, "8 to 32"), ({"reason": ""}, "say why")):
            with pytest.raises(CannotConfirm, match=sentence):
                confirmations.propose(**given | wrong)
        asked = confirmations.propose(**given)
        assert (asked.number, str(asked)) == ("6228480000002222", f"{claim}: 农信社 **** 2222")
        with pytest.raises(CannotConfirm, match="waits to be confirmed for this already"):
            confirmations.propose(**given)
        with pytest.raises(CannotPay, match="waits to be confirmed"):
            till.batch(claim)
        assert ("account number", "6228 4800 0000 2222") in confirmations.rows(asked)
        with pytest.raises(CannotVote, match="made himself"):
            till.vote(asked, till.acc)
        till.vote(asked, till.desk.hal, "refuse")
        assert ("account number", "**** 2222") in confirmations.rows(now(asked))
        order = till.order()
        assert confirmations.propose(**given | {"of": order}).order == order

    def test_an_order_is_paid_to_what_two_confirmed(self, till):
        order = till.order()
        till.confirm(order, number="6228480000003333", holder="医院")
        assert till.payments(till.batch(orders=[order]))[0].payee_account == "6228480000003333"
        stopped = till.order()
        confirmations.propose(of=stopped, holder="x", bank="y", number="62284800", reason="z", by=till.acc, at=LATER)
        with pytest.raises(CannotPay, match="waits to be confirmed"):
            till.batch(orders=[stopped])


class TestCash:
    HERE = ReceiverOf("马小兰", "本人", "身份证")

    def at_the_window(self, till, *amounts: str):
        return [till.claim(amounts=(one,), payee_kind="member", payee_name="马小兰") for one in amounts]

    def test_fetched_paid_out_brought_back(self, till):
        first, second = self.at_the_window(till, "1000", "600")
        batch = till.batch(first, second, place="cash")
        assert paying.available(till.book, "cash") == Decimal(50000) - 800
        with pytest.raises(CannotPayOut, match="released for it"):
            cash.fetch(batch=batch, slip="1", on=TODAY, by=till.cas, at=NOON)
        till.release(batch)
        with pytest.raises(CannotPay, match="nothing is sent of it"):
            till.send(batch)
        one = till.payments(batch)[0]
        for service in (lambda: cash.pay_out(payment=one, receiver=self.HERE, on=TODAY, by=till.cas, at=NOON),
                        lambda: cash.bring_back(batch=batch, slip="2", on=TODAY, by=till.cas, at=NOON)):  # fmt: skip
            with pytest.raises(CannotPayOut, match="not fetched yet"):
                service()
        for wrong, sentence in (
            ({"slip": " "}, "slip"),
            ({"on": TODAY + timedelta(days=1)}, "not come yet"),
            ({"by": till.desk.hal}, "does not handle"),
            ({"on": TODAY.replace(year=2009)}, "kept since"),
        ):
            with pytest.raises(CannotPayOut, match=sentence):
                cash.fetch(**{"batch": batch, "slip": "1", "on": TODAY, "by": till.cas, "at": NOON} | wrong)
        moved = cash.fetch(batch=batch, slip="1", on=TODAY, by=till.cas, at=NOON)
        assert (str(moved), paying.reserved(till.book, "spending"), balances.stands(till.book, "cash")) == (
            f"{batch}: fetched from the bank",
            0,
            800,
        )
        with pytest.raises(CannotPayOut, match="fetched already"):
            cash.fetch(batch=batch, slip="1", on=TODAY, by=till.cas, at=NOON)
        for wrong, sentence in (
            ({"receiver": ReceiverOf("马", "", "")}, "what he is"), ({"on": TODAY + timedelta(days=1)}, "not come yet"),
            ({"by": till.desk.hal}, "Whoever released"),
        ):  # fmt: skip
            with pytest.raises(CannotPayOut, match=sentence):
                cash.pay_out(**{"payment": one, "receiver": self.HERE, "on": TODAY, "by": till.cas, "at": NOON} | wrong)

    def test_held_then_paid_then_brought_back(self, till):
        first, second = self.at_the_window(till, "1000", "600")
        batch = till.released(first, second, place="cash")
        one, two = till.payments(batch)
        cash.fetch(batch=batch, slip="1", on=TODAY, by=till.cas, at=NOON)
        flag = flags.set_flag(claim=first, kind="audit", reason="a lead", by=till.desk.hal, at=NOON)
        with pytest.raises(CannotPayOut, match="the claim is held"):
            cash.pay_out(payment=one, receiver=self.HERE, on=TODAY, by=till.cas, at=NOON)
        flags.lift_flag(flag=flag, reason="nothing", by=till.counter.head, at=NOON)
        paid = cash.pay_out(payment=one, receiver=self.HERE, on=TODAY, by=till.cas, at=NOON)
        assert (str(paid), now(one).state, now(first).state, balances.stands(till.book, "cash")) == (
            f"{one}: 马小兰",
            "paid",
            "paid",
            300,
        )
        with pytest.raises(CannotPayOut, match="This payment is paid"):
            cash.pay_out(payment=one, receiver=self.HERE, on=TODAY, by=till.cas, at=NOON)
        cash.bring_back(batch=batch, slip="2", on=TODAY, by=till.cas, at=NOON)
        assert (now(two).state, now(second).state, now(batch).state, balances.stands(till.book, "cash")) == (
            "stopped",
            "payable",
            "over",
            0,
        )

    def test_everything_fetched_or_where_finance_pays(self, till):
        [claim] = self.at_the_window(till, "1000")
        batch = till.released(claim, place="cash")
        cash.fetch(batch=batch, slip="1", on=TODAY, by=till.cas, at=NOON)
        Payment.objects.filter(batch=batch).update(state="stopped", reason="x")
        with pytest.raises(CannotPayOut, match="was fetched"):
            cash.bring_back(batch=batch, slip="2", on=TODAY, by=till.cas, at=NOON)
        [other] = self.at_the_window(till, "700")
        till.counter.book.pays = "finance"
        till.counter.book.save()
        assert [one.stop for one in paying.standings(till.book, till.parts(other))] == ["no_cash"]
        till.confirm(other)
        assert [(one.stop, one.place) for one in paying.standings(till.book, till.parts(other))] == [("", "special")]
        with pytest.raises(CannotPay, match="nothing from there"):
            till.batch(other, place="cash")


class TestFundRequests:
    def test_asked_decided_arrived(self, till):
        given = {
            "book": till.book,
            "month": TODAY,
            "lines": [("住院", Decimal(3000)), ("门诊", Decimal(500))],
            "by": till.acc,
            "at": NOON,
        }
        for lines in ([], [("", Decimal(1))], [("x", Decimal(0))], [("x", Decimal("0.001"))]):
            with pytest.raises(CannotRequest, match="for what"):
                fund_requests.ask(**given | {"lines": lines})
        request = fund_requests.ask(**given)
        assert (str(request), request.amount, request.in_hand) == (request.number, 3500, 50000)
        with pytest.raises(CannotRequest, match="is with finance"):
            fund_requests.note_arrival(request=request, on=TODAY, slip="1", by=till.acc, at=NOON)
        with pytest.raises(CannotVote, match="second factor"):
            till.vote(request, till.fin, proof=shown_by(till.fin))
        till.vote(request, till.fin)
        assert ("住院", "3,000.00") in fund_requests.rows(request)
        for wrong, sentence in (
            ({"slip": ""}, "slip"),
            ({"on": TODAY + timedelta(days=1)}, "not come yet"),
            ({"by": till.fin}, "does not note"),
            ({"on": TODAY.replace(year=2009)}, "kept since"),
        ):
            with pytest.raises(CannotRequest, match=sentence):
                fund_requests.note_arrival(
                    **{"request": request, "on": TODAY, "slip": "缴拨1", "by": till.acc, "at": NOON} | wrong
                )
        done = fund_requests.note_arrival(request=request, on=TODAY, slip="缴拨1", by=till.acc, at=NOON)
        assert (done.state, done.posting.checked_by, balances.stands(till.book, "spending_account")) == (
            "arrived",
            till.fin,
            53500,
        )

    def test_refused_taken_back_or_not_to_be_asked(self, till):
        given = {
            "book": till.book,
            "month": TODAY,
            "lines": [("住院", Decimal(3000))],
            "by": till.acc,
            "at": NOON,
        }
        refused_one = fund_requests.ask(**given)
        till.vote(refused_one, till.fin, "refuse")
        taken_back = fund_requests.ask(**given)
        withdraw = deciding.matter_of("funds.fundrequest").withdraw
        withdraw(taken_back, till.acc, NOON)
        with pytest.raises(CannotWithdraw, match="decided already"):
            withdraw(refused_one, till.acc, NOON)
        assert [now(one).state for one in (refused_one, taken_back)] == ["refused", "withdrawn"]
        assert fund_requests.decider_of(taken_back) is None
        till.counter.book.pays = "finance"
        till.counter.book.save()
        with pytest.raises(CannotRequest, match="nothing to ask for"):
            fund_requests.ask(**given | {"book": till.book})


ATTACKS = """
UPDATE funds_paymentbatch SET state = 'released' WHERE state = 'with_head'
UPDATE funds_paymentbatch SET place = 'special'
UPDATE funds_payment SET state = 'claimed'
UPDATE funds_payment SET state = 'paid', posting_id = (SELECT min(id) FROM funds_posting), settled_on = '2010-03-01'
UPDATE funds_payment SET payee_account = '6228480000000000'
UPDATE funds_payment SET amount = 1
UPDATE funds_payment SET state = 'stopped', reason = 'x'
UPDATE funds_paymentitem SET is_live = false
UPDATE funds_paymentorder SET amount = 1
UPDATE funds_paymentorder SET state = 'paid'
UPDATE funds_paymentorder SET state = 'cancelled', cancelled_because = 'x'
INSERT INTO funds_paymentitem (payment_id, order_id, amount, is_live) SELECT p.id, o.id, o.amount, true \
FROM funds_payment p, funds_paymentorder o LIMIT 1
DELETE FROM funds_paymentitem
DELETE FROM funds_orderline
UPDATE funds_paying SET fund = 'x'
INSERT INTO funds_bankfile (batch_id, format, name, lines, total, sha256, is_carried, made_by_id, made_at) \
SELECT id, 'csv', 'x', 1, 5, repeat('0', 64), true, made_by_id, now() FROM funds_paymentbatch LIMIT 1
INSERT INTO funds_cashpayout (payment_id, receiver, relation, paper, "on", by_id, at) SELECT p.id, 'x', 'x', 'x', \
'2010-03-01', b.made_by_id, now() FROM funds_payment p JOIN funds_paymentbatch b ON b.id = p.batch_id LIMIT 1
"""


@pytest.mark.parametrize("sql", ATTACKS.strip().splitlines())
def test_the_database_refuses(till, sql):
    batch = till.batch(till.claim(), orders=[till.order()])
    batches.ask_release(batch=batch, by=till.acc, at=NOON)
    till.vote(batch, till.counter.head)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"{sql}; SET CONSTRAINTS ALL IMMEDIATE")


def replace_number(told, number):
    return type(told)(number, told.outcome, told.amount, told.on, told.reference, told.reason)
