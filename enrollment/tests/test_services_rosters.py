"""Rosters: what is found is what the rules find, what is written is right, and the same again changes nothing."""

from __future__ import annotations

from collections import Counter
from datetime import date

import psycopg
import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange

from conftest import NOON
from enrollment import fault_words
from enrollment.models import Contribution, Coverage, Division, FundYear, Member, RosterImport
from enrollment.selectors import wholeness
from enrollment.services import roster_staging, rosters
from enrollment.services.search_keys import search_keys_of
from enrollment.tests import factories
from enrollment.tests.rosters import BORN, Send, counted, fund_year, line, number, other_year
from office.models import Act, Body, Duty

pytestmark = pytest.mark.django_db


@pytest.fixture
def year(county) -> FundYear:
    return fund_year()


@pytest.fixture
def village(year) -> Division:
    return factories.division()


@pytest.fixture
def send(tmp_path, year, village, ada):
    """Import lines: `send([line(...), ...])`; `send.check` only checks."""

    return Send(tmp_path, year, ada)


class TestUpdating:
    """What a roster says anew of somebody whom the register knows."""

    def test_a_known_person_comes_into_the_household_of_the_roster(self, send, village):
        old = factories.household("old")
        who = factories.member(old, "马一", BORN, id_number=number(0), relation="head", category="low_income")
        report = send([line(0, "new", head=True, relation="户主")])
        who.refresh_from_db()
        assert (who.household.number, who.is_head, who.category, who.version) == ("new", True, "ordinary", 2)
        assert (report.wrote.households, report.wrote.members, report.wrote.changed_members) == (1, 0, 1)

    def test_another_head_takes_over_and_who_is_not_named_stays(self, send, village):
        home = factories.household("h1")
        first = factories.member(home, "马一", BORN, id_number=number(0))
        second = factories.member(home, "马二", BORN, id_number=number(1), relation="spouse")
        send([line(1, head=True)])
        first.refresh_from_db()
        second.refresh_from_db()
        assert (first.is_head, first.relation, second.is_head, second.relation) == (False, "other", True, "head")

    def test_two_heads_change_places(self, send, village):
        homes = [factories.household("h1"), factories.household("h2")]
        people = [factories.member(home, f"马{at}", BORN, id_number=number(at)) for at, home in enumerate(homes)]
        send([line(0, "h2", head=True), line(1, "h1", head=True)])
        assert [Member.objects.get(pk=one.pk).household.number for one in people] == ["h2", "h1"]

    def test_a_number_that_was_still_to_come_is_added(self, send, village):
        home = factories.household("h1")
        factories.member(home, "马一", BORN, id_number=number(1))
        child = factories.member(home, "小马", BORN, id_number=None)
        send([line(1, head=True, name="马一"), line(2, name="小马")])
        child.refresh_from_db()
        assert (child.id_number, child.id_given) == (number(2), number(2))

    def test_who_moved_away_is_back_and_an_ended_household_lives_again(self, send, village):
        home = factories.household("h1", ended_on=NOON.date())
        who = factories.member(home, "马一", BORN, id_number=number(0))
        Member.objects.filter(pk=who.pk).update(state="moved_away", state_on=NOON.date(), state_reason="x")
        report = send([line(0, head=True)])
        who.refresh_from_db()
        home.refresh_from_db()
        assert (who.state, who.state_on, home.ended_on, report.wrote.moved_households) == ("living", None, None, 1)

    def test_names_are_not_changed_by_a_roster_but_counted(self, send, village):
        who = factories.member(factories.household("h1"), "马老", BORN, id_number=number(0))
        report = send([line(0, head=True, name="马小")])
        who.refresh_from_db()
        assert (who.name, who.version, report.wrote.named_otherwise) == ("马老", 1, 1)

    def test_a_blank_relation_leaves_the_known_one_and_a_roster_without_categories_the_known_one(
        self, send, year, village, tmp_path, ada
    ):
        home = factories.household("h1")
        factories.member(home, "马一", BORN, id_number=number(0))
        who = factories.member(home, "马二", BORN, id_number=number(1), relation="spouse", category="student")
        path = tmp_path / "short.csv"
        rows = [line(0, head=True), line(1)]
        path.write_text(
            "\n".join(",".join(map(str, (row[0], row[1], row[2], row[3], row[7], row[9]))) for row in
                      [["household", "head", "name", "id_number", *[""] * 3, "village_code", "", "fee"], *rows])
        )  # fmt: skip
        report = rosters.import_roster(fund_year=year, path=path, name="short.csv", by=ada, at=NOON)
        who.refresh_from_db()
        assert (who.relation, who.category, report.wrote.changed_members) == ("spouse", "student", 0)

    def test_a_household_moves_to_the_village_of_its_head(self, send, village):
        factories.division("640522100202")
        home = factories.household("h1")
        factories.member(home, "马一", BORN, id_number=number(0))
        send([line(0, head=True, village_code="640522100202")])
        home.refresh_from_db()
        assert home.village.code == "640522100202"


class TestPaying:
    def test_who_pays_is_covered_for_the_year(self, send, year, village):
        send([line(0, head=True, receipt="R1"), line(1, category="五保", fee="0"), line(2, fee="")])
        paid, helped = Contribution.objects.order_by("member")
        assert (paid.own, paid.assisted, paid.receipt) == (20, 0, "R1")
        assert (helped.own, helped.assisted) == (0, 20)
        assert [(one.reason, one.period) for one in Coverage.objects.order_by("member")] == [
            ("paid", year.period),
            ("assisted", year.period),
        ]
        assert [home.number for home in wholeness.not_whole(year)] == ["h1"]

    def test_a_child_born_in_the_year_is_covered_from_birth(self, send, village):
        cells = {"id_number": "", "birth_date": "2010-02-03"}
        send([line(0, head=True), line(1, category="新生儿", **cells), line(2, **cells)])
        born = DateRange(date(2010, 2, 3), date(2011, 1, 1))
        found = Coverage.objects.filter(period=born).order_by("pk").values_list("reason", flat=True)
        assert list(found) == ["newborn", "paid"]

    def test_what_stands_is_left_and_what_is_void_is_made_again(self, send, year, village):
        who = factories.member(factories.household("h1"), "马一", BORN, id_number=number(0))
        factories.pay(who, year)
        assert send([line(0, head=True)]).wrote.contributions == 0
        Coverage.objects.update(void_reason="x")
        Contribution.objects.update(void_reason="x")
        wrote = send([line(0, head=True), line(1)]).wrote
        assert (wrote.contributions, wrote.coverages) == (2, 2)

    def test_a_scheme_that_is_not_basic_does_not_look_at_others(self, send, village, ada):
        factories.pay(
            factories.member(factories.household("h1"), "马一", BORN, id_number=number(0)),
            other_year("residents", 2010),
        )
        extra = factories.fund_year(factories.scheme("critical", is_basic=False))
        assert send([line(0, head=True)]).good == 0
        assert send([line(0, head=True)], fund_year=extra).wrote.coverages == 1

    def test_an_act_and_whose_hands(self, send, ada):
        report = send([line(0, head=True)])
        act = Act.objects.get(name="roster.imported")
        roster = RosterImport.objects.get()
        assert (act.by, act.subject_id, act.facts["written"]) == (ada, str(roster.pk), 1)
        assert (roster.rows, roster.good, roster.held, roster.written) == (1, 1, 0, report.written)


class TestRefusals:
    def test_the_same_file_twice_changes_nothing(self, send):
        first = send([line(0, head=True)])
        before = counted()
        again = send([line(0, head=True)])
        assert (first.written, again.written, again.good) == (1, 0, 1)
        assert again.earlier == RosterImport.objects.get()
        assert counted() == before

    def test_a_file_without_a_good_row_is_not_noted(self, send):
        assert send([line(0)]).written == 0
        assert not RosterImport.objects.exists()

    def test_only_a_confirmed_year_takes_a_roster(self, send, village):
        draft = factories.draft_year(year=2011)
        with pytest.raises(rosters.CannotImport, match=r"confirmed|确认"):
            send([line(0, head=True)], fund_year=draft)

    def test_every_category_needs_its_contribution(self, send, year, village):
        bare = {one.name: getattr(year, one.name) for one in FundYear._meta.concrete_fields if one.name != "id"}
        empty = FundYear.objects.create(**bare | {"scheme": factories.scheme("sparse"), "state": "draft"})
        FundYear.objects.filter(pk=empty.pk).update(state="proposed")
        factories.decide("enrollment.fundyear", empty.pk, voter=factories.head())
        FundYear.objects.filter(pk=empty.pk).update(state="confirmed")
        empty.refresh_from_db()
        with pytest.raises(rosters.CannotImport, match=r"student|学生"):
            send([line(0, head=True)], fund_year=empty)

    def test_a_township_sees_its_own_villages_alone(self, send, appoint, village):
        other = factories.division("640522101201")
        station = Body.objects.create(code="s", name="站", kind=Body.Kind.TOWNSHIP_STATION)
        Division.objects.filter(code=factories.TOWNSHIP).update(station=station)
        clerk = appoint("tom", Duty.TOWNSHIP_CLERK, body=station)
        who = factories.member(factories.household("far", other), "马五", BORN, id_number=number(5))
        lines = [
            line(0, "a", head=True),
            line(1, "b", head=True, village_code=other.code),
            line(5, "c", head=True),
            line(6, "far", head=True),
        ]
        report = send(lines, by=clerk)
        assert [(fault.row, fault.code, fault.detail) for fault in report.faults] == [
            (3, "village_unknown", ""),
            (4, "village_unknown", "out_of_sight"),
            (5, "village_unknown", "out_of_sight"),
        ]
        who.refresh_from_db()
        assert (who.household.number, report.written) == ("far", 1)

    def test_two_records_of_one_number_at_the_same_time(self, send, monkeypatch):
        def clash(*args, **kwargs):
            raise rosters.IntegrityError

        monkeypatch.setattr(rosters.Writing, "write", clash)
        with pytest.raises(rosters.CannotImport):
            send([line(0, head=True)])
        assert not RosterImport.objects.exists()

    def test_one_import_at_a_time(self, send, year, monkeypatch):
        monkeypatch.setattr(rosters, "PATIENCE", "50ms")
        with psycopg.connect(**{**connection.get_connection_params(), "autocommit": True}) as other:
            other.execute("SELECT pg_advisory_lock(%s, %s)", [rosters.LOCK_CLASS, year.pk])
            with pytest.raises(rosters.CannotImport):
                send([line(0, head=True)])
        assert send([line(0, head=True)]).written == 1

    def test_a_database_that_goes_is_no_other_import(self, send, monkeypatch):
        class Gone:
            def atomic(self):
                raise rosters.OperationalError

        monkeypatch.setattr(rosters, "transaction", Gone())
        with pytest.raises(rosters.OperationalError):
            rosters._lock(FundYear.objects.get())

    def test_progress_is_told(self, send):
        steps = []
        send([line(order, head=order == 0) for order in range(3)], step=lambda done, total, note: steps.append(done))
        assert steps == sorted(steps)
        assert steps[-1] == 100

    def test_every_fault_has_words(self):
        assert {code for code, _detail in fault_words.REASONS} == set(fault_words.CODES)
        assert Counter(map(fault_words.name_of, fault_words.CODES)).most_common(1)[0][1] == 1

    def test_search_keys_are_right_also_where_more_names_come_than_are_kept(self, send, monkeypatch):
        monkeypatch.setattr(roster_staging, "MOST_NAMES", 1)
        send([line(order, head=order == 0) for order in range(5)])
        assert all(who.search_keys == search_keys_of(who.name) for who in Member.objects.all())
