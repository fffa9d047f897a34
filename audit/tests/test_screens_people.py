"""Screens over people and places: what each hits, what it just misses, what only looks like it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from audit.tests.screening import found, hits
from audit.tests.world import day, hospital
from claims.models import BenefitCounter, Verification
from claims.tests.taking_in import pay_to
from enrollment.models import Member
from enrollment.tests import factories as register

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


class TestNotCovered:
    def dead(self, who, on):
        Member.objects.filter(pk=who.pk).update(state="dead", state_on=on)

    @pytest.mark.parametrize(
        ("died", "is_hit"),
        [
            pytest.param(day(1, 31), True, id="the day before"),
            pytest.param(day(2, 1), False, id="on the day of admission"),
            pytest.param(day(2, 5), False, id="in the stay"),
        ],
    )
    def test_dead(self, world, died, is_hit):
        who = world.person()
        claim = world.stay(who, day(2, 1), day(2, 8))
        self.dead(who, died)
        assert [(one.claims, one.story) for one in hits("not_covered")] == ([([claim.pk], "dead")] if is_hit else [])

    def test_not_insured(self, world):
        claim = world.stay(world.person(insured=False), day(2, 1), day(2, 8))
        world.stay(world.person(), day(2, 1), day(2, 8))
        [hit] = hits("not_covered")
        assert (hit.claims, hit.story, hit.score) == ([claim.pk], "uncovered", 88)

    def test_insured_until_the_day_before(self, world):
        who, other = world.person(insured=False), world.person(insured=False)
        register.brought_along(who, world.year, end=day(2, 1))
        register.brought_along(other, world.year, end=day(2, 2))
        claim = world.stay(who, day(2, 1), day(2, 8))
        world.stay(other, day(2, 1), day(2, 8))
        assert found("not_covered") == [{claim.pk}]

    def test_a_coverage_under_the_record_that_is_kept(self, world):
        kept, double = world.person(), world.person(insured=False)
        world.stay(double, day(2, 1), day(2, 8))
        register.merge(double, kept)
        assert found("not_covered") == []


class TestDoubleEnrolled:
    def twice(self, world, name="马兰", same="马兰", **more):
        """Two records, each insured in a scheme of its own; the first one claims."""
        one = world.person(name=name, id_number=None)
        other = world.person(name=same, insured=False, **{"id_number": None, **more})
        town = register.fund_year(register.scheme("residents"))
        register.brought_along(other, town)
        return world.stay(one, day(2, 1), day(2, 8)), other

    def test_two_records_in_two_schemes(self, world):
        claim, other = self.twice(world)
        [hit] = hits("double_enrolled")
        assert (hit.claims, hit.story, hit.score, hit.member) == ([claim.pk], "insured", 60, claim.member_id)
        assert str(other.pk) in hit.told

    def test_both_claim(self, world):
        _claim, other = self.twice(world)
        world.stay(other, day(2, 20), day(2, 25))
        assert {hit.score for hit in hits("double_enrolled")} == {85}

    @pytest.mark.parametrize(
        "more",
        [
            pytest.param({"same": "马梅"}, id="twins"),
            pytest.param({"born": date(1970, 1, 2)}, id="born a day later"),
            pytest.param({"sex": "M"}, id="a man"),
        ],
    )
    def test_who_is_somebody_else(self, world, more):
        self.twice(world, **more)
        assert found("double_enrolled") == []

    def test_two_id_numbers_are_two_people(self, world):
        born = date(1970, 1, 1)
        one = world.person(name="马兰", id_number=register.id_number(born))
        other = world.person(name="马兰", insured=False, id_number=register.id_number(born))
        register.brought_along(other, register.fund_year(register.scheme("residents")))
        world.stay(one, day(2, 1), day(2, 8))
        assert found("double_enrolled") == []


class TestSharedAccount:
    ACCOUNT = "6228480000001234"

    def paid_to(self, world, households, account=ACCOUNT, **more):
        return {
            world.stay(world.person(), day(2, 1), day(2, 8), payee_account=account, **more).pk
            for _household in range(households)
        }

    def test_of_four_households(self, world):
        claims = self.paid_to(world, 4)
        [hit] = hits("shared_account")
        assert (set(hit.claims), hit.score) == (claims, 66)
        assert "**** 1234" in hit.told
        assert self.ACCOUNT not in str(hit.figures)

    def test_three_households_of_a_family_may(self, world):
        self.paid_to(world, 3)
        assert found("shared_account") == []

    def test_a_large_household_is_one(self, world):
        first = world.person()
        for _member in range(5):
            who = world.person(home=first.household)
            world.stay(who, day(2, 1), day(2, 8), payee_account=self.ACCOUNT)
        assert found("shared_account") == []

    def test_a_hospital_that_paid_in_advance_is_paid_for_many(self, world):
        self.paid_to(world, 5, payee_kind="provider")
        assert found("shared_account") == []

    def test_accounts_that_the_register_confirmed(self, world):
        who = world.person()
        pay_to(who.household, "马", self.ACCOUNT)
        assert found("shared_account") == []


class TestTopLists:
    def crowd(self, world, busy, others=12, each=5, **more):
        """Some accounts with a few claims each, and one with more."""
        rows = []
        for number in range(others):
            rows += [{"total": Decimal(100), "payee_account": f"62284800{number:08}"} for _claim in range(each)]
        rows += [{"total": Decimal(100), "payee_account": "6228480099990001"} for _claim in range(busy)]
        world.many(world.person(), [row | {"entered_on": day(3, 1)} | more for row in rows])

    def of_accounts(self, **values):
        return [hit for hit in hits("top_lists", **values) if hit.story == "account"]

    def test_far_more_than_others(self, world):
        self.crowd(world, 40)
        [hit] = self.of_accounts()
        assert "40 claims are paid to account **** 0001" in hit.told
        assert len(hit.claims) == 20

    def test_fewer_than_counts(self, world):
        self.crowd(world, 29)
        assert self.of_accounts() == []

    def test_more_than_others_is_not_far_more(self, world):
        self.crowd(world, 40, each=30)
        assert self.of_accounts(deviations=4) == []

    def test_with_too_few_to_compare(self, world):
        self.crowd(world, 40, others=9)
        assert self.of_accounts() == []

    def test_providers_are_compared_within_their_level(self, world):
        rows = []
        for number in range(12):
            where = hospital(f"C{number}", level="village", tier=1)
            rows += [{"total": Decimal(100), "provider_id": where.pk, "level": "village"} for _claim in range(3)]
        rows += [{"total": Decimal(100), "provider_id": hospital("C0").pk, "level": "village"} for _claim in range(40)]
        world.many(world.person(), [row | {"entered_on": day(3, 1)} for row in rows])
        found_in = {hit.provider for hit in hits("top_lists") if hit.story == "provider"}
        assert found_in == {hospital("C0").pk}


class TestOverCeiling:
    def test_up_to_the_ceiling_is_none(self, world):
        who = world.person()
        world.desk.approved(who, ["11000", "1200"])
        assert found("over_ceiling") == []
        counter = BenefitCounter.objects.get(member=who, name="inpatient.year")
        assert counter.value == 6000

    def test_all_records_of_a_person_count_together(self, world):
        kept, double = world.person(), world.person(insured=False)
        first = world.desk.approved(kept, ["11000"])
        second = world.desk.approved(double, ["2000"])
        register.merge(double, kept)
        [hit] = hits("over_ceiling")
        assert (set(hit.claims), hit.money, hit.member) == ({first.pk, second.pk}, Decimal(500), kept.pk)
        assert "6,500" not in hit.told
        assert "6500.00 yuan were used of a ceiling of 6000" in hit.told


class TestUnknownHospital:
    def outside(self, world, total="1000", phone="", **more):
        where = more.pop("provider", None) or hospital("W1", region="outside", phone=phone)
        return world.stay(world.person(), day(2, 1), day(2, 8), [total], provider=where, is_designated=False, **more)

    def test_nobody_asked_it(self, world):
        claim = self.outside(world)
        [hit] = hits("unknown_hospital")
        assert (hit.claims, hit.story, hit.score) == ([claim.pk], "unasked", 47)

    def test_larger_ones_weigh_more(self, world):
        self.outside(world, "10000")
        assert [hit.score for hit in hits("unknown_hospital")] == [59]

    @pytest.mark.parametrize(
        "more",
        [
            pytest.param({"total": "999.99"}, id="small"),
            pytest.param({"is_designated": True}, id="under an agreement"),
        ],
    )
    def test_what_is_none(self, world, more):
        total = more.pop("total", "1000")
        where = hospital("W1", region="outside")
        given = {"provider": where, "is_designated": False, **more}
        world.stay(world.person(), day(2, 1), day(2, 8), [total], **given)
        assert found("unknown_hospital") == []

    def test_a_hospital_that_many_claim_from(self, world):
        for _claim in range(4):
            self.outside(world)
        assert found("unknown_hospital") == []

    @pytest.mark.parametrize(
        ("outcome", "stories"),
        [("genuine", []), ("not_found", ["denied"]), ("refused", ["denied"]), ("no_answer", ["unasked"])],
    )
    def test_what_the_hospital_answered(self, world, outcome, stories):
        claim = self.outside(world)
        given = {"claim": claim, "way": "phone", "whom": "医保科", "asked_on": day(3, 1), "asked_by": world.desk.fay}
        answered = {"outcome": outcome, "answered_on": day(3, 1), "answered_by": world.desk.fay}
        Verification.objects.bulk_create([Verification(**given, **answered)])
        assert [hit.story for hit in hits("unknown_hospital")] == stories
