"""The holiday notice as a table: the same rows as docs/rules/money-and-days.md."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from office.rules import notice
from office.rules.notice import DayNotice, Fault

pytestmark = pytest.mark.rules
HEADER = ["日期", "上班", "说明"]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        pytest.param(["2027-01-01", "否", "元旦"], DayNotice(date(2027, 1, 1), False, "元旦"), id="text"),
        pytest.param(
            [date(2027, 2, 20), "是", "调休"],
            DayNotice(date(2027, 2, 20), True, "调休"),
            id="a date",
        ),
        pytest.param(
            [datetime(2027, 2, 20), 1.0, "调休"],
            DayNotice(date(2027, 2, 20), True, "调休"),
            id="a time, 1",
        ),
        pytest.param(
            ["2027年1月1日", "休", "元旦"],
            DayNotice(date(2027, 1, 1), False, "元旦"),
            id="Chinese date",
        ),
        pytest.param(
            [20270101.0, "no", "元旦"],
            DayNotice(date(2027, 1, 1), False, "元旦"),
            id="eight digits",
        ),
    ],
)
def test_a_good_row(row, expected):
    assert notice.read([HEADER, row], 2027) == ([expected], [])


@pytest.mark.parametrize(
    ("row", "column", "sentence"),
    [
        pytest.param(["2027-02-30", "否", "春节"], "day", notice.DAY_UNREADABLE, id="no such day"),
        pytest.param(["2026-01-01", "否", "元旦"], "day", notice.DAY_OTHER_YEAR, id="another year"),
        pytest.param(["2027-01-01", "也许", "元旦"], "working", notice.WORKING_UNREADABLE, id="unclear word"),
        pytest.param(["2027-01-01", "否", ""], "reason", notice.REASON_MISSING, id="no reason"),
        pytest.param(["2027-01-01"], "working", notice.WORKING_UNREADABLE, id="short row"),
    ],
)
def test_a_faulty_row_is_named_with_its_column(row, column, sentence):
    days, faults = notice.read([HEADER, row], 2027)
    assert days == []
    assert (faults[0].row, faults[0].column, faults[0].sentence) == (2, column, sentence)


def test_a_day_that_stands_twice_names_the_first_row():
    row = ["2027-01-01", "否", "元旦"]
    days, faults = notice.read([HEADER, row, [], row], 2027)
    assert len(days) == 1
    assert faults == [Fault(4, "day", "2027-01-01", notice.DAY_TWICE, {"row": 2})]


@pytest.mark.parametrize(
    "rows", [[], [["日期", "说明"]], [["a", "b"], ["c", "d"]]], ids=["empty", "one missing", "none"]
)
def test_a_missing_column_is_named(rows):
    days, faults = notice.read(rows, 2027)
    assert days == []
    assert {fault.sentence for fault in faults} == {notice.COLUMN_MISSING}


def test_columns_may_stand_in_any_order_among_others():
    rows = [["序号", "说明", "working", "date"], [1, "元旦", "no", "2027-01-01"]]
    assert notice.read(rows, 2027) == ([DayNotice(date(2027, 1, 1), False, "元旦")], [])
