"""Screens over amounts and payments: what each hits, what it just misses, what only looks like it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from audit.tests.screening import found, hits
from audit.tests.world import World, day, hospital
from claims.services import intake, reversing
from claims.tests.basics import edition
from claims.tests.factories import BASIC as DEDUCTIBLES
from claims.tests.factories import adopted
from claims.tests.public import cut_claim, paid
from conftest import NOON
from funds.models import Payment
from funds.tests.factories import past_triggers
from funds.tests.paying import Till, said
from office import trail
from office.tests.factories import shown_by

pytestmark = [pytest.mark.usefixtures("in_english")]

PAID_TWICE = """
INSERT INTO funds_paymentitem (payment_id, part_id, amount, is_live)
    SELECT payment_id, part_id, 1, false FROM funds_paymentitem
"""
COMMITTING = pytest.mark.django_db(transaction=True)


@pytest.mark.django_db
class TestJustUnder:
    def near(self, world, *totals, provider=None):
        """Stays of a provider with these totals, before a limit of 10,000 on the total cost."""
        where = provider or hospital("P1")
        return [world.stay(world.person(), day(2, 1), day(2, 8), [one], provider=where) for one in totals]

    def test_in_the_band(self, world):
        world.desk.limit("head", 10_000, "total_cost")
        _below, lowest, at, _above = self.near(world, "9500", "9500.01", "10000", "10000.01")
        assert {number for claims in found("just_under") for number in claims} == {lowest.pk, at.pk}

    def test_one_alone_may_be_chance(self, world):
        world.desk.limit("head", 10_000, "total_cost")
        self.near(world, "9900")
        assert [hit.score for hit in hits("just_under")] == [25]

    def test_many_of_a_provider_are_not(self, world):
        world.desk.limit("head", 10_000, "total_cost")
        self.near(world, *["9900"] * 6)
        self.near(world, "9800", "9200", "9300", provider=hospital("P2"))
        scores = [hit.score for hit in hits("just_under")]
        assert scores == [65] * 6 + [25]

    def test_a_verification_begins_at_its_amount(self, world):
        world.desk.limit("verification", 10_000, "total_cost")
        self.near(world, "10000")
        assert found("just_under") == []

    def test_what_is_paid_counts_where_the_limit_says_so(self, world):
        world.desk.limit("head", 1_000)
        claim = world.desk.handed_on(world.person(), ["1750"])
        assert claim.proposed > 950
        assert found("just_under") == [{claim.pk}]

    def test_a_limit_of_another_kind(self, world):
        world.desk.limit("head", 10_000, "total_cost", kind="injury")
        self.near(world, "9900")
        assert found("just_under") == []


@pytest.mark.django_db
class TestHeapedTotals:
    def stays(self, world, above, below, amount=160):
        rows = [{"total": Decimal(amount) * Decimal("1.02")} for _stay in range(above)]
        rows += [{"total": Decimal(amount) * Decimal("0.98")} for _stay in range(below)]
        world.many(world.person(), [row | {"entered_on": day(3, 1)} for row in rows])

    @pytest.fixture
    def plan(self, world):
        """The next place in the order has deductibles of 60, 90, 160 and 600 yuan."""
        return adopted(DEDUCTIBLES, world.desk.scheme, position=2)

    @pytest.mark.parametrize(
        ("above", "below", "is_hit"),
        [
            pytest.param(12, 3, True, id="four times as many"),
            pytest.param(11, 3, False, id="not four times"),
            pytest.param(9, 0, False, id="too few"),
            pytest.param(12, 12, False, id="as many on both sides"),
            pytest.param(3, 12, False, id="below it is cheap for the fund"),
        ],
    )
    def test_at_a_deductible(self, world, plan, above, below, is_hit):
        self.stays(world, above, below)
        told = [(hit.story, hit.provider) for hit in hits("heaped_totals")]
        assert told == ([("deductible", hospital("P1").pk)] if is_hit else [])

    def test_under_a_limit(self, world):
        world.desk.limit("head", 5_000, "total_cost")
        self.stays(world, 2, 12, amount=5_000)
        assert [hit.story for hit in hits("heaped_totals")] == ["limit"]


class TestFiguresDiffer:
    @pytest.mark.django_db
    def test_all_agree_even_after_a_cut(self, world):
        cut_claim(world.desk, member=world.person())
        assert found("figures_differ") == []

    @pytest.mark.django_db
    def test_a_price_above_the_catalogues(self, world):
        made = edition(("D1", "青霉素", [("price_limit", Decimal("2.00"))]), of=world.desk.scheme)
        entry = made.entries.get()
        for price in ("2.00", "2.01"):
            line = (
                "drug",
                Decimal(price) * 100,
                {"name": "青霉素", "entry": entry, "price": Decimal(price), "quantity": 100},
            )
            world.one(world.person(), total=line[1], lines=[line], entered_on=day(3, 1))
        [hit] = hits("figures_differ")
        assert (hit.story, hit.money) == ("price", Decimal(1))
        assert "青霉素 at 2.01 yuan, the limit is 2.00" in hit.told

    @COMMITTING
    @pytest.mark.parametrize(
        ("damage", "story"),
        [
            ("UPDATE claims_claimline SET amount = amount + 1 WHERE position = 1", "list"),
            ("UPDATE claims_invoice SET amount = amount + 1", "invoices"),
            ("UPDATE claims_approval SET eligible = total + 1", "eligible"),
            ("UPDATE claims_claimpart SET amount = amount + 1", "parts"),
        ],
    )
    def test_past_the_guards(self, appoint, damage, story):
        world = World.of(appoint)
        world.desk.approved(world.person())
        assert found("figures_differ") == []
        past_triggers(damage)
        assert {hit.story for hit in hits("figures_differ")} == {story}


class TestPaidWrong:
    @COMMITTING
    @pytest.mark.parametrize(
        ("damage", "story"),
        [
            ("UPDATE claims_claim SET state = 'second_check'", "unapproved"),
            (PAID_TWICE, "twice"),
            (
                "UPDATE funds_payment SET state = 'returned', reason = 'x', return_posting_id = posting_id",
                "returned",
            ),
        ],
    )
    def test_past_the_guards(self, appoint, damage, story):
        till = Till.of(appoint)
        till.fill()
        pay(till)
        assert found("paid_wrong") == []
        past_triggers(damage)
        assert {hit.story for hit in hits("paid_wrong")} == {story}


def pay(till: Till) -> None:
    """A claim that the bank paid."""
    [payment] = till.payments(till.sent(till.claim()))
    till.answer(said(payment))
    assert Payment.objects.get().state == "paid"


@pytest.mark.django_db
class TestBenford:
    def totals(self, world, amounts):
        world.many(world.person(), [{"total": Decimal(one), "entered_on": day(3, 1)} for one in amounts])

    def honest(self, count):
        """Amounts that grow evenly by their logarithm, as Benford's law has them."""
        return [round(100 * 10 ** (2 * place / count), 2) for place in range(count)]

    def test_amounts_that_somebody_made_up(self, world):
        self.totals(world, [500 + place % 500 for place in range(1000)])
        [hit] = hits("benford")
        assert hit.provider == hospital("P1").pk
        assert "1,000" not in hit.told
        assert "1000 totals deviate" in hit.told

    def test_honest_amounts(self, world):
        self.totals(world, self.honest(1000))
        assert found("benford") == []

    def test_fewer_say_nothing(self, world):
        self.totals(world, [500 + place % 500 for place in range(999)])
        assert found("benford") == []

    def test_fixed_prices_are_left_aside(self, world):
        rows = [{"total": Decimal(800), "kind": "delivery", "delivery": "normal", "entered_on": day(3, 1)}] * 1000
        world.many(world.person(), [dict(row) for row in rows])
        assert found("benford") == []


@pytest.mark.django_db
class TestEnteredAgain:
    def void(self, world, claim):
        intake.void_claim(claim=claim, reason="录错", by=world.desk.ian, at=NOON)

    @pytest.mark.parametrize(
        ("amount", "on", "is_hit"),
        [
            pytest.param("1050", day(2, 1), True, id="five percent more"),
            pytest.param("1049", day(2, 1), False, id="a little more"),
            pytest.param("900", day(2, 1), False, id="corrected to less"),
            pytest.param("2000", day(2, 2), False, id="another stay"),
        ],
    )
    def test_void_and_entered_again(self, world, amount, on, is_hit):
        who = world.person()
        first = world.stay(who, day(2, 1), day(2, 8), ["1000"])
        self.void(world, first)
        again = world.stay(who, on, day(2, 8), [amount])
        assert found("entered_again") == ([{first.pk, again.pk}] if is_hit else [])

    def test_reversed_and_entered_again(self, world):
        who = world.person()
        first = paid(world.desk.approved(who, ["1000"]), world.desk.hal)
        reversing.reverse(claim=first, reason="错", by=world.desk.hal, at=NOON, proof=shown_by(world.desk.hal))
        world.desk.claim(who, ["1500"])
        [hit] = hits("entered_again")
        assert (hit.story, hit.score, hit.money) == ("reversed", 70, Decimal(500))
        assert "50.0 % more" in hit.told

    def test_changed_after_its_approval(self, world):
        claim = world.desk.approved(world.person())
        assert found("entered_again") == []
        trail.record("claim.changed", claim, by=world.desk.ian, at=NOON)
        assert [hit.story for hit in hits("entered_again")] == ["changed"]

    def test_changed_before_its_approval(self, world):
        claim = world.desk.claim(world.person())
        trail.record("claim.changed", claim, by=world.desk.ian, at=NOON)
        assert found("entered_again") == []
