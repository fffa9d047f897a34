"""How the sealing stands: the newest seal, and what is wrong with it where it stands still."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import psycopg
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from audit.models import Seal, SealingState, TrailCheck
from office.models import Act

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

LATE: Final = timedelta(minutes=5)  # what is not sealed after so long is an alarm
NO_CLOCK: Final = timedelta(minutes=3)
CHECK_IS_DUE: Final = timedelta(hours=26)


@dataclass(frozen=True)
class Alarm:
    """Why sealing stands still: in words, with what more is known, and since when."""

    words: StrPromise | str
    detail: str
    since: datetime


@contextlib.contextmanager
def reading() -> Iterator[psycopg.Connection[Any]]:
    """A connection with the role of the backup, which reads every column and writes nothing."""
    with psycopg.connect(settings.BACKUP_URL, autocommit=True, connect_timeout=10) as connection:
        yield connection


def newest(at: datetime | None = None) -> Seal | None:
    """The newest seal, or the newest of a moment."""
    found = Seal.objects.all() if at is None else Seal.objects.before(at)
    return found.select_related("key").first()


def alarm(now: datetime) -> Alarm | None:
    """Why rows stand unsealed, or None where all is well."""
    state = SealingState.objects.first()
    return _never(now) if state is None else _standing(state, now)


def _never(now: datetime) -> Alarm | None:
    """Nobody has sealed anything yet: an alarm as soon as an act is old enough."""
    waiting = Act.objects.order_by("pk").first()
    if waiting is None or now - waiting.at <= LATE:
        return None
    return Alarm(_("nothing was ever sealed: the clock of the work does not run"), "", waiting.at)


def _standing(state: SealingState, now: datetime) -> Alarm | None:
    since = state.well_at or state.begun_at
    if state.reason != SealingState.Reason.WELL:
        return Alarm(SealingState.Reason(state.reason).label, state.detail, since)
    if now - state.begun_at > NO_CLOCK:
        return Alarm(_("the clock of the work does not run: nobody asks for seals"), "", state.begun_at)
    if now - since > LATE:
        return Alarm(_("sealing has begun and does not end"), "", since)
    if state.held_since is not None and now - state.held_since > LATE:
        return Alarm(_("rows wait for a transaction that does not end"), state.held_by, state.held_since)
    return None


def qr_words(seal: Seal) -> str:
    """What the QR code of a checkpoint holds: number, hash, moment, rows altogether, key."""
    return f"county-fund seal {seal.number} {seal.sha256} {seal.at.isoformat()} {seal.total} {seal.key.fingerprint}"


def newest_checks() -> list[TrailCheck]:
    """The newest check of each kind."""
    found = (TrailCheck.objects.filter(kind=kind).first() for kind in TrailCheck.Kind.values)
    return [one for one in found if one is not None]
