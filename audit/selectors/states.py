"""What changed in the rows of things, column by column, before and after, in words (行历史).

Rows are read a kind at a time, and what a row points to is read together: as many statements for many rows as for one.
Numbers that point to a person are masked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.db import models
from django.db.backends.postgresql.psycopg_any import Range
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from audit import column_words, fact_words
from office import history, words
from office.rules import money

MOST_STATES: Final = 500
LONGEST: Final = 200
#: What the program alone reads: keys, hashes, clocks.
UNTOLD: Final = history.BOOKKEEPING | {
    "canonical", "last_step", "own_code", "purpose", "rule", "search_keys", "subject_hash", "text", "transaction",
}  # fmt: skip
OWN_NAMES: Final = ("full_name", "name", "number", "code")
Pointed = Mapping[type[models.Model], Mapping[Any, models.Model]]


@dataclass(frozen=True)
class Change:
    """One column that differs from the state before."""

    label: str
    before: str
    after: str


@dataclass
class State:
    """One state of a row: of what, since when, by whose hands, in what work, and what it changed; `codes` are the
    new values of columns that hold a code."""

    subject: tuple[str, str]
    at: datetime
    by: str
    by_number: int | None
    work: str
    is_first: bool
    codes: frozenset[str] = frozenset()
    changes: list[Change] = field(default_factory=list)

    @property
    def subject_in_words(self) -> str:
        """The kind and number of the row."""
        return f"{fact_words.kind_words(self.subject[0])} {self.subject[1]}"


def of(kind: str, numbers: Collection[str], until: datetime | None = None) -> list[State]:
    """The newest states of rows of a kind, the newest first; at most MOST_STATES, up to a time."""
    model = history.TRACKED.get(kind)
    wanted = [int(one) for one in numbers if one.isdecimal()]
    if model is None or not wanted:
        return []
    found: Any = model.pgh_event_model._default_manager.filter(pgh_obj_id__in=wanted)  # type: ignore[attr-defined]
    if until is not None:
        found = found.filter(pgh_created_at__lte=until)
    events = list(found.order_by("-pgh_id")[:MOST_STATES])[::-1]
    pointed = _pointed(model, events)
    states, last = [], dict[int, Any]()
    for event in events:
        before = last.get(event.pgh_obj_id)
        last[event.pgh_obj_id] = event
        if before is not None or event.pgh_label == "insert":
            states.append(_state(model, event, before, pointed))
    return states[::-1]


def _state(model: type[models.Model], event: Any, before: Any, pointed: Pointed) -> State:
    context = event.pgh_context or {}
    number = context.get("by")
    return State(
        (model._meta.label_lower, str(event.pgh_obj_id)),
        event.pgh_created_at,
        context.get("name") or "",
        int(number) if number is not None else None,
        context.get("work") or "",
        before is None,
        frozenset(_codes(model, event, before)),
        list(_changes(model, event, before, pointed)),
    )


def _columns(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    kept = {one.name for one in model.pgh_event_model._meta.concrete_fields}  # type: ignore[attr-defined]
    return [one for one in model._meta.concrete_fields if one.name in kept - UNTOLD]


def _changes(model: type[models.Model], after: Any, before: Any, pointed: Pointed) -> Iterable[Change]:
    for column in _columns(model):
        now = getattr(after, column.attname)
        was = getattr(before, column.attname) if before is not None else None
        if now == was or (before is None and now in (None, "", [], {})):
            continue
        old, new = (_words(model, column, one, pointed) for one in (was, now))
        yield Change(column_words.label(column), old, new)


def _codes(model: type[models.Model], after: Any, before: Any) -> Iterable[str]:
    for column in _columns(model):
        now = getattr(after, column.attname)
        if column.choices and now and before is not None and now != getattr(before, column.attname):
            yield str(now)


def _pointed(model: type[models.Model], events: Iterable[Any]) -> Pointed:
    """What the rows point to, read a kind at a time."""
    wanted: defaultdict[type[models.Model], set[Any]] = defaultdict(set)
    relations = [one for one in _columns(model) if one.is_relation]
    for event in events:
        for column in relations:
            number = getattr(event, column.attname)
            if number is not None:
                wanted[_target(column)].add(number)
    return {target: target._default_manager.in_bulk(list(numbers)) for target, numbers in wanted.items()}


def _target(column: models.Field[Any, Any]) -> type[models.Model]:
    target: type[models.Model] = column.related_model  # type: ignore[assignment]
    return target


def _words(model: type[models.Model], column: models.Field[Any, Any], value: Any, pointed: Pointed) -> str:
    if value is None or value == "":
        return ""
    if column.is_relation:
        target = _target(column)
        return name_of(target, pointed.get(target, {}).get(value), value)
    mask = history.mask_of(model._meta.label_lower, column.name)
    if mask is not None:
        return mask(str(value))
    if column.choices:
        return str(dict(column.flatchoices).get(value, value))
    if isinstance(value, list) and (within := getattr(column, "base_field", None)) is not None and within.choices:
        return _short(" · ".join(str(dict(within.flatchoices).get(one, one)) for one in value))
    return plain(column.name, value, model._meta.label_lower)


def name_of(target: type[models.Model], record: models.Model | None, number: object) -> str:
    """What a row points to, by its own name where it has one beside its number; without further statements."""
    for name in OWN_NAMES:
        own = str(getattr(record, name, "") or "")
        if own:
            mask = history.mask_of(target._meta.label_lower, name)
            return mask(own) if mask is not None else own
    year = getattr(record, "year", "")
    return f"{target._meta.verbose_name} {year or number}"


def plain(name: str, value: Any, kind: str) -> str:
    """A value as people read it: days, moments, amounts, lists of codes; long numbers masked."""
    match value:
        case list():
            return _short(" · ".join(plain(name, one, kind) for one in value))
        case dict():
            return _short(
                "; ".join(f"{fact_words.label(key, kind)} {plain(key, one, kind)}" for key, one in value.items())
            )
        case str():
            return _short(fact_words.value(name, value, kind))
        case _:
            return _single(value)


def _single(value: Any) -> str:
    match value:
        case bool():
            return _("yes") if value else _("no")
        case datetime():
            return date_format(localtime(value), "Y-m-d H:i:s")
        case Range():
            return words.period(value)
        case Decimal():
            return money.shown(value) if value == value.quantize(Decimal("0.01")) else str(value.normalize())
        case None:
            return "—"
        case _:
            return str(value)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
