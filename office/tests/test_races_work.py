"""People who take the same work at the same moment: one has it, the others are told who.

The negative control runs the same with the lock taken out, of the service and of the database (the unique index), and
must then find several who all have it.
"""

from __future__ import annotations

import contextlib
import threading
from functools import partial

import psycopg
import pytest
from django.db import DatabaseError, connections

from conftest import NOON
from office import deciding, desk, worklists
from office.models import Act, Duty, Lease, Person
from office.services import requests, signing_in, work
from office.subjects import Name, name_of
from office.tests.factories import give, shown_by
from tests import servers

pytestmark = pytest.mark.django_db(transaction=True)

INDEX = "lease_one_at_a_time"


class Crowd:
    """Sixteen people for whom the same thing waits, each with a thread and a connection of his own."""

    def __init__(self, body) -> None:
        self.people = [self.come(f"taker{number}", body) for number in range(17)]
        self.count = 0

    def come(self, username: str, body) -> Person:
        person = Person.objects.create_person(username=username, full_name=username, password="x")
        give(person, Duty.SECURITY_ADMINISTRATOR, body)
        return person

    def thing(self) -> Name:
        """A round that waits for all of them but the last, who asked for it."""
        self.count += 1
        new = Person.objects.create_person(username=f"new{self.count}", full_name="New", password=None)
        maker = self.people[-1]
        asked, _half = requests.propose_reset(
            person=new, kind="password", reason="new", by=maker, at=NOON, proof=shown_by(maker)
        )
        return name_of(deciding.rounds_of(asked).get())


@pytest.fixture
def crowd(county) -> Crowd:
    return Crowd(county)


def at_once(*acts) -> list[str]:
    """Everything at the same moment; what was refused, by the name of its kind."""
    ready = threading.Barrier(len(acts))
    refused: list[str] = []

    def go(act) -> None:
        try:
            ready.wait(20)
            act()
        except (work.CannotTake, work.CannotPutBack, work.CannotHandOver, DatabaseError) as refusal:
            refused.append(type(refusal).__name__)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=go, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused


def taking(subject: Name, person: Person):
    return lambda: work.take(worklist=worklists.ROUNDS, subject=subject, by=person, at=NOON)


@pytest.mark.parametrize("takers", [2, 16])
def test_one_has_it_and_the_others_are_told(crowd, takers):
    for _each in range(10):
        subject = crowd.thing()
        refused = at_once(*(taking(subject, one) for one in crowd.people[:takers]))
        assert refused == ["CannotTake"] * (takers - 1)
        assert Lease.objects.over(subject).count() == 1
        assert Act.objects.of(*subject).filter(name="work.taken").count() == 1


@contextlib.contextmanager
def without_lock(monkeypatch, name: str | None):
    """The same house without the lock; with `name` also without the unique index of that database."""
    with monkeypatch.context() as patched:
        patched.setattr(work, "_lock", lambda subjects: None)
        if name is None:
            yield
            return
        with psycopg.connect(servers.owner_dsn(name), autocommit=True) as owner:
            made = owner.execute(f"SELECT indexdef FROM pg_indexes WHERE indexname = '{INDEX}'").fetchone()[0]
            owner.execute(f"DROP INDEX {INDEX}")
            try:
                yield
            finally:
                owner.execute("UPDATE office_lease SET ended_at = now(), ended_because = 'done' WHERE ended_at IS NULL")
                owner.execute(made)


def looking_together(monkeypatch, takers: int) -> None:
    """Everybody has looked before anybody writes."""
    met = threading.Barrier(takers)
    sees = desk.sees

    def together(*words):
        seen = sees(*words)
        with contextlib.suppress(threading.BrokenBarrierError):
            met.wait(5)
        return seen

    monkeypatch.setattr(desk, "sees", together)


@pytest.mark.parametrize("takers", [2, 16])
def test_without_lock_and_index_all_of_them_have_it(crowd, monkeypatch, settings, takers):
    """The negative control."""
    subject = crowd.thing()
    looking_together(monkeypatch, takers)
    with without_lock(monkeypatch, settings.DATABASES["default"]["NAME"]):
        assert at_once(*(taking(subject, one) for one in crowd.people[:takers])) == []
        assert Lease.objects.live().over(subject).count() == takers


def test_without_the_lock_the_database_still_lets_one_have_it(crowd, monkeypatch):
    subject = crowd.thing()
    looking_together(monkeypatch, 4)
    with without_lock(monkeypatch, None):
        refused = at_once(*(taking(subject, one) for one in crowd.people[:4]))
    assert refused == ["IntegrityError"] * 3
    assert Lease.objects.live().over(subject).count() == 1


def test_giving_it_to_two_at_the_same_moment_gives_it_to_one(crowd):
    holder, *others = crowd.people[:4]
    for _each in range(5):
        subject = crowd.thing()
        taking(subject, holder)()
        thing = {"worklist": worklists.ROUNDS, "subject": subject, "by": holder, "at": NOON}
        refused = at_once(
            *(partial(work.hand_over, to=one, **thing) for one in others), partial(work.put_back, **thing)
        )
        assert len(refused) == 3
        assert Lease.objects.live().over(subject).count() <= 1


def test_whoever_leaves_while_he_takes_has_nothing_afterwards(crowd, county, appoint):
    sam = appoint("sam", Duty.SYSTEM_ADMINISTRATOR)
    proof = shown_by(sam)
    for number in range(10):
        subject, goer = crowd.thing(), crowd.come(f"goer{number}", county)
        at_once(
            taking(subject, goer),
            lambda goer=goer: signing_in.leave(person=goer, on=NOON.date(), by=sam, at=NOON, proof=proof),
        )
        assert not Person.objects.get(pk=goer.pk).is_active
        assert not Lease.objects.live().filter(holder=goer).exists()
