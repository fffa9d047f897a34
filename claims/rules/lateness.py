"""Until when a claim is handed in (申请截止日): days after the year of its discharge, or after the discharge itself."""

from __future__ import annotations

from datetime import date, timedelta


def last_day(discharged_on: date, *, after_year: int | None, after_stay: int | None) -> date | None:
    """The last day on which a claim is taken in; the earlier one where a scheme counts both ways, None where none is
    set."""
    last = []
    if after_year is not None:
        last.append(date(discharged_on.year, 12, 31) + timedelta(days=after_year))
    if after_stay is not None:
        last.append(discharged_on + timedelta(days=after_stay))
    return min(last, default=None)
