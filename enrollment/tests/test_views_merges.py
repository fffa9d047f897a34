"""The page on which a record is said to be a double, and the decision about it."""

from __future__ import annotations

import pytest
from django.test import Client

from conftest import sign_in
from enrollment.models import MemberMerge
from enrollment.tests import factories
from enrollment.tests.keeping import FAR_VILLAGE, family, fresh
from office import deciding
from office.models import Duty
from office.tests.test_pages import ENGLISH, hidden

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(appoint) -> Client:
    client = sign_in(Client(), appoint("lan", Duty.TOWNSHIP_CLERK))
    client.cookies.load(ENGLISH)
    return client


@pytest.fixture
def checker(appoint) -> Client:
    client = sign_in(Client(), appoint("ben", Duty.FIRST_CHECKER))
    client.cookies.load(ENGLISH)
    return client


@pytest.fixture
def pair():
    son = family("1")[3]
    return factories.member(family("2")[0], son.name, son.birth_date, id_number=None, sex="M"), son


def text(answer) -> str:
    return answer.content.decode()


def path(member) -> str:
    return f"/register/members/{member.pk}/double/"


def test_proposed_by_one_and_decided_by_another(clerk, checker, pair):
    double, kept = pair
    shown = text(clerk.get(path(double)))
    assert f'value="{kept.pk}"' in shown
    answer = clerk.post(path(double), {"kept": kept.pk, "reason": "同一人"})
    opened = deciding.rounds_of(MemberMerge.objects.get()).get()
    assert answer.headers["Location"] == f"/decisions/enrollment/{opened.pk}/"
    page = checker.get(answer.headers["Location"])
    assert "同一人" in text(page)
    vote = {"seen": hidden(page, "seen"), "for_whom": hidden(page, "for_whom"), "choice": "approve", "reason": ""}
    assert checker.post(answer.headers["Location"], vote).status_code == 302
    assert fresh(double).merged_into == kept


def test_another_record_is_named_by_its_id_number(clerk, pair):
    wife = family("3")[2]
    answer = clerk.post(path(pair[0]), {"kept": "", "id_number": wife.id_number, "reason": "x"})
    assert answer.status_code == 302
    assert MemberMerge.objects.get().kept == wife


@pytest.mark.parametrize("number", ["", "123", "640522198001010016"])
def test_what_names_nobody_is_refused(clerk, pair, number):
    answer = clerk.post(path(pair[0]), {"id_number": number, "reason": "x"})
    assert answer.status_code == 422
    assert not MemberMerge.objects.exists()


def test_the_address_may_name_the_other_one(clerk, pair):
    other = family("3", factories.division(FAR_VILLAGE))[2]
    assert f'value="{other.pk}"' in text(clerk.get(f"{path(pair[0])}?kept={other.pk}"))
    for nonsense in ("x", "9" * 30, str(pair[0].pk), str(pair[1].pk)):
        assert clerk.get(f"{path(pair[0])}?kept={nonsense}").status_code == 200


def test_without_anybody_alike_the_number_is_asked(clerk):
    alone = factories.member()
    shown = text(clerk.get(path(alone)))
    assert 'name="kept"' not in shown
    assert 'name="id_number"' in shown


def test_what_the_service_refuses_is_said(clerk, pair):
    for _again in range(2):
        answer = clerk.post(path(pair[0]), {"kept": pair[1].pk, "reason": "x"})
    assert answer.status_code == 422
    assert "waits to be decided already" in text(answer)
