"""The hospitals' door: who comes in, what is told, a claim handed in once, nothing of another hospital."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.utils import timezone
from gunicorn.config import Config
from gunicorn.http.errors import InvalidHeader
from gunicorn.http.parser import RequestParser

from claims.models import Claim, ClaimPart, DoorRequest, DoorToken
from claims.rules import door as rules
from claims.services import intake
from claims.tests import basics, door, taking_in
from claims.tests.deciding import Desk
from conftest import NOON, sign_in
from enrollment.models import Member
from enrollment.tests import factories
from office.models import Act, Duty
from office.rules import days
from office.tests.factories import give

pytestmark = pytest.mark.django_db

ELIGIBILITY = "/eligibility"
PREVIEWS = "/previews"
PATHS = (ELIGIBILITY, PREVIEWS, "/claims", "/claims/{number}")


@pytest.fixture
def own(county) -> door.Hospital:
    return door.hospital()


@pytest.fixture
def other(own) -> door.Hospital:
    return door.hospital("H2", "海原县中医医院")


@pytest.fixture
def who(county) -> Member:
    return door.insured()


def about(who: Member, on: str = "2010-01-11", **more: str) -> dict[str, object]:
    return {"patient": {"id_number": who.id_number, "name": who.name, **more}, "on": on}


def acts() -> list[tuple[str, str, str]]:
    """What the trail says of the door, the oldest first."""
    found = Act.objects.filter(name__startswith="door.").order_by("pk")
    return [(one.name.removeprefix("door."), one.kind, one.reason) for one in found]


def refused(answer, status: int, code: str) -> dict[str, object]:
    """A refusal as RFC 9457 has it."""
    said = answer.json()
    assert (answer.status_code, said["code"]) == (status, code), said
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert (said["type"], said["status"]) == (f"urn:county-fund:door:{code}", status)
    assert answer.headers["Cache-Control"] == "no-store"
    assert not answer.cookies
    return said


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


class TestEligibility:
    def test_covered_and_by_what(self, own, who):
        said = own.post(ELIGIBILITY, about(who)).json()
        assert said == {
            "on": "2010-01-11",
            "covered": True,
            "why": "covered",
            "words": "covered by ncms",
            "schemes": [{"code": "ncms", "name": "ncms"}],
        }
        act = Act.objects.get(name="door.eligibility-read")
        assert (act.kind, act.by, act.subject_type, act.subject_id) == (
            "read", own.person, "enrollment.member", str(who.pk),
        )  # fmt: skip
        assert act.facts["begins"] == own.token.prefix
        assert act.address == "127.0.0.1"
        assert who.id_number not in str(act.facts)

    @pytest.mark.parametrize(("on", "why"), [("2009-06-01", "not_begun"), ("2011-01-01", "not_renewed")])
    def test_not_covered_and_why(self, own, who, on, why):
        said = own.post(ELIGIBILITY, about(who, on)).json()
        assert (said["covered"], said["why"], said["schemes"]) == (False, why, [])
        assert said["words"]

    @pytest.mark.parametrize("more", [{"name": "别人"}, {"id_number": "640522197001010000"}])
    def test_number_and_name_must_both_be_right(self, own, who, more):
        said = refused(own.post(ELIGIBILITY, about(who, **more)), 404, "person_unknown")
        assert who.name not in str(said)
        assert acts() == [("eligibility-read", "refused", "person_unknown")]

    def test_an_old_number_of_fifteen_digits(self, own, who):
        old = who.id_number[:6] + who.id_number[8:17]
        assert own.post(ELIGIBILITY, about(who, id_number=old)).json()["covered"]

    @pytest.mark.parametrize("on", ["1989-12-31", "2101-01-01", "0001-01-01", "9999-12-31"])
    def test_a_day_of_no_calendar(self, own, who, on):
        refused(own.post(ELIGIBILITY, about(who, on)), 422, "day_refused")


class TestPreview:
    def test_what_would_be_paid(self, own, who):
        said = own.post(PREVIEWS, door.asked(who)).json()
        assert said["would_be_taken"]
        assert said["errors"] == said["papers_missing"] == []
        paid = said["payment"]
        assert paid["total"] == "3000.00"
        parts = ("fund_pays", "hospital_bears", "other_payers", "patient_pays")
        assert sum(Decimal(paid[name]) for name in parts) == 3000
        assert [one["pays"] for one in paid["layers"]] == [paid["fund_pays"]]
        assert not Claim.objects.exists()
        assert acts() == [("claim-previewed", "read", "")]

    def test_the_same_as_at_the_counter(self, own, who, appoint):
        said = own.post(PREVIEWS, door.asked(who)).json()
        lines = [taking_in.Line("药品", "A", "drug", Decimal(2400)), taking_in.Line("检查", "B", "exam", Decimal(600))]
        asked = replace(taking_in.content(who, provider=own.provider), lines=lines)
        claim = intake.enter_claim(content=asked, by=appoint("ida", Duty.INTAKE_CLERK), at=NOON)
        assert f"{claim.proposed:.2f}" == said["payment"]["fund_pays"]

    def test_everything_that_bars_it_at_once(self, own, who):
        asked = door.asked(who, admitted_on="2010-01-22", papers=[])
        asked["invoices"][0]["amount"] = "2999.00"
        said = own.post(PREVIEWS, asked).json()
        assert not said["would_be_taken"]
        assert {one["field"] for one in said["errors"]} == {"discharged_on", "invoices"}
        assert {one["code"] for one in said["papers_missing"]} >= {"invoice", "fee_list"}

    def test_all_fields_that_mean_nothing_to_the_office(self, own, who):
        asked = door.asked(who, disease="X99", scheme="none", settled_on="1980-01-01")
        said = refused(own.post(PREVIEWS, asked), 422, "claim_refused")
        assert [one["field"] for one in said["errors"]] == ["settled_on", "disease", "scheme"]


class TestHandingIn:
    def test_it_is_entered_at_the_hospitals_desk_and_handed_on(self, own, who):
        answer = own.hand_in(door.asked(who, note="x", department="内科"))
        said = answer.json()
        claim = Claim.objects.get()
        assert answer.status_code == 201
        assert answer.headers["Location"] == f"/door/v1/claims/{claim.number}"
        assert said == {
            "number": claim.number,
            "state": "first_check",
            "state_words": "in first check",
            "total": "3000.00",
            "proposed": f"{claim.proposed:.2f}",
            "handed_on": True,
            "papers_missing": [],
            "notes": [],
        }
        assert (claim.body, claim.provider, claim.entered_by) == (own.provider.body, own.provider, own.person)
        assert (claim.note, claim.department, claim.member) == ("x", "内科", who)
        assert [(one.name, one.item_class, one.amount) for one in claim.lines.all()] == [
            ("药品", "A", 2400),
            ("检查", "B", 600),
        ]
        names = list(Act.objects.filter(subject_id=str(claim.pk)).order_by("pk").values_list("name", flat=True))
        assert [one for one in names if "claim" in one] == ["claim.entered", "claim.handed-on", "door.claim-handed-in"]

    def test_it_waits_at_the_desk_where_papers_are_missing(self, own, who):
        said = own.hand_in(door.asked(who, papers=["invoice"])).json()
        assert (said["state"], said["handed_on"]) == ("entered", False)
        assert "fee_list" in {one["code"] for one in said["papers_missing"]}
        assert "Papers are missing" in said["notes"][0]

    def test_it_is_only_entered_where_that_is_asked_for(self, own, who):
        said = own.hand_in(door.asked(who, hand_on=False)).json()
        assert (said["state"], said["handed_on"], said["notes"]) == ("entered", False, [])

    def test_the_same_again_is_one_claim_and_the_same_answer(self, own, who):
        first, second = own.hand_in(door.asked(who)), own.hand_in(door.asked(who))
        assert (first.status_code, first.content) == (second.status_code, second.content)
        assert [one.headers["Idempotency-Replayed"] for one in (first, second)] == ["false", "true"]
        assert Claim.objects.count() == DoorRequest.objects.count() == 1
        assert acts() == [("claim-handed-in", "done", ""), ("claim-handed-in", "read", "")]

    def test_the_same_set_out_in_another_way(self, own, who):
        asked = door.asked(who)
        own.hand_in(asked)
        backwards = json.dumps(dict(reversed(asked.items())), indent=3)
        assert own.hand_in(backwards).headers["Idempotency-Replayed"] == "true"

    def test_the_answer_stays_though_the_office_changed_meanwhile(self, own, who):
        first = own.hand_in(door.asked(who))
        taking_in.disease().__class__.objects.update(is_used=False)
        assert own.hand_in(door.asked(who)).content == first.content

    def test_another_one_under_the_same_key(self, own, who):
        own.hand_in(door.asked(who))
        refused(own.hand_in(door.asked(who, note="changed")), 422, "key_used")
        assert Claim.objects.count() == 1
        assert acts()[-1] == ("claim-handed-in", "refused", "key_used")

    def test_two_hospitals_may_have_the_same_key(self, own, other, who):
        own.hand_in(door.asked(who))
        answer = other.hand_in(door.asked(who, number="2", admitted_on="2010-02-01", discharged_on="2010-02-05"))
        assert answer.status_code == 201
        assert Claim.objects.count() == 2

    def test_what_was_refused_leaves_its_key_free(self, own, who):
        refused(own.hand_in(door.asked(who, discharged_on="2010-01-01")), 422, "claim_refused")
        assert not DoorRequest.objects.exists()
        assert own.hand_in(door.asked(who)).status_code == 201
        told = list(Act.objects.filter(kind="refused").order_by("pk").values_list("name", flat=True))
        assert told == ["claim.entered", "door.claim-handed-in"]

    @pytest.mark.parametrize("key", ["", "a b", "k" * 65, "钥匙"])
    def test_a_key_that_is_none(self, own, who, key):
        refused(own.hand_in(door.asked(who), key), 400, "malformed")

    def test_without_a_key(self, own, who):
        refused(own.post("/claims", door.asked(who)), 400, "malformed")

    def test_an_invoice_of_its_own_that_was_used(self, own, who):
        number = own.hand_in(door.asked(who)).json()["number"]
        said = refused(own.hand_in(door.asked(who), "k2"), 422, "claim_refused")
        assert number in said["detail"]

    def test_paid_to_the_hospital_only_under_such_an_agreement(self, own, who):
        said = refused(own.hand_in(door.asked(who, payee="provider")), 422, "claim_refused")
        assert {one["field"] for one in said["errors"]} == {"payee_kind"}

    def test_no_amount_that_a_float_could_be(self, own, who):
        for wrong in (2400, 2400.0, "2400", "2400.000", "-1.00", "1e3", "02400.00", "99999999.00"):
            asked = door.asked(who)
            asked["lines"][0]["amount"] = wrong
            refused(own.hand_in(asked), 400, "malformed")
        assert not Claim.objects.exists()

    def test_nothing_else_is_taken(self, own, who):
        refused(own.hand_in(door.asked(who, provider="H2")), 400, "malformed")

    def test_kept_requests_are_only_added_to(self, own, who):
        own.hand_in(door.asked(who))
        with pytest.raises(DatabaseError), transaction.atomic():
            DoorRequest.objects.update(key="x")


class TestCatalogue:
    @pytest.fixture
    def drug(self, own):
        return basics.edition(("D1", "阿莫西林胶囊"), of=factories.scheme()).entries.get()

    def line(self, **more):
        given = {
            "group": "drug",
            "item_class": "A",
            "amount": "3000.00",
            "code": "D1",
            "quantity": "240",
            "price": "12.5",
        }
        return [{**given, **more}]

    def test_a_line_by_its_code(self, own, who, drug):
        assert own.hand_in(door.asked(who, lines=self.line())).status_code == 201
        line = Claim.objects.get().lines.get()
        assert (line.entry, line.name, line.quantity, line.price) == (drug, drug.name, 240, Decimal("12.5"))

    @pytest.mark.parametrize(
        ("more", "words"),
        [
            ({"code": "D2"}, "no such code"),
            ({"item_class": "B"}, "group drug and class A"),
            ({"price": "12.4"}, "quantity times price"),
            ({"quantity": None}, "go together"),
            ({"code": None}, "go together"),
        ],
    )
    def test_a_line_that_does_not_agree(self, own, who, drug, more, words):
        said = refused(own.hand_in(door.asked(who, lines=self.line(**more))), 422, "claim_refused")
        assert [one["field"] for one in said["errors"]] == ["lines.0"]
        assert words in said["detail"]


class TestStanding:
    def test_how_it_stands(self, own, who):
        number = own.hand_in(door.asked(who)).json()["number"]
        said = own.get(f"/claims/{number}").json()
        assert (said["state"], said["total"], said["cut"], said["granted"], said["paid"]) == (
            "first_check", "3000.00", "0.00", None, "0.00",
        )  # fmt: skip
        assert Act.objects.filter(name="door.claim-read", kind="read", by=own.person).count() == 1

    def test_what_it_came_back_for(self, own, appoint):
        desk = Desk.of(appoint)
        claim = desk.handed_on(provider=own.provider, body=own.provider.body)
        desk.check(claim, desk.fay, "return", reason="缺少费用清单")
        said = own.get(f"/claims/{claim.number}").json()
        assert (said["state"], said["reason"]) == ("returned", "缺少费用清单")

    def test_what_was_granted_and_paid(self, own, appoint):
        claim = Desk.of(appoint).approved(provider=own.provider, body=own.provider.body)
        said = own.get(f"/claims/{claim.number}").json()
        granted = sum(ClaimPart.objects.values_list("amount", flat=True))
        assert granted > 0
        assert (said["granted"], said["paid"]) == (f"{granted:.2f}", "0.00")


class TestOtherHospitals:
    @pytest.fixture
    def theirs(self, other, who) -> Claim:
        other.hand_in(door.asked(who))
        return Claim.objects.get()

    def told(self, answer) -> str:
        return answer.content.decode()

    def test_their_claims_are_as_unknown_as_none(self, own, theirs):
        answers = [own.get(f"/claims/{number}") for number in (theirs.number, "20990000001")]
        assert refused(answers[0], 404, "claim_unknown") == refused(answers[1], 404, "claim_unknown")

    def test_nor_a_claim_of_its_own_patients_taken_in_elsewhere(self, own, who, appoint):
        claim = taking_in.entered(appoint("ida", Duty.INTAKE_CLERK), who, provider=own.provider)
        refused(own.get(f"/claims/{claim.number}"), 404, "claim_unknown")

    @pytest.mark.parametrize("path", [PREVIEWS, "/claims"])
    def test_nothing_of_them_is_told_beside_another_claim(self, own, other, theirs, who, path):
        for asked in (door.asked(who), door.asked(who, "7")):  # their invoice, and days that overlap
            said = self.told(own.post(path, asked, **{"Idempotency-Key": "k9"}))
            for secret in (theirs.number, other.provider.name, f"{other.provider.code}-"):
                assert secret not in said, secret

    def test_that_an_invoice_was_used_is_said_all_the_same(self, own, theirs, who):
        said = refused(own.hand_in(door.asked(who)), 422, "claim_refused")
        assert said["detail"] == "Invoice 064001 00000001 was used already. Ask the office."

    def test_of_its_own_it_is_told(self, other, theirs, who):
        said = other.post(PREVIEWS, door.asked(who, "7")).json()
        assert theirs.number in " ".join(said["notes"])

    def test_eligibility_tells_no_more_than_its_five_facts(self, own, theirs, who):
        said = own.post(ELIGIBILITY, about(who)).json()
        assert set(said) == {"on", "covered", "why", "words", "schemes"}
        for secret in (who.id_number, theirs.number, who.household.number, theirs.provider.name):
            assert secret not in str(said)


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
