"""What waits for whom: each app registers its worklists here, the home page shows them all.

desk.register(Worklist(name="office.jobs", title=_("…"), icon="…", right="office.view_job", url=…, waiting=…))

What a worklist names under `takes` can be taken by one person for a time (office/services/work.py, docs/rules/work.md).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Case, Model, QuerySet, When
from django.utils import timezone

from office import access
from office.models import Appointment, Lease, Person
from office.rules import days
from office.subjects import Name, name_of

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

SHOWN = 5
BIGGEST = 19  # digits of the largest number that a record can have


@dataclass(frozen=True)
class Item:
    """One thing that waits: a line with its page, the time since when it waits, and who works on it."""

    label: str
    url: str
    since: datetime
    note: str = ""
    subject: Name | None = None
    lease: Lease | None = None


@dataclass(frozen=True)
class Waiting:
    """What waits on one worklist for one person: how many, how much money, the oldest first few."""

    count: int
    items: Sequence[Item]
    amount: Decimal | None = None


@dataclass(frozen=True)
class Look:
    """When and which part of a worklist is looked at: so many from the oldest on, what colleagues hold last; or some
    alone."""

    at: datetime
    most: int = SHOWN
    start: int = 0
    held: frozenset[Name] = frozenset()
    only: frozenset[Name] | None = None

    @property
    def today(self) -> date:
        """The office's day of the look."""
        return days.business_day(self.at)

    def over(self, found: QuerySet[Any], lines: Callable[[Sequence[Any]], Iterable[Item]]) -> Waiting:
        """What waits out of a query in its own order; `lines` makes records into lines, one for each."""
        if self.only is not None:
            found = found.filter(pk__in=_numbers(self.only, found.model))
        ordered = found
        if held := _numbers(self.held, found.model):
            order = found.query.order_by or found.model._meta.ordering or ("pk",)
            ordered = found.annotate(is_held=Case(When(pk__in=held, then=1), default=0)).order_by("is_held", *order)
        part = list(ordered[self.start : self.start + self.most])
        return Waiting(self._count(found, len(part)), lines_with_subjects(part, lines))

    def _count(self, found: QuerySet[Any], seen: int) -> int:
        """How many wait: where the list ended within the look it is known, and not asked for."""
        is_end = 0 < seen < self.most or not (seen or self.start)
        return self.start + seen if is_end else found.count()

    def among(self, items: Sequence[Item]) -> Waiting:
        """What waits out of lines that are no records and that nobody takes."""
        return Waiting(len(items), items[self.start : self.start + self.most])


def lines_with_subjects(records: Sequence[Any], lines: Callable[[Sequence[Any]], Iterable[Item]]) -> list[Item]:
    """Lines that know their records."""
    return [replace(item, subject=name_of(record)) for record, item in zip(records, lines(records), strict=True)]


#: Of some records, by number, those that still wait for anybody.
StillWaiting = Callable[[Collection[str]], Iterable[Item]]


@dataclass(frozen=True)
class Worklist:
    """A kind of work that waits for people who have a right, and what of it one person can take."""

    name: str
    title: StrPromise
    icon: str
    right: str
    url: Callable[[], str]
    waiting: Callable[[Person, Look], Waiting]
    takes: Mapping[type[Model], StillWaiting] = field(default_factory=dict)

    def kind_of(self, subject: Name) -> type[Model] | None:
        """The kind of a subject, if it is one that can be taken here."""
        return next((kind for kind in self.takes if kind._meta.label_lower == subject[0]), None)


@dataclass(frozen=True)
class Shown:
    """A worklist as one person's home page shows it."""

    worklist: Worklist
    waiting: Waiting
    oldest_days: int | None


@dataclass(frozen=True)
class Alone:
    """What waits for one person and for nobody else: for some people, each line with whose it is."""

    title: StrPromise
    items: Callable[[Sequence[Person], datetime], Iterable[tuple[int, Item]]]


@dataclass
class OpenWork:
    """What somebody would leave behind: what he holds, what he held when he left, what waits for him alone."""

    held: list[tuple[Worklist, Item]] = field(default_factory=list)
    left: list[tuple[Worklist, Item]] = field(default_factory=list)
    alone: list[tuple[Alone, Item]] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.held or self.left or self.alone)


_worklists: dict[str, Worklist] = {}
_alone: list[Alone] = []


def register(worklist: Worklist) -> None:
    """Make a worklist known; its name is its own."""
    _worklists[worklist.name] = worklist


def register_alone(alone: Alone) -> None:
    """Make a kind of thing known that waits for one person alone."""
    _alone.append(alone)


def worklist(name: str) -> Worklist | None:
    """A worklist by its name."""
    return _worklists.get(name)


def worklists_of(person: Person) -> list[Worklist]:
    """The worklists that a person's duties of today show him."""
    rights = access.rights_of(person)
    return [one for one in _worklists.values() if one.right in rights]


def waiting_for(person: Person, today: date, most: int = SHOWN) -> list[Shown]:
    """This person's worklists that have something waiting, the longest waiting first."""
    shown = []
    for one, waiting in look_at(person, worklists_of(person), most=most):
        if waiting.count:
            shown.append(Shown(one, waiting, _days_since(waiting, today)))
    return sorted(shown, key=lambda one: -(one.oldest_days or 0))


def look_at(
    person: Person, lists: Iterable[Worklist], *, start: int = 0, most: int = SHOWN
) -> list[tuple[Worklist, Waiting]]:
    """Some worklists as one person sees them: what is free or his own first, then what others work on."""
    now = timezone.now()
    leases = {(one.worklist, one.subject): one for one in Lease.objects.held(now).select_related("holder")}
    others = {key for key, lease in leases.items() if lease.holder_id != person.pk}
    seen = []
    for one in lists:
        held = frozenset(subject for name, subject in others if name == one.name)
        waiting = one.waiting(person, Look(now, most, start, held))
        items = [replace(item, lease=leases.get((one.name, item.subject or ("", "")))) for item in waiting.items]
        seen.append((one, replace(waiting, items=items)))
    return seen


def sees(person: Person, name: str, subject: Name, at: datetime) -> Item | None:
    """The line of a thing on a person's worklist, if it waits for him there and can be taken."""
    found, look = worklist(name), Look(at, 1, only=frozenset({subject}))
    if found is None or found.kind_of(subject) is None or found.right not in access.rights_on(person, look.today):
        return None
    return next(iter(found.waiting(person, look).items), None)


def who_sees(name: str, subject: Name, at: datetime, but: Collection[Person] = ()) -> list[Person]:
    """The people for whom a thing waits, by name."""
    found = worklist(name)
    duties = access.granting(found.right) if found else []
    with_right = Appointment.objects.on(days.business_day(at)).filter(duty__in=duties).values("person")
    here = Person.objects.filter(pk__in=with_right, left_on__isnull=True).order_by("full_name", "pk")
    return [one for one in here if one not in but and sees(one, name, subject, at)]


def item_of(name: str, subject: Name) -> Item | None:
    """The line of a thing that still waits for anybody on a worklist."""
    return _still_waiting({(name, subject)}).get((name, subject))


def held_work(at: datetime) -> list[tuple[Worklist, Item]]:
    """What anybody works on now, in the order of the worklists and of the time."""
    return _with_items(Lease.objects.held(at))


def open_work_of(person: Person, at: datetime) -> OpenWork:
    """Everything somebody would leave behind, or has left behind."""
    return open_work([person], at)[person.pk]


def open_work(people: Sequence[Person], at: datetime) -> dict[int, OpenWork]:
    """The open work of some people, by their number."""
    found: dict[int, OpenWork] = {one.pk: OpenWork() for one in people}
    for one, item in _with_items(Lease.objects.held(at).filter(holder__in=people)):
        found[_holder(item)].held.append((one, item))
    for one, item in _with_items(Lease.objects.left_behind().filter(holder__in=people)):
        found[_holder(item)].left.append((one, item))
    for alone in _alone:
        for number, item in alone.items(people, at):
            found[number].alone.append((alone, item))
    return found


def _with_items(leases: QuerySet[Lease]) -> list[tuple[Worklist, Item]]:
    found = list(leases.select_related("holder", "given_by").order_by("worklist", "taken_at", "pk"))
    items = _still_waiting({(one.worklist, one.subject) for one in found})
    return [
        (_worklists[one.worklist], replace(items[one.worklist, one.subject], subject=one.subject, lease=one))
        for one in found
        if (one.worklist, one.subject) in items
    ]


def _still_waiting(wanted: Collection[tuple[str, Name]]) -> dict[tuple[str, Name], Item]:
    """Of things that were taken those that still wait, asked once for each worklist and kind."""
    numbers: dict[tuple[str, str], set[str]] = defaultdict(set)
    for name, (kind, number) in wanted:
        numbers[name, kind].add(number)
    found = {}
    for (name, kind), some in numbers.items():
        one = _worklists.get(name)
        model = one and one.kind_of((kind, ""))
        if one and model:
            found.update({(name, item.subject): item for item in one.takes[model](some) if item.subject})
    return found


def _holder(item: Item) -> int:
    """Whose a line is that was found by its lease."""
    return item.lease.holder_id if item.lease else 0


def _numbers(subjects: Iterable[Name], model: type[Model]) -> list[str]:
    kind = model._meta.label_lower
    return [number for of, number in subjects if of == kind and number.isdecimal() and len(number) < BIGGEST]


def _days_since(waiting: Waiting, today: date) -> int | None:
    if not waiting.items:
        return None
    oldest = min(item.since for item in waiting.items)
    return (today - days.business_day(timezone.localtime(oldest))).days
