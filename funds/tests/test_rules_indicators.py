"""The indicators as a table: published figures computed again, and one county's year from its two numbers each."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from funds.rules import indicators, reported
from funds.rules.indicators import Claimed, Facts, Payer

pytestmark = pytest.mark.rules

REPORTED = json.loads((Path(__file__).parent / "data" / "reported-figures.json").read_text(encoding="utf-8"))

#: Where the reports err, and how.
ERRS = {
    "SF-006": "石嘴山 2009: 17.58 of 17.2 are 102.21, not 102.24; the rounding of 17.58 allows it",
    "SF-007": "石嘴山 2009: 17.4 of 15 are 116, not 115",
    "SF-034": "泾源 2009: 104,068 x 100 are 1,040.68, cut to 1,040",
    "SF-036": "泾源 2009: 990.9 of 1,040 are 95.28, not 92",
    "SF-039": "海原 2009: the targets come to 429,080, not 427,100",
    "SF-041": "海原 2009: spending comes to 4,776.28, not 4,776.26",
    "SF-042": "海原 2009: 4,776.26 of 5,409.89 are 88.29, not 88.20; with 11.71 it does not come to 100",
    "SF-046": "海原 2009: 1,349 of 1,354 are 99.63, cut to 99",
    "SF-047": "海原 2009: 1,349 - 1,174 are 175; 180 is what was due less what was spent",
    "SF-049": "海原 2009: 559 of 16,539 are 3.38, cut to 3.3",
}
CUT = {"SF-034", "SF-046", "SF-049"}

HAIYUAN = Facts(
    should=386_772,
    enrolled=370_296,
    target=386_772,
    due=Decimal(37_029_600),
    due_own=Decimal(6_580_000),
    received=Decimal(37_876_900),
    received_own=Decimal(6_580_000),
    payers={"central": Payer(Decimal(14_811_840), Decimal(14_811_840)), "county": Payer(Decimal(0), Decimal(5))},
    spent=Decimal(34_749_800),
    cumulative=Decimal(8_558_100),
    own_funds=Decimal(1_486_300),
    in_hand=Decimal(13_011_440 - 6_670_000),
    monthly=Decimal("2895816.67"),
    stays=Claimed(25_566, Decimal(73_400_000), Decimal(61_000_000), Decimal(1_468_000), Decimal(30_817_900)),
    visits=Claimed(391_205, Decimal(8_380_886), Decimal(8_380_886), Decimal(0), Decimal(3_931_900)),
    outside=Claimed(4_000, Decimal(44_000_000), Decimal(35_294_400), Decimal(0), Decimal(11_479_560)),
    asked=Decimal(82_000_000),
    deducted=Decimal(205_000),
    ceilings=12,
)


@pytest.mark.parametrize("stated", REPORTED["figures"], ids=lambda one: one["id"])
def test_a_published_figure_is_computed_again(stated):
    found = reported.check(stated)
    assert found.agrees is stated["recomputes"], (found, ERRS.get(stated["id"]))
    assert (stated["id"] in ERRS) is (found.agrees is False)
    if found.agrees is None:
        return
    assert found.computed == Decimal(stated["computed_value"])
    assert (found.is_cut and not found.agrees) is (stated["id"] in CUT)
    if stated["kind"] == "ratio":
        assert found.is_near is stated["within_input_rounding"]


def test_as_many_as_were_published():
    said = [reported.check(one).agrees for one in REPORTED["figures"]]
    assert (len(said), said.count(True), said.count(False), said.count(None)) == (69, 41, 10, 18)
    assert len(ERRS) == 10


@pytest.mark.parametrize(
    "stated", [one for one in REPORTED["figures"] if one["kind"] == "implied_denominator"], ids=lambda one: one["id"]
)
def test_a_rate_leaves_its_denominator_open(stated):
    assert reported.check(stated).computed is None
    found = reported.implied(Decimal(stated["numerator"]), Decimal(stated["stated_value"]))
    least, most = map(Decimal, stated["implied_range"])
    assert least <= found <= most
    places = Decimal(stated["implied_denominator"]).as_tuple().exponent
    assert round(found, -places) == Decimal(stated["implied_denominator"])


@pytest.mark.parametrize("given", REPORTED["derived"], ids=lambda one: one["id"])
def test_what_the_reports_leave_out(given):
    part, whole = Decimal(given["numerator"]), Decimal(given["denominator"])
    found = indicators.rate(part, whole) if given["unit"] == "%" else indicators.quotient(part * 10_000, whole)
    assert found == Decimal(given["computed_value"])


@pytest.mark.parametrize(
    ("code", "basis", "value"),
    [
        ("participation_rate", "", "95.74"),
        ("target_completion", "", "95.74"),
        ("collection_rate", "due", "100.00"),
        ("arrival_rate", "due", "102.29"),
        ("arrival_rate", "central", "100.00"),
        ("arrival_rate", "county", None),
        ("financing_per_head", "due", "100.00"),
        ("financing_per_head", "received", "102.29"),
        ("use_rate", "due", "93.84"),
        ("use_rate", "received", "91.74"),
        ("surplus_rate", "due", "6.16"),
        ("surplus_rate", "received", "8.26"),
        ("cumulative_surplus_rate", "", "22.59"),
        ("cumulative_surplus_rate", "with_accounts", "26.52"),
        ("months_payable", "cumulative", "2.96"),
        ("months_payable", "in_hand", "2.19"),
        ("benefit_rate", "", "112.55"),
        ("inpatient_rate", "", "6.90"),
        ("cost_per_stay", "", "2871.00"),
        ("paid_per_stay", "", "1205.43"),
        ("cost_per_visit", "", "21.42"),
        ("paid_per_visit", "", "10.05"),
        ("actual_ratio", "stays", "41.99"),
        ("actual_ratio", "visits", "46.92"),
        ("actual_ratio", "claims", "42.49"),
        ("policy_ratio", "stays", "50.52"),
        ("own_item_rate", "stays", "2.00"),
        ("outside_share", "stays", "15.65"),
        ("outside_share", "paid", "37.25"),
        ("cut_rate", "", "0.25"),
        ("ceiling_cases", "", "12"),
        ("floor_cases", "", "0"),
    ],
)
def test_one_countys_year(code, basis, value):
    found = indicators.one_of(indicators.of(HAIYUAN), code, basis)
    assert found.value == (None if value is None else Decimal(value))


def test_every_code_is_there_and_no_other():
    assert tuple(dict.fromkeys(one.code for one in indicators.of(HAIYUAN))) == indicators.CODES
    assert {one.unit for one in indicators.of(HAIYUAN)} == {"%", "yuan", "months", "cases"}


def test_nothing_to_divide_by_is_no_value():
    found = indicators.of(Facts())
    assert {one.value for one in found} == {None, 0}
    assert [one.code for one in found if one.value == 0] == ["ceiling_cases", "floor_cases"]


@pytest.mark.parametrize(("income", "spent"), [("3", "1"), ("3", "2"), ("7", "9"), ("5409.89", "4776.26")])
def test_use_and_surplus_come_to_a_hundred(income, spent):
    used, left = indicators.use_and_surplus(Decimal(income), Decimal(spent))
    assert used + left == 100


def test_all_funds_together():
    other = Facts(
        should=18_000, enrolled=16_539, received=Decimal(10), payers={"central": Payer(Decimal(1), Decimal(1))}
    )
    whole = HAIYUAN + other
    assert (whole.should, whole.received, whole.stays) == (404_772, Decimal(37_876_910), HAIYUAN.stays)
    assert whole.payers["central"].due == 14_811_841
    assert whole.payers["county"] == HAIYUAN.payers["county"]


def test_limits_are_for_the_pool_by_what_was_received():
    over = [one for one in indicators.of(HAIYUAN + Facts(cumulative=Decimal(1_000_000))) if indicators.is_over(one)]
    assert [(one.code, one.basis) for one in over] == [("cumulative_surplus_rate", "received")]
    assert not any(map(indicators.is_over, indicators.of(HAIYUAN)))
