"""The last two security administrators leave at the same moment: one of them stays."""

from __future__ import annotations

import contextlib
import threading

import psycopg
import pytest
from django.db import DatabaseError, connections

from conftest import NOON
from office.models import Appointment, Duty, Person
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
