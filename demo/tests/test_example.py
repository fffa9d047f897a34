"""The example office's sign-ins: what everybody may know is hashed at the least cost until somebody uses it."""

from __future__ import annotations

import pytest
from django.contrib.auth import authenticate

from conftest import NOON
from demo import example
from office.models import Duty
from office.services.founding import NewPerson

pytestmark = pytest.mark.django_db


def test_whoever_signs_in_with_a_known_password_has_it_hashed_as_all_others(settings, county):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    one = NewPerson("village2", "罗成林（演示）", Duty.VILLAGE_DOCTOR, county.code)
    person = example.bring_in(one, NOON)
    assert "$m=8,t=1,p=1$" in person.password
    assert authenticate(username="village2", password="village2-2011") is None
    assert authenticate(username="village2", password="village2-2010") == person
    person.refresh_from_db()
    assert "$m=102400," in person.password
    assert authenticate(username="village2", password="village2-2010") == person
