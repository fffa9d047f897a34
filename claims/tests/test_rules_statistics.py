"""Spans, bands, ratios and differences of statistics sheets, as docs/rules/statistics.md lays them down."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from claims.rules import statistics
from claims.rules.statistics import Difference, Row, Sums

pytestmark = pytest.mark.rules


def sums(times: int = 1, total: str = "100", fund: str = "40", eligible: str = "80") -> Sums:
    return Sums(times, Decimal(total), Decimal(eligible), Decimal(0), Decimal(fund), Decimal(total) - Decimal(fund))


def row(key: str = "county", this: Sums | None = None, table: str = "level", part: str = "stay", name: str = "") -> Row:
    return Row(part, table, key, name, this or sums(), Sums())


@pytest.mark.parametrize(
    ("span", "first", "last", "before"),
    [
        pytest.param("month", date(2012, 2, 1), date(2012, 2, 29), (date(2011, 2, 1), date(2011, 2, 28)), id="leap"),
        pytest.param("quarter", date(2010, 7, 1), date(2010, 9, 30), (date(2009, 7, 1), date(2009, 9, 30)), id="q3"),
        pytest.param("year", date(2010, 1, 1), date(2010, 12, 31), (date(2009, 1, 1), date(2009, 12, 31)), id="year"),
    ],
)
def test_a_span_ends_and_has_one_a_year_before(span, first, last, before):
    assert statistics.last_of(span, first) == last
    assert statistics.year_before(span, first) == before


@pytest.mark.parametrize(
    ("span", "day", "begins"),
    [
        ("month", date(2010, 5, 1), True),
        ("month", date(2010, 5, 2), False),
        ("quarter", date(2010, 4, 1), True),
        ("quarter", date(2010, 5, 1), False),
        ("year", date(2010, 1, 1), True),
        ("year", date(2010, 7, 1), False),
    ],
)
def test_when_a_span_begins(span, day, begins):
    assert statistics.begins(span, day) is begins


def test_spans_to_choose_from():
    found = statistics.spans_until(date(2010, 5, 20), months=12)
    assert found[0] == ("month", date(2010, 5, 1))
    assert found[11] == ("month", date(2009, 6, 1))
    quarters = [date(2010, 4, 1), date(2010, 1, 1), date(2009, 10, 1), date(2009, 7, 1)]
    assert found[12:16] == [("quarter", first) for first in quarters]
    assert found[16:] == [("year", date(year, 1, 1)) for year in (2010, 2009, 2008)]


@pytest.mark.parametrize(
    ("given", "figure", "told"),
    [
        pytest.param(sums(1580, "932644.02", "585696.51"), "average_cost", "590.28", id="WE-187"),
        pytest.param(sums(1580, "932644.02", "585696.51"), "average_payment", "370.69", id="WE-188"),
        pytest.param(sums(1580, "932644.02", "585696.51"), "actual_ratio", "62.80", id="WE-189"),
        pytest.param(sums(1, "6210.10", "4821.59"), "actual_ratio", "77.64", id="WE-052"),
        pytest.param(sums(1, "10", "1", "8"), "policy_ratio", "12.50", id="by eligible cost"),
        pytest.param(sums(8, "1", "1"), "average_cost", "0.13", id="half up"),
    ],
)
def test_ratios(given, figure, told):
    assert str(getattr(given, figure)) == told


def test_nothing_has_no_ratio():
    nothing = Sums()
    assert [nothing.average_cost, nothing.average_payment, nothing.actual_ratio, nothing.policy_ratio] == [None] * 4


def test_two_spans_side_by_side_in_the_order_of_a_sheet():
    this = {
        ("visit", "whole", ""): ("", sums()),
        ("stay", "disease", "A"): ("甲", sums(total="5")),
        ("stay", "disease", "B"): ("乙", sums(total="9")),
        ("stay", "band", "1000"): ("", sums()),
        ("stay", "band", "0"): ("", sums()),
        ("stay", "whole", ""): ("", sums()),
    }
    before = {("stay", "disease", "C"): ("丙", sums(total="7"))}
    rows = statistics.joined(this, before)
    assert [one.place for one in rows] == [
        ("stay", "whole", ""),
        ("stay", "band", "0"),
        ("stay", "band", "1000"),
        ("stay", "disease", "B"),
        ("stay", "disease", "A"),
        ("stay", "disease", "C"),
        ("visit", "whole", ""),
    ]
    assert (rows[5].this, rows[5].before, rows[5].name) == (Sums(), sums(total="7"), "丙")


def test_figures_are_kept_to_the_fen_and_read_again():
    rows = [row(this=sums(3, "100.10")), row("T", name="乡", table="township")]
    found = [Difference("stay", "level", "county", "", "total", "1.00", "100.10")]
    kept = statistics.kept(rows, found)
    assert kept["rows"][0][:5] == ["stay", "level", "county", "", [3, "100.10", "80.00", "0.00", "40.00", "60.10"]]
    assert statistics.rows_of(kept) == rows
    assert statistics.differences_of(kept) == found


def test_every_figure_that_differs_is_named():
    was = [row(this=sums(2, "100")), row("T1", table="township", name="旧名"), row("gone")]
    now = [row(this=sums(3, "100")), row("T1", table="township", name="新名"), row("new", this=sums(1, "1", "0", "0"))]
    found = {(one.key, one.figure, one.was, one.now) for one in statistics.differences(was, now)}
    assert ("county", "times", "2", "3") in found
    assert ("T1", "name", "旧名", "新名") in found
    assert ("new", "total", "0.00", "1.00") in found
    assert ("gone", "fund_pays", "40.00", "0.00") in found
    assert statistics.differences(was, was) == []
    later = [one._replace(before=sums()) for one in was[:1]]
    assert {one.figure for one in statistics.differences(was[:1], later)} == {
        f"{name}_before" for name in ("times", "total", "eligible", "fund_pays", "patient_pays")
    }
