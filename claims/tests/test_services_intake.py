"""Taking claims in: what is written at once, what is refused in words, what is only told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext

from claims.models import Claim, ClaimsRound, Flag, Invoice, ListedDisease
from claims.rules import papers as paper_rules
from claims.selectors import intake as selectors
from claims.selectors.intake import Line
from claims.services import intake
from claims.services.intake import CannotEnter, CannotHandOn, CannotVoid
from claims.tests import factories as plans
from claims.tests import taking_in
from conftest import NOON
from enrollment.models import PayeeAccount
from enrollment.tests import factories
from office.models import Act, Body, Duty
from office.tests.factories import tess

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

DAYS = taking_in.YEAR


@pytest.fixture
def ida(appoint):
    """Takes claims in for the county."""
    return appoint("ida", Duty.INTAKE_CLERK)


def enter(by, **more) -> Claim:
    return intake.enter_claim(content=taking_in.content(**more), by=by, at=NOON)


def refused(by, **more) -> list[tuple[str | None, str]]:
    """Why a claim was not taken in; nothing of it is there."""
    asked = taking_in.content(**more)
    before = Claim.objects.count()
    with pytest.raises(CannotEnter) as refusal:
        intake.enter_claim(content=asked, by=by, at=NOON)
    assert Claim.objects.count() == before
    assert Act.objects.filter(kind=Act.Kind.REFUSED, name="claim.entered").exists()
    return [(one.field, one.sentence) for one in refusal.value.faults]


def told(by, **more) -> list[str]:
    """What is told of a claim that is taken in all the same."""
    asked = taking_in.content(**more)
    look = selectors.look(asked, by=by, at=NOON)
    assert look.faults == []
    assert intake.enter_claim(content=asked, by=by, at=NOON).state == "entered"
    return look.told


class TestEntering:
    def test_a_claim_with_everything_of_it(self, ida):
        claim = enter(ida, lines=3, department="内科", hospital_number="ZY1", phone="0955")
        claim.refresh_from_db()
        assert (claim.number, claim.state, claim.content_version) == ("20100000001", "entered", 1)
        assert (claim.total, claim.proposed) == (3000, Decimal("1420.00"))  # (3000 - 160) x 50 %
        assert (claim.tier, claim.level, claim.region, claim.is_designated) == (2, "county", "county", True)
        assert (claim.payee_name, claim.payee_relation, claim.payee_account) == ("马小兰", "self", "6228480000001234")
        assert claim.route == ["first_check", "second_check"]
        assert (claim.entered_on, claim.entered_by, claim.scheme.code) == (date(2010, 3, 1), ida, "ncms")
        assert [one.position for one in claim.lines.all()] == [1, 2, 3]
        assert [str(one) for one in claim.invoices.all()] == ["064001 00000001"]
        needed = {"id_card", "card", "invoice", "fee_list", "discharge_summary", "diagnosis_proof", "bank_book"}
        assert set(claim.papers.values_list("paper", flat=True)) == needed
        act = Act.objects.get(name="claim.entered")
        assert (act.duty, act.facts["number"], act.facts["proposed"]) == ("intake_clerk", "20100000001", "1420.00")

    def test_numbers_of_a_year_follow_one_another(self, ida):
        taking_in.insured()
        numbers = [enter(ida, invoices=[taking_in.bill(f"{count:08}")]).number for count in range(3)]
        refused(ida, invoices=[taking_in.bill("00000000")])
        numbers.append(enter(ida, invoices=[taking_in.bill("00000009")]).number)
        assert numbers == ["20100000001", "20100000002", "20100000003", "20100000004"]

    @pytest.mark.parametrize("lines", [6, 20, 100])
    def test_as_many_statements_for_a_hundred_lines_as_for_six(self, ida, lines):
        asked = taking_in.content(lines=lines)
        with CaptureQueriesContext(connection) as seen:
            intake.enter_claim(content=asked, by=ida, at=NOON)
        said = [one["sql"] for one in seen.captured_queries if not one["sql"].startswith(("SAVEPOINT", "RELEASE"))]
        assert len(said) == STATEMENTS, "\n".join(said)

    def test_the_payee_is_a_copy(self, ida):
        claim = enter(ida)
        PayeeAccount.objects.update(state="replaced")
        claim.refresh_from_db()
        assert claim.payee_account == "6228480000001234"

    def test_an_account_of_another_member_is_the_households(self, ida):
        who = taking_in.insured(has_account=False)
        taking_in.pay_to(who.household, "马大山")
        claim = enter(ida, member=who)
        assert (claim.payee_name, claim.payee_relation) == ("马大山", "household")

    def test_the_group_of_diseases_is_that_of_the_list(self, ida):
        ListedDisease.objects.create(
            scheme=factories.scheme(), kind="serious", disease=taking_in.disease(), group="serious_class_1",
            period=DAYS, document="x", changed_by=tess(), changed_at=NOON,
        )  # fmt: skip
        assert enter(ida).disease_group == "serious_class_1"


#: Of which the last seven write: the lock, the number, claim, lines, invoices, papers, the act.
STATEMENTS = 24


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
            "银川某医院 has no agreement with ncms on 2010-01-21: it is paid as not designated."
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


class TestWhere:
    def test_a_hospital_takes_in_its_own_patients_alone(self, appoint):
        body = Body.objects.create(code="H1", name="县医院", kind=Body.Kind.HOSPITAL)
        desk = appoint("hal", Duty.HOSPITAL_DESK, body=body)
        own = taking_in.provider(body=body)
        other = taking_in.provider("H2", "中医院")
        assert enter(desk, provider=own).body == body
        [(field, words)] = refused(desk, provider=other, invoices=[taking_in.bill("2")])
        assert (field, words) == ("provider", "A hospital's desk takes in its own patients' claims alone.")

    def test_a_station_takes_in_its_townships_people_alone(self, appoint):
        body = Body.objects.create(code="T1", name="海城镇站", kind=Body.Kind.TOWNSHIP_STATION)
        clerk = appoint("tia", Duty.INTAKE_CLERK, body=body)
        here = factories.division("640522101201", station=body)
        here.parent.station = body
        here.parent.save()
        away = taking_in.insured()
        home = taking_in.insured("0002")
        home.household.village = here
        home.household.save()
        assert enter(clerk, member=home).body == body
        [(field, words)] = refused(clerk, member=away, invoices=[taking_in.bill("2")])
        assert (field, words) == ("member", "This person is not among those whom your office serves.")

    def test_whoever_has_no_such_duty_takes_nothing_in(self, ben):
        assert refused(ben) == [(None, "You take no claims in today.")]

    def test_each_desk_sees_its_own_claims(self, ida, appoint):
        body = Body.objects.create(code="H1", name="县医院", kind=Body.Kind.HOSPITAL)
        desk = appoint("hal", Duty.HOSPITAL_DESK, body=body)
        mine = enter(desk, provider=taking_in.provider(body=body))
        theirs = enter(ida, invoices=[taking_in.bill("2")])
        assert list(Claim.objects.visible_to(desk)) == [mine]
        assert list(Claim.objects.visible_to(ida).order_by("pk")) == [mine, theirs]
        with pytest.raises(CannotEnter, match="taken in at another desk"):
            intake.change_claim(claim=theirs, content=taking_in.content(), seen=1, by=desk, at=NOON)
        with pytest.raises(CannotVoid, match="taken in at another desk"):
            intake.void_claim(claim=theirs, reason="x", by=desk, at=NOON)
        with pytest.raises(CannotHandOn, match="taken in at another desk"):
            intake.hand_on(claim=theirs, seen=1, by=desk, at=NOON)


class TestChanging:
    def change(self, claim, by, seen=1, **more):
        return intake.change_claim(claim=claim, content=taking_in.content(**more), seen=seen, by=by, at=NOON)

    def test_a_new_version_frees_the_old_invoices(self, ida):
        claim = enter(ida)
        changed = self.change(claim, ida, invoices=[taking_in.bill("2")], department="外科")
        changed.refresh_from_db()
        assert (changed.pk, changed.number, changed.content_version) == (claim.pk, claim.number, 2)
        assert changed.department == "外科"
        assert [(one.number, one.version, one.is_live) for one in claim.invoices.all()] == [
            ("00000001", 1, False),
            ("2", 2, True),
        ]
        assert [one.version for one in claim.lines.order_by("pk")] == [1, 2]
        assert enter(ida).number == "20100000002"

    def test_its_own_invoice_is_no_double(self, ida):
        changed = self.change(enter(ida), ida, is_referred=False)
        assert changed.invoices.filter(is_live=True).get().version == changed.content_version

    def test_of_another_ones_invoice_it_is(self, ida):
        enter(ida)
        second = enter(ida, invoices=[taking_in.bill("2")])
        with pytest.raises(CannotEnter, match="was used already: claim 20100000001"):
            self.change(second, ida)
        second.refresh_from_db()
        assert second.content_version == 1

    def test_a_page_that_is_no_longer_true(self, ida):
        claim = enter(ida)
        self.change(claim, ida, phone="1")
        with pytest.raises(CannotEnter, match="changed this claim meanwhile"):
            self.change(claim, ida, phone="2")

    def test_not_what_is_being_checked(self, ida):
        claim = enter(ida)
        intake.hand_on(claim=claim, seen=1, by=ida, at=NOON)
        with pytest.raises(CannotEnter, match="not with intake any more: in first check"):
            self.change(claim, ida)

    def test_earlier_versions_are_kept(self, ida):
        claim = enter(ida)
        self.change(claim, ida, phone="1")
        kept = Claim.pgh_event_model.objects.filter(pgh_obj_id=claim.pk).order_by("pgh_id")
        assert [one.content_version for one in kept] == [1, 2]


class TestHandingOn:
    def test_opens_the_first_check(self, ida):
        claim = enter(ida)
        opened = intake.hand_on(claim=claim, seen=1, by=ida, at=NOON)
        claim.refresh_from_db()
        assert (claim.state, opened.step, opened.maker) == ("first_check", "first_check", ida)
        assert ClaimsRound.objects.get(subject_id=str(claim.pk)) == opened

    def test_not_while_papers_are_missing_and_all_are_named(self, ida):
        claim = enter(ida, papers=taking_in.ALL_PAPERS - {"invoice", "fee_list"})
        with pytest.raises(CannotHandOn, match="Papers are missing: original invoices、list of costs"):
            intake.hand_on(claim=claim, seen=1, by=ida, at=NOON)
        claim.refresh_from_db()
        assert claim.state == "entered"
        assert intake.missing_of(claim) == ["invoice", "fee_list"]

    def test_once(self, ida):
        claim = enter(ida)
        intake.hand_on(claim=claim, seen=1, by=ida, at=NOON)
        with pytest.raises(CannotHandOn, match="not with intake any more"):
            intake.hand_on(claim=claim, seen=1, by=ida, at=NOON)

    def test_not_what_somebody_changed(self, ida):
        with pytest.raises(CannotHandOn, match="changed this claim meanwhile"):
            intake.hand_on(claim=enter(ida), seen=2, by=ida, at=NOON)


class TestVoiding:
    def test_frees_the_invoices(self, ida):
        claim = enter(ida)
        intake.void_claim(claim=claim, reason="entered twice", by=ida, at=NOON)
        claim.refresh_from_db()
        assert claim.state == "void"
        assert not Invoice.objects.filter(is_live=True).exists()
        assert enter(ida).number == "20100000002"

    def test_ends_the_round_of_one_that_is_being_checked(self, ida):
        claim = enter(ida)
        opened = intake.hand_on(claim=claim, seen=1, by=ida, at=NOON)
        intake.void_claim(claim=claim, reason="taken back", by=ida, at=NOON)
        opened.refresh_from_db()
        assert (opened.state, opened.void_reason) == ("void", "taken back")

    def test_says_why(self, ida):
        with pytest.raises(CannotVoid, match="Say why"):
            intake.void_claim(claim=enter(ida), reason=" ", by=ida, at=NOON)

    def test_not_twice(self, ida):
        claim = enter(ida)
        intake.void_claim(claim=claim, reason="x", by=ida, at=NOON)
        with pytest.raises(CannotVoid, match="not with intake any more: void"):
            intake.void_claim(claim=claim, reason="x", by=ida, at=NOON)

    def test_not_what_is_held(self, ida):
        claim = enter(ida)
        Flag.objects.create(claim=claim, kind="audit", reason="lead", set_by=tess(), set_at=NOON)
        with pytest.raises(CannotVoid, match="is held"):
            intake.void_claim(claim=claim, reason="x", by=ida, at=NOON)


class TestDatabase:
    def test_one_invoice_serves_one_living_claim(self, ida):
        enter(ida)
        other = enter(ida, invoices=[taking_in.bill("2")])
        with pytest.raises(IntegrityError, match="invoice_serves_one_claim"), transaction.atomic():
            Invoice.objects.create(
                claim=other, version=1, type_code="064001", number="00000001", year=2010,
                issued_on=date(2010, 1, 21), amount=1,
            )  # fmt: skip

    def test_a_claim_is_the_sum_of_its_lines_and_of_its_invoices(self, ida):
        claim = enter(ida)
        connection.check_constraints()
        with pytest.raises(IntegrityError, match="new version of the same claim"), transaction.atomic():
            Claim.objects.filter(pk=claim.pk).update(total=2000)


class TestPapers:
    def test_of_a_stay_outside_on_referral(self):
        outside = paper_rules.facts_of(
            kind="inpatient", region="outside", is_referred=True, is_emergency=False, ground="referred"
        )
        assert "referral" in {one.code for one in paper_rules.needed(outside, date(2010, 1, 1))}
        inside = outside | {"region": "county"}
        assert "referral" not in {one.code for one in paper_rules.needed(inside, date(2010, 1, 1))}
