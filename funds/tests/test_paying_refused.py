"""What payments refuse: in sentences by the services, and by the database without them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction

from claims.models import ClaimPart, ProviderAccount
from claims.services import flags, reversing
from claims.tests.taking_in import pay_to
from conftest import NOON
from enrollment.models import PayeeAccount
from funds import paying_words
from funds.models import (
    FundRequest,
    PayeeConfirmation,
    Payment,
    PaymentBatch,
    PaymentItem,
    PaymentOrder,
)
from funds.rules.paying import STOP_CODES, AccountOf
from funds.rules.postings import credit, debit
from funds.selectors import balances, paying
from funds.services import batches, orders, releasing, sending
from funds.services.batches import CannotPay
from funds.services.orders import CannotOrder, Payee
from funds.services.sending import BankAway, NotTaken
from funds.tests.paying import TODAY, Till, bound, now, said, states
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
        del orders._told["funds.book"]
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
