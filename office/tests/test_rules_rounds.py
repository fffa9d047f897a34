"""How votes become an outcome: the table of docs/rules/rounds.md, and the database that counts the same way."""

from __future__ import annotations

from itertools import product

import pytest
from django.db import connection

from office.rules import codes
from office.rules.rounds import SHARES, Required, is_complete, may_close, outcome_of


@pytest.mark.rules
@pytest.mark.parametrize(
    ("choices", "present", "majority", "expected"),
    [
        pytest.param(["approve"], 1, "all", "approved", id="one decides"),
        pytest.param(["refuse"], 1, "all", "refused", id="one refuses"),
        pytest.param(["return"], 1, "all", "returned", id="one sends it back"),
        pytest.param(["abstain"], 1, "all", "deferred", id="nobody says anything"),
        pytest.param(["approve", "approve", "refuse"], 3, "half", "approved", id="two of three"),
        pytest.param(["approve", "refuse"], 2, "half", "deferred", id="a tie"),
        pytest.param(["approve", "approve"], 4, "half", "deferred", id="half is not more than half"),
        pytest.param(["approve", "cut", "abstain", "refuse"], 4, "half", "deferred", id="who abstains is present"),
        pytest.param(["approve", "cut", "cut", "refuse"], 4, "half", "approved", id="who cuts agrees with the rest"),
        pytest.param(["approve"] * 2 + ["refuse"], 3, "two_thirds", "approved", id="two thirds exactly"),
        pytest.param(["approve"] * 4 + ["refuse"] * 3, 7, "two_thirds", "deferred", id="four of seven are less"),
        pytest.param(["approve"] * 5 + ["refuse"] * 2, 7, "two_thirds", "approved", id="five of seven are more"),
        pytest.param(["approve"] * 6 + ["abstain"], 7, "all", "deferred", id="all means all"),
        pytest.param(["refuse"] * 4 + ["approve"] * 3, 7, "half", "refused", id="four of seven refuse"),
        pytest.param(["defer"] * 7, 7, "half", "deferred", id="all want to wait"),
    ],
)
def test_outcome(choices, present, majority, expected):
    assert outcome_of(choices, present=present, majority=majority) == expected


@pytest.mark.rules
@pytest.mark.parametrize(
    ("votes", "present", "complete", "closable"),
    [
        pytest.param(3, 5, False, False, id="too few votes"),
        pytest.param(5, 7, False, True, id="two are silent"),
        pytest.param(7, 7, True, True, id="all have spoken"),
        pytest.param(5, 4, True, True, id="one withdrew after the others had voted"),
        pytest.param(5, 3, False, False, id="too few are there"),
    ],
)
def test_complete(votes, present, complete, closable):
    required = Required(rule="x", version="1", duties=("x",), count=4, quorum=4, majority="half", by_seats=True)
    assert is_complete(votes=votes, present=present, required=required) is complete
    assert may_close(votes=votes, present=present, required=required) is closable


@pytest.mark.rules
def test_a_code_has_two_halves_and_is_read_as_people_type():
    assert codes.half(lambda letters: letters[0]) == "22222"
    assert codes.halves("abcde-fgh23") == ("ABCDE", "FGH23")
    assert codes.halves("ab") == ("AB", "")


@pytest.mark.django_db
def test_the_database_counts_the_same_way():
    wrong = []
    with connection.cursor() as cursor:
        for agreeing, refusing, sent_back, silent in product(range(5), repeat=4):
            present = agreeing + refusing + sent_back + silent
            choices = ["approve"] * agreeing + ["refuse"] * refusing + ["return"] * sent_back
            for majority in SHARES:
                cursor.execute(
                    "SELECT office_outcome_of(%s, %s, %s, %s, %s)", [present, agreeing, refusing, sent_back, majority]
                )
                if cursor.fetchone()[0] != outcome_of(choices, present=present, majority=majority):
                    wrong.append((present, agreeing, refusing, sent_back, majority))
    assert wrong == []
