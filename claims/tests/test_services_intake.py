"""Taking claims in: what is written at once, what is refused in words, what is only told."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from claims.models import Claim, ClaimsRound, Flag, Invoice, ListedDisease
from claims.rules import papers as paper_rules
from claims.rules.evaluation import CannotAssess
from claims.services import checking, intake
from claims.services.intake import CannotEnter, CannotHandOn, CannotVoid
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
STATEMENTS = 16


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

    def test_whoever_wrote_an_earlier_version_decides_nothing_of_the_claim(self, ida, appoint):
        ivy = appoint("ivy", Duty.INTAKE_CLERK)
        claim = enter(ida)
        changed = self.change(claim, ivy, phone="1")
        intake.hand_on(claim=changed, seen=2, by=ivy, at=NOON)
        changed.refresh_from_db()
        assert {ida.pk, ivy.pk} <= set(checking.round_of(changed).barred)

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

    def test_what_no_plan_values_any_more_waits(self, ida, monkeypatch):
        claim = enter(ida)

        def nothing(claim):
            raise CannotAssess("claim.discharged", "no_plan_at_all", day=claim.discharged_on)

        monkeypatch.setattr(intake.valuing, "valued", nothing)
        with pytest.raises(CannotHandOn, match="No benefit plan is in force"):
            intake.hand_on(claim=claim, seen=1, by=ida, at=NOON)
        claim.refresh_from_db()
        assert claim.state == "entered"

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

    def test_not_what_is_held(self, ida):
        claim = enter(ida)
        Flag.objects.create(claim=claim, kind="audit", reason="lead", set_by=tess(), set_at=NOON)
        with pytest.raises(CannotHandOn, match="This claim is held: lead"):
            intake.hand_on(claim=claim, seen=1, by=ida, at=NOON)
        claim.refresh_from_db()
        assert claim.state == "entered"

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
