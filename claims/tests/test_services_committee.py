"""What the committee asks for, as dated rows: entered by one, confirmed by another, copied into the rounds of a day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from claims.models import CommitteeRule
from claims.rules.committee import quorum_of
from claims.selectors import meetings as selectors
from claims.services import checking, committee
from claims.services.meetings import CannotMeet
from claims.tests.committee import TODAY, Committee
from claims.tests.deciding import decide, now
from conftest import NOON
from enrollment.services.keeping import CannotKeep
from office import deciding
from office.models import Duty
from office.services import rounds
from office.services.rounds import CannotVote
from office.tests.factories import shown_by

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.mark.parametrize(
    ("members", "share", "quorum"),
    [
        pytest.param(5, "two_thirds", 4, id="two thirds of five"),
        pytest.param(6, "two_thirds", 4, id="two thirds of six"),
        pytest.param(5, "half", 3, id="more than half of five"),
        pytest.param(4, "half", 3, id="more than half of four"),
        pytest.param(7, "all", 7, id="all of seven"),
        pytest.param(0, "two_thirds", 1, id="nobody"),
    ],
)
def test_quorum(members, share, quorum):
    assert quorum_of(members, share) == quorum


@pytest.fixture
def body(appoint) -> Committee:
    return Committee.of(appoint)


@pytest.fixture
def acc(appoint):
    return appoint("acc", Duty.FUND_ACCOUNTANT)


def entered(by, **more) -> CommitteeRule:
    given: dict[str, Any] = {
        "since": TODAY,
        "quorum": "half",
        "majority": "all",
        "least": 6,
        "document": "海合管发〔2010〕9号",
    }
    return committee.propose(**given | more, by=by, at=NOON)


def test_a_confirmed_rule_is_copied_into_the_rounds_from_its_day_on(body, acc):
    before = checking.round_of(body.waiting(body.desk.member("a")))
    asked = entered(acc)
    assert selectors.asked_on(TODAY).version == "1"
    decide(asked, body.desk.hal)
    assert now(asked).state == "confirmed"
    after = checking.round_of(body.waiting(body.desk.member("b")))
    assert (after.quorum, after.majority, after.rule_version) == (3, "all", "2010-03-01")
    assert (now(before).quorum, now(before).majority, now(before).rule_version) == (4, "half", "1")
    assert selectors.asked_on(TODAY - timedelta(days=1)).version == "1"
    with pytest.raises(CannotMeet, match="Fewer than 6 people"):
        body.call()
    newer = entered(acc, since=date(2010, 4, 1), least=3)
    decide(newer, body.desk.hal)
    assert selectors.asked_on(date(2010, 4, 2)).least == 3
    assert dict(committee.rows(newer))["quorum"] == "more than half of the seats"


def test_no_rule_begins_in_the_past_or_twice_on_a_day(body, acc):
    with pytest.raises(CannotKeep, match="begins today or later"):
        entered(acc, since=TODAY - timedelta(days=1))
    with pytest.raises(CannotKeep, match="Say it in words"):
        entered(acc, document=" ")
    first, second = entered(acc), entered(acc)
    decide(first, body.desk.hal)
    with pytest.raises(CannotVote, match="Another rule of the committee begins"):
        decide(second, body.desk.hal)
    decide(second, body.desk.hal, "refuse")
    assert now(second).state == "refused"
    with pytest.raises(CannotKeep, match="Another rule of the committee begins"):
        entered(acc)


def test_a_rule_that_waited_past_its_day_is_not_confirmed(body, acc):
    asked, later = entered(acc), NOON + timedelta(days=1)
    opened, hal = deciding.rounds_of(asked).get(), body.desk.hal
    with pytest.raises(CannotVote, match="begins today or later"):
        rounds.vote(
            round=opened,
            choice="approve",
            hash_seen=opened.subject_hash,
            by=hal,
            at=later,
            proof=shown_by(hal, later),
        )
    assert now(asked).state == "proposed"


def test_the_database_refuses_a_rule_that_nobody_confirmed_or_that_changes(body, acc):
    asked = entered(acc)
    for change in ("state = 'confirmed'", "least = 3"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE claims_committeerule SET {change} WHERE id = %s", [asked.pk])
