"""The second factors of the example's people, known to all."""

from __future__ import annotations

import hashlib
from datetime import datetime

from office.models import Person
from office.proof import Proof
from office.rules import totp
from office.services import factors


def secret_of(person: Person) -> bytes:
    """The secret of a person's factor; it follows from the name."""
    return hashlib.sha256(f"demo {person.username}".encode()).digest()[: totp.SECRET_BYTES]


def show_factor(person: Person, at: datetime, bound_to: str = "") -> Proof:
    """The example's person shows his second factor, at a time that lies back, so that today's codes stay unused."""
    return factors.prove(person, totp.code_at(secret_of(person), totp.step_of(at)), at, bound_to)
