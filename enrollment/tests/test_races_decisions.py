"""Two people at the same moment who decide what the register asks two people for: one outcome, and no change lost."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from conftest import NOON
from enrollment.models import PayeeAccount
from enrollment.services import keeping, members, merges, payee_accounts
from enrollment.tests import factories
from enrollment.tests.keeping import TODAY, fresh
from enrollment.tests.races import PATIENCE, Doing, Place, at_once, lost, meeting
from office import deciding
from office.models import Act, Duty, Person
from office.services import requests, rounds
from office.tests.factories import shown_by

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("in_english")]


@pytest.fixture
def place(appoint) -> Place:
    return Place(appoint)


class TestDecisions:
    """Rounds over what the register asks two people for."""

    @pytest.fixture
    def voters(self, appoint) -> list[Person]:
        return [appoint(name, Duty.FIRST_CHECKER) for name in ("ben", "bob")]

    def vote(self, asked, voter: Person) -> Doing:
        opened = deciding.rounds_of(asked).get()
        given = {"round": opened, "choice": "approve", "hash_seen": opened.subject_hash, "reason": "x"}
        return partial(rounds.vote, by=voter, at=NOON, proof=shown_by(voter), **given)

    def payee(self, place, number: str = "12345678") -> PayeeAccount:
        words: dict[str, Any] = {"holder": "马大山", "bank": "信用社", "number": number, "reason": "x"}
        return payee_accounts.propose(household=place.home, **words, **place.by[0])

    def test_an_account_is_confirmed_once(self, place, voters):
        asked = self.payee(place)
        _came, refused = at_once(*(self.vote(asked, one) for one in voters))
        assert [type(one) for one in refused] == [rounds.CannotVote]
        assert fresh(asked).state == "confirmed"
        assert Act.objects.filter(name="payee-account.confirmed").count() == 1

    def test_an_account_is_confirmed_or_taken_back(self, place, voters):
        asked = self.payee(place)
        take_back = partial(requests.withdraw, asked=asked, **place.by[0])
        _came, refused = at_once(self.vote(asked, voters[0]), take_back)
        assert len(refused) == 1
        done = Act.objects.filter(name="payee-account.confirmed").count()
        assert (fresh(asked).state, done) in {("confirmed", 1), ("withdrawn", 0)}

    def test_two_doubles_of_one_record_are_merged_side_by_side(self, place, voters):
        third = factories.member(place.second, place.son.name, place.son.birth_date, id_number=None, sex="M")
        asked = [
            merges.propose_merge(double=one, kept=place.son, reason="x", **place.by[0]) for one in (place.double, third)
        ]
        _came, refused = at_once(*(self.vote(*pair) for pair in zip(asked, voters, strict=True)))
        assert refused == []
        assert set(place.son.doubles.all()) == {place.double, third}

    def test_a_double_dies_or_is_merged_and_no_change_is_lost(self, place, voters, monkeypatch):
        asked = merges.propose_merge(double=place.double, kept=place.son, reason="x", **place.by[0])
        meeting(monkeypatch, keeping, "touch", PATIENCE)
        at_once(self.vote(asked, voters[0]), partial(members.note_death, member=place.double, on=TODAY, **place.by[1]))
        found = fresh(place.double)
        assert (found.state, fresh(asked).state) in {("merged", "merged"), ("dead", "proposed")}
        assert lost(place, place.double) == ""
