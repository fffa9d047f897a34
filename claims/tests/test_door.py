"""A claim handed in at the hospitals' door: entered as at the counter, once however often it is sent."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from claims.models import Claim, DoorRequest
from claims.tests import basics, door, taking_in
from claims.tests.door import acts, refused
from enrollment.models import Member
from enrollment.tests import factories
from office.models import Act

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
