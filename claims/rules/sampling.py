"""Which rows of a document are drawn to be asked about (抽查): the same seed draws the same rows anywhere.

Every row is ordered by the SHA-256 of `seed:position`, written in decimal; the first ones are drawn. No generator of
random numbers takes part, so that the draw can be repeated with any tool, whatever the version of Python.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Final

#: How many of a document's visits are drawn unless the office says more: one in twenty, and five at least.
SHARE: Final = 20
LEAST: Final = 5


def usual_size(population: int) -> int:
    """How many are drawn of so many."""
    return min(population, max(LEAST, -(-population // SHARE)))


def drawn(seed: int, positions: Iterable[int], size: int) -> list[int]:
    """The positions that a seed draws, in the order of the document."""
    return sorted(sorted(positions, key=lambda one: (_rank(seed, one), one))[:size])


def _rank(seed: int, position: int) -> str:
    return hashlib.sha256(f"{seed}:{position}".encode()).hexdigest()
