"""The pages of one's work and of everybody's: what is shown, that the services are reached, what is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from conftest import sign_in
from office import deciding, desk, worklists
from office.models import Act, Body, Duty, Lease, OfficeRound, Person
from office.rules import days
from office.services import requests, rounds, signing_in, work
from office.subjects import name_of
from office.tests.factories import shown_by
from office.tests.test_pages import hidden
from office.views import work as pages

pytestmark = pytest.mark.django_db

ROUNDS = worklists.ROUNDS


def ask(person: Person, by: Person, kind: str = "password") -> OfficeRound:
    now = timezone.now()
    asked, _half = requests.propose_reset(
        person=person, kind=kind, reason="new", by=by, at=now, proof=shown_by(by, now)
    )
    return deciding.rounds_of(asked).get()


@pytest.fixture
def opened(admins, head, ada) -> OfficeRound:
    return ask(ada, admins[0])


def named(opened: OfficeRound) -> dict[str, str]:
    kind, number = name_of(opened)
    return {"worklist": ROUNDS, "kind": kind, "number": number}


def take(opened: OfficeRound, by: Person) -> Lease:
    return work.take(worklist=ROUNDS, subject=name_of(opened), by=by, at=timezone.now())


def text(answer) -> str:
    return answer.content.decode()


def at_desk(person: Person) -> Client:
    return sign_in(Client(), person)


def refused(act: str) -> bool:
    return Act.objects.filter(name=act, kind=Act.Kind.REFUSED).exists()


class TestMyWork:
    def test_what_waits_with_its_buttons(self, opened, admins):
        page = text(at_desk(admins[1]).get("/work/"))
        assert deciding.page_of(opened) in page
        assert 'data-key="Alt+T"' in page
        assert 'data-key="Alt+B"' not in page

    def test_what_is_mine(self, opened, admins):
        take(opened, admins[1])
        page = text(at_desk(admins[1]).get("/work/"))
        assert "本人办理中" in page
        assert 'data-key="Alt+B"' in page
        assert f"/work/{ROUNDS}/office.officeround/{opened.pk}/hand-over/" in page

    def test_what_others_have_sinks_and_has_no_buttons(self, opened, admins, appoint):
        second = ask(appoint("eve"), admins[0])
        take(opened, admins[1])
        page = text(at_desk(admins[2]).get("/work/"))
        assert page.index(deciding.page_of(second)) < page.index(deciding.page_of(opened))
        assert "Hua办理中" in page
        assert page.count("/work/take/") == 1

    def test_the_home_page_says_it_too(self, opened, admins):
        take(opened, admins[1])
        assert "Hua办理中" in text(at_desk(admins[2]).get("/"))
        assert "本人办理中" in text(at_desk(admins[1]).get("/"))

    def test_of_many_the_free_ones_come_first_also_beyond_what_is_shown(self, admins, head, appoint):
        some = [ask(appoint(f"eve{number}"), admins[0]) for number in range(7)]
        for one in some[:3]:
            take(one, admins[1])
        [shown] = desk.waiting_for(admins[2], days.business_day(timezone.now()))
        assert shown.waiting.count == 7
        assert [item.subject for item in shown.waiting.items] == [name_of(one) for one in [*some[3:], some[0]]]

    def test_how_many_wait_is_asked_only_where_the_list_goes_on(self, admins, head, appoint, django_assert_num_queries):
        asked = [ask(appoint(f"c{number}", Duty.TOWNSHIP_CLERK), admins[0]).pk for number in range(3)]
        found, now = OfficeRound.objects.filter(pk__in=asked).order_by("pk"), timezone.now()
        for look, statements in (
            (desk.Look(now, most=4), 1),
            (desk.Look(now, most=3), 2),
            (desk.Look(now, most=2, start=2), 1),
            (desk.Look(now, most=2, start=9), 2),
        ):
            with django_assert_num_queries(statements):
                waiting = look.over(found, lambda some: [desk.Item("", "/", now) for _one in some])
            assert waiting.count == 3
        with django_assert_num_queries(1):
            assert desk.Look(now).over(found.filter(pk=0), lambda some: []).count == 0

    def test_nothing_waits(self, ben):
        assert "目前没有待办事项" in text(at_desk(ben).get("/work/"))


class TestOneWorklist:
    def test_page_by_page(self, admins, head, appoint, monkeypatch):
        monkeypatch.setattr(pages, "PAGE", 2)
        some = [deciding.page_of(ask(appoint(f"eve{number}"), admins[0])) for number in range(3)]
        client = at_desk(admins[1])
        first, second = (text(client.get(f"/work/{ROUNDS}/?page={page}")) for page in (1, 2))
        assert [one in first for one in some] == [True, True, False]
        assert [one in second for one in some] == [False, False, True]
        assert "?page=2" in first
        assert "?page=1" in second
        for odd in ("0", "x", "9" * 30):
            assert client.get(f"/work/{ROUNDS}/?page={odd}").status_code == 200

    def test_more_than_is_shown_leads_there(self, admins, head, appoint, monkeypatch):
        monkeypatch.setattr(pages, "SEEN_AT_ONCE", 1)
        for number in range(2):
            ask(appoint(f"eve{number}"), admins[0])
        assert f'<a href="/work/{ROUNDS}/">' in text(at_desk(admins[1]).get("/work/"))

    def test_one_that_is_not_mine_or_none(self, as_ada):
        assert as_ada.get("/work/office.calendar/").status_code == 404
        assert as_ada.get("/work/none/").status_code == 404

    def test_lines_that_nobody_takes_have_no_buttons(self, as_sam):
        from office.tests.factories import fill_year

        fill_year(2031)
        page = text(as_sam.get("/work/office.calendar/"))
        assert "2031" in page
        assert "/work/take/" not in page


class TestTakeAndPutBack:
    def test_taken_and_put_back(self, opened, admins):
        client = at_desk(admins[1])
        answer = client.post("/work/take/", named(opened) | {"next": f"/work/{ROUNDS}/"})
        assert answer.headers["Location"] == f"/work/{ROUNDS}/"
        assert Lease.objects.live().get().holder == admins[1]
        assert client.post("/work/put-back/", named(opened)).headers["Location"] == "/work/"
        assert not Lease.objects.live().exists()

    def test_a_refusal_is_said_and_the_trail_knows(self, opened, admins):
        take(opened, admins[1])
        client = at_desk(admins[2])
        client.post("/work/take/", named(opened))
        assert "Hua正在办理" in text(client.get("/work/"))
        client.post("/work/put-back/", named(opened))
        assert refused("work.taken")
        assert refused("work.put-back")


class TestHandOver:
    def where(self, opened) -> str:
        return f"/work/{ROUNDS}/office.officeround/{opened.pk}/hand-over/"

    def test_to_a_colleague_for_whom_it_waits(self, opened, admins, head, ben):
        take(opened, admins[1])
        client = at_desk(admins[1])
        page = text(client.get(self.where(opened)))
        assert f'value="{head.pk}"' in page
        assert f'value="{ben.pk}"' not in page
        assert client.post(self.where(opened), {"to": ben.pk}).status_code == 422
        assert client.post(self.where(opened), {"to": head.pk}).headers["Location"] == "/work/"
        assert Lease.objects.live().get().holder == head

    def test_what_is_not_mine(self, opened, admins, head, ben):
        assert at_desk(admins[1]).post(self.where(opened), {"to": head.pk}).status_code == 422
        assert refused("work.handed-over")
        assert at_desk(ben).get(self.where(opened)).headers["Location"] == "/work/"


class TestWorkOfAll:
    def where(self, opened) -> str:
        return f"/work/people/{ROUNDS}/office.officeround/{opened.pk}/"

    def leave(self, person: Person, sam: Person) -> None:
        now = timezone.now()
        signing_in.leave(person=person, on=days.business_day(now), by=sam, at=now, proof=shown_by(sam, now))

    def test_who_works_on_what(self, opened, admins, head):
        client = at_desk(head)
        assert "目前无人领办事项" in text(client.get("/work/people/"))
        take(opened, admins[1])
        page = text(client.get("/work/people/"))
        assert "Hua" in page
        assert self.where(opened) in page

    def test_a_leavers_open_work_there_and_on_his_pages(self, opened, admins, head, sam):
        take(opened, admins[1])
        at_sam, at_head = at_desk(sam), at_desk(head)
        assert "待我审批" in text(at_sam.get(f"/people/{admins[1].pk}/leave/"))
        self.leave(admins[1], sam)
        self.leave(admins[0], sam)
        page = text(at_head.get("/work/people/"))
        assert page.count("leaver-") == 4
        assert self.where(opened) in page
        assert self.where(opened) in text(at_head.get(f"/people/{admins[1].pk}/"))
        his = text(at_sam.get(f"/people/{admins[1].pk}/"))
        assert "已重新列入他人待办" in his
        assert self.where(opened) not in his
        assert "未办结事项" not in text(at_desk(admins[2]).get(f"/people/{admins[1].pk}/"))

    def test_a_station_sees_its_own_people(self, opened, admins, appoint):
        station = Body.objects.create(code="2", name="李旺镇", kind=Body.Kind.TOWNSHIP_STATION)
        chief = appoint("chief", Duty.OFFICE_HEAD, body=station)
        take(opened, admins[1])
        client = at_desk(chief)
        assert "Hua" not in text(client.get("/work/people/"))
        work.put_back(worklist=ROUNDS, subject=name_of(opened), by=admins[1], at=timezone.now())
        take(opened, chief)
        assert "Chief" in text(client.get("/work/people/"))

    def test_the_head_reassigns(self, opened, admins, head):
        take(opened, admins[1])
        client = at_desk(head)
        page = client.get(self.where(opened))
        assert "Hua正在办理" in text(page)
        typed = {"seen": hidden(page, "seen"), "to": admins[2].pk, "reason": "下乡"}
        assert client.post(self.where(opened), typed | {"reason": ""}).status_code == 422
        assert client.post(self.where(opened), typed).headers["Location"] == "/work/people/"
        assert Lease.objects.live().get().holder == admins[2]
        assert client.post(self.where(opened), typed | {"to": admins[1].pk}).status_code == 422
        assert refused("work.reassigned")

    def test_what_nobody_has(self, opened, admins, head):
        client = at_desk(head)
        page = client.get(self.where(opened))
        assert "目前无人办理" in text(page)
        typed = {"seen": "", "to": admins[2].pk, "reason": "x"}
        assert client.post(self.where(opened), typed).status_code == 302

    def test_for_which_nobody_else_is_there(self, admins, head, ada):
        other = ask(ada, admins[0])
        for one in admins[1:]:
            Person.objects.filter(pk=one.pk).update(left_on=days.business_day(timezone.now()))
        take(other, head)
        assert "没有其他人可以办理" in text(at_desk(head).get(self.where(other)))

    def test_what_is_decided_or_never_was(self, opened, admins, head):
        client, now = at_desk(head), timezone.now()
        rounds.vote(
            round=opened, choice="approve", hash_seen=opened.subject_hash, by=admins[1], at=now,
            proof=shown_by(admins[1], now),
        )  # fmt: skip
        assert client.get(self.where(opened)).headers["Location"] == "/work/people/"
        assert client.get("/work/people/none/x/1/").status_code == 302


def test_many_leavers_and_leases_cost_no_more_questions(admins, head, appoint, django_assert_max_num_queries):
    client = at_desk(head)
    for number in range(6):
        take(ask(appoint(f"eve{number}"), admins[0]), admins[1])
        Person.objects.filter(username=f"eve{number}").update(left_on=timezone.now() - timedelta(days=1))
    client.get("/work/people/")
    with django_assert_max_num_queries(24):
        client.get("/work/people/")
