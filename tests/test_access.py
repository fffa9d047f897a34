"""Every door of the house and who may open it: an address that stands in no list fails the build.

Deny by default: a duty that is not named for a door is refused there (403). What a person sees behind an open door (his
township, his own jobs) is the models' `visible_to`, tested where it lives.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.test.client import ClientHandler
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from django.views import View

from audit.tests import doors as audit_doors
from claims.tests import doors as claims_doors
from claims.tests import doors_before, doors_documents, doors_public
from conftest import NOON, sign_in
from enrollment.tests import doors
from funds.tests import doors as funds_doors
from office import attachments, deciding
from office.models import Body, Delegation, Duty, Job, Person, Printer, WorkingDay
from office.pages.lists import ListPage
from office.rules import days
from office.services import requests
from office.tests.factories import PIXEL, add_printer, fill_year, give, shown_by
from tests.doors import DOORS, OWN, POST_ONLY, STRANGERS
from tests.written import written, written_since

pytestmark = pytest.mark.django_db

EVE = "eve"
#: Doors to a job, and to what was made by it: each person knocks at his own.
EACH_HIS_OWN = {
    "claims:document_job",
    "claims:import_job",
    "enrollment:assistance_job",
    "enrollment:go_live_job",
    "enrollment:roster_job",
    "office:attachment",
    "office:attachment_page",
    "office:job",
    "office:job_report",
}


def views(resolver: URLResolver | None = None, space: str = "") -> dict[str, Callable[..., Any]]:
    """Every URL name of the site with what answers there."""
    found = {}
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            assert pattern.name, f"{pattern} has no name"
            found[f"{space}{pattern.name}"] = pattern.callback
        else:
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            found |= views(pattern, inner)
    return found


def test_every_address_is_listed_and_every_listed_address_exists():
    assert sorted(views()) == sorted([*DOORS, *claims_doors.BY_TOKEN])


@dataclass(frozen=True)
class House:
    """An office with one signed-in person for every duty, and Eve, who has none; `desk` is one browser's inside, which
    all browsers share."""

    body: Body
    cookies: dict[str, str]
    desk: ClientHandler

    def browser(self, who: str = "", *, strict: bool = False) -> Client:
        """A browser in which somebody is signed in, as he was in the beginning; a strict one looks for CSRF."""
        client = Client(enforce_csrf_checks=strict)
        if not strict:
            client.handler = self.desk
        if who:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.cookies[who]
        return client


@pytest.fixture(scope="module")
def house(django_db_setup, django_db_blocker) -> Iterator[House]:
    """Made once: each test works in a savepoint of its own."""
    with django_db_blocker.unblock(), transaction.atomic():
        body = Body.objects.create(code="640522", name="海原县合管中心", kind=Body.Kind.COUNTY_CENTRE)
        cookies = {}
        for who in (*Duty, EVE):
            person = Person.objects.create_person(username=who.replace("_", "-"), full_name=who, password=None)
            if who != EVE:
                give(person, who, body)
            cookies[who] = sign_in(Client(), person).cookies[settings.SESSION_COOKIE_NAME].value
        fill_year(2010)
        yield House(body, cookies, ClientHandler(enforce_csrf_checks=False))
        transaction.set_rollback(True)


#: What doors lead to and takes long to make, each with the doors that lead there.
WORLDS = {
    make: frozenset(f"claims:{name}" for name in names)
    for make, names in ((doors_public.make, doors_public.NAMES), (doors_documents.make, doors_documents.NAMES))
}


@pytest.fixture(scope="module")
def world(request, house, django_db_blocker) -> Iterator[None]:
    """Made once for all doors that lead there: their tests follow each other, each in a savepoint of its own."""
    with django_db_blocker.unblock(), transaction.atomic():
        if request.param:
            request.param()
        yield
        transaction.set_rollback(True)


def each(names: Iterable[str]) -> pytest.MarkDecorator:
    """A test for each door, in the world that it leads to."""
    names = sorted(names)
    worlds = [next((make for make, doors in WORLDS.items() if name in doors), None) for name in names]
    together = list(zip(worlds, names, strict=True))
    return pytest.mark.parametrize(("world", "name"), together, ids=names, indirect=["world"], scope="module")


@pytest.fixture
def county(house, db) -> Body:
    return house.body


@pytest.fixture
def somebody(house, db) -> dict[str, Client]:
    """A browser for every duty, signed in."""
    return {duty: house.browser(duty) for duty in Duty}


def decision_of(duty: str) -> list[object]:
    """A request by the security administrator, about somebody else."""
    now = timezone.now()
    maker = Person.objects.get(full_name=Duty.SECURITY_ADMINISTRATOR)
    stranger = Person.objects.create_person(username=f"new-{duty}".replace("_", "-"), full_name="New", password=None)
    asked, _half = requests.propose_reset(
        person=stranger, kind="password", reason="x", by=maker, at=now, proof=shown_by(maker, now)
    )
    return ["office", deciding.rounds_of(asked).get().pk]


def somebody_else(duty: str) -> list[int]:
    return [Person.objects.exclude(full_name=duty).filter(full_name__in=Duty.values).first().pk]


@pytest.fixture
def address(county):
    """Where each door is, for the person who knocks: `address("office:job", person)`."""
    printer = add_printer(county, "窗口")
    own: dict[str, Job] = {}

    def job_of(duty: str) -> Job:
        if duty not in own:
            person = Person.objects.get(full_name=duty)
            own[duty] = Job.objects.create(
                name="x", title="x", asked_by=person, asked_at=NOON, sent_at=NOON, state="failed", finished_at=NOON
            )
        return own[duty]

    def clerk() -> Person:
        return Person.objects.get(full_name=Duty.TOWNSHIP_CLERK)

    def file_of(duty: str, content: bytes = b"x", kind: str = "text/plain") -> int:
        told: dict[str, Any] = {"name": "a", "content": content, "media_type": kind, "at": NOON}
        return attachments.keep_made(subject=job_of(duty), by=job_of(duty).asked_by, **told).pk

    def delegation_of(duty: str) -> int:
        today = days.business_day(timezone.now())
        person = Person.objects.get(full_name=duty)
        return Delegation.objects.create(
            person=person,
            to=Person.objects.exclude(pk=person.pk).earliest("pk"),
            duty=duty,
            period=DateRange(today, today + timedelta(days=1)),
            state="granted",
            reason="x",
            proposed_by=person,
            proposed_at=NOON,
        ).pk

    shared: list[object] = []

    def one_decision() -> list[object]:
        """The same for everybody: reading it changes nothing."""
        if not shared:
            shared.extend(decision_of("anybody"))
        return shared

    arguments = {
        **doors.addresses(job_of),
        **claims_doors.addresses(job_of),
        **doors_before.addresses(),
        **funds_doors.addresses(job_of),
        **audit_doors.addresses(job_of),
        "office:decisions_of": lambda duty: ["enrollment"],
        "office:end_delegation": lambda duty: [delegation_of(duty)],
        "office:decision": lambda duty: one_decision(),
        "office:withdraw": decision_of,
        "office:worklist": lambda duty: ["office.jobs"],
        "office:hand_over_work": lambda duty: ["office.rounds", "office.officeround", one_decision()[1]],
        "office:reassign_work": lambda duty: ["office.rounds", "office.officeround", one_decision()[1]],
        "office:ask_for_code": somebody_else,
        "office:ask_for_delegation": somebody_else,
        "office:job": lambda duty: [job_of(duty).pk],
        "office:job_noted": lambda duty: [job_of(duty).pk],
        "office:job_restart": lambda duty: [job_of(duty).pk],
        "office:job_report": lambda duty: [job_of(duty).pk],
        "office:attachment": lambda duty: [file_of(duty)],
        "office:attachment_page": lambda duty: [file_of(duty, PIXEL, "image/png"), 1],
        "office:history": lambda duty: ["office.printer", printer.pk],
        "office:change_day": lambda duty: [WorkingDay.objects.first().pk],
        "office:working_days_print": lambda duty: [2010],
        "office:printer": lambda duty: [printer.pk],
        "office:change_offset": lambda duty: [printer.pk, "receipt"],
        "office:trial": lambda duty: [printer.pk, "receipt"],
        "office:person": lambda duty: [clerk().pk],
        "office:leave": lambda duty: [clerk().pk],
        "office:end_sessions": lambda duty: [clerk().pk],
        "office:give_duty": lambda duty: [clerk().pk],
        "office:end_duty": lambda duty: [clerk().appointments.get().pk],
        "office:rename_body": lambda duty: [county.pk],
    }
    return lambda name, duty: reverse(name, args=arguments.get(name, lambda duty: [])(duty))


def knock(client: Client, name: str, address: str):
    answer = client.post(address) if name in POST_ONLY else client.get(address)
    if answer.streaming:
        answer.getvalue()  # to its end, which closes the file
    return answer


@each(DOORS)
def test_each_door_opens_to_those_who_are_listed_and_to_nobody_else(world, name, house, somebody, address):
    """One after the other at the same door, which takes longer to build than to knock at; first those who get nothing.
    Where reading changes nothing, all knock at the same thing."""
    theirs = tuple(somebody) if name in POST_ONLY | EACH_HIS_OWN else (Duty.SYSTEM_ADMINISTRATOR,)
    where = {duty: address(name, duty) for duty in theirs}
    common = where[Duty.SYSTEM_ADMINISTRATOR]
    _strangers_other_sites_and_those_without_a_duty_get_nothing(name, house, common)
    before, opened = written(), set()
    for duty, client in somebody.items():
        answer = knock(client, name, where.get(duty, common))
        assert answer.status_code in {200, 302, 403}, f"{duty}: {answer.status_code}"
        if answer.status_code != 403:
            opened.add(duty)
    assert opened == DOORS[name] - STRANGERS
    assert name in POST_ONLY or written_since(before) == set()


LISTS = sorted(name for name, view in views().items() if issubclass(getattr(view, "view_class", View), ListPage))


@each(LISTS)
def test_a_list_writes_nothing_when_it_is_counted_or_exported(world, name, somebody, address):
    duty = min(DOORS[name])
    where = address(name, duty)
    before = written()
    for wanted in ("totals", "xlsx"):
        assert somebody[duty].get(where, {"as": wanted}).status_code == 200
    assert written_since(before) == set()


def test_what_is_written_would_be_seen(county):
    before = written()
    assert written_since(before) == set()
    Body.objects.filter(pk=county.pk).update(name="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        Printer.objects.create(body=county, name="")
    assert written_since(before) == {"office_body", "office_bodyevent"}
    add_printer(county, "y")
    assert written_since(before) >= {"office_printer", "office_printerevent"}


#: What somebody without a duty may open: what is his own, and what everybody needs to come and go.
EVERYBODYS = {name for name in DOORS if name.split(":")[-1] in OWN} | {
    "office:home",
    "office:sign_in",
    "office:sign_out",
    "office:set_theme",
    "office:healthz",
    "set_language",
    "door:openapi-json",
}


def _strangers_other_sites_and_those_without_a_duty_get_nothing(name: str, house: House, where: str) -> None:
    _a_stranger_is_asked_to_sign_in(name, knock(house.browser(), name, where))
    if name != "office:healthz":
        _no_post_of_another_site_is_taken(house.browser(Duty.SYSTEM_ADMINISTRATOR, strict=True), where)
    assert (knock(house.browser(EVE), name, where).status_code == 403) == (name not in EVERYBODYS)


def _a_stranger_is_asked_to_sign_in(name: str, answer: Any) -> None:
    if "stranger" in DOORS[name]:
        assert answer.status_code in {200, 302}
        assert "/sign-in/?next=" not in answer.headers.get("Location", "")
    else:
        assert answer.status_code == 401 or answer.headers["Location"].startswith("/sign-in/?next=")


def _no_post_of_another_site_is_taken(strict: Client, where: str) -> None:
    before = written()
    assert strict.post(where, {"name": "x"}).status_code in {403, 405}
    assert written_since(before) == set()


@each(POST_ONLY)
def test_what_changes_something_is_no_link(world, name, somebody, address):
    client = somebody[Duty.SYSTEM_ADMINISTRATOR]
    where = address(name, Duty.SYSTEM_ADMINISTRATOR)
    before = written()
    answer = client.get(where)
    assert answer.status_code in {302, 405}
    assert client.get("/").status_code == 200  # still signed in
    assert written_since(before) == set()
