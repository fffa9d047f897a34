"""Lists of those helped, row by row: whom a row names, who it is in the register, what is wrong with it."""

from __future__ import annotations

from datetime import date

import pytest

from enrollment.rules import assistance as rules
from enrollment.rules.assistance import Known, Line
from enrollment.rules.faults import Level
from enrollment.tests.rosters import number

pytestmark = pytest.mark.rules

TODAY = date(2010, 3, 1)
OLD = "640522" + "700301" + "001"  # fifteen digits of somebody born on 1970-03-01
OLD_IN_FULL = number(1)


def read(*lines, header=("姓名", "身份证号", "乡镇", "村")) -> list[Line]:
    return list(rules.read_lines([header, *lines], TODAY))


class TestReading:
    def test_what_a_row_says(self):
        assert read(["马 一", number(1), "海城镇", "山门村"], [], ["马二", OLD]) == [
            Line(2, "马一", number(1), "海城镇", "山门村"),
            Line(4, "马二", OLD_IN_FULL),
        ]

    def test_headings_in_other_words_and_order(self):
        found = read(["x", number(1), "马一"], header=("备注", "公民身份号码", "对象姓名"))
        assert found == [Line(2, "马一", number(1))]
        assert read(["a", number(1)], header=("name", "id_number"))[0].name == "a"

    @pytest.mark.parametrize(
        ("header", "code", "columns"),
        [
            (("姓名",), "columns_missing", ("id_number",)),
            ((), "columns_missing", ("name", "id_number")),
            (("姓名", "身份证", "身份证号"), "columns_twice", ("id_number",)),
        ],
    )
    def test_what_is_no_header(self, header, code, columns):
        with pytest.raises(rules.CannotReadList) as refusal:
            rules.read_lines([header], TODAY)
        assert (refusal.value.code, refusal.value.columns) == (code, columns)
        with pytest.raises(rules.CannotReadList):
            rules.read_lines([], TODAY)

    @pytest.mark.parametrize(
        ("cells", "faults"),
        [
            (["", number(1)], [("name", "name_missing", "error", "missing")]),
            (["马一", "123", "", "村"], [("id_number", "id_format", "error", "length")]),
            (["马一", number(1)[:-1] + "?"], [("id_number", "id_format", "error", "characters")]),
            (["马一", "待补", "", "村"], [("id_number", "id_missing", "warning", "by_name")]),
            (["马一", ""], [("id_number", "id_missing", "error", "village")]),
            (["马一", number(1, date(2010, 3, 2))], [("id_number", "id_format", "error", "future")]),
        ],
    )
    def test_what_is_wrong_with_a_row(self, cells, faults):
        [line] = read(cells)
        assert [(one.column, one.code, one.level, one.detail) for one in line.faults] == faults

    def test_where_somebody_lives(self):
        assert [Line(2, "a", township="海城镇", village="山门村").place, Line(2, "a", village="x" * 80).place] == [
            "海城镇 山门村",
            "x" * 60,
        ]


def known(pk: int, name: str = "马一", person: str = "", village: str = "山门村") -> Known:
    return Known(pk, name, person, (village, f"海城镇 {village}"))


class TestMatching:
    @pytest.mark.parametrize(
        ("line", "register", "who"),
        [
            (Line(2, "别名", number(1)), [known(7, person=number(1))], 7),
            (Line(2, "马一", "", "", "山门村"), [known(7)], 7),
            (Line(2, "马一", "", "海城镇", "山门村"), [known(7), known(8, village="水洼村")], 7),
            (Line(2, "马一", "", "", "山门村"), [known(7, person=number(1))], 7),
            (Line(2, "马一", "", "", "山门村"), [known(7), known(8)], None),
            (Line(2, "马一", number(1), "", "山门村"), [known(7)], 7),
            (Line(2, "马一", number(1), "", "山门村"), [known(7, person=number(3))], None),
            (Line(2, "马一"), [known(7)], None),
            (Line(2, "马一", number(1)), [known(7)], None),
        ],
        ids=[
            "by the number, whatever the name",
            "by name and village",
            "the township tells villages apart",
            "who gives no number may have one",
            "two of one name in one village are nobody",
            "a number that is still to come in the register",
            "another number is another person",
            "without a village nobody",
            "a number that nobody has",
        ],
    )
    def test_who_it_is(self, line, register, who):
        assert rules.matched([line], register).get(2) == who

    def test_one_person_on_two_rows(self):
        lines = [
            Line(2, "马一", number(1)),
            Line(3, "马一", number(1)),
            Line(4, "马二", "", "", "村"),
            Line(5, "马二", number(5)),
            Line(6, "马三", "", "", "村"),
            Line(7, "马四", "", "", "村"),
        ]
        found = rules.named_twice(lines, {4: 9, 5: 9})
        assert sorted((one.row, one.code, one.detail) for one in found) == [
            (2, "id_twice", "3"),
            (3, "id_twice", "2"),
            (4, "id_twice", "5"),
            (5, "id_twice", "4"),
        ]

    def test_of_many_rows_five_are_named(self):
        found = list(rules.named_twice([Line(at, "马一", number(1)) for at in range(2, 12)], {}))
        assert (found[0].detail, found[0].level) == ("3 4 5 6 7", Level.ERROR)
