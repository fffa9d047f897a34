"""The protocol of what an office brings along: signed by a second person, written exactly as signed, or not at all."""

from __future__ import annotations

import pytest
from django.db import transaction

from conftest import NOON
from enrollment.models import Coverage, GoLiveProtocol
from enrollment.services import go_live, go_live_jobs
from enrollment.services.go_live_files import CannotBring
from enrollment.tests import factories
from enrollment.tests.test_services_go_live import (
    ask,
    body,
    bring,
    covered,
    csv,
    fay,
    head,
    run_writing,
    vote,
    written,
    year,
)
from office import attachments, deciding, jobs
from office.models import Body, Duty, Job, Person
from office.services import rounds
from office.tests.factories import give, tess

__all__ = ["body", "fay", "head", "year"]  # fixtures that stand with the files

pytestmark = pytest.mark.django_db

STATE = GoLiveProtocol.State


class TestProtocol:
    def test_nobody_signs_what_he_brought(self, fay, year):
        _person, rows = covered(year)
        protocol = bring(fay, "coverage", year, csv(*rows))
        with pytest.raises(rounds.CannotVote):
            vote(protocol, fay)

    def test_only_the_county_brings_something(self, year):
        station = Body.objects.create(code="s", name="s", kind=Body.Kind.TOWNSHIP_STATION)
        person = Person.objects.create_person(username="sue", full_name="Sue", password="sue-password")
        give(person, Duty.FUND_ACCOUNTANT, station)
        with pytest.raises(CannotBring):
            ask(person, "coverage", year, csv(["姓名"]))

    def test_one_at_a_time_and_a_file_once(self, fay, head, year):
        _person, rows = covered(year)
        first = bring(fay, "coverage", year, csv(*rows))
        with pytest.raises(CannotBring, match="待签署"):
            bring(fay, "coverage", year, csv(*rows, ["", "", "", ""]))
        vote(first, head, "refuse")
        assert first.state == STATE.REFUSED
        checked = ask(fay, "coverage", year, csv(*rows))
        written(fay, head, "coverage", year, csv(*rows))
        with pytest.raises(CannotBring, match="已提交"):
            go_live_jobs.propose(checked=checked, by=fay, at=NOON)

    def test_not_of_a_day_to_come(self, fay, year):
        _person, rows = covered(year)
        job = ask(fay, "coverage", year, csv(*rows))
        job.arguments["as_of"] = "2030-01-01"
        with pytest.raises(CannotBring):
            go_live_jobs.propose(checked=job, by=fay, at=NOON)

    def test_refused_or_deferred_nothing_is_written(self, fay, head, year):
        _person, rows = covered(year)
        protocol = bring(fay, "coverage", year, csv(*rows))
        go_live._decided(protocol, "deferred", head, NOON)
        assert protocol.state == STATE.PROPOSED
        vote(protocol, head, "refuse")
        with pytest.raises(CannotBring):
            go_live.write(protocol=protocol, by=head, at=NOON, step=lambda *told: None)
        assert not Coverage.objects.exists()

    def test_taken_back_by_whoever_brought_it(self, fay, head, year):
        _person, rows = covered(year)
        protocol = bring(fay, "coverage", year, csv(*rows))
        with pytest.raises(deciding.CannotWithdraw):
            go_live.withdraw(protocol=protocol, by=head, at=NOON)
        deciding.matter_of("enrollment.goliveprotocol").withdraw(protocol, fay, NOON)
        protocol.refresh_from_db()
        assert protocol.state == STATE.WITHDRAWN
        with pytest.raises(deciding.CannotWithdraw):
            go_live.withdraw(protocol=protocol, by=fay, at=NOON)

    def test_written_once(self, fay, head, year):
        _person, rows = covered(year)
        written(fay, head, "coverage", year, csv(*rows))
        protocol = GoLiveProtocol.objects.get()
        assert go_live.write(protocol=protocol, by=head, at=NOON, step=lambda *told: None) is None
        again = jobs.enqueue(go_live.WRITE, title="x", by=head, at=NOON, protocol=protocol.pk)
        jobs.run(again.pk)
        again.refresh_from_db()
        assert again.state == Job.State.DONE
        assert Coverage.objects.count() == 1

    def test_a_register_that_changed_meanwhile_is_not_written_over(self, fay, head, year):
        person, rows = covered(year)
        protocol = bring(fay, "coverage", year, csv(*rows))
        factories.pay(person, year)
        vote(protocol, head)
        job = run_writing(protocol)
        assert (job.state, protocol.state) == (Job.State.FAILED, STATE.SIGNED)
        assert "1行" in str(job.refusal)
        go_live.withdraw(protocol=protocol, by=fay, at=NOON)
        protocol.refresh_from_db()
        assert protocol.state == STATE.WITHDRAWN

    def test_another_file_in_its_place_is_not_written(self, fay, head, year):
        _person, rows = covered(year)
        protocol = bring(fay, "coverage", year, csv(*rows))
        vote(protocol, head)
        protocol.file.path.write_bytes(csv(*rows, rows[1]))
        job = run_writing(protocol)
        assert (job.state, protocol.state, Coverage.objects.count()) == (Job.State.FAILED, STATE.SIGNED, 0)

    def test_somebody_else_at_the_same_time_is_said_in_words(self, fay, head, year, monkeypatch):
        person, rows = covered(year)
        protocol = bring(fay, "coverage", year, csv(*rows))
        vote(protocol, head)
        plain = go_live.READINGS["coverage"].read

        def late(self):
            found = plain(self)
            factories.pay(person, year)
            return found

        monkeypatch.setattr(go_live.READINGS["coverage"], "read", late)
        with pytest.raises(CannotBring), transaction.atomic():
            go_live.write(protocol=protocol, by=head, at=NOON, step=lambda *told: None)

    def test_whoever_signs_may_read_the_file(self, fay, head, year):
        _person, rows = covered(year)
        protocol = bring(fay, "coverage", year, csv(*rows))
        kept = attachments.of(protocol).get()
        assert kept.sha256 == protocol.sha256
        assert attachments.may_read(kept, head)
        assert not attachments.may_read(kept, tess())
        assert dict(go_live.told(protocol))
