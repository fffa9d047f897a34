"""The pages that change households: who gets there, what is shown, that the services are reached."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from conftest import sign_in
from enrollment.forms.fields import today
from enrollment.models import Household, Member
from enrollment.tests import factories
from enrollment.tests.keeping import FAR_VILLAGE, ID, NEXT_VILLAGE, PNG, family, fresh, station
from office import attachments
from office.models import Act, Duty
from office.tests.test_pages import ENGLISH, hidden

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(appoint) -> Client:
    """The clerk of one township, with her browser in English."""
    client = sign_in(Client(), appoint("lan", Duty.TOWNSHIP_CLERK, body=station()))
    client.cookies.load(ENGLISH)
    return client


def text(answer) -> str:
    return answer.content.decode()


def head_typed(village, **more):
    return {
        "village": village.pk,
        "address": "三组",
        "number": "",
        "on": today().isoformat(),
        "name": "马大山",
        "id_number": ID,
        "birth_date": "",
        "sex": "",
        "category": "ordinary",
        **more,
    }


def refusals(name: str) -> int:
    return Act.objects.filter(name=name, kind=Act.Kind.REFUSED).count()


class TestAdd:
    def test_one_is_added_with_its_head(self, clerk):
        village = factories.division()
        assert clerk.get("/register/households/add/").status_code == 200
        answer = clerk.post("/register/households/add/", head_typed(village))
        added = Household.objects.get()
        assert answer.headers["Location"] == f"/register/households/{added.pk}/"
        assert added.members.get().id_number == ID

    def test_refused_with_everything_typed_kept_at_its_field(self, clerk):
        village = factories.division()
        answer = clerk.post("/register/households/add/", head_typed(village, id_number="123"))
        assert answer.status_code == 422
        assert "18 digits" in text(answer)
        assert 'value="马大山"' in text(answer)
        assert refusals("household.added") == 1

    def test_only_villages_in_sight_are_offered(self, clerk):
        factories.division(), factories.division(FAR_VILLAGE)
        page = text(clerk.get("/register/households/add/"))
        assert "village-100201" in page
        assert "village-101201" not in page
        answer = clerk.post("/register/households/add/", head_typed(factories.division(FAR_VILLAGE)))
        assert answer.status_code == 422


class TestMove:
    def test_it_moves(self, clerk):
        home = family()[0]
        where = f"/register/households/{home.pk}/move/"
        page = clerk.get(where)
        assert "马大山" in text(page)
        typed = {
            "seen": hidden(page, "seen"),
            "village": factories.division(NEXT_VILLAGE).pk,
            "address": "五组",
            "on": today().isoformat(),
        }
        assert clerk.post(where, typed).headers["Location"] == f"/register/households/{home.pk}/"
        assert fresh(home).village.code == NEXT_VILLAGE

    def test_what_somebody_else_changed_is_told(self, clerk):
        home = family()[0]
        where = f"/register/households/{home.pk}/move/"
        seen = hidden(clerk.get(where), "seen")
        Household.objects.filter(pk=home.pk).update(address="别处", version=2)
        typed = {"seen": seen, "village": home.village_id, "address": "五组", "on": today().isoformat()}
        told = clerk.post(where, typed)
        assert told.status_code == 409
        assert "别处" in text(told)
        clerk.post(where, {**typed, "seen": hidden(told, "seen")})
        assert fresh(home).address == "五组"


class TestSplit:
    def test_some_go(self, clerk):
        home, _head, _wife, son = family()
        where = f"/register/households/{home.pk}/split/"
        assert clerk.get(where).status_code == 200
        typed = {"members": [son.pk], "head": son.pk, "village": home.village_id, "on": today().isoformat()}
        answer = clerk.post(where, typed)
        made = fresh(son).household
        assert answer.headers["Location"] == f"/register/households/{made.pk}/"

    def test_the_others_need_a_head(self, clerk):
        home, head, _wife, _son = family()
        typed = {"members": [head.pk], "head": head.pk, "village": home.village_id, "on": today().isoformat()}
        answer = clerk.post(f"/register/households/{home.pk}/split/", typed)
        assert answer.status_code == 422
        assert "Name who of the others" in text(answer)
        assert refusals("household.split") == 1


class TestHead:
    def test_another_head(self, clerk):
        home, head, wife, _son = family()
        where = f"/register/households/{home.pk}/head/"
        assert f'<option value="{head.pk}"' not in text(clerk.get(where))
        assert clerk.post(where, {"head": wife.pk}).status_code == 302
        assert fresh(wife).is_head

    def test_one_who_is_gone_meanwhile(self, clerk):
        home, _head, wife, son = family()
        Member.objects.filter(pk=son.pk).update(state="dead", state_on="2010-01-01")
        assert clerk.post(f"/register/households/{home.pk}/head/", {"head": son.pk}).status_code == 422
        assert not fresh(wife).is_head


class TestEnd:
    def test_nobody_is_left(self, clerk):
        home = factories.household()
        where = f"/register/households/{home.pk}/end/"
        assert clerk.get(where).status_code == 200
        assert clerk.post(where, {"on": today().isoformat()}).status_code == 302
        assert fresh(home).ended_on == today()

    def test_not_while_somebody_lives_there(self, clerk):
        home = family()[0]
        answer = clerk.post(f"/register/households/{home.pk}/end/", {"on": today().isoformat()})
        assert answer.status_code == 422
        assert "Somebody lives" in text(answer)


class TestFiles:
    def test_kept_listed_and_given_back(self, clerk):
        home, head, _wife, _son = family()
        for subject, where in (
            (home, f"/register/households/{home.pk}/files/"),
            (head, f"/register/members/{head.pk}/files/"),
        ):
            assert "No file" in text(clerk.get(where))
            answer = clerk.post(where, {"file": SimpleUploadedFile("户口簿.png", PNG)})
            assert answer.headers["Location"] == where
            kept = attachments.of(subject).get()
            assert f"/attachments/{kept.pk}/" in text(clerk.get(where))
            assert b"".join(clerk.get(f"/attachments/{kept.pk}/")) == PNG

    def test_what_is_no_picture_is_refused(self, clerk):
        home = family()[0]
        answer = clerk.post(f"/register/households/{home.pk}/files/", {"file": SimpleUploadedFile("a.txt", b"text\n")})
        assert answer.status_code == 422
        assert not attachments.of(home).exists()


PAGES = ["move", "split", "head", "end", "files", "members/add", "payee-account"]


@pytest.mark.parametrize("page", PAGES)
def test_another_townships_household_is_not_found(clerk, page):
    home = family("1", factories.division(FAR_VILLAGE))[0]
    where = f"/register/households/{home.pk}/{page}/"
    assert clerk.get(where).status_code == clerk.post(where, {}).status_code == 404


QUERIES = {"move": 7, "split": 10, "head": 7, "end": 6, "files": 6, "members/add": 6, "payee-account": 7}


@pytest.mark.parametrize("page", PAGES)
def test_many_members_cost_no_more_questions(clerk, page, django_assert_num_queries):
    home = family()[0]
    where = f"/register/households/{home.pk}/{page}/"
    clerk.get(where)
    with django_assert_num_queries(QUERIES[page]):
        clerk.get(where)
    for number in range(8):
        factories.member(home, f"马{'一二三四五六七八'[number]}")
        factories.division(f"6405221003{number:02d}")
    with django_assert_num_queries(QUERIES[page]):
        clerk.get(where)
