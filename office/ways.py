"""Ways from a page to what later apps do about its subject: each app registers its own, the page shows those that open.

ways.register("enrollment.member", lambda person, member: [Way(_("Take a claim in"), "/claims/new/?member=1")])
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from office.models import Person


@dataclass(frozen=True)
class Way:
    """A button: its words, where it leads, and its key if it has one."""

    label: str
    url: str
    key: str = ""


#: For somebody and a subject, the ways that open to him; the answer asks the database nothing.
Ways = Callable[[Person, Any], Iterable[Way]]

_ways: defaultdict[str, list[Ways]] = defaultdict(list)


def register(kind: str, ways: Ways) -> None:
    """Make the ways from subjects of a kind (`enrollment.member`) known."""
    _ways[kind].append(ways)


def ways_from(subject: Model, person: Person) -> list[Way]:
    """The ways from a subject that open to somebody, in the order in which they were registered."""
    return [way for ways in _ways[subject._meta.label_lower] for way in ways(person, subject)]
