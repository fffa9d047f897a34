"""The page about one record: how the cells of its tables stand."""

from __future__ import annotations

from datetime import date

from django.utils.html import format_html

from office.pages.records import SHORT, WIDE, Table


def test_what_is_short_stays_on_one_line_and_figures_stand_below_one_another():
    link = format_html('<a href="{}">{}</a>', "/a/long/way/to/it/", "CY2010-00001")
    [cells] = Table(
        "", ["", "", "", ""], [[date(2010, 3, 1), link, "1,200.00", "字" * (SHORT + 1)]], figures=(2,)
    ).lines()
    assert [kind for _cell, kind in cells] == ["text-nowrap", "text-nowrap", "num", ""]
    assert cells[1][0] == link


def test_with_many_columns_it_takes_the_whole_page():
    row = [["cell"] * (WIDE + 1)]
    assert not Table("", ["column"] * WIDE, row).is_wide
    assert Table("", ["column"] * (WIDE + 1), row).is_wide
    assert not Table("", ["column"] * (WIDE + 1), []).is_wide
