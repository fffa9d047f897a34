"""Rosters: header, rows, and what the rows have together."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enrollment.rules import cells, id_numbers, roster_rows, rosters
from enrollment.rules.categories import Category, Relation, Sex
from enrollment.rules.faults import Level
from enrollment.rules.roster_columns import CHINESE, CannotReadHeader, Column, read_header
from enrollment.rules.roster_rows import Due, Terms
from enrollment.rules.rosters import Known

pytestmark = pytest.mark.rules

VILLAGE = "640522100203"
FULL = Due(Decimal(20), Decimal(20))
HELPED = Due(Decimal(20), Decimal(0))
PARTLY = Due(Decimal(20), Decimal(10))
TERMS = Terms(
    2009,
    date(2008, 12, 1),
    dict.fromkeys(Category, FULL) | {Category.FIVE_GUARANTEES: HELPED, Category.DISABLED: PARTLY},
    frozenset({VILLAGE, "640522101200"}),
)
HEADER = [column.value for column in Column]


def number(born: str, sequence: str = "001", county: str = "642222") -> str:
    seventeen = county + born + sequence
    return seventeen + id_numbers.check_digit(seventeen)


ADULT = number("19700101")  # a man
CHILD = number("20000101")


def line(**cells_by_name: object) -> list[object]:
    """A row without fault, apart from what is given."""
    plain = {
        "household": "H1",
        "head": "是",
        "name": "马小明",
        "id_number": ADULT,
        "sex": "",
        "birth_date": "",
        "relation": "",
        "village_code": VILLAGE,
        "category": "",
        "fee": "20",
        "receipt": "",
    }
    return list((plain | cells_by_name).values())


def read(*lines: list[object]) -> list[roster_rows.Row]:
    return list(roster_rows.read_rows([HEADER, *lines], TERMS))


def told(faults) -> list[tuple[int, str, str, str]]:
    return [(fault.row, fault.column, fault.code, fault.detail) for fault in faults]


class TestCells:
    @pytest.mark.parametrize(
        ("cell", "text"),
        [
            (None, ""),
            (" a ", "a"),
            (20.0, "20"),
            (20.5, "20.5"),
            (642222700101001.0, "642222700101001"),
            (642222197001010016.0, "6.4222219700101E+17"),
            (7, "7"),
            (datetime(1980, 1, 2, 3), "1980-01-02"),
            (date(1980, 1, 2), "1980-01-02"),
            (True, "True"),
        ],
    )
    def test_cells_as_text(self, cell, text):
        assert cells.text(cell) == text

    @pytest.mark.parametrize(
        "said",
        [
            "1980-01-02",
            "1980/1/2",
            "1980.1.2",
            "1980年1月2日",
            "19800102",
            "29222",
            "１９８０－１－２",
            "1980-01-02 00:00:00",
        ],
    )
    def test_one_day_in_every_form(self, said):
        assert cells.day(said) == date(1980, 1, 2)

    @pytest.mark.parametrize("said", ["", "1980", "198001", "1980-13-01", "19800230", "不详", "0", "999999"])
    def test_what_is_no_day(self, said):
        assert cells.day(said) is None

    @pytest.mark.parametrize(
        ("said", "yuan"),
        [("20", "20"), ("20.00元", "20"), ("¥1,020.5", "1020.5"), ("２０", "20"), ("-5", "-5")],
    )
    def test_money(self, said, yuan):
        assert cells.money(said) == Decimal(yuan)

    @pytest.mark.parametrize("said", ["", "二十", "2E1", "NaN", "1.2.3", "已缴"])
    def test_no_money(self, said):
        assert cells.money(said) is None


class TestHeader:
    def test_chinese_names_in_any_order_with_notes(self):
        header = read_header(
            ["\ufeff姓名*", "备注", " 户 编 号 ", "户主（是/否）", "身份证号码", "村代码", "缴费金额(元)", "", None]
        )
        assert [column for column, _place in sorted(header.places.items(), key=lambda item: item[1])] == [
            Column.NAME,
            Column.HOUSEHOLD,
            Column.HEAD,
            Column.ID_NUMBER,
            Column.VILLAGE_CODE,
            Column.FEE,
        ]
        assert header.unknown == ("备注",)

    def test_english_names(self):
        assert (
            len(read_header(["ID Number", "VILLAGE_CODE", "household", "head", "name", "Ｆｅｅ", "birth-date"]).places)
            == 7
        )

    def test_every_printed_name_is_read(self):
        assert len(read_header([names[0] for names in CHINESE.values()]).places) == len(Column)

    @pytest.mark.parametrize(
        ("row", "code", "column"),
        [
            ([], "columns_missing", Column.NAME),
            (["海原县参合人员名册"], "columns_missing", Column.FEE),
            ([*HEADER, "姓名"], "columns_twice", Column.NAME),
        ],
    )
    def test_what_is_no_header(self, row, code, column):
        with pytest.raises(CannotReadHeader) as refusal:
            read_header(row)
        assert refusal.value.code == code
        assert column in refusal.value.columns


class TestRow:
    def test_a_plain_row(self):
        [row] = read(
            line(sex="男", birth_date="1970-1-1", relation="户主", category="五保", fee="0", receipt=" ００１ ")
        )
        assert row == roster_rows.Row(
            2, "H1", True, "马小明", ADULT, ADULT, Sex.MALE, date(1970, 1, 1), Relation.HEAD, VILLAGE,
            Category.FIVE_GUARANTEES, Decimal(0), "001",
        )  # fmt: skip
        assert not row.has_error

    def test_the_number_tells_what_the_row_leaves_out(self):
        [row] = read(line())
        assert (row.sex, row.birth_date, row.category) == (Sex.MALE, date(1970, 1, 1), Category.ORDINARY)

    def test_both_forms_of_a_number_are_one_person(self):
        [row] = read(line(id_number=f"{ADULT[:6]}{ADULT[8:17]}"))
        assert (len(row.id_number), row.person) == (15, ADULT)

    def test_blank_rows_count_as_lines_and_short_rows_are_blank_at_the_end(self):
        rows = read([], ["", " ", None], line(), line()[:9])
        assert [row.number for row in rows] == [4, 5]
        assert rows[1].fee is None
        assert not rows[1].faults

    def test_columns_that_are_not_there_read_as_blank(self):
        required = [Column.HOUSEHOLD, Column.HEAD, Column.NAME, Column.ID_NUMBER, Column.VILLAGE_CODE, Column.FEE]
        table = [required, ["H1", "Y", "马小明", ADULT, VILLAGE, 20.0]]
        [row] = roster_rows.read_rows(table, TERMS)
        assert (row.head, row.fee, row.receipt, row.relation, row.faults) == (True, 20, "", Relation.OTHER, ())

    def test_a_table_without_rows_has_no_header(self):
        with pytest.raises(CannotReadHeader):
            roster_rows.read_rows([], TERMS)

    @pytest.mark.parametrize(
        ("cell", "column", "code", "detail"),
        [
            ({"name": ""}, "name", "name_missing", "missing"),
            ({"name": "？？"}, "name", "name_missing", "characters"),
            ({"id_number": ""}, "id_number", "id_missing", ""),
            ({"id_number": "待补", "birth_date": "1993-01-01"}, "id_number", "id_missing", ""),
            ({"id_number": 6.42222197001010016e17}, "id_number", "id_format", "excel_number"),
            ({"id_number": number("20081202")}, "id_number", "id_format", "future"),
            ({"id_number": ADULT[:-1] + "X"}, "id_number", "id_check_digit", "check_digit"),
            ({"birth_date": "1970-01-02"}, "birth_date", "birth_date_mismatch", "1970-01-01"),
            ({"birth_date": "不详"}, "birth_date", "birth_date_mismatch", "unreadable"),
            ({"sex": "女"}, "sex", "sex_mismatch", "M"),
            ({"sex": "?"}, "sex", "sex_mismatch", "unreadable"),
            ({"village_code": "640522100999"}, "village_code", "village_unknown", ""),
            ({"village_code": "640522100"}, "village_code", "village_unknown", ""),
            ({"village_code": ""}, "village_code", "village_unknown", "missing"),
            ({"category": "干部"}, "category", "category_unknown", ""),
            ({"category": "干部", "fee": "7"}, "category", "category_unknown", ""),
            ({"fee": "19.99"}, "fee", "fee_short", "20.00"),
            ({"fee": "0"}, "fee", "fee_short", "20.00"),
            ({"fee": "-20"}, "fee", "fee_short", "20.00"),
            ({"fee": "已缴"}, "fee", "fee_short", "unreadable"),
            ({"fee": "20.01"}, "fee", "fee_over", "20.00"),
            ({"fee": "10", "category": "五保"}, "fee", "fee_short", "20.00"),
            ({"fee": "5", "category": "残疾"}, "fee", "fee_short", "20.00"),
            ({"fee": "21", "category": "五保"}, "fee", "fee_over", "20.00"),
        ],
    )
    def test_one_fault_is_told_once(self, cell, column, code, detail):
        [row] = read(line(**cell))
        assert told(row.faults) == [(2, column, code, detail)]
        assert row.has_error

    @pytest.mark.parametrize(
        "cell",
        [
            {"fee": "0", "category": "五保"},
            {"fee": "20", "category": "五保"},
            {"fee": "10", "category": "残疾"},
            {"fee": ""},
        ],
    )
    def test_sums_with_which_one_is_enrolled_or_not_asked(self, cell):
        assert not read(line(**cell))[0].faults

    @pytest.mark.parametrize(
        ("cell", "level"),
        [
            ({"birth_date": "1993-01-02"}, Level.WARNING),  # 15 on 1 January 2009
            ({"birth_date": "1993-01-01"}, Level.ERROR),
            ({"birth_date": "", "category": "新生儿"}, Level.ERROR),
            ({"birth_date": "", "category": "学生"}, Level.ERROR),
        ],
    )
    def test_a_missing_number_is_a_warning_under_sixteen(self, cell, level):
        [row] = read(line(id_number="待补", **cell))
        assert [(fault.code, fault.level) for fault in row.faults] == [("id_missing", level)]
        assert row.id_number == ""

    def test_without_a_number_the_birth_date_is_still_looked_at(self):
        rows = read(
            line(id_number="", birth_date="2008-12-02"), line(id_number="", birth_date="?", sex="?", category="新生儿")
        )
        assert told(rows[0].faults) == [
            (2, "birth_date", "birth_date_mismatch", "future"),
            (2, "id_number", "id_missing", ""),
        ]
        assert {fault.detail for fault in rows[1].faults} == {"unreadable", ""}
        assert rows[1].sex is None

    def test_dues_are_complete(self):
        with pytest.raises(ValueError, match="newborn"):
            Terms(2009, date(2009, 1, 1), {Category.ORDINARY: FULL}, frozenset())


def judged(*lines: list[object], **known) -> rosters.Judgement:
    return rosters.judge(read(*lines), Known(**known))


OTHERS = [number("19800101", f"{sequence:03d}") for sequence in range(2, 10)]


class TestJudge:
    def test_a_sound_household_is_good(self):
        found = judged(line(), line(head="否", id_number=CHILD))
        assert found == rosters.Judgement((), frozenset({2, 3}), frozenset())

    def test_a_pair_is_told_on_both_rows_whatever_the_form(self):
        old = f"{ADULT[:6]}{ADULT[8:17]}"
        found = judged(line(), line(household="H2", id_number=old), line(household="H2", head="否", id_number=CHILD))
        assert told(found.faults) == [(2, "id_number", "id_twice", "3"), (3, "id_number", "id_twice", "2")]
        assert (found.good, found.held) == (frozenset(), frozenset({4}))

    def test_without_a_number_the_same_name_and_birth_date_in_a_household_are_one_person(self):
        child = {"head": "否", "id_number": "", "birth_date": "2008-01-02", "sex": ""}
        found = judged(line(), line(**child), line(**child), line(**child | {"household": "H2", "head": "是"}))
        twins = [fault for fault in told(found.faults) if fault[2] == "id_twice"]
        assert twins == [(3, "id_number", "id_twice", "4"), (4, "id_number", "id_twice", "3")]

    def test_who_lives_where_the_importing_person_sees_nothing(self):
        found = judged(
            line(), line(household="H2", id_number=CHILD), line(household="H2", village_code="1"),
            out_of_sight={ADULT, "H2"},
        )  # fmt: skip
        assert [fault for fault in told(found.faults) if fault[1] == "village_code"] == [
            (2, "village_code", "village_unknown", "out_of_sight"),
            (3, "village_code", "village_unknown", "out_of_sight"),
            (4, "village_code", "village_unknown", ""),
        ]

    def test_after_five_rows_the_rest_is_left_out(self):
        found = judged(*(line(household=f"H{at}") for at in range(8)))
        assert found.faults[0].detail == "3 4 5 6 7"

    def test_what_the_register_knows(self):
        found = judged(
            line(),
            line(household="H2", id_number=CHILD),
            elsewhere={ADULT: "employees"},
            dead={CHILD: date(2008, 5, 1)},
        )
        assert told(found.faults) == [
            (2, "id_number", "id_in_other_scheme", "employees"),
            (3, "id_number", "dead", "2008-05-01"),
        ]

    def test_heads_are_told_on_the_first_row(self):
        found = judged(
            line(head="否"),
            line(head="", id_number=CHILD),
            line(household="H2", head="否", id_number=OTHERS[0]),
            line(household="H2", id_number=OTHERS[1]),
            line(household="H2", id_number=OTHERS[2]),
        )
        assert told(found.faults) == [(2, "head", "head_missing", ""), (4, "head", "head_twice", "5 6")]
        assert found.held == {3, 5, 6}

    def test_a_row_without_household_stands_alone(self):
        found = judged(
            line(household=""), line(household="", id_number=CHILD, name=""), line(household="H2", id_number=OTHERS[0])
        )
        assert told(found.faults) == [
            (2, "household", "head_missing", "household_missing"),
            (3, "household", "head_missing", "household_missing"),
            (3, "name", "name_missing", "missing"),
        ]
        assert found.good == {4}

    def test_a_receipt_is_one_households_where_the_township_has_stock(self):
        lines = [
            line(receipt="1"),
            line(receipt="1", head="否", id_number=OTHERS[0]),
            line(receipt="1", household="H2", id_number=OTHERS[1]),
            line(receipt="2", household="H3", id_number=OTHERS[2]),
            line(receipt="3", household="H4", id_number=OTHERS[3]),
            line(receipt="9", household="H5", id_number=OTHERS[4]),
            line(receipt="1", household="H6", id_number=OTHERS[5], village_code="640522101200"),
        ]
        found = judged(*lines, stock={"640522100": {"1", "2", "3"}}, receipts={"2": "H3", "3": "H9", "8": "H8"})
        assert [(*one, fault.level) for one, fault in zip(told(found.faults), found.faults, strict=True)] == [
            (2, "receipt", "receipt_twice", "4", "error"),
            (3, "receipt", "receipt_twice", "4", "error"),
            (4, "receipt", "receipt_twice", "2 3", "error"),
            (6, "receipt", "receipt_twice", "", "error"),
            (7, "receipt", "receipt_unknown", "", "warning"),
        ]
        assert found.good == {5, 7, 8}
        assert judged(*lines).faults == ()

    @settings(max_examples=40, deadline=None)
    @given(
        st.lists(
            st.builds(
                line,
                household=st.sampled_from(["H1", "H2", "H3", ""]),
                head=st.sampled_from(["是", "否"]),
                name=st.sampled_from(["马小明", ""]),
                id_number=st.sampled_from([ADULT, CHILD, *OTHERS, "", "12"]),
                fee=st.sampled_from(["20", "", "3"]),
            ),
            max_size=12,
        )
    )
    def test_every_row_is_good_held_or_faulty(self, lines):
        found = judged(*lines)
        rows = read(*lines)
        faulty = {fault.row for fault in found.faults if fault.level is Level.ERROR}
        assert found.good | found.held | faulty == {row.number for row in rows}
        assert len(found.good) + len(found.held) + len(faulty) == len(rows)
        assert list(found.faults) == sorted(found.faults)
        households = {rosters.household_of(row): set() for row in rows}
        for row in rows:
            households[rosters.household_of(row)].add(row.number in found.good)
        assert all(len(said) == 1 for said in households.values())
