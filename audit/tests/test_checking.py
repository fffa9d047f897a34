"""Checks of the whole trail: what is missing besides the seals, what is kept of it, by job and by the clock."""

from __future__ import annotations

import pytest

from audit import seal_words, tasks
from audit.models import Seal, SealingState, TrailCheck
from audit.rules import complete
from audit.selectors import completeness, seals
from audit.services import checking, sealing
from audit.services.seal_keys import CannotSeal
from audit.tests import entered
from audit.tests.sealed import act, past_triggers, told
from audit.verifying import told as verifying
from conftest import NOON
from funds.tests.factories import Counter
from office import jobs
from office.models import Act, Appointment, Job, OfficeRound

pytestmark = pytest.mark.django_db(transaction=True)

Kind = TrailCheck.Kind


def missing():
    """What the look for what is missing finds."""
    with seals.reading() as connection:
        return told(completeness.look(connection))


class TestComplete:
    def test_an_office_at_work_is_complete(self, county, ada, ben, appoint):
        entered.opened(Counter.of(appoint))
        assert missing() == set()

    def test_a_record_that_is_not_its_last_state(self, county):
        past_triggers(f"UPDATE office_body SET name = '别处' WHERE id = {county.pk}")
        assert missing() == {("office_body", county.pk, ("name",), complete.NOT_THE_LAST_STATE)}

    def test_a_record_without_a_state(self, county):
        past_triggers(f"DELETE FROM office_bodyevent WHERE pgh_obj_id = {county.pk}")
        assert missing() == {("office_body", county.pk, (), complete.NO_STATE)}

    def test_states_without_a_record(self, county, ada):
        pk = Appointment.objects.get().pk
        past_triggers(f"DELETE FROM office_appointment WHERE id = {pk}")
        assert missing() == {("office_appointment", pk, (), complete.NO_RECORD)}

    def test_a_posting_without_its_act(self, county, appoint):
        posting = entered.opened(Counter.of(appoint))
        past_triggers(f"DELETE FROM office_act WHERE subject_type = 'funds.posting' AND subject_id = '{posting.pk}'")
        assert missing() == {("funds_posting", posting.pk, (), complete.NO_ACT)}

    def test_a_decision_that_its_votes_do_not_say(self, county, cleo):
        """Her duty was given by two."""
        decided = OfficeRound.objects.filter(state="closed").latest("pk")
        assert missing() == set()
        past_triggers(f"UPDATE office_officevote SET choice = 'refuse', reason = 'x' WHERE round_id = {decided.pk}")
        assert missing() == {("office_officeround", decided.pk, (), complete.NO_VOTES)}
        past_triggers(f"DELETE FROM office_officevote WHERE round_id = {decided.pk}")
        assert missing() == {("office_officeround", decided.pk, (), complete.NO_VOTES)}


class TestKept:
    def test_what_a_check_found_is_kept_with_its_act(self, county, dan):
        act(county)
        sealing.run(at=NOON)
        kept = checking.check(kind=Kind.SEALS, by=dan, at=NOON)
        assert kept.is_well
        assert kept.rows > 0
        pk = Act.objects.earliest("pk").pk
        past_triggers(f"UPDATE office_act SET reason = 'x' WHERE id = {pk}")
        kept = checking.check(kind=Kind.SEALS, by=None, at=NOON)
        assert not kept.is_well
        assert kept.faults == [
            {"table": "office_act", "pk": pk, "columns": ["reason"], "reason": verifying.ALTERED},
        ]
        assert str(kept) == "改动核验"
        assert list(Act.objects.filter(name="trail.seals_checked").values_list("by", flat=True)) == [None, dan.pk]

    def test_the_clock_checks_both_kinds(self, county):
        tasks.check()
        assert set(TrailCheck.objects.values_list("kind", flat=True)) == set(Kind.values)
        assert {one.by for one in seals.newest_checks()} == {None}

    def test_the_clock_seals_and_what_hinders_it_is_noted(self, county, settings):
        tasks.seal()
        assert Seal.objects.exists()
        settings.SEAL_KEY_FILE.unlink()
        tasks.seal()
        assert SealingState.objects.get().reason == SealingState.Reason.NO_KEY
        with pytest.raises(CannotSeal):
            sealing.run(at=NOON)

    def test_somebody_asks_for_it_as_a_job(self, county, dan):
        sealing.run(at=NOON)
        asked = checking.ask(by=dan, at=NOON)
        jobs.run(asked.pk)
        done = Job.objects.get(pk=asked.pk)
        assert done.state == Job.State.DONE
        assert [value for _label, value in done.figures][1::2] == [0, 0]
        assert done.faults is None
        past_triggers(f"UPDATE office_body SET name = '别处' WHERE id = {county.pk}")
        asked = checking.ask(by=dan, at=NOON)
        jobs.run(asked.pk)
        assert Job.objects.get(pk=asked.pk).faults.name == "trail-faults.xlsx"

    def test_a_job_that_cannot_look_says_why(self, county, dan, settings):
        settings.SEAL_CHECKPOINTS = settings.SEAL_CHECKPOINTS / "unmounted"
        asked = checking.ask(by=dan, at=NOON)
        jobs.run(asked.pk)
        done = Job.objects.get(pk=asked.pk)
        assert done.state == Job.State.FAILED
        assert "unmounted" in str(done.refusal)


class TestWords:
    def test_every_reason_has_its_words(self):
        assert set(seal_words.REASONS) == {*verifying.REASONS, *complete.REASONS}
        assert all(seal_words.reason_in_words(one) != one for one in seal_words.REASONS)
        assert seal_words.reason_in_words("x") == "x"

    def test_tables_and_columns_are_named_as_on_screens(self):
        assert seal_words.table_in_words("office_act") == str(Act._meta.verbose_name)
        assert "历史" in seal_words.table_in_words("office_personevent")
        assert seal_words.table_in_words("elsewhere") == "elsewhere"
        assert seal_words.columns_in_words("office_act", ["reason", "later"]) == "说明、later"
        assert seal_words.columns_in_words("elsewhere", ["x"]) == "x"
