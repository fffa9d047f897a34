"""A report's text as a program reads it: places, paragraphs, sentences, and every number with its unit and its words.

Reports (汇报、总结) of county offices follow one another in one file, each with a heading that names its place; a
paragraph (一)…(五) speaks of one scheme; what a number is stands before it in its clause.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

WAN: Final = Decimal(10_000)
YI: Final = Decimal(100_000_000)
#: Units, the longest first, with what is counted and how much one of it is.
UNITS: Final[dict[str, tuple[str, Decimal]]] = {
    "个百分点": ("points", Decimal(1)),
    "万人次": ("times", WAN),
    "元/人": ("yuan", Decimal(1)),
    "亿元": ("yuan", YI),
    "万元": ("yuan", WAN),
    "万人": ("people", WAN),
    "人次": ("times", Decimal(1)),
    "人": ("people", Decimal(1)),
    "名": ("people", Decimal(1)),
    "元": ("yuan", Decimal(1)),
    "%": ("%", Decimal(1)),
    "％": ("%", Decimal(1)),
}
NUMBER: Final = re.compile(
    r"(?<![\d.\-])(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)\s*(" + "|".join(UNITS) + r")(?!口)"
)
SENTENCE: Final = re.compile(r"[^。！!]*[。！!]?")
PAUSE: Final = re.compile(r"[,，;；:：。()（）]")
BRACKETS: Final = re.compile(r"[(（][^()（）]*[)）]")
#: A line that begins the report of another place.
HEADING: Final = re.compile(r"^\s*([\u4e00-\u9fff]{2,12}?[市县区旗])[\u4e00-\u9fff]{0,40}(?:汇报|总结|报告)\s*$")
NUMBERED: Final = re.compile(r"^\s*[(（][一二三四五六七八九十]+[)）]")
YEAR: Final = re.compile(r"((?:19|20)\d\d)\s*年")
AMONG: Final = re.compile(r"其中")


@dataclass(frozen=True)
class Quantity:
    """A number of the text: its digits, its unit, where it stands, the words before it in its clause."""

    digits: str
    unit: str
    scale: Decimal
    start: int
    end: int
    label: str
    clause: str
    is_part: bool

    @property
    def stated(self) -> Decimal:
        """The number as it is printed: 41.17 of 41.17 万人."""
        return Decimal(self.digits)

    @property
    def value(self) -> Decimal:
        """The number in single people, times, yuan."""
        return self.stated * self.scale

    @property
    def step(self) -> Decimal:
        """One of its last printed place, in single units: 100 of 41.17 万人."""
        return Decimal(1).scaleb(int(self.stated.as_tuple().exponent)) * self.scale

    @property
    def is_count(self) -> bool:
        """Whether it counts people or times."""
        return self.unit in {"people", "times"}


@dataclass(frozen=True)
class Sentence:
    """A sentence with its numbers, in their order."""

    text: str
    start: int
    quantities: Sequence[Quantity]

    def year_at(self, place: int) -> str:
        """The year named last before a place of the text; "" where none is."""
        found = [one[1] for one in YEAR.finditer(self.text) if self.start + one.start() <= place]
        return found[-1] if found else ""


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; `is_numbered` where it is (一), (二) … and speaks of one scheme."""

    text: str
    start: int
    sentences: Sequence[Sentence]
    is_numbered: bool

    @property
    def quantities(self) -> list[Quantity]:
        """All its numbers."""
        return [one for sentence in self.sentences for one in sentence.quantities]


@dataclass
class Place:
    """The report of one place."""

    name: str
    paragraphs: list[Paragraph] = field(default_factory=list)


def places(text: str) -> list[Place]:
    """The reports that a text holds, one after the other; "" for what stands before the first heading."""
    found = [Place("")]
    start = 0
    for line in text.splitlines(keepends=True):
        heading = HEADING.match(line)
        if heading:
            found.append(Place(heading[1]))
        else:
            found[-1].paragraphs.append(_paragraph(line, start))
        start += len(line)
    return [one for one in found if any(paragraph.quantities for paragraph in one.paragraphs)]


def _paragraph(line: str, start: int) -> Paragraph:
    sentences = [_sentence(one[0], start + one.start()) for one in SENTENCE.finditer(line) if one[0].strip()]
    return Paragraph(line, start, sentences, NUMBERED.match(line) is not None)


def _sentence(text: str, start: int) -> Sentence:
    return Sentence(text, start, list(_quantities(text, start)))


def _quantities(text: str, start: int) -> Iterator[Quantity]:
    among = AMONG.search(text)
    for found in NUMBER.finditer(text):
        unit, scale = UNITS[found[2]]
        clause = BRACKETS.sub("", text[_begin(text, found.start()) : found.start()]).strip()
        yield Quantity(
            digits=found[1].replace(",", ""),
            unit=unit,
            scale=scale,
            start=start + found.start(),
            end=start + found.end(),
            label=NUMBER.split(clause)[-1].strip(),
            clause=clause,
            is_part=among is not None and among.start() < found.start(),
        )


def _begin(text: str, place: int) -> int:
    """Where the clause of a place begins: after the last pause; what stands in closed brackets is no pause."""
    blank = BRACKETS.sub(lambda one: "\u3000" * len(one[0]), text[:place])
    return max((one.end() for one in PAUSE.finditer(blank)), default=0)
