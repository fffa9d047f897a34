"""After the demo is made work waits for whoever works with claims, and on every worklist that there is."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest

from claims.models import (
    Appeal,
    AppealGrant,
    BulkDocument,
    BulkRow,
    Claim,
    Flag,
    Limit,
    Objection,
    PublicityList,
    SampleCheck,
    Settlement,
    StatisticsSheet,
    Verification,
)
from claims.rules import statistics
from claims.selectors import checking, meetings
from conftest import NOON
from demo import county, enrolled, signins
from demo.tests.meetings import assert_the_committee_has_met_and_is_called
from demo.tests.test_county import claims_wait_in_every_early_state
from enrollment.models import Scheme
from funds.models import ProviderPayment, SecondAppeal, SecondRun
from funds.rules import indicators
from funds.selectors import indicators as figures
from office import deciding, desk, jobs
from office.models import Appointment, Duty, Job, Person

pytestmark = pytest.mark.django_db

LATER = NOON.replace(year=2026, month=11)  # a year in which cards that an earlier panel gave are reviewed

#: What waits for whom, by the name of the worklist.
WAITS = {
    Duty.SYSTEM_ADMINISTRATOR: {"office.calendar", "office.jobs"},
    Duty.SECURITY_ADMINISTRATOR: {"office.rounds"},
    Duty.TOWNSHIP_CLERK: {
        "claims.applications",
        "claims.beds",
        "claims.documents-to-finish",
        "claims.injuries",
        "claims.objections-overdue",
        "claims.publicity-late",
        "claims.publicity-to-post",
        "claims.reviews",
        "enrollment.receipts",
        "enrollment.reminders",
    },
    Duty.HOSPITAL_DESK: {"claims.documents-to-finish", "claims.intake"},
    Duty.VILLAGE_DOCTOR: {"claims.documents-to-finish", "claims.intake"},
    Duty.INTAKE_CLERK: {"claims.documents-to-finish", "claims.intake"},
    Duty.FIRST_CHECKER: {
        "claims.applications",
        "claims.beds",
        "claims.checks",
        "claims.documents-to-sample",
        "claims.injuries",
        "claims.objections",
        "claims.panel",
        "claims.reviews",
        "claims.rounds",
        "claims.verification",
        "enrollment.rounds",
    },
    Duty.SECOND_CHECKER: {"claims.checks", "claims.documents-to-decide", "claims.objections", "claims.rounds"},
    Duty.OFFICE_HEAD: {
        "audit.findings-to-answer",
        "audit.rectifications-to-do",
        "claims.beds",
        "claims.checks",
        "claims.rounds",
        "enrollment.rounds",
        "funds.rounds",
        "office.rounds",
    },
    Duty.COMMITTEE_MEMBER: {"claims.sheets"},
    Duty.COMMITTEE_CHAIR: {"claims.sheets"},
    Duty.COMMITTEE_SECRETARY: {
        "claims.appeals-to-answer",
        "claims.for-committee",
        "claims.meetings",
        "claims.notices-to-issue",
        "claims.notices-to-serve",
        "claims.publicity-to-end",
    },
    Duty.FUND_ACCOUNTANT: {
        "claims.documents-to-settle",
        "claims.drafts",
        "funds.batches-to-ask",
        "funds.months-to-close",
        "funds.requests-to-arrive",
        "funds.second-runs",
        "funds.settlements-to-pay",
        "funds.to-bring-in",
        "funds.to-match",
        "funds.to-pay",
        "funds.to-reconcile",
        "funds.vouchers-back",
        "funds.years-to-assess",
    },
    Duty.INTERNAL_AUDITOR: {
        "audit.complaints",
        "audit.findings-to-close",
        "audit.findings-to-settle",
        "audit.leads",
        "audit.rectifications-overdue",
        "audit.rectifications-to-check",
        "audit.reports-to-issue",
        "audit.sample-items",
        "audit.samples",
    },
    Duty.STATE_AUDITOR: {
        "audit.findings-to-settle",
        "audit.papers-to-check",
        "audit.rectifications-to-check",
        "audit.sample-looks",
    },
    Duty.ACCOUNTING_HEAD: {
        "audit.rectifications-to-do",
        "claims.rounds",
        "enrollment.rounds",
        "funds.rounds",
        "funds.second-appeals",
        "funds.slips",
        "funds.to-count-along",
        "funds.vouchers-to-check",
    },
    Duty.CASHIER: {
        "funds.answers-doubtful",
        "funds.batches-to-pay-out",
        "funds.batches-to-send",
        "funds.payments-unknown",
    },
    Duty.FINANCE_REVIEWER: {"funds.rounds"},
}


@pytest.fixture
def demo(db, monkeypatch) -> None:
    """The demo with three thousandths of the county's people, after its first minutes."""
    monkeypatch.setattr(enrolled, "SCALE", 0.003)
    assert county.load(LATER)
    jobs.run(Job.objects.get(name="office.tasks.bring_in_notice").pk)


def test_work_waits_for_every_duty_and_claims_in_every_step(demo):
    assert_every_worklist_has_something()
    assert_every_step_has_claims()
    assert_hospitals_are_asked()
    assert_some_are_over()
    assert_some_is_in_public_and_on_appeal()
    assert_registers_and_lists_stand_in_every_stage()
    assert_a_sheet_is_made_and_corrected()
    assert_the_year_before_left_something_to_give()
    assert_the_funds_figures_are_plausible()
    claims_wait_in_every_early_state()
    assert_the_committee_has_met_and_is_called(LATER.date())


#: What waits only where something is wrong with the house itself.
EMPTY_WHERE_ALL_IS_WELL = {"audit.sealing", "audit.faults"}


def assert_every_worklist_has_something() -> None:
    """By duty and name, of those with whom the sign-in page lets one sign in."""
    found: dict[str, set[str]] = {}
    shown: set[str] = set()
    known = {one.username for one in signins.shown()}
    for one in Appointment.objects.filter(person__username__in=known).select_related("person"):
        shown |= {each.name for each in desk.worklists_of(one.person)}
        waiting = desk.waiting_for(one.person, LATER.date())
        found.setdefault(one.duty, set()).update(each.worklist.name for each in waiting)
    for duty, names in WAITS.items():
        assert names <= found[duty], duty
    assert shown - EMPTY_WHERE_ALL_IS_WELL == {name for names in WAITS.values() for name in names}


def assert_every_step_has_claims() -> None:
    day = LATER.date()
    steps = {name: checking.waiting_for(_person(name), day) for name in ("first", "second", "head")}
    assert {name: found.count() for name, found in steps.items()} == {"first": 12, "second": 6, "head": 2}
    assert len(checking.small(list(steps["first"]))) >= 3
    assert len(checking.small(list(steps["second"]))) >= 3
    assert {one.scheme.code for one in meetings.waiting_claims()} == {"employees", "ncms"}
    large = Claim.objects.get(scheme__code="employees", body__code="640522-haicheng")
    assert (large.proposed, large.body.code) == (Decimal(37170), "640522-haicheng")
    assert large.route == ["first_check", "verification", "second_check", "head", "committee"]
    [held] = Flag.objects.holding().filter(kind=Flag.Kind.OFFICE)
    assert held.claim.state == "second_check"
    assert deciding.rounds_of(Limit.objects.get(state="proposed")).get().state == "open"


def assert_hospitals_are_asked() -> None:
    """One has not been asked, one answered a call and owes a letter's answer, one let a letter's deadline pass; of one
    that is written down, and the claim is before the committee."""
    asked = Verification.objects.filter(claim__state="verification")
    late = asked.get(outcome="", deadline_on__lt=LATER.date())
    both = asked.get(outcome="", deadline_on__gt=LATER.date()).claim
    assert late.claim.verifications.filter(outcome="no_answer", way="phone").exists()
    assert both.verifications.filter(outcome="genuine").exists()
    assert Claim.objects.filter(state="verification").count() == asked.values("claim").distinct().count() + 1
    silent = Verification.objects.get(outcome="no_answer", way="letter").claim
    assert silent.state == "committee"


def assert_some_are_over() -> None:
    """Refused with a reason, come back, granted and waiting for publicity or payment, taken back."""
    states = Counter(Claim.objects.values_list("state", flat=True))
    assert {name: states[name] for name in ("refused", "returned", "approved", "payable", "void")} == {
        "refused": 2,
        "returned": 2,
        "approved": 3,
        "payable": 17,
        "void": 2,
    }
    assert Counter(Claim.objects.filter(state="approved").values_list("kind", flat=True)) == {
        "injury": 1,
        "inpatient": 2,
    }
    taken_back = Claim.objects.get(state="void", approval__isnull=False)
    assert taken_back.approval.reversal.reason
    assert {one.provider.region for one in Claim.objects.select_related("provider")} == {"county", "outside"}
    assert {one.scheme.code for one in Claim.objects.select_related("scheme")} == {"ncms", "residents", "employees"}


def assert_some_is_in_public_and_on_appeal() -> None:
    """Lists to post, one late, one to end whose claim an objection holds; an appeal to decide, one won and not paid."""
    lists = Counter(PublicityList.objects.values_list("state", "timing"))
    assert (lists["posted", "before"], lists["posted", "after"]) == (1, 1)
    assert lists["made", "after"] >= 1
    assert [one.flag is not None for one in Objection.objects.order_by("pk")] == [True, False]
    assert Counter(Appeal.objects.values_list("state", flat=True)) == {"received": 1, "won": 1}
    grant = AppealGrant.objects.get()
    assert grant.fund_adds > 0
    assert grant.appeal.claim.state == "paying"


def assert_registers_and_lists_stand_in_every_stage() -> None:
    """Registers filled in, handed in, sampled, approved, settled; lists with faults and to be decided."""
    kinds = Counter(BulkDocument.objects.values_list("kind", "state"))
    assert kinds == {
        ("village_register", "draft"): 1,
        ("village_register", "handed_in"): 2,
        ("village_register", "approved"): 2,
        ("hospital_list", "draft"): 1,
        ("hospital_list", "handed_in"): 1,
        ("hospital_list", "approved"): 3,
    }
    faulty = BulkRow.objects.filter(state="faulty").values_list("document__kind", flat=True)
    assert Counter(faulty) == {"village_register": 1, "hospital_list": 2}
    sampled = SampleCheck.objects.get(document__state="handed_in")
    assert {one.outcome for one in sampled.rows.all()} == {""}
    settled = Settlement.objects.get(document__kind="village_register")
    assert (settled.claims, settled.deducted > 0, settled.fund_pays > 0) == (7, True, True)


def assert_a_sheet_is_made_and_corrected() -> None:
    """Five stays of a month; one of them was counted in the wrong township."""
    sheet, correction = StatisticsSheet.objects.order_by("pk")
    assert correction.corrects == sheet
    [whole] = [row for row in statistics.rows_of(correction.figures) if row.table == "whole"]
    assert whole.this.times == 5
    assert {one.table for one in statistics.differences_of(correction.figures)} == {"township"}


def assert_the_year_before_left_something_to_give() -> None:
    """A list of second compensation hangs, somebody appeals; of the hospital's list something was kept back."""
    run = SecondRun.objects.get()
    assert (run.year, run.state) == (LATER.year - 1, "posted")
    assert run.lines.count() > 0
    assert run.notices.exists()
    assert SecondAppeal.objects.get(run=run).result == ""
    payments = ProviderPayment.objects.order_by("pk")
    assert list(payments.values_list("state", flat=True)) == ["done", "done", "proposed"]
    assert payments[0].settlement.month.year == LATER.year - 1
    assert payments[0].retained > 0


def assert_the_funds_figures_are_plausible() -> None:
    """Rates of a fund that pays what it takes in, not of a whole county's money for a hundredth of its people."""
    for year in (LATER.year, LATER.year - 1):
        found = indicators.of(figures.facts(figures.of_scheme(Scheme.objects.get(code="ncms"), year, LATER.date())))
        told = {(one.code, one.basis): Decimal(one.value or 0) for one in found}
        assert 50 < told["use_rate", "received"] < 100, year
        assert told["cumulative_surplus_rate", "received"] < 100, year
        assert told["months_payable", "cumulative"] < 15, year
        assert told["collection_rate", "due"] == 100, year
        assert told["participation_rate", "should_enroll"] > 85, year


def _person(username: str) -> Person:
    return Person.objects.get(username=username)
