"""Screens over stays and visits: what each hits, what it just misses, what only looks like it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from audit.tests.screening import found, hits
from audit.tests.world import day, disease, hospital
from claims.services import intake
from claims.tests.basics import edition
from conftest import NOON
from enrollment.tests import factories as register

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


class TestOverlappingStays:
    @pytest.mark.parametrize(
        ("first", "last", "is_hit"),
        [
            pytest.param(day(2, 5), day(2, 12), True, id="five days together"),
            pytest.param(day(2, 9), day(2, 12), True, id="one day together"),
            pytest.param(day(2, 4), day(2, 4), True, id="a day inside"),
            pytest.param(day(2, 10), day(2, 15), False, id="moved on the day of discharge"),
            pytest.param(day(2, 11), day(2, 15), False, id="admitted a day later"),
        ],
    )
    def test_two_stays(self, world, first, last, is_hit):
        who = world.person()
        one = world.stay(who, day(2, 1), day(2, 10))
        two = world.stay(who, first, last, provider=hospital("P2"))
        assert found("overlapping_stays") == ([{one.pk, two.pk}] if is_hit else [])

    def test_the_score_rises_with_the_days(self, world):
        who, other = world.person(), world.person()
        for person, last in ((who, day(2, 3)), (other, day(2, 10))):
            world.stay(person, day(2, 1), day(2, 10))
            world.stay(person, day(2, 2), last, provider=hospital("P2"))
        long, short = hits("overlapping_stays")
        assert (long.score, short.score) == (95, 79)
        assert "overlap by 8 days" in long.told

    def test_twins_lie_there_at_the_same_time(self, world):
        for _twin in range(2):
            world.stay(world.person(), day(2, 1), day(2, 10))
        assert found("overlapping_stays") == []

    def test_both_records_of_a_person_count_as_one(self, world):
        kept = world.person()
        double = world.person(insured=False)
        world.stay(kept, day(2, 1), day(2, 10))
        world.stay(double, day(2, 5), day(2, 12))
        register.merge(double, kept)
        assert len(found("overlapping_stays")) == 1

    def test_what_ended_without_payment_is_left_aside(self, world):
        who = world.person()
        world.stay(who, day(2, 1), day(2, 10))
        two = world.stay(who, day(2, 5), day(2, 12))
        intake.void_claim(claim=two, reason="重复", by=world.desk.ian, at=NOON)
        assert found("overlapping_stays") == []


class TestSameInvoice:
    def again(self, world, claim, provider=None):
        """Somebody else's claim with the same invoice, whose year was typed wrongly."""
        bill = {"number": claim.invoices.get().number, "year": 2009}
        where = provider or claim.provider
        return world.one(world.person(), total=claim.total, provider_id=where.pk, invoice=bill, entered_on=day(3, 1))

    def test_the_same_number_and_amount_under_another_year(self, world):
        claim = world.stay(world.person(), day(1, 1), day(1, 5))
        other = self.again(world, claim)
        [hit] = hits("same_invoice")
        assert set(hit.claims) == {claim.pk, other.pk}
        assert (hit.story, hit.score) == ("invoice", 95)

    def test_of_another_provider_it_is_another_invoice(self, world):
        claim = world.stay(world.person(), day(1, 1), day(1, 5))
        self.again(world, claim, provider=hospital("P2"))
        assert found("same_invoice") == []

    def test_one_admission_for_two_people(self, world):
        one = world.stay(world.person(), day(1, 1), day(1, 5), hospital_number="ZY7")
        two = world.stay(world.person(), day(2, 1), day(2, 5), hospital_number="ZY7")
        [hit] = hits("same_invoice")
        assert set(hit.claims) == {one.pk, two.pk}
        assert "admission ZY7" in hit.told

    def test_bills_that_follow_each_other_are_one_stay(self, world):
        who = world.person()
        world.stay(who, day(1, 1), day(1, 15), hospital_number="ZY7")
        world.stay(who, day(1, 15), day(1, 30), hospital_number="ZY7")
        assert found("same_invoice") == []

    def test_two_hospitals_count_for_themselves(self, world):
        world.stay(world.person(), day(1, 1), day(1, 5), hospital_number="ZY7")
        world.stay(world.person(), day(1, 1), day(1, 5), hospital_number="ZY7", provider=hospital("P2"))
        assert found("same_invoice") == []


class TestSameAmount:
    @pytest.mark.parametrize(
        ("last", "amounts", "kind", "is_hit"),
        [
            pytest.param(day(2, 20), ["1900.50"], "inpatient", True, id="within the days"),
            pytest.param(day(3, 1), ["1900.50"], "inpatient", True, id="on the last day"),
            pytest.param(day(3, 2), ["1900.50"], "inpatient", False, id="a day later"),
            pytest.param(day(2, 20), ["1900.51"], "inpatient", False, id="a fen more"),
            pytest.param(day(2, 20), ["1900.50"], "chronic", False, id="the drugs of each month"),
        ],
    )
    def test_two_claims(self, world, last, amounts, kind, is_hit):
        who = world.person()
        world.stay(who, day(1, 28), day(1, 30), ["1900.50"])
        world.stay(who, last, last, amounts, kind=kind)
        assert len(found("same_amount")) == is_hit

    def test_small_amounts_are_alike_by_chance(self, world):
        who = world.person()
        for number in (1, 2):
            world.visit(who, day(2, number), ["99"])
        assert found("same_amount") == []
        assert len(found("same_amount", least=99)) == 1

    def test_an_uneven_amount_at_one_provider_says_more(self, world):
        one, two, three = world.person(), world.person(), world.person()
        for number in (1, 10):
            world.stay(one, day(2, number), day(2, number), ["1000"], provider=hospital(f"P{number}"))
            world.stay(two, day(2, number), day(2, number), ["1001"])
            world.visit(three, day(2, number), ["125"])
        assert [hit.score for hit in hits("same_amount")] == [80, 45, 40]


class TestReadmission:
    @pytest.mark.parametrize(
        ("first", "more", "is_hit"),
        [
            pytest.param(day(2, 10), {}, True, id="on the day of discharge"),
            pytest.param(day(2, 20), {}, True, id="ten days later"),
            pytest.param(day(2, 21), {}, False, id="eleven days later"),
            pytest.param(day(2, 12), {"disease": "K35.9"}, False, id="for another disease"),
            pytest.param(day(2, 10), {"provider": "P2"}, False, id="moved to another hospital"),
            pytest.param(day(2, 12), {"kind": "injury"}, False, id="an accident"),
        ],
    )
    def test_admitted_again(self, world, first, more, is_hit):
        who = world.person()
        given = dict(more)
        if "disease" in given:
            given["disease"] = disease(given["disease"])
        if "provider" in given:
            given["provider"] = hospital(given["provider"])
        world.stay(who, day(2, 1), day(2, 10))
        world.stay(who, first, first.replace(day=first.day + 3), **given)
        assert len(found("readmission")) == is_hit

    def test_the_sooner_the_more(self, world):
        for gap in (0, 10):
            who = world.person()
            world.stay(who, day(2, 1), day(2, 10))
            world.stay(who, day(2, 10 + gap), day(2, 25))
        assert [hit.score for hit in hits("readmission")] == [78, 48]


class TestStayLength:
    def test_a_short_stay_that_cost_much(self, world):
        dear = world.stay(world.person(), day(2, 1), day(2, 2), ["500"])
        world.stay(world.person(), day(2, 1), day(2, 2), ["499.99"])
        world.stay(world.person(), day(2, 1), day(2, 3), ["500"])
        [hit] = hits("stay_length")
        assert (hit.claims, hit.story) == ([dear.pk], "short")

    def test_far_longer_than_usual(self, world):
        who = world.person()
        world.many(who, [{"total": Decimal(900), "entered_on": day(3, 1)} for _number in range(20)])
        long = world.stay(who, day(2, 1), day(2, 23))
        world.stay(who, day(2, 1), day(2, 22))
        [hit] = hits("stay_length")
        assert (hit.claims, hit.story) == ([long.pk], "long")
        assert "end within 7" in hit.told

    def test_few_stays_have_no_median(self, world):
        who = world.person()
        world.many(who, [{"total": Decimal(900), "entered_on": day(3, 1)} for _number in range(10)])
        world.stay(who, day(2, 1), day(2, 28))
        assert found("stay_length") == []

    def of_lines(self, world, *lines):
        """A stay of seven days with these lines."""
        total = sum(one[1] for one in lines)
        return world.one(world.person(), total=total, lines=list(lines), entered_on=day(3, 1))

    def test_nothing_but_the_bed(self, world):
        empty = self.of_lines(world, ("bed", Decimal(300), {}), ("nursing", Decimal(200), {}))
        self.of_lines(world, ("bed", Decimal(300), {}), ("drug", Decimal(200), {}))
        [hit] = hits("stay_length")
        assert (hit.claims, hit.story, hit.score) == ([empty.pk], "untreated", 82)

    def test_days_without_a_bed(self, world):
        made = edition(("C1", "床位费", [("group", "bed")]), kind="services", of=world.desk.scheme)
        bed = {"entry": made.entries.get(), "price": Decimal(10)}
        drug = ("drug", Decimal(200), {})
        gap = self.of_lines(world, drug, ("bed", Decimal(50), {**bed, "quantity": Decimal(5)}))
        self.of_lines(world, drug, ("bed", Decimal(60), {**bed, "quantity": Decimal(6)}))
        [hit] = hits("stay_length")
        assert (hit.claims, hit.story) == ([gap.pk], "gaps")
        assert "charged for 5" in hit.told


class TestElsewhere:
    @pytest.mark.parametrize(
        ("on", "is_hit"),
        [
            pytest.param(day(2, 5), True, id="in the middle"),
            pytest.param(day(2, 1), False, id="on the day of admission"),
            pytest.param(day(2, 10), False, id="on the day of discharge"),
        ],
    )
    def test_a_visit_in_a_stay(self, world, on, is_hit):
        who = world.person()
        stay = world.stay(who, day(2, 1), day(2, 10))
        visit = world.visit(who, on, provider=hospital("P2"))
        assert found("elsewhere") == ([{stay.pk, visit.pk}] if is_hit else [])

    def test_where_and_for_what_counts(self, world):
        for kind, where in (("chronic", "P2"), ("outpatient", "P1"), ("outpatient", "P2")):
            who = world.person()
            world.stay(who, day(2, 1), day(2, 10))
            world.visit(who, day(2, 5), kind=kind, provider=hospital(where))
        assert [hit.score for hit in hits("elsewhere")] == [82, 65, 40]

    def test_a_visit_of_somebody_of_the_family_is_his_own(self, world):
        who = world.person()
        world.stay(who, day(2, 1), day(2, 10))
        world.visit(world.person(home=who.household), day(2, 5))
        assert found("elsewhere") == []


class TestSexAndAge:
    @pytest.mark.parametrize(
        ("code", "sex", "born", "story"),
        [
            pytest.param("O80.9", "M", date(1980, 1, 1), "sex", id="a man gives birth"),
            pytest.param("N40", "F", date(1950, 1, 1), "sex", id="a woman's prostate"),
            pytest.param("O80.9", "F", date(1955, 2, 2), "", id="just 54"),
            pytest.param("O80.9", "F", date(1953, 2, 1), "age", id="56 years old"),
            pytest.param("P59.9", "M", date(1940, 1, 1), "age", id="a newborn of 70"),
            pytest.param("P59.9", "F", date(1985, 1, 1), "", id="under its mother's name"),
            pytest.param("P59.9", "", date(2010, 1, 20), "", id="a newborn"),
            pytest.param("J18.9", "M", date(1940, 1, 1), "", id="everybody's disease"),
        ],
    )
    def test_a_patient(self, world, code, sex, born, story):
        who = world.person(sex=sex, born=born)
        world.stay(who, day(2, 1), day(2, 3), disease=disease(code))
        assert [hit.story for hit in hits("sex_and_age")] == ([story] if story else [])

    def test_a_delivery_whatever_its_diagnosis(self, world):
        who = world.person(sex="M")
        world.stay(who, day(2, 1), day(2, 3), kind="delivery", delivery="normal")
        assert [hit.story for hit in hits("sex_and_age")] == ["sex"]
