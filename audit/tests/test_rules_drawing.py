"""Drawing: the generator as it is written down, each method, and the script on the sample sheet that draws again."""

from __future__ import annotations

import hashlib
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from audit.rules.drawing import (
    ALL,
    Drawn,
    Numbers,
    money_plan,
    money_units,
    simple,
    some_of,
    strata_of,
    stratified,
)

pytestmark = pytest.mark.rules

SEED = "5a" * 32
SCRIPT = Path(__file__).parents[1] / "redraw.py"


def numbers(seed: str = SEED, population: str = "ab" * 32) -> Numbers:
    return Numbers(population, seed)


def test_a_number_is_what_the_papers_say_it_is():
    drawn = numbers()
    text = f"{'ab' * 32}:{SEED}:1"
    assert drawn.below(1000) == int(hashlib.sha256(text.encode()).hexdigest(), 16) % 1000
    assert [drawn.below(1000) for _number in range(5)] == [773, 95, 804, 552, 547]
    assert drawn.used == 6


def test_what_lies_in_the_last_part_of_a_multiple_is_passed_over():
    end = ALL // 2 + 1  # every second number is too large
    drawn = numbers()
    found = [drawn.below(end) for _number in range(20)]
    assert max(found) < end
    assert drawn.used > 25


def test_each_place_is_drawn_about_as_often():
    often = Counter(numbers(str(seed)).below(7) for seed in range(7_000))
    assert all(900 < count < 1_100 for count in often.values())


def test_some_of_more_than_there_are_is_all():
    assert sorted(some_of(numbers(), [3, 5, 8], 9)) == [3, 5, 8]
    assert len(set(some_of(numbers(), range(100), 60))) == 60


def test_the_same_seed_draws_the_same_and_another_something_else():
    first, again, other = (simple(numbers(seed), 400_000, 99) for seed in (SEED, SEED, "5b" * 32))
    assert first == again
    assert first != other
    assert len({one.place for one in first}) == 99
    assert simple(numbers(population="cd" * 32), 400_000, 99) != first


def test_strata_by_bounds():
    assert strata_of([5, 10, 99, 100, 101, 9], [10, 100]) == [[1, 6], [2, 3], [4, 5]]
    assert strata_of([5, 10], []) == [[1, 2]]


def test_a_stratum_taken_whole_is_certain_and_in_order():
    drawn = stratified(numbers(), [[1, 6, 7, 8], [2, 3], [4, 5]], [2, 2, 5])
    assert drawn[2:] == [Drawn(2, 2, True), Drawn(3, 2, True), Drawn(4, 3, True), Drawn(5, 3, True)]
    assert {one.place for one in drawn[:2]} < {1, 6, 7, 8}
    assert not any(one.is_certain for one in drawn[:2])


def test_high_items_are_certain_also_those_that_become_so():
    amounts = [60, 16, 10, 4, 3, 2, 2, 1, 1, 1]
    plan = money_plan(amounts, 4)  # interval 25: 60 is high; of the 40 left 2 units, interval 20
    assert (plan.certain, plan.units, plan.rest) == ((1,), 2, 40)
    assert money_plan([60, 21, 9, 5, 5], 4).certain == (1, 2)  # 21 is high once 60 is out
    assert money_plan([5, 5], 2) == money_plan([5, 5], 9)
    assert money_plan([5, 5], 2).units == 0


def test_an_item_is_drawn_as_often_as_it_has_money():
    amounts = [0, 100, 200, 300, 400, 500, 600, 700, 800, 1400]
    often: Counter[int] = Counter()
    for seed in range(3_000):
        drawn = money_units(numbers(str(seed)), amounts, 3)
        assert len(drawn) == 3
        often.update(one.place for one in drawn)
    assert often[1] == 0
    for place, amount in enumerate(amounts, start=1):
        assert often[place] == pytest.approx(3_000 * 3 * amount / 5_000, abs=120)


def test_everything_certain_needs_no_number():
    drawn = numbers()
    assert [one.place for one in money_units(drawn, [7, 9], 5)] == [1, 2]
    assert drawn.used == 0


@pytest.mark.parametrize("method", ["simple", "strata", "money"])
def test_the_script_of_the_sheet_draws_the_same(method, tmp_path):
    told = random.Random(8)
    fen = [int(told.lognormvariate(11, 1.2)) + 1 for _number in range(1_500)]
    rows = [
        f"{place},{place + 70},BX-{place},2010-01-05,{one // 100}.{one % 100:02d}" for place, one in enumerate(fen, 1)
    ]
    content = "".join(f"{row}\n" for row in rows).encode()
    (tmp_path / "rows.csv").write_bytes(content)
    drawn = Numbers(hashlib.sha256(content).hexdigest(), SEED)
    ways = {
        "simple": (simple(drawn, len(fen), 59), ["59"]) if method == "simple" else ([], []),
        "strata": (
            stratified(drawn, strata_of(fen, [50_000, 200_000]), [20, 20, 999]) if method == "strata" else [],
            ["500,2000", "20,20,999"],
        ),
        "money": (money_units(drawn, fen, 60) if method == "money" else [], ["60"]),
    }
    wanted, more = ways[method]
    told_by = subprocess.run(
        [sys.executable, "-I", SCRIPT, tmp_path / "rows.csv", SEED, method, *more],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    assert told_by[0] == f"population {hashlib.sha256(content).hexdigest()}"
    assert [int(line.split()[0]) for line in told_by[1:]] == [one.place for one in wanted]
    assert len(wanted) >= 50
