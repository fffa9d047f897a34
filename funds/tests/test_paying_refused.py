"""What payments refuse: in sentences by the services, and by the database without them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from claims.models import ClaimPart, ProviderAccount
from claims.services import flags, reversing
from claims.tests.taking_in import pay_to
from conftest import NOON
from enrollment.models import PayeeAccount
from funds import paying_words
from funds.models import (
    AnswerLine,
    BankAnswer,
    FundRequest,
    PayeeConfirmation,
    Payment,
    PaymentBatch,
    PaymentItem,
    PaymentOrder,
    Period,
    Posting,
)
from funds.rules import bank_files
from funds.rules.paying import STOP_CODES, AccountOf
from funds.rules.postings import credit, debit
from funds.selectors import balances, paying
from funds.services import answers, batches, cash, confirmations, fund_requests, orders, papers, releasing, sending
from funds.services.answers import CannotTake
from funds.services.batches import CannotPay
from funds.services.cash import CannotPayOut, ReceiverOf
from funds.services.confirmations import CannotConfirm
from funds.services.fund_requests import CannotRequest
from funds.services.orders import CannotOrder, Payee
from funds.services.sending import BankAway, NotTaken
from funds.tests.paying import LATER, TODAY, Till, bound, now, said, states
from funds.tests.settling import Scene
from office import deciding
from office.deciding import CannotWithdraw
from office.models import Act, StateMove
from office.services import rounds
from office.services.rounds import CannotVote
from office.tests.factories import shown_by, tess
from tests import servers

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def till(appoint) -> Till:
    till = Till.of(appoint)
    till.fill()
    return till


def refused(act: str) -> int:
    return Act.objects.filter(name=act, kind="refused").count()


def test_the_moves_are_those_of_the_database():
    for model in (FundRequest, PaymentOrder, PayeeConfirmation, PaymentBatch, Payment):
        found = StateMove.objects.filter(table=model._meta.db_table).values_list("before", "after", "outcome")
        assert {(before, after): outcome for before, after, outcome in found} == model.MOVES
    assert set(paying_words.STOPS) == set(STOP_CODES)


class TestMaking:
    def test_what_stops_a_part(self, till):
        member = till.member("91")
        account = member.household.payee_accounts.get()
        claim = till.claim(member)
        flag = flags.set_flag(claim=claim, kind="audit", reason="a lead", by=till.desk.hal, at=NOON)
        with pytest.raises(CannotPay, match="the claim is held"):
            till.batch(claim)
        flags.lift_flag(flag=flag, reason="nothing in it", by=till.counter.head, at=NOON)
        waiting = PayeeAccount.objects.create(
            household=member.household, holder="马", bank="农信社", number="6228480000005555", reason="new",
            proposed_by=tess(), proposed_at=NOON,
        )  # fmt: skip
        with pytest.raises(CannotPay, match="waits to be confirmed"):
            till.batch(claim)
        waiting.state = "withdrawn"
        waiting.save()
        account.state = "replaced"
        account.save()
        with pytest.raises(CannotPay, match="no confirmed account"):
            till.batch(claim)
        pay_to(member.household, "马", "6228480000005555")
        with pytest.raises(CannotPay, match="changed after the approval"):
            till.batch(claim)
        assert [one.stop for one in paying.standings(till.book, till.parts(claim))] == ["changed"]
        till.confirm(claim, number="6228480000005555", holder="马")
        assert till.payments(till.batch(claim))[0].payee_account == "6228480000005555"
        with pytest.raises(CannotPay, match="in a payment already"):
            till.batch(claim)
        assert refused("batch.made") == 5

    def test_other_books_other_places_nothing(self, till):
        claim = till.claim()
        book = till.book
        with pytest.raises(CannotPay, match="not paid from there"):
            till.batch(claim, place="special")
        with pytest.raises(CannotPay, match="nothing from there"):
            till.batch(claim, place="purse")
        with pytest.raises(CannotPay, match="nothing to pay"):
            till.batch()
        with pytest.raises(CannotPay, match="Say which"):
            batches.make_batch(book=book, place="spending", words=" ", by=till.acc, at=NOON, parts=till.parts(claim))
        ClaimPart.objects.filter(approval__claim=claim).update(state="void")
        with pytest.raises(CannotPay, match="not payable now"):
            till.batch(claim)
        order = till.order()
        with pytest.raises(CannotPay, match="not paid from there"):
            till.batch(place="special", orders=[order])
        orders.cancel_order(order=order, reason="double", by=till.acc, at=NOON)
        with pytest.raises(CannotPay, match="This order is cancelled"):
            till.batch(orders=[order])

    def test_a_fund_that_other_books_pay_and_a_document(self, till, appoint):
        claim = till.claim()
        [part] = till.parts(claim)
        told = paying.standings(till.book, [part], part_state="payable")
        assert [(one.stop, one.place) for one in told] == [("", "spending")]
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        part.fund = "assistance"
        assert [one.stop for one in paying.standings(till.book, [part])] == ["other_books"]

    def test_more_than_there_is(self, till):
        till.counter.enter(
            "back", "interest", debit("special_account", Decimal(49500)), credit("spending_account", Decimal(49500))
        )
        with pytest.raises(CannotPay, match=r"450\.00 more is reserved"):
            till.batch(till.claim())
        assert not PaymentBatch.objects.exists()

    def test_the_hospital_that_paid_in_advance(self, till):
        claim = till.claim(
            payee_kind="provider", payee_name="医院P1", payee_bank="农信社", payee_account="6228480000004444"
        )
        with pytest.raises(CannotPay, match="no confirmed account"):
            till.batch(claim)
        account = ProviderAccount.objects.create(
            provider=claim.provider, holder="医院P1", bank="农信社", number="6228480000004444", document="开户许可证",
            proposed_by=tess(), proposed_at=NOON,
        )  # fmt: skip
        rounds.open_round(subject=account, by=tess(), at=NOON)
        till.vote(account, till.desk.hal)
        [payment] = till.payments(till.batch(claim))
        assert (payment.payee_kind, payment.masked_account) == ("provider", "**** 4444")


class TestOrders:
    @pytest.mark.parametrize(
        ("given", "sentence"),
        [
            ({"lines": [debit("prepaid", Decimal(400))]}, "leave 400.00 for the bank, not 500.00"),
            ({"lines": [debit("prepaid", Decimal("0.001"))]}, "whole fen"),
            ({"lines": [debit("treasury", Decimal(500))]}, "no account for this: treasury"),
            ({"lines": [debit("household_fund", Decimal(500))]}, "No such event"),
            ({"payee": Payee("provider", "医院", "农信社", "12")}, "8 to 32 digits"),
            ({"payee": Payee("stranger", "医院", "农信社", "6228480000009999")}, "to whom"),
            ({"summary": " "}, "to whom"),
        ],
    )
    def test_refused_with_its_sentence(self, till, given, sentence):
        with pytest.raises(CannotOrder, match=sentence):
            till.order(**given)
        assert refused("order.made") == 1

    def test_by_two_and_once(self, till):
        with pytest.raises(CannotOrder, match="does not check"):
            till.order(checked_by=till.acc)
        first = till.order(key="k")
        assert till.order(key="k") == first
        with pytest.raises(CannotOrder, match="other figures"):
            till.order("501.00", key="k")
        claim = till.claim()
        ClaimPart.objects.filter(approval__claim=claim).update(state="void")
        with pytest.raises(CannotOrder, match="Only parts that are payable"):
            till.order(parts=till.parts(claim))
        assert (str(first), first.masked_account) == (first.number, "**** 9999")

    def test_cancelled_only_while_nothing_pays_it(self, till):
        order = till.order()
        batch = till.batch(orders=[order])
        with pytest.raises(CannotOrder, match="take that out"):
            orders.cancel_order(order=order, reason="double", by=till.acc, at=NOON)
        [payment] = till.payments(batch)
        with pytest.raises(CannotPay, match="Say why"):
            batches.strike(payment=payment, reason=" ", by=till.acc, at=NOON)
        batches.strike(payment=payment, reason="later", by=till.acc, at=NOON)
        told = []
        orders.told("funds.book", lambda order, event, on, by, at: told.append((order.number, event)))
        with pytest.raises(CannotOrder, match="Say why"):
            orders.cancel_order(order=order, reason="", by=till.acc, at=NOON)
        orders.cancel_order(order=order, reason="double", by=till.acc, at=NOON)
        orders._told.clear()
        assert told == [(order.number, "cancelled")]
        with pytest.raises(CannotOrder, match="This order is cancelled"):
            orders.cancel_order(order=order, reason="double", by=till.acc, at=NOON)
        with pytest.raises(CannotPay, match="nothing to pay"):
            batches.ask_release(batch=batch, by=till.acc, at=NOON)

    def test_in_cash_and_where_finance_pays(self, till):
        purse = till.order(place="cash", kind="refunded", lines=[debit("own_income_pool", Decimal(500))])
        assert [one.stop for one in paying.order_standings([purse])] == [""]
        till.counter.book.pays = "finance"
        till.counter.book.save()
        with pytest.raises(CannotOrder, match="there is no cash"):
            till.order(place="cash", book=till.book)

    def test_a_part_taken_along_moves_with_it(self, till):
        claim, held = till.claim(), till.claim()
        order = till.order("900.00", kind="prepayment_settled", parts=till.parts(claim, held), lines=[
            debit("pool_spending", Decimal(1900)), credit("prepaid", Decimal(900)), credit("retention", Decimal(100)),
        ])  # fmt: skip
        prepaid = till.sent(orders=[till.order("2000.00")])
        till.answer(said(till.payments(prepaid)[0]))
        batch = till.release(till.batch(orders=[order]))
        assert now(claim).state == "paying"
        flags.set_flag(claim=held, kind="audit", reason="a lead", by=till.desk.hal, at=NOON)
        till.send(batch)
        assert (states(batch), now(claim).state) == (["stopped"], "payable")
        flags.lift_flag(flag=held.flags.get(), reason="nothing", by=till.counter.head, at=NOON)
        again = till.sent(orders=[order])
        till.answer(said(till.payments(again)[0]))
        assert (now(claim).state, now(order).state, balances.stands(till.book, "retention")) == ("paid", "paid", 100)
        late = till.claim()
        batch = till.batch(orders=[till.order("1.00", parts=till.parts(late))])
        ClaimPart.objects.filter(approval__claim=late).update(state="void")
        with pytest.raises(CannotPay, match="not payable"):
            batches.ask_release(batch=batch, by=till.acc, at=NOON)


class TestReleasing:
    def test_not_by_the_maker_nor_with_an_old_code_nor_over_what_changed(self, till):
        batch = till.batch(till.claim())
        with pytest.raises(CannotPay, match="nothing is sent of it"):
            till.send(batch)
        batches.ask_release(batch=batch, by=till.acc, at=NOON)
        with pytest.raises(CannotPay, match="is to be released"):
            batches.ask_release(batch=batch, by=till.acc, at=NOON)
        with pytest.raises(CannotVote, match="made himself"):
            till.vote(batch, till.acc)
        opened = deciding.rounds_of(batch).get()
        with pytest.raises(CannotVote, match="second factor"):
            till.vote(batch, till.counter.head, proof=shown_by(till.counter.head))
        with pytest.raises(CannotVote, match="second factor"):
            till.vote(
                batch, till.counter.head, proof=bound(till.counter.head, opened.bound_to, NOON - timedelta(hours=1))
            )
        with pytest.raises(CannotVote, match="changed after you opened"):
            till.vote(batch, till.counter.head, hash_seen="0" * 64)
        with pytest.raises(CannotVote, match="do not belong"):
            till.vote(batch, till.desk.hal)
        till.vote(batch, till.counter.head)
        with pytest.raises(CannotVote, match="earlier step"):
            till.vote(batch, till.counter.head)
        assert now(batch).state == "with_head"

    def test_returned_taken_back_and_refused(self, till):
        claim = till.claim()
        batch = till.batch(claim)
        batches.ask_release(batch=batch, by=till.acc, at=NOON)
        with pytest.raises(CannotPay, match="nothing is taken out"):
            batches.strike(payment=till.payments(batch)[0], reason="x", by=till.acc, at=NOON)
        with pytest.raises(CannotPay, match="is to be released"):
            batches.void_batch(batch=batch, reason="x", by=till.acc, at=NOON)
        till.vote(batch, till.counter.head, "return")
        assert now(batch).state == "made"
        batches.ask_release(batch=batch, by=till.acc, at=NOON)
        withdraw = deciding.matter_of("funds.paymentbatch").withdraw
        withdraw(batch, till.acc, NOON)
        assert now(batch).state == "made"
        with pytest.raises(CannotWithdraw, match="is being made"):
            withdraw(batch, till.acc, NOON)
        batches.ask_release(batch=batch, by=till.acc, at=NOON)
        till.vote(batch, till.counter.head, "refuse")
        assert (now(batch).state, states(batch), PaymentItem.objects.filter(is_live=True).count()) == (
            "refused",
            ["stopped"],
            0,
        )
        batch = till.batch(claim)
        with pytest.raises(CannotPay, match="Say why"):
            batches.void_batch(batch=batch, reason="", by=till.acc, at=NOON)
        batches.void_batch(batch=batch, reason="wrong", by=till.acc, at=NOON)
        assert releasing.rows(batch)[1][1] == str(till.book)

    def test_a_part_that_was_voided_and_an_account_that_changed_meanwhile(self, till):
        member = till.member("92")
        gone, changed = till.claim(), till.claim(member)
        batch = till.batch(gone, changed)
        reversing.void(claim=gone, reason="double", by=till.desk.hal, at=NOON, proof=shown_by(till.desk.hal))
        with pytest.raises(CannotPay, match="not payable now"):
            batches.ask_release(batch=batch, by=till.acc, at=NOON)
        batches.strike(payment=till.payments(batch)[0], reason="void", by=till.acc, at=NOON)
        batches.ask_release(batch=batch, by=till.acc, at=NOON)
        till.confirm(changed, number="6228480000001111")
        till.vote(batch, till.counter.head)
        with pytest.raises(CannotVote, match="changed after the approval"):
            till.vote(batch, till.desk.hal)


class TestSending:
    def test_once_and_by_nobody_else_at_the_same_time(self, till):
        batch = till.released(till.claim())
        with pytest.raises(CannotPay, match="how the bank"):
            till.send(batch, door="pigeon")
        file = till.send(batch)
        assert (str(file), file.lines, till.send(batch)) == (f"{batch.number}.csv", 1, None)
        assert sending.may_read(till.cas, str(file.pk))
        assert not sending.may_read(till.desk.ian, str(file.pk))
        sending.note_handed_over(batch=batch, by=till.cas, at=NOON)
        with pytest.raises(CannotPay, match="Nothing of this batch waits"):
            sending.note_handed_over(batch=batch, by=till.cas, at=NOON)

    def test_over_a_connection(self, till):
        told = []
        batch = till.released(till.claim())
        till.send(batch, door="iso20022", deliver=lambda file, content: told.append((file.lines, content)))
        assert (states(batch), told[0][0]) == (["sent"], 1)
        assert b"<CtrlSum>950.00</CtrlSum>" in told[0][1]

    def test_the_bank_takes_nothing_or_nobody_knows(self, till):
        def refuse(file, content):
            raise NotTaken("cut-off")

        def away(file, content):
            raise BankAway

        claim = till.claim()
        first = till.released(claim)
        with pytest.raises(CannotPay, match="took nothing: cut-off"):
            till.send(first, deliver=refuse)
        assert (states(first), now(first).state, now(claim).state) == (["returned"], "over", "payable")
        till.confirm(claim, number=till.payments(first)[0].payee_account, holder=till.payments(first)[0].payee_name)
        second = till.released(claim)
        with pytest.raises(CannotPay, match="Nobody knows"):
            till.send(second, deliver=away)
        assert (states(second), till.send(second, deliver=away)) == (["unknown"], None)
        till.answer(said(till.payments(second)[0]))
        assert (states(second), now(claim).state) == (["paid"], "paid")

    def test_by_one_at_a_time(self, till):
        batch = till.released(till.claim())
        with psycopg.connect(servers.superuser_dsn(), dbname=connection.settings_dict["NAME"]) as other:
            other.execute("SELECT pg_advisory_lock(%s, %s)", [sending.LOCK_CLASS, batch.pk])
            with pytest.raises(CannotPay, match="being sent at this moment"):
                till.send(batch)

    def test_what_the_database_refuses_of_items_is_no_refusal_of_the_office(self, till):
        [part] = till.parts(till.claim())
        wrong = batches._Line(
            "household", AccountOf("马", "x", "62284800"), again=False, summary="x", amount=Decimal(1)
        )
        wrong.items.append(PaymentItem(part=part, amount=Decimal(1)))
        given = {"number": "ZF-X", "book": till.book, "place": "spending", "words": "x"}
        batch = PaymentBatch.objects.create(**given, made_on=TODAY, made_by=till.acc, made_at=NOON)
        with pytest.raises(IntegrityError, match="pays what is to be paid"), transaction.atomic():
            batches._write(batch, [wrong])

    def test_everything_held_ends_the_batch(self, till):
        claim = till.claim()
        batch = till.released(claim)
        flags.set_flag(claim=claim, kind="audit", reason="a lead", by=till.desk.hal, at=NOON)
        assert till.send(batch) is None
        assert (now(batch).state, states(batch)) == ("over", ["stopped"])


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
