"""What deciding a claim costs in statements: the same number for 6, 20 and 100 lines."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.services import checking
from claims.tests.deciding import Desk, now
from conftest import NOON
from office.tests.factories import shown_by

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

#: Statements of both checks and the approval together, BEGIN and SAVEPOINT apart.
BOTH_CHECKS = 81
NOT_COUNTED = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN")


def decided(desk, claim, by, choice="approve", cuts=()) -> int:
    """How many statements a decision takes."""
    seen = checking.round_of(now(claim)).subject_hash
    proof = shown_by(by)
    with CaptureQueriesContext(connection) as asked:
        checking.check(claim=claim, choice=choice, hash_seen=seen, by=by, at=NOON, proof=proof, cuts=cuts)
    told = [one["sql"] for one in asked.captured_queries if not one["sql"].startswith(NOT_COUNTED)]
    return len(told)


@pytest.mark.parametrize("lines", [6, 20, 100])
def test_both_checks(appoint, lines):
    desk = Desk.of(appoint)
    claim = desk.handed_on(None, ["10"] * lines)
    first = decided(desk, claim, desk.fay)
    second = decided(desk, claim, desk.sue)
    assert first + second == BOTH_CHECKS
