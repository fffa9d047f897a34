"""Figures of the campaign: sums, rates, ranks, who is behind, who is late, what it costs; and its picture."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from enrollment.rules import bulletins, campaign, campaign_chart
from enrollment.rules.bulletins import Before, Wanted
from enrollment.rules.campaign import Figures, Line, OnItsWay
from office.rules.days import WorkingDays

pytestmark = pytest.mark.rules

D = Decimal
FIRST = date(2009, 9, 1)


def line(code: str = "1", should: int = 100, enrolled: int = 0, target: int | None = None, **more) -> Line:
    so_far = Figures(enrolled=enrolled, cash=D(enrolled * 20))
    return Line(code, f"place {code}", should, target, D(20), so_far, **more)


class TestFigures:
    def test_add_up(self):
        one = Figures(1, D(20), D(5), D(3), D(18), D(2))
        assert one + one == Figures(2, D(40), D(10), D(6), D(36), D(4))
        assert campaign.total([one, one]) == one + one
        assert (one.collected, one.without_receipt) == (D(26), D(2))
        assert OnItsWay(D(3), D(2), D(1)) + OnItsWay(D(1), D(1), D(1)) == OnItsWay(D(4), D(3), D(2))

    def test_of_a_place(self):
        place = line(should=386_772, enrolled=370_296, target=380_000)
        assert (place.rate, place.grade, place.unpaid, place.reached) == (D("95.74"), "high", 16_476, D("97.45"))
        assert (place.due, place.of_due) == (D(7_735_440), D("95.74"))
        assert line(should=1, enrolled=2).unpaid == 0
        nobody = line(should=0)
        assert (nobody.rate, nobody.grade, nobody.reached, nobody.of_due) == (None, "unknown", None, None)

    def test_all_together(self):
        some = [
            line("1", 10, 5, 8, added=Figures(1), way=OnItsWay(D(100))),
            line("2", 20, 5, added=Figures(2), way=OnItsWay(D(20))),
        ]
        whole = campaign.together(some, name="all", fee=D(20))
        assert (whole.should, whole.so_far.enrolled, whole.added.enrolled, whole.target) == (30, 10, 3, 8)
        assert (whole.due, whole.way.handed_in) == (D(600), D(120))
        assert campaign.together(some, name="", fee=D(20), target=25).target == 25
        assert campaign.together([], name="", fee=D(20)).target is None

    def test_equal_rates_share_their_place_and_the_unknown_have_none(self):
        some = [line("4", 0), line("3", 10, 5), line("2", 20, 10), line("1", 10, 9), line("5", 10, 1)]
        assert [(rank, one.code) for rank, one in campaign.ranked(some)] == [
            (1, "1"),
            (2, "2"),
            (2, "3"),
            (4, "5"),
            (None, "4"),
        ]

    def test_day_by_day(self):
        by_day = {date(2009, 9, 3): Figures(2), FIRST: Figures(1)}
        days = campaign.day_by_day(by_day)
        assert [(day.on.day, day.added.enrolled, day.so_far.enrolled) for day in days] == [(1, 1, 1), (3, 2, 3)]
        assert campaign.day_by_day({}) == []


class TestDeadlines:
    @pytest.mark.parametrize(
        ("rate", "behind"),
        [
            pytest.param(D("79.99"), True, id="a hundredth short"),
            pytest.param(D("80.00"), False, id="just there"),
            pytest.param(None, False, id="nobody said how many"),
        ],
    )
    def test_who_is_behind(self, rate, behind):
        assert campaign.is_behind(rate, D(80)) is behind

    @pytest.mark.parametrize(("enrolled", "missing"), [(0, 81), (80, 1), (81, 0), (90, 0)])
    def test_how_many_are_missing(self, enrolled, missing):
        assert campaign.missing(line(should=101, enrolled=enrolled), D(80)) == missing

    @pytest.mark.parametrize(
        ("day", "late"),
        [
            pytest.param(date(2010, 3, 4), 0, id="before"),
            pytest.param(date(2010, 3, 5), 0, id="on the last day"),
            pytest.param(date(2010, 3, 7), 0, id="at the weekend after"),
            pytest.param(date(2010, 3, 8), 1, id="on the Monday after"),
        ],
    )
    def test_how_late(self, day, late):
        table = WorkingDays({one: one.weekday() < 5 for n in range(10) for one in [date(2010, 3, 1) + timedelta(n)]})
        assert campaign.late(date(2010, 3, 5), day, table) == late


class TestCost:
    def test_for_100_yuan_and_a_head(self):
        assert campaign.per_hundred(D(15), D(2_000)) == D("0.75")
        assert campaign.per_hundred(D(15), D(0)) is None
        assert campaign.per_head(D(10), 3) == D("3.33")
        assert campaign.per_head(D(10), 0) is None


class TestBulletin:
    def test_without_one_before_or_a_deadline(self):
        said = bulletins.figures([(1, line("1", 10, 9))], line("", 10, 9), passed=None, before=None)
        assert (said["behind"], said["deadline"], said["before"]) == ([], None, None)
        row = said["rows"][0]
        assert (row["rate"], row["collected"], row["target"], row["more_enrolled"]) == ("90.00", "180.00", None, None)

    def test_who_is_behind_and_what_came_since(self):
        first = bulletins.figures([(1, line("1", 10, 5))], line("", 20, 5), passed=None, before=None)
        before = Before(1, FIRST, first["rows"], first["whole"])
        passed = Wanted(date(2009, 9, 30), D("80.00"))
        lines = [(1, line("1", 10, 9)), (2, line("2", 10, 3)), (None, line("3", 0))]
        said = bulletins.figures(lines, line("", 20, 12), passed=passed, before=before)
        assert said["behind"] == [{"code": "2", "name": "place 2", "rate": "30.00", "missing": 5}]
        assert said["deadline"] == {"on": "2009-09-30", "rate": "80.00"}
        assert said["before"] == {"number": 1, "as_of": "2009-09-01"}
        assert [row["more_enrolled"] for row in said["rows"]] == [4, None, None]
        assert (said["whole"]["more_enrolled"], said["whole"]["more_collected"]) == (7, "140.00")


class TestChart:
    def test_paper(self):
        paper = campaign_chart.paper(FIRST, date(2009, 12, 31), D("95.74"))
        assert paper.top == 100
        assert (paper.x(FIRST), paper.x(date(2009, 12, 31))) == (campaign_chart.LEFT, campaign_chart.RIGHT)
        assert (paper.x(date(2009, 1, 1)), paper.x(date(2010, 5, 1))) == (campaign_chart.LEFT, campaign_chart.RIGHT)
        assert (paper.y(D(0)), paper.y(D(100))) == (campaign_chart.BOTTOM, campaign_chart.TOP)
        assert [mark.words for mark in paper.grid] == ["0 %", "20 %", "40 %", "60 %", "80 %", "100 %"]
        assert [mark.words for mark in paper.months] == ["2009-10", "2009-11", "2009-12"]

    @pytest.mark.parametrize(("highest", "top"), [("0", 100), ("100", 100), ("100.01", 120), ("130", 140)])
    def test_everything_has_room(self, highest, top):
        assert campaign_chart.paper(FIRST, FIRST, D(highest)).top == top

    def test_one_day_and_many_months(self):
        assert campaign_chart.paper(FIRST, date(2009, 8, 1), D(0)).x(FIRST) == campaign_chart.LEFT
        assert campaign_chart.paper(FIRST, FIRST, D(0)).months == []
        many = campaign_chart.paper(FIRST, date(2011, 9, 1), D(0)).months
        assert [mark.words for mark in many[:2]] == ["2009-10", "2010-01"]
        assert len(many) == 8

    def test_a_line_rises_on_its_days(self):
        paper = campaign_chart.paper(FIRST, FIRST + timedelta(664), D(100))
        reached = [(FIRST + timedelta(100), D(50)), (FIRST + timedelta(200), D(100))]
        points = paper.path(reached, FIRST + timedelta(300))
        assert points == "40,292 140,292 140,153 240,153 240,14 340,14"
        assert paper.path([], FIRST) == ""

    @pytest.mark.parametrize(
        ("reached", "today", "state"),
        [
            pytest.param(D(80), date(2009, 9, 1), "reached", id="early"),
            pytest.param(D(79), date(2009, 9, 30), "ahead", id="on its day"),
            pytest.param(D(79), date(2009, 10, 1), "missed", id="after it"),
            pytest.param(None, date(2009, 10, 1), "missed", id="nobody counted"),
        ],
    )
    def test_a_deadline(self, reached, today, state):
        paper = campaign_chart.paper(FIRST, date(2009, 12, 31), D(0))
        flag = paper.flag(date(2009, 9, 30), D(80), reached=reached, today=today)
        assert (flag.state, flag.y) == (state, 70)

    def test_the_whole_picture(self):
        days = campaign.day_by_day({date(2009, 9, 10): Figures(30, D(600)), date(2009, 10, 10): Figures(60, D(1_200))})
        deadlines = [(date(2009, 9, 5), D(10)), (date(2009, 9, 30), D(30)), (date(2009, 10, 31), D(95))]
        window, today = (FIRST, date(2009, 12, 31)), date(2009, 10, 20)
        drawn = campaign_chart.picture(days, line(), window=window, today=today, deadlines=deadlines)
        assert [flag.state for flag in drawn.flags] == ["missed", "reached", "ahead"]
        assert drawn.enrolled == drawn.collected
        assert drawn.enrolled.endswith(f"{drawn.today},42")
        assert drawn.paper.last == date(2009, 12, 31)
        late = [*days, campaign.Day(date(2010, 1, 20), Figures(), Figures(100))]
        drawn = campaign_chart.picture(late, line(), window=window, today=today, deadlines=[])
        assert drawn.paper.last == date(2010, 1, 20)

    def test_a_picture_of_nothing(self):
        drawn = campaign_chart.picture([], line(should=0), window=(FIRST, FIRST), today=FIRST, deadlines=[])
        assert (drawn.enrolled, drawn.collected, drawn.flags) == ("", "", [])
