"""At the same moment: the last two security administrators leave, and one stays; a duty is given to a leaver, and not
kept."""

from __future__ import annotations

import contextlib
import threading

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, connections, transaction

from conftest import NOON
from office.models import Appointment, Body, Duty, Person
from office.services import leaving, signing_in
from office.tests.factories import administrators, give, shown_by, two_administrators
from tests import servers

pytestmark = pytest.mark.django_db(transaction=True)

TODAY = NOON.date()
LOCK = "PERFORM pg_advisory_xact_lock(hashtext('office: security administrators'));"


@pytest.fixture
def system(county) -> Person:
    """Who notes that they leave; there are two security administrators, and no third."""
    person = Person.objects.create_person(username="sys", full_name="Sys", password=None)
    give(person, Duty.SYSTEM_ADMINISTRATOR, county)
    assert len(two_administrators(county, but=person)) == len(administrators())
    return person


def both_leave(system: Person, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Each has looked and written before either commits, as far as the locks let them; what was refused."""
    proof, met = shown_by(system), threading.Barrier(2)
    end_all_of, refused = leaving.end_all_of, []

    def last_of_all(**told) -> None:
        end_all_of(**told)
        with contextlib.suppress(threading.BrokenBarrierError):
            met.wait(2)

    def go(person: Person) -> None:
        try:
            signing_in.leave(person=person, on=TODAY, by=system, at=NOON, proof=proof)
        except (signing_in.CannotLeave, DatabaseError) as refusal:
            refused.append(str(refusal))
        finally:
            connections.close_all()

    monkeypatch.setattr(leaving, "end_all_of", last_of_all)
    threads = [threading.Thread(target=go, args=(one,)) for one in administrators()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused


def give_while_he_leaves(system: Person, county: Body) -> bool:
    """A duty given to somebody whose leaving is written and not yet committed; whether he has it."""
    eve = Person.objects.create_person(username="eve", full_name="Eve", password=None)
    proof, left, given = shown_by(system), threading.Event(), threading.Event()

    def go() -> None:
        with transaction.atomic():
            signing_in.leave(person=eve, on=TODAY, by=system, at=NOON, proof=proof)
            left.set()
            given.wait(0.5)  # with the lock the other cannot get on before our commit
        connections.close_all()

    leaver = threading.Thread(target=go)
    leaver.start()
    left.wait()
    with contextlib.suppress(IntegrityError), transaction.atomic():
        give(eve, Duty.INTAKE_CLERK, county)
    given.set()
    leaver.join()
    return Appointment.objects.filter(person=eve).exists()


def test_nobody_who_leaves_is_given_a_duty_meanwhile(system, county):
    assert not give_while_he_leaves(system, county)


def test_without_the_lock_he_is(system, county, settings):
    """The negative control."""
    with psycopg.connect(servers.owner_dsn(settings.DATABASES["default"]["NAME"]), autocommit=True) as owner:
        [text] = owner.execute("SELECT pg_get_functiondef('office_guard_duty_of_leaver'::regproc)").fetchone()
        assert " FOR NO KEY UPDATE" in text
        owner.execute(text.replace(" FOR NO KEY UPDATE", ""))
        try:
            assert give_while_he_leaves(system, county)
        finally:
            owner.execute(text)


def left_over() -> int:
    return Appointment.objects.filter(
        duty=Duty.SECURITY_ADMINISTRATOR, person__left_on__isnull=True, period__endswith__isnull=True
    ).count()


def test_one_of_them_stays(system, monkeypatch):
    assert len(both_leave(system, monkeypatch)) == 1
    assert left_over() == 1


def test_without_the_lock_nobody_does(system, monkeypatch, settings):
    """The negative control."""
    with psycopg.connect(servers.owner_dsn(settings.DATABASES["default"]["NAME"]), autocommit=True) as owner:
        guards = []
        for function in ("office_guard_leaving", "office_guard_last_administrator"):
            [text] = owner.execute(f"SELECT pg_get_functiondef('{function}'::regproc)").fetchone()
            assert LOCK in text
            guards.append(text)
            owner.execute(text.replace(LOCK, ""))
        try:
            assert both_leave(system, monkeypatch) == []
        finally:
            for text in guards:
                owner.execute(text)
    assert left_over() == 0
