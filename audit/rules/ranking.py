"""How the signs at one claim come together (docs/rules/screens.md, the ranking).

A score of s leaves 100 - s percent of doubt that something is wrong. Screens look at different things, so what several
of them leave of the doubt is multiplied: two signs say more than one, one strong sign more than some weak ones, and
nothing comes above 100. Of one screen the highest score counts once, however many of its leads name the claim. Places
that have many claims in them say nothing about one of these: such leads are left aside.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import prod
from typing import Final

WHOLE: Final = 100


def together(scores: Iterable[tuple[str, int]]) -> int:
    """The rank of a claim, 0 to 10,000, from the scores of its leads, each with its screen."""
    highest: dict[str, int] = {}
    for screen, score in scores:
        highest[screen] = max(score, highest.get(screen, 0))
    left = prod((WHOLE - score) / WHOLE for score in highest.values())
    return round(WHOLE * WHOLE * (1 - left))
