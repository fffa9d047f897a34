"""What a hospital is told at the door: covered or not, what would be paid, how its claims stand, nothing of others."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from claims.models import Claim, ClaimPart
from claims.services import intake
from claims.tests import door, taking_in
from claims.tests.deciding import Desk
from claims.tests.door import ELIGIBILITY, PREVIEWS, about, acts, refused
from conftest import NOON
from enrollment.models import Member
from office.models import Act, Duty

pytestmark = pytest.mark.django_db


@pytest.fixture
def own(county) -> door.Hospital:
    return door.hospital()


@pytest.fixture
def other(own) -> door.Hospital:
    return door.hospital("H2", "海原县中医医院")


@pytest.fixture
def who(county) -> Member:
    return door.insured()


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
