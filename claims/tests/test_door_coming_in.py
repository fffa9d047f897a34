"""Who comes in at the hospitals' door, and what is refused before anything is asked; its document."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from gunicorn.config import Config
from gunicorn.http.errors import InvalidHeader
from gunicorn.http.parser import RequestParser

from claims.models import DoorToken
from claims.rules import door as rules
from claims.tests import door, doors_door
from claims.tests.door import ELIGIBILITY, PREVIEWS, about, acts, refused
from conftest import sign_in
from enrollment.models import Member
from office.models import Act, Duty
from office.rules import days
from office.tests.factories import give
from tests.written import written, written_since

pytestmark = pytest.mark.django_db

PATHS = (ELIGIBILITY, PREVIEWS, "/claims", "/claims/{number}")


@pytest.fixture
def own(county) -> door.Hospital:
    return door.hospital()


@pytest.fixture
def who(county) -> Member:
    return door.insured()


@pytest.mark.parametrize("name", sorted(doors_door.BY_TOKEN))
@pytest.mark.parametrize("duty", [Duty.HOSPITAL_DESK, Duty.INTAKE_CLERK, Duty.SECURITY_ADMINISTRATOR, None])
def test_what_opens_to_a_hospitals_token_opens_to_no_session(name, duty, own, appoint):
    method, arguments = doors_door.BY_TOKEN[name]
    where = reverse(name, args=arguments).removeprefix(door.V1)
    client = Client() if duty is None else sign_in(Client(), appoint("ann", duty))
    before = written()
    refused(door.call(method, where, {} if method == "POST" else None, client=client), 401, "token_missing")
    assert written_since(before) == set()


class TestComingIn:
    def test_without_a_token(self, own, who):
        answer = door.call("POST", ELIGIBILITY, about(who))
        refused(answer, 401, "token_missing")
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert acts() == []

    @pytest.mark.parametrize("text", ["", "x", "hd_aaaaaaaa_" + "b" * 52, "ü", "hd_\x00", "Bearer"])
    def test_with_a_token_that_nobody_has(self, own, who, text):
        answer = door.call("POST", ELIGIBILITY, about(who), Authorization=f"Bearer {text}")
        refused(answer, 401, "token_unknown")
        assert acts() == [("opened", "refused", "token_unknown")]

    def test_with_the_beginning_of_a_right_one(self, own, who):
        wrong = rules.written(own.token.prefix, "a" * rules.SECRET)
        refused(door.call("POST", ELIGIBILITY, about(who), Authorization=f"Bearer {wrong}"), 401, "token_unknown")

    def test_a_session_opens_nothing(self, own, who):
        signed_in = sign_in(Client(), own.person)
        answer = door.call("POST", ELIGIBILITY, about(who), client=signed_in)
        refused(answer, 401, "token_missing")

    def test_a_session_of_somebody_else_changes_nothing(self, own, who, ben):
        answer = door.call(
            "POST", ELIGIBILITY, about(who), client=sign_in(Client(), ben), Authorization=f"Bearer {own.text}"
        )
        assert answer.status_code == 200
        assert Act.objects.get(name="door.eligibility-read").by == own.person
        assert "Cookie" not in answer.headers["Vary"]

    def test_taken_back(self, own, who):
        DoorToken.objects.filter(pk=own.token.pk).update(revoked_at=timezone.now(), revoked_by=own.person)
        refused(own.post(ELIGIBILITY, about(who)), 401, "token_revoked")
        assert acts() == [("opened", "refused", "token_revoked")]

    def test_run_out(self, own, who):
        now = timezone.now()
        _token, text = door.token_for(own.provider, own.person, given_at=now - timedelta(days=2), ends_at=now)
        own.text = text
        refused(own.post(ELIGIBILITY, about(who)), 401, "token_ended")

    def test_whoever_left_opens_no_door(self, own, who, sam):
        own.person.left_on = days.business_day(timezone.now())
        own.person.save(update_fields=["left_on"])
        refused(own.post(ELIGIBILITY, about(who)), 403, "person_left")

    def test_whose_duty_ended(self, own, who):
        today = days.business_day(timezone.now())
        own.person.appointments.update(period=DateRange(date(2009, 1, 1), today))
        refused(own.post(ELIGIBILITY, about(who)), 403, "duty_ended")

    def test_who_works_for_the_county_too(self, own, who, county):
        give(own.person, Duty.INTAKE_CLERK, county)
        refused(own.post(ELIGIBILITY, about(who)), 403, "duty_ended")

    def test_a_hospital_that_closed(self, own, who):
        own.provider.closed_on = days.business_day(timezone.now())
        own.provider.save(update_fields=["closed_on"])
        refused(own.post(ELIGIBILITY, about(who)), 403, "provider_closed")

    def test_a_hospital_whose_agreement_ended(self, own, who):
        own.provider.agreements.update(period=("2009-01-01", "2010-01-01"))
        refused(own.post(ELIGIBILITY, about(who)), 403, "no_agreement")

    def test_too_many_of_one_token(self, own, who, settings):
        settings.DOOR_REQUESTS_A_MINUTE = 3
        with_time = [own.post(ELIGIBILITY, about(who)) for _call in range(6)]
        over = [one for one in with_time if one.status_code == 429]
        assert len(over) in {2, 3}  # a minute may have turned meanwhile
        refused(over[0], 429, "too_many")
        assert 0 < int(over[0].headers["Retry-After"]) <= 60
        assert ("opened", "refused", "too_many") in acts()
        assert acts().count(("opened", "refused", "too_many")) == 1

    def test_too_many_wrong_ones_of_one_address_leave_no_more_acts(self, own, who, settings):
        settings.DOOR_WRONG_TOKENS = 2
        answers = [door.call("POST", ELIGIBILITY, about(who), Authorization="Bearer x") for _call in range(5)]
        assert answers[-1].status_code == 429
        assert len(acts()) <= 4
        assert own.post(ELIGIBILITY, about(who)).status_code == 200  # a right one is let in all the same

    def test_valkey_away(self, own, who, settings):
        settings.REDIS_URL = "redis://127.0.0.1:1/0"
        answer = own.post(ELIGIBILITY, about(who))
        refused(answer, 503, "away")
        assert int(answer.headers["Retry-After"]) > 0

    def test_over_plain_http_where_the_office_has_https(self, own, who, settings):
        settings.SECURE_SSL_REDIRECT = True
        refused(own.post(ELIGIBILITY, about(who)), 403, "plain_http")
        settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
        assert own.post(ELIGIBILITY, about(who), **{"X-Forwarded-Proto": "https"}).status_code == 200

    def test_a_message_with_two_lengths_is_refused(self):
        heads = ("POST /door/v1/claims HTTP/1.1", "Host: a", "Content-Length: 4", "Transfer-Encoding: chunked")
        said = "\r\n".join([*heads, "", "0", "", ""]).encode()
        with pytest.raises(InvalidHeader):
            next(RequestParser(Config(), iter([said]), ("127.0.0.1", 1)))

    def test_what_is_said_is_as_long_as_it_says(self, own, who):
        answer = own.post(ELIGIBILITY, about(who))
        assert int(answer.headers["Content-Length"]) == len(answer.content)

    def test_too_large(self, own, who, settings):
        settings.DOOR_LARGEST_BODY = 100
        refused(own.post(PREVIEWS, door.asked(who)), 413, "too_large")

    @pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/xml"])
    def test_no_json(self, own, who, kind):
        refused(own.post(ELIGIBILITY, "on=2010", **{"Content-Type": kind}), 415, "not_json")

    @pytest.mark.parametrize("said", ["{", "[]", "1", '"x"', "null", "{" * 5000, '{"on": 1e999}'])
    def test_not_as_described(self, own, said):
        refused(own.post(ELIGIBILITY, said), 400, "malformed")

    def test_what_was_sent_is_not_said_again(self, own):
        answer = own.post(ELIGIBILITY, {"patient": {"id_number": "640522SECRET", "name": "x"}, "on": "2010-02-30"})
        said = refused(answer, 400, "malformed")
        assert [one["field"] for one in said["errors"]] == ["patient.id_number", "on"]
        assert "SECRET" not in answer.content.decode()

    def test_nothing_is_there(self, own):
        refused(own.get("/nothing"), 404, "not_found")
        refused(own.get(""), 404, "not_found")

    def test_another_method(self, own):
        answer = own.call("DELETE", "/claims")
        refused(answer, 405, "method_not_allowed")
        assert answer.headers["Allow"] == "POST"

    def test_what_nobody_foresaw(self, own, who, monkeypatch, caplog):
        def broken(*_args, **_more):
            raise ValueError("640522SECRET")

        monkeypatch.setattr("claims.views.door.coverage_on", broken)
        said = refused(own.post(ELIGIBILITY, about(who)), 500, "broken")
        assert "SECRET" not in str(said)
        assert who.id_number not in caplog.text
        assert own.text not in caplog.text

    def test_in_the_readers_language(self, own, who):
        words = own.post(ELIGIBILITY, about(who), **{"Accept-Language": "zh-CN,zh;q=0.9"})
        assert words.json()["words"].startswith("参保")
        assert words.headers["Content-Language"] == "zh-hans"
        assert door.call("GET", "/x", **{"Accept-Language": "fr"}).json()["title"] == "此地址没有内容。"
        assert door.call("GET", "/x").json()["title"] == "There is nothing at this address."


class TestDocument:
    def test_it_is_served_to_everybody_and_says_3_1(self, own):
        said = door.call("GET", "/openapi.json").json()
        assert said["openapi"].startswith("3.1")
        assert set(said["paths"]) == {f"{door.V1}{path}" for path in PATHS}
        for operations in said["paths"].values():
            for operation in operations.values():
                assert operation["security"] == [{"HospitalToken": []}]
                for status, answer in operation["responses"].items():
                    kind = "application/problem+json" if int(status) >= 400 else "application/json"
                    assert list(answer["content"]) == [kind]

    def test_the_one_in_the_docs_is_the_codes(self, capsys):
        call_command("hospital_door")
        assert "4 operations" in capsys.readouterr().out

    def test_a_changed_one_is_noticed(self, monkeypatch, tmp_path):
        monkeypatch.setattr("claims.management.commands.hospital_door.FILE", tmp_path / "a.json")
        with pytest.raises(CommandError, match="hospital_door --write"):
            call_command("hospital_door")
        call_command("hospital_door", write=True)
        call_command("hospital_door")
