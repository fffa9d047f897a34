"""Days: the same rows as in docs/rules/money-and-days.md, and the edges around them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.rules import days

pytestmark = pytest.mark.rules

# Around the Spring Festival of 2010: off from Saturday the 13th to Friday the 19th of February,
# and the two weekend days after it (the 20th and 21st) were worked.
HOLIDAYS = {date(2010, 2, n) for n in range(13, 20)}
MAKE_UP = {date(2010, 2, 20), date(2010, 2, 21)}
FEBRUARY = [date(2010, 2, n) for n in range(1, 29)]
TABLE = days.WorkingDays({day: day in MAKE_UP or (day.weekday() < 5 and day not in HOLIDAYS) for day in FEBRUARY})


class TestBusinessDay:
    @pytest.mark.parametrize(
        ("at", "day"),
        [
            pytest.param(datetime(2010, 2, 28, 15, 59, tzinfo=UTC), date(2010, 2, 28), id="23:59"),
            pytest.param(datetime(2010, 2, 28, 16, 0, tzinfo=UTC), date(2010, 3, 1), id="midnight"),
            pytest.param(
                datetime(2009, 12, 31, 23, 0, tzinfo=ZoneInfo("Asia/Shanghai")),
                date(2009, 12, 31),
                id="already in Shanghai",
            ),
        ],
    )
    def test_is_the_date_in_shanghai(self, at, day):
        assert days.business_day(at) == day

    def test_refuses_a_time_without_a_zone(self):
        with pytest.raises(ValueError, match="without a zone"):
            days.business_day(datetime(2010, 3, 1, 12))


@pytest.mark.parametrize(("day", "year"), [(date(2009, 12, 31), 2009), (date(2010, 1, 1), 2010)])
def test_the_fund_year_is_the_calendar_year(day, year):
    assert days.fund_year(day) == year


class TestWorkingDays:
    @pytest.mark.parametrize(
        ("day", "works"),
        [
            pytest.param(12, True, id="ordinary Friday"),
            pytest.param(13, False, id="holiday on a Saturday"),
            pytest.param(15, False, id="holiday on a Monday"),
            pytest.param(20, True, id="make-up Saturday"),
            pytest.param(27, False, id="ordinary Saturday"),
        ],
    )
    def test_follows_the_table(self, day, works):
        assert TABLE.is_working(date(2010, 2, day)) is works

    @pytest.mark.parametrize(
        ("start", "n", "end"),
        [
            pytest.param(1, 1, 2, id="next day"),
            pytest.param(12, 1, 20, id="over the festival"),
            pytest.param(12, 3, 22, id="make-up days count"),
            pytest.param(14, 1, 20, id="from a holiday"),
            pytest.param(5, 5, 12, id="one week"),
            pytest.param(1, 16, 26, id="long limit"),
        ],
    )
    def test_after_counts_from_the_next_day(self, start, n, end):
        assert TABLE.after(date(2010, 2, start), n) == date(2010, 2, end)

    @pytest.mark.parametrize("n", [0, -1])
    def test_after_refuses_no_days(self, n):
        with pytest.raises(ValueError, match="one working day or more"):
            TABLE.after(date(2010, 2, 1), n)

    @pytest.mark.parametrize(
        ("start", "end", "count"),
        [
            pytest.param(1, 1, 0, id="same day"),
            pytest.param(1, 2, 1, id="next day"),
            pytest.param(12, 19, 0, id="the festival"),
            pytest.param(12, 21, 2, id="make-up days"),
            pytest.param(1, 28, 16, id="the month after its first day"),
        ],
    )
    def test_between_counts_the_end_and_not_the_start(self, start, end, count):
        assert TABLE.between(date(2010, 2, start), date(2010, 2, end)) == count

    def test_between_refuses_an_end_before_its_start(self):
        with pytest.raises(ValueError, match="before the start"):
            TABLE.between(date(2010, 2, 2), date(2010, 2, 1))

    @given(st.integers(1, 20), st.integers(1, 5))
    def test_between_is_the_other_side_of_after(self, start, n):
        day = date(2010, 2, start)

        assert TABLE.between(day, TABLE.after(day, n)) == n

    @pytest.mark.parametrize(
        "ask",
        [
            pytest.param(lambda: TABLE.is_working(date(2010, 3, 1)), id="is_working"),
            pytest.param(lambda: TABLE.after(date(2010, 2, 26), 1), id="after"),
            pytest.param(lambda: TABLE.between(date(2010, 2, 26), date(2010, 3, 1)), id="between"),
        ],
    )
    def test_says_where_the_table_ends(self, ask):
        with pytest.raises(days.CalendarUnknown, match="does not reach 2010-03-01") as refusal:
            ask()

        assert refusal.value.code == "calendar_unknown"
        assert refusal.value.day == date(2010, 3, 1)

    def test_does_not_change_with_the_mapping_it_came_from(self):
        source = {date(2010, 2, 1): True}
        table = days.WorkingDays(source)
        source[date(2010, 2, 1)] = False

        assert table.is_working(date(2010, 2, 1))
        with pytest.raises(TypeError):
            table.days[date(2010, 2, 1)] = False

    def test_is_equal_to_another_with_the_same_days(self):
        assert days.WorkingDays({FEBRUARY[0]: True}) == days.WorkingDays({FEBRUARY[0]: True})
        assert FEBRUARY[0] + timedelta(1) not in days.WorkingDays({}).days
