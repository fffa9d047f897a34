"""Measures: asked for, proved, handed in, checked by another, sent back, opened again; reminders."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from audit import tasks
from audit.models import Evidence, Rectification, RectificationCheck, RectificationReminder
from audit.services import evidence
from audit.services import rectifying as services
from audit.services.auditing import CannotAudit
from audit.services.rectifying import MeasureOf
from audit.tests.auditing import DAY, TODAY, Audit, now
from conftest import NOON
from office import attachments
from office.models import Act, Duty

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
DUE = TODAY + 30 * DAY


@pytest.fixture
def audit(appoint) -> Audit:
    return Audit.of(appoint)


@pytest.fixture
def found(audit):
    return audit.final()


def refuse(match: str, service, *, by, error=CannotAudit, **given) -> None:
    with pytest.raises(error, match=match):
        service(by=by, at=NOON, **given)


class TestAsked:
    def test_of_a_final_finding_with_a_day_to_come(self, audit, found):
        made = audit.measure(found)
        assert (made.number, made.state, made.turn, made.due_on) == ("ZG2010-00001", "open", 1, DUE)
        refuse("choose a day to come", services.ask, by=audit.dan, finding=found, stated=MeasureOf("x", "y", TODAY))
        refuse("in words", services.ask, by=audit.dan, finding=found, stated=MeasureOf(" ", "y", DUE))
        refuse("None of your duties", services.ask, by=audit.hal, finding=found, stated=MeasureOf("x", "y", DUE))

    def test_of_no_draft_and_by_no_stranger(self, audit, found, appoint):
        draft = audit.draft(found.engagement)
        refuse("draft", services.ask, by=audit.dan, finding=draft, stated=MeasureOf("x", "y", DUE))
        eva = appoint("eva", Duty.INTERNAL_AUDITOR)
        refuse("not named", services.ask, by=eva, finding=found, stated=MeasureOf("x", "y", DUE))
        with pytest.raises(DatabaseError, match="final and not closed"), transaction.atomic():
            Rectification.objects.create(
                finding=draft, number="x", measure="x", responsible="x", due_on=DUE, asked_by=audit.dan, asked_at=NOON
            )


class TestHandedIn:
    def test_with_its_evidence(self, audit, found):
        made = audit.measure(found)
        refuse("add a file first", services.hand_in, by=audit.hal, rectification=made, result="x")
        audit.proved(made)
        refuse("in words", services.hand_in, by=audit.hal, rectification=made, result=" ")
        refuse("None of your duties", services.hand_in, by=audit.dan, rectification=made, result="x")
        done = services.hand_in(rectification=made, result="已追回", by=audit.hal, at=NOON)
        assert (done.state, done.handed_in_by) == ("handed_in", audit.hal)
        refuse("to be checked", evidence.add_to_rectification, by=audit.hal, rectification=made, stated=audit.file())
        refuse("to be checked", services.hand_in, by=audit.hal, rectification=made, result="x")

    def test_files_are_read_by_those_who_see_the_measure(self, audit, found):
        made = audit.proved(audit.measure(found))
        kept = made.evidence.get().attachment
        assert [attachments.may_read(kept, one) for one in (audit.dan, audit.hal, audit.counter.acc)] == [
            True,
            True,
            False,
        ]

    def test_the_database_asks_for_evidence_of_this_turn(self, audit, found):
        made = audit.measure(found)
        fields = {"state": "handed_in", "handed_in_by": audit.hal, "handed_in_at": NOON, "result": "x"}
        rows = Rectification.objects.filter(pk=made.pk)
        with pytest.raises(DatabaseError, match="with its evidence"), transaction.atomic():
            rows.update(**fields)
        audit.proved(made)
        with pytest.raises(DatabaseError, match="begins its next turn"), transaction.atomic():
            rows.update(**fields, turn=2)
        with pytest.raises(DatabaseError, match="changes when it begins again"), transaction.atomic():
            rows.update(**fields, due_on=DUE + DAY)
        rows.update(**fields)
        kept = attachments.keep_made(
            subject=made, name="a.txt", content=b"x", media_type="text/plain", by=audit.hal, at=NOON
        )
        with pytest.raises(DatabaseError, match="while it is to be carried out"), transaction.atomic():
            Evidence.objects.create(
                rectification=made, attachment=kept, dated_on=TODAY, words="x", added_by=audit.hal, added_at=NOON,
                added_on=TODAY,
            )  # fmt: skip


class TestChecked:
    def test_by_another_person(self, audit, found):
        made = audit.handed_in(audit.measure(found))
        refuse("None of your duties", services.close, by=audit.hal, rectification=made, words="x")
        refuse("in words", services.close, by=audit.dora, rectification=made, words=" ")
        done = services.close(rectification=made, words="已核实", by=audit.dora, at=NOON)
        assert (done.state, done.checked_by, done.checks.get().outcome) == ("closed", audit.dora, "closed")
        refuse("closed", services.close, by=audit.dora, rectification=made, words="x")

    def test_never_by_who_handed_it_in_or_brought_evidence(self, audit, found, appoint, monkeypatch):
        both = appoint("both", Duty.INTERNAL_AUDITOR)
        made = audit.proved(audit.measure(found))
        monkeypatch.setattr("audit.services.auditing.refuse_without", lambda by, right: None)
        evidence.add_to_rectification(rectification=made, stated=audit.file(), by=both, at=NOON)
        services.hand_in(rectification=made, result="x", by=audit.head, at=NOON)
        for by in (audit.hal, audit.head, both):
            refuse("Somebody else checks", services.close, by=by, rectification=made, words="x")
        rows = Rectification.objects.filter(pk=made.pk)
        with pytest.raises(IntegrityError, match="rectification_is_checked_by_another"), transaction.atomic():
            rows.update(state="closed", checked_by=audit.head, checked_at=NOON)
        with pytest.raises(DatabaseError, match="brought evidence does not check"), transaction.atomic():
            rows.update(state="closed", checked_by=both, checked_at=NOON)

    def test_sent_back_it_begins_again_with_evidence_of_its_own(self, audit, found):
        made = audit.handed_in(audit.measure(found))
        refuse("choose a day", services.send_back, by=audit.dora, rectification=made, words="x", due_on=TODAY)
        back = services.send_back(rectification=made, words="回单金额不符", due_on=DUE + DAY, by=audit.dora, at=NOON)
        assert (back.state, back.turn, back.due_on, back.handed_in_by) == ("open", 2, DUE + DAY, None)
        assert back.checks.get().turn == 1
        refuse("add a file first", services.hand_in, by=audit.hal, rectification=back, result="x")
        assert audit.handed_in(back).state == "handed_in"

    def test_a_closed_one_is_opened_again(self, audit, found):
        made = audit.rectified(found)
        again = services.reopen(rectification=made, words="再次发生", due_on=DUE, by=audit.dora, at=NOON)
        assert (again.state, again.turn) == ("open", 2)
        assert list(again.checks.values_list("outcome", flat=True)) == ["closed", "reopened"]
        refuse("to be carried out", services.reopen, by=audit.dora, rectification=again, words="x", due_on=DUE)

    def test_not_of_a_closed_finding(self, audit):
        closed = audit.closed()
        made = closed.rectifications.get()
        refuse("This finding is closed", services.reopen, by=audit.dora, rectification=made, words="x", due_on=DUE)

    def test_the_database_keeps_checks_true(self, audit, found):
        made = audit.handed_in(audit.measure(found))
        for told in (
            {"outcome": "closed", "turn": 1},
            {"outcome": "sent_back", "turn": 1},
        ):
            with pytest.raises(DatabaseError, match="what became of its measure"), transaction.atomic():
                RectificationCheck.objects.create(
                    rectification=made, words="x", checked_by=audit.dora, checked_at=NOON, **told
                )


class TestReminders:
    def test_before_its_day_once_and_after_it_every_week(self, audit, found):
        made = audit.measure(found, due_on=TODAY + 10 * DAY)
        on = [day for day in range(40) if services.remind(at=NOON + timedelta(days=day))]
        assert on == [3, 11, 18, 25, 32, 39]
        kinds = list(made.reminders.order_by("on").values_list("kind", "days"))
        assert kinds[:3] == [("ahead", 7), ("overdue", -1), ("overdue", -8)]
        assert Act.objects.filter(name="rectification.reminded", by=None).count() == 6

    def test_twice_on_a_day_is_once(self, audit, found, monkeypatch):
        audit.measure(found, due_on=TODAY + 2 * DAY)
        assert len(services.remind(at=NOON)) == 1
        assert services.remind(at=NOON) == []
        monkeypatch.setattr("audit.rules.engagements.reminds", lambda *told: True)
        assert services.remind(at=NOON) == []  # another worker was faster
        assert RectificationReminder.objects.count() == 1

    def test_of_what_is_handed_in_or_far_away_nobody_is_reminded(self, audit, found):
        audit.handed_in(audit.measure(found, due_on=TODAY + DAY))
        audit.measure(found, due_on=TODAY + 8 * DAY)
        assert services.remind(at=NOON) == []

    def test_what_begins_again_is_reminded_of_again(self, audit, found):
        made = audit.measure(found, due_on=TODAY + 2 * DAY)
        services.remind(at=NOON)
        audit.handed_in(now(made))
        later = NOON + timedelta(days=1)
        services.send_back(rectification=made, words="x", due_on=TODAY + 5 * DAY, by=audit.dora, at=later)
        assert len(services.remind(at=later + timedelta(hours=1))) == 1

    def test_the_workers_door(self, audit, found):
        audit.measure(found)
        tasks.remind_of_rectifications()
        assert RectificationReminder.objects.get().kind == "overdue"
