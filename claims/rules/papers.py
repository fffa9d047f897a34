"""Which papers a claim needs (申请材料), from dated lists that are data (claims/data/papers.yaml).

What is missing is said once, with the full list of it (一次性告知): a list is complete for what the claim is for.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from claims.rules.documents import read_yaml

FILE: Final = Path(__file__).resolve().parent.parent / "data" / "papers.yaml"
ASKED: Final = ("kind", "region", "referred", "emergency", "ground")


@dataclass(frozen=True)
class Paper:
    """One paper by its code, in both languages, and which claims need it."""

    code: str
    zh: str
    en: str
    when: Mapping[str, Collection[str]]

    def is_for(self, facts: Mapping[str, str]) -> bool:
        """Whether a claim of these facts needs it."""
        return all(facts.get(name) in allowed for name, allowed in self.when.items())


@dataclass(frozen=True)
class PaperList:
    """The papers that are asked for from a day on, and by whose paper."""

    first: date
    document: str
    papers: tuple[Paper, ...]


def read(text: str) -> tuple[PaperList, ...]:
    """The lists of a file, the earliest first. Raises ValueError, naming what is wrong."""
    return tuple(sorted((_list(tree) for tree in _sequence(read_yaml(text), "lists")), key=lambda one: one.first))


@cache
def shipped() -> tuple[PaperList, ...]:
    """The lists that come with the system."""
    return read(FILE.read_text(encoding="utf-8"))


def list_on(day: date, lists: Sequence[PaperList] | None = None) -> PaperList | None:
    """The list that is asked for on a day."""
    begun = [one for one in (shipped() if lists is None else lists) if one.first <= day]
    return begun[-1] if begun else None


def needed(facts: Mapping[str, str], day: date, lists: Sequence[PaperList] | None = None) -> tuple[Paper, ...]:
    """The papers that a claim of these facts needs on the day it is taken in."""
    found = list_on(day, lists)
    return tuple(paper for paper in found.papers if paper.is_for(facts)) if found else ()


def by_code(code: str) -> Paper | None:
    """A paper by its code, as the newest list that has it says it."""
    known = (paper for one in reversed(shipped()) for paper in one.papers)
    return next((paper for paper in known if paper.code == code), None)


def facts_of(*, kind: str, region: str, is_referred: bool, is_emergency: bool, ground: str) -> dict[str, str]:
    """What the lists ask about a claim."""
    return {
        "kind": kind,
        "region": region,
        "referred": "yes" if is_referred else "no",
        "emergency": "yes" if is_emergency else "no",
        "ground": ground,
    }


def _list(tree: Any) -> PaperList:
    papers = tuple(_paper(one) for one in _sequence(tree["papers"], "papers"))
    codes = [one.code for one in papers]
    if twice := {code for code in codes if codes.count(code) > 1}:
        raise ValueError(f"papers named twice: {', '.join(sorted(twice))}")
    return PaperList(date.fromisoformat(tree["from"]), tree["document"], papers)


def _paper(tree: Any) -> Paper:
    when = tree.get("when", {})
    if unknown := sorted(set(when) - set(ASKED)):
        raise ValueError(f"papers do not depend on {', '.join(unknown)}")
    return Paper(tree["code"], tree["zh"], tree["en"], {name: tuple(values) for name, values in when.items()})


def _sequence(tree: Any, what: str) -> list[Any]:
    if not isinstance(tree, list) or not tree:
        raise ValueError(f"{what}: a list is needed")
    return tree
