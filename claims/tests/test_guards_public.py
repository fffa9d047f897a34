"""What the database itself refuses of publicity, objections and appeals, as the run-time role, past every service."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from claims.models import Appeal, AppealGrant, ClaimPart, ClaimsRound, CounterMove, Objection, PublicityList
from claims.services import appeals, publicity
from claims.tests import public
from claims.tests.deciding import Desk, now
from claims.tests.public import after
from claims.tests.test_guards_claims import refused, sql
from conftest import NOON
from office.models import Duty, StateMove

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(appoint) -> Desk:
    return Desk.of(appoint)


@pytest.fixture
def lin(appoint):
    return appoint("lin", Duty.COMMITTEE_SECRETARY)


@pytest.fixture
def cleo(appoint):
    return appoint("cleo", Duty.ACCOUNTING_HEAD)


@pytest.fixture
def made(desk, lin) -> PublicityList:
    claim = desk.approved(kind="injury")
    return public.lists(desk, claim.member, lin)[0]


@pytest.fixture
def taken(desk, lin) -> Appeal:
    claim = public.cut_claim(desk)
    public.served(claim, lin)
    return public.filed(claim, desk.ian)


def test_the_database_knows_the_same_moves():
    found = StateMove.objects.filter(table="claims_appeal")
    assert {(one.before, one.after): one.outcome for one in found} == Appeal.MOVES


class TestLists:
    def test_only_the_moves_there_are_and_begun_as_made(self, made):
        for state in ("over", "made2"):
            refused(
                "UPDATE claims_publicitylist SET state = %s WHERE id = %s", state, made.pk, words="does not go|check"
            )
        refused(
            "UPDATE claims_publicitylist SET village_id = village_id, days = 8 WHERE id = %s",
            made.pk, words="does not go|stays as it was",
        )  # fmt: skip

    def test_a_posted_list_stays_as_it_was_posted(self, made, lin):
        public.posted(made, lin)
        refused("UPDATE claims_publicitylist SET place = 'x' WHERE id = %s", made.pk, words="stays as it was posted")
        refused(
            "UPDATE claims_publicitylist SET state = 'void', void_reason = 'x' WHERE id = %s",
            made.pk,
            words="does not go",
        )
        refused("UPDATE claims_publicitylist SET state = 'over' WHERE id = %s", made.pk, words="over_with_its_slip")
        refused(
            "UPDATE claims_publicitylist SET slip_on = '2010-03-07', slip_by = 'x', slip_noted_by_id = made_by_id"
            " WHERE id = %s",
            made.pk, words="slip_is_whole",
        )  # fmt: skip

    def test_entries_are_only_added_while_the_list_is_made_and_a_claim_is_posted_once(self, desk, made, lin):
        refused("UPDATE claims_publicityentry SET paid = 0 WHERE list_id = %s", made.pk)
        refused("DELETE FROM claims_publicityentry WHERE list_id = %s", made.pk)
        again = (
            "INSERT INTO claims_publicityentry"
            ' (list_id, position, claim_id, head, patient, sex, age, provider, total, paid, "on")'
            ' SELECT %s, position + 1, claim_id, head, patient, sex, age, provider, total, paid, "on"'
            " FROM claims_publicityentry WHERE list_id = %s"
        )
        second = PublicityList.objects.create(
            number="GS-x", scheme=made.scheme, village=made.village, month=made.month, timing="before", days=7,
            made_on=made.made_on, made_by=lin, made_at=NOON,
        )  # fmt: skip
        refused(again, second.pk, made.pk, words="posted once")
        publicity.void(made=made, reason="x", by=lin, at=NOON)
        sql(again, second.pk, made.pk)
        public.posted(second, lin)
        refused(again, second.pk, made.pk, words="being made takes claims")


class TestObjections:
    def test_to_what_was_posted_and_answered_by_others(self, desk, made, lin):
        insert = (
            "INSERT INTO claims_objection (number, entry_id, by_name, contact, words, made_on, answer_by,"
            " received_by_id, received_at, result, answer)"
            " SELECT 'YY-x', id, 'x', '', 'x', '2010-03-01', '2010-03-11', %s, now(), '', ''"
            " FROM claims_publicityentry WHERE list_id = %s"
        )
        refused(insert, lin.pk, made.pk, words="to what was posted")
        public.posted(made, lin)
        taken = public.objection(now(made), lin)
        answer = (
            "UPDATE claims_objection SET result = 'dismissed', answer = 'x', answered_on = '2010-03-02',"
            " answered_by_id = %s WHERE id = %s"
        )
        for who in (desk.fay, desk.sue):
            refused(answer, who.pk, taken.pk, words="nobody answers for what he decided")
        refused(answer, lin.pk, taken.pk, words="answered_by_another")
        refused("UPDATE claims_objection SET words = 'y' WHERE id = %s", taken.pk, words="what was written down stays")
        sql(answer, desk.hal.pk, taken.pk)
        refused(answer, desk.hal.pk, taken.pk, words="answered already")
        assert Objection.objects.get().result == "dismissed"


class TestAppeals:
    def test_no_second_appeal_and_no_move_without_its_round(self, taken):
        refused(
            "INSERT INTO claims_appeal (number, claim_id, body_id, told_on, filed_on, by_name, relation, phone,"
            " grounds, answer_by, entered_by_id, entered_at, state)"
            " SELECT 'x', claim_id, body_id, told_on, filed_on, 'x', 'x', '', 'x', answer_by, entered_by_id,"
            " entered_at, 'received' FROM claims_appeal WHERE id = %s",
            taken.pk, words="claims_appeal_claim_id",
        )  # fmt: skip
        for state in ("won", "lost"):
            refused("UPDATE claims_appeal SET state = %s WHERE id = %s", state, taken.pk, words="round")

    def test_what_is_asked_back_is_of_its_own_claims_cuts(self, desk, taken):
        other = public.cut_claim(desk, member=desk.member("7"))
        insert = "INSERT INTO claims_restoredcut (appeal_id, cut_id, amount) VALUES (%s, %s, %s)"
        refused(insert, taken.pk, other.cuts.get().pk, 1, words="asks back what was cut")
        refused("UPDATE claims_restoredcut SET amount = 1 WHERE appeal_id = %s", taken.pk)

    def test_its_round_bars_whoever_decided_and_takes_two(self, desk, taken):
        appeals.withdraw(appeal=taken, by=desk.ian, at=NOON)
        known = ClaimsRound.objects.get(subject_type="claims.appeal")
        given = {
            "step": "decision", "subject_type": "claims.appeal", "subject_id": str(taken.pk), "subject_hash": "0" * 64,
            "rule": "x", "rule_version": "1", "duties": known.duties, "quorum": 2, "majority": "all", "maker": desk.ian,
        }  # fmt: skip
        for more, words in (
            ({"count": 2, "barred": []}, "decided by others"),
            ({"count": 1, "quorum": 1, "barred": known.barred}, "two decide an appeal"),
        ):
            with pytest.raises(DatabaseError, match=words), transaction.atomic():
                ClaimsRound.objects.create(**{**given, **more})

    def test_no_further_part_grant_or_move_without_the_won_appeal(self, taken, desk, cleo):
        approval = taken.claim.approval
        part = (
            "INSERT INTO claims_claimpart (approval_id, layer, fund, amount, state, appeal_id)"
            " VALUES (%s, 'more', 'ncms', 1, 'approved', %s)"
        )
        refused(part, approval.pk, taken.pk, words="parts come with their approval")
        move = (
            "INSERT INTO claims_countermove (counter_id, approval_id, is_reversal, amount, at, appeal_id)"
            " SELECT counter_id, approval_id, false, 1, now(), %s FROM claims_countermove LIMIT 1"
        )
        refused(move, taken.pk, words="moves its own person")
        public.vote(taken, desk.hal)
        public.vote(taken, cleo)
        given = AppealGrant.objects.get()
        refused("UPDATE claims_appealgrant SET fund_adds = 0 WHERE id = %s", given.pk)
        assert ClaimPart.objects.filter(appeal=taken).count() == 2
        assert CounterMove.objects.filter(appeal=taken).count() == 1
        assert given.fund_adds == sum((one.amount for one in ClaimPart.objects.filter(appeal=taken)), Decimal(0))

    def test_a_refused_claim_comes_back_with_a_won_appeal_alone(self, desk):
        claim = public.refused(desk)
        refused(
            "UPDATE claims_claim SET state = 'returned' WHERE id = %s", claim.pk, words="only when an appeal is granted"
        )
        done = public.paid(desk.approved(desk.member("8")), desk.hal, after(1))
        refused(
            "UPDATE claims_claim SET state = 'paying' WHERE id = %s", done.pk, words="only when an appeal is granted"
        )
