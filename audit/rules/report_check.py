"""Every number of a report that a formula can check, computed again with its basis (docs/rules/reports.md)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from audit.rules import report_findings as findings
from audit.rules.report_findings import Finding
from audit.rules.report_formulas import FORMULAS
from audit.rules.report_reading import Paragraph, Place, Quantity, Sentence, places

#: Of each paragraph that speaks of one scheme: people enrolled and wanted, income and spending of the year.
ENROLLED: Final = r"实际参保|实际参合|参保人数是"
WANTED: Final = r"应参|任务$"
INCOME: Final = r"实际征缴|收入总计|实际到位"
SPENT: Final = r"当期基金支出|统筹基金支出|基金支付$|共支出"


@dataclass(frozen=True)
class Checked:
    """A report that was checked: its findings where they stand first, and how often each is repeated."""

    findings: Sequence[Finding]
    repeated: int

    @property
    def errors(self) -> list[Finding]:
        """What is to be put right."""
        return [one for one in self.findings if one.is_error]


def check(text: str) -> Checked:
    """Every number of a text that can be checked. A text that stands in it again is told once."""
    told: dict[tuple[object, ...], Finding] = {}
    count = 0
    for place in places(text):
        for one in _of_place(place):
            count += 1
            key = (one.code, one.stated.digits, one.stated.clause, one.computed, one.shown)
            first = told.setdefault(key, one)
            if not first.place:
                told[key] = replace(first, place=one.place)
    found = sorted(told.values(), key=lambda one: (one.stated.start, one.code))
    return Checked(found, count - len(found))


def _of_place(place: Place) -> Iterator[Finding]:
    for paragraph in place.paragraphs:
        for formula in FORMULAS:
            for one in formula(paragraph):
                yield replace(one, place=place.name)
    for one in (*_across(place), *_raised(place)):
        yield replace(one, place=place.name)


def _across(place: Place) -> Iterator[Finding]:
    """The sums over all schemes that stand before the paragraphs of each: people, income, spending."""
    schemes = [one for one in place.paragraphs if one.is_numbered and _actual(one) is not None]
    whole = next((one for one in place.paragraphs if not one.is_numbered and _is_over_all(one)), None)
    if whole is None or len(schemes) < 2:  # noqa: PLR2004
        return
    sentence = whole.sentences
    enrolled, wanted = _find(whole, ENROLLED, counts=True), _find(whole, r"应参", counts=True)
    paid, left = _find(whole, r"基金支付$"), _find(whole, r"结余$")
    schemes = [one for one in schemes if one.start > sentence[0].start][: _run(place, schemes, whole)]
    if enrolled is not None:
        yield findings.added("enrolled_together", enrolled, _terms(_actual(one) for one in schemes))
    if wanted is not None and wanted is not enrolled:
        yield findings.added("wanted_together", wanted, _terms(_wanted(one) for one in schemes))
    if paid is not None:
        yield findings.added("spending_together", paid, _terms(_find(one, SPENT) for one in schemes))
    if paid is not None and left is not None:
        income = replace(paid, digits=str(paid.stated + left.stated), clause="支付＋结余")
        yield findings.added("income_together", income, _terms(_find(one, INCOME) for one in schemes))


def _run(place: Place, schemes: Sequence[Paragraph], whole: Paragraph) -> int:
    """How many paragraphs of schemes follow one another after the one over all: until another heading comes."""
    after = [one for one in place.paragraphs if one.start > whole.start and one.text.strip()]
    return next((number for number, one in enumerate(after) if one not in schemes), len(after))


def _is_over_all(paragraph: Paragraph) -> bool:
    return "应参保" in paragraph.text and "实际参保" in paragraph.text and "基金支付" in paragraph.text


def _terms(found: Iterator[Quantity | None]) -> list[tuple[int, Quantity]]:
    return [(1, one) for one in found if one is not None]


def _find(paragraph: Paragraph, words: str, *, counts: bool = False) -> Quantity | None:
    """The first number of a paragraph with these words before it: an amount in ten thousands, or a count."""
    return next(
        (
            one
            for one in paragraph.quantities
            if re.search(words, one.label) and not one.is_part and (one.is_count if counts else _is_amount(one))
        ),
        None,
    )


def _is_amount(one: Quantity) -> bool:
    return one.unit == "yuan" and one.scale > 1


def _actual(paragraph: Paragraph) -> Quantity | None:
    return _find(paragraph, ENROLLED, counts=True)


def _wanted(paragraph: Paragraph) -> Quantity | None:
    """People wanted; as many as are enrolled where the report says no number."""
    return _find(paragraph, WANTED, counts=True) or _actual(paragraph)


def _raised(place: Place) -> Iterator[Finding]:
    """What was raised for a year: people times what is raised for each, where a report gives all three; or a whole
    number of yuan for each."""
    heads, each = _by_year(place, r"参合农民$", "people"), _by_year(place, r"筹资(水平)?标准(至)?$", "yuan")
    for paragraph in place.paragraphs:
        for sentence in paragraph.sentences:
            for stated in sentence.quantities:
                if not _is_amount(stated) or not re.search(r"筹集[^,，]*资金$|总规模应为$", stated.label):
                    continue
                year = sentence.year_at(stated.start)
                if year and year in heads and year in each:
                    yield _product(stated, heads[year], each[year])
                elif (people := _people_of(paragraph, stated)) is not None and not stated.value % people.value:
                    yield _product(
                        stated, people, replace(people, digits=str(stated.value / people.value), unit="yuan")
                    )


def _by_year(place: Place, words: str, unit: str) -> dict[str, Quantity]:
    found: dict[str, Quantity] = {}
    for one, sentence in _all(place):
        if one.unit == unit and one.scale == 1 and re.search(words, one.label):
            found.setdefault(sentence.year_at(one.start), one)
    return found


def _all(place: Place) -> Iterator[tuple[Quantity, Sentence]]:
    for paragraph in place.paragraphs:
        for sentence in paragraph.sentences:
            for one in sentence.quantities:
                yield one, sentence


def _people_of(paragraph: Paragraph, stated: Quantity) -> Quantity | None:
    found = [one for one in paragraph.quantities
             if one.unit == "people" and one.end <= stated.start and re.search(r"实际参", one.label)]  # fmt: skip
    return found[-1] if found else None


def _product(stated: Quantity, people: Quantity, each: Quantity) -> Finding:
    product = replace(people, digits=format(people.value * each.value, "f"), unit="yuan", scale=Decimal(1))
    found = findings.added("raised", stated, [(1, product)])
    shown = f"{findings.text(people)} × {findings.text(each)}"
    return replace(found, terms=(people, each), shown=shown)
