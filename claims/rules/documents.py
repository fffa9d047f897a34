"""Text to plain values: YAML or JSON, every scalar as the text it was written with, nothing through a float.

A tree is made of dicts, lists, texts and None. Keys that stand twice, references, tags and what cannot be read are
faults with their path; numbers stay text until the rule that needs them reads them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final, TypeAlias

import yaml

from claims.rules.faults import Fault, Faulty, joined

Tree: TypeAlias = "dict[str, Tree] | list[Tree] | str | None"

LONGEST: Final = 2_000_000  # characters
DEEPEST: Final = 40
TEXT_TAG: Final = "tag:yaml.org,2002:str"
NOTHING: Final = ("", "~", "null", "Null", "NULL")


def read_yaml(text: str) -> Tree:
    """The one document in a YAML (or JSON) text. Raises Faulty with all faults that reading itself finds."""
    _measure(text)
    try:
        nodes = list(yaml.compose_all(text, yaml.SafeLoader))
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        raise Faulty([Fault("", "syntax", {"line": mark.line + 1 if mark else 1})]) from fault
    except RecursionError as fault:
        raise Faulty([Fault("", "too_deep")]) from fault
    if len(nodes) > 1:
        raise Faulty([Fault("", "several")])
    if not nodes or nodes[0] is None:
        raise Faulty([Fault("", "empty")])
    reader = _Nodes()
    tree = reader.value(nodes[0], "", 0)
    if reader.faults:
        raise Faulty(reader.faults)
    return tree


def read_either(text: str) -> Tree:
    """The one value in a text that is JSON or YAML. Raises Faulty."""
    if text.lstrip().startswith("{"):
        try:
            return read_json(text)
        except Faulty as faulty:
            if faulty.faults[0].key != "syntax":
                raise
    return read_yaml(text)


def read_json(text: str) -> Tree:
    """The value in a JSON text. Raises Faulty."""
    _measure(text)
    if not text.strip():
        raise Faulty([Fault("", "empty")])
    try:
        # An object comes as its pairs, so that a key that stands twice is seen.
        pairs = json.loads(text, object_pairs_hook=_Pairs, parse_float=str, parse_int=str, parse_constant=str)
    except json.JSONDecodeError as fault:
        raise Faulty([Fault("", "syntax", {"line": fault.lineno})]) from fault
    except RecursionError as fault:
        raise Faulty([Fault("", "too_deep")]) from fault
    return plain(pairs)


def located(faults: Iterable[Fault], text: str) -> list[Fault]:
    """Faults of a text, each with the line of the key or entry that it is about; of what is missing the line of what
    should hold it."""
    lines = lines_of(text)
    return [replace(each, line=_line(each, lines)) for each in faults]


def lines_of(text: str) -> dict[str, int]:
    """On which line, from 1, each path of a YAML or JSON text begins; nothing for a text that cannot be read."""
    try:
        top = yaml.compose(text, yaml.SafeLoader) if len(text) <= LONGEST else None
    except (yaml.YAMLError, RecursionError):
        return {}
    return {} if top is None else {"": top.start_mark.line + 1, **_Lines().below(top, "", 0)}


class _Lines:
    """Walks YAML's nodes and collects their lines; what is referred to again is not walked again."""

    def __init__(self) -> None:
        self.seen: set[int] = set()

    def below(self, node: yaml.Node, path: str, depth: int) -> dict[str, int]:
        """The lines of everything below a node; of a key that stands twice the later one's."""
        if depth > DEEPEST or id(node) in self.seen:
            return {}
        self.seen.add(id(node))
        found: dict[str, int] = {}
        for step, begins, inner in _steps(node):
            place = joined(path, step)
            if id(begins) not in self.seen:  # else it stands where it was first written
                found[place] = begins.start_mark.line + 1
            found |= self.below(inner, place, depth + 1)
        return found


def _steps(node: yaml.Node) -> list[tuple[str | int, yaml.Node, yaml.Node]]:
    """What is directly below a node: the step, where it begins, what stands there."""
    if isinstance(node, yaml.SequenceNode):
        return [(place, each, each) for place, each in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        return [(key.value, key, each) for key, each in node.value if isinstance(key, yaml.ScalarNode)]
    return []


def _line(fault: Fault, lines: Mapping[str, int]) -> int | None:
    """The line of a fault's path, or of the nearest thing around it that is there."""
    if isinstance(known := fault.values.get("line"), int):
        return known
    path = fault.path
    while path and path not in lines:
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    return lines.get(path)


def plain(value: Any) -> Tree:
    """The tree of values that a program gives: Decimals and whole numbers become text. Raises Faulty at a float."""
    faults: list[Fault] = []
    tree = _plain(value, "", 0, faults)
    if faults:
        raise Faulty(faults)
    return tree


class _Pairs(list[tuple[str, Any]]):
    """The pairs of a JSON object, in order."""


def _measure(text: str) -> None:
    if len(text) > LONGEST:
        raise Faulty([Fault("", "too_long", {"most": LONGEST})])


class _Nodes:
    """Walks YAML's nodes and collects the faults."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.seen: set[int] = set()

    def value(self, node: yaml.Node, path: str, depth: int) -> Tree:
        if depth > DEEPEST:
            self._fault(path, "too_deep")
            return None
        if id(node) in self.seen:
            self._fault(path, "alias")
            return None
        self.seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path, depth)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(each, joined(path, place), depth + 1) for place, each in enumerate(node.value)]
        return self._scalar(node, path)

    def _mapping(self, node: yaml.MappingNode, path: str, depth: int) -> Tree:
        found: dict[str, Tree] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self._fault(path, "key_not_text")
                continue
            place = joined(path, key.value)
            if key.value in found:
                self._fault(place, "twice")
            found[key.value] = self.value(value, place, depth + 1)
        return found

    def _scalar(self, node: yaml.Node, path: str) -> Tree:
        if not node.tag.startswith("tag:yaml.org,2002:"):
            self._fault(path, "tag", tag=node.tag)
            return None
        if getattr(node, "style", None) is None and node.value in NOTHING:
            return None
        return str(node.value)

    def _fault(self, path: str, key: str, **values: Any) -> None:
        self.faults.append(Fault(path, key, values))


def _plain(value: Any, path: str, depth: int, faults: list[Fault]) -> Tree:
    if depth > DEEPEST:
        faults.append(Fault(path, "too_deep"))
        return None
    if isinstance(value, _Pairs):
        names = [name for name, _each in value]
        faults += [Fault(joined(path, name), "twice") for name in dict.fromkeys(names) if names.count(name) > 1]
        value = dict(value)
    if isinstance(value, Mapping):
        return {str(name): _plain(each, joined(path, str(name)), depth + 1, faults) for name, each in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [_plain(each, joined(path, place), depth + 1, faults) for place, each in enumerate(value)]
    return _plain_scalar(value, path, faults)


def _plain_scalar(value: Any, path: str, faults: list[Fault]) -> Tree:
    if isinstance(value, float):
        faults.append(Fault(path, "a_float", {"value": value}))
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}" if value.is_finite() else str(value)
    return value if value is None else str(value)
