"""A package (服务包): the diseases and drugs that a paper lists, version by version (docs/rules/plans.md).

A paper, or what is known of it, often gives the number of a list's entries and not all of their names. A version holds
both: the number it states and the entries known, so that nobody takes an unfinished list for a whole one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from claims.rules import documents
from claims.rules.documents import Tree
from claims.rules.faults import joined
from claims.rules.plan_rows import SOURCES, RowReader

FOLDER: Final = Path(__file__).resolve().parent.parent / "data" / "packages"
PACKAGE_KEYS: Final = ("format", "code", "name", "document", "versions", *SOURCES)
LISTS: Final = ("diseases", "drugs")
MOST_ENTRIES: Final = 99_999


class Standing(StrEnum):
    """Where a code stands towards a list."""

    LISTED = "listed"
    ABSENT = "absent"  # the list is whole, and the code is not on it
    OPEN = "open"  # not among the entries known, and some are not


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry; it is for every code that begins with one of `codes`."""

    name: dict[str, str]
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """A list: how many entries its paper states, and those of them that are known."""

    count: int
    specifications: int | None  # of drugs, each in the forms and sizes that count for themselves
    known: tuple[Entry, ...]

    @property
    def places_left(self) -> int:
        """How many entries are still to be named."""
        return self.count - len(self.known)

    def standing(self, code: str) -> Standing:
        if any(code.startswith(start) for entry in self.known for start in entry.codes):
            return Standing.LISTED
        return Standing.OPEN if self.places_left else Standing.ABSENT


@dataclass(frozen=True, slots=True)
class Version:
    """What a package holds from its first to its last day (None: until it is replaced)."""

    first: date
    last: date | None
    per_head: Decimal | None  # what the pool sets aside for a member and year
    lists: dict[str, Listed]


@dataclass(frozen=True, slots=True)
class Package:
    """A package in all its versions, the oldest first."""

    code: str
    name: dict[str, str]
    document: str
    versions: tuple[Version, ...]
    tree: dict[str, Tree] = field(default_factory=dict, compare=False, hash=False)  # with what each part rests on

    def on(self, day: date) -> Version | None:
        """The version of the day."""
        return next(
            (each for each in self.versions if each.first <= day and (each.last is None or day <= each.last)), None
        )


@dataclass(frozen=True, slots=True)
class Change:
    """How a list differs from the version before: numbers, and the names that came and went."""

    before: int
    after: int
    added: tuple[str, ...]
    gone: tuple[str, ...]


def changes(before: Version, after: Version) -> dict[str, Change]:
    """What a version changes, for each list that either has."""
    found = {}
    for kind in LISTS:
        old, new = before.lists.get(kind, NONE), after.lists.get(kind, NONE)
        names = [[entry.name["zh-hans"] for entry in each.known] for each in (old, new)]
        if old != new:
            found[kind] = Change(
                old.count,
                new.count,
                added=tuple(name for name in names[1] if name not in names[0]),
                gone=tuple(name for name in names[0] if name not in names[1]),
            )
    return found


NONE: Final = Listed(0, None, ())


def codes() -> tuple[str, ...]:
    """The codes of all shipped packages, in order."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))


@cache
def shipped(code: str) -> Package:
    """The shipped package. Raises KeyError for a code that none has."""
    if code not in codes():
        raise KeyError(code)
    return read((FOLDER / f"{code}.yaml").read_text(encoding="utf-8"))


def read(text: str) -> Package:
    """The package in a YAML or JSON text. Raises Faulty with every fault of the document."""
    return of_tree(documents.read_json(text) if text.lstrip().startswith("{") else documents.read_yaml(text))


def of_tree(tree: Any) -> Package:
    """The package that a tree of plain values states. Raises Faulty."""
    reader = _PackageReader()
    package = reader.package(documents.plain(tree))
    reader.done()
    return package


class _PackageReader(RowReader):
    """Reads a whole package."""

    def package(self, tree: Tree) -> Package:
        top = self.mapping(tree, "", PACKAGE_KEYS, ("format", "code", "name", "versions"))
        if top.get("format", "1") != "1":
            self.fault("format", "format_unknown")
        return Package(
            code=self.code(top["code"], "code", r"_\-") if "code" in top else "",
            name=self._names(top, ""),
            document=self.text(top["document"], "document") if "document" in top else "",
            versions=self._versions(top["versions"]) if "versions" in top else (),
            tree=dict(top),
        )

    def _names(self, row: Mapping[str, Tree], path: str) -> dict[str, str]:
        if "name" not in row:
            return {}
        place = joined(path, "name")
        names = self.mapping(row["name"], place, ("zh-hans", "en"), ("zh-hans", "en"))
        return {tongue: self.text(each, joined(place, tongue)) for tongue, each in names.items()}

    def _versions(self, tree: Tree) -> tuple[Version, ...]:
        read = [(self._version(entry, path), path) for entry, path in self.rows(tree, "versions")]
        for (before, _path), (after, path) in pairwise(read):
            if before.last is None or after.first <= before.last:
                self.fault(joined(path, "in_force.from"), "version_overlaps", day=before.last or before.first)
        return tuple(version for version, _path in read)

    def _version(self, tree: Tree, path: str) -> Version:
        row = self.mapping(tree, path, ("in_force", "per_head", *LISTS, *SOURCES), ("in_force",))
        place = joined(path, "in_force")
        days = (
            self.mapping(row["in_force"], place, ("from", "through", *SOURCES), ("from",)) if "in_force" in row else {}
        )
        first = self.day(days["from"], joined(place, "from")) if "from" in days else None
        last = self.day(days["through"], joined(place, "through")) if "through" in days else None
        if first and last and last < first:
            self.fault(joined(place, "through"), "dates_reversed", first=first, last=last)
        return Version(
            first or date.min,
            last,
            self._per_head(row, path),
            {kind: self._listed(row[kind], joined(path, kind)) for kind in LISTS if kind in row},
        )

    def _per_head(self, row: Mapping[str, Tree], path: str) -> Decimal | None:
        if "per_head" not in row:
            return None
        place = joined(path, "per_head")
        found = self.mapping(row["per_head"], place, ("amount", *SOURCES), ("amount",))
        return self.amount(found["amount"], joined(place, "amount")) if "amount" in found else None

    def _listed(self, tree: Tree, path: str) -> Listed:
        row = self.mapping(tree, path, ("count", "specifications", "known", *SOURCES), ("count",))
        faults = len(self.faults)
        counted = {
            key: self.whole(row[key], joined(path, key), 1, MOST_ENTRIES)
            for key in ("count", "specifications")
            if key in row
        }
        sound = len(self.faults) == faults
        known = self._entries(row["known"], joined(path, "known")) if "known" in row else ()
        count = counted.get("count", len(known))
        if sound and len(known) > count:
            self.fault(joined(path, "known"), "more_than_stated", known=len(known), count=count)
        return Listed(count, counted.get("specifications"), known)

    def _entries(self, tree: Tree, path: str) -> tuple[Entry, ...]:
        entries: list[Entry] = []
        taken: dict[str, str] = {}
        for item, place in self.rows(tree, path):
            row = self.mapping(item, place, ("name", "codes", *SOURCES), ("name",))
            starts = (
                tuple(self.text(each, where) for each, where in self.rows(row["codes"], joined(place, "codes")))
                if "codes" in row
                else ()
            )
            entry = Entry(self._names(row, place), starts)
            for key in (entry.name.get("zh-hans", ""), *starts):
                if key and key in taken:
                    self.fault(place, "listed_twice", value=key, rule=taken[key])
                taken.setdefault(key, place)
            entries.append(entry)
        return tuple(entries)
