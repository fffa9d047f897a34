"""A package in words: its editions side by side, what each lists, what came and went, what a paper does not name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from claims.rules import packages
from claims.rules.packages import Entry, Listed, Package, Version
from claims.selectors.plans import ONE_DAY
from office import words
from office.rules import money


@dataclass(frozen=True)
class Said:
    """What an edition says of something, and the sentence of the paper that it rests on or why it was assumed."""

    words: str
    cites: str = ""
    assumed: str = ""


@dataclass(frozen=True)
class Row:
    """One thing of all editions, in their order."""

    label: str
    cells: Sequence[Said]


@dataclass(frozen=True)
class Name:
    """An entry of a list that is known by its name, and for each edition whether it is there."""

    name: str
    codes: str
    editions: Sequence[bool]


@dataclass(frozen=True)
class Shelf:
    """The diseases or drugs of a package: names against editions, and how many no paper names, by edition."""

    code: str
    title: str
    names: Sequence[Name]
    unnamed: Sequence[int]


@dataclass(frozen=True)
class Told:
    """A package as its page shows it."""

    code: str
    name: str
    document: str
    assumed: str
    editions: Sequence[str]
    rows: Sequence[Row]
    shelves: Sequence[Shelf]


def told(package: Package) -> Told:
    """A package with its editions side by side."""
    trees = [_mapping(one) for one in package.tree.get("versions") or []]
    editions = list(zip(package.versions, trees, strict=True))
    return Told(
        code=package.code,
        name=in_tongue(package.name),
        document=package.document,
        assumed=str(package.tree.get("assumed") or ""),
        editions=[days_of(one) for one in package.versions],
        rows=_rows(editions),
        shelves=[_shelf(kind, package.versions) for kind in packages.LISTS if _is_listed(kind, package.versions)],
    )


def in_tongue(names: Mapping[str, str]) -> str:
    """A name in the reader's language."""
    return names["zh-hans" if (get_language() or "zh").startswith("zh") else "en"]


def days_of(version: Version) -> str:
    """The days of an edition."""
    return words.period(DateRange(version.first, version.last + ONE_DAY if version.last else None))


def title_of(kind: str) -> str:
    """What a list holds."""
    return {"diseases": _("diseases"), "drugs": _("drugs")}[kind]


def _rows(editions: Sequence[tuple[Version, Mapping[str, Any]]]) -> list[Row]:
    rows = [Row(_("in force"), [_said(days_of(one), tree.get("in_force")) for one, tree in editions])]
    if any(one.per_head is not None for one, _tree in editions):
        cells = [
            _said("—" if one.per_head is None else money.shown(one.per_head), tree.get("per_head"))
            for one, tree in editions
        ]
        rows.append(Row(_("set aside for a member and year, yuan"), cells))
    for kind in packages.LISTS:
        if _is_listed(kind, [one for one, _tree in editions]):
            rows.append(Row(title_of(kind), [_counted(one.lists.get(kind), tree.get(kind)) for one, tree in editions]))
    return rows


def _counted(listed: Listed | None, tree: Any) -> Said:
    if listed is None:
        return Said("—")
    counted = str(listed.count)
    if listed.specifications is not None:
        counted = _("%(count)s in %(specifications)s specifications") % {
            "count": listed.count,
            "specifications": listed.specifications,
        }
    return _said(counted, tree)


def _said(text: str, tree: Any) -> Said:
    source = _mapping(tree)
    return Said(text, str(source.get("cites") or ""), str(source.get("assumed") or ""))


def _shelf(kind: str, versions: Sequence[Version]) -> Shelf:
    known: dict[str, Entry] = {}
    for version in versions:
        for entry in version.lists.get(kind, packages.NONE).known:
            known.setdefault(entry.name["zh-hans"], entry)
    names = [
        Name(in_tongue(entry.name), " ".join(entry.codes), [_holds(one.lists.get(kind), key) for one in versions])
        for key, entry in known.items()
    ]
    return Shelf(kind, title_of(kind), names, [one.lists.get(kind, packages.NONE).places_left for one in versions])


def _holds(listed: Listed | None, name: str) -> bool:
    return listed is not None and any(entry.name["zh-hans"] == name for entry in listed.known)


def _is_listed(kind: str, versions: Sequence[Version]) -> bool:
    return any(kind in one.lists for one in versions)


def _mapping(tree: Any) -> Mapping[str, Any]:
    return tree if isinstance(tree, Mapping) else {}
