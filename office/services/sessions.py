"""Sessions: begun with a fresh key, ended when idle, when too old, and everywhere when a person leaves."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from office import proof as proofs
from office import trail
from office.models import Person, SignIn
from office.proof import Proof

BEGAN, SEEN = "began", "seen"
NOTED_EVERY = timedelta(minutes=1)
LONGEST_BROWSER = 200


class CannotSignIn(Exception):
    """Nobody was signed in; the message is written for the person."""


def marks(at: datetime, proof: Proof | None = None) -> dict[str, Any]:
    """What a session remembers of its beginning."""
    return {BEGAN: at.isoformat(), SEEN: at.isoformat()} | (proofs.mark(proof) if proof else {})


@transaction.atomic
def begin(*, person: Person, session_key: str, address: str | None, browser: str, at: datetime) -> SignIn:
    """Note a session that begins. Raises CannotSignIn if the person has just left."""
    current = Person.objects.select_for_update().get(pk=person.pk)
    if not current.is_active:
        raise CannotSignIn(_("You cannot sign in any more."))
    begun = SignIn.objects.create(
        person=person,
        session_key=session_key,
        began_at=at,
        seen_at=at,
        address=address,
        browser=browser[:LONGEST_BROWSER],
    )
    trail.record("sign-in.done", person, by=person, at=at)
    return begun


def has_ended(session: Any, at: datetime) -> SignIn.End | None:
    """Why a session is over by the clock, or None. One that does not say when it began is over."""
    began, seen = (parse_datetime(session.get(name, "")) for name in (BEGAN, SEEN))
    if began is None or seen is None or at - began >= settings.SESSION_LONGEST:
        return SignIn.End.TOO_LONG
    return SignIn.End.IDLE if at - seen >= settings.SESSION_IDLE else None


def see(session: Any, at: datetime) -> None:
    """The person does something: noted once a minute, so that reading a page does not write."""
    seen = parse_datetime(session.get(SEEN, ""))
    if seen is None or at - seen >= NOTED_EVERY:
        session[SEEN] = at.isoformat()
        SignIn.objects.filter(session_key=session.session_key, ended_at__isnull=True).update(seen_at=at)


@transaction.atomic
def sign_out(*, person: Person, session_key: str, at: datetime) -> None:
    """The person goes: this session is over."""
    end(session_key=session_key, because=SignIn.End.SIGNED_OUT, at=at)
    trail.record("sign-in.ended", person, by=person, at=at)


@transaction.atomic
def end(*, session_key: str, because: SignIn.End, at: datetime) -> None:
    """One session is over."""
    _end(SignIn.objects.filter(session_key=session_key), because, at)


@transaction.atomic
def end_all(*, person: Person, because: SignIn.End, at: datetime, but: str = "") -> int:
    """All sessions of a person are over, but perhaps the one he sits at. Gives how many."""
    return _end(SignIn.objects.filter(person=person).exclude(session_key=but), because, at)


def moved(*, before: str, after: str) -> None:
    """A session goes on under another key."""
    SignIn.objects.filter(session_key=before).update(session_key=after)


def _end(chosen: Any, because: SignIn.End, at: datetime) -> int:
    keys = list(chosen.filter(ended_at__isnull=True).values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    return int(SignIn.objects.filter(session_key__in=keys).update(ended_at=at, ended_because=because))
