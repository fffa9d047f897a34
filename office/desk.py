"""What waits for whom: each app registers its worklists here, the home page shows them all.

desk.register(Worklist(name="jobs", title=_("…"), icon="…", right="office.view_job", url_name="office:jobs", waiting=…))
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils import timezone

from office import access
from office.models import Person
from office.rules import days

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

SHOWN = 5


@dataclass(frozen=True)
class Item:
    """One thing that waits: a line with its page and the time since when it waits."""

    label: str
    url: str
    since: datetime
    note: str = ""


@dataclass(frozen=True)
class Waiting:
    """What waits on one worklist for one person: how many, how much money, the oldest first few."""

    count: int
    items: Sequence[Item]
    amount: Decimal | None = None


@dataclass(frozen=True)
class Worklist:
    """A kind of work that waits for people who have a right."""

    name: str
    title: StrPromise
    icon: str
    right: str
    url: Callable[[], str]
    waiting: Callable[[Person], Waiting]


@dataclass(frozen=True)
class Shown:
    """A worklist as one person's home page shows it."""

    worklist: Worklist
    waiting: Waiting
    oldest_days: int | None


_worklists: dict[str, Worklist] = {}


def register(worklist: Worklist) -> None:
    """Make a worklist known; its name is its own."""
    _worklists[worklist.name] = worklist


def waiting_for(person: Person, today: date) -> list[Shown]:
    """This person's worklists that have something waiting, the longest waiting first."""
    rights = access.rights_of(person)
    shown = []
    for worklist in _worklists.values():
        if worklist.right not in rights:
            continue
        waiting = worklist.waiting(person)
        if waiting.count:
            shown.append(Shown(worklist, waiting, _days_since(waiting, today)))
    return sorted(shown, key=lambda one: -(one.oldest_days or 0))


def _days_since(waiting: Waiting, today: date) -> int | None:
    if not waiting.items:
        return None
    oldest = min(item.since for item in waiting.items)
    return (today - days.business_day(timezone.localtime(oldest))).days
