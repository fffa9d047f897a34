"""The plan documents that come with the system (claims/data/plans), by code."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Final

from claims.rules import plans
from claims.rules.layers import Plan

FOLDER: Final = Path(__file__).resolve().parent.parent / "data" / "plans"
CODE: Final = re.compile(r"[a-z][a-z0-9_\-]*")


def codes() -> tuple[str, ...]:
    """The codes of all shipped plans, in order."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))


def knows(code: str) -> bool:
    return bool(CODE.fullmatch(code)) and (FOLDER / f"{code}.yaml").is_file()


def text(code: str) -> str:
    """The document as it is shipped. Raises KeyError for a code that none has."""
    if not knows(code):
        raise KeyError(code)
    return (FOLDER / f"{code}.yaml").read_text(encoding="utf-8")


@cache
def plan(code: str) -> Plan:
    """The shipped plan. Raises KeyError, and Faulty for a document that was damaged."""
    return plans.read(text(code))
