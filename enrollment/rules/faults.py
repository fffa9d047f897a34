"""What is wrong with a row of a file, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple


class Level(StrEnum):
    """An error holds the row's household back, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


class Fault(NamedTuple):
    """One fault: where it stands (row 1 is the header), its stable code, the value found, and what else is known.

    What `detail` holds depends on the code and stands beside it in docs/rules/enrollment.md.
    """

    row: int
    column: str
    code: str
    level: Level = Level.ERROR
    value: str = ""
    detail: str = ""


def in_order(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Faults as they are told: by row, then by column."""
    return tuple(sorted(faults))
