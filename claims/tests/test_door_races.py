"""The same claim handed in twice at the same moment is there once, and both are told the same.

The overlap is forced by a barrier; without the key's lock both would go on to enter it.
"""

from __future__ import annotations

import threading
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, connection, connections

from claims.models import Claim, DoorRequest, DoorToken
from claims.services import door as services
from claims.services import intake
from claims.tests import door
from claims.tests.test_races_intake import together
from enrollment.tests.races import meeting
from tests import servers

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE = 0.4
PROGRAMS = 4


class Programs:
    """One hospital's programs that send the same at the same moment."""

    def __init__(self) -> None:
        self.hospital = door.hospital()
        self.asked = door.asked(door.insured())
        self.answers: list[Any] = []
        self.failed: list[BaseException] = []

    def send(self, key: str = "k1", number: str = "00000001") -> None:
        invoices = [{**self.asked["invoices"][0], "number": number}]
        try:
            self.answers.append(self.hospital.hand_in({**self.asked, "invoices": invoices}, key))
        except IntegrityError as refusal:
            self.failed.append(refusal)
        finally:
            connections.close_all()


def test_the_same_at_the_same_moment_is_one_claim(county, monkeypatch):
    programs = Programs()
    meeting(monkeypatch, intake, "_next_number", PATIENCE)  # nobody else comes so far: the others wait for the key
    together(*(programs.send for _program in range(PROGRAMS)))
    assert [one.status_code for one in programs.answers] == [201] * PROGRAMS
    assert len({one.content for one in programs.answers}) == 1
    again = sorted(one.headers["Idempotency-Replayed"] for one in programs.answers)
    assert again == ["false"] + ["true"] * (PROGRAMS - 1)
    assert Claim.objects.count() == DoorRequest.objects.count() == 1


def test_another_one_under_the_same_key_at_the_same_moment(county):
    programs = Programs()
    together(lambda: programs.send(number="1"), lambda: programs.send(number="2"))
    assert sorted(one.status_code for one in programs.answers) == [201, 422]
    assert {one.json().get("code") for one in programs.answers} == {None, "key_used"}
    assert Claim.objects.count() == 1


def test_who_waits_too_long_for_a_key_is_told_to_come_again(county, monkeypatch):
    programs = Programs()
    monkeypatch.setattr(services, "LOCK", f"SET LOCAL lock_timeout = '100ms'; {services.LOCK}")
    key = f"claims.door:{DoorToken.objects.get().pk}:k1"
    with psycopg.connect(servers.superuser_dsn(), dbname=connection.settings_dict["NAME"]) as other:
        other.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
        programs.send()
    [answer] = programs.answers
    assert (answer.status_code, answer.json()["code"], answer.headers["Retry-After"]) == (409, "key_busy", "1")
    programs.send()
    assert programs.answers[1].status_code == 201


def test_a_connection_that_breaks_leaves_nothing_and_the_key_free(county, monkeypatch):
    programs = Programs()
    with monkeypatch.context() as broken:
        broken.setattr(services, "LOCK", "SELECT %s::text, pg_terminate_backend(pg_backend_pid())")
        programs.send()
    assert programs.answers[0].status_code >= 500
    programs.send()
    assert programs.answers[1].status_code == 201
    assert Claim.objects.count() == DoorRequest.objects.count() == 1


def test_without_the_keys_lock_both_would_go_on(county, monkeypatch):
    programs = Programs()
    monkeypatch.setattr(services, "LOCK", "SELECT %s::text")
    met = threading.Barrier(2)
    entered = intake.enter_claim

    def met_before(**given: Any) -> Claim:
        met.wait(10)  # both have looked for the key and found none
        return entered(**given)

    monkeypatch.setattr(intake, "enter_claim", met_before)
    together(programs.send, programs.send)
    assert met.broken is False
    assert sorted(one.status_code for one in programs.answers) != [201, 201]
