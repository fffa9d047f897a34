"""Row history: every earlier state of a record, with whose hands changed it. Context, not proof (the trail is that).

The rows are written by triggers in the database, so bulk writes and raw SQL leave them too. Who is at it is laid around
a request or a job by `acting`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pghistory
from django.db import models
from django.db.backends.postgresql.psycopg_any import Range
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from office import words
from office.models import (
    Appointment,
    Body,
    Delegation,
    DutyRequest,
    Factor,
    OfficeRound,
    OfficeSeat,
    OneTimeCode,
    Person,
    Printer,
    PrinterOffset,
    ResetRequest,
    WorkingDay,
)
from office.rules import masking

TRACKED: dict[str, type[models.Model]] = {
    model._meta.label_lower: model
    for model in (
        Appointment,
        Body,
        Delegation,
        DutyRequest,
        Factor,
        OfficeRound,
        OfficeSeat,
        OneTimeCode,
        Person,
        Printer,
        PrinterOffset,
        ResetRequest,
        WorkingDay,
    )
}
OWN_FIELDS = "pgh_"
UNSEEN = "***"
#: Columns of all tables, or of one, whose numbers point to a person: shown masked.
MASKS: dict[tuple[str, str], Callable[[str], str]] = {
    ("", "id_number"): masking.masked,
    ("", "id_given"): masking.masked,
    ("", "phone"): masking.masked_phone,
    ("", "payee_account"): masking.masked_account,
    ("", "party_account"): masking.masked_account,
}
BOOKKEEPING = frozenset({"id", "version", "changed_by", "changed_at"})  # who and when stand beside every state


def register(*tracked: type[models.Model]) -> None:
    """Make an app's tracked models known, for the history page."""
    TRACKED.update({model._meta.label_lower: model for model in tracked})


def register_masks(masks: Mapping[tuple[str, str], Callable[[str], str]]) -> None:
    """Say which further columns (kind, column) are shown masked, and how."""
    MASKS.update(masks)


Sees = Callable[[Person, str], bool]
_sights: list[Sees] = []


def register_sight(sees: Sees) -> None:
    """Say who sees the columns of a kind's rows: asked with the person and the kind."""
    _sights.append(sees)


def is_seen(person: Person, kind: str) -> bool:
    """Whether somebody sees what the columns of a kind hold, and not only that they changed."""
    return all(sees(person, kind) for sees in _sights)


def mask_of(kind: str, column: str) -> Callable[[str], str] | None:
    """How a column is masked; None if it is shown as it is."""
    return MASKS.get((kind, column)) or MASKS.get(("", column))


@contextlib.contextmanager
def acting(*, by: Person | None, address: str | None = None, work: str = "") -> Iterator[None]:
    """For the time of a request or a job: whose hands the changes come from."""
    with pghistory.context(by=by.pk if by else None, name=by.full_name if by else "", address=address, work=work):
        yield


@dataclass(frozen=True)
class Change:
    """One field that differs from the state before."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class State:
    """One state of a record: since when, by whose hands, and what it changed."""

    at: datetime
    by: str
    work: str
    changes: list[Change]


def hidden(states: list[State]) -> list[State]:
    """States as those see them who see that a column changed, not what it holds."""
    return [replace(one, changes=[Change(change.label, "", UNSEEN) for change in one.changes]) for one in states]


def subject(subject_type: str, subject_id: str) -> models.Model | None:
    """The record itself as it is now, if it is of a kind that is tracked and still there."""
    model = TRACKED.get(subject_type)
    if model is None or not subject_id.isdecimal():
        return None
    return model._default_manager.filter(pk=subject_id).first()


def of(subject_type: str, subject_id: str) -> list[State]:
    """All states of a record, newest first; nothing for a kind that is not tracked."""
    model = TRACKED.get(subject_type)
    if model is None or not subject_id.isdecimal():
        return []
    events: Any = model.pgh_event_model.objects.filter(pgh_obj_id=int(subject_id)).order_by("pgh_id")  # type: ignore[attr-defined]
    states = []
    before: models.Model | None = None
    for event in events:
        context = event.pgh_context or {}
        states.append(
            State(event.pgh_created_at, context.get("name", ""), context.get("work", ""), _changes(before, event))
        )
        before = event
    return states[::-1]


def _changes(before: models.Model | None, after: models.Model) -> list[Change]:
    found = []
    for field in after._meta.concrete_fields:
        if field.name.startswith(OWN_FIELDS) or field.name in BOOKKEEPING:
            continue
        old, new = (_words(record, field) if record else "" for record in (before, after))
        if old != new:
            mask = mask_of(after.pgh_tracked_model._meta.label_lower, field.name)  # type: ignore[attr-defined]
            if mask is not None:
                old, new = mask(old) if old else "", mask(new) if new else ""
            found.append(Change(str(field.verbose_name), old, new))
    return found


def _words(record: models.Model, field: models.Field[Any, Any]) -> str:
    shown = getattr(record, f"get_{field.name}_display", None)
    if field.is_relation:
        value: object = getattr(record, field.name)
    else:
        value = shown() if shown else field.value_from_object(record)
    match value:
        case None:
            return ""
        case bool():
            return _("yes") if value else _("no")
        case datetime():
            return date_format(localtime(value), "Y-m-d H:i:s")
        case Range():
            return words.period(value)
        case _:
            return str(value)
