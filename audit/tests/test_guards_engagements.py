"""What the database refuses of engagements by itself, and that it is the guard which refuses: with the guard taken out
the same words go through. Two at the same moment: who opens a measure again while its finding is being closed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.db import DatabaseError, connections, transaction

from audit.models import (
    BookedMoney,
    Demand,
    EngagementMember,
    Evidence,
    FindingAnswer,
    FindingSheet,
    Rectification,
    ReplacedLead,
    WorkPaper,
)
from audit.services import evidence, findings, rectifying
from audit.services.auditing import CannotAudit
from audit.tests.auditing import DAY, MONEY, TODAY, Audit, now
from conftest import NOON
from enrollment.tests.races import PATIENCE, unguarded
from office.models import Person
from office.services.rounds import CannotVote

pytestmark = pytest.mark.django_db(transaction=True)
Doing = Callable[[], object]


@pytest.fixture
def audit(appoint) -> Audit:
    return Audit.of(appoint)


def move(record: Any, **fields: Any) -> Doing:
    """A row that is written past all services."""
    return partial(type(record)._default_manager.filter(pk=record.pk).update, **fields)


def noticed_alone(audit: Audit) -> Doing:
    return move(audit.planned(), state="noticed", notice_on=TODAY, fieldwork_from=TODAY + 3 * DAY)


def leaver_is_named(audit: Audit) -> Doing:
    of = audit.planned(kind="leaving", leaver=audit.dora)
    return partial(EngagementMember.objects.create, engagement=of, person=audit.dora, named_by=audit.dan, named_at=NOON)


def period_moves(audit: Audit) -> Doing:
    return move(audit.engagement(), since=TODAY - 90 * DAY)


def closed_over_open_findings(audit: Audit) -> Doing:
    of = audit.engagement()
    audit.measure(audit.final(of))
    audit.issued(of)
    return move(of, state="closed")


def stranger_writes(audit: Audit) -> Doing:
    told = dict.fromkeys(("title", "procedure", "facts", "conclusion"), "x")
    make = WorkPaper.objects.create
    return partial(make, engagement=audit.engagement(), number="x", made_by=audit.hal, made_at=NOON, **told)


def unsigned_sheet(audit: Audit) -> Doing:
    of = audit.engagement()
    sheet = audit.sheet(of, signed=False)
    return partial(FindingSheet.objects.create, finding=audit.draft(of), sheet=sheet, added_by=audit.dan, added_at=NOON)


def auditor_answers(audit: Audit) -> Doing:
    told: dict[str, Any] = {"answered_by": audit.dan, "answered_at": NOON, "answered_on": TODAY}
    return partial(FindingAnswer.objects.create, finding=audit.sent(audit.engagement()), agrees=True, words="x", **told)


def sent_without_evidence(audit: Audit) -> Doing:
    of = audit.engagement()
    made = findings.draft(engagement=of, stated=_finding(), by=audit.dan, at=NOON)
    return move(made, state="commenting", sent_at=NOON, comment_until=TODAY)


def _finding() -> findings.FindingOf:
    return findings.FindingOf("x", "x", "x", "x", "x")


def closed_without_its_money(audit: Audit) -> Doing:
    found = audit.final(**MONEY)
    audit.rectified(found)
    return move(found, state="closed", closed_by=audit.dora, closed_on=TODAY)


def handed_in_without_evidence(audit: Audit) -> Doing:
    made = audit.measure(audit.final())
    return move(made, state="handed_in", handed_in_by=audit.hal, handed_in_at=NOON, result="x")


def checked_by_who_brought_evidence(audit: Audit) -> Doing:
    made = audit.proved(audit.measure(audit.final()))
    rectifying.hand_in(rectification=made, result="x", by=audit.head, at=NOON)
    return move(made, state="closed", checked_by=audit.hal, checked_at=NOON)


def evidence_of_another_turn(audit: Audit) -> Doing:
    made = audit.measure(audit.final())
    paper = audit.paper(now(made.finding.engagement))
    kept = evidence.add_to_paper(paper=paper, stated=audit.file(), by=audit.dan, at=NOON).attachment
    fields: dict[str, Any] = {"dated_on": TODAY, "words": "x", "added_by": audit.hal, "added_at": NOON}
    other = type(kept).objects.create(
        subject_type="audit.rectification",
        subject_id=str(made.pk),
        name="x",
        media_type="image/png",
        size=1,
        sha256=kept.sha256,
        added_by=audit.hal,
        added_at=NOON,
    )
    return partial(Evidence.objects.create, rectification=made, turn=2, attachment=other, added_on=TODAY, **fields)


def money_taken_back_is_linked(audit: Audit) -> Doing:
    found = audit.final(**MONEY)
    posting = audit.came_back("5")
    audit.counter.reverse(posting, on=TODAY)
    told: dict[str, Any] = {"kind": "recovered", "linked_by": audit.dan, "linked_at": NOON}
    return partial(BookedMoney.objects.create, finding=found, posting=posting, **told)


def more_is_demanded_than_is_owed(audit: Audit) -> Doing:
    told: dict[str, Any] = {"pay_by": TODAY + DAY, "made_on": TODAY, "made_by": audit.dan, "made_at": NOON}
    amount = MONEY["to_recover"] + Decimal("0.01")
    return partial(Demand.objects.create, finding=audit.final(**MONEY), number="x", payer="x", amount=amount, **told)


def issued_by_a_stranger(audit: Audit) -> Doing:
    made = audit.report(audit.engagement())
    return move(made, state="issued", issued_by=audit.hal, issued_at=NOON)


def report_is_rewritten(audit: Audit) -> Doing:
    return move(audit.report(audit.engagement()), content={})


def led_by_another_without_a_row(audit: Audit) -> Doing:
    return move(audit.engagement(), lead=audit.dora)


def replaced_lead(audit: Audit, lead: Person) -> Doing:
    told: dict[str, Any] = {"before": audit.dan, "on": TODAY, "reason": "x", "replaced_by": audit.dan}
    make = ReplacedLead.objects.create
    return partial(make, engagement=audit.engagement(), lead=lead, replaced_at=NOON, **told)


def replaced_by_nobody_who_leads(audit: Audit) -> Doing:
    return replaced_lead(audit, audit.dora)


def replaced_by_a_stranger(audit: Audit) -> Doing:
    return replaced_lead(audit, audit.hal)


FOLLOWED = "audit_replacedlead.replaced_lead_is_followed"
GUARDS = {
    led_by_another_without_a_row: "audit_engagement.lead_is_guarded",
    replaced_by_nobody_who_leads: FOLLOWED,
    replaced_by_a_stranger: f"audit_replacedlead.replaced_lead_is_guarded {FOLLOWED}",
    noticed_alone: "audit_engagement.engagement_is_guarded",
    leaver_is_named: "audit_engagementmember.member_is_guarded",
    period_moves: "audit_engagement.moves_are_guarded",
    closed_over_open_findings: "audit_engagement.engagement_is_guarded",
    stranger_writes: "audit_workpaper.paper_is_guarded",
    unsigned_sheet: "audit_findingsheet.finding_sheet_is_guarded",
    auditor_answers: "audit_findinganswer.answer_is_guarded",
    sent_without_evidence: "audit_finding.finding_is_guarded",
    closed_without_its_money: "audit_finding.finding_is_guarded",
    handed_in_without_evidence: "audit_rectification.rectification_is_guarded",
    checked_by_who_brought_evidence: "audit_rectification.rectification_is_guarded",
    evidence_of_another_turn: "audit_evidence.evidence_is_guarded",
    money_taken_back_is_linked: "audit_bookedmoney.money_is_guarded",
    more_is_demanded_than_is_owed: "audit_demand.demand_is_guarded",
    issued_by_a_stranger: "audit_auditreport.report_is_guarded",
    report_is_rewritten: "audit_auditreport.moves_are_guarded audit_auditreport.report_is_guarded",
}


@pytest.mark.parametrize("wrong", GUARDS, ids=lambda wrong: wrong.__name__)
def test_the_guard_refuses_it_and_nothing_else_does(audit, wrong, monkeypatch):
    do = wrong(audit)
    with pytest.raises(DatabaseError), transaction.atomic():
        do()
    with monkeypatch.context() as patched, unguarded(patched, *GUARDS[wrong].split()):
        do()


def meanwhile(first: Doing, then: Doing) -> list[type[Exception]]:
    """What is done and not yet written for good while something else is tried; with what it was refused."""
    begun, tried = threading.Event(), threading.Event()
    refused: list[type[Exception]] = []

    def go(act: Doing) -> None:
        try:
            act()
        except (CannotAudit, CannotVote, DatabaseError) as refusal:
            refused.append(type(refusal))
        finally:
            connections.close_all()

    def hold() -> None:
        with transaction.atomic():
            first()
            begun.set()
            tried.wait(PATIENCE)

    def come() -> None:
        begun.wait(20)
        then()
        tried.set()

    threads = [threading.Thread(target=go, args=(one,)) for one in (hold, come)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return refused


class TestAFindingIsBeingClosed:
    """Whoever opens its measure again waits for the closing, and is told."""

    @staticmethod
    def acts(audit: Audit) -> tuple[Doing, Doing]:
        found = audit.final()
        made = audit.rectified(found)
        due = TODAY + 60 * DAY
        return (
            partial(findings.close, finding=found, by=audit.dora, at=NOON),
            partial(rectifying.reopen, rectification=made, words="x", due_on=due, by=audit.dora, at=NOON),
        )

    @staticmethod
    def wrong() -> bool:
        """Whether a closed finding has an open measure."""
        return Rectification.objects.filter(finding__state="closed").exclude(state="closed").exists()

    def test_one_of_the_two_is_refused(self, audit):
        assert meanwhile(*self.acts(audit)) == [CannotAudit]
        assert not self.wrong()

    def test_without_locks_and_guards_a_closed_finding_has_an_open_measure(self, audit, monkeypatch):
        acts = self.acts(audit)
        guards = ("audit_rectification.rectification_is_guarded", "audit_finding.finding_is_guarded")
        with monkeypatch.context() as patched, unguarded(patched, *guards):
            assert meanwhile(*acts) == []
            assert self.wrong()


def test_a_finding_is_not_closed_while_its_measure_is_opened_again(audit):
    close, reopen = TestAFindingIsBeingClosed.acts(audit)
    assert meanwhile(reopen, close) == [CannotAudit]
    assert not TestAFindingIsBeingClosed.wrong()
