"""What a layer pays, rebuilt from the English lines of its trace alone: the patient with a pencil."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from fractions import Fraction

from claims.rules.trace_words import TRACE
from claims.tests.reference import STEPS, rounded

Figures = dict[str, str]

#: Figures that are not yet rounded are written out to the fourth decimal.
FINE = Fraction(1, 10_000)


NUMBER = r"[+-]?[\d,.]+%?"
PRODUCTS = rf"{NUMBER} × [\d.]+%(?: \+ {NUMBER} × [\d.]+%)*"
FORMULA = rf"0\.00|{PRODUCTS}|{NUMBER} × [\d.]+% × [\d.]+|\({PRODUCTS}\) × [\d.]+"
WORDS = ("plan", "day", "basic", "class_", "group", "groups", "unit_en")


def _figure(name: str) -> str:
    if name in WORDS:
        return "[^:,”]+"
    if name == "times":
        return r"[\d.]+"
    return FORMULA if name.startswith("formula") else NUMBER


def _pattern(sentence: str) -> re.Pattern[str]:
    """The lines that a sentence of the trace can become, its figures by name."""
    names: set[str] = set()

    def place(found: re.Match[str]) -> str:
        name = found[1]
        again = name in names
        names.add(name)
        return rf"(?P={name})" if again else rf"(?P<{name}>{_figure(name)})"

    return re.compile(re.sub(r"\\{(\w+)\\}", place, re.escape(sentence)))


PATTERNS = {key: _pattern(english) for key, (_chinese, english) in TRACE.items()}


def number(text: str) -> Fraction:
    """The value of 9,400.00 or 35%."""
    return Fraction(text.replace(",", "").removesuffix("%")) / (100 if text.endswith("%") else 1)


def formula(text: str) -> Fraction:
    """The value of 9,400.00 × 35% + 20,000.00 × 40%, 9,400.00 × 35% × 0.5, (9,400.00 × 35% + 20,000.00 × 40%) × 0.5."""
    whole, _mark, times = text.removeprefix("(").partition(") × ")
    value = sum((_product(piece) for piece in whole.split(" + ")), Fraction(0))
    return value * (number(times) if times else 1)


def _product(text: str) -> Fraction:
    return math.prod(map(number, text.split(" × ")), start=Fraction(1))


class DoesNotFollow(AssertionError):
    """A line states what its figures, or the line before, do not give."""


class Layer:
    """Goes through the lines; `running` is the payment so far."""

    def __init__(self) -> None:
        self.running = Fraction(0)
        self.done = False

    def read(self, line: str) -> None:
        fitting = {key: found.groupdict() for key, pattern in PATTERNS.items() if (found := pattern.fullmatch(line))}
        if len(fitting) != 1:
            raise DoesNotFollow(f"“{line}” fits {sorted(fitting)}")
        [(key, figures)] = fitting.items()
        if key in STEPS_OF:
            STEPS_OF[key](self, figures)

    def becomes(self, computed: Fraction, stated: str, *, within: Fraction = FINE) -> None:
        if abs(computed - number(stated)) > within:
            raise DoesNotFollow(f"{stated} is stated, {float(computed)} follows")
        self.running = number(stated)


def _bands(layer: Layer, found: Figures) -> None:
    before = layer.running
    layer.becomes(formula(found["formula"]), found["result"])
    layer.running += before


def _times(layer: Layer, found: Figures) -> None:
    layer.becomes(layer.running, found["before"])
    layer.becomes(number(found["before"]) * number(found["times"]), found["result"])


def _over_year(layer: Layer, found: Figures) -> None:
    layer.becomes(number(found["due_after"]) - number(found["due_before"]), found["result"])
    for when in ("after", "before"):
        layer.becomes(formula(found[f"formula_{when}"]), found[f"due_{when}"], within=Fraction(1, 2) + FINE)
    layer.running = number(found["result"])


def _floor(layer: Layer, found: Figures) -> None:
    layer.becomes(number(found["of"]) * number(found["ratio"]), found["floor"])
    layer.becomes(layer.running, found["result"])


def _patient_ceiling(layer: Layer, found: Figures) -> None:
    layer.becomes(layer.running + number(found["borne"]) - number(found["amount"]), found["result"])


def _ceiling(layer: Layer, found: Figures) -> None:
    left = max(number(found["amount"]) - number(found["used"]), Fraction(0))
    layer.becomes(min(layer.running, left), found["result"])


def _rounded(layer: Layer, found: Figures) -> None:
    before = layer.running
    step = STEPS[found["unit_en"]]
    layer.becomes(rounded(before, found["unit_en"]), found["result"], within=step)
    if layer.running > before and layer.running - before > step / 2 + FINE:
        raise DoesNotFollow(f"{float(before)} is not rounded to {found['result']}")


def _pays(layer: Layer, found: Figures) -> None:
    layer.becomes(layer.running, found["result"], within=Fraction(0))
    layer.done = True


def _price_ratio(layer: Layer, found: Figures) -> None:
    layer.becomes(number(found["total"]) - number(found["met"]), found["hospital"])
    layer.becomes(number(found["amount"]) * number(found["ratio"]), found["result"])


STEPS_OF: dict[str, Callable[[Layer, Figures], None]] = {
    "off": lambda layer, _found: setattr(layer, "done", True),
    "not_in_force": lambda layer, _found: setattr(layer, "done", True),
    "other_basic": lambda layer, _found: setattr(layer, "done", True),
    "bands": _bands,
    "bands_group": _bands,
    "times": _times,
    "over_year": _over_year,
    "fixed": lambda layer, found: layer.becomes(min(number(found["amount"]), number(found["result"])), found["result"]),
    "copay": lambda layer, found: layer.becomes(
        max(number(found["base"]) - number(found["amount"]), Fraction(0)), found["result"]
    ),
    "account": lambda layer, found: layer.becomes(min(number(found["held"]), number(found["base"])), found["result"]),
    "price_ratio": _price_ratio,
    "price_share": lambda layer, found: layer.becomes(
        max(number(found["lesser"]) - number(found["patient"]), Fraction(0)), found["result"]
    ),
    "limit_price": lambda layer, found: layer.becomes(
        number(found["lesser"]) * number(found["ratio"]), found["result"]
    ),
    "full": lambda layer, found: layer.becomes(layer.running + number(found["full"]), found["result"]),
    "floor": _floor,
    "patient_ceiling": _patient_ceiling,
    "ceiling": _ceiling,
    "cost_cap": lambda layer, found: layer.becomes(min(layer.running, number(found["left"])), found["result"]),
    "account_cap": lambda layer, found: layer.becomes(min(layer.running, number(found["left"])), found["result"]),
    "rounded": _rounded,
    "pays": _pays,
}


def payment(lines: Iterable[str]) -> Fraction:
    """What the lines of a layer's trace come to, each checked against its own figures and the line before."""
    layer = Layer()
    for line in lines:
        layer.read(line)
    if not layer.done:
        raise DoesNotFollow("the trace does not come to an end")
    return layer.running
