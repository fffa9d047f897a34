"""The steps of a claim: who decides, what is cut, where it goes, what is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import transaction

from claims.models import Claim, ClaimPaper, Cut, Flag, Invoice
from claims.services import checking, checking_together, flags
from claims.services.checking import CannotCheck, CutOf
from claims.tests.deciding import Desk, cut, now
from conftest import NOON
from office import deciding
from office.models import Act, Duty
from office.services.rounds import CannotVote
from office.tests.factories import shown_by

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def desk(appoint) -> Desk:
    return Desk.of(appoint)


class TestTheRoute:
    def test_two_check_what_no_limit_catches(self, desk):
        claim = desk.handed_on()
        assert (claim.state, claim.route) == ("first_check", ["first_check", "second_check"])
        claim = desk.check(claim, desk.fay)
        assert claim.state == "second_check"
        claim = desk.check(claim, desk.sue)
        assert (claim.state, claim.proposed) == ("payable", Decimal(1045))

    def test_above_its_limit_the_head_decides(self, desk):
        desk.limit("head", 1000)
        claim = desk.handed_on()
        assert claim.route == ["first_check", "second_check", "head"]
        claim = desk.check(desk.check(claim, desk.fay), desk.sue)
        assert claim.state == "head"
        assert desk.check(claim, desk.hal).state == "payable"

    def test_a_cut_takes_the_head_out_of_the_route(self, desk):
        desk.limit("head", 1000)
        claim = desk.handed_on()
        claim = desk.check(claim, desk.fay, "cut", cut(claim, 1, "200"))
        assert (claim.proposed, claim.route) == (Decimal(935), ["first_check", "second_check"])
        assert desk.check(claim, desk.sue).state == "payable"

    def test_another_claim_of_these_days_brings_the_head_in(self, desk):
        desk.limit("head", 2000)
        member = desk.member()
        claim = desk.check(desk.handed_on(member), desk.fay)
        assert claim.route == ["first_check", "second_check"]
        desk.handed_on(member)
        claim = desk.check(claim, desk.sue)
        assert (claim.state, claim.route) == ("head", ["first_check", "second_check", "head"])

    def test_the_hospital_is_asked(self, desk):
        desk.limit("verification", 1500, "total_cost")
        claim = desk.check(desk.handed_on(), desk.fay)
        assert claim.state == "verification"
        assert checking.round_of(claim) is None

    def test_the_committee_sits_by_seats(self, desk, appoint):
        desk.limit("committee", 1000)
        chair = appoint("cai", Duty.COMMITTEE_CHAIR)
        member = appoint("mia", Duty.COMMITTEE_MEMBER, Duty.COMMITTEE_CHAIR)
        other = appoint("max", Duty.COMMITTEE_MEMBER)
        claim = desk.check(desk.check(desk.handed_on(), desk.fay), desk.sue)
        opened = checking.round_of(claim)
        assert (claim.state, opened.by_seats, opened.own_code) == ("committee", True, True)
        assert (opened.quorum, opened.count, opened.majority) == (2, 2, "half")
        seats = {seat.person: seat.role for seat in opened.seats.all()}
        assert set(seats) == {chair, member, other}
        assert sorted(seats.values()) == ["chair", "member", "member"]

    def test_who_decided_before_sits_there_without_a_voice(self, desk, appoint):
        desk.limit("committee", 1000)
        both = appoint("bo", Duty.SECOND_CHECKER, Duty.COMMITTEE_MEMBER)
        claim = desk.check(desk.check(desk.handed_on(), desk.fay), both)
        assert checking.round_of(claim).seats.get(person=both).recusal

    def test_the_committee_is_no_check(self, desk):
        desk.limit("committee", 1000)
        claim = desk.check(desk.check(desk.handed_on(), desk.fay), desk.sue)
        with pytest.raises(CannotCheck, match="waits for no check: it is before the committee"):
            desk.check(claim, desk.hal)

    def test_intake_was_the_first_check(self, desk, settings):
        settings.INTAKE_IS_FIRST_CHECK = True
        claim = desk.handed_on()
        assert (claim.state, claim.route) == ("second_check", ["second_check"])
        with pytest.raises(CannotVote, match="made himself"):
            desk.check(claim, desk.ian)
        assert desk.check(claim, desk.sue).state == "payable"

    def test_but_not_where_a_limit_catches_by_now(self, desk, settings):
        settings.INTAKE_IS_FIRST_CHECK = True
        desk.limit("head", 2000)
        member = desk.member()
        claim = desk.handed_on(member)
        desk.handed_on(member)
        with pytest.raises(CannotVote, match="return it, so that it gets a first check"):
            desk.check(claim, desk.sue)
        assert desk.check(claim, desk.sue, "return", reason="first check").state == "returned"


class TestCuts:
    def test_what_is_cut_is_the_patients_own(self, desk):
        claim = desk.handed_on()
        claim = desk.check(claim, desk.fay, "cut", cut(claim, 1, "100"), cut(claim, 2, "50", "other", "no order"))
        assert (claim.total, claim.proposed) == (Decimal(1900), Decimal("962.50"))
        vote = deciding.rounds_of(claim).get(step="first_check").votes.get()
        assert (vote.choice, vote.reason) == ("cut", "above the price limit 100.00；no order 50.00")
        claim = desk.check(claim, desk.sue)
        approval = claim.approval
        assert (approval.cut, approval.own_items, approval.fund_pays) == (Decimal(150), Decimal(150), Decimal("962.50"))
        assert approval.patient_pays == Decimal("937.50")

    def test_steps_cut_one_after_another(self, desk):
        claim = desk.handed_on()
        claim = desk.check(claim, desk.fay, "cut", cut(claim, 1, "100"))
        claim = desk.check(claim, desk.sue, "cut", cut(claim, 1, "900"))
        assert [(one.step, one.amount, one.by) for one in Cut.objects.all()] == [
            ("first_check", Decimal(100), desk.fay),
            ("second_check", Decimal(900), desk.sue),
        ]
        assert claim.approval.cut == Decimal(1000)

    @pytest.mark.parametrize(
        ("amount", "code", "words"),
        [
            ("1000.01", "over_limit", "between 0.01 and 1000"),
            ("0", "over_limit", "between 0.01"),
            ("-5", "over_limit", "between 0.01"),
            ("10", "whim", "say why"),
            ("10", "other", "say why"),
        ],
    )
    def test_no_more_than_a_line_holds_and_never_without_reason(self, desk, amount, code, words):
        claim = desk.handed_on()
        with pytest.raises(CannotCheck, match=words):
            desk.check(claim, desk.fay, "cut", cut(claim, 1, amount, code))
        assert not Cut.objects.exists()

    def test_what_is_left_of_a_line(self, desk):
        claim = desk.handed_on()
        claim = desk.check(claim, desk.fay, "cut", cut(claim, 1, "100"))
        with pytest.raises(CannotCheck, match=r"between 0.01 and 900"):
            desk.check(claim, desk.sue, "cut", cut(claim, 1, "900.01"))

    def test_a_line_of_another_claim(self, desk):
        claim, other = desk.handed_on(), desk.claim(desk.member("2"))
        with pytest.raises(CannotCheck, match="not among those"):
            desk.check(claim, desk.fay, "cut", cut(other, 1, "1"))

    def test_a_line_is_cut_once_in_a_step(self, desk):
        claim = desk.handed_on()
        with pytest.raises(CannotCheck, match="once in a step"):
            desk.check(claim, desk.fay, "cut", cut(claim, 1, "1"), cut(claim, 1, "2"))

    def test_a_vote_that_cuts_says_what(self, desk):
        claim = desk.handed_on()
        with pytest.raises(CannotCheck, match="what is cut"):
            desk.check(claim, desk.fay, "cut")
        with pytest.raises(CannotCheck, match="belongs to an approval with cuts"):
            desk.check(claim, desk.fay, "approve", cut(claim, 1, "1"))

    def test_a_refused_vote_leaves_no_cut(self, desk):
        claim = desk.handed_on()
        with pytest.raises(CannotVote):
            desk.check(claim, desk.sue, "cut", cut(claim, 1, "1"))
        assert not Cut.objects.exists()
        refused = Act.objects.get(kind="refused")
        assert (refused.name, refused.by) == ("claim.checked", desk.sue)


class TestSendingAway:
    def test_refused_with_its_reason_it_frees_its_invoices(self, desk):
        claim = desk.check(desk.handed_on(), desk.fay, "refuse", reason="a third party is liable")
        assert claim.state == "refused"
        assert not Invoice.objects.filter(claim=claim, is_live=True).exists()
        assert deciding.rounds_of(claim).get().votes.get().reason == "a third party is liable"

    def test_not_without_a_reason(self, desk):
        claim = desk.handed_on()
        with pytest.raises(CannotVote, match="Say why"):
            desk.check(claim, desk.fay, "refuse", reason=" ")

    def test_returned_it_keeps_its_invoices(self, desk):
        claim = desk.check(desk.handed_on(), desk.fay, "return", reason="discharge summary; fee list")
        assert claim.state == "returned"
        assert Invoice.objects.filter(claim=claim, is_live=True).exists()

    def test_returned_once(self, desk):
        claim = desk.check(desk.handed_on(), desk.fay, "return", reason="fee list")
        again(claim)
        claim = desk.hand_on(now(claim))
        with pytest.raises(CannotCheck, match="returned once"):
            desk.check(claim, desk.fay, "return", reason="and the discharge summary")
        assert desk.check(claim, desk.fay).state == "second_check"

    def test_the_head_sends_back_as_well(self, desk):
        desk.limit("head", 1000)
        claim = desk.check(desk.check(desk.handed_on(), desk.fay), desk.sue)
        assert desk.check(claim, desk.hal, "return", reason="police report").state == "returned"

    @pytest.mark.parametrize("choice", ["defer", "abstain", "", "sure"])
    def test_other_choices(self, desk, choice):
        claim = desk.handed_on()
        with pytest.raises(CannotCheck, match="how you decide"):
            desk.check(claim, desk.fay, choice)


class TestWho:
    def test_never_whoever_took_it_in(self, desk, appoint):
        desk.ian = appoint("ivy", Duty.INTAKE_CLERK, Duty.FIRST_CHECKER)
        claim = desk.handed_on()
        with pytest.raises(CannotVote, match="made himself"):
            desk.check(claim, desk.ian)

    def test_nobody_in_two_steps(self, desk, appoint):
        desk.limit("head", 1000)
        both = appoint("bo", Duty.SECOND_CHECKER, Duty.OFFICE_HEAD)
        claim = desk.check(desk.check(desk.handed_on(), desk.fay), both)
        with pytest.raises(CannotVote, match="earlier step"):
            desk.check(claim, both)

    @pytest.mark.parametrize("who", ["sue", "hal"])
    def test_only_whose_duty_it_is(self, desk, who):
        claim = desk.handed_on()
        with pytest.raises(CannotVote, match="do not belong"):
            desk.check(claim, getattr(desk, who))

    def test_not_without_a_second_factor(self, desk):
        claim = desk.handed_on()
        seen = checking.round_of(claim).subject_hash
        with pytest.raises(CannotVote, match="second factor"):
            checking.check(claim=claim, choice="approve", hash_seen=seen, by=desk.fay, at=NOON, proof=None)

    def test_not_of_a_page_that_is_stale(self, desk):
        claim = desk.handed_on()
        with pytest.raises(CannotVote, match="changed after you opened it"):
            checking.check(
                claim=claim, choice="approve", hash_seen="0" * 64, by=desk.fay, at=NOON, proof=shown_by(desk.fay)
            )

    def test_what_an_earlier_step_cut_is_part_of_what_is_seen(self, desk):
        claim = desk.handed_on()
        before = checking.round_of(claim).subject_hash
        claim = desk.check(claim, desk.fay, "cut", cut(claim, 1, "100"))
        assert checking.round_of(claim).subject_hash != before

    def test_twice_is_refused(self, desk):
        claim = desk.approved()
        with pytest.raises(CannotCheck, match="waits for no check: it is payable"):
            desk.check(claim, desk.sue)


class TestHeld:
    def test_it_moves_no_further(self, desk):
        claim = desk.handed_on()
        held = flags.set_flag(claim=claim, kind="audit", reason="twin invoice", by=desk.hal, at=NOON)
        with pytest.raises(CannotVote, match="held: twin invoice"):
            desk.check(claim, desk.fay)
        flags.lift_flag(flag=held, reason="it is another hospital", by=desk.hal, at=NOON)
        assert desk.check(claim, desk.fay).state == "second_check"

    def test_it_can_be_refused(self, desk):
        claim = desk.handed_on()
        flags.set_flag(claim=claim, kind="objection", reason="lives elsewhere", by=desk.hal, at=NOON)
        assert desk.check(claim, desk.fay, "refuse", reason="lives elsewhere").state == "refused"


class TestTogether:
    def agree(self, desk, *claims: Claim):
        return checking_together.check_together(
            claims=[(one, checking.round_of(one).subject_hash) for one in claims],
            by=desk.fay,
            at=NOON,
            proof=shown_by(desk.fay),
        )

    def test_each_is_an_act_of_its_own(self, desk):
        claims = [desk.handed_on(desk.member(str(number))) for number in range(3)]
        assert [one.refusal for one in self.agree(desk, *reversed(claims))] == ["", "", ""]
        assert {now(one).state for one in claims} == {"second_check"}
        assert Act.objects.filter(name="round.voted").count() == 3

    def test_what_a_limit_catches_or_a_flag_holds_is_decided_alone(self, desk):
        desk.limit("head", 1100)
        small = desk.handed_on(desk.member("1"))
        big = desk.handed_on(desk.member("2"), ("5000",))
        held = desk.handed_on(desk.member("3"))
        flags.set_flag(claim=held, kind="audit", reason="twin", by=desk.hal, at=NOON)
        refusals = {one.claim: one.refusal for one in self.agree(desk, small, big, held)}
        assert refusals[small] == ""
        assert "decide it by itself" in refusals[big]
        assert "held: twin" in refusals[held]
        assert [now(one).state for one in (small, big, held)] == ["second_check", "first_check", "first_check"]
        assert Act.objects.filter(name="claim.checked", kind="refused").count() == 2

    def test_one_that_changed_keeps_nobody_else_back(self, desk):
        first, second = (desk.handed_on(desk.member(number)) for number in "12")
        done = checking_together.check_together(
            claims=[(first, "0" * 64), (second, checking.round_of(second).subject_hash)],
            by=desk.fay,
            at=NOON,
            proof=shown_by(desk.fay),
        )
        assert [bool(one.refusal) for one in done] == [True, False]
        assert now(second).state == "second_check"


class TestFlags:
    @pytest.mark.parametrize(("kind", "reason", "words"), [("mood", "why", "who holds"), ("audit", " ", "Say why")])
    def test_says_who_and_why(self, desk, kind, reason, words):
        claim = desk.handed_on()
        with pytest.raises(flags.CannotFlag, match=words):
            flags.set_flag(claim=claim, kind=kind, reason=reason, by=desk.hal, at=NOON)
        assert not Flag.objects.exists()

    def test_nothing_is_left_to_hold(self, desk):
        claim = desk.check(desk.handed_on(), desk.fay, "refuse", reason="why")
        with pytest.raises(flags.CannotFlag, match="this claim is refused"):
            flags.set_flag(claim=claim, kind="audit", reason="late", by=desk.hal, at=NOON)

    def test_is_lifted_once_with_a_reason_by_somebody_else(self, desk):
        claim = desk.check(desk.handed_on(), desk.fay)
        held = flags.set_flag(claim=claim, kind="office", reason="look again", by=desk.hal, at=NOON)
        for who, reason, words in (
            (desk.hal, "", "Say why"),
            (desk.ian, "done", "does not let it go"),
            (desk.fay, "done", "does not let it go"),
        ):
            with pytest.raises(flags.CannotFlag, match=words):
                flags.lift_flag(flag=held, reason=reason, by=who, at=NOON)
        flags.lift_flag(flag=held, reason="done", by=desk.hal, at=NOON)
        with pytest.raises(flags.CannotFlag, match="lifted already"):
            flags.lift_flag(flag=held, reason="done", by=desk.hal, at=NOON)


def test_a_cut_of_nothing_known(desk):
    claim = desk.handed_on()
    with pytest.raises(CannotCheck, match="not among those"):
        desk.check(claim, desk.fay, "cut", CutOf(0, Decimal(1), "over_limit"))


def again(claim: Claim) -> None:
    """Intake enters a returned claim anew, with the same papers, row by row."""
    lines = list(claim.lines.filter(version=claim.content_version))
    bill = claim.invoices.get(is_live=True)
    with transaction.atomic():
        claim.invoices.update(is_live=False)
        claim.state, claim.content_version = "entered", claim.content_version + 1
        claim.save()
        for one in lines:
            one.pk, one.version = None, claim.content_version
            one.save()
        bill.pk, bill.version, bill.is_live = None, claim.content_version, True
        bill.save()
        for asked in claim.asked_papers.all():
            ClaimPaper.objects.create(claim=claim, version=claim.content_version, paper=asked.paper, is_there=True)
