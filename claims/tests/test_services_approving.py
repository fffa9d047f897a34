"""What is granted: figures, parts, counters, accounts; what is taken back; what becomes of the parts that are paid."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from claims.models import Approval, BenefitCounter, BenefitPlan, ClaimPart, CounterMove, Invoice, Reversal
from claims.selectors import valuing
from claims.services import approving, checking, flags, locks, reversing, settling
from claims.services.reversing import CannotReverse
from claims.services.settling import CannotSettle
from claims.tests.deciding import HALF, Desk, cut, now
from claims.tests.factories import adopted, later
from conftest import NOON
from enrollment.models import AccountEntry, Household
from enrollment.services import accounts
from enrollment.tests import factories as register
from office.models import Act
from office.services.rounds import CannotVote
from office.tests.factories import shown_by

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def desk(appoint) -> Desk:
    return Desk.of(appoint)


def counters(claim) -> dict[str, Decimal]:
    found = valuing.counters_of(valuing.person_number(claim.member), claim.scheme, 2010)
    return {name: used for name, used in found.items() if name != "stays"}


def take_back(desk, claim, service=reversing.void, **given):
    return service(
        **{"claim": claim, "reason": "entered twice", "by": desk.hal, "at": NOON, "proof": shown_by(desk.hal)} | given
    )


def pay(claim, desk) -> None:
    parts = list(ClaimPart.objects.filter(approval__claim=claim))
    settling.mark_paying(parts=parts, by=desk.hal, at=NOON)
    settling.mark_paid(parts=parts, by=desk.hal, at=NOON)


class TestGranting:
    def test_everything_stands_in_the_approval(self, desk):
        claim = desk.approved()
        approval = claim.approval
        assert (approval.total, approval.eligible, approval.fund_pays, approval.patient_pays) == (
            Decimal(1900),
            Decimal(1900),
            Decimal(1045),
            Decimal(855),
        )
        assert [(part.layer, part.fund, part.amount, part.state) for part in approval.parts.all()] == [
            ("inpatient", "ncms", Decimal(950), "payable"),
            ("relief", "assistance", Decimal(95), "payable"),
        ]
        assert approval.plans == [
            {"plan": plan.pk, "code": "test-half", "version": 1, "sha256": plan.sha256}
            for plan in BenefitPlan.objects.all()
        ]
        assert (approval.year, approval.approved_by, approval.person) == (2010, desk.sue, claim.member)

    def test_the_calculation_is_frozen_with_its_hash(self, desk):
        approval = desk.approved().approval
        assert approval.answer["fund_pays"] == "1045.00"
        assert approval.answer["layers"][0]["trace"]
        assert approving.sha256_of(Approval.objects.get().answer) == approval.sha256
        assert Act.objects.get(name="claim.approved").subject_hash == approval.sha256

    def test_counters_move_with_it(self, desk):
        claim = desk.approved()
        assert counters(claim) == {"inpatient.year": Decimal(950)}
        move = CounterMove.objects.exclude(counter__name="stays").get()
        assert (move.approval, move.amount, move.is_reversal) == (claim.approval, Decimal(950), False)

    def test_the_next_claim_finds_the_ceiling_nearer(self, desk):
        member = desk.member()
        desk.approved(member, ("11000",))
        second = desk.approved(member, ("2000",))
        assert second.approval.parts.get(layer="inpatient").amount == Decimal(500)
        assert counters(second) == {"inpatient.year": Decimal(6000)}

    def test_also_of_his_double(self, desk):
        """A claim of a record that was merged counts for the person, and so do counters that stand under it."""
        member = desk.member()
        double = register.member(member.household, "马一", date(1970, 1, 1), id_number=None, relation="other")
        first = desk.approved(double, ("11000",))
        register.merge(double, member)
        second = desk.approved(member, ("2000",))
        assert second.approval.parts.get(layer="inpatient").amount == Decimal(500)
        third = desk.approved(now(double), ("2000",))
        assert third.approval.person == member
        assert not third.approval.parts.filter(layer="inpatient").exists()
        assert counters(first) == {"inpatient.year": Decimal(6000)}

    def test_what_the_household_uses_together(self, appoint):
        text = HALF.replace("{counter: year, amount: 6000}", "{counter: household, amount: 6000}")
        desk = Desk.of(appoint, text)
        member = desk.member()
        wife = register.member(member.household, "马二", date(1971, 1, 1), id_number=None, relation="spouse")
        desk.approved(member, ("11000",))
        second = desk.approved(wife, ("2000",))
        assert second.approval.parts.get(layer="inpatient").amount == Decimal(500)

    def test_nothing_to_pay_is_settled_with_that(self, desk):
        member = desk.member()
        desk.approved(member, ("12000",))
        claim = desk.handed_on(member, ("100",), kind="injury")
        desk.check(claim, desk.fay, "cut", cut(claim, 1, "100"))
        claim = desk.check(claim, desk.sue)
        assert claim.state == "approved"  # an injury is publicised first, also where nothing is paid
        settling.let_pay(claims=[claim], by=desk.hal, at=NOON)
        assert now(claim).state == "paid"

    def test_no_plan_for_the_day(self, desk):
        claim = desk.claim(discharged_on=date(2009, 12, 31), admitted_on=date(2009, 12, 30))
        desk.hand_on(claim)
        with pytest.raises(CannotVote):
            desk.check(claim, desk.fay)
        assert now(claim).state == "first_check"

    def test_an_injury_waits_for_its_publicity(self, desk):
        claim = desk.approved(kind="injury")
        assert (claim.state, claim.approval.parts.get().state) == ("approved", "approved")
        settling.let_pay(claims=[claim], by=desk.hal, at=NOON)
        assert (now(claim).state, claim.approval.parts.get().state) == ("payable", "payable")
        with pytest.raises(CannotSettle, match="does not wait for its publicity"):
            settling.let_pay(claims=[claim], by=desk.hal, at=NOON)

    def test_without_the_lock_nothing_is_granted(self, desk):
        claim = desk.check(desk.handed_on(), desk.fay)
        with pytest.raises(AssertionError, match="without the lock"):
            approving.approve(claim, approving.value(claim), by=desk.sue, at=NOON)

    def test_a_person_who_is_merged_at_this_moment(self, desk, monkeypatch):
        member = desk.member()
        claim = desk.check(desk.handed_on(member), desk.fay)
        other = desk.member("2")
        lock = checking.lock_person

        def meanwhile(one):
            register.merge(member, other)
            return lock(one)

        monkeypatch.setattr(checking, "lock_person", meanwhile)
        with pytest.raises(CannotVote, match="changed just now"):
            desk.check(claim, desk.sue)


class TestAccounts:
    def visit(self, desk, held: str, cost: str):
        member = desk.member()
        account = accounts.account_of(scheme=desk.scheme, owner=member.household)
        accounts.credit(
            account=account, amount=Decimal(held), on=date(2010, 1, 1), reference="2010", by=desk.ian, at=NOON
        )
        return account, desk.approved(member, (cost,), kind="outpatient")

    def test_pays_what_it_holds(self, desk):
        account, claim = self.visit(desk, "30", "40")
        assert now(account).balance == 0
        assert (claim.approval.fund_pays, claim.approval.patient_pays) == (Decimal(30), Decimal(10))
        assert not BenefitCounter.objects.exists()
        assert AccountEntry.objects.get(kind="debit").reference == f"claim {claim.number}"

    def test_is_given_back(self, desk):
        account, claim = self.visit(desk, "30", "20")
        assert now(account).balance == 10
        take_back(desk, claim)
        assert now(account).balance == 30

    def test_what_was_used_meanwhile(self, desk, monkeypatch):
        monkeypatch.setattr(
            accounts, "debit", lambda **given: (_ for _ in ()).throw(accounts.CannotDebit("it is empty"))
        )
        with pytest.raises(CannotVote, match="it is empty"):
            self.visit(desk, "30", "20")

    def test_later_claims_are_valued_with_what_they_took_themselves(self, desk):
        _account, first = self.visit(desk, "30", "20")
        second = desk.approved(first.member, ("40",), kind="outpatient")
        assert second.approval.fund_pays == Decimal(10)
        assert take_back(desk, first).later == []


class TestTakingBack:
    def test_exactly_its_own_moves(self, desk):
        member = desk.member()
        first = desk.approved(member, ("1000",))
        second = desk.approved(member, ("2000",))
        assert counters(first) == {"inpatient.year": Decimal(1500)}
        taken = take_back(desk, first)
        assert counters(first) == {"inpatient.year": Decimal(1000)}
        assert (now(first).state, now(second).state) == ("void", "payable")
        assert set(first.approval.parts.values_list("state", flat=True)) == {"void"}
        assert not Invoice.objects.filter(claim=first, is_live=True).exists()
        assert taken.later == []

    def test_what_was_approved_before_still_counts_for_the_later_ones(self, desk):
        member = desk.member()
        _first = desk.approved(member, ["4000"])
        second, third = desk.approved(member, ["8000"]), desk.approved(member, ["4000"])
        taken = take_back(desk, second)
        assert [one["claim"] for one in taken.later] == [third.number]

    def test_later_claims_that_come_out_differently_are_listed(self, desk):
        member = desk.member()
        first = desk.approved(member, ("10000",))
        second = desk.approved(member, ("4000",))
        third = desk.approved(desk.member("2"), ("4000",))
        taken = take_back(desk, first)
        assert taken.later == [{"claim": second.number, "paid": "1300.00", "now": "2200.00"}]
        assert third.number not in str(taken.later)
        assert now(second).approval.fund_pays == Decimal(1300)

    def test_also_one_that_no_plan_values_any_more(self, desk, monkeypatch):
        member = desk.member()
        first, second = desk.approved(member, ("1000",)), desk.approved(member, ("2000",))
        refusal = reversing.CannotAssess("claim", "no_basic_layer", facts="")
        monkeypatch.setattr(valuing, "valued", lambda *_given: (_ for _ in ()).throw(refusal))
        assert take_back(desk, first).later == [{"claim": second.number, "paid": "1100.00", "now": ""}]

    def test_after_payment_it_is_a_reversal(self, desk):
        claim = desk.approved()
        pay(claim, desk)
        with pytest.raises(CannotReverse, match="this one is paid"):
            take_back(desk, claim)
        take_back(desk, claim, reversing.reverse)
        assert now(claim).state == "reversed"
        assert set(claim.approval.parts.values_list("state", flat=True)) == {"reversed"}
        assert counters(claim) == {"inpatient.year": Decimal(0)}
        assert Act.objects.get(name="claim.reversed").reason == "entered twice"

    def test_before_payment_it_is_void(self, desk):
        claim = desk.approved()
        with pytest.raises(CannotReverse, match="once it is paid: this one is payable"):
            take_back(desk, claim, reversing.reverse)

    def test_a_held_claim_can_be_taken_back(self, desk):
        claim = desk.approved()
        flags.set_flag(claim=claim, kind="audit", reason="twin", by=desk.hal, at=NOON)
        take_back(desk, claim)
        assert now(claim).state == "void"

    def test_once(self, desk):
        claim = desk.approved()
        take_back(desk, claim)
        with pytest.raises(CannotReverse, match="this one is void"):
            take_back(desk, claim)
        assert Reversal.objects.count() == 1

    def test_not_by_whoever_entered_it_nor_without_reason_or_factor(self, desk):
        claim = desk.approved()
        for given, words in (
            ({"by": desk.ian, "proof": shown_by(desk.ian)}, "made himself"),
            ({"reason": " "}, "Say why"),
            ({"proof": None}, "second factor"),
            ({"proof": shown_by(desk.sue)}, "second factor"),
        ):
            with pytest.raises(CannotReverse, match=words):
                take_back(desk, claim, **given)
        assert now(claim).state == "payable"

    def test_a_person_whose_records_change_at_this_moment(self, desk, monkeypatch):
        claim = desk.approved()

        def meanwhile(_claim):
            raise locks.MovedMeanwhile("changed just now")

        monkeypatch.setattr(reversing, "lock_person", meanwhile)
        with pytest.raises(CannotReverse, match="changed just now"):
            take_back(desk, claim)


class TestPaying:
    def test_a_claim_is_paid_when_all_its_parts_are(self, desk):
        claim = desk.approved()
        basic, relief = ClaimPart.objects.order_by("pk")
        settling.mark_paying(parts=[basic], by=desk.hal, at=NOON)
        assert now(claim).state == "paying"
        settling.mark_paid(parts=[basic], by=desk.hal, at=NOON)
        assert now(claim).state == "paying"
        settling.mark_paying(parts=[relief], by=desk.hal, at=NOON)
        settling.mark_paid(parts=[relief], by=desk.hal, at=NOON)
        assert now(claim).state == "paid"

    def test_what_the_bank_gives_back_can_be_paid_again(self, desk):
        claim = desk.approved()
        parts = list(ClaimPart.objects.all())
        settling.mark_paying(parts=parts, by=desk.hal, at=NOON)
        settling.mark_returned(parts=parts, by=desk.hal, at=NOON)
        assert (now(claim).state, now(parts[0]).state) == ("payable", "payable")

    @pytest.mark.parametrize("service", [settling.mark_paid, settling.mark_returned])
    def test_only_what_is_in_a_payment(self, desk, service):
        desk.approved()
        with pytest.raises(CannotSettle, match="inpatient: this part is payable"):
            service(parts=ClaimPart.objects.all(), by=desk.hal, at=NOON)

    def test_a_held_claim_is_not_paid(self, desk):
        claim = desk.approved()
        flags.set_flag(claim=claim, kind="audit", reason="twin", by=desk.hal, at=NOON)
        with pytest.raises(CannotSettle, match="held: twin"):
            settling.mark_paying(parts=ClaimPart.objects.all(), by=desk.hal, at=NOON)

    def test_nor_let_on_after_its_publicity(self, desk):
        claim = desk.approved(kind="injury")
        flags.set_flag(claim=claim, kind="objection", reason="he drove", by=desk.hal, at=NOON)
        with pytest.raises(CannotSettle, match="held: he drove"):
            settling.let_pay(claims=[claim], by=desk.hal, at=NOON)


def test_a_plan_of_the_next_year_has_counters_of_its_own(appoint):
    desk = Desk.of(appoint)
    adopted(later(HALF, "2011-01-01", "2011-12-31"), desk.scheme)
    member = desk.member()
    desk.approved(member, ("12000",))
    other = desk.approved(member, ("2000",), admitted_on=date(2011, 1, 2), discharged_on=date(2011, 1, 3))
    assert (other.approval.year, other.approval.fund_pays) == (2011, Decimal(1100))


def test_the_round_of_the_last_step_is_closed(desk):
    claim = desk.approved()
    assert checking.round_of(claim) is None
    assert Household.objects.count() == 1
