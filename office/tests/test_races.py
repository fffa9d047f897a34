"""Voters at the same moment: every vote is kept, every round ends once, none is left standing.

The overlap is forced by barriers, in the middle of the vote. The negative control runs the same with the locks taken
out of the service and of the database, and must then find rounds that are stuck or decided twice.
"""

from __future__ import annotations

import contextlib
import threading
from collections import Counter
from datetime import date

import psycopg
import pytest
from django.db import DatabaseError, connections, transaction

from conftest import NOON
from office import deciding
from office.models import Act, Duty, DutyRequest, OfficeRound, OfficeVote, Person
from office.rules.rounds import Required
from office.services import dockets, rounds
from office.services.dockets import Docket
from office.tests.factories import give, shown_by
from tests import servers

pytestmark = pytest.mark.django_db(transaction=True)

VOTERS = (2, 4, 16)


class Crowd:
    """Sixteen people who vote at the same moment, each with a thread and a connection of his own."""

    def __init__(self, body) -> None:
        self.body = body
        self.maker = self.come("maker")
        self.voters = [self.come(f"voter{number}") for number in range(max(VOTERS))]
        self.proofs = {person.pk: shown_by(person) for person in self.voters}
        self.count = 0

    def come(self, username: str) -> Person:
        person = Person.objects.create_person(username=username, full_name=username, password="x")
        give(person, Duty.SECURITY_ADMINISTRATOR, self.body)
        return person

    def round(self, voters: list[Person]) -> OfficeRound:
        """A request that as many people decide, by more than half."""
        self.count += 1
        applicant = Person.objects.create_person(username=f"eve{self.count}", full_name="Eve", password=None)
        asked = DutyRequest.objects.create(
            person=applicant,
            duty=Duty.CASHIER,
            body=self.body,
            period=(date(2009, 1, 1), None),
            reason="race",
            proposed_by=self.maker,
            proposed_at=NOON,
        )
        required = Required(
            rule="race",
            version="1",
            duties=(Duty.SECURITY_ADMINISTRATOR,),
            count=len(voters),
            quorum=len(voters),
            majority="half",
            by_seats=True,
        )
        body = [(one, "member") for one in voters]
        return rounds.open_round(subject=asked, by=self.maker, at=NOON, required=required, body=body)

    def all_at_once(self, opened: OfficeRound, voters: list[Person]) -> list[str]:
        """Everybody votes when everybody is ready; what was refused, in words."""
        ready = threading.Barrier(len(voters))
        refused: list[str] = []

        def go(person: Person) -> None:
            try:
                ready.wait(20)
                rounds.vote(
                    round=opened,
                    choice="approve",
                    hash_seen=opened.subject_hash,
                    by=person,
                    at=NOON,
                    proof=self.proofs[person.pk],
                )
            except (rounds.CannotVote, DatabaseError) as refusal:
                refused.append(str(refusal))
            finally:
                connections.close_all()

        threads = [threading.Thread(target=go, args=(one,)) for one in voters]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return refused


def wrong_with(opened: OfficeRound, voters: int) -> str:
    """What is wrong with a round after everybody has voted; nothing, if all is well."""
    opened.refresh_from_db()
    votes = OfficeVote.objects.filter(round=opened).count()
    closed = Act.objects.filter(
        name="round.closed", subject_type=opened.subject_type, subject_id=opened.subject_id
    ).count()
    given = DutyRequest.objects.get(pk=opened.subject_id).state
    if votes != voters:
        return "lost a vote"
    if opened.state == "open":
        return "stuck"
    if closed != 1:
        return "decided twice"
    return "" if (opened.outcome, given) == ("approved", "granted") else "wrong outcome"


@pytest.fixture
def crowd(county) -> Crowd:
    return Crowd(county)


def race(crowd: Crowd, times: int) -> Counter[str]:
    """So many rounds, of 2, 4 and 16 voters in turn (mostly of few, as in an office); what went wrong, counted."""
    found: Counter[str] = Counter()
    for number in range(times):
        size = VOTERS[2] if number % 20 == 19 else VOTERS[number % 2]
        voters = crowd.voters[:size]
        opened = crowd.round(voters)
        refused = crowd.all_at_once(opened, voters)
        found["refused"] += len(refused)
        if wrong := wrong_with(opened, size):
            found[wrong] += 1
    return +found


def test_four_hundred_rounds(crowd):
    assert race(crowd, 400) == {}


@pytest.mark.soak
def test_ten_thousand_rounds(crowd):
    found = race(crowd, 10_000)
    print(f"10,000 rounds of 2, 4 and 16 voters at the same moment; went wrong: {dict(found) or 'none'}")
    assert found == {}


def test_one_person_at_two_browsers_has_one_vote(crowd):
    for _each in range(10):
        opened = crowd.round(crowd.voters[:2])
        refused = crowd.all_at_once(opened, [crowd.voters[0], crowd.voters[0]])
        assert len(refused) == 1
        assert OfficeVote.objects.filter(round=opened).count() == 1


def test_one_person_in_two_steps_at_the_same_moment_takes_part_in_one(crowd):
    person = crowd.voters[0]
    for _each in range(10):
        first = crowd.round([person, crowd.voters[1]])
        asked = DutyRequest.objects.get(pk=first.subject_id)
        second = rounds.open_round(
            subject=asked,
            by=crowd.maker,
            at=NOON,
            step="second",
            required=first.required,
            body=[(person, "member"), (crowd.voters[2], "member")],
        )
        ready = threading.Barrier(2)
        refused: list[str] = []

        def go(opened: OfficeRound, ready: threading.Barrier = ready, refused: list[str] = refused) -> None:
            ready.wait(20)
            try:
                rounds.vote(
                    round=opened,
                    choice="approve",
                    hash_seen=opened.subject_hash,
                    by=person,
                    at=NOON,
                    proof=crowd.proofs[person.pk],
                )
            except (rounds.CannotVote, DatabaseError) as refusal:
                refused.append(str(refusal))
            finally:
                connections.close_all()

        threads = [threading.Thread(target=go, args=(one,)) for one in (first, second)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(refused) == 1
        assert OfficeVote.objects.filter(round__in=[first, second], voter=person).count() == 1


@contextlib.contextmanager
def without_locks(monkeypatch, name: str):
    """The same house with the locks taken out: of the service, and of the guard in the database."""

    def look(subject_type, subject_id):
        matter = deciding.matter_of(subject_type)
        known = matter.family.round.objects.of(subject_type, subject_id).order_by("pk")
        return Docket(matter, matter.model.objects.get(pk=subject_id), list(known))

    owner = psycopg.connect(servers.owner_dsn(name), autocommit=True)
    with owner, monkeypatch.context() as patched:
        guards = {}
        for function in ("office_guard_vote", "office_guard_seat"):
            text = owner.execute(f"SELECT pg_get_functiondef('{function}'::regproc)").fetchone()[0]
            bare = text.replace("FOR NO KEY UPDATE OF r", "").replace("FOR NO KEY UPDATE", "")
            assert bare != text
            guards[function] = text
            owner.execute(bare)
        patched.setattr(dockets, "lock", look)
        try:
            yield
        finally:
            for text in guards.values():
                owner.execute(text)


@pytest.mark.parametrize("voters", VOTERS)
def test_without_the_locks_rounds_are_left_standing(crowd, monkeypatch, settings, voters):
    """The negative control: everybody has voted and everybody has counted before anybody commits."""
    met = threading.Barrier(voters)
    count = rounds._count

    def counting_together(round_, seats):
        counted = count(round_, seats)
        with contextlib.suppress(threading.BrokenBarrierError):
            met.wait(5)
        return counted

    with without_locks(monkeypatch, settings.DATABASES["default"]["NAME"]):
        monkeypatch.setattr(rounds, "_count", counting_together)
        opened = crowd.round(crowd.voters[:voters])
        crowd.all_at_once(opened, crowd.voters[:voters])
    assert wrong_with(opened, voters) == "stuck"


def test_with_the_locks_the_same_meeting_is_not_left_standing(crowd, monkeypatch):
    """The same barrier, broken: with the lock nobody counts beside another."""
    met = threading.Barrier(2)
    count = rounds._count

    def counting_together(round_, seats):
        counted = count(round_, seats)
        with contextlib.suppress(threading.BrokenBarrierError):
            met.wait(0.5)
        return counted

    monkeypatch.setattr(rounds, "_count", counting_together)
    opened = crowd.round(crowd.voters[:2])
    assert crowd.all_at_once(opened, crowd.voters[:2]) == []
    assert wrong_with(opened, 2) == ""
    assert transaction.get_autocommit()
