"""What a report states of a scheme's year, number by number, and how it stands beside what the books say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Final

from audit.rules.report_reading import Paragraph, Place, Quantity, places
from funds.rules import indicators
from funds.rules.indicators import Facts

#: By which words a scheme is known, in a report's paragraph and in its own name.
SCHEMES: Final[dict[str, re.Pattern[str]]] = {
    "injury": re.compile(r"工伤"),
    "maternity": re.compile(r"生育"),
    "ncms": re.compile(r"新农合|合作医疗|新医合"),
    "urbmi": re.compile(r"居民"),
    "uebmi": re.compile(r"职工"),
}
HEAD: Final = 30  # signs of a paragraph that say of which scheme it is


@dataclass(frozen=True)
class Sign:
    """By which words before it a number is known: what it counts, and which words."""

    code: str
    unit: str
    words: re.Pattern[str]


def _sign(code: str, unit: str, words: str) -> Sign:
    return Sign(code, unit, re.compile(words))


SIGNS: Final = (
    _sign("should", "count", r"应参"),
    _sign("enrolled", "count", r"实际参|参保人数|共有.*参合|参合农民$"),
    _sign("participation_rate", "%", r"参[合保]率"),
    _sign("due", "amount", r"应征缴|应为$|应筹集"),
    _sign("received", "amount", r"实际征缴|收入总计|实际到位|筹集到位|到[帐账]资金"),
    _sign("arrival_rate", "%", r"到位率"),
    _sign("visits", "times", r"门诊(补偿)?$"),
    _sign("visits_paid", "amount", r"补偿医疗费$|门诊补偿(金|金额)?$"),
    _sign("stays", "times", r"住院(补偿)?$|享受住院$"),
    _sign("stays_total", "amount", r"住院总费用$"),
    _sign("stays_paid", "amount", r"报销住院医药费$|住院补偿金$|统筹基金支出$|^补偿(金|金额)?$"),
    _sign("cost_per_stay", "yuan", r"平均住院费用|次均费用"),
    _sign("paid_per_stay", "yuan", r"人均补偿|次均补偿|平均支付统筹"),
    _sign("actual_ratio", "%", r"统筹基金支付率|实际补偿比"),
    _sign("spent", "amount", r"当期基金支出$|共支出$|总支出$|总计支出$|累计支付补偿金$"),
    _sign("surplus", "amount", r"(?<!滚存)(?<!累计)[结节]余$"),
    _sign("use_rate", "%", r"使用率"),
    _sign("cumulative", "amount", r"(滚存|累计)结余$"),
)
ORDER: Final = tuple(one.code for one in SIGNS)


class Why(StrEnum):
    """How a number of a report stands beside the books."""

    EQUAL = "equal"
    ROUNDED = "rounded"
    CUT = "cut"
    ON_DUE = "on_due"
    DIFFERS = "differs"
    NOT_IN_BOOKS = "not_in_books"  # nor nothing: what the books did not enter is no figure


@dataclass(frozen=True)
class Stated:
    """A number that a report states of a scheme."""

    scheme: str
    code: str
    quantity: Quantity


@dataclass(frozen=True)
class Compared:
    """A number of a report beside the books': single people, times and yuan, or percent."""

    stated: Stated
    books: Decimal | None
    difference: Decimal | None
    why: Why


def scheme_of(words: str) -> str:
    """Which scheme words speak of; "" for none."""
    return next((scheme for scheme, pattern in SCHEMES.items() if pattern.search(words)), "")


def stated_in(text: str, place: str = "") -> list[Stated]:
    """What a text states of each scheme, the first time it says it; of one place, where its name is given."""
    found: dict[tuple[str, str], Stated] = {}
    for one in places(text):
        if place and one.name and one.name not in place and place not in one.name:
            continue
        for stated in _of_place(one):
            found.setdefault((stated.scheme, stated.code), stated)
    return sorted(found.values(), key=lambda one: (one.scheme, ORDER.index(one.code)))


def _of_place(place: Place) -> Iterator[Stated]:
    whole = "".join(one.text for one in place.paragraphs)
    single = "ncms" if SCHEMES["ncms"].search(whole) and not SCHEMES["uebmi"].search(whole) else ""
    for paragraph in place.paragraphs:
        scheme = (scheme_of(paragraph.text[:HEAD]) if paragraph.is_numbered else "") or single
        if scheme:
            yield from _of_paragraph(paragraph, scheme)


def _of_paragraph(paragraph: Paragraph, scheme: str) -> Iterator[Stated]:
    for one in paragraph.quantities:
        for sign in SIGNS:
            if not one.is_part and _fits(sign, one):
                yield Stated(scheme, sign.code, one)
                break


def _fits(sign: Sign, one: Quantity) -> bool:
    counts = {
        "count": one.is_count,
        "times": one.unit == "times",
        "amount": one.unit == "yuan" and one.scale > 1,
        "yuan": one.unit == "yuan" and one.scale == 1,
        "%": one.unit == "%",
    }
    return counts[sign.unit] and sign.words.search(one.label) is not None


def books_of(facts: Facts) -> Mapping[str, Decimal | None]:
    """The same figures of a year from the books."""
    known = indicators.of(facts)

    def value(code: str, basis: str = "") -> Decimal | None:
        found = indicators.one_of(known, code, basis).value
        return None if found is None else Decimal(found)

    return {
        "should": Decimal(facts.should),
        "enrolled": Decimal(facts.enrolled),
        "participation_rate": value("participation_rate"),
        "due": facts.due,
        "received": facts.received,
        "arrival_rate": value("arrival_rate", "due"),
        "visits": Decimal(facts.visits.times),
        "visits_paid": facts.visits.fund_pays,
        "stays": Decimal(facts.stays.times),
        "stays_total": facts.stays.total,
        "stays_paid": facts.stays.fund_pays,
        "cost_per_stay": value("cost_per_stay"),
        "paid_per_stay": value("paid_per_stay"),
        "actual_ratio": value("actual_ratio", "stays"),
        "spent": facts.spent,
        "surplus": facts.received - facts.spent,
        "use_rate": value("use_rate", "received"),
        "cumulative": facts.cumulative,
    }


def on_due(facts: Facts) -> Mapping[str, Decimal | None]:
    """Those figures that a report may state on the sum due instead."""
    found = indicators.one_of(indicators.of(facts), "use_rate", "due").value
    return {"surplus": facts.due - facts.spent, "use_rate": None if found is None else Decimal(found)}


def compare(stated: Sequence[Stated], facts: Mapping[str, Facts]) -> list[Compared]:
    """Each number of a report beside the books of its scheme."""
    books = {scheme: books_of(one) for scheme, one in facts.items()}
    due = {scheme: on_due(one) for scheme, one in facts.items()}
    return [_compared(one, books.get(one.scheme, {}).get(one.code), due.get(one.scheme, {}).get(one.code))
            for one in stated]  # fmt: skip


def _compared(one: Stated, books: Decimal | None, due: Decimal | None) -> Compared:
    if not books:
        return Compared(one, None, None, Why.NOT_IN_BOOKS)
    return Compared(one, books, one.quantity.value - books, _why(one.quantity, books, due))


def _why(one: Quantity, books: Decimal, due: Decimal | None) -> Why:
    if one.value == books:
        return Why.EQUAL
    if _rounds(one, books, ROUND_HALF_UP):
        return Why.ROUNDED
    if _rounds(one, books, ROUND_DOWN):
        return Why.CUT
    if due is not None and _rounds(one, due, ROUND_HALF_UP):
        return Why.ON_DUE
    return Why.DIFFERS


def _rounds(one: Quantity, value: Decimal, how: str) -> bool:
    return (value / one.step).quantize(Decimal(1), how) * one.step == one.value
