"""Things of the office that tests need on the way to something else."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange

from conftest import NOON, with_factor
from office import deciding
from office.models import Appointment, Body, Duty, OfficeRound, Person, Printer
from office.proof import Proof
from office.rules import codes, duties
from office.services import calendar, factors, printers, requests, rounds

SEEN = "0" * 64
SECURITY = Duty.SECURITY_ADMINISTRATOR
#: One pixel, as PNG.
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010100000000376ef9240000000a49444154789c6360000000"
    "02000148afa4710000000049454e44ae426082"
)
FOUNDERS = ("gia", "hua", "ira", "jon")


def tess() -> Person:
    """Somebody who set things up before the test began."""
    for known in Person.objects.raw("SELECT * FROM office_person WHERE username = 'tess'"):
        return known
    return Person.objects.create_person(username="tess", full_name="Tess", password="tess-password")


def fill_year(year: int) -> int:
    return calendar.fill_year(year=year, by=tess(), at=NOON)


def add_printer(body: Body, name: str) -> Printer:
    return printers.add_printer(body=body, name=name, by=tess(), at=NOON)


def give(person: Person, duty: str, body: Body, start: date = date(2009, 1, 1), end: date | None = None) -> Appointment:
    """A duty as it would have been given: by two security administrators where it takes two."""
    period = DateRange(start, end)
    if not duties.is_given_by_two(duty) or (duty in duties.ADMINISTER and len(administrators()) < 2):
        return Appointment.objects.create(person=person, duty=duty, body=body, period=period)
    maker, voter = two_administrators(body, but=person)
    told = {"person": person.pk, "duty": duty, "body": body.pk, "period": period, **_told(maker, voter, "approve")}
    made = Appointment(person=person, duty=duty, body=body, period=period)
    made.pk, made.request_id = _last(f"{ASKED} {DECIDED} {GRANTED}", {**told, "subject_type": "office.dutyrequest"})
    made._state.adding, made._state.db = False, "default"
    return made


def decide(subject_type: str, subject_id: int, *, maker: Person, voter: Person, choice: str = "approve") -> OfficeRound:
    """A round with one vote, written row by row as the database demands it."""
    told = {"subject_type": subject_type, "subject_id": str(subject_id), **_told(maker, voter, choice)}
    [pk] = _last(DECIDED.replace(REQUEST, "%(subject_id)s"), told)
    return OfficeRound.objects.get(pk=pk)


def _new(table: str) -> str:
    """The number of the row that was written to a table just now."""
    return f"currval(pg_get_serial_sequence('{table}', 'id'))"


#: In one go, because nearly every test gives duties: a request, its round, the duty.
REQUEST = _new("office_dutyrequest")
ASKED = """
INSERT INTO office_dutyrequest (state, reason, proposed_by_id, proposed_at, person_id, duty, body_id, period)
    VALUES ('proposed', 'test', %(maker)s, %(noon)s, %(person)s, %(duty)s, %(body)s, %(period)s);
"""
DECIDED = f"""
INSERT INTO office_officeround (step, subject_type, subject_id, subject_hash, rule, rule_version, duties, count, quorum,
    majority, by_seats, own_code, maker_id, barred, state, outcome, void_reason)
    VALUES ('decision', %(subject_type)s, {REQUEST}, %(seen)s, 'test', '1', ARRAY[%(administer)s], 1, 1, 'all', false,
    false, %(maker)s, '{{}}', 'open', '', '');
INSERT INTO office_officeseat (person_id, role, is_present, recusal, round_id)
    VALUES (%(voter)s, 'member', true, '', {_new("office_officeround")});
INSERT INTO office_officevote (voter_id, choice, reason_code, reason, hash_seen, round_id, seat_id)
    VALUES (%(voter)s, %(choice)s, '', 'test', %(seen)s, {_new("office_officeround")}, {_new("office_officeseat")});
UPDATE office_officeround SET state = 'closed', outcome = %(outcome)s, closed_at = %(noon)s
    WHERE id = {_new("office_officeround")} RETURNING id;
"""
GRANTED = f"""
UPDATE office_dutyrequest SET state = 'granted' WHERE id = {REQUEST};
INSERT INTO office_appointment (person_id, duty, body_id, period, request_id)
    VALUES (%(person)s, %(duty)s, %(body)s, %(period)s, {REQUEST}) RETURNING id, request_id;
"""


def _told(maker: Person, voter: Person, choice: str) -> dict[str, Any]:
    outcome = "approved" if choice == "approve" else "refused"
    people = {"maker": maker.pk, "voter": voter.pk, "administer": SECURITY.value}
    return {**people, "choice": choice, "outcome": outcome, "seen": SEEN, "noon": NOON}


def _last(statements: str, told: dict[str, Any]) -> tuple[int, ...]:
    """What the last of some statements returns."""
    with connection.cursor() as cursor:
        cursor.execute(statements, told)
        while cursor.nextset():
            pass
        return cursor.fetchone()


def administrators() -> list[Person]:
    """The security administrators, oldest first."""
    theirs = "SELECT person_id FROM office_appointment WHERE duty = %s"
    found = Person.objects.raw(f"SELECT * FROM office_person WHERE id IN ({theirs}) ORDER BY id", [SECURITY])
    return list(found)


def two_administrators(body: Body, but: Person) -> tuple[Person, Person]:
    """Two security administrators other than one person; they come to office where there are too few."""
    found = [one for one in administrators() if one != but]
    for username in FOUNDERS:
        if len(found) < 2 and username != but.username and not Person.objects.filter(username=username).exists():
            person = Person.objects.create_person(
                username=username, full_name=username.title(), password=f"{username}-password"
            )
            give(person, SECURITY, body)
            found.append(person)
    assert len(found) >= 2, "more administrators are needed than the tests know"
    return found[0], found[1]


def shown_by(person: Person, at: datetime = NOON) -> Proof:
    """The proof that somebody showed his second factor just now; no code of his is used up by it."""
    return factors.first_proof(factors.live(person) or with_factor(person, at=at), at)


def one_time_code(person: Person, kind: str, at: datetime = NOON) -> str:
    """A one-time code as two people give it: each half by one of them."""
    body = Body.objects.first()
    assert body is not None
    maker, voter = two_administrators(body, but=person)
    asked, first = requests.propose_reset(
        person=person, kind=kind, reason="he stands here", by=maker, at=at, proof=shown_by(maker, at)
    )
    opened = deciding.rounds_of(asked).get()
    voted = rounds.vote(
        round=opened, choice="approve", hash_seen=opened.subject_hash, by=voter, at=at, proof=shown_by(voter, at)
    )
    found = re.search(f"[{codes.ALPHABET}]{{{codes.HALF}}}", voted.told)
    assert found is not None
    return f"{first}-{found.group()}"
