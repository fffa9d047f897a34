"""Limits: entered with their paper, confirmed by somebody else, ended by the next."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from claims.models import Limit
from claims.selectors import routing
from claims.services import limits
from claims.services.limits import CannotPropose, LimitOf
from claims.tests.deciding import Desk, decide, now
from conftest import NOON
from enrollment.tests.factories import scheme
from office import deciding
from office.deciding import CannotWithdraw
from office.models import Act, Duty
from office.services.rounds import CannotVote

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

YEAR = (date(2010, 1, 1), date(2010, 12, 31))


@pytest.fixture
def fay(appoint):
    """Keeps the books, and enters what the county's papers say."""
    return appoint("fay", Duty.FUND_ACCOUNTANT)


@pytest.fixture
def hal(appoint):
    """Heads the office."""
    return appoint("hal", Duty.OFFICE_HEAD)


def stated(first: date = YEAR[0], last: date | None = None, amount: int = 30_000, **more) -> LimitOf:
    given = LimitOf(scheme(), "committee", "proposed_payment", Decimal(amount), first, last, "海医发〔2010〕1号")
    return replace(given, **more)


def propose(fay, **given) -> Limit:
    return limits.propose(stated=stated(**given), by=fay, at=NOON)


def confirm(limit: Limit, hal) -> Limit:
    decide(limit, hal)
    return now(limit)


class TestProposing:
    def test_waits_for_somebody_else(self, fay, hal):
        limit = propose(fay)
        assert limit.state == "proposed"
        assert not Limit.objects.on(YEAR[0]).exists()
        with pytest.raises(CannotVote, match="made himself"):
            decide(limit, fay)
        assert confirm(limit, hal).state == "confirmed"
        assert [one.pk for one in Limit.objects.on(YEAR[0])] == [limit.pk]
        assert Act.objects.get(name="limit.decided").facts["outcome"] == "approved"

    def test_refused_it_is_not_in_force(self, fay, hal):
        limit = propose(fay)
        decide(limit, hal, "refuse")
        assert now(limit).state == "refused"

    def test_deferred_it_waits_for_another_round(self, fay, hal):
        limit = propose(fay)
        decide(limit, hal, "abstain")
        assert now(limit).state == "proposed"
        assert deciding.rounds_of(limit).filter(state="open").count() == 1

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"step": "second_check"}, "step"),
            ({"step": "first_check"}, "step"),
            ({"basis": "mood"}, "basis"),
            ({"kind": "holiday"}, "kind"),
            ({"region": "moon"}, "kind"),
            ({"amount": -1}, "amount"),
            ({"last": date(2009, 12, 31)}, "last"),
            ({"document": " "}, "document"),
        ],
    )
    def test_is_complete(self, fay, given, field):
        with pytest.raises(CannotPropose) as refusal:
            propose(fay, **given)
        assert refusal.value.field == field
        assert not Limit.objects.exists()
        assert Act.objects.get(kind="refused").name == "limit.proposed"

    def test_what_a_voter_reads(self, fay, hal):
        limit = propose(fay, kind="inpatient", region="outside")
        told = dict(limits.rows(limit))
        assert (told["kind of claim"], told["region"], told["amount"]) == (
            "inpatient stay",
            "outside the county",
            "30,000.00",
        )
        confirm(limit, hal)
        assert "ends earlier" not in dict(limits.rows(now(limit)))


class TestTakingBack:
    def test_whoever_entered_it(self, fay, hal):
        limit = propose(fay)
        with pytest.raises(CannotWithdraw, match="Whoever entered it"):
            limits.withdraw(limit=limit, by=hal, at=NOON)
        limits.withdraw(limit=limit, by=fay, at=NOON)
        assert now(limit).state == "withdrawn"
        assert deciding.rounds_of(limit).get().state == "void"

    def test_not_once_it_is_decided(self, fay, hal):
        limit = confirm(propose(fay), hal)
        with pytest.raises(CannotWithdraw, match="decided already"):
            limits.withdraw(limit=limit, by=fay, at=NOON)


class TestTheNextOne:
    def test_ends_the_one_before(self, fay, hal):
        first = confirm(propose(fay), hal)
        second = propose(fay, first=date(2010, 7, 1), amount=20_000)
        assert "ends earlier" in dict(limits.rows(second))
        confirm(second, hal)
        assert now(first).period.upper == date(2010, 7, 1)
        assert [one.amount for one in Limit.objects.on(date(2010, 6, 30))] == [30_000]
        assert [one.amount for one in Limit.objects.on(date(2010, 7, 1))] == [20_000]
        assert Act.objects.get(name="limit.ended").facts["successor"] == second.pk

    def test_not_one_that_began_later(self, fay, hal):
        confirm(propose(fay, first=date(2010, 7, 1)), hal)
        with pytest.raises(CannotPropose, match="began before it"):
            propose(fay)

    def test_leaves_no_days_behind(self, fay, hal):
        confirm(propose(fay), hal)
        with pytest.raises(CannotPropose, match="some days would have none"):
            propose(fay, first=date(2010, 7, 1), last=date(2010, 9, 30))

    def test_of_another_kind_stands_beside_it(self, fay, hal):
        confirm(propose(fay), hal)
        confirm(propose(fay, kind="injury"), hal)
        assert Limit.objects.on(YEAR[0]).count() == 2

    def test_what_came_between_takes_the_vote_back(self, fay, hal):
        first, second = propose(fay), propose(fay, amount=1)
        confirm(first, hal)
        with pytest.raises(CannotVote, match="began before it"):
            decide(second, hal)
        assert now(second).state == "proposed"


class TestTheDatabase:
    def sql(self, statement: str, *values) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)

    @pytest.mark.parametrize(
        "change",
        [
            "amount = 1",
            "state = 'confirmed'",
            "period = '[2010-01-01,2010-02-01)'",
        ],
    )
    def test_a_proposed_one_stays_what_it_is(self, fay, change):
        limit = propose(fay)
        with pytest.raises(IntegrityError):
            self.sql(f"UPDATE claims_limit SET {change} WHERE id = %s", limit.pk)

    @pytest.mark.parametrize(
        "change",
        [
            "period = '[2010-01-01,2010-02-01)'",
            "period = '[2009-01-01,)'",
            "amount = 1",
            "amount = 1, period = '[2010-01-01,2010-02-01)'",
            "state = 'withdrawn'",
        ],
    )
    def test_nor_does_one_in_force_end_by_itself(self, fay, hal, change):
        limit = confirm(propose(fay), hal)
        propose(fay, first=date(2010, 2, 1))  # proposed, but nobody has decided it
        with pytest.raises(IntegrityError):
            self.sql(f"UPDATE claims_limit SET {change} WHERE id = %s", limit.pk)


def test_a_route_is_of_the_limits_of_the_day_the_claim_was_taken_in(fay, hal, appoint):
    confirm(propose(fay, step="head", amount=100), hal)
    confirm(propose(fay, step="head", amount=5000, first=date(2010, 3, 1)), hal)
    people = {"fay": fay, "hal": hal}
    desk = Desk.of(lambda name, *duties: people.get(name) or appoint(name, *duties))
    claim = desk.claim(proposed=Decimal(1000))
    assert [step.stage for step in routing.route_for(claim)] == ["first_check", "second_check"]
    claim.entered_on = date(2010, 2, 28)
    assert routing.route_for(claim)[-1].limit.amount == 100
