"""Random plan documents over the whole format, and random claims that state whatever a plan can ask for."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from hypothesis import strategies as st

Tree = dict[str, Any]

GROUPS = ("drug", "herb", "implant", "other")
WORDS: dict[str, Sequence[str]] = {
    "kind": ("inpatient", "delivery", "chronic", "outpatient", "injury", "special"),
    "level": ("village", "township", "county", "city", "province"),
    "region": ("county", "outside"),
    "designated": ("true", "false"),
    "referred": ("true", "false"),
    "emergency": ("true", "false"),
    "disease": ("J18", "C15", "VSD"),
    "disease_group": ("common", "serious"),
    "delivery": ("normal", "caesarean"),
    "tcm": ("true", "false"),
    "ground": ("none", "referred", "emergency", "migrant_work"),
    "category": (
        "ordinary",
        "five_guarantees",
        "low_income",
        "veteran",
        "disabled",
        "student",
        "minor",
        "newborn",
    ),
    "employment": ("active", "retired", "none"),
}
NUMBERS = {"tier": (1, 3), "age": (0, 99), "years_enrolled": (0, 9)}
ADMISSIONS = ("inpatient", "delivery", "injury")
STAYS = (1, 4)
OF_PERSON = ("category", "employment", "age", "years_enrolled")
RATES = ("ratio", "bands")
SUMS = ("price_ratio", "price_share", "limit_price", "fixed", "copay", "account")
LATER_SUMS = ("fixed", "copay", "account")
MEASURES = ({"per": "stay"}, {"counter": "year"}, {"counter": "household"}, {"counter": "disease"})
ROUNDINGS = st.sampled_from(("fen", "fen", "jiao", "yuan"))
LATER = ("burden", "burden", "burden", "own_items", "price", "over_ceiling", "cut_payment")


def texts(least: int, most: int, places: int) -> st.SearchStrategy[str]:
    """Figures from least to most units of the last place."""
    return st.integers(least, most).map(lambda units: f"{units // 10**places}.{units % 10**places:0{places}}")


#: Whole hundreds, whole yuan and odd fen: limits are met exactly as often as they are missed by a fen.
AMOUNTS = st.one_of(
    st.integers(0, 80).map(lambda hundreds: str(hundreds * 100)),
    st.integers(0, 3000).map(str),
    texts(0, 800_000, 2),
)
SHARES = st.one_of(st.sampled_from(("0", "0.5", "0.85", "1")), texts(0, 100, 2), texts(0, 10_000, 4))


@cache
def conditions(more: Sequence[str] = ()) -> st.SearchStrategy[Tree]:
    """Conditions of one or two attributes; the claims of this module state each of them."""
    names = [name for name in (*WORDS, *NUMBERS, *more) if name != "stay"]
    one = st.one_of([st.fixed_dictionaries({name: _asked(name)}) for name in names])
    two = st.tuples(one, one).map(lambda pair: pair[0] | pair[1])
    kinds = [one, one, two, one.map(lambda asked: {"not": asked}), st.just({})]
    if "stay" in more:  # only an admission has a number in the year
        kinds.append(st.fixed_dictionaries({"kind": st.just([*ADMISSIONS]), "stay": _asked("stay")}))
    return st.one_of(kinds)


@cache
def _asked(name: str) -> st.SearchStrategy[Any]:
    if name == "case_paid":
        return st.sampled_from(("true", "false"))
    if name in WORDS:
        one = st.sampled_from(WORDS[name])
        return st.one_of(one, st.lists(one, min_size=1, max_size=3, unique=True))
    least, most = STAYS if name == "stay" else NUMBERS[name]
    return st.one_of(
        st.integers(least, most).map(str),
        st.integers(least, most).map(lambda number: {"from": str(number)}),
        st.integers(least, most).map(lambda number: {"to": str(number)}),
        st.integers(least + 1, most).map(lambda number: {"under": str(number)}),
        st.integers(least, most - 1).map(lambda number: {"over": str(number)}),
        st.tuples(st.integers(least, most), st.integers(least, most)).map(
            lambda ends: {"from": str(min(ends)), "to": str(max(ends))}
        ),
    )


def optional(draw: st.DrawFn, tree: Tree, key: str, value: st.SearchStrategy[Any], *, once_in: int = 3) -> None:
    """A key that stands in one of so many documents."""
    if draw(_upto(once_in)) == 1:
        tree[key] = draw(value)


@cache
def _upto(most: int) -> st.SearchStrategy[int]:
    return st.integers(1, most)


@st.composite
def amount_rows(draw: st.DrawFn, more: Sequence[str] = ()) -> list[Tree]:
    """Rows of amounts; the last one may be for everybody, or not."""
    rows = [{"when": draw(conditions(more)), "amount": draw(AMOUNTS)} for _row in range(draw(st.integers(0, 2)))]
    last: Tree = {"amount": draw(AMOUNTS)}
    return [*rows, last] if draw(st.integers(0, 3)) or not rows else rows


@st.composite
def covers(draw: st.DrawFn, *, places: int = 4, more: Sequence[str] = ()) -> list[Tree]:
    """How much of an item is eligible; two places of a share leave whole yuan in fen."""
    rows = []
    for _row in range(draw(st.integers(1, 4))):
        row: Tree = {"share": draw(SHARES if places > 2 else texts(0, 100, 2))}
        classes = st.sampled_from(({"class": "A"}, {"class": "B"}, {"class": "C"}, {"class": ["B", "C"]}))
        groups = st.sampled_from([{"group": group} for group in GROUPS])
        optional(draw, row, "when", st.one_of(classes, groups, conditions(more)), once_in=1)
        optional(draw, row, "paid_in_full", st.sampled_from(("true", "false")), once_in=5)
        rows.append(row)
    return rows


@st.composite
def bands(draw: st.DrawFn) -> list[Tree]:
    limits = sorted(draw(st.lists(st.integers(1, 80), min_size=1, max_size=4, unique=True)))
    rows: list[Tree] = [{"upto": str(limit * 100), "ratio": draw(SHARES)} for limit in limits]
    if draw(st.integers(0, 4)):
        rows.append({"ratio": draw(SHARES)})
    return rows


@st.composite
def pays(draw: st.DrawFn, forms: Sequence[str]) -> Tree:
    """What one row pays."""
    form = draw(st.sampled_from(forms))
    if form == "bands":
        return {"bands": draw(bands())}
    if form == "ratio":
        row: Tree = {"ratio": draw(SHARES)}
        optional(draw, row, "ratio_per_year_of_age", texts(0, 50, 4), once_in=6)
        return row
    if form == "account":
        return {"account": draw(st.sampled_from(("household", "personal")))}
    if form in ("price_ratio", "price_share"):
        share = "ratio" if form == "price_ratio" else "patient_share_of_cost"
        return {"price": draw(AMOUNTS), share: draw(SHARES)}
    return {form: draw(AMOUNTS)} | ({"ratio": draw(SHARES)} if form == "limit_price" else {})


@st.composite
def pay_rows(draw: st.DrawFn, *, sums: Sequence[str], more: Sequence[str], groups: bool) -> list[Tree]:
    """Rows that find a way of paying for everybody: the last one always holds."""
    by_group = groups and draw(st.integers(0, 2)) == 0
    forms = RATES if by_group or not sums else (*RATES, *RATES, *RATES, *sums)
    rows = []
    for _row in range(draw(st.integers(0, 3))):
        when = {"group": draw(st.sampled_from(GROUPS))} if by_group else draw(conditions(more))
        if by_group and draw(st.booleans()):
            when |= draw(conditions(more))
        rows.append({"when": when, **draw(pays(forms))})
    return [*rows, draw(pays(forms))]


@st.composite
def ceilings(draw: st.DrawFn, more: Sequence[str]) -> list[Tree]:
    found: list[Tree] = []
    for _ceiling in range(draw(st.integers(1, 3))):
        measure = draw(st.sampled_from(MEASURES))
        if measure.get("counter") == "household" and draw(st.booleans()):
            found.append({**measure, "amount_per_member": draw(AMOUNTS)})
        elif draw(st.booleans()):
            found.append({**measure, "amount": draw(AMOUNTS)})
        else:
            found.append({**measure, "rows": draw(amount_rows(more))})
    return found


ADJUSTMENTS = st.one_of(
    st.integers(-30, 30).map(lambda points: {"points": str(points)}),
    st.sampled_from(("0", "0.5", "0.75", "1", "1.2", "2")).map(lambda times: {"times": times}),
)


@st.composite
def layers(draw: st.DrawFn, code: str, of: str, *, always: bool, sums: Sequence[str] = SUMS) -> Tree:
    """One layer; `always` is one that holds for every claim, `sums` are the ways of paying besides ratio and bands."""
    is_cost, over_year = of == "cost", draw(st.integers(0, 3)) == 0
    more = ("stay",) if is_cost else ("stay", "case_paid")
    tree: Tree = {"code": code, "fund": draw(st.sampled_from(("ncms", "cii", "assistance")))}
    if not is_cost or draw(st.booleans()):
        tree["of"] = of
    if not always:
        optional(draw, tree, "when", conditions(more), once_in=2)
    if over_year:
        tree["over"] = "year"
    if is_cost or of == "burden":
        optional(draw, tree, "cover", covers(more=more), once_in=2 if is_cost else 4)
    if is_cost:
        rows = amount_rows(more).map(lambda found: {"counter": "year", "rows": found})
        plain = AMOUNTS.map(lambda amount: {"counter": "year", "amount": amount})
        optional(draw, tree, "eligible_ceiling", st.one_of(rows, plain))
    if draw(st.integers(0, 3)):
        per = "year" if over_year else draw(st.sampled_from(("stay", "stay", "year")))
        tree["deductible"] = {"per": per, "rows": draw(amount_rows(more))}
        named = st.sampled_from([f"{mark}{group}" for mark in ("", "other_than_") for group in GROUPS])
        optional(draw, tree["deductible"], "taken_from", named)
    optional(draw, tree, "bands_on", st.sampled_from(("gross", "net")), once_in=2)
    forms = () if over_year else [form for form in sums if is_cost or form in LATER_SUMS]
    tree["pay"] = draw(pay_rows(sums=forms, more=more, groups=is_cost and not over_year))
    _limits(draw, tree, more, is_cost=is_cost)
    return tree


def _limits(draw: st.DrawFn, tree: Tree, more: Sequence[str], *, is_cost: bool) -> None:
    """What adjusts and bounds a layer's payment."""
    adjusting = st.tuples(st.one_of(st.just({}), conditions(more)), ADJUSTMENTS)
    rows = st.lists(adjusting.map(lambda pair: {"when": pair[0], **pair[1]}), min_size=1, max_size=3)
    optional(draw, tree, "adjust", rows)
    floors = st.fixed_dictionaries(
        {
            "of": st.sampled_from(("total", "eligible")),
            "rows": st.lists(
                st.tuples(conditions(more), SHARES).map(lambda pair: {"when": pair[0], "ratio": pair[1]}),
                min_size=1,
                max_size=2,
            ).flatmap(lambda found: SHARES.map(lambda share: [*found, {"ratio": share}])),
        }
    )
    optional(draw, tree, "floor", floors, once_in=4)
    if "floor" in tree:
        tree["floor"]["borne_by"] = draw(st.sampled_from(("fund", "hospital") if is_cost else ("fund",)))
    most = AMOUNTS.map(lambda amount: {"per": "stay", "amount": amount})
    optional(draw, tree, "patient_ceiling", most, once_in=5)
    optional(draw, tree, "ceilings", ceilings(more), once_in=2)
    optional(draw, tree, "except", st.lists(conditions(more), min_size=1, max_size=2), once_in=4)


@st.composite
def plans(draw: st.DrawFn, *, sums: Sequence[str] = SUMS) -> list[Tree]:
    """A scheme's documents of 2010, one or two, that find a basic layer and a way of paying for every claim."""
    found = [draw(layers("first", "cost", always=False, sums=sums))] if draw(st.booleans()) else []
    found.append(draw(layers("basic", "cost", always=True, sums=sums)))
    kinds = draw(st.lists(st.sampled_from((*LATER, *LATER, "cost")), max_size=3))
    later = [draw(layers(f"later_{place}", of, always=False, sums=sums)) for place, of in enumerate(kinds)]
    own = draw(st.integers(0, len(later)))  # the others stand in a document of their own
    documents = [document(found + later[:own], rounding=draw(ROUNDINGS))]
    if later[own:]:
        first = draw(st.sampled_from(("2010-01-01", "2010-05-01")))
        documents.append(document(later[own:], rounding=draw(ROUNDINGS), code="random-later", first=first))
    return documents


def document(found: list[Tree], *, rounding: str = "fen", code: str = "random", first: str = "2010-01-01") -> Tree:
    """A plan document of these layers."""
    return {
        "format": "1",
        "code": code,
        "scheme": "ncms",
        "name": {"zh-hans": "随机方案", "en": "Random plan"},
        "document": "test",
        "in_force": {"from": first, "through": "2010-12-31"},
        "decided_by": "discharged",
        "rounding": rounding,
        "layers": found,
    }


PERSONS = st.fixed_dictionaries(
    {
        **{name: st.sampled_from(WORDS[name]) for name in ("category", "employment")},
        "age": st.integers(*NUMBERS["age"]),
        "years_enrolled": st.integers(*NUMBERS["years_enrolled"]),
        "household_members": st.integers(1, 6),
    }
)
ACCOUNTS = st.fixed_dictionaries({"household": AMOUNTS, "personal": AMOUNTS})


@st.composite
def items(draw: st.DrawFn) -> list[Tree]:
    found = []
    for _item in range(draw(st.integers(1, 4))):
        row: Tree = {"class": draw(st.sampled_from("AABC")), "amount": draw(AMOUNTS)}
        optional(draw, row, "group", st.sampled_from(GROUPS), once_in=1)
        found.append(row)
    return found


@st.composite
def claims(draw: st.DrawFn, id_: str = "c") -> Tree:
    """A claim of 2010 that states every attribute."""
    bill = draw(items())
    total = sum(round(float(item["amount"]) * 100) for item in bill)
    others = draw(st.one_of(st.just(0), st.just(0), st.integers(0, total)))
    month, day = draw(st.integers(1, 12)), draw(st.integers(1, 20))
    return {
        "id": id_,
        **{name: draw(st.sampled_from(values)) for name, values in WORDS.items() if name not in OF_PERSON},
        "tier": draw(st.integers(*NUMBERS["tier"])),
        "admitted": f"2010-{month:02}-{day:02}",
        "discharged": f"2010-{month:02}-{day:02}",
        "other_payers": f"{others // 100}.{others % 100:02}",
        "items": bill,
    }


@st.composite
def years(draw: st.DrawFn, most: int = 4) -> list[Tree]:
    """Claims of a year, in the order in which they are approved."""
    return [draw(claims(f"c{number}")) for number in range(draw(st.integers(1, most)))]


@st.composite
def cases(draw: st.DrawFn, documents: st.SearchStrategy[list[Tree]] | None = None, *, most: int = 4) -> Tree:
    """A scheme's documents, a person, accounts and the claims of a year."""
    return {
        "plan": draw(plans() if documents is None else documents),
        "person": draw(PERSONS),
        "accounts": draw(ACCOUNTS),
        "claims": draw(years(most)),
    }
