"""Adopting a benefit plan: proposed with its paper, decided by somebody else, ending an earlier one."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.backends.postgresql.psycopg_any import DateRange

from claims.models import BenefitPlan
from claims.selectors import plans as selectors
from claims.services import adoption, plans
from claims.services.adoption import CannotPropose
from claims.services.plans import Place
from claims.tests import factories
from claims.tests.factories import BASIC, CRITICAL, later
from conftest import NOON
from enrollment.tests.factories import scheme
from enrollment.tests.test_services_fund_years import PNG
from office import deciding
from office.deciding import CannotWithdraw
from office.models import Act, Duty
from office.services import rounds
from office.services.rounds import CannotVote
from office.tests.factories import shown_by

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def fay(appoint):
    """Keeps the books, and enters what the county's papers say."""
    return appoint("fay", Duty.FUND_ACCOUNTANT)


@pytest.fixture
def hal(appoint):
    """Heads the office."""
    return appoint("hal", Duty.OFFICE_HEAD)


def scan(name: str = "88.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PNG)


def complete(fay, text: str = BASIC, position: int = 1, ends: BenefitPlan | None = None) -> BenefitPlan:
    """A draft that lacks nothing."""
    place = Place(scheme(), position, ends)
    drafted = plans.draft_plan(text=text, place=place, by=fay, at=NOON)
    plans.note_paper(plan=drafted, number="测政发〔2009〕88号", day=date(2009, 12, 1), scan=scan(), by=fay, at=NOON)
    doubts = selectors.doubts_of(drafted)
    plans.accept_doubts(
        plan=drafted, reasons={(one.path, one.zh): "as the paper has it" for one in doubts}, by=fay, at=NOON
    )
    drafted.refresh_from_db()
    return drafted


def vote(opened, by, choice: str = "approve"):
    return rounds.vote(
        round=opened, choice=choice, hash_seen=opened.subject_hash, by=by, at=NOON, proof=shown_by(by), reason="x"
    )


def adopt(plan: BenefitPlan, fay, hal) -> BenefitPlan:
    vote(adoption.propose(plan=plan, by=fay, at=NOON), hal)
    plan.refresh_from_db()
    return plan


class TestProposing:
    def test_waits_for_somebody_else(self, fay):
        plan = complete(fay)
        opened = adoption.propose(plan=plan, by=fay, at=NOON)
        plan.refresh_from_db()
        assert (plan.state, opened.duties) == ("proposed", [Duty.OFFICE_HEAD, Duty.ACCOUNTING_HEAD])
        assert Act.objects.get(name="benefit-plan.proposed").facts["code"] == "test-ncms"

    def test_needs_paper_scan_and_reasons(self, fay, monkeypatch):
        drafted = plans.draft_plan(text=BASIC, place=Place(scheme()), by=fay, at=NOON)
        with pytest.raises(CannotPropose, match=r"number and date.*scan"):
            adoption.propose(plan=drafted, by=fay, at=NOON)
        drafted.refresh_from_db()
        assert drafted.state == "draft"

    def test_every_doubt_needs_its_reason(self, fay):
        text = BASIC.replace("      - {when: {tier: 3}, ratio: 0.45}\n", "")
        drafted = plans.draft_plan(text=text, place=Place(scheme()), by=fay, at=NOON)
        plans.note_paper(plan=drafted, number="1", day=date(2009, 12, 1), scan=scan(), by=fay, at=NOON)
        assert selectors.doubts_of(drafted)
        with pytest.raises(CannotPropose, match="every doubt"):
            adoption.propose(plan=drafted, by=fay, at=NOON)

    def test_is_proposed_once(self, fay):
        plan = complete(fay)
        adoption.propose(plan=plan, by=fay, at=NOON)
        with pytest.raises(CannotPropose, match="being decided already"):
            adoption.propose(plan=plan, by=fay, at=NOON)

    def test_what_was_withdrawn_is_not_proposed(self, fay):
        plan = complete(fay)
        adoption.withdraw(plan=plan, by=fay, at=NOON)
        with pytest.raises(CannotPropose, match="no draft: it is withdrawn"):
            adoption.propose(plan=plan, by=fay, at=NOON)

    def test_what_was_deferred_is_proposed_again(self, fay, hal):
        plan = complete(fay)
        vote(adoption.propose(plan=plan, by=fay, at=NOON), hal, "abstain")
        plan.refresh_from_db()
        assert plan.state == "proposed"
        adoption.propose(plan=plan, by=fay, at=NOON)
        assert deciding.rounds_of(plan).count() == 2


class TestDeciding:
    def test_adopted_it_lays_down_what_is_paid(self, fay, hal):
        plan = adopt(complete(fay), fay, hal)
        assert plan.state == "adopted"
        assert selectors.applying_on(plan.scheme, date(2010, 12, 31)) == [plan]
        assert selectors.applying_on(plan.scheme, date(2011, 1, 1)) == []
        assert Act.objects.get(name="benefit-plan.decided").facts["outcome"] == "approved"

    @pytest.mark.parametrize(("choice", "state"), [("refuse", "refused"), ("return", "draft"), ("abstain", "proposed")])
    def test_otherwise(self, fay, hal, choice, state):
        plan = complete(fay)
        vote(adoption.propose(plan=plan, by=fay, at=NOON), hal, choice)
        plan.refresh_from_db()
        assert plan.state == state

    def test_nobody_decides_what_he_drafted(self, appoint, hal):
        both = appoint("kim", Duty.ACCOUNTING_HEAD)
        plan = complete(both)
        with pytest.raises(CannotVote, match="made himself"):
            vote(adoption.propose(plan=plan, by=both, at=NOON), both)

    def test_nor_what_he_had_a_hand_in(self, fay, hal):
        plan = complete(fay)
        plans.note_paper(plan=plan, number="测政发〔2009〕89号", day=date(2009, 12, 1), by=hal, at=NOON)
        with pytest.raises(CannotVote, match="concerns himself"):
            vote(adoption.propose(plan=plan, by=fay, at=NOON), hal)

    def test_a_vote_is_about_document_paper_and_scan(self, fay):
        plan = complete(fay)
        content = adoption.content(plan)
        assert content["text"] == plan.text
        assert content["paper"] == "测政发〔2009〕88号"
        assert any(name.startswith("scan:") for name in content)
        before = dict(content)
        plans.note_paper(
            plan=plan, number="测政发〔2009〕88号", day=date(2009, 12, 1), scan=scan("2.png"), by=fay, at=NOON
        )
        assert adoption.content(plan) != before

    def test_a_voter_reads_what_it_rests_on_and_what_it_ends(self, fay, hal):
        first = adopt(complete(fay), fay, hal)
        second = complete(fay, later(BASIC, "2010-07-01", "2010-12-31"), ends=first)
        told = dict(adoption.rows(second))
        assert told["paper"] == "测政发〔2009〕88号 (2009-12-01)"
        assert told["ends earlier"].startswith(f"{first}: 2010-01-01")
        assert dict(adoption.rows(factories.draft(paper_number="", paper_date=None)))["paper"] == ""


class TestWithdrawing:
    def test_whoever_drafted_takes_it_back(self, fay):
        plan = complete(fay)
        adoption.propose(plan=plan, by=fay, at=NOON)
        adoption.withdraw(plan=plan, by=fay, at=NOON)
        plan.refresh_from_db()
        assert plan.state == "withdrawn"
        assert deciding.rounds_of(plan).get().state == "void"

    def test_nobody_else(self, fay, hal):
        with pytest.raises(CannotWithdraw, match="Whoever drafted it"):
            adoption.withdraw(plan=complete(fay), by=hal, at=NOON)

    def test_not_what_was_decided(self, fay, hal):
        plan = adopt(complete(fay), fay, hal)
        with pytest.raises(CannotWithdraw, match="decided already"):
            adoption.withdraw(plan=plan, by=fay, at=NOON)

    def test_on_the_page_of_decisions_too(self, fay):
        plan = complete(fay)
        adoption.propose(plan=plan, by=fay, at=NOON)
        deciding.matter_of("claims.benefitplan").withdraw(plan, fay, NOON)
        plan.refresh_from_db()
        assert plan.state == "withdrawn"


class TestEndingEarlier:
    SECOND = later(BASIC, "2010-07-01", "2010-12-31")

    def test_the_earlier_one_keeps_the_days_before(self, fay, hal):
        first = adopt(complete(fay), fay, hal)
        second = adopt(complete(fay, self.SECOND, ends=first), fay, hal)
        first.refresh_from_db()
        assert first.applies == DateRange(date(2010, 1, 1), date(2010, 7, 1))
        assert first.in_force == DateRange(date(2010, 1, 1), date(2011, 1, 1))
        assert (first.is_cut, second.is_cut) == (True, False)
        assert [selectors.applying_on(first.scheme, day) for day in (date(2010, 6, 30), date(2010, 7, 1))] == [
            [first],
            [second],
        ]
        assert Act.objects.get(name="benefit-plan.ended").facts["successor"] == second.pk

    def test_nothing_is_left_of_one_that_is_replaced_from_its_first_day(self, fay, hal):
        first = adopt(complete(fay), fay, hal)
        second = adopt(complete(fay, BASIC.replace("0.85", "0.80"), ends=first), fay, hal)
        first.refresh_from_db()
        assert first.applies.isempty
        assert selectors.applying_on(first.scheme, date(2010, 3, 1)) == [second]

    def test_nothing_ends_before_the_vote(self, fay, hal):
        first = adopt(complete(fay), fay, hal)
        opened = adoption.propose(plan=complete(fay, self.SECOND, ends=first), by=fay, at=NOON)
        first.refresh_from_db()
        assert not first.is_cut
        vote(opened, hal, "refuse")
        first.refresh_from_db()
        assert not first.is_cut

    def test_it_must_be_named(self, fay, hal):
        first = adopt(complete(fay), fay, hal)
        with pytest.raises(CannotPropose, match="name it as the one that is ended"):
            adoption.propose(plan=complete(fay, self.SECOND), by=fay, at=NOON)
        first.refresh_from_db()
        assert not first.is_cut

    def test_one_that_has_none_of_the_days_is_not_ended(self, fay, hal):
        first = adopt(complete(fay), fay, hal)
        second = complete(fay, later(BASIC, "2011-01-01", "2011-12-31"), ends=first)
        with pytest.raises(CannotPropose, match="none of these days"):
            adoption.propose(plan=second, by=fay, at=NOON)

    def test_no_days_are_left_without_a_plan(self, fay, hal):
        first = adopt(complete(fay), fay, hal)
        second = complete(fay, later(BASIC, "2010-07-01", "2010-09-30"), ends=first)
        with pytest.raises(CannotPropose, match="some days would have none"):
            adoption.propose(plan=second, by=fay, at=NOON)

    def test_one_without_an_end_is_ended_by_one_without_an_end(self, fay, hal):
        endless = BASIC.replace(", through: 2010-12-31", "")
        first = adopt(complete(fay, endless), fay, hal)
        bounded = complete(fay, self.SECOND, ends=first)
        with pytest.raises(CannotPropose, match="some days would have none"):
            adoption.propose(plan=bounded, by=fay, at=NOON)
        adoption.withdraw(plan=bounded, by=fay, at=NOON)
        second = adopt(complete(fay, endless.replace("2010-01-01", "2011-01-01"), ends=first), fay, hal)
        first.refresh_from_db()
        assert (first.applies.upper, second.applies.upper) == (date(2011, 1, 1), None)

    def test_only_one_of_its_own_place(self, fay, hal):
        first = adopt(complete(fay), fay, hal)
        second = complete(fay, later(CRITICAL, "2010-07-01", "2010-12-31"), position=2, ends=first)
        with pytest.raises(CannotPropose, match="its own place"):
            adoption.propose(plan=second, by=fay, at=NOON)

    def test_what_came_between_takes_the_vote_back(self, fay, hal):
        first = complete(fay)
        opened = adoption.propose(plan=first, by=fay, at=NOON)
        other = adopt(complete(fay, BASIC.replace("test-ncms", "other-ncms")), fay, hal)
        with pytest.raises(CannotVote, match="has days of this plan"):
            vote(opened, hal)
        first.refresh_from_db()
        assert (first.state, other.state) == ("proposed", "adopted")
        assert opened.votes.count() == 0
