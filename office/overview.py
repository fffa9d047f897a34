"""The head's page: each app registers its blocks here, what is late, and its decisions.

overview.register(Block(name="claims.steps", title=_("…"), right="…", order=30, template="…", shown=…))
overview.register_late(Late(name="claims.letters", title=_("…"), right="…", url=…, waiting=…))
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone

from office import access, deciding, desk
from office.models import Person
from office.rules import days

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

#: For somebody and a moment, what a block's template shows; None where there is nothing to say.
Shows = Callable[[Person, datetime], Mapping[str, Any] | None]


@dataclass(frozen=True)
class Block:
    """A part of the page for people who have a right; `order` says where it stands, `wide` over the whole width."""

    name: str
    title: StrPromise
    right: str
    order: int
    template: str
    shows: Shows
    wide: bool = False


@dataclass(frozen=True)
class Late:
    """A kind of thing past its time limit: what of it a person sees, the latest first; `since` of an item is the day
    after the last that was in time."""

    name: str
    title: StrPromise
    right: str
    url: Callable[[], str]
    waiting: Callable[[Person, desk.Look], desk.Waiting]


@dataclass(frozen=True)
class Shown:
    """A block with what it shows one person."""

    block: Block
    content: Mapping[str, Any]


@dataclass(frozen=True)
class Overdue:
    """A kind of thing with what of it is late, and for how many days the oldest is."""

    late: Late
    waiting: desk.Waiting
    oldest_days: int


@dataclass(frozen=True)
class Decisions:
    """An app's rounds, but for those that are too many to be told one by one."""

    family: deciding.Family
    but: Q


_blocks: dict[str, Block] = {}
_late: dict[str, Late] = {}
_decisions: dict[str, Decisions] = {}


def register(block: Block) -> None:
    """Make a block known; its name is its own."""
    _blocks[block.name] = block


def register_late(late: Late) -> None:
    """Make a kind of thing known that can be late."""
    _late[late.name] = late


def register_decisions(family: deciding.Family, but: Q | None = None) -> None:
    """Make an app's rounds known as decisions of the last days."""
    _decisions[family.name] = Decisions(family, but or Q(pk__in=()))


def blocks_for(person: Person, at: datetime) -> list[Shown]:
    """The blocks that a person's duties show him and that have something to say, in their order."""
    rights = access.rights_of(person)
    mine = sorted((one for one in _blocks.values() if one.right in rights), key=lambda one: (one.order, one.name))
    told = [(one, one.shows(person, at)) for one in mine]
    return [Shown(one, content) for one, content in told if content is not None]


def overdue_for(person: Person, at: datetime) -> list[Overdue]:
    """What is past its time limit, the longest first."""
    rights, look = access.rights_of(person), desk.Look(at)
    found = [(one, one.waiting(person, look)) for one in _late.values() if one.right in rights]
    late = [Overdue(one, waiting, _days(waiting, look.today)) for one, waiting in found if waiting.count]
    return sorted(late, key=lambda one: -one.oldest_days)


def decisions_for(person: Person) -> list[Decisions]:
    """The tables of rounds that a person may read."""
    rights = access.rights_of(person)
    return [one for one in _decisions.values() if one.family.right in rights]


def _days(waiting: desk.Waiting, today: date) -> int:
    oldest = min(item.since for item in waiting.items)
    return (today - days.business_day(timezone.localtime(oldest))).days + 1
