"""What people do about leads: who may, what is written, what the claims do; and what the database refuses."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from audit.models import Lead, LeadClaim, LeadHold, LeadNote, Screening
from audit.selectors import leads as selectors
from audit.services import complaints, leads
from audit.services.complaints import Told
from audit.services.leads import CannotDecide
from audit.tests.world import day
from claims.models import Flag
from claims.services import flags, intake
from conftest import NOON, sign_in
from office.models import Act, Duty, StateMove

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


def screening(by=None) -> Screening:
    return Screening.objects.first() or Screening.objects.create(
        first=day(1, 1), last=day(12, 31), screens=["readmission"], asked_by=by, begun_on=day(3, 1), begun_at=NOON
    )


def lead(*claims, **more) -> Lead:
    """A lead about some claims."""
    given = {
        "screen": "readmission",
        "key": f"{Lead.objects.count():064}",
        "screening": screening(),
        "score": 60,
        "money": Decimal(100),
        "figures": {"one": "T1", "other": "T2", "days": 2},
        "found_on": day(3, 1),
        "found_at": NOON,
        **more,
    }
    made = Lead.objects.create(**given)
    LeadClaim.objects.bulk_create(LeadClaim(lead=made, claim=one) for one in claims)
    return made


@pytest.fixture
def claim(world):
    return world.stay(world.person(), day(2, 1), day(2, 8))


class TestDeciding:
    def test_cleared_with_the_reason(self, dan, claim):
        done = leads.clear(lead=lead(claim), reason=" files agree ", by=dan, at=NOON)
        assert (done.state, done.reason, done.decided_by, done.decided_at) == ("cleared", "files agree", dan, NOON)
        assert list(done.notes.values_list("kind", "words", "by")) == [("cleared", "files agree", dan.pk)]
        assert Act.objects.get(name="lead.cleared").reason == "files agree"

    def test_confirmed_is_no_verdict_and_can_be_opened_again(self, dan, claim):
        found = lead(claim)
        leads.confirm(lead=found, reason="beds were empty", by=dan, at=NOON)
        with pytest.raises(CannotDecide, match="confirmed already"):
            leads.clear(lead=found, reason="x", by=dan, at=NOON)
        again = leads.reopen(lead=found, reason="another file", by=dan, at=NOON)
        assert (again.state, again.reason, again.decided_by) == ("open", "", None)
        assert [one.kind for one in again.notes.all()] == ["confirmed", "reopened"]
        with pytest.raises(CannotDecide, match="open already"):
            leads.reopen(lead=found, reason="x", by=dan, at=NOON)

    def test_says_why(self, dan, claim):
        found = lead(claim)
        for service in (leads.clear, leads.confirm):
            with pytest.raises(CannotDecide, match="in words"):
                service(lead=found, reason="  ", by=dan, at=NOON)
        assert not LeadNote.objects.exists()
        assert Act.objects.filter(kind="refused").count() == 2

    def test_a_note_says_what_was_looked_into(self, dan, claim):
        written = leads.note(lead=lead(claim), words="asked the ward", by=dan, at=NOON)
        assert (written.kind, written.words) == ("note", "asked the ward")

    def test_nobody_decides_about_himself(self, dan, world, claim):
        with pytest.raises(CannotDecide, match="about you"):
            leads.clear(lead=lead(claim, clerk=dan), reason="x", by=dan, at=NOON)
        with pytest.raises(CannotDecide, match="about you"):
            leads.confirm(lead=lead(claim), reason="x", by=world.desk.ian, at=NOON)

    def test_nor_about_what_he_decided(self, world):
        claim = world.desk.approved(world.person())
        with pytest.raises(CannotDecide, match="about you"):
            leads.clear(lead=lead(claim), reason="x", by=world.desk.fay, at=NOON)

    def test_without_the_guard_he_would(self, world, claim, monkeypatch):
        monkeypatch.setattr(leads, "_refuse_own", lambda lead, by: None)
        assert leads.clear(lead=lead(claim), reason="x", by=world.desk.ian, at=NOON).state == "cleared"


class TestHolding:
    def test_holds_before_payment_and_lets_go(self, dan, claim):
        found = lead(claim)
        [held] = leads.hold(lead=found, claims=[claim.pk], reason="files first", by=dan, at=NOON)
        assert (held.flag.kind, held.flag.claim) == (Flag.Kind.AUDIT, claim)
        assert str(found) in held.flag.reason
        with pytest.raises(CannotDecide, match="already"):
            leads.hold(lead=found, claims=[claim.pk], reason="x", by=dan, at=NOON)
        assert leads.let_go(lead=found, reason="files agree", by=dan, at=NOON) == 1
        assert not Flag.objects.holding().exists()
        assert [one.kind for one in found.notes.all()] == ["held", "let_go"]
        with pytest.raises(CannotDecide, match="holds no claim"):
            leads.let_go(lead=found, reason="x", by=dan, at=NOON)

    def test_clearing_lets_go_and_confirming_does_not(self, dan, world):
        for service, left in ((leads.clear, 0), (leads.confirm, 1)):
            found = lead(world.stay(world.person(), day(2, 1), day(2, 8)))
            leads.hold(lead=found, claims=leads.numbers_of(found), reason="x", by=dan, at=NOON)
            service(lead=found, reason="x", by=dan, at=NOON)
            assert Flag.objects.holding().count() == left

    def test_a_held_claim_goes_no_further(self, dan, world):
        claim = world.desk.handed_on(world.person())
        leads.hold(lead=lead(claim), claims=[claim.pk], reason="x", by=dan, at=NOON)
        with pytest.raises(Exception, match="held"):
            world.desk.check(claim, world.desk.fay)

    def test_what_cannot_be_held(self, dan, world, claim):
        found, other = lead(claim), world.stay(world.person(), day(2, 1), day(2, 8))
        for wrong in ([], [other.pk], [claim.pk, other.pk]):
            with pytest.raises(CannotDecide, match="Choose claims"):
                leads.hold(lead=found, claims=wrong, reason="x", by=dan, at=NOON)
        intake.void_claim(claim=claim, reason="x", by=world.desk.ian, at=NOON)
        with pytest.raises(CannotDecide, match="Nothing is left to hold"):
            leads.hold(lead=found, claims=[claim.pk], reason="x", by=dan, at=NOON)
        leads.clear(lead=found, reason="void", by=dan, at=NOON)
        with pytest.raises(CannotDecide, match="open it again"):
            leads.hold(lead=found, claims=[claim.pk], reason="x", by=dan, at=NOON)

    def test_a_flag_that_is_not_lifted_keeps_the_lead_open(self, dan, claim, monkeypatch):
        found = lead(claim)
        leads.hold(lead=found, claims=[claim.pk], reason="x", by=dan, at=NOON)

        def refuse(**given):
            raise flags.CannotFlag("not now")

        monkeypatch.setattr(flags, "lift_flag", refuse)
        with pytest.raises(CannotDecide, match="not now"):
            leads.clear(lead=found, reason="x", by=dan, at=NOON)
        found.refresh_from_db()
        assert found.state == "open"


class TestTheDatabase:
    def test_the_moves_are_those_of_the_model(self):
        found = StateMove.objects.filter(table="audit_lead").values_list("before", "after", "outcome")
        assert {(before, after): outcome for before, after, outcome in found} == Lead.MOVES

    @pytest.mark.parametrize(
        "damage",
        [
            "UPDATE audit_lead SET score = 99",
            "UPDATE audit_lead SET figures = '{}'",
            "UPDATE audit_lead SET state = 'cleared'",
            "UPDATE audit_lead SET state = 'gone'",
            "UPDATE audit_leadclaim SET claim_id = claim_id",
            "DELETE FROM audit_lead",
            "DELETE FROM audit_leadclaim",
            "UPDATE audit_screening SET last = '2011-01-01'",
            "UPDATE audit_leadevent SET score = 1",
        ],
    )
    def test_refuses(self, claim, damage):
        lead(claim)
        with pytest.raises(Exception, match=r"about|goes|added to|denied|constraint|go from"), transaction.atomic():
            connection.cursor().execute(damage)

    @pytest.mark.parametrize(
        "wrong",
        [
            {"score": 0},
            {"score": 101},
            {"money": Decimal(-1)},
            {"screen": "complaint"},
            {"screening": None},
            {"state": "cleared"},
        ],
        ids=str,
    )
    def test_refuses_a_lead(self, wrong):
        with pytest.raises(IntegrityError), transaction.atomic():
            lead(**wrong)

    def test_refuses_whom_it_is_about(self, dan, claim):
        found = lead(claim, clerk=dan)
        with pytest.raises(IntegrityError, match="decided_by_another"), transaction.atomic():
            Lead.objects.filter(pk=found.pk).update(state="cleared", reason="x", decided_by=dan, decided_at=NOON)

    def test_keeps_every_state(self, dan, claim):
        found = lead(claim)
        leads.clear(lead=found, reason="x", by=dan, at=NOON)
        states = Lead.pgh_event_model.objects.filter(pgh_obj=found).order_by("pgh_id").values_list("state", flat=True)
        assert list(states) == ["open", "cleared"]

    def test_the_same_hit_twice_is_one_lead(self, claim):
        lead(claim, key="a" * 64)
        with pytest.raises(IntegrityError, match="lead_once"), transaction.atomic():
            lead(claim, key="a" * 64)


class TestShowing:
    def test_the_order_of_the_list_is_the_way_from_one_to_the_next(self, claim):
        low, high = lead(claim, score=40), lead(claim, score=80)
        dear, cheap = lead(claim, money=Decimal(200)), lead(claim, money=Decimal(100))
        lead(claim, state="open", score=60, money=Decimal(100))
        assert selectors.beside(high) == (None, dear)
        assert selectors.beside(dear)[0] == high
        assert selectors.beside(cheap)[0].score == 60
        assert selectors.beside(low)[1] is None

    def test_a_story_in_words(self):
        found = lead(figures={"one": "T1", "other": "T2", "total": "1900.00", "days": 2000}, screen="same_amount")
        assert selectors.story_of(found) == "T1 and T2 both come to 1,900.00 yuan, 2,000 days apart."

    def test_a_story_of_a_complaint(self, dan):
        told = Told("box", "某卫生室", "没有看过病", day(3, 1), is_anonymous=True)
        taken = complaints.take_down(told=told, by=dan, at=NOON)
        found = complaints.point_at(complaint=taken, claims=[], by=dan, at=NOON)
        assert selectors.story_of(found) == f"Complaint {taken.number} points here."
        assert selectors.screen_words(found.screen) == "complaint"

    def test_leads_of_a_claim(self, claim):
        found = lead(claim)
        assert list(selectors.of_claim(claim.pk)) == [found]

    def test_groups(self, world, dan, claim):
        lead(claim, provider=claim.provider, village=claim.member.household.village, clerk=world.desk.ian, doctor="李")
        lead(claim, provider=claim.provider, member=claim.member, score=80)
        leads.clear(lead=lead(claim, provider=claim.provider), reason="x", by=dan, at=NOON)
        leads.confirm(lead=lead(claim, provider=claim.provider), reason="x", by=dan, at=NOON)
        [one] = selectors.grouped("provider")
        assert (one.name, one.opened, one.confirmed, one.highest, one.money) == ("医院P1", 2, 1, 80, 300)
        for kind in selectors.GROUPS:
            assert len(selectors.grouped(kind)) == 1
        assert selectors.grouped("doctor")[0].name == "李"

    def test_claims_side_by_side(self, world, dan):
        who = world.person()
        one, two = world.stay(who, day(2, 1), day(2, 8)), world.stay(who, day(2, 9), day(2, 12), payee_account="62284")
        found = lead(one, two)
        leads.hold(lead=found, claims=[two.pk], reason="x", by=dan, at=NOON)
        sides = selectors.sides_of(found)
        assert [(side.held, side.holding) for side in sides] == [(False, False), (True, True)]
        told = {line.label: line for line in selectors.compared(sides)}
        assert told["patient"].same
        assert not told["admitted on"].same
        assert told["paid to"].values == ["马", "马 **** 2284"]

    def test_every_record_has_a_name(self, dan, claim):
        found = lead(claim)
        [held] = leads.hold(lead=found, claims=[claim.pk], reason="why", by=dan, at=NOON)
        assert str(found) == f"XS{found.pk:06}"
        assert str(found.lead_claims.get()) == f"{found}: {claim}"
        assert str(held) == f"{found}: {held.flag}"
        assert str(found.notes.get()) == "why"
        assert LeadHold.objects.count() == 1


class TestRanking:
    def test_claims_by_rank(self, world):
        one, two, three = (world.stay(world.person(), day(2, 1), day(2, 8)) for _each in range(3))
        strong = lead(one, two, score=60)
        more = lead(two, score=50, screen="elsewhere", figures={"one": "a", "other": "b", "on": "c"})
        lead(three, score=90, is_pointed=False, screen="top_lists")
        found = selectors.ranked()
        assert [(one.claim, one.rank) for one in found] == [(two, 8000), (one, 6000)]
        assert list(found[0].leads) == [strong, more]
        assert [one.claim for one in selectors.ranked(1)] == [two]

    def test_nothing_to_rank(self):
        assert selectors.ranked() == []


def test_the_head_may_look_but_not_decide(client, appoint):
    head = appoint("hugo", Duty.OFFICE_HEAD)
    found = lead()
    browser = sign_in(client, head)
    answer = browser.get(f"/audit/leads/{found.pk}/")
    assert answer.status_code == 200
    assert "lead_decide" not in answer.content.decode()
