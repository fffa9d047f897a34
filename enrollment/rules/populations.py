"""How many people should enroll, by division, as a file says it: the columns code and heads (people)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from enrollment.rules import cells, divisions
from enrollment.rules.faults import Fault, in_order

CODE_WORDS: Final = frozenset({"code", "代码", "编码", "区划代码", "行政区划代码", "村代码", "乡镇代码"})
HEADS_WORDS: Final = frozenset({"heads", "people", "人数", "人口", "人口数", "应参合人数", "应参合人口", "应参保人数"})
MOST_ROWS: Final = 5_000


class CannotReadPopulations(ValueError):
    """The table is no list of populations; `code` says why."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Populations:
    """People by 12-digit code, and what is wrong with the rows."""

    heads: Mapping[str, int]
    faults: tuple[Fault, ...]


def read(table: Sequence[Sequence[object]], known: Iterable[str]) -> Populations:
    """People by division. `known` are the codes of the county's townships and villages.

    CannotReadPopulations with columns_missing, or too_long above 5,000 rows.
    """
    if len(table) > MOST_ROWS + 1:
        raise CannotReadPopulations("too_long")
    header = [cells.plain(cells.text(cell).strip("\ufeff")).lower() for cell in (table[0] if table else ())]
    places = [next((at for at, word in enumerate(header) if word in said), None) for said in (CODE_WORDS, HEADS_WORDS)]
    if None in places:
        raise CannotReadPopulations("columns_missing")
    codes = frozenset(known)
    heads: dict[str, int] = {}
    faults: list[Fault] = []
    for number, line in enumerate(table[1:], start=2):
        said = [cells.text(line[at]) if at is not None and at < len(line) else "" for at in places]
        if any(said):
            faults += _read_row(number, said[0], said[1], codes, heads)
    return Populations(heads, in_order(faults))


def _read_row(
    number: int, said_code: str, said_heads: str, known: frozenset[str], heads: dict[str, int]
) -> Iterator[Fault]:
    code, count = divisions.full(said_code), cells.plain(said_heads).replace(",", "")
    if code is None or code not in known:
        yield Fault(number, "code", "division_unknown", value=said_code)
    elif code in heads:
        yield Fault(number, "code", "code_twice", value=said_code)
    if not count.isdecimal() or not count.isascii() or len(count) > len(str(MOST_HEADS)):
        yield Fault(number, "heads", "heads_format", value=said_heads)
    elif code is not None and code in known:
        heads.setdefault(code, int(count))


MOST_HEADS: Final = 9_999_999
