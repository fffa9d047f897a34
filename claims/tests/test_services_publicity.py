"""Publicity lists: made once for what is due, posted, back with their slip, over; objections hold till answered."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from claims.models import ClaimPart, Flag, PublicityEntry, PublicityList
from claims.selectors import publicity as selectors
from claims.services import flags, objections, publicity, time_limits
from claims.services.flags import CannotFlag
from claims.tests import public
from claims.tests.deciding import Desk, decide, now
from claims.tests.public import after
from conftest import NOON
from enrollment.models import Division
from enrollment.services.keeping import CannotKeep
from office import attachments
from office.models import Act, Body, Duty

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def desk(appoint) -> Desk:
    return Desk.of(appoint)


@pytest.fixture
def lin(appoint):
    """Makes the lists and ends them."""
    return appoint("lin", Duty.COMMITTEE_SECRETARY)


@pytest.fixture
def tom(appoint):
    """Posts the lists and takes objections down."""
    return appoint("tom", Duty.TOWNSHIP_CLERK)


class TestMake:
    def test_before_payment_for_the_kinds_set_so_after_it_for_the_others(self, desk, lin):
        member = desk.member()
        waiting = desk.approved(member, kind="injury")
        payable = desk.approved(member)
        done = public.paid(desk.approved(member), desk.hal)
        made = {one.timing: one for one in public.lists(desk, member, lin)}
        assert set(made) == {"before", "after"}
        assert [one.claim for one in made["before"].entries.all()] == [waiting]
        [entry] = made["after"].entries.all()
        assert (entry.claim, entry.patient, entry.head, entry.paid) == (done, member.name, member.name, Decimal(1045))
        assert payable.state == "payable"
        assert {one.name for one in PublicityEntry._meta.concrete_fields} == {
            "id", "list", "position", "claim", "head", "patient", "sex", "age", "provider", "total", "paid", "on",
        }  # fmt: skip
        assert {(one.number[:7], one.days, one.month) for one in made.values()} == {("GS2010-", 7, public.MONTH)}

    def test_made_again_a_claim_is_on_no_second_list(self, desk, lin):
        member = desk.member()
        desk.approved(member, kind="injury")
        [first] = public.lists(desk, member, lin)
        with pytest.raises(CannotKeep, match="No claim of this scheme is to be posted there"):
            public.lists(desk, member, lin)
        publicity.void(made=first, reason="金额有误", by=lin, at=NOON)
        [second] = public.lists(desk, member, lin)
        assert [one.claim for one in second.entries.all()] == [one.claim for one in first.entries.all()]

    def test_what_was_posted_before_its_payment_is_not_posted_after_it(self, desk, lin, tom):
        member = desk.member()
        claim = desk.approved(member, kind="injury")
        [made] = public.lists(desk, member, lin)
        public.back(public.posted(made, tom), tom, after(7))
        publicity.close(posted=made, by=lin, at=after(7))
        assert public.paid(now(claim), desk.hal, after(8)).state == "paid"
        assert not selectors.due(desk.scheme, public.MONTH, "after", public.area_of(member)).exists()

    def test_one_list_for_each_village_with_claims(self, desk, lin):
        one, other = desk.member("1"), desk.member("2")
        township = one.household.village.parent
        Division.objects.create(code=f"{township.prefix}222", name="李家村", level="village", parent=township)
        other.household.village = Division.objects.get(name="李家村")
        other.household.save()
        for member in (one, other, other):
            desk.approved(member, kind="injury")
        made = public.lists(desk, one, lin)
        assert sorted(each.entries.count() for each in made) == [1, 2]
        assert {each.village_id for each in made} == {one.household.village_id, other.household.village_id}

    def test_a_month_that_has_not_begun_or_came_before_has_none(self, desk, lin):
        member = desk.member()
        desk.approved(member, kind="injury")
        with pytest.raises(CannotKeep, match="has not begun"):
            public.lists(desk, member, lin, month=date(2010, 4, 1))
        with pytest.raises(CannotKeep, match="No claim"):
            public.lists(desk, member, lin, month=date(2010, 2, 1))

    def test_the_days_are_those_of_the_schemes_paper(self, desk, lin):
        asked = time_limits.propose(
            scheme=desk.scheme, kind="publicity", days=10, first=date(2010, 1, 1), last=None, document="x",
            by=desk.ian, at=NOON,
        )  # fmt: skip
        decide(asked, desk.hal)
        member = desk.member()
        desk.approved(member, kind="injury")
        assert public.lists(desk, member, lin)[0].days == 10


class TestPosting:
    @pytest.fixture
    def claim(self, desk):
        return desk.approved(kind="injury")

    @pytest.fixture
    def made(self, desk, claim, lin) -> PublicityList:
        return public.lists(desk, claim.member, lin)[0]

    def test_posted_back_and_over_the_claim_can_be_paid(self, claim, made, lin, tom, sam):
        hanging = public.posted(made, tom)
        assert str(hanging.posted_until) == "2010-03-08"
        back = public.back(hanging, tom, after(7))
        assert attachments.of(made).get() == back.slip_photo
        assert [attachments.may_read(back.slip_photo, one) for one in (lin, tom, sam)] == [True, True, False]
        over, held = publicity.close(posted=made, by=lin, at=after(7))
        assert (over.state, held, now(claim).state) == ("over", [], "payable")
        assert set(ClaimPart.objects.values_list("state", flat=True)) == {"payable"}

    def test_each_step_in_its_turn_and_by_two(self, desk, claim, made, lin, tom):
        with pytest.raises(CannotKeep, match="is to be posted"):
            public.back(made, tom, after(7))
        hanging = public.posted(made, lin)
        for again in (lambda: public.posted(made, tom), lambda: publicity.void(made=made, reason="x", by=lin, at=NOON)):
            with pytest.raises(CannotKeep, match="is posted"):
                again()
        with pytest.raises(CannotKeep, match="hangs until 2010-03-08"):
            public.back(hanging, lin, after(6))
        with pytest.raises(CannotKeep, match="slip of this list has not come back"):
            publicity.close(posted=made, by=lin, at=after(9))
        public.back(hanging, lin, after(7))
        with pytest.raises(CannotKeep, match="noted already"):
            public.back(hanging, lin, after(7))
        with pytest.raises(CannotKeep, match="Somebody else than who noted the slip"):
            publicity.close(posted=made, by=lin, at=after(7))
        assert now(claim).state == "approved"
        publicity.close(posted=made, by=desk.hal, at=after(7))
        assert now(claim).state == "payable"

    def test_a_township_posts_the_lists_of_its_own_villages(self, made, appoint):
        elsewhere = appoint(
            "tia", Duty.TOWNSHIP_CLERK, body=Body.objects.create(code="X", name="别站", kind="township_station")
        )
        assert not PublicityList.objects.visible_to(elsewhere).exists()
        with pytest.raises(CannotKeep, match="not among those that your office serves"):
            public.posted(made, elsewhere)

    def test_late_lists_and_lists_to_end_wait_for_somebody(self, made, tom):
        hanging = public.posted(made, tom)
        day = public.days.business_day(after(7))
        assert not selectors.to_come_back(public.TODAY).exists()
        assert selectors.to_come_back(day).get() == made
        public.back(hanging, tom, after(7))
        assert not selectors.to_come_back(day).exists()
        assert selectors.to_close(day).get() == made


class TestObjections:
    @pytest.fixture
    def claim(self, desk):
        return desk.approved(kind="injury")

    @pytest.fixture
    def hanging(self, desk, claim, lin, tom) -> PublicityList:
        return public.posted(public.lists(desk, claim.member, lin)[0], tom)

    def close(self, hanging, lin, tom):
        public.back(hanging, tom, after(7))
        return publicity.close(posted=hanging, by=lin, at=after(7))[1]

    def test_it_holds_the_claim_over_the_end_of_the_list_until_it_is_answered(self, desk, claim, hanging, lin, tom):
        taken = public.objection(hanging, tom)
        assert (taken.number[:7], str(taken.answer_by), taken.flag.kind) == ("YY2010-", "2010-03-11", "objection")
        assert self.close(hanging, lin, tom) == [claim]
        assert now(claim).state == "approved"
        with pytest.raises(CannotFlag, match="is answered first"):
            flags.lift_flag(flag=taken.flag, reason="x", by=lin, at=NOON)
        done = objections.answer(objection=taken, result="dismissed", words="经查属实住院", by=desk.hal, at=after(8))
        assert (done.result, done.answered_by, now(claim).state) == ("dismissed", desk.hal, "payable")
        assert not Flag.objects.holding().exists()

    def test_upheld_the_claim_stays_held_until_the_office_acts(self, desk, claim, hanging, lin, tom):
        taken = public.objection(hanging, tom)
        objections.answer(objection=taken, result="upheld", words="查实未住院", by=desk.hal, at=NOON)
        assert self.close(hanging, lin, tom) == [claim]
        assert now(claim).state == "approved"
        flags.lift_flag(flag=now(taken.flag), reason="补充材料已核实", by=desk.hal, at=after(9))
        assert now(claim).state == "payable"

    @pytest.mark.parametrize("who", ["ian", "fay", "sue"])
    def test_not_by_whoever_has_a_hand_in_it(self, desk, hanging, tom, who):
        taken = public.objection(hanging, tom)
        for by in (tom, getattr(desk, who)):
            with pytest.raises(CannotKeep, match="Somebody answers who neither"):
                objections.answer(objection=taken, result="dismissed", words="x", by=by, at=NOON)

    def test_answered_once_with_words_and_a_result(self, desk, hanging, tom):
        taken = public.objection(hanging, tom)
        for result, words, said in (("", "x", "Choose how"), ("dismissed", " ", "Say it in words")):
            with pytest.raises(CannotKeep, match=said):
                objections.answer(objection=taken, result=result, words=words, by=desk.hal, at=NOON)
        objections.answer(objection=taken, result="dismissed", words="x", by=desk.hal, at=NOON)
        with pytest.raises(CannotKeep, match="answered already"):
            objections.answer(objection=taken, result="dismissed", words="x", by=desk.hal, at=NOON)

    def test_against_what_was_posted_alone_and_a_paid_claim_is_not_held(self, desk, lin, tom):
        claim = public.paid(desk.approved(), desk.hal)
        [made] = public.lists(desk, claim.member, lin)
        with pytest.raises(CannotKeep, match="to what was posted"):
            public.objection(made, tom)
        taken = public.objection(public.posted(made, tom), tom)
        assert taken.flag is None
        assert selectors.unanswered().get() == taken
        assert Act.objects.filter(name="objection.taken").count() == 1
