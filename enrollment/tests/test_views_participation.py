"""Participation by township and village: figures, order, scope, workbook and paper."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from python_calamine import CalamineWorkbook

from conftest import NOON, sign_in
from enrollment.models import Coverage, Division, FundYear, Population, Target
from enrollment.selectors import participation
from enrollment.tests import factories
from office.models import Act, Body, Duty
from office.tests.factories import tess

pytestmark = pytest.mark.django_db

PAGE = "/register/participation/"


@pytest.fixture
def station(county) -> Body:
    return Body.objects.create(code="haicheng", name="海城站", kind=Body.Kind.TOWNSHIP_STATION)


@pytest.fixture
def places(station) -> dict[str, Division]:
    return {
        "county": factories.division("640522000000", "海原县"),
        "haicheng": factories.division("640522100000", "海城镇", station=station),
        "jiatang": factories.division("640522208000", "贾塘乡"),
        "empty": factories.division("640522400000", "种羊场"),
        "shanmen": factories.division("640522100203", "山门村"),
        "shuiwa": factories.division("640522100204", "水洼村"),
        "village": factories.division("640522208201", "贾塘村"),
    }


@pytest.fixture
def year(places) -> FundYear:
    """Ten should enroll in one village, twenty in another, four in the third."""
    drafted = factories.draft_year()
    for place, heads in (("shanmen", 10), ("shuiwa", 20), ("village", 4)):
        Population.objects.create(fund_year=drafted, division=places[place], heads=heads)
    Target.objects.create(fund_year=drafted, division=places["haicheng"], heads=20)
    Target.objects.create(fund_year=drafted, division=places["county"], heads=30)
    drafted.state = "proposed"
    drafted.save(update_fields=["state"])
    factories.decide("enrollment.fundyear", drafted.pk, voter=factories.head())
    drafted.state = "confirmed"
    drafted.save(update_fields=["state"])
    return drafted


def enroll(year, village, people: int, number: str = "1") -> list[Coverage]:
    home = factories.household(f"{village.code}{number}", village)
    return [factories.pay(factories.member(home), year) for _each in range(people)]


@pytest.fixture
def enrolled(year, places) -> FundYear:
    enroll(year, places["shanmen"], 9)
    enroll(year, places["shuiwa"], 10)
    enroll(year, places["village"], 4)
    return year


@pytest.fixture
def as_ben(client, ben):
    return sign_in(client, ben)


def figures(lines) -> list[tuple[object, ...]]:
    return [(line.name, line.should, line.enrolled, line.rate, line.unpaid, line.target) for line in lines]


class TestFigures:
    def test_townships_the_highest_rate_first(self, enrolled, ben):
        lines = participation.by_township(enrolled, ben)
        assert figures(lines) == [
            ("贾塘乡", 4, 4, Decimal("100.00"), 0, None),
            ("海城镇", 30, 19, Decimal("63.33"), 11, 20),
            ("种羊场", 0, 0, None, 0, None),
        ]
        assert [(line.reached, line.to_target, line.grade) for line in lines] == [
            (None, None, "high"),
            (Decimal("95.00"), 1, "far"),
            (None, None, "unknown"),
        ]
        whole = participation.together(lines, participation.county_target(enrolled))
        assert (whole.should, whole.enrolled, whole.target, whole.name) == (34, 23, 30, "")
        assert participation.together(lines).target == 20
        assert participation.together([]).target is None

    def test_villages_of_a_township(self, enrolled, places):
        lines = participation.by_village(enrolled, places["haicheng"])
        assert figures(lines) == [
            ("山门村", 10, 9, Decimal("90.00"), 1, None),
            ("水洼村", 20, 10, Decimal("50.00"), 10, None),
        ]

    def test_a_township_said_for_itself(self, places, ben):
        year = factories.draft_year()
        Population.objects.create(fund_year=year, division=places["haicheng"], heads=7)
        assert participation.by_township(year, ben)[0].should == 7

    def test_who_counts(self, year, places, ben):
        home = factories.household("h", places["shanmen"])
        paid = factories.pay(factories.member(home), year)
        void = factories.pay(factories.member(home), year)
        void.void_reason = "a mistake"
        void.save(update_fields=["void_reason"])
        born = factories.member(home)
        Coverage.objects.create(
            member=born,
            scheme=year.scheme,
            fund_year=year,
            period=year.period,
            reason="newborn",
            noted_by=tess(),
            noted_at=NOON,
        )
        before = factories.fund_year(year=2009)
        factories.pay(factories.member(home), before)
        assert participation.by_township(year, ben)[0].enrolled == 1
        # somebody who left and came back is one person
        paid.period, paid.ended_because = DateRange(date(2010, 1, 1), date(2010, 3, 1)), "moved_away"
        paid.save(update_fields=["period", "ended_because"])
        Coverage.objects.create(
            member=paid.member,
            scheme=year.scheme,
            fund_year=year,
            period=DateRange(date(2010, 6, 1), date(2011, 1, 1)),
            reason="transfer",
            noted_by=tess(),
            noted_at=NOON,
        )
        assert participation.by_township(year, ben)[0].enrolled == 1

    def test_a_double_counts_as_the_one_who_is_kept(self, year, places, ben):
        kept, twice = (factories.member(factories.household(number, places["shanmen"])) for number in "12")
        elsewhere = factories.household("3", places["village"])
        for one in (kept, twice):
            double = factories.member(elsewhere, one.name, one.birth_date)
            factories.pay(double, year)
            factories.merge(double, one)
        factories.pay(twice, year)
        lines = {line.name: line.enrolled for line in participation.by_township(year, ben)}
        assert (lines["海城镇"], lines["贾塘乡"]) == (2, 0)
        assert [line.enrolled for line in participation.by_village(year, places["haicheng"])] == [2, 0]


class TestPage:
    def test_tiles_with_words_beside_their_table(self, as_ben, enrolled, places):
        page = as_ben.get(PAGE).content.decode()
        assert page.count('class="tile tile-') == 3
        assert 'class="tile tile-high"' in page
        assert "63.33 %" in page
        assert f"township={places['haicheng'].pk}" in page
        assert "<script>" not in page[page.index('class="ranked"') :]

    def test_one_township_leads_to_its_villages(self, as_ben, enrolled, places):
        page = as_ben.get(PAGE, {"township": places["haicheng"].pk}).content.decode()
        assert "山门村" in page
        assert "贾塘村" not in page

    def test_of_another_year_and_nonsense_falls_back(self, as_ben, enrolled):
        before = factories.fund_year(year=2009)
        assert str(before) in as_ben.get(PAGE, {"fund_year": before.pk}).content.decode()
        for query in ({"fund_year": "x"}, {"fund_year": 0, "township": 0}):
            assert as_ben.get(PAGE, query).context["asked"].fund_year == enrolled

    def test_before_any_year_is_confirmed(self, as_ben):
        factories.draft_year()
        assert as_ben.get(PAGE).status_code == 200
        assert as_ben.get(f"{PAGE}print/").status_code == 404

    def test_the_year_that_runs_comes_first(self, ben, enrolled, time_machine):
        factories.fund_year(year=2011)
        for now, year in (("2009-05-01", 2011), ("2010-05-01", 2010), ("2011-05-01", 2011)):
            time_machine.move_to(f"{now}T04:00:00+00:00")
            asked = sign_in(Client(), ben).get(PAGE).context["asked"]
            assert asked.fund_year.year == year

    def test_a_station_sees_its_township_alone(self, enrolled, station, appoint, places):
        client = sign_in(Client(), appoint("ada", Duty.TOWNSHIP_CLERK, body=station))
        asked = client.get(PAGE).context["asked"]
        assert [line.name for line in asked.lines] == ["海城镇"]
        assert (asked.whole.should, asked.whole.target) == (30, 20)
        other = client.get(PAGE, {"township": places["jiatang"].pk})
        assert "贾塘" not in other.content.decode()
        assert client.get(f"{PAGE}print/?township={places['jiatang'].pk}").status_code == 200

    def test_as_a_workbook(self, as_ben, enrolled):
        answer = as_ben.get(PAGE, {"as": "xlsx"})
        rows = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
        assert rows[2][1:8] == ["海城镇", 30, 19, 63.33, 11, 20, 95]
        assert rows[-1][2:4] == [34, 23]
        assert Act.objects.filter(name="list.exported").exists()

    def test_on_paper(self, as_ben, enrolled, places):
        for query in ("", f"?township={places['haicheng'].pk}"):
            answer = as_ben.get(f"{PAGE}print/{query}")
            assert answer.headers["Content-Type"] == "application/pdf"
            assert answer.content.startswith(b"%PDF")

    @pytest.mark.parametrize("villages", [1, 30])
    @pytest.mark.parametrize(("township", "questions"), [(False, 14), (True, 13)])
    def test_many_places_cost_no_more_questions(
        self, as_ben, year, places, villages, township, questions, django_assert_num_queries
    ):
        for number in range(villages):
            village = factories.division(f"640522{100 + number}3{number:02d}")
            enroll(year, village, 1)
        with django_assert_num_queries(questions):
            as_ben.get(PAGE, {"township": places["haicheng"].pk} if township else {})
