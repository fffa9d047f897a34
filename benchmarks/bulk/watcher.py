"""Somebody who may open every page: he has all duties at once, as nobody in an office."""

from __future__ import annotations

from django.test import Client

from benchmarks.bulk import streams
from conftest import sign_in
from office.models import Body, Duty, Person


def client() -> Client:
    """His browser."""
    person = Person.objects.create_person(username="watcher", full_name="Watcher", password=None)
    body = Body.objects.get(kind=Body.Kind.COUNTY_CENTRE)
    with streams.connected() as db:  # past the guard that keeps such duties apart
        for duty in Duty.values:
            db.execute(
                "INSERT INTO office_appointment (person_id, body_id, duty, period)"
                " VALUES (%s, %s, %s, daterange('2009-01-01', NULL))",
                [person.pk, body.pk, duty],
            )
    return sign_in(Client(SERVER_NAME="localhost"), person)
