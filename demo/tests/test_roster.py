"""The made-up roster: the county's sums, the same for the same seed, and exactly the faults that were put in."""

from __future__ import annotations

import csv
from collections import Counter
from decimal import Decimal

import pytest
from python_calamine import CalamineWorkbook

from demo.roster import files, plan
from demo.roster.faults import ALONE, IN_PAIRS
from demo.roster.made import Block, Roster
from demo.roster.names import RARE
from enrollment.rules import roster_rows, rosters

PAPER = {
    "name_missing", "id_missing", "id_format", "id_check_digit", "id_twice", "id_in_other_scheme",
    "birth_date_mismatch", "sex_mismatch", "village_unknown", "head_missing", "head_twice", "category_unknown",
    "fee_short", "fee_over", "receipt_twice", "receipt_unknown", "dead",
}  # fmt: skip


def told(judged: rosters.Judgement) -> list[tuple[int, str, str]]:
    return [(fault.row, str(fault.column), fault.code) for fault in judged.faults]


@pytest.mark.parametrize(("seed", "county"), [(1, "640522"), (2, "640522"), (3, "340523")])
def test_exactly_the_seeded_faults_are_found(seed, county):
    roster = Roster(seed, scale=0.01, county=county)
    rows = list(roster_rows.read_rows(roster.rows(), roster.terms))
    judged = rosters.judge(rows, roster.known)
    assert sorted(told(judged)) == sorted(roster.seeded)
    assert {fault.code for fault in judged.faults} == PAPER
    assert {fault.level for fault in judged.faults if fault.code == "id_missing"} == {"error", "warning"}
    assert len(roster.seeds.alone) + len(roster.seeds.pairs) == round(0.01 * len(rows))


def test_a_clean_roster_has_the_countys_sums():
    roster = Roster(5, scale=0.1, faulty=0)
    rows = list(roster_rows.read_rows(roster.rows(), roster.terms))
    assert rosters.judge(rows, roster.known).faults == ()
    assert len(rows) == 38_677
    assert len({row.household for row in rows}) == 9_500
    assert sum(row.fee is not None for row in rows) == 37_030
    assert sum(row.category in plan.HELPED for row in rows) == 4_130
    assert sum(row.fee or Decimal(0) for row in rows) == 20 * (37_030 - 4_130)
    assert {len(row.id_number) for row in rows} == {15, 18}
    assert any("·" in row.name for row in rows)
    assert any(set(row.name) & set(RARE) for row in rows)
    assert len({row.village for row in rows}) == len(plan.villages("640522"))


def test_faults_do_not_change_the_people():
    clean, faulty = list(Roster(4, scale=0.005, faulty=0).rows()), list(Roster(4, scale=0.005).rows())
    assert len(clean) == len(faulty)
    assert 0 < sum(one != other for one, other in zip(clean, faulty, strict=True)) < len(clean) / 20


def test_the_same_seed_writes_the_same_bytes(tmp_path):
    for name in ("a.csv", "b.csv"):
        files.main([str(tmp_path / name), "--seed", "6", "--scale", "0.003"])
    files.main([str(tmp_path / "c.csv"), "--seed", "7", "--scale", "0.003"])
    a, b, c = ((tmp_path / name).read_bytes() for name in ("a.csv", "b.csv", "c.csv"))
    assert a == b != c
    assert (tmp_path / "a.faults.csv").read_text().startswith("row,column,code")


def test_every_form_of_file_says_the_same(tmp_path):
    roster = Roster(8, scale=0.003)
    rows = list(roster.rows())
    files.write_csv(roster, tmp_path / "a.csv", "gb18030")
    with (tmp_path / "a.csv").open(encoding="gb18030", newline="") as file:
        assert list(csv.reader(file)) == rows
    files.main([str(tmp_path / "a.xlsx"), "--seed", "8", "--scale", "0.003"])
    assert CalamineWorkbook.from_path(tmp_path / "a.xlsx").get_sheet_by_index(0).to_python() == rows


def test_rows_come_again_the_same():
    roster = Roster(9, scale=0.003)
    assert list(roster.rows()) == list(roster.rows())
    assert Counter(roster.seeded).most_common(1)[0][1] == 1


def test_every_kind_of_fault_has_its_turn():
    assert len(set(ALONE)) + len(set(IN_PAIRS)) >= len(PAPER)


def test_a_block_holds_its_numbers_alone():
    block = Block(10_000_000)
    assert "10000000" in block
    assert "10999999" in block
    assert not [number for number in ("11000000", "1000000X", "", 10_000_000) if number in block]


def test_a_share_too_small_for_even_sums_is_refused():
    with pytest.raises(ValueError, match="too small"):
        Roster(1, scale=0.00002)
