"""The database's process is killed in the middle of a check and of an approval, before every single statement and
before the commit: nothing half-done is left, and the same decision is taken afterwards, once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection

from claims.models import (
    Approval,
    BenefitCounter,
    Claim,
    ClaimPart,
    ClaimsRound,
    ClaimsSeat,
    ClaimsVote,
    CounterMove,
    Cut,
)
from claims.services import checking
from claims.tests.deciding import Desk, cut, now
from conftest import NOON
from enrollment.models import Account, AccountEntry
from enrollment.services import accounts
from office.models import Act, Lease
from office.services import work
from office.tests.factories import shown_by
from tests import servers

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("in_english")]

TABLES = (Claim, ClaimsRound, ClaimsSeat, ClaimsVote, Cut, Approval, ClaimPart, CounterMove, BenefitCounter)
ENOUGH = 60  # statements; no decision has as many
COMMIT = "commit"


def standing() -> dict[str, list[Any]]:
    """Every row that a decision writes or moves, and their history."""
    kept = [one.pgh_event_model for one in TABLES if hasattr(one, "pgh_event_model")]
    return {
        one._meta.label: list(one.objects.order_by("pk").values())
        for one in (*TABLES, *kept, Account, AccountEntry, Act, Lease)
    }


class Killer:
    """Ends the database's process of this connection before its n-th statement, or before the commit."""

    def __init__(self, point: int | str) -> None:
        self.point = point
        self.said = 0
        self.has_killed = False

    def __call__(self, execute: Callable[..., Any], sql: str, *more: Any) -> Any:
        self.said += 1
        if self.said == self.point:
            self.kill()
        return execute(sql, *more)

    def kill(self) -> None:
        self.has_killed = True
        with psycopg.connect(servers.superuser_dsn(), autocommit=True) as other:
            gone = other.execute("SELECT pg_terminate_backend(%s, 5000)", [connection.connection.info.backend_pid])
            assert gone.fetchone() == (True,)


def killed(doing: Callable[[], object], point: int | str, monkeypatch) -> bool:
    """Whether a decision was broken off at a point; past its last statement it is taken."""
    killer = Killer(point)
    commit = connection._commit

    def commit_after_all() -> None:
        if point == COMMIT:
            killer.kill()
        commit()

    connection.ensure_connection()
    with monkeypatch.context() as patched, connection.execute_wrapper(killer):
        patched.setattr(connection, "_commit", commit_after_all)
        try:
            doing()
        except OperationalError:
            assert killer.has_killed
    connection.close()
    return killer.has_killed


def broken_off_everywhere(doing: Callable[[], object], monkeypatch) -> int:
    """Kill at every point in turn; nothing is left of any. Then let it be done. Gives at how many points."""
    before = standing()
    for point in (COMMIT, *range(1, ENOUGH)):
        if not killed(doing, point, monkeypatch):
            return int(point) - 1
        assert standing() == before, f"something is left of what was killed at {point}"
    raise AssertionError("it never ended")


@pytest.fixture
def desk(appoint) -> Desk:
    return Desk.of(appoint)


def decision(desk: Desk, claim: Claim, by: Any, *cuts: checking.CutOf) -> Callable[[], object]:
    """One checker's decision, as often as it is tried."""
    opened = checking.round_of(now(claim))
    work.take(worklist="claims.checks", subject=("claims.claimsround", str(opened.pk)), by=by, at=NOON)
    return partial(
        checking.check,
        claim=claim,
        choice="cut" if cuts else "approve",
        hash_seen=opened.subject_hash,
        by=by,
        at=NOON,
        proof=shown_by(by),
        cuts=cuts,
    )


def test_a_check_that_cuts(desk, monkeypatch):
    claim = desk.handed_on()
    points = broken_off_everywhere(decision(desk, claim, desk.fay, cut(claim, 1, "100")), monkeypatch)
    assert points > 20
    assert (now(claim).state, Cut.objects.count(), ClaimsVote.objects.filter(round__step="first_check").count()) == (
        "second_check",
        1,
        1,
    )
    assert not Lease.objects.live().exists()


def test_an_approval(desk, monkeypatch):
    """Of a stay, whose counters are made with it, and of a visit, which the household's account pays."""
    member = desk.member()
    account = accounts.account_of(scheme=desk.scheme, owner=member.household)
    accounts.credit(account=account, amount=80, on=NOON.date(), reference="2010", by=desk.ian, at=NOON)
    for kind in ("inpatient", "outpatient"):
        claim = desk.handed_on(member, ("70",), kind=kind)
        desk.check(claim, desk.fay)
        points = broken_off_everywhere(decision(desk, claim, desk.sue), monkeypatch)
        assert points > 25
        assert now(claim).state == "payable"
        assert Act.objects.filter(name="claim.approved", subject_id=str(claim.pk)).count() == 1
    account.refresh_from_db()
    assert account.balance == 10
    assert Approval.objects.count() == 2
