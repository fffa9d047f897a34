"""What is wrong with a plan document or a case: where it stands, and a sentence in both languages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from claims.rules.fault_words import FAULTS


@dataclass(frozen=True)
class Fault:
    """One fault. `path` names the place as the document nests it (`layers[0].pay[2].ratio`), "" is the whole; `line` is
    the line of the text that it stands on, where there is a text."""

    path: str
    key: str
    values: dict[str, Any] = field(default_factory=dict, hash=False)
    line: int | None = field(default=None, compare=False)

    @property
    def zh(self) -> str:
        return FAULTS[self.key][0].format(**self.values)

    @property
    def en(self) -> str:
        return FAULTS[self.key][1].format(**self.values)

    def under(self, prefix: str) -> Fault:
        """The same fault of a document that stands at `prefix` of a larger one."""
        return replace(self, path=joined(prefix, self.path))

    def __str__(self) -> str:
        return f"{self.path}: {self.en}" if self.path else self.en


class Faulty(ValueError):
    """A document or a case that is not taken: all its faults at once, nothing half-computed."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


def joined(path: str, step: str | int) -> str:
    """The path one step further in."""
    if isinstance(step, int):
        return f"{path}[{step}]"
    if not path or not step or step.startswith("["):
        return f"{path}{step}"
    return f"{path}.{step}"
