"""Rows of what an office brings along: read, and what is wrong with them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from enrollment.rules import go_live, id_numbers
from enrollment.rules.go_live import COVERAGE, HOUSEHOLD_BALANCES, PERSONAL_BALANCES, Column

TODAY = date(2010, 6, 1)
SEVENTEEN = "64052219700301001"
NUMBER = SEVENTEEN + id_numbers.check_digit(SEVENTEEN)


def lines(required, *table):
    return list(go_live.read_lines(table, required, TODAY))


def codes(line):
    return [(fault.column, fault.code) for fault in line.faults]


class TestHeader:
    @pytest.mark.parametrize(
        "header", [["姓名", "身份证号"], ["\ufeffID_Number", "name"], ["身份证号码", "备注", "姓 名"]]
    )
    def test_chinese_or_english_in_any_order(self, header):
        assert {Column.NAME, Column.ID_NUMBER} <= set(go_live.read_header(header, COVERAGE, TODAY).places)

    def test_what_is_missing(self):
        with pytest.raises(go_live.CannotReadColumns) as refusal:
            go_live.read_header(["姓名"], HOUSEHOLD_BALANCES, TODAY)
        assert (refusal.value.code, refusal.value.columns) == (
            "columns_missing",
            (Column.HOUSEHOLD, Column.BALANCE),
        )

    def test_what_stands_there_twice(self):
        with pytest.raises(go_live.CannotReadColumns) as refusal:
            go_live.read_header(["姓名", "身份证号", "name"], COVERAGE, TODAY)
        assert (refusal.value.code, refusal.value.columns) == ("columns_twice", (Column.NAME,))

    def test_an_empty_file(self):
        with pytest.raises(go_live.CannotReadColumns):
            lines(COVERAGE)


class TestLines:
    def test_a_coverage(self):
        header = ["身份证号", "姓名", "参保起始日期", "缴费金额", "收据号"]
        (line,) = lines(COVERAGE, header, [NUMBER, " 马 小兰", "2010-03-01", "20元", "0017" * 10])
        assert line.number == 2
        assert (line.person, line.name, line.first_day) == (NUMBER, "马小兰", date(2010, 3, 1))
        assert (line.fee, len(line.receipt), line.balance, line.faults) == (20, 30, None, ())

    def test_empty_rows_are_left_out_but_counted(self):
        assert [one.number for one in lines(COVERAGE, ["身份证号", "姓名"], ["", ""], [NUMBER, "马小兰"])] == [3]

    def test_a_row_that_breaks_off(self):
        (line,) = lines(COVERAGE, ["身份证号", "姓名"], [NUMBER])
        assert codes(line) == [("name", "name_missing")]

    def test_who_has_no_number_yet_is_told_by_household_and_name(self):
        header = ["户编号", "身份证号", "姓名"]
        assert lines(COVERAGE, header, ["1", "待补", "马小兰"])[0].faults == ()
        assert codes(lines(COVERAGE, header, ["", "待补", "马小兰"])[0]) == [("id_number", "owner_missing")]

    @pytest.mark.parametrize(("said", "code"), [("64052219700301", "id_format"), (SEVENTEEN + "0", "id_check_digit")])
    def test_a_number_that_is_none(self, said, code):
        assert NUMBER[-1] != "0"
        assert codes(lines(COVERAGE, ["身份证号", "姓名"], [said, "马小兰"])[0]) == [("id_number", code)]

    def test_days_and_names(self):
        header = ["身份证号", "姓名", "起始日期"]
        assert codes(lines(COVERAGE, header, [NUMBER, "马?兰", "soon"])[0]) == [
            ("name", "name_missing"),
            ("first_day", "day_unreadable"),
        ]

    @pytest.mark.parametrize("said", ["", "x", "-1", "1.005", "100000000"])
    def test_a_balance_that_is_none(self, said):
        assert codes(lines(HOUSEHOLD_BALANCES, ["户编号", "余额"], ["1", said])[0]) == [
            ("balance", "amount_unreadable")
        ]

    def test_a_balance(self):
        (line,) = lines(HOUSEHOLD_BALANCES, ["户编号", "余额"], ["１", 12.5])
        assert (line.household, line.balance, line.name, line.faults) == ("1", Decimal("12.5"), "", ())
        assert codes(lines(HOUSEHOLD_BALANCES, ["户编号", "余额"], ["", 1])[0]) == [("household", "owner_missing")]
        assert codes(lines(PERSONAL_BALANCES, ["身份证号", "余额"], ["", 1])[0]) == [("id_number", "owner_missing")]

    def test_the_same_owner_on_several_rows(self):
        told = [(one.row, one.detail) for one in go_live.named_twice([(2, "a"), (3, "b"), (4, "a"), (5, None)])]
        assert told == [(2, "4"), (4, "2")]
