"""What bars a claim at the counter, and what is only told; all of it in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from claims.selectors import intake as selectors
from claims.selectors.intake_content import Line
from claims.services import intake
from claims.tests import factories as plans
from claims.tests import taking_in
from claims.tests.test_services_intake import enter, refused
from conftest import NOON
from enrollment.models import PayeeAccount
from enrollment.tests import factories
from office.models import Duty
from office.tests.factories import tess

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def ida(appoint):
    """Takes claims in for the county."""
    return appoint("ida", Duty.INTAKE_CLERK)


def told(by, **more) -> list[str]:
    """What is told of a claim that is taken in all the same."""
    asked = taking_in.content(**more)
    look = selectors.look(asked, by=by, at=NOON)
    assert look.faults == []
    assert intake.enter_claim(content=asked, by=by, at=NOON).state == "entered"
    return look.told


class TestRefusing:
    def test_not_covered_on_the_day(self, ida):
        [(field, words)] = refused(ida, admitted_on=date(2009, 12, 20), discharged_on=date(2009, 12, 24))[:1]
        assert field == "member"
        assert words.startswith("马小兰 is not covered on 2009-12-20: ncms begins on 2010-01-01.")

    def test_dead(self, ida):
        who = taking_in.insured()
        who.state, who.state_on = "dead", date(2010, 1, 5)
        who.save()
        assert ("member", "马小兰 died on 2010-01-05, before this admission. Check person and days.") in refused(
            ida, member=who
        )

    def test_covered_by_another_scheme(self, ida):
        who = taking_in.insured()
        other = factories.scheme("residents", insures="person")
        plans.adopted(of=other)
        [(field, words)] = refused(ida, member=who, scheme=other)
        assert field == "scheme"
        assert words == "马小兰 is covered by ncms on 2010-01-11, not by residents."

    def test_discharge_before_admission(self, ida):
        assert ("discharged_on", "The discharge lies before the admission.") in refused(
            ida, discharged_on=date(2010, 1, 10)
        )

    def test_a_discharge_that_has_not_come(self, ida):
        [(field, words)] = refused(ida, discharged_on=date(2010, 3, 2))
        assert field == "discharged_on"
        assert words.startswith("This day has not come yet")

    def test_a_visit_of_several_days(self, ida):
        assert any(words.startswith("A visit is of one day") for _field, words in refused(ida, kind="outpatient"))

    def test_settled_before_the_discharge(self, ida):
        assert refused(ida, settled_on=date(2010, 1, 20))[0][0] == "settled_on"

    @pytest.mark.parametrize(("kind", "delivery"), [("delivery", ""), ("inpatient", "normal")])
    def test_a_delivery_says_which(self, ida, kind, delivery):
        assert refused(ida, kind=kind, delivery=delivery)[0][0] == "delivery"

    def test_list_and_invoices_differ(self, ida):
        [(field, words)] = refused(ida, invoices=[taking_in.bill("1", 2999)])
        assert (field, words) == (
            "invoices",
            "The invoices come to 2,999.00, the list of costs to 3,000.00: they must agree.",
        )

    def test_others_paid_more_than_all(self, ida):
        [(field, words)] = refused(ida, other_payers=Decimal("3000.01"))
        assert (field, words) == ("other_payers", "Others paid 3,000.01, more than the whole cost of 3,000.00.")

    def test_nothing_to_pay_for(self, ida):
        faults = selectors.look(replace(taking_in.content(), lines=[], invoices=[]), by=ida, at=NOON).faults
        assert [one.field for one in faults] == ["lines", "invoices"]

    def test_a_line_of_nothing(self, ida):
        costs = [Line("西药", "A", "drug", Decimal(3000)), Line("床位", "A", "bed", Decimal(0))]
        asked = replace(taking_in.content(), lines=costs)
        assert "lines" in {one.field for one in selectors.look(asked, by=ida, at=NOON).faults}

    def test_the_same_invoice_twice_on_one_claim(self, ida):
        same = taking_in.bill("7", 1500)
        assert refused(ida, invoices=[same, same]) == [("invoices", "Invoice 064001 7 stands here twice.")]

    def test_an_invoice_of_a_day_to_come(self, ida):
        [(field, words)] = refused(ida, invoices=[taking_in.bill("7", on=date(2010, 3, 2))])
        assert (field, words) == ("invoices", "Invoice 064001 7 is of a day to come.")

    def test_an_invoice_that_was_used_names_the_other_claim(self, ida):
        enter(ida)
        other = taking_in.insured("0002", name="李四")
        [(field, words)] = refused(ida, member=other)
        assert field == "invoices"
        assert words.startswith(
            "Invoice 064001 00000001 was used already: claim 20100000001 of 马小兰, taken in on 2010-03-01 (entered)."
        )

    def test_the_same_number_of_another_year_or_kind_is_another_invoice(self, ida):
        enter(ida)
        asked = [taking_in.bill("00000001", 1000, "064002"), taking_in.bill("00000001", 2000, on=date(2009, 12, 31))]
        assert enter(ida, invoices=asked).invoices.count() == len(asked)

    def test_no_plan_for_the_day(self, ida):
        factories.fund_year()
        who = factories.member(factories.household("0009"))
        factories.brought_along(who, factories.FundYear.objects.get())
        [(field, words)] = refused(ida, member=who)
        assert (field, words) == (
            "discharged_on",
            "No benefit plan of ncms is in force on 2010-01-21. The plan must be adopted first.",
        )

    def test_a_plan_that_has_no_answer(self, ida):
        [(field, words)] = refused(ida, kind="outpatient", discharged_on=date(2010, 1, 11))
        assert field is None
        assert words.startswith("The plan gives no answer: ")

    def test_covered_on_admission_but_not_on_the_deciding_day(self, ida):
        who = taking_in.insured()
        who.coverages.update(period=DateRange(date(2010, 1, 1), date(2010, 1, 15)), ended_because="left")
        [(field, words)] = refused(ida, member=who)
        assert field == "discharged_on"
        assert "not on 2010-01-21, the day by which the plan decides" in words

    def test_everything_that_is_wrong_is_said_at_once(self, ida):
        fields = [field for field, _words in refused(ida, delivery="normal", other_payers=Decimal(9999), invoices=[])]
        assert fields == ["delivery", "other_payers", "invoices"]


class TestTelling:
    def test_nothing_of_a_plain_claim(self, ida):
        assert told(ida) == []

    def test_a_stay_over_new_year(self, ida):
        who = taking_in.insured()
        factories.brought_along(who, factories.fund_year(year=2009))
        assert told(ida, member=who, admitted_on=date(2009, 12, 28)) == [
            "The stay runs over new year: it counts in 2010."
        ]

    def test_a_provider_without_an_agreement(self, ida):
        outside = taking_in.provider("H9", "银川某医院", agreed=False, region="outside", level="city", tier=3)
        asked = taking_in.content(provider=outside)
        assert told(ida, provider=outside) == [
            "银川某医院 has no agreement with ncms on 2010-01-21: it is paid as not designated.",
            (
                "No approved referral to 银川某医院 holds on 2010-01-11: the form on paper is needed, and whoever "
                "checks looks at it."
            ),
            "Nobody reported a stay in 银川某医院 from 2010-01-11 on.",
        ]
        assert selectors.look(asked, by=ida, at=NOON).claim.is_designated is False

    def test_a_closed_provider(self, ida):
        closed = taking_in.provider("H8", "旧医院", closed_on=date(2010, 1, 1))
        assert told(ida, provider=closed) == ["旧医院 has been closed since 2010-01-01."]

    def test_no_account_yet(self, ida):
        [words] = told(ida, member=taking_in.insured(has_account=False))
        assert words.startswith("The household has no confirmed payee account")

    def test_a_new_account_waits(self, ida):
        who = taking_in.insured()
        PayeeAccount.objects.create(
            household=who.household,
            holder="x",
            bank="x",
            number="6228480000009999",
            reason="x",
            proposed_by=tess(),
            proposed_at=NOON,
        )
        [words] = told(ida, member=who)
        assert words.startswith("A new payee account of the household waits")

    def test_an_overlapping_stay(self, ida):
        enter(ida)
        [words] = told(ida, invoices=[taking_in.bill("2")], admitted_on=date(2010, 1, 20))
        assert words == ("The days overlap with claim 20100000001: 2010-01-11 to 2010-01-21, 海原县人民医院 (entered).")

    def test_a_transfer_on_the_same_day_does_not_overlap(self, ida):
        enter(ida)
        later = {"admitted_on": date(2010, 1, 21), "discharged_on": date(2010, 1, 25)}
        assert told(ida, invoices=[taking_in.bill("2")], **later) == []

    def test_a_voided_claim_is_none_beside(self, ida):
        intake.void_claim(claim=enter(ida), reason="mistake", by=ida, at=NOON)
        assert told(ida) == []

    def test_death_in_hospital(self, ida):
        who = taking_in.insured()
        who.state, who.state_on = "dead", date(2010, 1, 21)
        who.save()
        assert told(ida, member=who) == []
