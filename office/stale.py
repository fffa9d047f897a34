"""Two people edit one record: the second is told what the first changed, and nothing is overwritten unseen."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Protocol, TypeVar

from django.db import models
from django.utils.translation import gettext as _


class Versioned(Protocol):
    """A record that counts its changes and says whose the last one was."""

    version: int
    changed_by: Any
    changed_at: datetime | None


class Stale(Exception):
    """Somebody changed the record while the form lay open; nothing was written."""

    def __init__(self, current: models.Model) -> None:
        super().__init__(_("Somebody changed this while you were editing it."))
        self.current = current


Record = TypeVar("Record", bound=models.Model)


def lock_as_seen(record: Record, seen_version: int) -> Record:
    """The record under its lock, if it still is as the editor saw it. Call inside the service's transaction."""
    locked = type(record)._default_manager.select_for_update(of=["self"]).get(pk=record.pk)
    if locked.version != seen_version:  # type: ignore[attr-defined]  # Versioned
        raise Stale(locked)
    return locked
