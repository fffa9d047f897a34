"""Reports (审计报告): drawn up by one of the people of an engagement, frozen with number and hash, issued by another
(docs/rules/engagements.md).

Order of locks: the engagement, the report.
"""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from audit.models import AuditReport, Engagement, Finding
from audit.selectors import findings, reports
from audit.services import auditing
from audit.services.auditing import REPORT, CannotAudit
from claims.services import before
from claims.services.locks import refusing
from office import trail
from office.models import Person
from office.rules import days
from office.services import work

PREFIX: Final = "BG"
State = AuditReport.State


@refusing("audit-report.drawn-up", CannotAudit, about="engagement")
def _draw_up(*, engagement: Engagement, opinion: str, advice: str, by: Person, at: datetime) -> AuditReport:
    current = auditing.in_the_field(engagement, by, REPORT)
    if current.reports.filter(state__in=[State.DRAWN_UP, State.ISSUED]).exists():
        raise CannotAudit(_("A report of this engagement waits to be issued already."))
    _refuse_unfinished(current)
    number = before.next_number(AuditReport, PREFIX, days.business_day(at))
    said = {"opinion": auditing.said(opinion, "opinion"), "advice": advice.strip()}
    content = reports.content_of(current, number=number, **said)
    made = AuditReport.objects.create(
        engagement=current, number=number, content=content, sha256=sha256_of(content), made_by=by, made_at=at
    )
    trail.record(
        "audit-report.drawn-up", made, by=by, at=at, right=REPORT, subject_hash=made.sha256, number=made.number
    )
    return made


def draw_up(*, engagement: Engagement, opinion: str, advice: str, by: Person, at: datetime) -> AuditReport:
    """Draw up the report of an engagement whose findings are all final and have their measures. Raises CannotAudit."""
    done: AuditReport = _draw_up(engagement=engagement, opinion=opinion, advice=advice, by=by, at=at)
    return done


def _refuse_unfinished(engagement: Engagement) -> None:
    left = findings.unsettled(engagement).order_by("pk").first()
    if left is not None:
        raise CannotAudit(_("Finding %(number)s is not final yet.") % {"number": left})
    bare = engagement.findings.filter(state=Finding.State.FINAL, rectifications__isnull=True).order_by("pk").first()
    if bare is not None:
        raise CannotAudit(_("No measure is asked for of finding %(number)s yet.") % {"number": bare})
    if engagement.papers.exclude(state="checked").exists():
        raise CannotAudit(_("A work paper is not checked yet."))


@refusing("audit-report.issued", CannotAudit, about="report")
def _issue(*, report: AuditReport, by: Person, at: datetime) -> AuditReport:
    engagement, current = _to_decide(report, by)
    _refuse_unfinished(engagement)
    said = {"opinion": current.content["opinion"], "advice": current.content["advice"]}
    now = reports.content_of(engagement, number=current.number, **said)
    if sha256_of(now) != current.sha256:
        raise CannotAudit(_("What it says has changed since it was drawn up: send it back, and draw it up anew."))
    _decide(current, State.ISSUED, "", by, at)
    engagement.state = Engagement.State.REPORTED
    engagement.save(update_fields=["state"])
    trail.record(
        "audit-report.issued", current, by=by, at=at, right=REPORT, subject_hash=current.sha256, number=current.number
    )
    work.finish(subject=current, by=by, at=at)
    return current


def issue(*, report: AuditReport, by: Person, at: datetime) -> AuditReport:
    """Issue a report that somebody else drew up; from now on the engagement is followed up. Raises CannotAudit."""
    done: AuditReport = _issue(report=report, by=by, at=at)
    return done


@refusing("audit-report.sent-back", CannotAudit, about="report")
def _send_back(*, report: AuditReport, reason: str, by: Person, at: datetime) -> AuditReport:
    _engagement, current = _to_decide(report, by)
    _decide(current, State.RETURNED, auditing.said(reason, "reason"), by, at)
    trail.record("audit-report.sent-back", current, by=by, at=at, right=REPORT, reason=current.reason)
    work.finish(subject=current, by=by, at=at)
    return current


def send_back(*, report: AuditReport, reason: str, by: Person, at: datetime) -> AuditReport:
    """Send a report back that somebody else drew up, with the reason. Raises CannotAudit."""
    done: AuditReport = _send_back(report=report, reason=reason, by=by, at=at)
    return done


def _to_decide(report: AuditReport, by: Person) -> tuple[Engagement, AuditReport]:
    engagement = auditing.in_the_field(report.engagement, by, REPORT)
    current = AuditReport.objects.select_for_update(of=["self"]).get(pk=report.pk)
    if current.state != State.DRAWN_UP:
        raise CannotAudit(_("This report is %(state)s.") % {"state": current.get_state_display()})
    if current.made_by_id == by.pk:
        raise CannotAudit(_("Somebody else issues a report than who drew it up."))
    return engagement, current


def _decide(report: AuditReport, state: str, reason: str, by: Person, at: datetime) -> None:
    report.state, report.reason, report.issued_by, report.issued_at = state, reason, by, at
    report.save(update_fields=["state", "reason", "issued_by", "issued_at"])


def is_whole(report: AuditReport) -> bool:
    """Whether a report still says what it said when it was drawn up."""
    return report.sha256 == sha256_of(report.content)


def sha256_of(content: dict[str, Any]) -> str:
    """The hash of a report's content, written the same way on every machine."""
    written = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()
