"""People who decide together, and something that waits for them."""

from __future__ import annotations

import pytest

from conftest import NOON
from office import deciding, worklists
from office.models import Duty, OfficeRound, Person
from office.services import requests
from office.subjects import name_of
from office.tests.factories import shown_by


@pytest.fixture
def admins(appoint) -> list[Person]:
    return [appoint(name, Duty.SECURITY_ADMINISTRATOR) for name in ("gia", "hua", "ira")]


@pytest.fixture
def head(appoint, admins) -> Person:
    return appoint("head", Duty.OFFICE_HEAD)


@pytest.fixture
def opened(admins, head, ada) -> OfficeRound:
    """A round that waits for Hua, Ira and the head: Gia asked."""
    asked, _half = requests.propose_reset(
        person=ada, kind="password", reason="new", by=admins[0], at=NOON, proof=shown_by(admins[0])
    )
    return deciding.rounds_of(asked).get()


@pytest.fixture
def thing(opened) -> dict[str, object]:
    """The same as services name it."""
    return {"worklist": worklists.ROUNDS, "subject": name_of(opened)}
