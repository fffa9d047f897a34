"""Sign-ins shown on the sign-in page: none, unless the demo county says that this database is a demo."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from office.models import Factor
from office.rules import totp


@dataclass(frozen=True)
class ShownSignIn:
    """A fictitious person who may be signed in as by anybody who opens the page of a demo database."""

    username: str
    password: str
    duty: str
    duty_code: str
    body: str
    totp_secret: str | None = None


_sources: list[Callable[[], Sequence[ShownSignIn]]] = []


def register(source: Callable[[], Sequence[ShownSignIn]]) -> None:
    """Make known who can say which sign-ins to show."""
    _sources.append(source)


def shown() -> list[ShownSignIn]:
    """What the sign-in page shows."""
    return [one for source in _sources for one in source()]


def code_of(username: str, at: datetime) -> str:
    """The next unused code of a shown sign-in's second factor; empty for everybody else."""
    secret = next((one.totp_secret for one in shown() if one.username == username), None)
    if not secret:
        return ""
    used = Factor.objects.filter(person__username=username, ended_at__isnull=True).values_list("last_step", flat=True)
    return totp.code_at(totp.read(secret), max([totp.step_of(at), *(step + 1 for step in used)]))
