"""Appeals: taken down once and in time, decided by two others; a further part with its counters, or the route again."""

from __future__ import annotations

from decimal import Decimal

import pytest

from claims.models import AppealGrant, Approval, BenefitCounter, ClaimPart, CounterMove
from claims.selectors.notices import owed
from claims.services import appeals, approving, flags, intake, notices, reversing
from claims.services.notices import CannotNotice
from claims.services.reversing import CannotReverse
from claims.tests import public, taking_in
from claims.tests.deciding import Desk, now
from claims.tests.public import after
from conftest import NOON
from enrollment.models import AccountEntry
from enrollment.services import accounts
from enrollment.services.keeping import CannotKeep
from office import deciding
from office.models import Duty
from office.services.rounds import CannotVote
from office.tests.factories import shown_by

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def desk(appoint) -> Desk:
    return Desk.of(appoint)


@pytest.fixture
def cleo(appoint):
    """Heads the accounts; decided nothing."""
    return appoint("cleo", Duty.ACCOUNTING_HEAD)


@pytest.fixture
def lin(appoint):
    """Keeps the committee's papers and the office's notices."""
    return appoint("lin", Duty.COMMITTEE_SECRETARY)


def value(claim, name: str = "inpatient.year") -> Decimal:
    return BenefitCounter.objects.get(member=claim.member, name=name).value


class TestReceive:
    def test_it_is_taken_down_with_the_day_by_which_it_is_answered(self, desk, lin):
        claim = public.cut_claim(desk)
        public.served(claim, lin)
        taken = public.filed(claim, desk.ian)
        assert (taken.state, taken.told_on, str(taken.answer_by)) == ("received", public.TODAY, "2010-03-31")
        assert [(one.cut.line.position, one.amount) for one in taken.restored.all()] == [(1, Decimal(400))]
        opened = deciding.rounds_of(taken).get()
        assert (opened.count, opened.amount, opened.maker) == (2, Decimal(400), desk.ian)
        assert set(opened.barred) == {desk.ian.pk, desk.fay.pk, desk.sue.pk}

    @pytest.mark.parametrize(
        ("given", "words"),
        [
            pytest.param({"back_": "400.01"}, "between 0.01 and 400", id="more than was cut"),
            pytest.param({"back_": "0"}, "between 0.01 and 400", id="nothing of it"),
            pytest.param({"restored": {}}, "which cuts are asked back", id="no cut named"),
            pytest.param({"restored": {1: Decimal(1)}}, "which cuts are asked back", id="a cut of something else"),
            pytest.param({"filed_on": public.days.business_day(after(1))}, "not come yet", id="a day to come"),
            pytest.param({"grounds": " "}, "Say it in words", id="no grounds"),
        ],
    )
    def test_what_is_not_whole_is_refused(self, desk, lin, given, words):
        claim = public.cut_claim(desk)
        public.served(claim, lin)
        with pytest.raises(CannotKeep, match=words):
            public.filed(claim, desk.ian, **given)

    def test_the_days_run_from_the_service_and_the_last_one_is_in_time(self, desk, lin):
        claim = public.cut_claim(desk)
        with pytest.raises(CannotKeep, match="was not served yet"):
            public.filed(claim, desk.ian)
        public.served(claim, lin)
        with pytest.raises(CannotKeep, match="served on 2010-03-01 and could be appealed until 2010-03-31"):
            public.filed(claim, desk.ian, at=after(31))
        assert public.filed(claim, desk.ian, at=after(30)).filed_on == public.days.business_day(after(30))

    def test_once_a_claim_also_where_it_was_withdrawn(self, desk, lin):
        claim = public.cut_claim(desk)
        public.served(claim, lin)
        taken = public.filed(claim, desk.ian)
        with pytest.raises(CannotKeep, match=f"{taken.number} was filed already"):
            public.filed(claim, desk.ian)
        assert appeals.withdraw(appeal=taken, by=desk.ian, at=NOON).state == "withdrawn"
        with pytest.raises(CannotKeep, match="filed already"):
            public.filed(claim, desk.ian)
        with pytest.raises(CannotKeep, match="is withdrawn"):
            appeals.withdraw(appeal=taken, by=desk.ian, at=NOON)

    def test_what_was_neither_cut_nor_refused_has_no_appeal(self, desk):
        with pytest.raises(CannotKeep, match="against cuts or a refusal"):
            public.filed(desk.approved(), desk.ian)

    def test_a_refusal_is_appealed_as_a_whole(self, desk, lin):
        claim = public.refused(desk)
        public.served(claim, lin)
        with pytest.raises(CannotKeep, match="as a whole"):
            public.filed(claim, desk.ian, restored={1: Decimal(1)})
        assert appeals.asked_back(public.filed(claim, desk.ian)) == claim.total


class TestDecide:
    @pytest.fixture
    def cut(self, desk, lin):
        claim = public.cut_claim(desk)
        public.served(claim, lin)
        return public.filed(claim, desk.ian)

    def test_two_others_grant_a_further_part(self, desk, cut, cleo):
        claim = cut.claim
        before = Approval.objects.get(claim=claim)
        assert (before.fund_pays, value(claim)) == (Decimal("825"), Decimal(750))
        public.vote(cut, desk.hal)
        assert now(cut).state == "received"
        assert public.vote(cut, cleo).state == "won"
        given = AppealGrant.objects.get(appeal=cut)
        assert (given.restored, given.fund_adds, given.patient_saves) == (Decimal(400), Decimal(220), Decimal(220))
        parts = ClaimPart.objects.filter(appeal=cut).order_by("pk")
        assert [(one.layer, one.amount, one.state) for one in parts] == [
            ("inpatient", Decimal(200), "payable"),
            ("relief", Decimal(20), "payable"),
        ]
        assert value(claim) == Decimal(950)
        assert Approval.objects.get(claim=claim).fund_pays == before.fund_pays
        assert before.total == before.fund_pays + given.fund_adds + before.other_payers + before.hospital_bears + (
            before.patient_pays - given.patient_saves
        )
        assert given.sha256 == approving.sha256_of(AppealGrant.objects.get(pk=given.pk).answer)
        assert given.answer["adds"] == {"inpatient": "200.00", "relief": "20.00"}
        assert any("trace" in layer for layer in given.answer["layers"])

    @pytest.mark.parametrize("who", ["ian", "fay", "sue"])
    def test_nobody_who_had_a_hand_in_the_claim(self, desk, cut, who):
        with pytest.raises(CannotVote):
            public.vote(cut, getattr(desk, who))

    def test_the_two_who_do_not_agree_decide_once_more(self, desk, cut, cleo):
        public.vote(cut, desk.hal)
        assert public.vote(cut, cleo, "refuse").state == "received"
        public.vote(cut, desk.hal, "refuse")
        assert public.vote(cut, cleo, "refuse").state == "lost"
        assert not AppealGrant.objects.exists()

    def test_a_paid_claim_is_paid_again_until_its_further_part_is(self, desk, cut, cleo):
        public.paid(cut.claim, desk.hal)
        public.vote(cut, desk.hal)
        public.vote(cut, cleo)
        assert now(cut.claim).state == "paying"
        assert public.paid(cut.claim, desk.hal).state == "paid"

    def test_a_ceiling_that_others_used_meanwhile_bounds_the_further_part(self, desk, cut, cleo):
        desk.approved(cut.claim.member, ("10300",))
        public.vote(cut, desk.hal)
        public.vote(cut, cleo)
        given = AppealGrant.objects.get()
        assert value(cut.claim) == Decimal(6000)
        assert given.answer["adds"]["inpatient"] == "100.00"
        assert given.answer["adds"]["relief"] == "30.00"

    def test_where_the_ceiling_is_reached_it_is_won_and_adds_what_the_other_layers_give(self, desk, cut, cleo):
        desk.approved(cut.claim.member, ("90000",))
        public.vote(cut, desk.hal)
        public.vote(cut, cleo)
        assert value(cut.claim) == Decimal(6000)
        assert AppealGrant.objects.get().answer["adds"] == {"relief": "40.00"}

    def test_a_held_claim_gets_nothing_before_it_is_let_go(self, desk, cut, cleo):
        flags.set_flag(claim=cut.claim, kind="audit", reason="线索", by=desk.hal, at=NOON)
        public.vote(cut, desk.hal)
        with pytest.raises(CannotVote, match="is held: 线索"):
            public.vote(cut, cleo)
        assert now(cut).state == "received"

    def test_a_reversal_gives_back_approval_and_further_part(self, desk, cut, cleo):
        with pytest.raises(CannotReverse, match="not decided"):
            reversing.void(claim=cut.claim, reason="x", by=desk.hal, at=NOON, proof=shown_by(desk.hal))
        public.paid(cut.claim, desk.hal)
        public.vote(cut, desk.hal)
        public.vote(cut, cleo)
        public.paid(cut.claim, desk.hal)
        reversing.reverse(claim=cut.claim, reason="重复报销", by=desk.hal, at=NOON, proof=shown_by(desk.hal))
        assert value(cut.claim) == Decimal(0)
        assert set(ClaimPart.objects.values_list("state", flat=True)) == {"reversed"}
        back = CounterMove.objects.filter(is_reversal=True, counter__name="inpatient.year")
        assert sorted(back.values_list("amount", flat=True)) == [Decimal(-750), Decimal(-200)]

    def test_an_account_that_pays_is_used_again_and_given_back_whole(self, desk, lin, cleo):
        member = desk.member("9")
        account = accounts.account_of(scheme=desk.scheme, owner=member.household)
        accounts.credit(account=account, amount=Decimal(50), on=public.TODAY, reference="划入", by=desk.ian, at=NOON)
        claim = desk.handed_on(member, ("30", "15"), kind="outpatient")
        line = claim.lines.get(position=1)
        desk.check(claim, desk.fay, "cut", public.CutOf(line.pk, Decimal(10), "over_limit"))
        claim = desk.check(claim, desk.sue)
        public.served(claim, lin)
        taken = public.filed(claim, desk.ian, back_="10")
        public.vote(taken, desk.hal)
        public.vote(taken, cleo)
        account.refresh_from_db()
        assert account.balance == Decimal(5)
        reversing.void(claim=claim, reason="重复", by=desk.hal, at=NOON, proof=shown_by(desk.hal))
        account.refresh_from_db()
        assert account.balance == Decimal(50)
        assert AccountEntry.objects.filter(account=account).count() == 5

    def test_the_answer_is_issued_once_it_is_decided(self, desk, cut, cleo, lin):
        with pytest.raises(CannotNotice, match="to be decided"):
            notices.answer_appeal(appeal=cut, number="海合复1", on=public.TODAY, by=lin, at=NOON)
        public.vote(cut, desk.hal)
        public.vote(cut, cleo)
        issued = notices.answer_appeal(appeal=cut, number="海合复1", on=public.TODAY, by=lin, at=NOON)
        assert issued.round == deciding.rounds_of(cut).get()
        with pytest.raises(CannotNotice, match="has its notice already"):
            notices.answer_appeal(appeal=cut, number="海合复2", on=public.TODAY, by=lin, at=NOON)


class TestRefusalWon:
    def test_the_whole_route_follows_and_nobody_decides_twice(self, desk, lin, cleo, appoint):
        claim = taking_in.entered(desk.ian)
        intake.hand_on(claim=claim, seen=1, by=desk.ian, at=NOON)
        desk.check(claim, desk.fay)
        refused = desk.check(claim, desk.sue, "refuse", reason="第三方已赔付")
        public.served(refused, lin)
        taken = public.filed(refused, desk.ian)
        public.vote(taken, desk.hal)
        assert public.vote(taken, cleo).state == "won"
        assert now(claim).state == "returned"
        intake.change_claim(claim=now(claim), content=taking_in.content(), seen=1, by=desk.ian, at=NOON)
        intake.hand_on(claim=claim, seen=2, by=desk.ian, at=NOON)
        others = (appoint("fred", Duty.FIRST_CHECKER), appoint("sid", Duty.SECOND_CHECKER))
        line = now(claim).lines.get(version=2, position=1)
        cut = ("cut", public.CutOf(line.pk, Decimal(1), "over_limit"))
        for before, instead, how in zip((desk.fay, desk.sue), others, (cut, ("approve",)), strict=True):
            with pytest.raises(CannotVote, match="concerns himself"):
                desk.check(claim, before)
            assert not owed().exists()
            desk.check(claim, instead, *how)
        assert now(claim).state == "payable"
        assert list(owed()) == [claim]  # its earlier notice answers the refusal alone
        public.served(now(claim), lin, number="海合决再1")
        assert not owed().exists()


class TestOwed:
    """Which decisions are to be answered in writing."""

    def test_cut_or_refused_until_it_is_answered(self, desk, lin):
        desk.approved()
        half_way = desk.handed_on(desk.member("7"))
        desk.check(half_way, desk.fay, "cut", public.CutOf(half_way.lines.first().pk, Decimal(1), "over_limit"))
        cut, refused = public.cut_claim(desk, member=desk.member("8")), public.refused(desk, member=desk.member("9"))
        assert set(owed()) == {cut, refused}
        public.served(cut, lin)
        assert set(owed()) == {refused}
        public.served(refused, lin)
        assert not owed().exists()
        paid = public.paid(desk.check(half_way, desk.sue), desk.hal)
        assert set(owed()) == {paid}
        reversing.reverse(claim=paid, reason="重复报销", by=desk.hal, at=NOON, proof=shown_by(desk.hal))
        assert not owed().exists()
