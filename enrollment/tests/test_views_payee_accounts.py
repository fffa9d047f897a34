"""The page on which a household's account is entered, and its confirmation."""

from __future__ import annotations

import pytest
from django.test import Client

from conftest import sign_in
from enrollment.models import PayeeAccount
from enrollment.selectors import payees
from enrollment.tests.keeping import family
from office import deciding
from office.models import Duty
from office.tests.test_pages import ENGLISH, hidden

pytestmark = pytest.mark.django_db

TYPED = {"holder": "马大山", "bank": "信用社", "number": "6228 4812 3456 7890", "reason": "首次"}


def browser(person) -> Client:
    client = sign_in(Client(), person)
    client.cookies.load(ENGLISH)
    return client


def text(answer) -> str:
    return answer.content.decode()


def test_entered_by_one_and_confirmed_by_another(ada, ben):
    home = family()[0]
    where = f"/register/households/{home.pk}/payee-account/"
    clerk, checker = browser(ada), browser(ben)
    assert 'value="马大山"' in text(clerk.get(where))
    answer = clerk.post(where, TYPED)
    opened = deciding.rounds_of(PayeeAccount.objects.get()).get()
    assert answer.headers["Location"] == f"/decisions/enrollment/{opened.pk}/"
    page = checker.get(answer.headers["Location"])
    assert "6228 4812 3456 7890" in text(page)
    vote = {"seen": hidden(page, "seen"), "for_whom": hidden(page, "for_whom"), "choice": "approve", "reason": ""}
    assert checker.post(answer.headers["Location"], vote).status_code == 302
    assert payees.payee_of(home) is not None
    assert "**** 7890" in text(clerk.get(where))


def test_refused_at_its_field(ada):
    home = family()[0]
    answer = browser(ada).post(f"/register/households/{home.pk}/payee-account/", {**TYPED, "number": "12"})
    assert answer.status_code == 422
    assert "8 to 32 digits" in text(answer)


def test_taken_back_on_the_decisions_page(ada, appoint):
    home = family()[0]
    clerk = browser(ada)
    where = clerk.post(f"/register/households/{home.pk}/payee-account/", TYPED).headers["Location"]
    other = browser(appoint("eve", Duty.TOWNSHIP_CLERK))
    assert other.post(f"{where}withdraw/").status_code == 403
    clerk.post(f"{where}withdraw/")
    assert not payees.waits_for_confirmation(home)
