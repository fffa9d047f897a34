"""What else is watched over besides the servers: each app registers its own, and `/healthz` tells it.

health.register("sealing", lambda now: selectors.alarm(now) is None)
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

Watch = Callable[[datetime], bool]

_watched: dict[str, Watch] = {}


def register(name: str, is_well: Watch) -> None:
    """Watch over something under a name of one word."""
    _watched[name] = is_well


def told(now: datetime) -> dict[str, bool]:
    """How everything that is watched stands."""
    return {name: is_well(now) for name, is_well in _watched.items()}
