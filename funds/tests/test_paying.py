"""Payments from the part of a claim to the books: made, released, sent, answered, given back, paid again."""

from __future__ import annotations

from decimal import Decimal

import pytest

from claims.models import ClaimPart
from claims.services import flags
from conftest import NOON
from funds.models import PaymentBatch, Posting
from funds.selectors import balances, paying
from funds.services import batches, sending
from funds.services.batches import CannotPay
from funds.tests.paying import Till, now, said, states

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def till(appoint) -> Till:
    till = Till.of(appoint)
    till.fill()
    return till


def stands(till: Till, purpose: str) -> Decimal:
    return balances.stands(till.book, purpose)


class TestWholeWay:
    def test_two_claims_of_one_household_are_one_payment(self, till):
        member = till.member("1")
        first, second, third = till.claim(member), till.claim(member, ("400",)), till.claim()
        batch = till.batch(first, second, third)
        one, other = till.payments(batch)
        assert (one.amount, other.amount) == (Decimal(1150), Decimal(950))
        assert one.number == f"{batch.number}-0001"
        assert paying.available(till.book, "spending") == Decimal(50000) - 2100
        till.release(batch)
        assert now(first).state == "paying"
        till.send(batch)
        assert states(batch) == ["claimed", "claimed"]
        sending.note_handed_over(batch=batch, by=till.cas, at=NOON)
        till.answer(said(one), said(other))
        assert (states(batch), now(batch).state, now(first).state) == (["paid", "paid"], "over", "paid")
        assert stands(till, "pool_spending") == 2100
        assert stands(till, "spending_account") == Decimal(50000) - 2100
        posting = now(one).posting
        assert (posting.kind, posting.made_by, posting.checked_by) == ("paid", till.cas, till.desk.hal)
        assert list(posting.entries.values_list("words", "amount")) == [
            ("", Decimal(2100)), (one.number, Decimal(1150)), (other.number, Decimal(950)),
        ]  # fmt: skip
        assert balances.identity(till.book, NOON.date()).holds

    def test_what_came_back_is_paid_again_from_what_was_held_for_it(self, till):
        claim = till.claim()
        batch = till.sent(claim)
        [payment] = till.payments(batch)
        till.answer(said(payment))
        till.answer(said(payment, "returned", reason="账号已销户"))
        assert (now(payment).state, now(claim).state, stands(till, "returned")) == ("returned", "payable", Decimal(950))
        assert stands(till, "spending_account") == 50000
        with pytest.raises(CannotPay, match="gave the money back from this account"):
            till.batch(claim)
        till.confirm(claim, number="6228480000777777")
        again = till.sent(claim)
        [paid] = till.payments(again)
        assert (paid.is_again, paid.payee_account) == (True, "6228480000777777")
        till.answer(said(paid))
        assert now(paid).posting.kind == "paid_again"
        assert (stands(till, "returned"), stands(till, "pool_spending")) == (0, 950)
        assert balances.identity(till.book, NOON.date()).holds

    def test_refused_by_the_bank_at_once_nothing_is_entered(self, till):
        claim = till.claim()
        batch = till.sent(claim)
        before = Posting.objects.count()
        till.answer(said(till.payments(batch)[0], "returned"))
        assert (states(batch), now(claim).state, Posting.objects.count()) == (["returned"], "payable", before)

    def test_finance_releases_and_pays_what_leaves_the_special_account(self, till):
        till.counter.book.pays = "finance"
        till.counter.book.save()
        claim = till.claim()
        batch = till.sent(claim, place="special")
        till.answer(said(till.payments(batch)[0]))
        assert stands(till, "special_account") == Decimal(100000) - 50000 - 950

    def test_an_order_is_paid_with_its_own_lines(self, till):
        order = till.order("500.00")
        batch = till.sent(orders=[order])
        till.answer(said(till.payments(batch)[0]))
        assert (now(order).state, stands(till, "prepaid")) == ("paid", Decimal(500))
        [payment] = till.payments(batch)
        till.answer(said(payment, "returned"))
        assert (now(order).state, stands(till, "prepaid"), stands(till, "returned")) == ("ordered", 500, 500)


class TestHeldAfterTheRelease:
    def test_it_does_not_leave(self, till):
        claim, other = till.claim(), till.claim()
        batch = till.released(claim, other)
        flags.set_flag(claim=claim, kind="audit", reason="a lead", by=till.desk.hal, at=NOON)
        till.send(batch)
        assert states(batch) == ["stopped", "claimed"]
        assert (now(claim).state, now(other).state) == ("payable", "paying")
        assert ClaimPart.objects.get(approval__claim=claim).state == "payable"

    def test_before_it_the_release_is_refused(self, till):
        claim = till.claim()
        batch = till.batch(claim)
        batches.ask_release(batch=batch, by=till.acc, at=NOON)
        till.vote(batch, till.counter.head)
        flags.set_flag(claim=claim, kind="audit", reason="a lead", by=till.desk.hal, at=NOON)
        with pytest.raises(Exception, match="the claim is held"):
            till.vote(batch, till.desk.hal)
        assert now(batch).state == PaymentBatch.State.WITH_HEAD
