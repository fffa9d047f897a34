"""What tests of the hospitals' door need: hospitals with desks and tokens, a patient, a program that calls."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from claims.models import DoorToken, Provider
from claims.rules import door as rules
from claims.rules.papers import shipped
from claims.tests import basics, taking_in
from enrollment.models import Member
from enrollment.tests.factories import scheme
from office.models import Act, Body, Duty, Person
from office.tests.factories import give, tess

V1 = "/door/v1"
ELIGIBILITY, PREVIEWS = "/eligibility", "/previews"


def call(method: str, path: str, said: Any = None, *, client: Client | None = None, **headers: Any) -> Any:
    """A request as a program sends it: JSON, English, no cookie."""
    given = {"Accept-Language": "en", **headers}
    content: dict[str, Any] = {}
    if said is not None:
        content["data"] = said if isinstance(said, str | bytes) else json.dumps(said)
        content["content_type"] = given.pop("Content-Type", "application/json")
    return (client or Client()).generic(method, f"{V1}{path}", headers=given, **content)


@dataclass
class Hospital:
    """A hospital with its desk, the person there, a token, and a program that calls with it."""

    provider: Provider
    person: Person
    token: DoorToken
    text: str

    def call(self, method: str, path: str, said: Any = None, **headers: str) -> Any:
        """A request with the hospital's token."""
        given: dict[str, Any] = {"Authorization": f"Bearer {self.text}", **headers}
        return call(method, path, said, **given)

    def post(self, path: str, said: Any, **headers: str) -> Any:
        return self.call("POST", path, said, **headers)

    def get(self, path: str, **headers: str) -> Any:
        return self.call("GET", path, **headers)

    def hand_in(self, said: Any, key: str = "k1", **headers: str) -> Any:
        return self.post("/claims", said, **{"Idempotency-Key": key, **headers})


def hospital(code: str = "H1", name: str = "海原县人民医院") -> Hospital:
    """A hospital that comes in by program; its agreement runs on."""
    known = Provider.objects.filter(code=code).first() or basics.provider(code, name)
    if known.body is None:
        known.body = Body.objects.create(code=f"{code}-desk", name=f"{name}合医办", kind=Body.Kind.HOSPITAL)
        known.save(update_fields=["body"])
    if not known.agreements.exists():
        basics.agreement(known, scheme())
    person = Person.objects.create_person(username=f"hal-{code}".lower(), full_name=f"Hal {code}", password=None)
    give(person, Duty.HOSPITAL_DESK, known.body)
    token, text = token_for(known, person)
    return Hospital(known, person, token, text)


def token_for(provider: Provider, person: Person, **more: Any) -> tuple[DoorToken, str]:
    """A token as it is kept, and its text."""
    text = rules.made(secrets.choice)
    now = timezone.now()
    given = {"label": "HIS", "ends_at": now + timedelta(days=30), "given_by": tess(), "given_at": now}
    kept = {"prefix": rules.prefix_of(text), "sha256": rules.hash_of(text)}
    return DoorToken.objects.create(provider=provider, acts_for=person, **kept, **{**given, **more}), text


def insured(number: str = "0001", **more: Any) -> Member:
    """Somebody covered in 2010 with an ID number; the disease of the claims is known."""
    taking_in.disease()
    return taking_in.insured(number, **more)


def asked(who: Member, number: str = "00000001", **more: Any) -> dict[str, Any]:
    """A plain stay as a hospital's program hands it in."""
    given = {
        "patient": {"id_number": who.id_number, "name": who.name},
        "kind": "inpatient",
        "admitted_on": "2010-01-11",
        "discharged_on": "2010-01-21",
        "disease": "J18",
        "is_referred": True,
        "lines": [
            {"group": "drug", "item_class": "A", "amount": "2400.00"},
            {"group": "exam", "item_class": "B", "amount": "600.00"},
        ],
        "invoices": [{"type_code": "064001", "number": number, "amount": "3000.00", "issued_on": "2010-01-21"}],
        "papers": sorted({paper.code for one in shipped() for paper in one.papers}),
    }
    return {**given, **more}


def about(who: Member, on: str = "2010-01-11", **more: str) -> dict[str, Any]:
    """A question whether somebody is covered."""
    return {"patient": {"id_number": who.id_number, "name": who.name, **more}, "on": on}


def acts() -> list[tuple[str, str, str]]:
    """What the trail says of the door, the oldest first."""
    found = Act.objects.filter(name__startswith="door.").order_by("pk")
    return [(one.name.removeprefix("door."), one.kind, one.reason) for one in found]


def refused(answer: Any, status: int, code: str) -> dict[str, Any]:
    """A refusal as RFC 9457 has it."""
    said: dict[str, Any] = answer.json()
    assert (answer.status_code, said["code"]) == (status, code), said
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert (said["type"], said["status"]) == (f"urn:county-fund:door:{code}", status)
    assert answer.headers["Cache-Control"] == "no-store"
    assert not answer.cookies
    return said
