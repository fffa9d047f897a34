"""Fixtures of every test: the database made as in an office, the standing cast, a browser's manners.

Tests work as the run-time role. The owner makes the test database; after a test that committed it is restored.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.template.base import Template
from django.test import Client, TransactionTestCase
from django.utils import timezone
from hypothesis import settings as settings_of_properties

from config.celery import app as celery
from office import access
from office.models import Body, Duty, Factor, Person
from office.proof import Proof
from office.rules import totp
from office.services import factors, sessions
from tests import restore, servers

settings_of_properties.register_profile("house", deadline=None)  # a machine that stops for a moment is no fault
settings_of_properties.load_profile("house")

NOON = datetime(2010, 3, 1, 4, tzinfo=UTC)  # twelve o'clock in Shanghai


SECRET = b"the secret of a test"


def code(at: datetime, secret: bytes = SECRET) -> str:
    """What a test's authenticator shows at a time."""
    return totp.code_at(secret, totp.step_of(at))


def with_factor(person: Person, *, at: datetime | None = None) -> Factor:
    """A second factor that was set up an hour ago, so that every code of now is unused."""
    earlier = (at or timezone.now()) - timedelta(hours=1)
    return factors.set_up(person=person, secret=SECRET, code=code(earlier), at=earlier)


def proof_of(person: Person, *, at: datetime = NOON) -> Proof:
    """That this person showed his second factor just now."""
    return factors.first_proof(factors.live(person) or with_factor(person, at=at), at)


def unused_code(person: Person) -> str:
    """A code of now that was not used yet: of the next half minute where this one's was."""
    factor = factors.live(person)
    assert factor is not None
    return totp.code_at(SECRET, max(totp.step_of(timezone.now()), factor.last_step + 1))


def sign_in(client: Client, person: Person, *, shows_factor: bool = False) -> Client:
    """A full session, with a second factor where the person's duty needs one, without waiting for any clock."""
    now = timezone.now()
    shown = None
    if shows_factor or access.needs_second_factor(person):
        factor = factors.live(person) or with_factor(person)
        shown = factors.first_proof(factor, now)
    client.force_login(person)
    session = client.session
    session.update(sessions.marks(now, shown))
    session.save()
    sessions.begin(person=person, session_key=str(session.session_key), address="127.0.0.1", browser="test", at=now)
    return client


def pytest_collection_finish() -> None:
    """Every job's work is known, as in a worker. What is there from the beginning is no garbage, the rest is looked
    through less often: a tenth of the time."""
    celery.loader.import_default_modules()
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


#: What takes longest: servers of a test's own, and a browser.
LONGEST = ("servers", "browser")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files begin, so that at the end of a parallel run no worker waits for another's last file."""
    items.sort(key=lambda one: not any(one.get_closest_marker(mark) for mark in LONGEST))


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker) -> Iterator[None]:
    """The server came with its migrated database (tests/servers.py); its connections are closed at the end."""
    with django_db_blocker.unblock():
        restore.remember()
        restore.keep_vacuum_away()
        yield
        for connection in connections.all(initialized_only=True):
            connection.close()


@pytest.fixture(scope="session", autouse=True)
def _restore_after_commits() -> None:
    """The run-time role may not empty tables: the superuser does, and puts back what migrations had written."""
    TransactionTestCase._fixture_teardown = lambda self: restore.restore()


@pytest.fixture(scope="session", autouse=True)
def _static_files_are_looked_for_when_asked() -> None:
    """Every test's browser makes the middleware anew: none of them walks through the whole of static/ for that."""
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture(scope="session", autouse=True)
def _cheap_passwords() -> None:
    """Argon2 takes its time on purpose; the tests that mean it set it again."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session")
def _attachments(tmp_path_factory) -> Iterator[Path]:
    """Folders that nothing was put in yet, one after the other."""
    above = tmp_path_factory.mktemp("attachments")
    return (above / str(number) for number in count())


@pytest.fixture(autouse=True)
def own_attachments(_attachments) -> Path:
    """The folder of this test's attachments, which nobody else has."""
    settings.ATTACHMENTS_DIR = next(_attachments)
    return settings.ATTACHMENTS_DIR


@pytest.fixture
def county(db) -> Body:
    return Body.objects.create(code="640522", name="海原县合管中心", kind=Body.Kind.COUNTY_CENTRE)


@pytest.fixture
def appoint(county):
    """Somebody with a duty: `appoint("ada", Duty.TOWNSHIP_CLERK)`."""

    from office.tests.factories import give  # noqa: PLC0415  the factories know this file's noon

    def make(username: str, *duties: Duty, full_name: str = "", body: Body | None = None) -> Person:
        person = Person.objects.create_person(
            username=username,
            full_name=full_name or username.title(),
            password=f"{username}-password",
        )
        for duty in duties:
            give(person, duty, body or county)
        return person

    return make


@pytest.fixture
def ada(appoint) -> Person:
    """Enrols."""
    return appoint("ada", Duty.TOWNSHIP_CLERK)


@pytest.fixture
def ben(appoint) -> Person:
    """Reviews."""
    return appoint("ben", Duty.FIRST_CHECKER)


@pytest.fixture
def cleo(appoint) -> Person:
    """Pays."""
    return appoint("cleo", Duty.CASHIER)


@pytest.fixture
def dan(appoint) -> Person:
    """Audits."""
    return appoint("dan", Duty.INTERNAL_AUDITOR)


@pytest.fixture
def sam(appoint) -> Person:
    """Administers the system."""
    return appoint("sam", Duty.SYSTEM_ADMINISTRATOR)


@pytest.fixture
def as_ada(client, ada):
    return sign_in(client, ada)


@pytest.fixture
def as_sam(client, sam):
    return sign_in(client, sam)


@pytest.fixture(scope="session", autouse=True)
def _note_templates() -> Iterator[None]:
    """Which templates the tests rendered: tests/coverage.py asks for every one."""
    seen: set[str] = set()
    render = Template._render

    def noting(self: Template, context: Any) -> Any:
        if self.name:
            seen.add(self.name)
        return render(self, context)

    Template._render = noting
    yield
    Template._render = render
    folder = Path(__file__).parent / "var"
    folder.mkdir(exist_ok=True)
    (folder / f"templates-seen-{servers.WORKER}").write_text("\n".join(sorted(seen)))
