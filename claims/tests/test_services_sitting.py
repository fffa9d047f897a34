"""A committee in session: sheets of votes, quorum, majority, cuts by majority, all claims in one transaction."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from claims.models import Approval, ClaimsVote, Cut, Invoice
from claims.services import checking, flags, meetings, minutes, sitting
from claims.services.meetings import CannotMeet
from claims.services.sitting import carried_amount
from claims.tests.committee import Committee, bound
from claims.tests.deciding import cut, now
from conftest import NOON, code, with_factor
from office.models import Act, Body, Duty
from office.services import factors
from office.services.factors import CannotProve
from office.tests.factories import give, shown_by

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def committee(appoint) -> Committee:
    return Committee.of(appoint)


class TestOutcomes:
    def test_all_agree(self, committee):
        claims = committee.several(2)
        meeting = committee.begin(*claims)
        committee.all_vote(meeting)
        assert [now(one).state for one in claims] == ["committee", "committee"]
        assert committee.decide(meeting).state == "decided"
        assert [now(one).state for one in claims] == ["approved", "approved"]  # until their publicity is over
        assert [one.approval.approved_by for one in map(now, claims)] == [committee.cai, committee.cai]

    def test_seven_with_a_recusal_and_a_dissent(self, appoint):
        committee = Committee.of(appoint, size=7)
        claim = committee.waiting()
        meeting = committee.begin(claim)
        _chair, relative, against, *_others = committee.members
        committee.recuse(meeting, claim, relative)
        committee.vote(meeting, against, committee.on(meeting, claim, "refuse", reason="no order in the file"))
        committee.all_vote(meeting, but=[relative, against])
        committee.decide(meeting)
        opened = meeting.agenda.get().round
        assert (now(claim).state, opened.outcome, opened.votes.count()) == ("approved", "approved", 6)
        assert opened.votes.get(voter=against).reason == "no order in the file"

    @pytest.mark.parametrize(
        ("choices", "state"),
        [
            (["refuse"] * 3 + ["approve"] * 2, "refused"),
            (["return"] * 3 + ["approve"] * 2, "returned"),
            (["approve"] * 2 + ["refuse"] * 2 + ["abstain"], "committee"),
            (["approve"] * 2 + ["abstain"] * 3, "committee"),
            (["defer"] * 3 + ["approve"] * 2, "committee"),
            (["approve"] * 3 + ["abstain"] * 2, "approved"),
        ],
    )
    def test_more_than_half_of_those_present_carry(self, committee, choices, state):
        claim = committee.waiting()
        meeting = committee.begin(claim)
        for member, choice in zip(committee.members, choices, strict=True):
            committee.vote(meeting, member, committee.on(meeting, claim, choice, reason="because"))
        committee.decide(meeting)
        assert now(claim).state == state
        assert Approval.objects.count() == (state == "approved")
        assert Invoice.objects.get(claim=claim).is_live == (state != "refused")

    def test_deferred_it_waits_for_the_next_meeting(self, committee):
        claim = committee.waiting()
        meeting = committee.begin(claim)
        for one in committee.members:
            committee.vote(meeting, one, committee.on(meeting, claim, "defer", reason="expert asked"))
        committee.decide(meeting)
        assert meeting.agenda.get().round.outcome == "deferred"
        again = committee.begin(now(claim), number="2010-2")
        committee.all_vote(again)
        committee.decide(again)
        assert now(claim).state == "approved"

    def test_returned_with_its_reason(self, committee):
        claim = committee.waiting()
        meeting = committee.begin(claim)
        with pytest.raises(CannotMeet, match=f"{claim.number}: Say why"):
            committee.vote(meeting, committee.cai, committee.on(meeting, claim, "return"))


class TestCuts:
    def test_a_row_counts_when_a_majority_supports_it(self, committee):
        claim = committee.waiting()
        meeting = committee.begin(claim)
        wanted = ["300", "200", "200", "100"]
        for member, amount in zip(committee.members, wanted, strict=False):
            rows = [cut(claim, 1, amount)] + ([cut(claim, 2, "50")] if amount == "200" else [])
            committee.vote(meeting, member, committee.on(meeting, claim, "cut", *rows))
        committee.vote(meeting, committee.members[4])
        assert not Cut.objects.filter(counts=True).exists()
        committee.decide(meeting)
        counted = Cut.objects.get(counts=True)
        assert (counted.line.position, counted.amount) == (1, Decimal(200))  # three of five cut 200 or more; two cut 50
        approval = now(claim).approval
        assert (approval.cut, approval.total, approval.fund_pays) == (Decimal(200), Decimal(1900), Decimal(935))
        assert now(claim).proposed == Decimal(935)

    def test_nothing_is_cut_of_what_is_refused(self, committee):
        claim = committee.waiting()
        meeting = committee.begin(claim)
        for member in committee.members[:2]:
            committee.vote(meeting, member, committee.on(meeting, claim, "cut", cut(claim, 1, "100")))
        for member in committee.members[2:]:
            committee.vote(meeting, member, committee.on(meeting, claim, "refuse", reason="no order"))
        committee.decide(meeting)
        assert now(claim).state == "refused"
        assert not Cut.objects.filter(counts=True).exists()

    @pytest.mark.parametrize(
        ("amounts", "present", "carried"),
        [
            (["300", "200", "200"], 5, "200"),
            (["300", "200"], 5, "0"),
            (["300", "200"], 4, "0"),
            (["300", "300", "300", "1"], 5, "300"),
            (["10", "10", "10", "10"], 7, "10"),
            ([], 5, "0"),
        ],
    )
    def test_the_largest_that_enough_support(self, amounts, present, carried):
        assert carried_amount([Decimal(one) for one in amounts], present, "half") == Decimal(carried)

    @pytest.mark.parametrize(("amount", "words"), [("1001", "between 0.01 and 1000"), ("0", "between 0.01")])
    def test_within_what_a_line_holds(self, committee, amount, words):
        claim = committee.waiting()
        meeting = committee.begin(claim)
        with pytest.raises(CannotMeet, match=words):
            committee.vote(meeting, committee.cai, committee.on(meeting, claim, "cut", cut(claim, 1, amount)))
        assert not ClaimsVote.objects.filter(voter=committee.cai).exists()


class TestTheSheet:
    def test_is_confirmed_by_one_code_bound_to_it(self, committee):
        meeting = committee.begin(*committee.several(3))
        ballots = committee.ballots(meeting, committee.cai)
        seen = sitting.sheet_hash(meeting=meeting, ballots=ballots, by=committee.cai)
        member = committee.vote(meeting, committee.cai)
        assert (member.confirmed_hash, member.confirmed_at) == (seen, NOON)
        assert ClaimsVote.objects.filter(voter=committee.cai).count() == 3
        assert Act.objects.get(name="meeting.sheet-confirmed").subject_hash == seen

    def test_a_code_of_the_session_is_not_enough(self, committee):
        meeting = committee.begin(committee.waiting())
        ballots = committee.ballots(meeting, committee.cai)
        for proof in (None, shown_by(committee.cai)):
            with pytest.raises(CannotMeet, match="a code of its own"):
                sitting.confirm(meeting=meeting, ballots=ballots, by=committee.cai, at=NOON, proof=proof)

    def test_nor_one_for_another_sheet_or_of_somebody_else(self, committee):
        claim = committee.waiting()
        meeting = committee.begin(claim)
        ballots = committee.ballots(meeting, committee.cai)
        seen = sitting.sheet_hash(meeting=meeting, ballots=ballots, by=committee.cai)
        changed = [replace(ballots[0], choice="refuse", reason="no")]
        more = [replace(ballots[0], choice="cut", cuts=[cut(claim, 1, "100")])]
        for sheet, proof in (
            (changed, bound(committee.cai, seen)),
            (more, bound(committee.cai, seen)),
            (ballots, bound(committee.members[1], seen)),
            (ballots, bound(committee.cai, seen, NOON - timedelta(hours=1))),
        ):
            with pytest.raises(CannotMeet, match="a code of its own"):
                sitting.confirm(meeting=meeting, ballots=sheet, by=committee.cai, at=NOON, proof=proof)
        assert not Cut.objects.exists()

    def test_a_code_is_good_once(self, committee):
        with_factor(committee.cai, at=NOON)
        first, second = committee.several(2)
        meeting = committee.begin(first, second)
        ballots = committee.ballots(meeting, committee.cai)
        seen = sitting.sheet_hash(meeting=meeting, ballots=ballots, by=committee.cai)
        later = NOON + timedelta(minutes=2)
        shown = code(later)
        proof = factors.prove(committee.cai, shown, later, seen)
        sitting.confirm(meeting=meeting, ballots=ballots, by=committee.cai, at=later, proof=proof)
        with pytest.raises(CannotProve):
            factors.prove(committee.cai, shown, later, seen)
        with pytest.raises(CannotMeet, match="confirmed your sheet already"):
            sitting.confirm(meeting=meeting, ballots=ballots, by=committee.cai, at=later, proof=proof)

    def test_names_every_claim_once(self, committee):
        meeting = committee.begin(*committee.several(2))
        ballots = committee.ballots(meeting, committee.cai)
        for sheet in (ballots[:1], [ballots[0], ballots[0]], []):
            with pytest.raises(CannotMeet, match="Vote on every claim"):
                sitting.confirm(
                    meeting=meeting, ballots=sheet, by=committee.cai, at=NOON, proof=bound(committee.cai, "x")
                )

    def test_a_stale_one_is_looked_at_again(self, committee):
        first, second = committee.several(2)
        meeting = committee.begin(first, second)
        ballots = committee.ballots(meeting, committee.cai)
        seen = sitting.sheet_hash(meeting=meeting, ballots=ballots, by=committee.cai)
        meetings.take_off(item=meeting.agenda.get(claim=second), reason="file", by=committee.sec, at=NOON)
        with pytest.raises(CannotMeet, match="agenda may have changed"):
            sitting.confirm(
                meeting=meeting, ballots=ballots, by=committee.cai, at=NOON, proof=bound(committee.cai, seen)
            )

    def test_so_is_one_of_another_content(self, committee):
        meeting = committee.begin(committee.waiting())
        ballots = [replace(one, hash_seen="0" * 64) for one in committee.ballots(meeting, committee.cai)]
        seen = sitting.sheet_hash(meeting=meeting, ballots=ballots, by=committee.cai)
        with pytest.raises(CannotMeet, match="changed after you opened it"):
            sitting.confirm(
                meeting=meeting, ballots=ballots, by=committee.cai, at=NOON, proof=bound(committee.cai, seen)
            )

    def test_is_for_members_who_are_there(self, committee):
        claim = committee.waiting()
        meeting = committee.begin(claim, present=committee.members[:4])
        line = committee.on(meeting, claim, "approve")
        for person in (committee.sec, committee.desk.hal, committee.members[4]):
            with pytest.raises(CannotMeet, match="not noted as present"):
                sitting.confirm(meeting=meeting, ballots=[line], by=person, at=NOON, proof=bound(person, "x"))

    def test_has_nothing_for_who_withdrew_from_all(self, committee):
        claim = committee.waiting()
        meeting = committee.begin(claim)
        committee.recuse(meeting, claim, committee.members[1])
        with pytest.raises(CannotMeet, match="nothing for you to vote on"):
            committee.vote(meeting, committee.members[1])
        committee.all_vote(meeting, but=[committee.members[1]])
        assert committee.decide(meeting).state == "decided"

    def test_knows_its_choices(self, committee):
        claim = committee.waiting()
        meeting = committee.begin(claim)
        for line, words in (
            (committee.on(meeting, claim, "maybe"), "Choose how"),
            (committee.on(meeting, claim, "cut"), "Say what is cut"),
            (committee.on(meeting, claim, "approve", cut(claim, 1, "1")), "belongs to an approval with cuts"),
            (committee.on(meeting, claim, "defer"), "Say why"),
        ):
            with pytest.raises(CannotMeet, match=words):
                committee.vote(meeting, committee.cai, line)


class TestDeciding:
    def test_no_quorum_is_told_and_decides_nothing(self, committee):
        claims = committee.several(2)
        meeting = committee.begin(*claims, present=committee.members[:3])
        committee.all_vote(meeting, but=committee.members[3:])
        with pytest.raises(CannotMeet, match=r"3 of 4 are there and may vote\. Nothing is decided"):
            committee.decide(meeting)
        assert {now(one).state for one in claims} == {"committee"}
        assert Act.objects.get(kind="refused", name="meeting.decided").subject_id == str(meeting.pk)

    def test_nor_where_too_many_withdrew_from_one_claim(self, committee):
        first, second = committee.several(2)
        meeting = committee.begin(first, second)
        for one in committee.members[1:3]:
            committee.recuse(meeting, second, one)
        committee.all_vote(meeting)
        with pytest.raises(CannotMeet, match=f"No quorum for {second.number}"):
            committee.decide(meeting)
        meetings.take_off(item=meeting.agenda.get(claim=second), reason="no quorum", by=committee.sec, at=NOON)
        committee.decide(meeting)
        assert [now(first).state, now(second).state] == ["approved", "committee"]

    def test_waits_for_every_sheet(self, committee):
        meeting = committee.begin(committee.waiting())
        committee.all_vote(meeting, but=committee.members[4:])
        with pytest.raises(CannotMeet, match="Mem4 has not confirmed"):
            committee.decide(meeting)
        committee.note(meeting, committee.members[:4])  # he left
        assert committee.decide(meeting).state == "decided"

    def test_the_chair_closes_with_his_second_factor(self, committee):
        meeting = committee.begin(committee.waiting())
        committee.all_vote(meeting)
        for person in (committee.sec, committee.members[1], committee.desk.hal):
            with pytest.raises(CannotMeet, match="Cai leads the meeting"):
                sitting.decide(meeting=meeting, by=person, at=NOON, proof=shown_by(person))
        with pytest.raises(CannotMeet, match="Show your second factor"):
            sitting.decide(meeting=meeting, by=committee.cai, at=NOON, proof=None)
        committee.decide(meeting)
        with pytest.raises(CannotMeet, match="This meeting is decided"):
            committee.decide(meeting)

    def test_attendance_is_noted_first(self, committee):
        meeting = committee.call(committee.waiting())
        meetings.open_meeting(meeting=meeting, by=committee.sec, at=NOON)
        with pytest.raises(CannotMeet, match="Note who came"):
            committee.decide(meeting)

    def test_a_fault_in_the_last_claim_leaves_nothing(self, committee, monkeypatch):
        claims = committee.several(3)
        meeting = committee.begin(*claims)
        committee.all_vote(meeting)
        approve = checking.approving.approve

        def breaks(claim, *given, **more):
            if claim.pk == claims[-1].pk:
                raise RuntimeError("the machine stops")
            return approve(claim, *given, **more)

        monkeypatch.setattr(checking.approving, "approve", breaks)
        with pytest.raises(RuntimeError):
            committee.decide(meeting)
        assert {now(one).state for one in claims} == {"committee"}
        assert (Approval.objects.count(), now(meeting).state) == (0, "open")
        assert not Act.objects.filter(name="claim.approved").exists()
        monkeypatch.undo()
        assert committee.decide(meeting).state == "decided"

    def test_nor_does_a_held_one(self, committee):
        first, second = committee.several(2)
        meeting = committee.begin(first, second)
        committee.all_vote(meeting)
        flags.set_flag(claim=second, kind="audit", reason="twin", by=committee.desk.hal, at=NOON)
        with pytest.raises(CannotMeet, match=f"{second.number}: This claim is held"):
            committee.decide(meeting)
        assert now(first).state == "committee"

    def test_the_claims_of_one_person_in_the_order_of_the_agenda(self, committee):
        member = committee.desk.member()
        claims = [committee.waiting(member, ("9000",)) for _number in range(2)]
        meeting = committee.begin(*reversed(claims))
        committee.all_vote(meeting)
        committee.decide(meeting)
        first, second = (now(one).approval for one in reversed(claims))
        assert first.pk < second.pk
        parts = [one.parts.get(layer="inpatient").amount for one in (first, second)]
        assert parts == [Decimal(4500), Decimal(1500)]  # 6,000 in a year


def led(meeting):
    """Who leads a meeting."""
    return sitting.selectors.leader_of(meeting, list(meeting.invitees.select_related("person")))


class TestLeading:
    def test_a_meeting_without_an_agenda_decides_nothing(self, committee, monkeypatch):
        meeting = committee.begin(committee.waiting())
        committee.all_vote(meeting)
        monkeypatch.setattr(sitting.selectors, "undecided", lambda meeting: [])
        with pytest.raises(CannotMeet, match="Nothing is on the agenda"):
            committee.decide(meeting)

    def test_who_came_is_noted_before_anything_is_decided(self, committee):
        meeting = committee.begin(committee.waiting())
        called = list(meeting.invitees.order_by("pk"))
        called[-1].is_present = None
        with pytest.raises(CannotMeet, match="Note who came"):
            sitting._refuse_leader(meeting, called, committee.cai, NOON, shown_by(committee.cai))

    def test_an_absent_chair_is_replaced_by_whoever_belongs_to_it_longest(self, committee):
        meeting = committee.begin(committee.waiting(), present=committee.members[1:])
        committee.all_vote(meeting, but=[committee.cai])
        eldest, other = committee.members[1:3]
        with pytest.raises(CannotMeet, match="Mem1 leads the meeting"):
            sitting.decide(meeting=meeting, by=other, at=NOON, proof=shown_by(other))
        assert sitting.decide(meeting=meeting, by=eldest, at=NOON, proof=shown_by(eldest)).state == "decided"
        assert minutes.text_of(now(meeting), "x")["led_by"] == "Mem1"

    def test_another_with_the_duty_of_the_chair_comes_first_and_the_chair_himself_before_him(self, committee):
        deputy = committee.members[3]
        give(deputy, Duty.COMMITTEE_CHAIR, Body.objects.get(), start=date(2010, 2, 1))
        meeting = committee.begin(committee.waiting(), present=committee.members[1:])
        assert led(meeting) == deputy
        committee.note(meeting, committee.members)
        assert led(meeting) == committee.cai

    def test_nobody_who_came_leads_nothing(self, committee):
        meeting = committee.begin(committee.waiting(), present=[])
        with pytest.raises(CannotMeet, match="Nobody came who could lead"):
            committee.decide(meeting)

    def test_attendance_that_the_round_refuses_is_told(self, committee):
        meeting = committee.begin(committee.waiting())
        member = committee.members[1]
        committee.vote(meeting, member)
        seat = meeting.agenda.get().round.seats.get(person=member)
        with pytest.raises(CannotMeet, match="voted already"):
            meetings._note(seat, committee.cai, NOON, is_present=False)
