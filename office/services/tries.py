"""Wrong tries close a name: passwords, codes and one-time codes are guessed five times, not more.

A try is counted before it is looked at, under a lock on the name: of a hundred tries at the same moment five are
looked at. Call outside the transaction of what is tried, so that a refusal does not take the count back.
"""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import connection, transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from office import trail
from office.models import Person, SignInTry
from office.rules import lockout

log = logging.getLogger(__name__)

LONGEST_NAME = 60


class TooManyTries(Exception):
    """Nothing was looked at, not even whether it was right; the message is written for the person."""

    def __init__(self, until: datetime | None = None) -> None:
        super().__init__(_("There were too many wrong tries. Wait 15 minutes, then try again."))
        self.until = until


@transaction.atomic
def begin(*, kind: SignInTry.Kind, name: str, address: str | None, at: datetime) -> None:
    """Count a try before it is looked at. Raises TooManyTries."""
    key = _key(name)
    _lock(kind, key)
    until = _closed_until(kind, key, at)
    if until is not None or _address_is_closed(address, at):
        log.warning("Closed after wrong tries: %s of %s from %s", kind, key, address)
        raise TooManyTries(until)
    SignInTry.objects.create(kind=kind, name=key, address=address, at=at)


@transaction.atomic
def succeeded(*, kind: SignInTry.Kind, name: str, address: str | None, at: datetime) -> None:
    """The try was right: the name's wrong ones count no more."""
    SignInTry.objects.create(kind=kind, name=_key(name), address=address, at=at, succeeded=True)


def note_wrong(*, kind: SignInTry.Kind, name: str, at: datetime) -> None:
    """Write the wrong try into the trail, and until when it closed the name."""
    person = Person.objects.filter(username=name).first()
    until = _closed_until(kind, _key(name), at)
    trail.refused("sign-in.try", person, by=None, at=at, reason="wrong", tried=kind.value, closed_until=until)


def _key(name: str) -> str:
    """Under what a name's tries are counted. A name that nobody has may be somebody's password, typed in the wrong
    field: it is not kept."""
    known = len(name) <= LONGEST_NAME and Person.objects.filter(username=name).exists()
    return name if known else f"?{salted_hmac('office.try', name).hexdigest()}"


def _lock(kind: SignInTry.Kind, name: str) -> None:
    """Until the end of the transaction nobody else counts a try of this kind and name."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"try:{kind}:{name}"])


def _closed_until(kind: SignInTry.Kind, name: str, at: datetime) -> datetime | None:
    since = at - lockout.WITHIN - lockout.CLOSED_FOR
    tries = SignInTry.objects.filter(kind=kind, name=name, at__gt=since)
    last_right = tries.filter(succeeded=True).order_by("-pk").first()
    wrong = tries.filter(succeeded=False, pk__gt=last_right.pk if last_right else 0)
    return lockout.closed_until(list(wrong.order_by("at").values_list("at", flat=True)), at)


def _address_is_closed(address: str | None, at: datetime) -> bool:
    if address is None:
        return False
    recent = SignInTry.objects.filter(address=address, at__gt=at - lockout.WITHIN)
    begun, right = recent.filter(succeeded=False).count(), recent.filter(succeeded=True).count()
    return begun - right >= lockout.TRIES_OF_AN_ADDRESS
