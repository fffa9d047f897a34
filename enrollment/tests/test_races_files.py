"""Two files at the same moment: rosters and go-live files are written whole, one after the other, and once."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from conftest import NOON
from enrollment.models import Coverage, FundYear, GoLiveProtocol, Household, Member, RosterImport
from enrollment.services import go_live, go_live_jobs, rosters
from enrollment.tests import factories
from enrollment.tests.keeping import TODAY, fresh
from enrollment.tests.races import PATIENCE, Doing, Place, at_once, meeting, unguarded
from enrollment.tests.rosters import Send, line
from enrollment.tests.rosters import fund_year as roster_year
from office import deciding, jobs
from office.models import Act, Duty, Job
from office.services import rounds
from office.tests.factories import shown_by

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("in_english")]


@pytest.fixture
def place(appoint) -> Place:
    return Place(appoint)


class TestImports:
    """Two rosters at once, of one year and of two."""

    @pytest.fixture
    def send(self, tmp_path, county, ada) -> Send:
        factories.division()
        return Send(tmp_path, roster_year(), ada)

    def importing(self, send: Send, name: str, rows: list[list[object]], year: FundYear | None = None) -> Doing:
        name = f"{name}.csv"
        path: Path = send.file(rows).rename(send.place / name)
        year = year or send.fund_year
        return partial(rosters.import_roster, fund_year=year, path=path, name=name, by=send.by, at=NOON)

    @pytest.mark.parametrize("same", [True, False])
    def test_of_one_year_they_come_one_by_one(self, send, monkeypatch, same):
        rows = [line(0, head=True), line(1)]
        meeting(monkeypatch, rosters, "_write", PATIENCE)
        acts = [self.importing(send, name, [*rows, *more]) for name, more in (("a", []), ("b", [] if same else [[""]]))]
        came, refused = at_once(*acts)
        assert refused == []
        assert sorted(one.written for one in came) == ([0, 2] if same else [2, 2])
        assert (Member.objects.count(), Coverage.objects.count()) == (2, 2)
        assert Member.pgh_event_model.objects.count() == 2

    def test_without_the_lock_one_of_them_is_refused(self, send, monkeypatch):
        monkeypatch.setattr(rosters, "_lock", lambda fund_year: None)
        meeting(monkeypatch, rosters.Writing, "write", 10)
        acts = [self.importing(send, name, [line(0, head=True), *more]) for name, more in (("a", []), ("b", [[""]]))]
        came, refused = at_once(*acts)
        assert (len(came), [type(one) for one in refused]) == (1, [rosters.CannotImport])

    def people_of_two_years(self, send: Send, monkeypatch, patience: float) -> list[Exception]:
        meeting(monkeypatch, rosters.Writing, "write", patience)
        later = roster_year(2011)
        rows = [line(0, head=True), line(1)]
        _came, refused = at_once(self.importing(send, "a", rows), self.importing(send, "b", [*rows, [""]], later))
        return refused

    def test_of_two_years_nobody_comes_in_twice(self, send, monkeypatch):
        refused = self.people_of_two_years(send, monkeypatch, 10)
        assert [type(one) for one in refused] == [rosters.CannotImport]
        assert (Member.objects.count(), Household.objects.count(), RosterImport.objects.count()) == (2, 1, 1)

    def test_without_its_constraints_they_would(self, send, monkeypatch):
        guards = ("member_id_number_is_one_persons", "enrollment_household_number_key")
        with monkeypatch.context() as patched, unguarded(patched, *guards):
            assert self.people_of_two_years(send, patched, 10) == []
            assert Member.objects.count() == 4


class TestGoLive:
    @pytest.fixture
    def signed(self, place, appoint) -> GoLiveProtocol:
        fay = appoint("fay", Duty.FUND_ACCOUNTANT)
        content = f"身份证号,姓名\n{place.wife.id_number},{place.wife.name}\n".encode()
        file = SimpleUploadedFile("a.csv", content)
        asked = go_live_jobs.ask_for_check(
            kind="coverage", fund_year=place.year, as_of=TODAY, upload=file, by=fay, at=NOON
        )
        jobs.run(asked.pk)
        protocol = go_live_jobs.propose(checked=Job.objects.get(pk=asked.pk), by=fay, at=NOON)
        opened = deciding.rounds_of(protocol).get()
        head = factories.head()
        rounds.vote(
            round=opened,
            choice="approve",
            hash_seen=opened.subject_hash,
            by=head,
            at=NOON,
            proof=shown_by(head),
            reason="x",
        )
        return fresh(protocol)

    def writing(self, place, signed) -> tuple[list[object], list[Exception]]:
        write = partial(go_live.write, protocol=signed, step=lambda *how_far: None)
        return at_once(*place.acts(write, write))

    def test_what_was_signed_is_written_once(self, place, signed, monkeypatch):
        meeting(monkeypatch, go_live, "_write", PATIENCE)
        came, refused = self.writing(place, signed)
        assert (came.count(None), refused) == (1, [])
        assert Act.objects.filter(name="go-live.written").count() == Coverage.objects.count() == 1

    def test_without_the_lock_the_later_one_finds_what_does_not_fit(self, place, signed, monkeypatch):
        with monkeypatch.context() as patched, unguarded(patched):
            meeting(patched, go_live, "_write", 10)
            came, refused = self.writing(place, signed)
            assert (len(came), [type(one) for one in refused]) == (1, [go_live.CannotBring])
