"""Tokens of the hospitals' door: given by the security administrator, shown once, kept as a hash, taken back."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from claims.models import DoorToken
from claims.rules import door as rules
from claims.services import door_tokens
from claims.services.door_tokens import CannotGive, Stated
from claims.tests import door
from conftest import proof_of, sign_in
from office.models import Act, Duty
from office.rules import days

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

LIST = "/claims/door/"
GIVE = "/claims/door/give/"
TOKEN = re.compile(r"hd_[a-z2-9]{8}_[a-z2-9]{52}")


@pytest.fixture
def own(county) -> door.Hospital:
    return door.hospital()


@pytest.fixture
def lin(appoint):
    """Gives people their rights, and hospitals their tokens."""
    return appoint("lin", Duty.SECURITY_ADMINISTRATOR)


@pytest.fixture
def desk(lin) -> Client:
    client = sign_in(Client(), lin)
    client.cookies["django_language"] = "en"
    return client


def stated(own: door.Hospital, **more) -> Stated:
    today = days.business_day(timezone.now())
    return replace(Stated(own.provider, own.person, "HIS", today + timedelta(days=90)), **more)


def given(own: door.Hospital, lin, **more):
    now = timezone.now()
    return door_tokens.give(stated=stated(own, **more), by=lin, at=now, proof=proof_of(lin, at=now))


class TestGiving:
    def test_the_text_opens_the_door_and_only_its_hash_is_kept(self, own, lin):
        token, text = given(own, lin)
        assert TOKEN.fullmatch(text)
        assert token.sha256 == rules.hash_of(text)
        secret = text.split("_")[2]
        kept = DoorToken.objects.filter(pk=token.pk).values().get()
        assert secret not in str(kept)
        act = Act.objects.get(name="door-token.given")
        assert (act.by, act.second_factor, act.duty) == (lin, True, Duty.SECURITY_ADMINISTRATOR)
        assert secret not in str(act.facts)
        assert act.facts["begins"] == token.prefix
        own.text = text
        assert own.get("/claims/20100000001").status_code == 404

    def test_two_are_not_the_same(self, own, lin):
        assert given(own, lin)[1] != given(own, lin)[1]

    def test_without_a_second_factor(self, own, lin):
        with pytest.raises(CannotGive, match="second factor"):
            door_tokens.give(stated=stated(own), by=lin, at=timezone.now(), proof=None)
        assert DoorToken.objects.count() == 1

    def test_not_to_oneself(self, own, lin):
        with pytest.raises(CannotGive, match="himself"):
            given(own, lin, acts_for=lin)

    @pytest.mark.parametrize("ahead", [-1, 368])
    def test_for_a_year_at_most(self, own, lin, ahead):
        today = days.business_day(timezone.now())
        with pytest.raises(CannotGive, match="a year at most") as refusal:
            given(own, lin, last=today + timedelta(days=ahead))
        assert refusal.value.field == "last"

    def test_for_somebody_of_another_hospitals_desk(self, own, lin):
        with pytest.raises(CannotGive, match="takes no claims in at this hospital's desk") as refusal:
            given(own, lin, acts_for=door.hospital("H2", "海原县中医医院").person)
        assert refusal.value.field == "acts_for"

    def test_for_a_hospital_without_an_agreement(self, own, lin):
        own.provider.agreements.update(period=("2009-01-01", "2010-01-01"))
        with pytest.raises(CannotGive, match="no agreement") as refusal:
            given(own, lin)
        assert refusal.value.field == "provider"


class TestTakingBack:
    def test_the_next_request_is_refused(self, own, lin):
        now = timezone.now()
        door_tokens.revoke(token=own.token, reason="电脑遗失", by=lin, at=now, proof=proof_of(lin, at=now))
        assert own.get("/claims/1").json()["code"] == "token_revoked"
        act = Act.objects.get(name="door-token.revoked")
        assert (act.reason, act.by) == ("电脑遗失", lin)

    def test_once(self, own, lin):
        now = timezone.now()
        shown = proof_of(lin, at=now)
        door_tokens.revoke(token=own.token, reason="x", by=lin, at=now, proof=shown)
        with pytest.raises(CannotGive, match="already"):
            door_tokens.revoke(token=own.token, reason="x", by=lin, at=now, proof=shown)

    def test_without_a_second_factor(self, own, lin):
        with pytest.raises(CannotGive, match="second factor"):
            door_tokens.revoke(token=own.token, reason="x", by=lin, at=timezone.now(), proof=None)

    def test_the_database_lets_nobody_bring_it_back_or_make_it_longer(self, own, lin):
        now = timezone.now()
        door_tokens.revoke(token=own.token, reason="x", by=lin, at=now, proof=proof_of(lin, at=now))
        for change in ({"revoked_at": None, "revoked_by": None}, {"ends_at": now + timedelta(days=99)}):
            with pytest.raises(DatabaseError), transaction.atomic():
                DoorToken.objects.filter(pk=own.token.pk).update(**change)


class TestPages:
    def typed(self, own, **more):
        last = days.business_day(timezone.now()) + timedelta(days=90)
        return {"provider": own.provider.pk, "acts_for": own.person.pk, "label": "HIS 东楼", "last": last, **more}

    def test_it_is_shown_once(self, desk, own):
        answer = desk.post(GIVE, self.typed(own), follow=True)
        [text] = set(TOKEN.findall(answer.content.decode()))
        assert DoorToken.objects.get(sha256=rules.hash_of(text)).label == "HIS 东楼"
        again = desk.get(answer.request["PATH_INFO"]).content.decode()
        assert "HIS 东楼" in again
        assert not TOKEN.search(again)

    def test_a_refusal_is_said_at_its_field_and_is_an_act(self, desk, own):
        answer = desk.post(GIVE, self.typed(own, last="2010-01-01"))
        assert answer.status_code == 422
        assert "a year at most" in answer.content.decode()
        assert "HIS 东楼" in answer.content.decode()
        assert Act.objects.filter(name="door-token.given", kind="refused").count() == 1

    def test_the_form_offers_people_of_hospitals_desks_alone(self, desk, own, ben, appoint):
        appoint("ida", Duty.INTAKE_CLERK)
        offered = dict(desk.get(GIVE).context["form"].fields["acts_for"].choices)
        assert [str(one) for one in offered if one] == [str(own.person.pk)]

    def test_a_fresh_code_is_asked_for(self, desk, own):
        session = desk.session
        session["second_factor"]["at"] = (timezone.now() - timedelta(minutes=16)).isoformat()
        session.save()
        for where in (GIVE, f"{LIST}{own.token.pk}/revoke/"):
            assert "/code/" in desk.get(where).url

    def test_it_is_taken_back(self, desk, own):
        answer = desk.post(f"{LIST}{own.token.pk}/revoke/", {"reason": "程序停用"}, follow=True)
        assert "opens the door no more" in answer.content.decode()
        assert "taken back" in desk.get(f"{LIST}?state=revoked").content.decode()
        assert own.token.label not in desk.get(f"{LIST}?state=open").content.decode()
        assert "/revoke/" not in answer.content.decode()
        assert desk.post(f"{LIST}{own.token.pk}/revoke/", {"reason": "x"}).status_code == 422

    def test_the_list_narrows_and_leaves_as_a_file(self, desk, own):
        _token, _text = door.token_for(
            own.provider, own.person, label="旧程序",
            given_at=timezone.now() - timedelta(days=2), ends_at=timezone.now() - timedelta(days=1),
        )  # fmt: skip
        assert "旧程序" not in desk.get(LIST).content.decode()
        assert "旧程序" in desk.get(f"{LIST}?state=ended").content.decode()
        found = desk.get(f"{LIST}?words=hd_{own.token.prefix.upper()[:5]}&state=").content.decode()
        assert own.token.prefix in found
        assert "旧程序" not in found
        assert desk.get(f"{LIST}?as=xlsx").status_code == 200

    def test_auditors_see_them_and_give_none(self, own, dan):
        client = sign_in(Client(), dan)
        assert own.token.label in client.get(LIST).content.decode()
        page = client.get(f"{LIST}{own.token.pk}/").content.decode()
        assert "/revoke/" not in page
        assert client.get(GIVE).status_code == 403
