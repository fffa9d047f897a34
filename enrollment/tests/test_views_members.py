"""The pages that change members: what is asked, what is shown, that the services are reached."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from conftest import sign_in
from enrollment.forms.fields import today
from enrollment.models import Member
from enrollment.tests import factories
from enrollment.tests.keeping import FAR_VILLAGE, ID, family, fresh, station
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


def day() -> str:
    return today().isoformat()


def path(member: Member, page: str) -> str:
    return f"/register/members/{member.pk}/{page}/"


class TestAdd:
    def typed(self, **more):
        born = {"name": "马小宝", "id_number": "", "birth_date": day(), "sex": "M", "relation": "son"}
        return {**born, "category": "newborn", "joined": "born", "on": day(), **more}

    def test_a_newborn(self, clerk):
        home = family()[0]
        where = f"/register/households/{home.pk}/members/add/"
        assert "田秀英" in text(clerk.get(where))
        answer = clerk.post(where, self.typed())
        added = Member.objects.get(name="马小宝")
        assert answer.headers["Location"] == f"/register/members/{added.pk}/"
        assert (added.category, added.relation, added.id_number) == ("newborn", "son", None)

    def test_a_number_that_is_somebody_elses(self, clerk):
        home, head, _wife, _son = family()
        typed = self.typed(id_number=head.id_number, birth_date="", sex="")
        answer = clerk.post(f"/register/households/{home.pk}/members/add/", typed)
        assert answer.status_code == 422
        assert "马大山 of household 0001" in text(answer)
        assert Act.objects.filter(name="member.added", kind=Act.Kind.REFUSED).exists()


class TestCorrect:
    def typed(self, page, member, **more):
        known = {
            "seen": hidden(page, "seen"),
            "name": member.name,
            "birth_date": member.birth_date.isoformat(),
            "sex": member.sex,
            "relation": member.relation,
            "category": member.category,
        }
        return {**known, **more}

    def test_the_number_is_not_shown_and_stays(self, clerk):
        wife = family()[2]
        page = clerk.get(path(wife, "correct"))
        assert wife.id_number not in text(page)
        assert wife.masked_id in text(page)
        assert clerk.post(path(wife, "correct"), self.typed(page, wife, name="田秀芳")).status_code == 302
        assert (fresh(wife).name, fresh(wife).id_number) == ("田秀芳", wife.id_number)

    def test_a_number_is_added_replaced_or_taken_away(self, clerk):
        son = factories.member(family()[0], "马小石", today() - timedelta(days=600), relation="son", sex="M")
        page = clerk.get(path(son, "correct"))
        both = self.typed(page, son, id_number=ID, no_number="on")
        assert clerk.post(path(son, "correct"), both).status_code == 422
        assert clerk.post(path(son, "correct"), self.typed(page, son, no_number="on")).status_code == 302
        assert fresh(son).id_number is None
        page = clerk.get(path(son, "correct"))
        assert "to be added later" not in text(page)
        typed = self.typed(page, son, id_number=ID, birth_date="", sex="")
        assert clerk.post(path(son, "correct"), typed).status_code == 302
        assert fresh(son).id_number == ID

    def test_a_heads_relation_is_not_asked(self, clerk):
        head = family()[1]
        page = clerk.get(path(head, "correct"))
        assert 'name="relation"' not in text(page)
        clerk.post(path(head, "correct"), self.typed(page, head, relation="son", name="马小"))
        assert (fresh(head).relation, fresh(head).name) == ("head", "马小")

    def test_what_somebody_else_changed_is_told_without_whole_numbers(self, clerk):
        wife = family()[2]
        page = clerk.get(path(wife, "correct"))
        Member.objects.filter(pk=wife.pk).update(name="田秀兰", id_number=ID, version=2)
        told = clerk.post(path(wife, "correct"), self.typed(page, wife, name="田秀芳"))
        assert told.status_code == 409
        assert "田秀兰" in text(told)
        assert ID not in text(told)
        assert f"{ID[:6]}********{ID[-4:]}" in text(told)

    def test_refused_at_its_field(self, clerk):
        son = family()[3]
        page = clerk.get(path(son, "correct"))
        answer = clerk.post(path(son, "correct"), self.typed(page, son, id_number="6.4E+17"))
        assert answer.status_code == 422
        assert "spreadsheet" in text(answer)
        assert fresh(son).id_number is None


class TestLeaving:
    @pytest.mark.parametrize(("page", "state"), [("death", "dead"), ("away", "moved_away")])
    def test_a_child_goes(self, clerk, page, state):
        son = family()[3]
        assert 'name="new_head"' not in text(clerk.get(path(son, page)))
        assert clerk.post(path(son, page), {"on": day(), "reason": "x"}).status_code == 302
        assert fresh(son).state == state

    @pytest.mark.parametrize("page", ["death", "away"])
    def test_a_head_goes_and_another_is_named(self, clerk, page):
        _home, head, wife, _son = family()
        shown = text(clerk.get(path(head, page)))
        assert f'<option value="{wife.pk}"' in shown
        assert f'<option value="{head.pk}"' not in shown
        assert clerk.post(path(head, page), {"on": day(), "reason": "x"}).status_code == 422
        assert clerk.post(path(head, page), {"on": day(), "reason": "x", "new_head": wife.pk}).status_code == 302
        assert fresh(wife).is_head

    @pytest.mark.parametrize("page", ["death", "away"])
    def test_refused(self, clerk, page):
        son = family()[3]
        assert clerk.post(path(son, page), {"on": "1990-01-01", "reason": "x"}).status_code == 422
        assert fresh(son).state == "living"


class TestReturn:
    def test_he_is_back(self, clerk):
        son = family()[3]
        Member.objects.filter(pk=son.pk).update(state="moved_away", state_on="2010-01-01")
        assert clerk.get(path(son, "return")).status_code == 200
        typed = {"on": day(), "relation": "son", "reason": "返乡"}
        assert clerk.post(path(son, "return"), typed).status_code == 302
        assert clerk.post(path(son, "return"), typed).status_code == 422
        assert fresh(son).state == "living"


class TestMove:
    def test_to_another_household(self, clerk):
        son, target = family("1")[3], family("2")[0]
        assert clerk.get(path(son, "move")).status_code == 200
        typed = {"household": " 2 ", "relation": "other", "on": day()}
        assert clerk.post(path(son, "move"), typed).status_code == 302
        assert fresh(son).household == target

    @pytest.mark.parametrize("number", ["9", "1", "3"])
    def test_not_to_one_that_is_unknown_his_own_or_out_of_sight(self, clerk, number):
        son = family("1")[3]
        family("3", factories.division(FAR_VILLAGE))
        answer = clerk.post(path(son, "move"), {"household": number, "relation": "other", "on": day()})
        assert answer.status_code == 422


PAGES = ["correct", "death", "away", "return", "move", "double", "files"]


@pytest.mark.parametrize("page", PAGES)
def test_another_townships_member_is_not_found(clerk, page):
    head = family("1", factories.division(FAR_VILLAGE))[1]
    assert clerk.get(path(head, page)).status_code == clerk.post(path(head, page), {}).status_code == 404


QUERIES = {"correct": 5, "death": 7, "away": 7, "return": 6, "move": 7, "double": 10, "files": 6}


@pytest.mark.parametrize("page", PAGES)
def test_many_members_cost_no_more_questions(clerk, page, django_assert_num_queries):
    home, head, _wife, _son = family()
    factories.member(factories.household("2"), "马大山", head.birth_date)
    year = factories.fund_year()
    factories.pay(head, year)
    clerk.get(path(head, page))
    with django_assert_num_queries(QUERIES[page]):
        clerk.get(path(head, page))
    for number in range(8):
        factories.member(home, f"马{'一二三四五六七八'[number]}", head.birth_date)
    factories.pay(head, factories.fund_year(year=2011))
    with django_assert_num_queries(QUERIES[page]):
        clerk.get(path(head, page))
