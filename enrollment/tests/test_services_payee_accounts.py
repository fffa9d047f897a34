"""Where a household is paid to: entered by one, confirmed by another, and what is tried against that."""

from __future__ import annotations

import pytest
from django.db import IntegrityError

from conftest import NOON, proof_of
from enrollment.models import PayeeAccount
from enrollment.selectors import payees
from enrollment.services import payee_accounts
from enrollment.services.keeping import CannotKeep
from enrollment.tests import factories
from enrollment.tests.keeping import FAR_VILLAGE, act, by, family, fresh, station
from office import deciding
from office.models import Duty
from office.services import requests, rounds

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

NUMBER = "6228481234567890"


@pytest.fixture
def home():
    return family()[0]


def propose(home, person, **more):
    given = {"holder": "马大山", "bank": "海原县信用社", "number": NUMBER, "reason": "首次登记", **more}
    return payee_accounts.propose(household=home, **given, **by(person))


def decide(asked, person, choice="approve"):
    opened = deciding.rounds_of(asked).get()
    return rounds.vote(
        round=opened,
        choice=choice,
        reason="看过存折",
        hash_seen=opened.subject_hash,
        by=person,
        at=NOON,
        proof=proof_of(person),
    )


def refused(words: str = "", field: str | None = None):
    return pytest.raises(CannotKeep, match=words, check=lambda refusal: field is None or refusal.field == field)


class TestPropose:
    def test_a_payment_waits_for_the_second_person(self, home, ada, ben):
        asked = propose(home, ada, number="６228 4812-3456 7890")
        assert (asked.number, asked.state, payees.payee_of(home)) == (NUMBER, "proposed", None)
        assert payees.waits_for_confirmation(home)
        assert NUMBER not in str(act("payee-account.proposed").facts)
        decide(asked, ben)
        assert (payees.payee_of(home), payees.waits_for_confirmation(home)) == (asked, False)
        done = act("payee-account.confirmed")
        assert (done.by, done.facts["replaces"]) == (ben, None)

    def test_the_new_one_takes_the_place_of_the_one_in_force(self, home, ada, ben):
        first = propose(home, ada)
        decide(first, ben)
        second = propose(home, ada, number="12345678")
        assert payees.payee_of(home) == first
        decide(second, ben)
        assert (payees.payee_of(home), fresh(first).state) == (second, "replaced")
        assert act("payee-account.confirmed").facts["replaces"] == f"enrollment.payeeaccount:{first.pk}"

    @pytest.mark.parametrize("number", ["1234567", "1" * 33, "62284812x4567890", ""])
    def test_what_is_no_number(self, home, ada, number):
        with refused("8 to 32 digits", "number"):
            propose(home, ada, number=number)

    def test_one_change_at_a_time(self, home, ada, ben):
        asked = propose(home, ada)
        with refused("waits to be confirmed already", "number"):
            propose(home, ada, number="12345678")
        decide(asked, ben)
        with refused("in force already", "number"):
            propose(home, ada)

    def test_a_clerk_in_his_township_alone(self, appoint, home):
        clerk = appoint("lan", Duty.TOWNSHIP_CLERK, body=station())
        propose(home, clerk)
        with refused("your office"):
            propose(family("2", factories.division(FAR_VILLAGE))[0], clerk)


class TestDecide:
    def test_the_voter_sees_the_whole_number_as_long_as_it_is_open(self, home, ada, ben):
        asked = propose(home, ada)
        shown = dict(payee_accounts.rows(asked))
        assert shown["account number"] == "6228 4812 3456 7890"
        assert (shown["account in force"], "马大山" in shown["household"]) == ("—", True)
        decide(asked, ben)
        asked = fresh(asked)
        assert dict(payee_accounts.rows(asked))["account number"] == "**** 7890"
        later = propose(home, ada, number="12345678")
        assert dict(payee_accounts.rows(later))["account in force"] == "海原县信用社 **** 7890"

    def test_refused_changes_nothing(self, home, ada, ben):
        asked = propose(home, ada)
        decide(asked, ben, "refuse")
        assert (fresh(asked).state, payees.payee_of(home), payees.waits_for_confirmation(home)) == (
            "refused",
            None,
            False,
        )

    def test_what_is_neither_approved_nor_refused_waits_and_can_be_taken_back(self, home, ada, ben):
        asked = propose(home, ada)
        decide(asked, ben, "abstain")
        assert fresh(asked).state == "proposed"
        requests.withdraw(asked=asked, **by(ada))
        assert fresh(asked).state == "withdrawn"

    def test_only_whoever_entered_it_takes_it_back(self, home, ada, ben):
        asked = propose(home, ada)
        with pytest.raises(requests.CannotRequest):
            requests.withdraw(asked=asked, **by(ben))
        requests.withdraw(asked=asked, **by(ada))
        with pytest.raises(rounds.CannotVote):
            decide(asked, ben)
        propose(home, ada)

    @pytest.mark.parametrize("duty", [Duty.OFFICE_HEAD, Duty.ACCOUNTING_HEAD])
    def test_heads_confirm_too(self, home, ada, appoint, duty):
        asked = propose(home, ada)
        decide(asked, appoint("head", duty))
        assert fresh(asked).state == "confirmed"


class TestAttacks:
    def test_nobody_confirms_what_he_entered_himself(self, home, appoint):
        both = appoint("eve", Duty.TOWNSHIP_CLERK)
        asked = propose(home, both)
        with pytest.raises(rounds.CannotVote):
            decide(asked, both)
        assert fresh(asked).state == "proposed"

    def test_nobody_without_the_duty_confirms(self, home, ada, cleo, dan):
        asked = propose(home, ada)
        for person in (cleo, dan):
            with pytest.raises(rounds.CannotVote):
                decide(asked, person)

    def test_nobody_confirms_twice_or_without_his_second_factor(self, home, ada, ben):
        asked = propose(home, ada)
        opened = deciding.rounds_of(asked).get()
        vote = {"round": opened, "choice": "approve", "hash_seen": opened.subject_hash, "by": ben, "at": NOON}
        with pytest.raises(rounds.CannotVote):
            rounds.vote(**vote, proof=None)
        rounds.vote(**vote, proof=proof_of(ben))
        with pytest.raises(rounds.CannotVote):
            rounds.vote(**vote, proof=proof_of(ben))

    def test_the_database_lets_no_number_change_that_was_asked_for(self, home, ada):
        asked = propose(home, ada)
        with pytest.raises(IntegrityError, match="does not change"):
            PayeeAccount.objects.filter(pk=asked.pk).update(number="99999999")

    def test_the_database_confirms_nothing_without_a_round(self, home, ada):
        asked = propose(home, ada)
        with pytest.raises(IntegrityError):
            PayeeAccount.objects.filter(pk=asked.pk).update(state="confirmed")
