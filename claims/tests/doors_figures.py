"""The doors of what claims come to: a person's year."""

from __future__ import annotations

from collections.abc import Callable

from claims.tests import doors_intake

DOORS: dict[str, frozenset[str]] = {
    "claims:person_year": doors_intake.SEERS,
    "claims:person_year_print": doors_intake.SEERS,
}


def addresses() -> dict[str, Callable[[str], list[object]]]:
    """What each door's address needs: the patient of a claim taken in at the county."""
    return {name: lambda duty: [doors_intake.entered().member_id] for name in DOORS}
