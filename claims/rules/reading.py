"""Reading a tree: values by their kind, faults collected with their paths instead of stopping at the first.

Each method returns the value, or a harmless stand-in after it has written the fault; nothing read under a fault is
ever used, since whoever reads raises Faulty at the end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from claims.rules.conditions import FLAGS, NUMBERS, TEXTS, WORDS
from claims.rules.documents import Tree
from claims.rules.faults import Fault, Faulty, joined

AMOUNT: Final = re.compile(r"[0-9]{1,12}(\.[0-9]{1,2})?")
NUMBER: Final = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,8})?")
DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
LONGEST_TEXT: Final = 4_000
SHOWN: Final = 60  # characters of a faulty value that a sentence repeats
MOST_POINTS: Final = 100
MOST_FACTOR: Final = 10
NONE: Final = Decimal(0)


class Reader:
    """Collects the faults of one tree."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def fault(self, path: str, key: str, **values: Any) -> None:
        self.faults.append(Fault(path, key, values))

    def done(self) -> None:
        """Raise all faults found, if any."""
        if self.faults:
            raise Faulty(self.faults)

    # shape

    def mapping(self, tree: Tree, path: str, known: Sequence[str], needed: Sequence[str] = ()) -> Mapping[str, Tree]:
        """The mapping at the path: unknown keys and missing ones are faults."""
        if not isinstance(tree, Mapping):
            self.fault(path, "missing_value" if tree is None else "not_a_mapping")
            return {}
        for key in tree:
            if key not in known:
                self.fault(joined(path, key), "unknown_key", known=", ".join(known))
        for key in needed:
            if key not in tree:
                self.fault(joined(path, key), "missing_key")
        return tree

    def rows(self, tree: Tree, path: str) -> Iterator[tuple[Tree, str]]:
        """The entries of a list that must have some, each with its path."""
        if not isinstance(tree, list):
            self.fault(path, "missing_value" if tree is None else "not_a_list")
            return
        if not tree:
            self.fault(path, "no_rows")
        for place, entry in enumerate(tree):
            yield entry, joined(path, place)

    # single values

    def scalar(self, tree: Tree, path: str) -> str | None:
        if isinstance(tree, str) and tree:
            return tree
        self.fault(path, "missing_value" if tree is None or tree == "" else "not_a_value")
        return None

    def text(self, tree: Tree, path: str) -> str:
        value = self.scalar(tree, path) or ""
        if len(value) > LONGEST_TEXT:
            self.fault(path, "too_much_text", most=LONGEST_TEXT)
        return value

    def code(self, tree: Tree, path: str, signs: str = "_") -> str:
        value = self.scalar(tree, path)
        if value is not None and not re.fullmatch(rf"[a-z][a-z0-9{signs}]{{0,59}}", value):
            self.fault(path, "not_a_code", value=value[:SHOWN], signs=signs.replace("\\", ""))
        return value or ""

    def word(self, tree: Tree, path: str, known: Sequence[str]) -> str:
        value = self.scalar(tree, path)
        if value is not None and value not in known:
            self.fault(path, "not_one_of", value=value[:SHOWN], known=", ".join(known))
        return value if value is not None and value in known else known[0]

    def flag(self, tree: Tree, path: str) -> bool:
        value = self.scalar(tree, path)
        if value is not None and value not in ("true", "false"):
            self.fault(path, "not_a_flag", value=value[:SHOWN])
        return value == "true"

    def whole(self, tree: Tree, path: str, least: int, most: int) -> int:
        value = self.scalar(tree, path)
        if value is None:
            return least
        if not re.fullmatch(r"[0-9]{1,9}", value) or not least <= int(value) <= most:
            self.fault(path, "not_a_number", value=value[:SHOWN], least=least, most=most)
            return least
        return int(value)

    def amount(self, tree: Tree, path: str) -> Decimal:
        """Yuan: not negative, at most two decimals."""
        return self._decimal(tree, path, AMOUNT, "not_an_amount")

    def share(self, tree: Tree, path: str) -> Decimal:
        """A ratio within 0..1."""
        return self._decimal(tree, path, NUMBER, "not_a_share", NONE, Decimal(1))

    def points(self, tree: Tree, path: str) -> Decimal:
        """Percentage points to add."""
        return self._decimal(tree, path, NUMBER, "not_points", Decimal(-MOST_POINTS), Decimal(MOST_POINTS))

    def factor(self, tree: Tree, path: str) -> Decimal:
        """A factor on what is paid."""
        return self._decimal(tree, path, NUMBER, "not_a_factor", NONE, Decimal(MOST_FACTOR))

    def day(self, tree: Tree, path: str) -> date | None:
        value = self.scalar(tree, path)
        if value is None:
            return None
        try:
            if DAY.fullmatch(value):
                return date.fromisoformat(value)
        except ValueError:
            pass
        self.fault(path, "not_a_date", value=value[:SHOWN])
        return None

    def attribute(self, name: str, tree: Tree, path: str) -> Any:
        """What a condition asks for, or a claim states, of an attribute."""
        if name in WORDS:
            return self.word(tree, path, WORDS[name])
        if name in FLAGS:
            return self.flag(tree, path)
        if name in TEXTS:
            return self.text(tree, path)
        return self.whole(tree, path, *NUMBERS[name])

    def _decimal(
        self,
        tree: Tree,
        path: str,
        form: re.Pattern[str],
        key: str,
        least: Decimal | None = None,
        most: Decimal | None = None,
    ) -> Decimal:
        value = self.scalar(tree, path)
        if value is None:
            return NONE
        number = Decimal(value) if form.fullmatch(value) else None
        if number is None or (least is not None and number < least) or (most is not None and number > most):
            self.fault(path, key, value=value[:SHOWN])
            return NONE
        return number
