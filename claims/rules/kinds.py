"""Which documents belong to which of the office's schemes (docs/rules/adoption.md).

A document names its kind of insurance in the format's own word; an office's schemes have codes of their own. What they
insure, and how they are contributed to, says which kind belongs to which.
"""

from __future__ import annotations

from typing import Final

#: Supplements: they work on what a basic document left, in whichever scheme's order they stand.
SUPPLEMENTS: Final = frozenset({"cii", "large_sum", "assistance"})


def unfit(kind: str, *, insures: str, contribution: str, is_basic: bool, position: int) -> str:
    """Why a document does not belong in a place of a scheme's order, by code; nothing where it does."""
    if kind in SUPPLEMENTS:
        return "first_is_basic" if position == 1 else ""
    fits = kind in _kinds(insures, contribution, is_basic=is_basic)
    return "" if fits else "other_scheme"


def _kinds(insures: str, contribution: str, *, is_basic: bool) -> frozenset[str]:
    """The kinds of basic benefit that a scheme can have."""
    if not is_basic:
        return frozenset({"injury", "maternity"})
    if insures == "household":
        return frozenset({"ncms"})
    return frozenset({"uebmi"} if contribution == "wages" else {"urbmi"})
