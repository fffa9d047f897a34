"""Complaints: taken down, given out, looked into, answered in time, masked; and what the database refuses."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from audit.models import Complaint, Lead
from audit.selectors import complaints as selectors
from audit.services import complaints
from audit.services.complaints import Told
from audit.tests.world import day, hospital
from conftest import NOON, sign_in
from enrollment.services.keeping import CannotKeep
from office.models import Act, Duty, StateMove
from office.rules import days

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

TODAY = days.business_day(NOON)


def told(**more: Any) -> Told:
    given: dict[str, Any] = {
        "channel": "visit",
        "about": "某村卫生室",
        "words": "没有看过病",
        "received_on": TODAY,
        "informant": "马志明",
        "contact": "13900000000",
    }
    return Told(**(given | more))


@pytest.fixture
def ian(appoint):
    return appoint("ivan", Duty.INTAKE_CLERK)


def taken(by, **more: Any) -> Complaint:
    return complaints.take_down(told=told(**more), by=by, at=NOON)


class TestTakingDown:
    def test_it_is_to_be_answered_within_sixty_days(self, ian):
        found = taken(ian, received_on=TODAY - timedelta(days=3))
        assert (found.number, found.state) == (f"JB{TODAY.year}-00001", "received")
        assert found.answer_by == TODAY + timedelta(days=57)
        assert Act.objects.get(name="complaint.taken").by == ian

    @pytest.mark.parametrize(
        ("more", "words", "field"),
        [
            pytest.param({"received_on": TODAY + timedelta(days=1)}, "not come yet", "received_on", id="tomorrow"),
            pytest.param({"channel": "rumour"}, "how it came", "channel", id="unknown way"),
            pytest.param({"is_anonymous": True}, "names nobody", "informant", id="anonymous with a name"),
            pytest.param(
                {"is_anonymous": True, "informant": ""}, "names nobody", "informant", id="anonymous with a phone"
            ),
            pytest.param({"informant": " "}, "Name who", "informant", id="nobody named"),
            pytest.param({"about": " "}, "in words", "about", id="about nobody"),
            pytest.param({"words": ""}, "in words", "words", id="nothing said"),
        ],
    )
    def test_what_is_refused(self, ian, more, words, field):
        with pytest.raises(CannotKeep, match=words) as refusal:
            taken(ian, **more)
        assert refusal.value.field == field

    def test_nobody_takes_down_what_is_said_of_him(self, ian):
        with pytest.raises(CannotKeep, match="about you"):
            taken(ian, about_person=ian)

    def test_an_anonymous_one(self, ian):
        assert taken(ian, is_anonymous=True, informant="", contact="").informant == ""


class TestLookingInto:
    def given(self, ian, dan, **more):
        return complaints.assign(complaint=taken(ian, **more), to=dan, by=dan, at=NOON)

    def test_given_to_somebody_whose_duty_it_is(self, ian, dan):
        found = self.given(ian, dan)
        assert (found.state, found.assigned_to, found.assigned_by) == ("assigned", dan, dan)
        with pytest.raises(CannotKeep, match="already"):
            complaints.assign(complaint=found, to=dan, by=dan, at=NOON)
        with pytest.raises(CannotKeep, match="no duty"):
            complaints.assign(complaint=found, to=ian, by=dan, at=NOON)

    def test_given_on_to_somebody_else(self, ian, dan, appoint):
        found = self.given(ian, dan)
        eve = appoint("evelyn", Duty.INTERNAL_AUDITOR)
        assert complaints.assign(complaint=found, to=eve, by=dan, at=NOON).assigned_to == eve

    def test_never_to_whom_it_is_about(self, ian, dan, appoint):
        eve = appoint("evelyn", Duty.INTERNAL_AUDITOR)
        found = taken(ian, about_person=eve)
        with pytest.raises(CannotKeep, match="about himself"):
            complaints.assign(complaint=found, to=eve, by=dan, at=NOON)
        with pytest.raises(CannotKeep, match="about himself"):
            complaints.note(complaint=found, on=TODAY, words="x", by=eve, at=NOON)

    def test_answered_by_whom_it_was_given_to_after_he_wrote_down_what_he_found(self, ian, dan, appoint):
        found = self.given(ian, dan)
        eve = appoint("evelyn", Duty.INTERNAL_AUDITOR)
        with pytest.raises(CannotKeep, match="Write down first"):
            complaints.answer(complaint=found, result="founded", words="x", by=dan, at=NOON)
        written = complaints.note(complaint=found, on=TODAY, words="asked three households", by=dan, at=NOON)
        assert str(written) == f"{TODAY}: asked three households"
        with pytest.raises(CannotKeep, match="given to answers"):
            complaints.answer(complaint=found, result="founded", words="x", by=eve, at=NOON)
        with pytest.raises(CannotKeep, match="what came of it"):
            complaints.answer(complaint=found, result="perhaps", words="x", by=dan, at=NOON)
        done = complaints.answer(complaint=found, result="founded", words="true", by=dan, at=NOON)
        assert (done.state, done.result, done.answer, done.answered_by) == ("answered", "founded", "true", dan)
        with pytest.raises(CannotKeep, match="answered already"):
            complaints.note(complaint=found, on=TODAY, words="x", by=dan, at=NOON)

    def test_what_is_not_taken_up_needs_nobody_to_have_it(self, ian, dan):
        done = complaints.answer(complaint=taken(ian), result="not_taken_up", words="not ours", by=dan, at=NOON)
        assert (done.state, done.assigned_to) == ("answered", None)

    def test_a_day_that_has_not_come(self, ian, dan):
        with pytest.raises(CannotKeep, match="not come yet"):
            complaints.note(complaint=taken(ian), on=TODAY + timedelta(days=1), words="x", by=dan, at=NOON)

    def test_it_points_at_claims(self, ian, dan, world):
        claim = world.desk.handed_on(world.person())
        found = taken(ian, about_provider=hospital("P1"))
        lead = complaints.point_at(complaint=found, claims=[claim], by=dan, at=NOON)
        assert (lead.screen, lead.provider, lead.money) == ("complaint", hospital("P1"), claim.proposed)
        assert lead.lead_claims.get().claim == claim
        with pytest.raises(CannotKeep, match="already"):
            complaints.point_at(complaint=found, claims=[claim], by=dan, at=NOON)
        alone = complaints.point_at(complaint=found, claims=[], by=dan, at=NOON)
        assert (alone.money, Lead.objects.count()) == (0, 2)


class TestWhoReads:
    def test_who_made_it_is_an_act_to_see(self, ian, dan):
        found = taken(ian)
        assert complaints.show_informant(complaint=found, by=dan, at=NOON) == ("马志明", "13900000000")
        assert Act.objects.get(kind="read").name == "complaint.informant-read"

    def test_who_may_not(self, ian, dan, appoint):
        found = taken(ian)
        with pytest.raises(CannotKeep, match="not shown"):
            complaints.show_informant(complaint=found, by=appoint("stan", Duty.STATE_AUDITOR), at=NOON)
        with pytest.raises(CannotKeep, match="not shown"):
            complaints.show_informant(complaint=taken(ian, about_person=dan), by=dan, at=NOON)
        unnamed = taken(ian, is_anonymous=True, informant="", contact="")
        with pytest.raises(CannotKeep, match="anonymous"):
            complaints.show_informant(complaint=unnamed, by=dan, at=NOON)

    def test_the_page_hides_the_informant(self, client, ian, dan):
        found = taken(ian)
        browser = sign_in(client, dan)
        page = reverse("audit:complaint", args=[found.pk])
        assert "马志明" not in browser.get(page).content.decode()
        shown = browser.post(reverse("audit:complaint_informant", args=[found.pk]))
        assert "马志明" in shown.content.decode()

    def test_nobody_sees_what_is_said_of_him(self, client, ian, dan):
        found = taken(ian, about_person=dan)
        assert sign_in(client, dan).get(reverse("audit:complaint", args=[found.pk])).status_code == 404
        assert not selectors.seen_by(dan).exists()

    def test_what_waits_and_what_is_late(self, ian, dan, appoint):
        eve = appoint("evelyn", Duty.INTERNAL_AUDITOR)
        free, mine = taken(ian), taken(ian)
        complaints.assign(complaint=mine, to=dan, by=dan, at=NOON)
        assert set(selectors.open_for(dan)) == {free, mine}
        assert set(selectors.open_for(eve)) == {free}
        assert not selectors.late(free.answer_by).exists()
        assert selectors.late(free.answer_by + timedelta(days=1)).count() == 2


class TestTheDatabase:
    def test_the_moves_are_those_of_the_model(self):
        found = StateMove.objects.filter(table="audit_complaint").values_list("before", "after", "outcome")
        assert {(before, after): outcome for before, after, outcome in found} == Complaint.MOVES

    @pytest.mark.parametrize(
        "damage",
        [
            "UPDATE audit_complaint SET words = 'x'",
            "UPDATE audit_complaint SET informant = 'x'",
            "UPDATE audit_complaint SET state = 'answered'",
            "UPDATE audit_complaint SET answer_by = '2020-01-01'",
            "UPDATE audit_complaintnote SET words = 'x'",
            "DELETE FROM audit_complaint",
        ],
    )
    def test_refuses(self, ian, dan, damage):
        complaints.note(complaint=taken(ian), on=TODAY, words="x", by=dan, at=NOON)
        with pytest.raises(Exception, match=r"about|added to|denied|constraint"), transaction.atomic():
            connection.cursor().execute(damage)

    @pytest.mark.parametrize(
        "wrong",
        [
            {"informant": "x", "is_anonymous": True},
            {"informant": ""},
            {"channel": "x"},
            {"answer_by": date(2010, 1, 1)},
            {"words": ""},
        ],
        ids=str,
    )
    def test_refuses_a_complaint(self, ian, wrong):
        given = {
            "number": "JB1", "channel": "box", "is_anonymous": False, "informant": "马", "about": "x", "words": "x",
            "received_on": day(1, 1), "received_by": ian, "received_at": NOON, "answer_by": day(3, 1),
        }  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            Complaint.objects.create(**(given | wrong))

    def test_refuses_that_whom_it_is_about_has_it(self, ian, dan):
        found = taken(ian, about_person=dan)
        with pytest.raises(IntegrityError, match="by_another"), transaction.atomic():
            Complaint.objects.filter(pk=found.pk).update(
                state="assigned", assigned_to=dan, assigned_by=ian, assigned_at=NOON
            )
