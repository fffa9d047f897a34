"""Whole ID numbers: shown to those who need them, and the trail knows."""

from __future__ import annotations

import pytest
from django.utils import translation

from conftest import NOON
from enrollment.services import readings
from enrollment.tests import factories
from office.models import Act, Body, Duty

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def test_the_number_is_shown_and_the_trail_knows(ada):
    lan = factories.member()
    assert readings.show_id_number(member=lan, by=ada, at=NOON) == lan.id_number
    act = Act.objects.get(name="id-number.shown")
    assert (act.kind, act.by, act.subject_type, act.subject_id) == ("read", ada, "enrollment.member", str(lan.pk))
    assert lan.id_number not in str(act.facts)


def test_nobody_sees_a_number_that_is_not_known_yet(ada):
    child = factories.member(id_number=None)
    with pytest.raises(readings.CannotShow, match="known yet"):
        readings.show_id_number(member=child, by=ada, at=NOON)
    assert not Act.objects.filter(name="id-number.shown").exists()


def test_nor_one_of_another_township_or_without_the_right(appoint):
    lan = factories.member()
    station = Body.objects.create(code="2", name="李旺镇", kind=Body.Kind.TOWNSHIP_STATION)
    for person in (
        appoint("li", Duty.TOWNSHIP_CLERK, body=station),
        appoint("acc", Duty.FUND_ACCOUNTANT),
    ):
        with pytest.raises(readings.CannotShow, match="may not see"):
            readings.show_id_number(member=lan, by=person, at=NOON)
    assert {one.kind for one in Act.objects.filter(name="id-number.shown")} == {Act.Kind.REFUSED}
