"""Diseases and operations as they are sent, row by row (docs/rules/providers.md)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from claims.rules import columns
from enrollment.rules.faults import Fault, Level, in_order

LONGEST_CODE: Final = 20
LONGEST_NAME: Final = 100
CODE, NAME, USED = "code", "name", "is_used"

#: The names that offices write; the first is the one that the office prints.
COLUMNS: Final = {
    CODE: ("编码", "疾病编码", "ICD编码", "ICD-10", "诊断编码", "手术编码", "代码"),
    NAME: ("名称", "疾病名称", "诊断名称", "手术名称"),
    USED: ("在用", "是否在用", "启用"),
}
REQUIRED: Final = (CODE, NAME)
YES_NO: Final = columns.words({"yes": ("是", "在用", "启用", "1"), "no": ("否", "停用", "0")})


class Line(NamedTuple):
    """One disease as it was read."""

    number: int
    code: str
    name: str
    is_used: bool


class Reading(NamedTuple):
    """A file as it was read: how many rows, those without an error, every fault in order."""

    rows: int
    good: Sequence[Line]
    faults: tuple[Fault, ...]


def read_lines(table: Iterable[Sequence[object]], known: Mapping[str, str]) -> Reading:
    """The diseases of a file; `known` are the office's own, name by code: another name is told of and taken. Raises
    CannotReadTable."""
    rows = list(columns.read_rows(table, COLUMNS, REQUIRED))
    lines = []
    for row in rows:
        used = row.one_of(USED, YES_NO, "use_unknown", "yes")
        line = Line(row.number, row.code(CODE, LONGEST_CODE), row.text(NAME, LONGEST_NAME), used == "yes")
        if known.get(line.code, line.name) != line.name:
            row.fault(NAME, "name_differs", known[line.code], Level.WARNING)
        lines.append(line)
    columns.named_twice(rows, [one.code for one in lines], CODE)
    good = [line for row, line in zip(rows, lines, strict=True) if not row.is_wrong]
    return Reading(len(rows), good, in_order(fault for row in rows for fault in row.faults))
