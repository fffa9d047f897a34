"""Random plans over the whole format and random claims: what must hold of every answer (docs/rules/benefits.md)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims.rules import adoption, cases, documents, evaluation, plans
from claims.rules.case_reading import Case, CaseReader
from claims.tests import random_plans, rebuilding, reference
from claims.tests.random_plans import Tree

QUIET = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)
FEW = settings(max_examples=120, derandomize=True, deadline=None, suppress_health_check=QUIET)
MANY = settings(max_examples=20_000, deadline=None, suppress_health_check=QUIET)
FEN = Decimal("0.01")
NONE = Decimal(0)


def answered(case: Tree, *, trace: bool = False) -> Tree:
    """The answer to a random case."""
    return cases.answer(case, trace=trace)


def pays(claim: Tree) -> dict[str, Decimal]:
    """What each layer pays of a claim."""
    return {layer["code"]: Decimal(layer["pays"]) for layer in claim["layers"]}


# every answer


def check_money(case: Tree, answer: Tree) -> None:
    """Total = funds + hospital + other payers + patient, to the fen; no sum is below zero but by a case price."""
    for claim in answer["claims"]:
        figures = {name: Decimal(claim[name]) for name in claim if name not in ("id", "layers")}
        assert all(figure.as_tuple().exponent == -2 for figure in figures.values())
        assert sum(pays(claim).values(), NONE) == figures["fund_pays"]
        payers = ("fund_pays", "hospital_bears", "other_payers", "patient_pays")
        assert sum(figures[name] for name in payers) == figures["total"]
        assert figures["eligible"] + figures["own_items"] + figures["first_share"] == figures["total"]
        assert all(each >= 0 for each in (*pays(claim).values(), figures["patient_pays"], figures["burden"]))
        if not _has(case["plan"], "price"):
            assert figures["hospital_bears"] >= 0
            assert figures["fund_pays"] <= figures["total"] - figures["other_payers"]


def check_ceilings(case: Tree, answer: Tree) -> None:
    """A ceiling is never passed, whatever the sequence of claims."""
    members = case["person"]["household_members"]
    for place, layer in enumerate(_layers(case["plan"])):
        for ceiling in layer.get("ceilings", ()):
            if "rows" in ceiling:
                continue
            most = Decimal(ceiling.get("amount", NONE)) + Decimal(ceiling.get("amount_per_member", NONE)) * members
            counter = ceiling.get("counter", "stay")
            used = [Decimal(value) for name, value in answer["counters"].items() if _is(name, layer["code"], counter)]
            used += [Decimal(claim["layers"][place]["pays"]) for claim in answer["claims"] if counter == "stay"]
            assert all(each <= most for each in used)


def _is(name: str, layer: str, counter: str) -> bool:
    return name == f"{layer}.{counter}" or name.startswith(f"{layer}.{counter}.")


def check_trace(case: Tree, answer: Tree) -> None:
    """With a trace the figures are the same, and each payment can be rebuilt from the figures of its lines."""
    traced = answered(case, trace=True)
    for claim in traced["claims"]:
        for layer in claim["layers"]:
            lines = layer.pop("trace")
            assert rebuilding.payment(line["en"] for line in lines) == Fraction(layer["pays"])
            assert all(line["zh"] and _stands(case["plan"], line["path"]) for line in lines)
    assert traced == answer


def _stands(documents: list[Tree], path: str) -> bool:
    """Whether the path names a place of a plan document; those after the first stand as plans[1] and on."""
    number, _dot, place = path.partition(".") if path.startswith("plans[") else ("plans[0]", ".", path)
    tree: Any = documents[int(number[6:-1])]
    for step in place.replace("[", ".[").split("."):
        tree = tree[int(step[1:-1])] if step.startswith("[") else tree[step]
    return tree is not None


def check_reference(case: Tree, answer: Tree) -> None:
    """The order of one layer, told a second time in fractions, gives the same figures."""
    used = {f"account.{name}": Fraction(held) for name, held in case["accounts"].items()}
    for bill, claim in zip(case["claims"], answer["claims"], strict=True):
        found = reference.assess(case["plan"], case["person"], bill, used)
        assert {code: Fraction(each) for code, each in pays(claim).items()} == found.pays
        assert _fractions(claim, "eligible", "own_items", "hospital_bears", "burden") == [
            found.eligible, found.own, found.hospital, found.burden,
        ]  # fmt: skip
        deductibles = {layer["code"]: Fraction(layer["deductible"]) for layer in claim["layers"]}
        assert deductibles == {code: reference.rounded(off) for code, off in found.deductibles.items()}
    assert {name: Fraction(value) for name, value in answer["counters"].items()} == {
        name: used.get(name, Fraction(0)) for name in answer["counters"]
    }
    assert {name: Fraction(held) for name, held in answer["accounts"].items()} == {
        name: used[f"account.{name}"] for name in answer["accounts"]
    }


def _fractions(claim: Tree, *names: str) -> list[Fraction]:
    return [Fraction(claim[name]) for name in names]


def check_reversal(case: Tree, _answer: Tree) -> None:
    """A reversal takes back exactly the claim's own moves; all of them, in any order, return every counter."""
    read = _read(case)
    start = {f"account.{name}": held for name, held in read.accounts.items()}
    counters = dict(start)
    moves = []
    for bill in read.bills:
        before = dict(counters)
        found = evaluation.assess(read.plans, read.person, bill, counters).moves
        assert counters == before
        assert all(by == by.quantize(FEN) for by in found.values())
        counters = evaluation.after(counters, found)
        assert _used(evaluation.reverse(counters, found)) == _used(before)
        moves.append(found)
    for found in moves[1::2] + moves[::2]:
        counters = evaluation.reverse(counters, found)
    assert _used(counters) == _used(start)


def _used(counters: dict[str, Decimal]) -> dict[str, Decimal]:
    """A counter that holds nothing is as good as none."""
    return {name: used for name, used in counters.items() if used}


def _read(case: Tree) -> Case:
    reader = CaseReader(None, None)
    found = reader.case(documents.plain(case))
    reader.done()
    return found


def check_document(case: Tree, _answer: Tree) -> None:
    """A plan that is written out and read again is the same plan."""
    for document in case["plan"]:
        tree = plans.of_tree(document).tree
        assert plans.read(plans.written(tree)).tree == tree


def check_doubts(case: Tree, _answer: Tree) -> None:
    """Whatever is doubted before adoption is said in both languages, at a place of the document."""
    for document in case["plan"]:
        for doubt in adoption.doubts(plans.of_tree(document)):
            assert doubt.zh
            assert doubt.en
            assert not doubt.path or doubt.key == "unsaid" or _stands([document], doubt.path)


CHECKS: tuple[Callable[[Tree, Tree], None], ...] = (
    check_money, check_ceilings, check_trace, check_reference, check_reversal, check_document, check_doubts,
)  # fmt: skip


def check_all(case: Tree) -> None:
    before = deepcopy(case)
    answer = answered(case)
    assert case == before
    for check in CHECKS:
        check(case, answer)


@FEW
@given(random_plans.cases())
def test_whatever_the_plan_every_answer_holds(case):
    check_all(case)


@pytest.mark.soak
@MANY
@given(random_plans.cases())
def test_whatever_the_plan_every_answer_holds_many_times(case):
    check_all(case)


# cost


def _layers(documents: list[Tree]) -> Iterator[Tree]:
    return (layer for document in documents for layer in document["layers"])


def _has(documents: list[Tree], form: str) -> bool:
    return any(form in row for layer in _layers(documents) for row in layer["pay"])


def calm(documents: list[Tree]) -> list[Tree]:
    """The plans without factors above one and without floors of the hospital's: more cost is then never paid less."""
    for layer in _layers(documents):
        if "floor" in layer:
            layer["floor"]["borne_by"] = "fund"
        for row in layer.get("adjust", ()):
            if "times" in row:
                row["times"] = str(min(Decimal(row["times"]), Decimal(1)))
    return documents


@st.composite
def dearer_bills(draw: st.DrawFn) -> tuple[Tree, Tree]:
    """A bill of one item under a calm plan, and the same bill with a larger amount."""
    plan = random_plans.plans(sums=("limit_price", "fixed", "copay", "account")).map(calm)
    case = draw(random_plans.cases(plan, most=1))
    [claim] = case["claims"]
    claim["items"] = claim["items"][:1]
    item = claim["items"][0]
    claim["other_payers"] = str(min(Decimal(claim["other_payers"]), Decimal(item["amount"])))
    dearer = deepcopy(case)
    dearer["claims"][0]["items"][0]["amount"] = str(Decimal(item["amount"]) + Decimal(draw(random_plans.AMOUNTS)))
    return case, dearer


def check_dearer(bills: tuple[Tree, Tree]) -> None:
    less, more = (Decimal(answered(each)["claims"][0]["fund_pays"]) for each in bills)
    assert more >= less


@FEW
@given(dearer_bills())
def test_more_cost_is_never_paid_less(bills):
    check_dearer(bills)


@pytest.mark.soak
@MANY
@given(dearer_bills())
def test_more_cost_is_never_paid_less_many_times(bills):
    check_dearer(bills)


# splitting

CALM_ADJUSTMENTS = st.one_of(
    st.integers(-30, 30).map(lambda points: {"points": str(points)}),
    st.sampled_from(("0", "0.5", "0.75")).map(lambda times: {"times": times}),
)


@st.composite
def yearly_layers(draw: st.DrawFn, code: str, of: str) -> Tree:
    """A layer over the year, without what looks at one stay alone (a cover of its own stops at zero in each)."""
    layer: Tree = {"code": code, "fund": "ncms", "of": of, "over": "year"}
    if of == "cost":
        most = random_plans.AMOUNTS.map(lambda amount: {"counter": "year", "amount": amount})
        random_plans.optional(draw, layer, "cover", random_plans.covers(places=2), once_in=2)
        random_plans.optional(draw, layer, "eligible_ceiling", most)
    rows = random_plans.amount_rows().map(lambda found: {"per": "year", "rows": found})
    random_plans.optional(draw, layer, "deductible", rows, once_in=2)
    random_plans.optional(draw, layer, "bands_on", st.sampled_from(("gross", "net")), once_in=2)
    layer["pay"] = draw(random_plans.pay_rows(sums=(), more=(), groups=False))
    random_plans.optional(draw, layer, "adjust", st.lists(CALM_ADJUSTMENTS, min_size=1, max_size=2))
    ceiling = random_plans.AMOUNTS.map(lambda amount: [{"counter": "year", "amount": amount}])
    random_plans.optional(draw, layer, "ceilings", ceiling)
    return layer


@st.composite
def split_stays(draw: st.DrawFn) -> tuple[Tree, Tree]:
    """A year of layers over the year, and the same year with one of its stays split in two."""
    kinds = ["cost", *["burden"] * draw(st.integers(0, 2))]
    found = [draw(yearly_layers(f"layer_{place}", of)) for place, of in enumerate(kinds)]
    case = draw(random_plans.cases(st.just([random_plans.document(found)])))
    for claim in case["claims"]:
        claim["other_payers"] = "0"
        for item in claim["items"]:
            item["amount"] = str(Decimal(item["amount"]).to_integral_value())
    split = deepcopy(case)
    place = draw(st.integers(0, len(case["claims"]) - 1))
    one, other = deepcopy(split["claims"][place]), deepcopy(split["claims"][place])
    other["id"] = "other half"
    for here, there in zip(one["items"], other["items"], strict=True):
        part = draw(st.integers(0, int(here["amount"])))
        here["amount"], there["amount"] = str(part), str(int(here["amount"]) - part)
    split["claims"][place : place + 1] = [one, other]
    return case, split


def check_split(years: tuple[Tree, Tree]) -> None:
    whole, split = (answered(each) for each in years)
    assert _together(whole["claims"]) == _together(split["claims"])
    assert whole["counters"] == split["counters"]


def _together(claims: Sequence[Tree]) -> dict[str, Decimal]:
    codes = pays(claims[0])
    return {code: sum((pays(claim)[code] for claim in claims), NONE) for code in codes}


@FEW
@given(split_stays())
def test_splitting_a_stay_never_changes_what_is_paid_over_the_year(years):
    check_split(years)


@pytest.mark.soak
@MANY
@given(split_stays())
def test_splitting_a_stay_never_changes_what_is_paid_over_the_year_many_times(years):
    check_split(years)


# that the above would be seen


def test_the_random_plans_use_the_whole_format():
    """Every key of a plan document, every way of paying and everything a layer works on comes up."""
    seen = set()

    @settings(FEW, max_examples=400)
    @given(random_plans.plans())
    def look(documents):
        seen.update(_words(documents))

    look()
    assert {*plans.PLAN_KEYS, *plans.LAYER_KEYS} - {"cites", "assumed"} <= seen
    assert {"ratio", "bands", "price", "limit_price", "fixed", "copay", "account"} <= seen
    assert {*random_plans.LATER, "cost", "year", "paid_in_full", "ratio_per_year_of_age"} <= seen
    assert {
        "amount_per_member",
        "patient_share_of_cost",
        "taken_from",
        "net",
        "hospital",
        "not",
        "case_paid",
        "stay",
    } <= seen


def _words(tree: Any) -> Iterator[str]:
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield key
            yield from _words(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from _words(value)
    else:
        yield tree


@pytest.mark.parametrize(
    "lines",
    [
        ["1,000.00 × 85% = 850.00", "The layer pays 849.99; burden left 150.01"],
        ["1,000.00 × 85% = 850.00", "Ceiling 900.00, used 100.00, left 800.00: 850.00"],
        ["1,000.00 × 85% = 860.00", "The layer pays 860.00; burden left 140.00"],
        ["Fixed sum 300.00: 310.00", "The layer pays 310.00; burden left 0.00"],
        ["1,000.00 × 85% = 850.00"],
        ["The layer pays what it likes"],
    ],
)
def test_a_payment_that_does_not_follow_from_its_lines_is_seen(lines):
    with pytest.raises(rebuilding.DoesNotFollow):
        rebuilding.payment(lines)


def test_a_payment_is_rebuilt_from_its_lines():
    lines = [
        "Deductible 100.00, taken off 100.00",
        "900.00 × 35% + 1,000.50 × 40% = 715.20",
        "715.20 × 0.5 = 357.60",
        "Plus items paid in full 42.40: 400.00",
        "Ceiling 500.00, used 150.00, left 350.00: 350.00",
        "The layer pays 350.00; burden left 12.00",
    ]
    assert rebuilding.payment(lines) == 350
