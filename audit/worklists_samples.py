"""What waits of samples: to be drawn or concluded, items to examine, items to look at a second time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial
from typing import Any, Final

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy

from audit.models import Engagement, Sample, SampleItem
from audit.selectors import sampling as selectors
from audit.services.populations import MAKE
from audit.services.sample_items import EXAMINE
from office import desk
from office.models import Person
from office.rules import money

State = Sample.State


def register() -> None:
    """Called once when the app is ready."""
    for name, title, icon, right, waiting, takes in LISTS:
        desk.register(
            desk.Worklist(
                name=f"audit.{name}",
                title=title,
                icon=icon,
                right=right,
                url=partial(reverse, "office:worklist", args=[f"audit.{name}"]),
                waiting=waiting,
                takes=takes,
            )
        )


def to_go_on_with(person: Person, look: desk.Look) -> desk.Waiting:
    """Samples to draw, and those of which every item is agreed."""
    own = Sample.objects.filter(population__engagement__in=Engagement.objects.worked_on_by(person))
    return look.over(_to_go_on_with(own).order_by("pk"), _samples)


def still_to_go_on_with(numbers: Collection[str]) -> list[desk.Item]:
    """Of some samples those that still wait."""
    return desk.lines_with_subjects(list(_to_go_on_with(Sample.objects.filter(pk__in=numbers))), _samples)


def _to_go_on_with(some: QuerySet[Sample]) -> QuerySet[Sample]:
    left = SampleItem.objects.filter(sample=OuterRef("pk")).exclude(state=SampleItem.State.AGREED)
    waiting = some.filter(state__in=[State.PLANNED, State.SEEDED]) | some.filter(state=State.DRAWN).exclude(
        Exists(left)
    )
    return waiting.select_related("population")


def _samples(some: Sequence[Sample]) -> list[desk.Item]:
    return [
        desk.Item(
            f"{one} {one.purpose}",
            reverse("audit:sample", args=[one.pk]),
            one.drawn_at or one.made_at,
            str(one.get_state_display()),
        )
        for one in some
    ]


def to_examine(person: Person, look: desk.Look) -> desk.Waiting:
    """Items that are open."""
    return look.over(selectors.to_examine(person), _items)


def to_look_at(person: Person, look: desk.Look) -> desk.Waiting:
    """Items that somebody else examined."""
    return look.over(selectors.to_look_at(person), _items)


def _still(state: str, numbers: Collection[str]) -> list[desk.Item]:
    found = SampleItem.objects.filter(pk__in=numbers, state=state, sample__state=State.DRAWN)
    return desk.lines_with_subjects(list(found.select_related("sample", "row").order_by("pk")), _items)


def _items(some: Sequence[SampleItem]) -> list[desk.Item]:
    return [
        desk.Item(
            f"{one.sample} · {one.position} · {one.row.number}",
            reverse("audit:sample_item", args=[one.pk]),
            one.examined_at or one.sample.drawn_at or one.sample.made_at,
            money.shown(one.amount),
        )
        for one in some
    ]


#: Name, title, icon, right, what waits, what of it can be taken.
LISTS: Final[Sequence[tuple[str, Any, str, str, Any, Any]]] = (
    (
        "samples",
        gettext_lazy("Samples to draw or to conclude"),
        "file-spreadsheet",
        MAKE,
        to_go_on_with,
        {Sample: still_to_go_on_with},
    ),
    (
        "sample-items",
        gettext_lazy("Items of samples to examine"),
        "circle-check",
        EXAMINE,
        to_examine,
        {SampleItem: partial(_still, SampleItem.State.OPEN)},
    ),
    (
        "sample-looks",
        gettext_lazy("Items of samples for a second look"),
        "circle-check",
        EXAMINE,
        to_look_at,
        {SampleItem: partial(_still, SampleItem.State.EXAMINED)},
    ),
)
