"""How long a name is closed after wrong tries (docs/security.md)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

TRIES = 5
WITHIN = timedelta(minutes=15)
CLOSED_FOR = timedelta(minutes=15)

#: A whole office may sit behind one address, so an address bears more.
TRIES_OF_AN_ADDRESS = 30


def closed_until(tries: Sequence[datetime], at: datetime) -> datetime | None:
    """Until when a name is closed: fifteen minutes from the fifth wrong try within fifteen minutes.

    `tries` are the wrong tries since the last right one, oldest first.
    """
    for first, fifth in zip(tries, tries[TRIES - 1 :], strict=False):
        if fifth - first <= WITHIN and at < fifth + CLOSED_FOR:
            return fifth + CLOSED_FOR
    return None
