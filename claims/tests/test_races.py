"""Two plans for the same days, adopted at the same moment: one of them, whichever comes first."""

from __future__ import annotations

from functools import partial

import pytest

from claims.models import BenefitPlan
from claims.services import adoption
from claims.tests.factories import BASIC, later
from claims.tests.test_services_adoption import adopt, complete
from conftest import NOON
from enrollment.tests.races import PATIENCE, Doing, at_once, both_look, unguarded
from office.models import Duty
from office.services import rounds
from office.tests.factories import shown_by

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("in_english")]


@pytest.fixture
def fay(appoint):
    return appoint("fay", Duty.FUND_ACCOUNTANT)


@pytest.fixture
def deciders(appoint):
    return [appoint("hal", Duty.OFFICE_HEAD), appoint("kim", Duty.ACCOUNTING_HEAD)]


def vote(opened, by) -> Doing:
    return partial(
        rounds.vote,
        round=opened,
        choice="approve",
        hash_seen=opened.subject_hash,
        by=by,
        at=NOON,
        proof=shown_by(by),
        reason="x",
    )


def adopted() -> list[str]:
    return list(BenefitPlan.objects.adopted().order_by("pk").values_list("code", flat=True))


@pytest.fixture
def two(fay, deciders) -> list[Doing]:
    """Two plans of one year wait, each for another decider."""
    drafted = [complete(fay, BASIC.replace("test-ncms", code)) for code in ("one", "other")]
    opened = [adoption.propose(plan=plan, by=fay, at=NOON) for plan in drafted]
    return [vote(*pair) for pair in zip(opened, deciders, strict=True)]


def test_one_is_adopted_and_the_other_vote_is_not_taken(two):
    came, refused = at_once(*two)
    assert (len(came), [type(one) for one in refused]) == (1, [rounds.CannotVote])
    assert "已占用本方案的日期" in str(refused[0])
    assert len(adopted()) == 1


def test_two_successors_of_one_plan(fay, deciders):
    first = adopt(complete(fay), fay, deciders[0])
    opened = [
        adoption.propose(plan=complete(fay, later(BASIC, day, "2010-12-31"), ends=first), by=fay, at=NOON)
        for day in ("2010-06-01", "2010-07-01")
    ]
    _came, refused = at_once(*(vote(*pair) for pair in zip(opened, deciders, strict=True)))
    assert [type(one) for one in refused] == [rounds.CannotVote]
    first.refresh_from_db()
    second = BenefitPlan.objects.adopted().exclude(pk=first.pk).get()
    assert first.applies.upper == second.applies.lower


def test_without_the_lock_the_database_refuses_the_second(two, monkeypatch):
    both_look(monkeypatch, adoption, "clash_of", PATIENCE)
    with unguarded(monkeypatch):
        _came, refused = at_once(*two)
    assert len(refused) == 1
    assert "adopted_plans_never_overlap" in str(refused[0])


def test_without_lock_and_constraint_both_would_be_in_force(two, monkeypatch):
    both_look(monkeypatch, adoption, "clash_of", PATIENCE)
    found: list[str] = []
    with unguarded(monkeypatch, "adopted_plans_never_overlap"):
        _came, refused = at_once(*two)
        found += adopted()
    assert (refused, found) == ([], ["one", "other"])
