"""What a won appeal adds (docs/rules/appeals.md): the difference of two answers, layer by layer, with its moves."""

from __future__ import annotations

from decimal import Decimal

import pytest

from claims.rules.evaluation import Answer, LayerAnswer
from claims.rules.further import further

pytestmark = pytest.mark.rules

ENOUGH = Decimal(100_000)


def answer(layers: dict[str, str], moves: dict[str, str], hospital: str = "0") -> Answer:
    """An answer that pays so much by layer and moves these counters."""
    none = Decimal(0)
    paid = {code: Decimal(amount) for code, amount in layers.items()}
    return Answer(
        "T", ENOUGH, none, none, none, none,
        tuple(
            LayerAnswer(
                code, code, {}, holds=True, base=none, deductible=none, pays=amount, lines=(),
                account="household" if code == "account" else "",
            )
            for code, amount in paid.items()
        ),
        sum(paid.values(), none), Decimal(hospital), none,
        {name: Decimal(by) for name, by in moves.items()},
    )  # fmt: skip


def given(layers: dict[str, str]) -> dict[str, Decimal]:
    return {code: Decimal(amount) for code, amount in layers.items()}


CASES = [
    pytest.param(
        answer({"basic": "750"}, {"basic.year": "750", "stays": "1"}),
        answer({"basic": "950"}, {"basic.year": "950", "stays": "1"}),
        {"basic": "750"}, {"basic": "200"}, {"basic.year": "200"}, id="the plain difference; a number of stays is none",
    ),
    pytest.param(
        answer({"basic": "750"}, {"basic.year": "750"}),
        answer({"basic": "850"}, {"basic.year": "850"}),
        {"basic": "750"}, {"basic": "100"}, {"basic.year": "100"}, id="bounded by a ceiling others used",
    ),
    pytest.param(
        answer({"basic": "750"}, {"basic.year": "750"}),
        answer({"basic": "750"}, {"basic.year": "750"}),
        {"basic": "750"}, {"basic": "0"}, {}, id="nothing where the ceiling is reached",
    ),
    pytest.param(
        answer({"basic": "700"}, {"basic.year": "700"}),
        answer({"basic": "900"}, {"basic.year": "900"}),
        {"basic": "750"}, {"basic": "150"}, {"basic.year": "150"}, id="no more than above what was granted",
    ),
    pytest.param(
        answer({"basic": "500", "own": "100"}, {"basic.year": "500", "own.year": "100"}),
        answer({"basic": "700", "own": "60"}, {"basic.year": "700", "own.year": "60"}),
        {"basic": "500", "own": "100"}, {"basic": "160", "own": "0"}, {"basic.year": "160"},
        id="what a later layer would give back comes off what the others add",
    ),
    pytest.param(
        answer({"account": "20"}, {"account.household": "-20"}),
        answer({"account": "45"}, {"account.household": "-45"}),
        {"account": "30"}, {"account": "15"}, {"account.household": "-15"}, id="an account is used by what is added",
    ),
    pytest.param(
        answer({"basic": "20", "account": "20"}, {"basic.year": "20", "account.household": "-20"}),
        answer({"basic": "40", "account": "40"}, {"basic.year": "40", "account.household": "-40"}),
        {"basic": "20", "account": "40"}, {"basic": "20", "account": "0"}, {"basic.year": "20"},
        id="an account is not used by what another layer adds, though both come to the same",
    ),
    pytest.param(
        answer({"basic": "500"}, {"basic.year": "500", "basic.deductible": "100"}),
        answer({"basic": "560"}, {"basic.year": "560", "basic.deductible": "160"}),
        {"basic": "500"}, {"basic": "60"}, {"basic.year": "60", "basic.deductible": "60"}, id="a deductible goes on",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("cut", "restored", "granted", "adds", "moves"), CASES)
def test_what_is_added(cut, restored, granted, adds, moves):
    found = further(cut, restored, given(granted), ENOUGH)
    assert (dict(found.layers), dict(found.moves)) == (given(adds), given(moves))
    assert found.patient_saves == found.funds == sum(given(adds).values(), Decimal(0))


def test_patient_and_hospital_save_no_more_than_the_patient_paid():
    cut, restored = answer({"basic": "500", "relief": "10"}, {}), answer({"basic": "900", "relief": "40"}, {}, "50")
    found = further(cut, restored, given({"basic": "500", "relief": "10"}), Decimal(300))
    assert dict(found.layers) == {"basic": Decimal(250), "relief": Decimal(0)}
    assert (found.hospital, found.patient_saves) == (Decimal(50), Decimal(300))
