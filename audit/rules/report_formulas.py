"""The formulas by which a paragraph's numbers are computed again (docs/rules/reports.md).

Each looks for the number it explains by the words before it, and for the numbers it needs among those of its paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from audit.rules import report_findings as findings
from audit.rules.report_findings import Finding, Status
from audit.rules.report_reading import Paragraph, Quantity, Sentence

#: What a paper asks for is no figure of the year.
ASKED_FOR: Final = re.compile(r"控制在|力争|要求|原则|不低于|不超过|达到以上|规定")
LEFT_OUT: Final = re.compile(r"新增|^含")


def _last(found: Sequence[Quantity], *, before: int, unit: str, words: str) -> Quantity | None:
    """The last number before a place with these words before it."""
    pattern = re.compile(words)
    units = {"people", "times"} if unit == "count" else {unit}
    fits = [
        one
        for one in found
        if one.end <= before and one.unit in units and pattern.search(one.label) and not one.is_part
    ]
    return fits[-1] if fits else None


@dataclass(frozen=True)
class Rate:
    """A rate or an average: how it is called, its two numbers by the words before them, and on which bases."""

    code: str
    called: str
    part: tuple[str, str]
    wholes: tuple[tuple[str, str, str], ...]
    unit: str = "%"
    unless: str = r"$^"

    def of(self, paragraph: Paragraph) -> Iterator[Finding]:
        """What comes of each number of the paragraph that is called so."""
        for stated in paragraph.quantities:
            fits = stated.unit == self.unit and stated.scale == 1 and re.search(self.called, stated.clause)
            if fits and not re.search(self.unless, stated.clause) and not ASKED_FOR.search(stated.clause):
                yield self._finding(stated, paragraph.quantities)

    def _finding(self, stated: Quantity, around: Sequence[Quantity]) -> Finding:
        unit, words = self.part
        part = _last(around, before=stated.start, unit=unit, words=words)
        found = []
        for basis, whole_unit, whole_words in self.wholes:
            whole = _last(around, before=stated.start, unit=whole_unit, words=whole_words)
            if part is not None and whole is not None and whole is not part and whole.value:
                found.append(findings.ratio(self.code, stated, part, whole, basis))
        return _best(found) or findings.missing(self.code, stated, [part] if part is not None else [])


def _best(found: Sequence[Finding]) -> Finding | None:
    """Of the bases the first on which it agrees; else the first of all. On the sum due it agrees with a remark."""
    for one in found:
        if one.status is Status.AGREES:
            return replace(one, status=Status.ON_DUE) if one.basis == "due" else one
    return found[0] if found else None


INSURED: Final = r"实际参|参[保合]|参加"
RECEIVED: Final = r"实际征缴|实际到位|到位|收入|筹集"
DUE: Final = r"应征缴|应为|应筹|总规模"
INSURED_OF_FARMERS: Final = r"实际参|参合|合作医疗|新农合"
SPENT: Final = r"支出$|支付$|支出总额|共支出"
RATES: Final = (
    Rate("participation_rate", r"参合率", ("count", INSURED_OF_FARMERS), (("", "count", r"应参|农业人口"),)),
    Rate("participation_rate", r"参保率|覆盖面", ("count", INSURED), (("", "count", r"应参|人口"),)),
    Rate("collection_rate", r"征缴率|征收率", ("yuan", r"实际征缴|实征"), (("due", "yuan", r"应征"),)),
    Rate("arrival_rate", r"到位率", ("yuan", r"到位|到帐|到账"), (("due", "yuan", r"应筹|应为"),)),
    Rate("inpatient_rate", r"住院率", ("times", r"住院"), (("", "people", INSURED),)),
    Rate("cost_per_stay", r"平均住院费用|次均住院费用", ("yuan", r"总费用"), (("", "times", r"住院"),), unit="yuan"),
    Rate("paid_per_stay", r"平均支付统筹基金|次均补偿|人均补偿", ("yuan", r"统筹基金支出|住院医药费|住院补偿"),
         (("", "times", r"住院"),), unit="yuan"),
    Rate("actual_ratio", r"统筹基金支付率|实际补偿比", ("yuan", r"统筹基金支出|补偿金"),
         (("", "yuan", r"总费用|医药费"),)),
    Rate("use_rate", r"使用率", ("yuan", SPENT),
         (("received", "yuan", RECEIVED), ("due", "yuan", DUE))),
)  # fmt: skip


def rates(paragraph: Paragraph) -> Iterator[Finding]:
    """Rates and averages by their two numbers. That a rate of collection stands on what was due is its meaning."""
    for rate in RATES:
        for one in rate.of(paragraph):
            plain = one.status is Status.ON_DUE and one.code in {"collection_rate", "arrival_rate"}
            yield replace(one, status=Status.AGREES) if plain else one


def policy_ratios(paragraph: Paragraph) -> Iterator[Finding]:
    """A ratio inside the policy's scope, of which reports give no denominator: what the actual ratio is, is another."""
    for stated in paragraph.quantities:
        if stated.unit != "%" or not re.search(r"政策范围内[^,，]*比例$", stated.clause):
            continue
        part = _last(paragraph.quantities, before=stated.start, unit="yuan", words=r"统筹基金支出|补偿金")
        if part is not None:
            yield findings.missing("policy_ratio", stated, [part])


def targets(paragraph: Paragraph) -> Iterator[Finding]:
    """People enrolled of those wanted: 完成…任务N人的P%."""
    for sentence in paragraph.sentences:
        for stated in sentence.quantities:
            if stated.unit != "%" or not re.search(r"完成.*(任务|目标)", stated.clause):
                continue
            begins = stated.start - len(stated.clause)
            inside = [one for one in sentence.quantities if begins <= one.start < stated.start and one.is_count]
            earlier = [
                one for one in sentence.quantities
                if one.end <= begins and one.unit == "people" and not LEFT_OUT.search(one.label)
            ]  # fmt: skip
            if inside and earlier:
                yield findings.ratio("target_completion", stated, earlier[-1], inside[-1])
            else:
                whole = [one for one in earlier if not one.is_part]
                yield findings.missing("target_completion", stated, whole[-1:])


def payment_and_surplus(paragraph: Paragraph) -> Iterator[Finding]:
    """Payment rate and surplus rate of what was paid and left together: they come to 100."""
    for sentence in paragraph.sentences:
        paid = _last(sentence.quantities, before=sentence.start + len(sentence.text), unit="yuan", words=r"基金支付$")
        left = _last(sentence.quantities, before=sentence.start + len(sentence.text), unit="yuan", words=r"结余$")
        if paid is None or left is None or paid.scale != left.scale:
            continue
        whole = replace(paid, digits=str(paid.stated + left.stated))
        for code, part, words in (("payment_rate", paid, r"基金支付率"), ("surplus_rate", left, r"结余率")):
            for stated in sentence.quantities:
                if stated.unit == "%" and re.search(words, stated.clause):
                    yield findings.ratio(code, stated, part, whole)


def spending(paragraph: Paragraph) -> Iterator[Finding]:
    """The year's spending as the sum of what was paid for stays, visits and services."""
    found = [one for one in paragraph.quantities if one.unit == "yuan" and one.scale > 1]
    for stated in found:
        if not re.search(r"共支出$|总计支出$|合计支出$|总支出$", stated.label):
            continue
        parts = [
            one for one in found
            if one.end <= stated.start and re.search(r"支出$|补偿医疗费$|报销.*医药费$|补偿金$", one.label)
            and not re.search(r"共支出|总计|合计", one.label)
        ]  # fmt: skip
        if len(parts) > 1:
            yield findings.added("spending", stated, [(1, one) for one in parts])


def surplus(paragraph: Paragraph) -> Iterator[Finding]:
    """What is left of a year: received less spent. Who takes what was due must say so by his use rate."""
    for stated in paragraph.quantities:
        if stated.unit != "yuan" or not re.search(r"(?<!滚存)(?<!累计)[结节]余$", stated.label):
            continue
        around = paragraph.quantities
        spent = _last(around, before=stated.start, unit="yuan", words=SPENT)
        found = []
        for basis, words in (("received", RECEIVED), ("due", DUE)):
            income = _last(around, before=stated.start, unit="yuan", words=words)
            if income is not None and spent is not None and income is not spent:
                found.append(findings.added("surplus", stated, [(1, income), (-1, spent)], basis))
        best = _best(found)
        if best is not None:
            is_bare = best.status is Status.ON_DUE and not _rate_on_due(paragraph)
            yield replace(found[0], status=Status.WRONG_BASIS) if is_bare else best


def _rate_on_due(paragraph: Paragraph) -> bool:
    return any(one.code == "use_rate" and one.status is Status.ON_DUE for one in rates(paragraph))


def among(paragraph: Paragraph) -> Iterator[Finding]:
    """A whole and the parts that 其中 names after it: they come to it, or are not all; more than it is an error."""
    for sentence in paragraph.sentences:
        first = next((place for place, one in enumerate(sentence.quantities) if one.is_part), 0)
        for unit in ("people", "times"):
            wholes = [one for one in sentence.quantities[:first] if one.unit == unit]
            parts = [one for one in sentence.quantities[first:] if one.unit == unit and "任务" not in one.clause]
            if wholes and len(parts) > 1:
                one = findings.added("parts", wholes[-1], [(1, part) for part in parts])
                if one.status is Status.AGREES or sum(part.value for part in parts) > wholes[-1].value:
                    yield one


def together(paragraph: Paragraph) -> Iterator[Finding]:
    """A名…、B名…共C人 in one clause."""
    for sentence in paragraph.sentences:
        for place, stated in enumerate(sentence.quantities):
            if stated.unit != "people" or not stated.label.endswith("共"):
                continue
            parts = [one for one in sentence.quantities[:place]
                     if one.unit == "people" and one.start >= stated.start - len(stated.clause)]  # fmt: skip
            if len(parts) > 1:
                yield findings.added("parts", stated, [(1, one) for one in parts])


RAISED: Final = re.compile(r"由([^。由]*?)提高到([^。]*?)个百分点")


def points(paragraph: Paragraph) -> Iterator[Finding]:
    """由A%提高到B%…N个百分点: the difference, of each pair that is named."""
    for sentence in paragraph.sentences:
        for told in RAISED.finditer(sentence.text):
            middle = sentence.start + told.start(2)
            inside = [one for one in sentence.quantities if sentence.start + told.start() <= one.start
                      and one.end <= sentence.start + told.end()]  # fmt: skip
            before = [one for one in inside if one.unit == "%" and one.end <= middle]
            after = [one for one in inside if one.unit == "%" and one.start >= middle][: len(before)]
            stated = [one for one in inside if one.unit == "points"][-1:]
            if stated and len(before) == len(after):
                for old, new in zip(before, after, strict=True):
                    yield findings.added("points", stated[0], [(1, new), (-1, old)])


def per_head(paragraph: Paragraph) -> Iterator[Finding]:
    """What is raised for each: what people pay themselves and what governments add."""
    for sentence in paragraph.sentences:
        stated = _first(sentence, r"筹资(水平)?标准(至|为|提高到)?$")
        own, added = _first(sentence, r"农民(个人)?筹资(水平)?(至)?$"), _first(sentence, r"财政(补助)?(至)?$")
        if stated is not None and own is not None and added is not None:
            yield findings.added("financing_per_head", stated, [(1, own), (1, added)])


def _first(sentence: Sentence, words: str) -> Quantity | None:
    return next(
        (one for one in sentence.quantities if one.unit == "yuan" and one.scale == 1 and re.search(words, one.label)),
        None,
    )


Formula = Callable[[Paragraph], Iterator[Finding]]
FORMULAS: Final[tuple[Formula, ...]] = (
    targets, rates, policy_ratios, payment_and_surplus, spending, surplus, among, together, points, per_head,
)  # fmt: skip
