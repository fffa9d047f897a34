"""The map of rights, and how passwords are kept."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest
from django.utils.translation import override

from config.roles import PERMISSIONS, SECOND_FACTOR
from office.models import Duty, Person

SECURITY = Path(__file__).parents[2] / "docs/security.md"
#: How the table of docs/security.md calls duties that share a line with their neighbours.
WORDS = {
    Duty.FIRST_CHECKER: "first and second checker",
    Duty.OFFICE_HEAD: "head",
    Duty.COMMITTEE_CHAIR: "chair",
    Duty.SYSTEM_ADMINISTRATOR: "system and security administrator",
}
APPS = ("office", "enrollment", "claims", "funds", "audit")


def test_every_duty_stands_in_the_map():
    assert set(PERMISSIONS) == set(Duty)


def test_whoever_decides_pays_administers_or_reads_everything_needs_a_second_factor():
    """Those who take papers in may do without."""
    assert set(Duty) - SECOND_FACTOR == {
        Duty.TOWNSHIP_CLERK,
        Duty.HOSPITAL_DESK,
        Duty.VILLAGE_DOCTOR,
        Duty.INTAKE_CLERK,
    }


def test_for_every_duty_it_is_written_down_whether_it_needs_one_and_why():
    rows = re.findall(
        r"^\| (.+) \| ((?:not )?asked for)[^|]*\| .+ \|$", SECURITY.read_text(encoding="utf-8"), re.MULTILINE
    )
    with override(None):
        named = {str(duty.label).lower(): duty for duty in Duty}
    said = {asked: " ".join(names for names, one in rows if one == asked).lower() for _names, asked in rows}
    for word, duty in named.items():
        row = said["asked for" if duty in SECOND_FACTOR else "not asked for"]
        assert WORDS.get(duty, word) in row, duty


@pytest.mark.django_db
def test_every_right_in_the_map_is_one_that_a_model_has():
    from django.contrib.auth.models import Permission

    known = {
        f"{one.content_type.app_label}.{one.codename}" for one in Permission.objects.select_related("content_type")
    }
    assert set().union(*PERMISSIONS.values()) <= known


@pytest.mark.django_db
def test_passwords_are_kept_with_argon2(settings):
    settings.PASSWORD_HASHERS = import_module("config.settings").PASSWORD_HASHERS
    person = Person.objects.create_person(username="eve", full_name="Eve", password="a long password")
    assert re.match(r"argon2\$argon2id\$", person.password)
    assert person.check_password("a long password")
