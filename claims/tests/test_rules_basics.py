"""Catalogues and diseases row by row, and what a search field means."""

from __future__ import annotations

from decimal import Decimal

import pytest

from claims.rules import catalogues, columns, diseases, searching
from enrollment.rules.faults import Level

pytestmark = pytest.mark.rules

HEADER = ["编码", "名称", "类别", "费用类别", "单位", "限价", "限制"]
GOOD = ["x01", "阿莫西林", "甲", "西药", "盒", "6.50", ""]


def faults_of(row: list[str], *, are_drugs: bool = True) -> list[tuple[str, str, str]]:
    read = catalogues.read_entries([HEADER, row], are_drugs=are_drugs)
    assert bool(read.good) is not bool(read.faults)
    return [(fault.column, fault.code, fault.detail) for fault in read.faults]


class TestCatalogues:
    def test_a_row_as_it_is_kept(self):
        read = catalogues.read_entries(
            [HEADER, ["ｘ 01", " 阿莫西林 ", "甲类", "", "盒", "¥1,006.50", "限儿童"]], are_drugs=True
        )
        assert (read.rows, read.faults) == (1, ())
        assert read.good == [catalogues.Entry(2, "X01", "阿莫西林", "A", "drug", "盒", Decimal("1006.50"), "限儿童")]

    @pytest.mark.parametrize(
        ("place", "cell", "fault"),
        [
            (0, "", ("code", "text_missing", "")),
            (0, "x" * 31, ("code", "text_long", "30")),
            (1, "", ("name", "text_missing", "")),
            (1, "药" * 121, ("name", "text_long", "120")),
            (1, "阿\ufffd西林", ("name", "text_unreadable", "")),
            (2, "丁", ("item_class", "class_unknown", "")),
            (2, "", ("item_class", "class_unknown", "")),
            (3, "交通", ("group", "group_unknown", "")),
            (3, "床位费", ("group", "group_unfit", "drugs")),
            (4, "盒" * 21, ("unit", "text_long", "20")),
            (5, "三元", ("price_limit", "price_unreadable", "")),
            (5, "-1", ("price_limit", "price_unreadable", "")),
            (5, "1.005", ("price_limit", "price_unreadable", "")),
            (5, "10000000000", ("price_limit", "price_unreadable", "")),
            (6, "限" * 201, ("note", "text_long", "200")),
        ],
    )
    def test_one_fault_of_a_row(self, place, cell, fault):
        assert faults_of([*GOOD[:place], cell, *GOOD[place + 1 :]]) == [fault]

    def test_free_of_charge_is_a_price_and_a_blank_is_none(self):
        rows = [[*GOOD[:5], price, ""] for price in ("0", "")]
        read = catalogues.read_entries([HEADER, rows[0], ["x02", *rows[1][1:]]], are_drugs=True)
        assert [one.price_limit for one in read.good] == [Decimal(0), None]

    def test_services_say_their_group_and_have_no_drugs(self):
        assert faults_of(GOOD, are_drugs=False) == [("group", "group_unfit", "services")]
        assert faults_of([*GOOD[:3], "", *GOOD[4:]], are_drugs=False) == [("group", "group_unknown", "")]
        assert catalogues.read_entries([HEADER, [*GOOD[:3], "检查费", *GOOD[4:]]], are_drugs=False).good

    def test_a_code_twice_is_told_on_both_rows(self):
        read = catalogues.read_entries([HEADER, GOOD, [""], ["X01", *GOOD[1:]], ["x02", *GOOD[1:]]], are_drugs=True)
        assert [(fault.row, fault.code, fault.detail) for fault in read.faults] == [
            (2, "entry_twice", "4"),
            (4, "entry_twice", "2"),
        ]
        assert [one.code for one in read.good] == ["X02"]

    def test_a_short_row_lacks_its_last_cells(self):
        assert faults_of(["x01"]) == [("item_class", "class_unknown", ""), ("name", "text_missing", "")]

    @pytest.mark.parametrize(
        ("header", "are_drugs", "code", "names"),
        [
            (["编码", "名称"], True, "columns_missing", ("item_class",)),
            (["编码", "名称", "甲乙类"], False, "columns_missing", ("group",)),
            (["编码", "代码", "名称", "类别"], True, "columns_twice", ("code",)),
            ([], True, "columns_missing", ("code", "name", "item_class")),
        ],
    )
    def test_a_first_row_that_is_no_header(self, header, are_drugs, code, names):
        with pytest.raises(columns.CannotReadTable) as refused:
            catalogues.read_entries([header, GOOD], are_drugs=are_drugs)
        assert (refused.value.code, refused.value.columns) == (code, names)

    def test_columns_in_any_order_under_their_other_names(self):
        read = catalogues.read_entries(
            [["甲乙类", "备注x", "药品名称", "药品编码"], ["乙", "-", "青霉素", "y1"]], are_drugs=True
        )
        assert [(one.code, one.name, one.item_class, one.unit) for one in read.good] == [("Y1", "青霉素", "B", "")]


class TestDiseases:
    def test_rows_as_they_are_kept(self):
        rows = [["ICD-10", "疾病名称", "在用"], ["i10", "高血压", ""], ["e11.9", "糖尿病", "否"]]
        read = diseases.read_lines(rows, {})
        assert (read.rows, read.faults) == (2, ())
        assert read.good == [diseases.Line(2, "I10", "高血压", True), diseases.Line(3, "E11.9", "糖尿病", False)]

    def test_another_name_is_told_of_and_taken(self):
        read = diseases.read_lines([["编码", "名称"], ["I10", "高血压"]], {"I10": "原发性高血压"})
        assert [(fault.code, fault.level, fault.detail) for fault in read.faults] == [
            ("name_differs", Level.WARNING, "原发性高血压")
        ]
        assert len(read.good) == 1

    def test_faulty_rows_stay_out(self):
        rows = [["编码", "名称", "在用"], ["I10", "高血压", "也许"], ["", "肺炎", ""], ["J18", "肺炎", "是"]]
        read = diseases.read_lines(rows, {})
        assert [(fault.row, fault.code) for fault in read.faults] == [(2, "use_unknown"), (3, "text_missing")]
        assert [line.code for line in read.good] == ["J18"]


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("", ("", "", "", ())),
        ("  ", ("", "", "", ())),
        ("i", ("i", "I", "", ())),
        ("GXY", ("GXY", "GXY", "gxy", ())),
        ("ｇｘｙ", ("gxy", "GXY", "gxy", ())),
        ("i10", ("i10", "I10", "", ())),
        ("高 血压（１", ("高 血压（1", "高血压(1", "", ("血压",))),
        ("abcdefghij", ("abcdefghij", "ABCDEFGHIJ", "abcdefgh", ())),
    ],
)
def test_what_is_typed_is_a_name_a_code_or_initials(typed, asked):
    assert searching.read(typed) == asked


def test_a_code_is_kept_in_capitals_without_blanks():
    assert searching.code_of(" ｙｓ 01 ") == "YS01"


def test_what_stands_within_a_name_is_found_too():
    assert searching.pairs("2型糖尿病（演示）") == ("型糖", "糖尿", "尿病", "演示")
    assert searching.initials_within("糖尿病") == ("nb",)
    assert set(searching.initials_within("2型糖尿病")) == {"tn", "tnb", "nb"}
    assert max(map(len, searching.initials_within("重型再生障碍性贫血合并感染"))) == 8
