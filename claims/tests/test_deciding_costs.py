"""What a claim costs in statements from the counter to the approval: the same number for 6, 20 and 100 lines."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.services import checking, intake
from claims.tests import taking_in
from claims.tests.deciding import now
from conftest import NOON
from office.models import Duty
from office.tests.factories import shown_by

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

#: Statements of each service, BEGIN and SAVEPOINT apart. Locks and the looks under them are statements of their own;
#: of the second check, which approves, the last eight after the counters' moves are two moves of the claim's state, its
#: parts, all its acts together and what lay on the checker's desk. Of handing on two look up again whom it is paid to.
COSTS = {"entry": 16, "handing on": 15, "first check": 17, "second check and approval": 27}
#: Entry, both checks and approval together.
LIMIT = 60
NOT_COUNTED = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN")


def cost_of(service: Callable[..., Any]) -> tuple[Any, int]:
    """What a service gives, and how many statements it asked."""
    with CaptureQueriesContext(connection) as asked:
        given = service(at=NOON)
    return given, len([one for one in asked.captured_queries if not one["sql"].startswith(NOT_COUNTED)])


@pytest.mark.parametrize("lines", [6, 20, 100])
def test_from_the_counter_to_the_approval(appoint, lines):
    ida = appoint("ida", Duty.INTAKE_CLERK)
    checkers = {
        "first check": appoint("fay", Duty.FIRST_CHECKER),
        "second check and approval": appoint("sue", Duty.SECOND_CHECKER),
    }
    costs = {}
    claim, costs["entry"] = cost_of(partial(intake.enter_claim, content=taking_in.content(lines=lines), by=ida))
    _round, costs["handing on"] = cost_of(partial(intake.hand_on, claim=claim, seen=1, by=ida))
    for step, checker in checkers.items():
        seen, shown = checking.round_of(now(claim)).subject_hash, shown_by(checker)
        agree = partial(checking.check, claim=claim, choice="approve", hash_seen=seen, by=checker, proof=shown)
        _voted, costs[step] = cost_of(agree)
    assert (now(claim).state, claim.lines.count()) == ("payable", lines)
    assert costs == COSTS
    assert sum(costs.values()) - costs["handing on"] <= LIMIT
