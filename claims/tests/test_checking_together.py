"""Small claims agreed to together: the same rows and acts as one by one; what is not plain is decided by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext

from claims.models import Approval, Claim, ClaimPart, ClaimsRound, ClaimsSeat, ClaimsVote, CounterMove, Cut
from claims.rules import evaluation
from claims.rules.evaluation import CannotAssess
from claims.services import bulk_approving, checking, checking_together, flags, verification
from claims.services.verification import Question
from claims.tests.deciding import Desk, now
from conftest import NOON
from enrollment.services.accounts import CannotDebit
from office.models import Act, Duty, Lease, Person
from office.services import work
from office.subjects import name_of
from office.tests.factories import give, shown_by

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

FEW = 3


@pytest.fixture
def desk(appoint) -> Desk:
    return Desk.of(appoint)


def waiting(desk: Desk, count: int = FEW) -> list[Claim]:
    return [desk.handed_on(desk.member(str(number))) for number in range(count)]


def together(by: Person, *claims: Claim, proof: Any = None, seen: str = "") -> dict[Claim, str]:
    pairs = [(one, seen or checking.round_of(one).subject_hash) for one in claims]
    done = checking_together.check_together(claims=pairs, by=by, at=NOON, proof=proof or shown_by(by))
    return {one.claim: one.refusal for one in done}


def alone(by: Person, *claims: Claim) -> None:
    for one in claims:
        opened = checking.round_of(now(one))
        checking.check(claim=one, choice="approve", hash_seen=opened.subject_hash, by=by, at=NOON, proof=shown_by(by))


def written() -> dict[str, list[Any]]:
    """All that deciding writes, but for numbers and moments."""
    rows: dict[str, Any] = {
        "claims": Claim.objects.order_by("pk").values_list("number", "state", "route", "proposed", "state_since"),
        "rounds": ClaimsRound.objects.order_by("subject_id", "step").values_list(
            "subject_id", "step", "state", "outcome", "subject_hash", "amount", "rule", "duties", "barred", "maker"
        ),
        "seats": ClaimsSeat.objects.values_list("round__subject_id", "round__step", "person", "is_present", "recusal"),
        "votes": ClaimsVote.objects.values_list(
            "round__subject_id", "round__step", "seat__person", "voter", "choice", "hash_seen"
        ),
        "approvals": Approval.objects.values_list("claim", "person", "year", "plans", "sha256", "fund_pays", "answer"),
        "parts": ClaimPart.objects.values_list("approval__claim", "layer", "fund", "amount", "state"),
        "moves": CounterMove.objects.values_list("approval__claim", "counter__name", "amount"),
        "acts": Act.objects.filter(kind="done").values_list(
            "name", "subject_type", "subject_hash", "by", "duty", "facts", "second_factor"
        ),
    }
    return {name: sorted(map(repr, of)) for name, of in rows.items()}


def came_of(decide: Callable[[], object]) -> dict[str, list[Any]]:
    """What somebody's deciding writes; taken back."""
    with transaction.atomic():
        decide()
        found = written()
        transaction.set_rollback(True)
    return found


def test_the_same_is_written_as_one_by_one(desk):
    claims = waiting(desk)

    def by_themselves() -> None:
        alone(desk.fay, *claims)
        alone(desk.sue, *claims)

    def at_once() -> None:
        assert set(together(desk.fay, *claims).values()) == {""}
        assert set(together(desk.sue, *map(now, claims)).values()) == {""}

    one, other = came_of(by_themselves), came_of(at_once)
    assert {name for name, rows in one.items() if rows != other[name]} == set()
    assert len(one["approvals"]) == FEW
    assert len(one["acts"]) > 0


def test_few_statements_however_many_there_are(desk):
    def asked(claims: list[Claim]) -> int:
        with CaptureQueriesContext(connection) as first:
            together(desk.fay, *claims)
        with CaptureQueriesContext(connection) as second:
            together(desk.sue, *map(now, claims))
        assert {now(one).state for one in claims} == {"payable"}
        return len(first) + len(second) - 2 * len(claims)  # the hash that the page shows

    few = asked(waiting(desk, 2))
    many = asked([desk.handed_on(desk.member(str(number))) for number in range(10, 18)])
    assert many <= few + 2


def test_of_a_household_one_after_the_other(desk):
    member = desk.member()
    claims = [desk.handed_on(member) for _one in range(FEW)]
    assert set(together(desk.fay, *claims).values()) == {""}
    assert set(together(desk.sue, *map(now, claims)).values()) == {""}
    assert sum(one.fund_pays for one in Approval.objects.all()) == sum(now(one).proposed for one in claims)


def left(by: Person, *claims: Claim, seen: str = "", proof: Any = None) -> list[bool]:
    """Which of some claims are left to be decided by themselves."""
    wanted = {one.pk: seen or checking.round_of(one).subject_hash for one in claims}
    decided = checking_together._agree_together(wanted, by=by, at=NOON, proof=proof or shown_by(by))
    return [one.pk not in decided for one in claims]


class TestWhatIsNotPlain:
    """Whatever the long way refuses, or does more about, is left to it."""

    def test_is_left_by_itself(self, desk):
        desk.limit("head", 1100)
        plain, held, less = waiting(desk)
        big = desk.handed_on(desk.member("9"), ("5000",))
        unvalued = desk.handed_on(desk.member("8"), discharged_on=date(2012, 1, 1), admitted_on=date(2012, 1, 1))
        flags.set_flag(claim=held, kind="audit", reason="twin", by=desk.hal, at=NOON)
        Cut.objects.create(
            claim=less,
            line=less.lines.all()[0],
            round=checking.round_of(less),
            step="first_check",
            amount=1,
            reason_code="other",
            reason="x",
            by=desk.fay,
            at=NOON,
        )
        assert left(desk.fay, plain, big, held, less, unvalued) == [False, True, True, True, True]

    def test_nor_one_of_which_the_hospital_was_asked(self, desk):
        desk.limit("verification", 1500, "total_cost")
        [claim] = waiting(desk, 1)
        alone(desk.fay, claim)
        asked = verification.ask(
            claim=claim, question=Question("phone", "office", "0955-1"), on=NOON.date(), by=desk.fay, at=NOON
        )
        verification.answer(
            verification=asked, outcome="genuine", words="as it says", on=NOON.date(), by=desk.fay, at=NOON
        )
        assert now(claim).state == "second_check"
        assert left(desk.sue, now(claim)) == [True]

    def test_so_is_what_changed_since_it_was_seen(self, desk):
        assert left(desk.fay, *waiting(desk, 2), seen="0" * 64) == [True, True]

    def test_and_what_somebody_without_the_duty_or_a_code_agrees_to(self, desk):
        claims = waiting(desk, 2)
        assert left(desk.hal, *claims) == [True, True]
        assert left(desk.fay, *claims, proof=shown_by(desk.sue)) == [True, True]

    def test_whoever_checked_it_before(self, desk):
        """She has another duty by now; no duty lets anybody decide two steps of one thing."""
        [claim] = waiting(desk, 1)
        alone(desk.fay, claim)
        [first] = desk.fay.appointments.all()
        first.period = DateRange(first.period.lower, NOON.date())
        first.save()
        give(desk.fay, Duty.SECOND_CHECKER, first.body, start=NOON.date())
        assert left(desk.fay, now(claim)) == [True]

    def test_a_seat_that_somebody_has_taken(self, desk):
        [claim] = waiting(desk, 1)
        checking.round_of(claim).seats.create(person=desk.fay)
        assert left(desk.fay, claim) == [True]

    def test_a_claim_that_waits_for_no_check(self, desk):
        [claim] = waiting(desk, 1)
        seen = checking.round_of(claim).subject_hash
        alone(desk.fay, claim)
        alone(desk.sue, claim)
        assert left(desk.sue, now(claim), seen=seen) == [True]

    def test_a_route_that_ends_with_the_first_check_is_none(self, desk):
        [claim] = waiting(desk, 1)
        Claim.objects.filter(pk=claim.pk).update(route=["first_check"])
        assert left(desk.fay, now(claim)) == [True]

    def test_what_comes_to_something_else_by_now(self, desk):
        """The ceiling of the year is nearly used by another claim."""
        member = desk.member()
        first, second = desk.handed_on(member, ("11000",)), desk.handed_on(member, ("5000",))
        for one in (first, second):
            alone(desk.fay, one)
        assert left(desk.sue, now(first)) == [False]
        assert left(desk.sue, now(second)) == [True]
        assert together(desk.sue, now(second)) == {second: ""}
        assert now(second).proposed < second.proposed

    def test_a_limit_that_catches_it_by_now(self, desk):
        first, second = waiting(desk, 2)
        for one in (first, second):
            alone(desk.fay, one)
        desk.limit("head", 1000)
        assert left(desk.sue, now(first)) == [True]
        assert together(desk.sue, now(first)) == {first: ""}
        assert now(first).state == "head"

    def test_where_intake_was_the_first_check_and_a_limit_came(self, desk, settings):
        settings.INTAKE_IS_FIRST_CHECK = True
        [claim] = waiting(desk, 1)
        settings.INTAKE_IS_FIRST_CHECK = False
        assert left(desk.sue, claim) == [True]

    def test_no_plan_of_its_day_or_one_that_cannot_say(self, desk, monkeypatch):
        claims = [now(one) for one in waiting(desk, 2)]
        claims[0].discharged_on = date(2012, 1, 1)
        claims[1].discharged_on = claims[1].admitted_on = date(2010, 2, 20)

        def cannot(*given: Any, **more: Any) -> None:
            raise CannotAssess("claim.discharged", "no_plan_at_all", day=date(2010, 2, 20))

        monkeypatch.setattr(evaluation, "assess", cannot)
        assert list(checking_together._valued(claims)) == []
        assert list(checking_together._valued([])) == []


def test_where_the_database_refuses_each_is_tried_alone(desk, monkeypatch):
    claims = waiting(desk)
    alone(desk.fay, *claims)

    def refuse(granted: Any, **given: Any) -> None:
        raise CannotDebit("the account holds less")

    monkeypatch.setattr(bulk_approving, "grant", refuse)
    assert left(desk.sue, *map(now, claims)) == [True] * FEW
    assert not Approval.objects.exists()
    assert set(together(desk.sue, *map(now, claims)).values()) == {""}
    assert Approval.objects.count() == FEW


def test_nobody_works_on_them_any_more(desk):
    claims = waiting(desk, 2)
    opened = checking.round_of(claims[0])
    work.take(worklist="claims.checks", subject=name_of(opened), by=desk.fay, at=NOON)
    assert set(together(desk.fay, *claims).values()) == {""}
    assert not Lease.objects.live().exists()
