"""What somebody tries who has the program's shell, or the run-time role's password: all of it refused, nothing changed.

Each attack is tried with the program's own models and as plain SQL, with the row history switched on and off.
The service's refusals are in test_services_rounds.py, the pages' in test_views_rounds.py.
"""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from conftest import NOON, sign_in
from office import deciding
from office.models import (
    Appointment,
    Delegation,
    Duty,
    DutyRequest,
    OfficeRound,
    OfficeSeat,
    OfficeVote,
    OneTimeCode,
    Person,
)
from office.rules.rounds import Required
from office.services import requests, rounds, signing_in
from office.tests.factories import give, shown_by

pytestmark = pytest.mark.django_db

THREE = Required(
    rule="t", version="1", duties=(Duty.SECURITY_ADMINISTRATOR,), count=3, quorum=3, majority="half", by_seats=True
)
TABLES = (
    Person,
    Appointment,
    Delegation,
    DutyRequest,
    OfficeRound,
    OfficeSeat,
    OfficeVote,
    OneTimeCode,
)


class Scene:
    """An open request; a meeting of three of whom one has voted; and those who would like to cheat."""

    def __init__(self, appoint, county) -> None:
        self.county = county
        self.maker, self.hua, self.ira, self.jon = (
            appoint(name, Duty.SECURITY_ADMINISTRATOR) for name in ("gia", "hua", "ira", "jon")
        )
        self.clerk = appoint("kim", Duty.TOWNSHIP_CLERK)
        self.system = appoint("sys", Duty.SYSTEM_ADMINISTRATOR)
        self.absent = appoint("head", Duty.OFFICE_HEAD)
        self.gone = appoint("gone", Duty.INTAKE_CLERK)
        signing_in.leave(person=self.gone, on=NOON.date(), by=self.system, at=NOON, proof=shown_by(self.system))
        self.asked = requests.propose_duty(
            person=self.clerk,
            duty=Duty.CASHIER,
            body=county,
            start=date(2010, 1, 1),
            reason="x",
            by=self.maker,
            at=NOON,
            proof=shown_by(self.maker),
        )
        self.single = deciding.rounds_of(self.asked).get()
        rounds.void(subject=self.asked, by=self.maker, at=NOON, reason="test")
        body = [(one, "member") for one in (self.hua, self.ira, self.jon)]
        self.meeting = rounds.open_round(subject=self.asked, by=self.maker, at=NOON, required=THREE, body=body)
        self.seats = {seat.person_id: seat for seat in self.meeting.seats.all()}
        rounds.vote(
            round=self.meeting,
            choice="approve",
            hash_seen=self.meeting.subject_hash,
            by=self.hua,
            at=NOON,
            proof=shown_by(self.hua),
        )
        self.recused = self.seats[self.jon.pk]
        rounds.note_attendance(seat=self.recused, is_present=True, recusal="brother", by=self.maker, at=NOON)
        self.decided, _half = requests.propose_reset(
            person=self.clerk, kind="factor", reason="x", by=self.maker, at=NOON, proof=shown_by(self.maker)
        )
        self.over = deciding.rounds_of(self.decided).get()
        rounds.vote(
            round=self.over,
            choice="refuse",
            reason="no",
            hash_seen=self.over.subject_hash,
            by=self.hua,
            at=NOON,
            proof=shown_by(self.hua),
        )

    def ballot(self, voter, **more) -> dict[str, object]:
        seat = self.seats.get(voter.pk, self.seats[self.ira.pk])
        return {
            "round": self.meeting,
            "seat": seat,
            "voter": voter,
            "choice": "approve",
            "hash_seen": self.meeting.subject_hash,
        } | more


def cast(voter: str, **more):
    """A vote as the shell would write it; names of the scene stand for its people."""

    def attack(scene: Scene) -> None:
        given = {
            name: getattr(scene, value) if name in {"for_whom", "seat", "round"} else value
            for name, value in more.items()
        }
        OfficeVote.objects.create(**scene.ballot(getattr(scene, voter), **given))

    return attack


def sql(text: str):
    def attack(scene: Scene) -> None:
        with connection.cursor() as cursor:
            places = {name: getattr(scene, name).pk for name in PLACES} | {
                "body": scene.county.pk,
                "ira_seat": scene.seats[scene.ira.pk].pk,
                "hua_seat": scene.seats[scene.hua.pk].pk,
                "hash": scene.meeting.subject_hash,
            }
            cursor.execute(text, places)

    return attack


PLACES = ("meeting", "over", "asked", "decided", "ira", "hua", "jon", "maker", "clerk", "system", "absent", "gone")
VOTE = "INSERT INTO office_officevote (round_id, seat_id, voter_id, choice, hash_seen, reason, reason_code) VALUES "

ATTACKS = {
    "shell: vote for another": cast("system", seat="ira_place"),
    "shell: vote twice": cast("hua"),
    "shell: outsider": cast("clerk"),
    "shell: maker": cast("maker"),
    "shell: administrator": cast("system"),
    "shell: recused": cast("jon"),
    "shell: another content": cast("ira", hash_seen="0" * 64),
    "shell: without a delegation": cast("system", for_whom="ira"),
    "shell: a round that is over": cast("ira", round="over"),
    "shell: many votes at once": lambda scene: OfficeVote.objects.bulk_create(
        [OfficeVote(**scene.ballot(scene.ira)), OfficeVote(**scene.ballot(scene.hua))]
    ),
    "shell: one of three": lambda scene: OfficeRound.objects.filter(pk=scene.meeting.pk).update(
        state="closed", outcome="approved", closed_at=NOON
    ),
    "shell: fewer are needed": lambda scene: OfficeRound.objects.update(count=1),
    "shell: another content in the round": lambda scene: OfficeRound.objects.update(subject_hash="1" * 64),
    "shell: reopen": lambda scene: OfficeRound.objects.filter(pk=scene.over.pk).update(
        state="open", outcome="", closed_at=None
    ),
    "shell: change a vote": lambda scene: OfficeVote.objects.update(choice="refuse"),
    "shell: delete a vote": lambda scene: OfficeVote.objects.all().delete(),
    "shell: delete a round": lambda scene: OfficeRound.objects.filter(pk=scene.over.pk)._raw_delete("default"),
    "shell: leave the meeting after voting": lambda scene: OfficeSeat.objects.filter(person=scene.hua).update(
        is_present=False
    ),
    "shell: another's seat": lambda scene: OfficeSeat.objects.filter(person=scene.ira).update(person=scene.system),
    "shell: one more seat": lambda scene: OfficeSeat.objects.create(round=scene.meeting, person=scene.maker),
    "shell: granted without a round": lambda scene: DutyRequest.objects.update(state="granted"),
    "shell: granted although refused": lambda scene: type(scene.decided).objects.update(state="granted"),
    "shell: another person in the request": lambda scene: DutyRequest.objects.update(person=scene.system),
    "shell: appoint oneself": lambda scene: Appointment.objects.create(
        person=scene.clerk, duty=Duty.CASHIER, body=scene.county, period=(date(2010, 1, 1), None)
    ),
    "shell: appoint oneself with an open request": lambda scene: Appointment.objects.create(
        person=scene.clerk, duty=Duty.CASHIER, body=scene.county, period=(date(2010, 1, 1), None), request=scene.asked
    ),
    "shell: a third administrator": lambda scene: Appointment.objects.create(
        person=scene.clerk, duty=Duty.SECURITY_AUDITOR, body=scene.county, period=(date(2010, 1, 1), None)
    ),
    "shell: a longer duty": lambda scene: Appointment.objects.filter(person=scene.system).update(
        period=(date(2000, 1, 1), None)
    ),
    "shell: another duty": lambda scene: Appointment.objects.filter(person=scene.clerk).update(duty=Duty.CASHIER),
    "shell: a one-time code": lambda scene: OneTimeCode.objects.create(
        person=scene.clerk, kind="password", hash="x", issued_at=NOON
    ),
    "shell: a code for a refused request": lambda scene: OneTimeCode.objects.create(
        person=scene.clerk, kind="factor", hash="x", issued_at=NOON, request=scene.decided
    ),
    "shell: a delegation in somebody's name": lambda scene: Delegation.objects.create(
        person=scene.absent,
        to=scene.clerk,
        duty=Duty.OFFICE_HEAD,
        period=(date(2010, 1, 1), date(2030, 1, 1)),
        state="granted",
        reason="x",
        proposed_by=scene.system,
        proposed_at=NOON,
    ),
    "shell: two open rounds": lambda scene: OfficeRound.objects.create(
        **{
            field.attname: getattr(scene.meeting, field.attname)
            for field in OfficeRound._meta.concrete_fields
            if field.name not in {"id", "opened_at"}
        }
    ),
    "sql: vote twice": sql(VOTE + "(%(meeting)s, %(hua_seat)s, %(hua)s, 'approve', %(hash)s, '', '')"),
    "sql: vote for another": sql(VOTE + "(%(meeting)s, %(ira_seat)s, %(system)s, 'approve', %(hash)s, '', '')"),
    "sql: maker": sql(VOTE + "(%(meeting)s, %(ira_seat)s, %(maker)s, 'approve', %(hash)s, '', '')"),
    "sql: another content": sql(VOTE + "(%(meeting)s, %(ira_seat)s, %(ira)s, 'approve', repeat('0', 64), '', '')"),
    "sql: a round that is over": sql(VOTE + "(%(over)s, %(ira_seat)s, %(ira)s, 'approve', %(hash)s, '', '')"),
    "sql: change a vote": sql("UPDATE office_officevote SET choice = 'refuse'"),
    "sql: delete a vote": sql("DELETE FROM office_officevote"),
    "sql: empty the table": sql("TRUNCATE office_officevote"),
    "sql: one of three": sql(
        "UPDATE office_officeround SET state = 'closed', outcome = 'approved', closed_at = now() WHERE id = %(meeting)s"
    ),
    "sql: delete a round": sql("DELETE FROM office_officeround WHERE id = %(over)s"),
    "sql: granted without a round": sql("UPDATE office_dutyrequest SET state = 'granted' WHERE id = %(asked)s"),
    "sql: a move that nobody makes": sql("UPDATE office_resetrequest SET state = 'proposed' WHERE id = %(decided)s"),
    "sql: appoint oneself": sql(
        "INSERT INTO office_appointment (person_id, duty, body_id, period) "
        "VALUES (%(clerk)s, 'cashier', %(body)s, '[2010-01-01,)')"
    ),
    "sql: bring a leaver back": sql("UPDATE office_person SET left_on = NULL WHERE id = %(gone)s"),
    "sql: a leaver stayed longer": sql("UPDATE office_person SET left_on = '2030-01-01' WHERE id = %(gone)s"),
    "sql: a duty for a leaver": sql(
        "INSERT INTO office_appointment (person_id, duty, body_id, period) "
        "VALUES (%(gone)s, 'intake_clerk', %(body)s, '[2010-03-03,)')"
    ),
    "sql: all administrators leave": sql(
        "UPDATE office_person SET left_on = '2010-03-01' WHERE id IN (%(maker)s, %(hua)s, %(ira)s, %(jon)s)"
    ),
    "sql: soften the table of moves": sql("UPDATE office_statemove SET outcome = ''"),
    "sql: another move": sql(
        'INSERT INTO office_statemove ("table", before, after, outcome) '
        "VALUES ('office_dutyrequest', 'x', 'granted', '')"
    ),
    "sql: take the guard away": sql("ALTER TABLE office_officevote DISABLE TRIGGER ALL"),
    "sql: another guard": sql("DROP FUNCTION office_guard_vote() CASCADE"),
    "sql: as a replica": sql("SET LOCAL session_replication_role = replica"),
    "sql: as the owner": sql("SET ROLE fund_owner"),
}


@pytest.fixture
def scene(appoint, county, client, ada) -> Scene:
    sign_in(client, ada)  # the office has begun to work
    scene = Scene(appoint, county)
    scene.ira_place = scene.seats[scene.ira.pk]
    return scene


#: Check or trigger, unique, right: what a guard says. A slip in the attack itself would say something else.
REFUSALS = {"23514", "23505", "42501"}


def go(attack, scene: Scene, history: str) -> None:
    if history == "off":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL pgtrigger.ignore = 'office.DutyRequest:update_update'")
    attack(scene)


def rows() -> dict[str, list[tuple[object, ...]]]:
    return {model.__name__: list(model.objects.order_by("pk").values_list()) for model in TABLES}


@pytest.mark.parametrize("history", ["on", "off"])
@pytest.mark.parametrize("name", ATTACKS)
def test_refused_and_nothing_changed(scene, name, history):
    before = rows()
    with pytest.raises(DatabaseError) as refusal, transaction.atomic():
        go(ATTACKS[name], scene, history)
    assert refusal.value.__cause__.sqlstate in REFUSALS
    assert rows() == before


def test_what_is_right_is_not_refused(scene):
    """The same scene lets the right vote through: the refusals above come from the attack."""
    OfficeVote.objects.create(**scene.ballot(scene.ira))
    assert give(scene.clerk, Duty.INTAKE_CLERK, scene.county).pk
