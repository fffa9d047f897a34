"""Complaints: taken down, given out, looked into, answered in time, masked; and what the database refuses."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse

from audit.models import Complaint, ComplaintFile, Lead
from audit.selectors import complaints as selectors
from audit.services import complaints
from audit.services.complaints import FilesOf, Told
from audit.tests.world import day, hospital
from conftest import NOON, sign_in
from enrollment.services.keeping import CannotKeep
from office import attachments
from office.models import Act, Duty, StateMove
from office.rules import days
from office.tests.factories import PIXEL

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


def sent(*names: str) -> list[SimpleUploadedFile]:
    return [SimpleUploadedFile(name, PIXEL) for name in names]


class TestFiles:
    """Files that come with a complaint, or with a note on it."""

    def test_kept_when_it_is_taken_down_under_its_number(self, ian):
        files = FilesOf(sent("马志明举报信.png", "b.png"), "签名举报信", names_informant=True)
        found = complaints.take_down(told=told(), files=files, by=ian, at=NOON)
        kept = selectors.files_of(found)
        assert [(one.words, str(content)) for one, content in kept] == [
            ("签名举报信", f"{found.number}-1.png"),
            ("签名举报信", f"{found.number}-2.png"),
        ]
        assert kept[0][1].path.exists()
        assert Act.objects.filter(name="complaint.file-added", by=ian).count() == 2
        assert not Act.objects.filter(facts__icontains="马志明").exists()

    def test_kept_with_a_note(self, ian, dan):
        found = taken(ian)
        files = FilesOf(sent("a.png"), "处方笺")
        written = complaints.note(complaint=found, on=TODAY, words="x", files=files, by=dan, at=NOON)
        [(one, _kept)] = selectors.files_of(found)
        assert (one.note, one.added_by, str(one)) == (written, dan, "处方笺")

    def test_refused_without_words_or_with_another_content(self, ian):
        for files, words, field in (
            (FilesOf(sent("a.png")), "in words", "what"),
            (FilesOf([SimpleUploadedFile("a.png", b"MZ not a picture")], "x"), r"\.png", "uploads"),
        ):
            with pytest.raises(CannotKeep, match=words) as refusal:
                complaints.take_down(told=told(), files=files, by=ian, at=NOON)
            assert refusal.value.field == field
        assert not Complaint.objects.exists()
        assert not ComplaintFile.objects.exists()

    def test_who_reads_them(self, ian, dan, appoint):
        sam, gus = appoint("sam", Duty.STATE_AUDITOR), appoint("gus", Duty.INTERNAL_AUDITOR)
        letter = FilesOf(sent("a.png"), "举报信", names_informant=True)
        found = complaints.take_down(told=told(about_person=gus), files=letter, by=ian, at=NOON)
        complaints.note(complaint=found, on=TODAY, words="x", files=FilesOf(sent("b.png"), "处方"), by=dan, at=NOON)
        first, second = (kept for _one, kept in selectors.files_of(found))
        people = (dan, sam, gus, ian)
        assert [attachments.may_read(first, one) for one in people] == [True, False, False, False]
        assert [attachments.may_read(second, one) for one in people] == [True, True, False, False]

    def test_what_the_database_refuses(self, ian, dan, appoint):
        eve = appoint("evelyn", Duty.INTERNAL_AUDITOR)
        found, other = taken(ian, about_person=eve), taken(ian)
        note = complaints.note(complaint=found, on=TODAY, words="x", by=dan, at=NOON)
        of_other = complaints.note(complaint=other, on=TODAY, words="x", by=dan, at=NOON)
        fields = {"complaint": found, "words": "x", "names_informant": False, "added_at": NOON}
        for more in (
            {"added_by": dan},  # neither took it down nor wrote a note
            {"added_by": eve, "note": note},
            {"added_by": ian, "note": note},
            {"added_by": dan, "note": of_other},
        ):
            with pytest.raises(DatabaseError, match="by whoever wrote that down"), transaction.atomic():
                ComplaintFile.objects.create(**fields | more)
        made = ComplaintFile.objects.create(**fields, added_by=dan, note=note)
        with pytest.raises(DatabaseError, match=r"only added to|permission denied"), transaction.atomic():
            ComplaintFile.objects.filter(pk=made.pk).update(words="y")
        complaints.answer(complaint=found, result="not_taken_up", words="x", by=dan, at=NOON)
        with pytest.raises(DatabaseError, match="by whoever wrote that down"), transaction.atomic():
            ComplaintFile.objects.create(**fields, added_by=dan, note=note)

    def test_on_the_page_and_as_a_download_that_is_an_act(self, client, ian, dan, appoint):
        sam = appoint("sam", Duty.STATE_AUDITOR)
        sign_in(client, dan)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        typed = {
            "channel": "visit",
            "received_on": TODAY.isoformat(),
            "informant": "马志明",
            "about": "x",
            "words": "x",
        }
        refused = client.post(reverse("audit:complaint_new"), typed | {"uploads": sent("a.png")})
        assert (refused.status_code, "in words" in refused.content.decode()) == (422, True)
        more = {"uploads": sent("a.png"), "what": "举报信", "names_informant": "on"}
        answer = client.post(reverse("audit:complaint_new"), typed | more)
        way = answer.headers["Location"]
        found = Complaint.objects.get()
        note = reverse("audit:complaint_note", args=[found.pk])
        client.post(note, {"on": TODAY.isoformat(), "words": "x", "uploads": sent("b.png"), "what": "处方"})
        page = client.get(way).content.decode()
        ways = [reverse("office:attachment", args=[kept.pk]) for _one, kept in selectors.files_of(found)]
        assert [one in page for one in ways] == [True, True]
        loaded = client.get(ways[0])
        assert b"".join(loaded.streaming_content) == PIXEL
        assert loaded.headers["Content-Disposition"].startswith("attachment")
        assert Act.objects.get(name="attachment.read").by == dan
        sign_in(client, sam)
        page = client.get(way).content.decode()
        assert [one in page for one in ways] == [False, True]
        assert "not for you" in page
        assert client.get(ways[0]).status_code == 403
