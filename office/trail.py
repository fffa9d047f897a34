"""The trail of acts: every service says what it did, in its own transaction.

    trail.record("working-day.changed", day, by=by, at=at, is_working=False, reason=reason)

`name` is `subject.verb`; facts are figures and codes, never ID numbers, phones or accounts. Where a request came from
is known from the surroundings that `office.pages.surroundings` lays around it; a background task acts for the person
who asked.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import models

from office import access, copying
from office.models import Act, Appointment, Person
from office.proof import Proof
from office.subjects import name_of

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

LONGEST_REASON = 500
MANY = 100  # acts of one service that are written by COPY

_names: dict[str, StrPromise] = {}


def register(names: Mapping[str, StrPromise]) -> None:
    """Make an app's acts known, each with the words that the trail's pages say."""
    _names.update(names)


FactsInWords = Callable[[Mapping[str, object], str], list[tuple[str, str]]]
_tellers: list[FactsInWords] = []


def register_facts(told: FactsInWords) -> None:
    """Say what the facts of acts are called and mean; asked with the facts and the kind of their subject."""
    _tellers.append(told)


def facts_in_words(facts: Mapping[str, object], subject_type: str) -> list[tuple[str, str]]:
    """The facts of an act in words, where an app tells them; else as they are."""
    for told in _tellers:
        return told(facts, subject_type)
    return [(name, str(value)) for name, value in facts.items() if name != "given"]


_stories: list[Callable[[str, str], str]] = []


def register_story(address_of: Callable[[str, str], str]) -> None:
    """Say where the story of a thing is told; asked with its kind and number, "" for none."""
    _stories.append(address_of)


def story_page(subject_type: str, subject_id: str) -> str:
    """The address of a thing's story; "" where no app tells it."""
    return next((address for address_of in _stories if (address := address_of(subject_type, subject_id))), "")


def choices() -> list[tuple[str, str]]:
    """Every act that can be in the trail, in words, for narrowing a list."""
    return sorted(((name, str(words)) for name, words in _names.items()), key=lambda one: one[1])


def words_for(name: str) -> str:
    """An act's name in words."""
    return str(_names.get(name, name))


@dataclass(frozen=True)
class Surroundings:
    """Whence an act comes: the address it was asked from, and whether a second factor was shown."""

    address: str | None = None
    second_factor: Callable[[], bool] = lambda: False  # asked only when an act is written


_surroundings: ContextVar[Surroundings] = ContextVar("surroundings", default=Surroundings())  # noqa: B039  frozen


@contextlib.contextmanager
def within(surroundings: Surroundings) -> Iterator[None]:
    """For the time of a request: whence its acts come."""
    token = _surroundings.set(surroundings)
    try:
        yield
    finally:
        _surroundings.reset(token)


_pending: ContextVar[list[Act] | None] = ContextVar("pending", default=None)


@contextlib.contextmanager
def together() -> Iterator[None]:
    """For the time of a service, inside its transaction: its acts are written in one statement at its end, in their
    order, or none of them when it fails. One inside another writes with the outer one."""
    outer = _pending.get()
    acts: list[Act] = []
    token = _pending.set(acts)
    try:
        yield
    finally:
        _pending.reset(token)
    if outer is None:
        _write_all(acts)
    else:
        outer += acts


def _write_all(acts: list[Act]) -> None:
    """Many acts go in by COPY, a third of the work of the same rows in one INSERT."""
    (copying.copy_in if len(acts) >= MANY else Act.objects.bulk_create)(acts)


@dataclass(frozen=True)
class _Told:
    """What a service tells of an act."""

    by: Person | None
    at: datetime
    facts: Mapping[str, object]
    reason: str = ""
    right: str = ""
    for_whom: Person | None = None
    subject_hash: str = ""
    proof: Proof | None = None


def record(
    name: str,
    subject: models.Model | None,
    *,
    by: Person | None,
    at: datetime,
    reason: str = "",
    right: str = "",
    for_whom: Person | None = None,
    subject_hash: str = "",
    proof: Proof | None = None,
    **facts: object,
) -> Act:
    """Write one act, inside the transaction of what it tells of. `right` picks the duty it was done in."""
    return _write(Act.Kind.DONE, name, subject, _Told(by, at, facts, reason, right, for_whom, subject_hash, proof))


def refused(
    name: str, subject: models.Model | None, *, by: Person | None, at: datetime, reason: str, **facts: object
) -> Act:
    """Write that something was tried and refused; call it after the rollback of what was tried."""
    return _write(Act.Kind.REFUSED, name, subject, _Told(by, at, facts, reason))


def read(name: str, subject: models.Model | None, *, by: Person, at: datetime, **facts: object) -> Act:
    """Write that somebody saw a sensitive record: a full ID number, an attachment, an export."""
    return _write(Act.Kind.READ, name, subject, _Told(by, at, facts))


def hash_of(content: Mapping[str, object]) -> str:
    """The SHA-256 of a content, the same on every machine: each name and value with its length before it."""
    whole = hashlib.sha256()
    for name in sorted(content):
        for part in (name, _text(content[name])):
            encoded = part.encode()
            whole.update(f"{len(encoded)}:".encode() + encoded)
    return whole.hexdigest()


def _write(kind: str, name: str, subject: models.Model | None, told: _Told) -> Act:
    if name not in _names:
        raise KeyError(f"{name} is no act that an app has registered (acts.py)")
    surroundings = _surroundings.get()
    appointment = _appointment(told.by, told.right)
    subject_type, subject_id = name_of(subject) if subject is not None else ("", "")
    act = Act(
        kind=kind,
        name=name,
        subject_type=subject_type,
        subject_id=subject_id,
        subject_hash=told.subject_hash,
        by=told.by,
        for_whom=told.for_whom,
        duty=appointment.duty if appointment else "",
        body=appointment.body if appointment else None,
        second_factor=told.proof is not None or surroundings.second_factor(),
        address=surroundings.address,
        reason=told.reason[:LONGEST_REASON],
        facts={key: _plain(value) for key, value in told.facts.items()} | {"given": told.at.isoformat()},
    )
    pending = _pending.get()
    if pending is None:
        act.save(force_insert=True)
    else:
        pending.append(act)
    return act


def _appointment(person: Person | None, right: str) -> Appointment | None:
    """The duty in which a person acts: the first of today's that grants the right."""
    if person is None:
        return None
    duties = access.duties_of(person)
    return next((one for one in duties if not right or access.grants(one.duty, right)), None)


def _plain(value: object) -> object:
    if value is None or isinstance(value, bool | int):
        return value
    return _text(value)


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case Decimal():
            return format(value, "f")
        case datetime():
            return value.isoformat(timespec="microseconds")
        case date():
            return value.isoformat()
        case models.Model():
            return ":".join(name_of(value))
        case _:
            return str(value)
