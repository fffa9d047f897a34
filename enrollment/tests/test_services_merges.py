"""Two records become one: proposed by one, decided by another, and what is tried against that."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from conftest import NOON, proof_of
from enrollment.models import Account, Member, MemberMerge
from enrollment.selectors.merges import lookalikes
from enrollment.services import households, members, merges
from enrollment.services.identity import Entry
from enrollment.services.keeping import CannotKeep
from enrollment.tests import factories
from enrollment.tests.keeping import FAR_VILLAGE, TODAY, act, by, family, fresh, station
from office import deciding
from office.models import Duty
from office.services import requests, rounds

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def pair():
    """A son, and the same boy once more in the household of his uncle."""
    son = family("1")[3]
    other = factories.member(family("2")[0], son.name, son.birth_date, id_number=None, sex="M")
    return other, son


def propose(pair, person, reason="同一人"):
    return merges.propose_merge(double=pair[0], kept=pair[1], reason=reason, **by(person))


def decide(asked, person, choice="approve"):
    opened = deciding.rounds_of(asked).get()
    return rounds.vote(
        round=opened,
        choice=choice,
        reason="查过户口簿",
        hash_seen=opened.subject_hash,
        by=person,
        at=NOON,
        proof=proof_of(person),
    )


def refused(words: str = ""):
    return pytest.raises(CannotKeep, match=words)


class TestMerge:
    def test_the_double_leads_to_the_other_and_keeps_what_it_has(self, pair, ada, ben):
        double, kept = pair
        covered = factories.pay(double, factories.fund_year())
        account = Account.objects.create(scheme=factories.scheme("emp"), member=double)
        asked = propose(pair, ada)
        assert fresh(double).state == "living"
        decide(asked, ben)
        found = fresh(double)
        assert (found.state, found.merged_into, found.state_on, found.state_reason) == (
            "merged",
            kept,
            TODAY,
            "同一人",
        )
        assert (fresh(covered).member, fresh(covered).ended_because, fresh(account).member) == (double, "", double)
        done = act("member.merged")
        assert (done.by, done.facts["kept"]) == (ben, f"enrollment.member:{kept.pk}")
        assert [done.facts[what] for what in ("coverages", "contributions", "accounts")] == [1, 1, 1]
        assert fresh(asked).state == "merged"

    def test_a_voter_reads_both_and_what_stays(self, pair, ada):
        factories.pay(pair[0], factories.fund_year())
        Account.objects.create(scheme=factories.scheme("emp"), member=pair[0])
        rows = dict(merges.rows(propose(pair, ada)))
        assert "without an ID number" in rows["double"]
        assert "马小山 · without an ID number · 1998-03-03" in rows["kept"]
        assert "2010" in rows["coverage that stays with the double"]
        assert "20" in rows["contributions that stay with the double"]
        assert "emp" in rows["accounts that stay with the double"]

    def test_refused_changes_nothing(self, pair, ada, ben):
        asked = propose(pair, ada)
        decide(asked, ben, "refuse")
        assert (fresh(asked).state, fresh(pair[0]).state) == ("refused", "living")

    def test_deferred_it_waits(self, pair, ada, ben):
        asked = propose(pair, ada)
        decide(asked, ben, "abstain")
        assert fresh(asked).state == "proposed"

    def test_it_is_taken_back(self, pair, ada, ben):
        asked = propose(pair, ada)
        requests.withdraw(asked=asked, **by(ada))
        with pytest.raises(rounds.CannotVote):
            decide(asked, ben)
        assert fresh(asked).state == "withdrawn"

    def test_the_office_head_decides_too(self, pair, ada, appoint):
        asked = propose(pair, ada)
        decide(asked, appoint("head", Duty.OFFICE_HEAD))
        assert fresh(pair[0]).state == "merged"

    def test_a_head_alone_leaves_a_household_that_can_end(self, ada, ben):
        double, kept = factories.member(), family("2")[3]
        decide(propose((double, kept), ada), ben)
        assert not fresh(double).is_head
        households.end_household(household=double.household, on=TODAY, **by(ada))


class TestRefusals:
    def test_doubles_never_chain(self, pair, ada, ben):
        double, kept = pair
        third = factories.member(kept.household)
        decide(propose(pair, ada), ben)
        for wrong in [(third, double), (double, third)]:
            with refused("a double already"):
                propose(wrong, ada)
        with refused("Other records are doubles of this one"):
            propose((kept, third), ada)
        with refused("two different"):
            propose((third, third), ada)

    def test_one_at_a_time(self, pair, ada):
        double, kept = pair
        third = factories.member(kept.household)
        propose(pair, ada)
        for second in [(double, third), (third, double), (kept, third)]:
            with refused("waits to be decided already"):
                propose(second, ada)

    def test_two_doubles_of_one_record_are_proposed_side_by_side(self, pair, ada, ben):
        third = factories.member(pair[1].household)
        first, second = propose(pair, ada), propose((third, pair[1]), ada)
        decide(first, ben)
        decide(second, ben)
        assert set(pair[1].doubles.all()) == {pair[0], third}

    def test_no_household_loses_its_head_by_the_way(self, pair, ada):
        head = Member.objects.get(household=pair[0].household, is_head=True)
        with refused("head of a household"):
            propose((head, pair[1]), ada)

    def test_a_head_whose_household_grew_meanwhile_is_no_double_yet(self, ada, ben):
        double, kept = factories.member(), family("2")[3]
        asked = propose((double, kept), ada)
        factories.member(double.household)
        with pytest.raises(rounds.CannotVote, match="head of a household"), transaction.atomic():
            decide(asked, ben)
        assert fresh(asked).state == "proposed"

    def test_what_changed_after_the_proposal_is_looked_at_again(self, pair, ada, ben):
        asked = propose(pair, ada)
        entry = Entry(name="马大宝", sex="M", birth_date=pair[0].birth_date)
        members.correct_member(member=pair[0], seen_version=1, entry=entry, **by(ada))
        with pytest.raises(rounds.CannotVote, match="changed after"):
            decide(asked, ben)

    def test_somebody_else_was_faster(self, pair, ada, monkeypatch):
        """One of them comes to a third household between the look and the lock."""
        lock = merges.keeping.lock

        def late(*homes):
            found = lock(*homes)
            Member.objects.filter(pk=pair[0].pk).update(household=factories.household("3"))
            return found

        monkeypatch.setattr(merges.keeping, "lock", late)
        with refused("another household meanwhile"):
            propose(pair, ada)

    def test_a_clerk_in_his_township_alone(self, pair, appoint):
        clerk = appoint("lan", Duty.TOWNSHIP_CLERK, body=station())
        far = family("3", factories.division(FAR_VILLAGE))[3]
        for wrong in [(far, pair[1]), (pair[0], far)]:
            with refused("your office"):
                propose(wrong, clerk)


class TestAttacks:
    def test_only_another_person_of_the_right_duty_and_once(self, pair, ada, ben, cleo, appoint):
        asked = propose(pair, ada)
        accounting = appoint("acc", Duty.ACCOUNTING_HEAD)
        for person in (ada, cleo, accounting):
            with pytest.raises(rounds.CannotVote):
                decide(asked, person)
        opened = deciding.rounds_of(asked).get()
        decide(asked, ben)
        with pytest.raises(rounds.CannotVote):
            rounds.vote(
                round=opened, choice="approve", hash_seen=opened.subject_hash, by=ben, at=NOON, proof=proof_of(ben)
            )

    def test_the_database_merges_nothing_without_a_round(self, pair, ada):
        asked = propose(pair, ada)
        with pytest.raises(IntegrityError), transaction.atomic():
            MemberMerge.objects.filter(pk=asked.pk).update(state="merged")
        with pytest.raises(IntegrityError):
            Member.objects.filter(pk=pair[0].pk).update(state="merged", state_on=TODAY, merged_into=pair[1])


def test_who_looks_alike(ada, pair):
    double, son = pair
    far = factories.division(FAR_VILLAGE)
    twin = factories.member(factories.household("7", far), son.name, son.birth_date)
    namesake = factories.member(factories.household("8", far), son.name)
    born_the_same_day = factories.member(double.household, "田小花", son.birth_date)
    assert set(lookalikes(double, ada)) >= {son, twin, born_the_same_day}
    assert namesake not in lookalikes(double, ada)
    assert double not in lookalikes(double, ada)
