"""Founding an office: once, whole, and with enough administrators to decide by two."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.contrib.auth import authenticate

from conftest import NOON
from office.models import Act, Appointment, Body, Duty, Person
from office.services import founding, signing_in
from office.services.founding import CannotFound, NewBody, NewPerson

pytestmark = pytest.mark.django_db

BODIES = [NewBody("1", "Centre", Body.Kind.COUNTY_CENTRE)]
PEOPLE = [
    NewPerson("sec1", "Sec One", Duty.SECURITY_ADMINISTRATOR, "1"),
    NewPerson("sec2", "Sec Two", Duty.SECURITY_ADMINISTRATOR, "1"),
    NewPerson("sys1", "Sys One", Duty.SYSTEM_ADMINISTRATOR, "1"),
    NewPerson("sys2", "Sys Two", Duty.SYSTEM_ADMINISTRATOR, "1"),
    NewPerson("aud", "Aud", Duty.SECURITY_AUDITOR, "1"),
]


def found(bodies=BODIES, people=PEOPLE):
    return founding.found(bodies=bodies, people=people, on=NOON.date(), at=NOON)


def test_each_administrator_comes_in_with_his_code():
    founded = found()
    assert {one.person.username for one in founded} == {one.username for one in PEOPLE}
    assert Appointment.objects.count() == 5
    assert Act.objects.filter(name="office.founded", by=None).exists()
    for one in founded:
        assert not one.person.has_usable_password()
        signing_in.reset_password(
            username=one.person.username, code=one.code, new="a long new password", address=None, at=NOON
        )
        assert authenticate(username=one.person.username, password="a long new password") == one.person


def test_not_where_somebody_works(ada):
    with pytest.raises(CannotFound, match="已有人员"):
        found()


@pytest.mark.parametrize(
    ("bodies", "people", "said"),
    [
        pytest.param([*BODIES, *BODIES], PEOPLE, "重复", id="a body twice"),
        pytest.param([replace(BODIES[0], name="")], PEOPLE, "缺少", id="a body without a name"),
        pytest.param([replace(BODIES[0], kind="castle")], PEOPLE, "castle", id="no kind of body"),
        pytest.param(BODIES, [*PEOPLE, PEOPLE[0]], "重复", id="a person twice"),
        pytest.param(BODIES, [replace(PEOPLE[0], name="")], "缺少", id="a person without a name"),
        pytest.param(BODIES, [replace(PEOPLE[0], duty=Duty.CASHIER)], "管理员", id="a cashier"),
        pytest.param(BODIES, [replace(PEOPLE[0], body="9")], "9", id="a body that does not exist"),
        pytest.param(BODIES, PEOPLE[1:], "2", id="one security administrator"),
        pytest.param(BODIES, PEOPLE[:4], "1", id="no security auditor"),
    ],
)
def test_refused_and_nothing_written(bodies, people, said):
    with pytest.raises(CannotFound, match=said):
        found(bodies, people)
    assert not Person.objects.exists()
    assert not Body.objects.exists()
