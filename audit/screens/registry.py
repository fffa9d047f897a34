"""All screens in the order of the list of tests (docs/rules/screens.md)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from audit.screens import (
    benford,
    double_enrolled,
    elsewhere,
    entered_again,
    figures_differ,
    heaped_totals,
    just_under,
    not_covered,
    out_of_hours,
    over_ceiling,
    overlapping_stays,
    paid_wrong,
    pairs,
    readmission,
    same_amount,
    same_invoice,
    sex_and_age,
    shared_account,
    stay_length,
    top_lists,
    unknown_hospital,
)
from audit.screens.screen import Screen

SCREENS: Final[Mapping[str, Screen]] = MappingProxyType(
    {
        module.SCREEN.code: module.SCREEN
        for module in (
            overlapping_stays,
            same_invoice,
            same_amount,
            not_covered,
            double_enrolled,
            readmission,
            stay_length,
            elsewhere,
            sex_and_age,
            top_lists,
            shared_account,
            just_under,
            heaped_totals,
            figures_differ,
            pairs,
            out_of_hours,
            entered_again,
            paid_wrong,
            over_ceiling,
            unknown_hospital,
            benford,
        )
    }
)


def choices() -> list[tuple[str, str]]:
    """Every screen with its title, for narrowing a list."""
    return [(code, str(screen.title)) for code, screen in SCREENS.items()]
