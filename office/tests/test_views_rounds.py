"""The pages where people decide together, ask for one-time codes and let others act for them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from conftest import sign_in
from office import access, deciding, desk
from office.models import Act, Delegation, Duty, DutyRequest, OneTimeCode, ResetRequest
from office.rules import days
from office.rules.rounds import Required
from office.services import requests, rounds
from office.tests.factories import shown_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def admins(appoint):
    return [appoint(name, Duty.SECURITY_ADMINISTRATOR) for name in ("gia", "hua", "ira")]


@pytest.fixture
def asked(admins, appoint, county) -> DutyRequest:
    now = timezone.now()
    return requests.propose_duty(
        person=appoint("eve"),
        duty=Duty.CASHIER,
        body=county,
        start=days.business_day(now),
        reason="paper 3",
        by=admins[0],
        at=now,
        proof=shown_by(admins[0], now),
    )


@pytest.fixture
def where(asked) -> str:
    return deciding.page_of(deciding.rounds_of(asked).get())


def enter(person) -> Client:
    return sign_in(Client(), person)


def hidden(page) -> dict[str, str]:
    """The hidden fields of a page, as a browser would send them."""
    said = page.content.decode()
    form = said[said.rindex('<form class="form-card"') :] if 'class="form-card"' in said else ""
    return dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form))


def send(client, address, **typed):
    """A form as the page gives it, filled in."""
    shown = client.get(address)
    return client.post(address, hidden(shown) | typed)


class TestDecision:
    def test_another_administrator_reads_and_gives_the_duty(self, asked, where, admins):
        client = enter(admins[1])
        assert where in client.get("/").content.decode()
        assert "paper 3" in client.get(where).content.decode()
        answer = send(client, where, choice="approve", for_whom=admins[1].pk, reason="")
        assert answer.headers["Location"] == where
        asked.refresh_from_db()
        assert asked.state == "granted"
        assert where not in client.get("/").content.decode()

    def test_whoever_asked_sees_it_and_has_no_vote(self, asked, where, admins):
        client = enter(admins[0])
        shown = client.get(where).content.decode()
        assert "paper 3" in shown
        assert 'name="choice"' not in shown
        assert client.post(where, {"choice": "approve"}).headers["Location"] == where
        assert Act.objects.filter(name="round.voted", kind="refused", by=admins[0]).exists()
        asked.refresh_from_db()
        assert asked.state == "proposed"

    @pytest.mark.parametrize("duty", [Duty.TOWNSHIP_CLERK, Duty.CASHIER])
    def test_who_has_nothing_to_do_with_it_is_shown_out(self, where, appoint, duty):
        client = enter(appoint("kim", duty))
        assert client.get(where).status_code == 403
        assert client.post(where, {"choice": "approve"}).status_code == 403

    @pytest.mark.parametrize("duty", [Duty.SYSTEM_ADMINISTRATOR, Duty.INTERNAL_AUDITOR, Duty.OFFICE_HEAD])
    def test_who_may_read_it_has_no_vote(self, asked, where, appoint, duty):
        client = enter(appoint("kim", duty))
        assert client.get(where).status_code == 200
        client.post(where, {"choice": "approve"})
        asked.refresh_from_db()
        assert asked.state == "proposed"

    def test_a_refusal_needs_its_reason(self, asked, where, admins):
        client = enter(admins[1])
        assert send(client, where, choice="refuse", for_whom=admins[1].pk, reason=" ").status_code == 422
        assert send(client, where, choice="refuse", for_whom=admins[1].pk, reason="no").status_code == 302
        asked.refresh_from_db()
        assert asked.state == "refused"

    def test_a_stale_page_and_a_page_sent_twice(self, asked, where, admins):
        client, late = enter(admins[1]), enter(admins[2])
        form = hidden(client.get(where)) | {"choice": "approve", "for_whom": admins[1].pk}
        other = hidden(late.get(where)) | {"choice": "refuse", "for_whom": admins[2].pk, "reason": "no"}
        assert client.post(where, form | {"seen": "0" * 64}).status_code == 422
        assert client.post(where, form).status_code == 302
        for again, typed in ((client, form), (late, other)):
            assert again.post(where, typed).headers["Location"] == where
        assert deciding.rounds_of(asked).get().votes.count() == 1

    def test_in_the_name_of_somebody_who_did_not_delegate(self, asked, where, admins):
        client = enter(admins[1])
        assert send(client, where, choice="approve", for_whom=admins[2].pk).status_code == 422

    def test_an_old_second_factor_is_asked_again_and_what_was_typed_is_kept(self, where, admins, time_machine):
        client = enter(admins[1])
        time_machine.move_to(timezone.now() + timedelta(minutes=16))
        answer = send(client, where, choice="refuse", for_whom=admins[1].pk, reason="wrong body")
        assert answer.headers["Location"].startswith("/me/code/?next=")
        assert "wrong body" in client.get(where).content.decode()

    def test_a_code_of_ones_own_where_the_round_asks_for_one(self, asked, admins):
        rounds.void(subject=asked, by=admins[0], at=timezone.now(), reason="x")
        required = Required(rule="t", version="1", duties=(Duty.SECURITY_ADMINISTRATOR,), own_code=True)
        opened = rounds.open_round(subject=asked, by=admins[0], at=timezone.now(), required=required)
        client, page = enter(admins[1]), deciding.page_of(opened)
        given = {"choice": "approve", "for_whom": admins[1].pk}
        statuses = [send(client, page, code="000000", **given).status_code for _each in range(6)]
        assert statuses == [422] * 5 + [429]
        assert Act.objects.filter(name="round.voted", kind="done").count() == 0

    def test_taken_back_by_whoever_asked_and_nobody_else(self, asked, where, admins):
        assert enter(admins[1]).post(f"{where}withdraw/").status_code == 403
        client = enter(admins[0])
        for state in ("withdrawn", "withdrawn"):
            assert client.post(f"{where}withdraw/").headers["Location"] == where
            asked.refresh_from_db()
            assert asked.state == state
        assert Act.objects.filter(name="request.withdrawn", kind="refused").count() == 1

    def test_the_list(self, asked, where, admins):
        client = enter(admins[0])
        assert where in client.get("/decisions/").content.decode()
        assert client.get("/decisions/?as=xlsx").status_code == 200
        assert client.get("/decisions/nowhere/1/").status_code == 404
        assert client.get("/decisions/office/0/").status_code == 404


class TestOneTimeCode:
    def test_two_people_each_see_half_of_it_once(self, admins, ada, appoint):
        sam = appoint("sue", Duty.SYSTEM_ADMINISTRATOR)
        first, second = enter(sam), enter(admins[1])
        answer = send(first, f"/people/{ada.pk}/one-time-code/", kind="password", reason="she stands here")
        where = answer.headers["Location"]
        halves = [re.search("[：:] ?([2-9A-Z]{5})", first.get(where).content.decode())]
        assert not re.search("[：:] ?([2-9A-Z]{5})。", first.get(where).content.decode())
        send(second, where, choice="approve", for_whom=admins[1].pk)
        halves.append(re.search("[：:] ?([2-9A-Z]{5})", second.get(where).content.decode()))
        code = "-".join(found.group(1) for found in halves)
        typed = {"new_password": "a new and long password", "again": "a new and long password"}
        lost = Client().post("/sign-in/lost-password/", {"username": "ada", "one_time_code": code} | typed)
        assert lost.headers["Location"] == "/sign-in/"
        assert OneTimeCode.objects.get().used_at

    def test_nobody_asks_twice_or_for_himself(self, admins, ada):
        client = enter(admins[0])
        for person, status in ((ada, 302), (ada, 422), (admins[0], 422)):
            answer = send(client, f"/people/{person.pk}/one-time-code/", kind="password", reason="x")
            assert answer.status_code == status
        assert ResetRequest.objects.count() == 1


class TestDelegation:
    def typed(self, to, days_long=3) -> dict[str, object]:
        today = days.business_day(timezone.now())
        return {
            "duty": Duty.OFFICE_HEAD,
            "to": to.pk,
            "start": today.isoformat(),
            "end": (today + timedelta(days=days_long)).isoformat(),
            "reason": "ill",
        }

    def test_the_head_is_ill_and_the_chair_decides_for_him(self, admins, appoint, ada):
        head, chair = appoint("head", Duty.OFFICE_HEAD), appoint("chair", Duty.COMMITTEE_CHAIR)
        ill, acting = enter(head), enter(chair)
        assert send(ill, "/me/delegate/", **self.typed(chair, -1)).status_code == 422
        assert send(ill, "/me/delegate/", **self.typed(chair)).status_code == 302
        now = timezone.now()
        asked, _half = requests.propose_reset(
            person=ada, kind="factor", reason="lost", by=admins[0], at=now, proof=shown_by(admins[0], now)
        )
        where = deciding.page_of(deciding.rounds_of(asked).get())
        assert where in acting.get("/").content.decode()
        send(acting, where, choice="approve", for_whom=head.pk)
        shown = acting.get(where).content.decode()
        assert "Chair" in shown
        assert "Head" in shown
        assert "Chair" in ill.get("/me/").content.decode()
        given = Delegation.objects.get()
        assert acting.post(f"/me/delegations/{given.pk}/end/").status_code == 404
        for _each in range(2):
            assert ill.post(f"/me/delegations/{given.pk}/end/").headers["Location"] == "/me/"
        given.refresh_from_db()
        assert given.state == "ended"

    def test_two_administrators_say_it_for_him(self, admins, appoint):
        head, chair = appoint("head", Duty.OFFICE_HEAD), appoint("chair", Duty.COMMITTEE_CHAIR)
        client = enter(admins[0])
        assert send(client, f"/people/{head.pk}/delegate/", **self.typed(chair, -1)).status_code == 422
        where = send(client, f"/people/{head.pk}/delegate/", **self.typed(chair)).headers["Location"]
        other = enter(admins[1])
        send(other, where, choice="approve", for_whom=admins[1].pk)
        assert Delegation.objects.get().state == "granted"

    def test_without_a_duty_nothing_waits(self, appoint):
        assert desk.waiting_for(appoint("eve"), days.business_day(timezone.now())) == []


def test_a_duty_that_two_give_is_asked_for_from_the_same_form_as_any_other(admins, ada, county):
    client = enter(admins[0])
    typed = {"duty": Duty.OFFICE_HEAD, "body": county.pk, "start": days.business_day(timezone.now()).isoformat()}
    where = f"/people/{ada.pk}/duties/give/"
    assert send(client, where, **typed).status_code == 422
    answer = send(client, where, **typed, reason="paper 7")
    assert answer.headers["Location"].startswith("/decisions/office/")
    assert send(client, where, **typed, reason="paper 7").status_code == 422
    assert not access.needs_second_factor(ada)
