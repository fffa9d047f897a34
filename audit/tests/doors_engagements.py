"""The doors of engagements, and who may open each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from audit.models import (
    AuditReport,
    BookedMoney,
    Demand,
    Engagement,
    EngagementMember,
    EvidenceSheet,
    Finding,
    FindingAnswer,
    FindingSheet,
    Rectification,
    ReplacedLead,
    Waiver,
    WorkPaper,
)
from audit.selectors.reports import content_of
from audit.services.reports import sha256_of
from audit.tests.auditing import SINCE, TODAY, UNTIL, WORDS
from conftest import NOON
from funds.services import postings
from funds.services.postings import PostingOf
from funds.tests.doors_books import book
from funds.tests.factories import pair
from office.models import Body, Duty, Job, Person
from office.tests.factories import tess

AUDITORS = frozenset({Duty.INTERNAL_AUDITOR, Duty.STATE_AUDITOR})
HEAD = frozenset({Duty.OFFICE_HEAD})
WHO_RECTIFIES = HEAD | {Duty.ACCOUNTING_HEAD}
WATCHERS = AUDITORS | WHO_RECTIFIES

DOORS: dict[str, frozenset[str]] = {
    **dict.fromkeys(
        (
            "audit:engagements",
            "audit:engagement",
            "audit:notice_print",
            "audit:changed_notice_print",
            "audit:findings",
            "audit:finding",
            "audit:finding_print",
            "audit:demand_print",
            "audit:rectifications",
            "audit:rectifications_print",
            "audit:rectification",
            "audit:reports",
            "audit:report",
            "audit:report_print",
            "audit:report_workbook",
        ),
        WATCHERS,
    ),
    **dict.fromkeys(
        (
            "audit:engagement_new",
            "audit:engagement_change",
            "audit:member_name",
            "audit:member_take_off",
            "audit:lead_replace",
            "audit:notice_serve",
            "audit:engagement_give_up",
            "audit:engagement_close",
            "audit:work_paper_new",
            "audit:evidence_sheet_new",
            "audit:finding_new",
            "audit:report_new",
            "audit:work_paper",
            "audit:work_paper_rewrite",
            "audit:work_paper_check",
            "audit:work_paper_evidence",
            "audit:work_paper_print",
            "audit:evidence_sheet",
            "audit:evidence_sheet_sign",
            "audit:evidence_sheet_void",
            "audit:evidence_sheet_evidence",
            "audit:evidence_sheet_print",
            "audit:finding_change",
            "audit:finding_sheet",
            "audit:finding_cite",
            "audit:finding_send",
            "audit:finding_settle",
            "audit:finding_take_up",
            "audit:finding_drop",
            "audit:finding_close",
            "audit:finding_reopen",
            "audit:rectification_new",
            "audit:demand_new",
            "audit:waiver_new",
            "audit:money_link",
            "audit:money_take_off",
            "audit:rectification_check",
            "audit:rectification_reopen",
            "audit:report_issue",
            "audit:report_send_back",
        ),
        AUDITORS,
    ),
    "audit:waiver": WATCHERS | {Duty.FINANCE_REVIEWER},
    "audit:finding_answer": HEAD,
    "audit:rectification_evidence": WHO_RECTIFIES,
    "audit:rectification_hand_in": WHO_RECTIFIES,
}
POST_ONLY = {
    "audit:engagement_close",
    "audit:finding_send",
    "audit:finding_settle",
    "audit:finding_take_up",
    "audit:finding_close",
    "audit:report_issue",
}


def engagement() -> Engagement:
    """One whose notice is out."""
    known = Engagement.objects.filter(state="noticed").first()
    if known is not None:
        return known
    body = Body.objects.get(code="640522")
    told: dict[str, Any] = {"kind": "annual", "done_by": "internal", "scope": "x", "plan": "x", "title": "x"}
    made = Engagement.objects.create(
        number="SJ-1", basis="x", body=body, since=SINCE, until=UNTIL, lead=tess(), made_by=tess(), made_at=NOON, **told
    )
    other = Person.objects.exclude(pk=tess().pk).earliest("pk")
    for person in (tess(), other):
        EngagementMember.objects.create(engagement=made, person=person, named_by=tess(), named_at=NOON)
    made.state, made.notice_on, made.fieldwork_from = "noticed", TODAY, TODAY + timedelta(days=3)
    made.save()
    return made


def replaced_lead() -> ReplacedLead:
    """That another of its people leads it."""
    known = ReplacedLead.objects.first()
    if known is not None:
        return known
    of = engagement()
    lead = of.members.exclude(person=tess()).earliest("pk").person
    made = ReplacedLead.objects.create(
        engagement=of, before=tess(), lead=lead, on=TODAY, reason="x", replaced_by=tess(), replaced_at=NOON
    )
    of.lead = lead
    of.save()
    return made


def paper() -> WorkPaper:
    """A work paper of it."""
    known = WorkPaper.objects.first()
    told = dict.fromkeys(("title", "procedure", "facts", "conclusion"), "x")
    return known or WorkPaper.objects.create(
        engagement=engagement(), number="DG-1", made_by=tess(), made_at=NOON, **told
    )


def sheet() -> EvidenceSheet:
    """A signed evidence sheet of it."""
    known = EvidenceSheet.objects.first()
    if known is not None:
        return known
    made = EvidenceSheet.objects.create(
        engagement=engagement(), number="QZ-1", title="x", facts="x", dated_on=TODAY, taken_by=tess(), taken_at=NOON
    )
    made.state, made.confirmed_by, made.confirmed_on, made.noted_by = "confirmed", "x", TODAY, tess()
    made.save()
    return made


def finding() -> Finding:
    """A final finding of it, with money."""
    known = Finding.objects.first()
    if known is not None:
        return known
    made = Finding.objects.create(
        engagement=engagement(), number="WT-1", drafted_by=tess(), drafted_at=NOON, amount=9, to_recover=5, **WORDS
    )
    FindingSheet.objects.create(finding=made, sheet=sheet(), added_by=tess(), added_at=NOON)
    made.state, made.sent_at, made.comment_until = "commenting", NOON, TODAY
    made.save()
    head = Person.objects.get(full_name=Duty.OFFICE_HEAD)
    FindingAnswer.objects.create(
        finding=made, agrees=True, words="x", answered_by=head, answered_at=NOON, answered_on=TODAY
    )
    for state in ("answered", "final"):
        made.state = state
        made.save()
    return made


def rectification() -> Rectification:
    """A measure of it."""
    known = Rectification.objects.first()
    due = TODAY + timedelta(days=9)
    return known or Rectification.objects.create(
        finding=finding(), number="ZG-1", measure="x", responsible="x", due_on=due, asked_by=tess(), asked_at=NOON
    )


def demand() -> Demand:
    """A letter that demands its money."""
    known = Demand.objects.first()
    told: dict[str, Any] = {"pay_by": TODAY + timedelta(days=9), "made_on": TODAY, "made_by": tess(), "made_at": NOON}
    return known or Demand.objects.create(finding=finding(), number="ZK-1", payer="x", amount=1, **told)


def waiver() -> Waiver:
    """Some of its money that cannot be recovered."""
    known = Waiver.objects.first()
    told: dict[str, Any] = {"proposed_by": tess(), "proposed_at": NOON, "proposed_on": TODAY}
    return known or Waiver.objects.create(
        finding=finding(), number="HX-1", debtor="x", amount=1, ground="died", words="x", **told
    )


def money() -> BookedMoney:
    """A posting that stands for it."""
    known = BookedMoney.objects.first()
    if known is not None:
        return known
    of = book()
    checker = Person.objects.get(full_name=Duty.ACCOUNTING_HEAD)
    stated = PostingOf(of, "door", "recovered", TODAY, "x", pair("special_account", "pool_spending", "1"))
    posting = postings.post(stated=stated, by=tess(), checked_by=checker, at=NOON)
    return BookedMoney.objects.create(
        finding=finding(), posting=posting, kind="recovered", linked_by=tess(), linked_at=NOON
    )


def report() -> AuditReport:
    """A report of it that is issued, so that the audited see it too."""
    known = AuditReport.objects.first()
    if known is not None:
        return known
    content = content_of(engagement(), number="BG-1", opinion="x", advice="x")
    made = AuditReport.objects.create(
        engagement=engagement(), number="BG-1", content=content, sha256=sha256_of(content), made_by=tess(), made_at=NOON
    )
    issuer = EngagementMember.objects.exclude(person=tess()).latest("pk").person
    made.state, made.issued_by, made.issued_at = "issued", issuer, NOON
    made.save()
    return made


def addresses(job_of: Callable[[str], Job]) -> dict[str, Callable[[str], list[object]]]:
    """What each door's address needs."""
    makers: dict[str, Callable[[], Any]] = {
        **dict.fromkeys(
            (
                "engagement",
                "engagement_change",
                "member_name",
                "member_take_off",
                "lead_replace",
                "notice_serve",
                "notice_print",
                "engagement_give_up",
                "engagement_close",
                "work_paper_new",
                "evidence_sheet_new",
                "finding_new",
                "report_new",
            ),
            engagement,
        ),
        **{
            name.partition(":")[2]: paper
            for name in DOORS
            if name.startswith("audit:work_paper") and name[-4:] != "_new"
        },
        **{
            name.partition(":")[2]: sheet
            for name in DOORS
            if name.startswith("audit:evidence_sheet") and name[-4:] != "_new"
        },
        **{
            name.partition(":")[2]: finding
            for name in DOORS
            if name.startswith("audit:finding") and name not in {"audit:findings", "audit:finding_new"}
        },
        **dict.fromkeys(("rectification_new", "demand_new", "waiver_new", "money_link"), finding),
        **dict.fromkeys(
            (
                "rectification",
                "rectification_evidence",
                "rectification_hand_in",
                "rectification_check",
                "rectification_reopen",
            ),
            rectification,
        ),
        "changed_notice_print": replaced_lead,
        "demand_print": demand,
        "waiver": waiver,
        "money_take_off": money,
        **dict.fromkeys(("report", "report_issue", "report_send_back", "report_print", "report_workbook"), report),
    }
    return {f"audit:{name}": lambda duty, make=make: [make().pk] for name, make in makers.items()}  # type: ignore[misc]
