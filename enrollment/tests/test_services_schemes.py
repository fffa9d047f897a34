"""Schemes: added once."""

from __future__ import annotations

import pytest
from django.utils import translation

from conftest import NOON
from enrollment.models import Scheme
from enrollment.services import schemes
from enrollment.services.schemes import CannotAddScheme
from office.models import Act, Duty

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


NCMS = {"code": "ncms", "name": "新型农村合作医疗", "insures": "household", "is_basic": True, "account": "household"}


@pytest.fixture
def fay(appoint):
    return appoint("fay", Duty.FUND_ACCOUNTANT)


def test_a_scheme_is_added_and_the_act_says_what(fay):
    added = schemes.add_scheme(**NCMS, by=fay, at=NOON)
    assert str(Scheme.objects.get()) == "新型农村合作医疗"
    act = Act.objects.get(name="scheme.added")
    assert (act.subject_id, act.duty, act.facts["code"]) == (str(added.pk), Duty.FUND_ACCOUNTANT, "ncms")


def test_a_code_is_taken_once(fay):
    schemes.add_scheme(**NCMS, by=fay, at=NOON)
    with pytest.raises(CannotAddScheme, match="already"):
        schemes.add_scheme(**NCMS, by=fay, at=NOON)
    assert Act.objects.filter(name="scheme.added").count() == 1


def test_single_people_have_no_household_account(fay):
    with pytest.raises(CannotAddScheme, match="household account"):
        schemes.add_scheme(**NCMS | {"insures": "person"}, by=fay, at=NOON)
