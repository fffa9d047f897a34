"""Divisions brought in from a list, and the stations that serve them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from django.utils import translation

from conftest import NOON
from enrollment.models import Division
from enrollment.rules import divisions as rules
from enrollment.services import divisions
from enrollment.services.divisions import CannotStation
from enrollment.services.search_keys import search_keys_of
from enrollment.tests import factories
from office.models import Act, Body
from office.tests.factories import shown_by

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


DATA = Path(rules.__file__).parents[1] / "data"
HEADER = ["code", "name", "level", "parent"]
COUNTY = ["640522", "海原县", "县", ""]
TOWNSHIP = ["640522100", "海城镇", "乡镇", "640522"]
VILLAGE = ["640522100203", "山门村委会", "村", "640522100"]


def bring(sam, *rows):
    return divisions.import_divisions(table=[HEADER, *rows], by=sam, at=NOON)


@pytest.mark.parametrize(("code", "townships", "villages"), [("640522", 21, 162), ("340523", 12, 122)])
def test_a_real_county_is_brought_in_with_few_questions(sam, code, townships, villages, django_assert_max_num_queries):
    list_of = DATA / f"divisions-{code}.csv"
    with list_of.open(encoding="utf-8", newline="") as file, django_assert_max_num_queries(16):
        done = divisions.import_divisions(table=csv.reader(file), by=sam, at=NOON)
    assert (done.rows, done.good, done.written, done.faults) == (townships + villages + 1,) * 3 + ((),)
    assert Division.objects.filter(level="township").count() == townships
    assert Division.objects.filter(level="village", parent__parent__level="county").count() == villages


def test_rows_stand_in_any_order_and_the_same_list_twice_changes_nothing(sam):
    assert bring(sam, VILLAGE, COUNTY, TOWNSHIP).added == 3
    again = bring(sam, TOWNSHIP, VILLAGE, COUNTY)
    assert (again.rows, again.good, again.written) == (3, 3, 0)
    assert Act.objects.filter(name="divisions.imported").count() == 1
    assert Division.pgh_event_model.objects.count() == 3


def test_a_new_name_is_taken_over_and_nothing_is_taken_away(sam):
    bring(sam, COUNTY, TOWNSHIP, VILLAGE)
    done = bring(sam, ["640522100", "新海城镇", "乡镇", ""])
    assert (done.added, done.renamed) == (0, 1)
    found = Division.objects.get(code="640522100000")
    assert (found.name, found.search_keys) == ("新海城镇", search_keys_of("新海城镇"))
    assert "xhcz" in found.search_keys
    assert Division.objects.count() == 3


def test_faulty_rows_are_left_out_and_the_others_brought_in(sam):
    done = bring(sam, COUNTY, TOWNSHIP, ["640522999201", "无处", "村", ""], ["", "无码", "村", ""])
    assert (done.rows, done.good, done.written) == (4, 2, 2)
    assert [one.code for one in done.faults] == ["parent_unknown", "code_format"]


def test_a_village_under_a_township_that_the_office_has(sam):
    bring(sam, COUNTY, TOWNSHIP)
    assert bring(sam, VILLAGE).added == 1


class TestStation:
    @pytest.fixture
    def station(self, db) -> Body:
        return Body.objects.create(code="haicheng", name="海城站", kind=Body.Kind.TOWNSHIP_STATION)

    def serve(self, sam, township, body, seen=None, **more):
        given = {"by": sam, "at": NOON, "proof": shown_by(sam), **more}
        divisions.station_serves(township=township, body=body, seen=seen, **given)

    def test_serves_a_township_until_another_does(self, sam, station):
        township = factories.division().parent
        self.serve(sam, township, station)
        self.serve(sam, township, station, seen=station)  # said again: nothing changes
        other = Body.objects.create(code="other", name="另一站", kind=Body.Kind.TOWNSHIP_STATION)
        self.serve(sam, township, other, seen=station)
        self.serve(sam, township, None, seen=other)
        township.refresh_from_db()
        assert township.station is None
        acts = Act.objects.filter(name="division.stationed").order_by("pk")
        assert [(one.facts["before"], one.facts["after"]) for one in acts] == [
            ("", "haicheng"),
            ("haicheng", "other"),
            ("other", ""),
        ]

    def test_no_village_is_served_by_itself(self, sam, station):
        with pytest.raises(CannotStation, match="township"):
            self.serve(sam, factories.division(), station)

    def test_only_a_station_serves(self, sam, county):
        with pytest.raises(CannotStation, match="Choose"):
            self.serve(sam, factories.division().parent, county)

    @pytest.mark.parametrize("is_served", [True, False])
    def test_what_changed_meanwhile_is_said(self, sam, station, is_served):
        township = factories.division().parent
        if is_served:
            self.serve(sam, township, station)
        with pytest.raises(CannotStation, match="海城站" if is_served else "no station"):
            self.serve(sam, township, None if is_served else station, seen=None if is_served else station)

    def test_it_takes_a_second_factor(self, sam, station):
        with pytest.raises(CannotStation, match="second factor"):
            self.serve(sam, factories.division().parent, station, proof=None)
