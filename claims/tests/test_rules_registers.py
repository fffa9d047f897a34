"""What rows of registers and lists say by themselves: columns, days, sums, receipts, each fault by its code."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from claims import bulk_words
from claims.rules import registers
from claims.rules.columns import CannotReadTable
from claims.rules.registers import LIST, REGISTER
from enrollment import fault_words

FEBRUARY, TODAY = date(2010, 2, 1), date(2010, 3, 1)
VISIT = {"book": "1", "name": "马一", "disease": "J18", "began_on": "2010-2-3", "receipt": "n 1", "drug": "30"}
STAY = VISIT | {"kind": "住院", "ended_on": "2010.02.09", "id_number": "x"}


def read(*given, kind=REGISTER, month=FEBRUARY):
    return registers.read_rows(kind, month, given, TODAY)


def codes(*given, **more):
    return [(fault.column, fault.code, fault.detail) for line in read(*given, **more) for fault in line.faults]


def test_a_visit_as_it_was_typed():
    [line] = read(VISIT | {"herb": "￥1,020.50", "own": "3元", "total": "1053.50"})
    assert line.faults == ()
    assert (line.kind, line.began_on, line.ended_on, line.receipt_type, line.receipt) == (
        "outpatient", date(2010, 2, 3), date(2010, 2, 3), "-", "N1",
    )  # fmt: skip
    assert [(item.item_class, item.group, item.amount) for item in line.items] == [
        ("A", "drug", 30), ("A", "herb", Decimal("1020.50")), ("C", "other", 3),
    ]  # fmt: skip
    assert line.total == Decimal("1053.50")
    assert line.is_visit


def test_a_stay_as_it_was_sent():
    more = {"hospital_number": "Z9", "referred": "是", "papers": "不齐", "receipt_type": "064001"}
    [line] = read(STAY | more, kind=LIST)
    assert (line.kind, line.is_visit, line.is_referred, line.has_papers) == ("inpatient", False, True, False)
    assert (line.began_on, line.ended_on, line.admission, line.key) == (
        date(2010, 2, 3), date(2010, 2, 9), "Z9", ("064001", "N1", 2010),
    )  # fmt: skip
    [line] = read(STAY | {"kind": "剖宫产"}, kind=LIST)
    assert (line.kind, line.delivery) == ("delivery", "caesarean")


def test_empty_rows_are_left_out_and_places_are_counted_without_them():
    lines = read({}, VISIT, {"name": " "}, VISIT | {"receipt": "2"})
    assert [(line.position, line.receipt) for line in lines] == [(1, "N1"), (2, "2")]


@pytest.mark.parametrize(
    ("more", "kind", "found"),
    [
        ({"name": ""}, REGISTER, ("name", "text_missing", "")),
        ({"name": "马" * 61}, REGISTER, ("name", "text_long", "60")),
        ({"name": "马\ue000"}, REGISTER, ("name", "text_unreadable", "")),
        ({"book": ""}, REGISTER, ("id_number", "patient_missing", "")),
        ({"disease": ""}, REGISTER, ("disease", "text_missing", "")),
        ({"receipt": ""}, REGISTER, ("receipt", "text_missing", "")),
        ({"receipt": "1" * 25}, REGISTER, ("receipt", "text_long", "24")),
        ({"began_on": ""}, REGISTER, ("began_on", "text_missing", "")),
        ({"began_on": "2010-2-30"}, REGISTER, ("began_on", "day_unreadable", "")),
        ({"began_on": "2010-1-31"}, REGISTER, ("began_on", "outside_month", "2010-02")),
        ({"began_on": "2010-3-2"}, REGISTER, ("began_on", "day_to_come", "")),
        ({"kind": "住院"}, REGISTER, ("kind", "stay_on_register", "")),
        ({"kind": "x"}, LIST, ("kind", "kind_unknown", "")),
        ({"kind": ""}, LIST, ("kind", "kind_unknown", "")),
        ({"ended_on": ""}, LIST, ("ended_on", "text_missing", "")),
        ({"ended_on": "2010-2-2"}, LIST, ("ended_on", "ended_before", "")),
        ({"ended_on": "2010-3-1"}, LIST, ("ended_on", "outside_month", "2010-02")),
        ({"kind": "门诊"}, LIST, ("ended_on", "visit_of_days", "")),
        ({"referred": "也许"}, LIST, ("referred", "yes_or_no", "")),
        ({"drug": "三十"}, REGISTER, ("drug", "cost_unreadable", "")),
        ({"drug": "-30"}, REGISTER, ("drug", "cost_unreadable", "")),
        ({"drug": "30.001"}, REGISTER, ("drug", "cost_unreadable", "")),
        ({"drug": "100000000"}, REGISTER, ("drug", "cost_unreadable", "")),
        ({"drug": ""}, REGISTER, ("total", "cost_missing", "")),
        ({"drug": "0"}, REGISTER, ("total", "cost_missing", "")),
        ({"total": "31"}, REGISTER, ("total", "total_differs", "30.00")),
    ],
)
def test_each_fault_stands_in_its_column(more, kind, found):
    given = (VISIT if kind == REGISTER else STAY) | more
    assert found in codes(given, kind=kind)


def test_a_receipt_stands_once_in_a_document():
    assert codes(VISIT, VISIT | {"receipt": "2"}, VISIT | {"receipt": "N1"}) == [("receipt", "receipt_repeated", "1")]
    assert codes(STAY, STAY | {"receipt_type": "2"}, kind=LIST) == []


def test_a_table_names_its_columns_in_chinese_or_english_in_any_order():
    chinese = [
        ["收据号", "姓名", "诊断", "就诊日期", "户号", "药费（元）"],
        ["1", "马一", "J18", "2010-02-03", 7, 30.5],
    ]
    english = [
        ["receipt", "Patient", "Diagnosis", "day", "household number", "drug"],
        ["1", "马一", "J18", date(2010, 2, 3), "7", "30.5"],
    ]
    for table in (chinese, english):
        [row] = registers.read_table(REGISTER, table)
        assert (row["name"], row["book"], row["began_on"], row["drug"]) == ("马一", "7", "2010-02-03", "30.5")
    with pytest.raises(CannotReadTable) as refusal:
        registers.read_table(LIST, chinese)
    assert refusal.value.columns == ("kind", "ended_on")
    with pytest.raises(CannotReadTable, match="columns_twice"):
        registers.read_table(REGISTER, [[*chinese[0], "患者姓名"]])


def test_every_column_and_every_fault_has_its_words():
    assert set(bulk_words.COLUMNS) == set(registers.COLUMNS) >= set(registers.COSTS)
    assert {code for code, _detail in bulk_words.REASONS} == set(bulk_words.CODES)
    assert set(bulk_words.CODES) <= set(fault_words.CODES)
    assert all(set(some) <= set(registers.COLUMNS) for some in registers.SHOWN.values())


def test_the_prose_has_a_row_for_every_fault():
    prose = (Path(__file__).resolve().parents[2] / "docs/rules/bulk.md").read_text(encoding="utf-8")
    table = {line.split("|")[1].strip(" `") for line in prose.splitlines() if line.startswith("| `")}
    assert table == set(bulk_words.CODES)
