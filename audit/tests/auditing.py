"""Audits that tests need: two auditors, the office that answers and rectifies, books in which money comes back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from audit.models import AuditReport, Engagement, EvidenceSheet, Finding, Rectification, WorkPaper
from audit.services import engagements, evidence, findings, papers, recovering, rectifying, reports
from audit.services.engagements import EngagementOf
from audit.services.evidence import EvidenceOf
from audit.services.findings import FindingOf
from audit.services.papers import PaperOf, SheetOf, SignatureOf
from audit.services.rectifying import MeasureOf
from conftest import NOON
from funds.models import Book, Posting
from funds.tests.factories import Counter, pair
from office.models import Body, Duty, Person
from office.tests.factories import PIXEL, fill_year

TODAY = date(2010, 3, 1)
SINCE, UNTIL = date(2010, 1, 1), date(2010, 2, 28)
#: Sixteen days on: the time of comment of what was sent today is over.
LATER = NOON + timedelta(days=16)
DAY = timedelta(days=1)
_numbers = count(1)

WORDS = {
    "title": "同一发票重复补偿",
    "fact": "发票号 00123456 在两笔补偿中各支付一次。",
    "rule": "财社〔2008〕8号第十二条",
    "cause": "初审未查重",
    "responsible": "县合管中心",
}


def now(record: Any) -> Any:
    """A record as it is in the database."""
    return type(record)._default_manager.get(pk=record.pk)


@dataclass(frozen=True)
class Audit:
    """Who audits, who is audited, and the books."""

    body: Body
    counter: Counter
    dan: Person
    dora: Person
    hal: Person

    @classmethod
    def of(cls, appoint: Callable[..., Person]) -> Audit:
        fill_year(2010)
        dan, dora = appoint("dan", Duty.INTERNAL_AUDITOR), appoint("dora", Duty.STATE_AUDITOR)
        hal = appoint("hal", Duty.OFFICE_HEAD)
        body = Body.objects.get(code="640522")
        counter = Counter.of(appoint)
        counter.opened("10000")
        return cls(body, counter, dan, dora, hal)

    @property
    def book(self) -> Book:
        return self.counter.book

    @property
    def head(self) -> Person:
        return self.counter.head

    def stated(self, **more: Any) -> EngagementOf:
        told = EngagementOf(
            kind="annual",
            done_by="internal",
            title="2010年一季度基金稽核",
            basis="海合管〔2010〕1号",
            body=self.body,
            since=SINCE,
            until=UNTIL,
            scope="住院补偿与基金支出",
            plan="先查重复报销，再查追回",
            lead=self.dan,
        )
        return replace(told, **more)

    def planned(self, **more: Any) -> Engagement:
        return engagements.plan(stated=self.stated(**more), by=self.dan, at=NOON)

    def engagement(self, **more: Any) -> Engagement:
        """One whose notice is out: Dan leads, Dora works with him."""
        made = self.planned(**more)
        engagements.name_member(engagement=made, person=self.dora, by=self.dan, at=NOON)
        return engagements.serve_notice(
            engagement=made, served_on=TODAY, fieldwork_from=TODAY + 3 * DAY, by=self.dan, at=NOON
        )

    def paper(self, of: Engagement, **more: Any) -> WorkPaper:
        told: dict[str, Any] = {
            "title": "重复发票抽查",
            "procedure": "逐笔核对",
            "facts": "两笔同号",
            "conclusion": "属重复补偿",
        }
        return papers.write_paper(engagement=of, stated=PaperOf(**(told | more)), by=self.dan, at=NOON)

    def sheet(self, of: Engagement, *, signed: bool = True, **more: Any) -> EvidenceSheet:
        told: dict[str, Any] = {"title": "发票取证", "facts": "同一发票两次支付", "dated_on": TODAY}
        made = papers.take_evidence(engagement=of, stated=SheetOf(**(told | more)), by=self.dan, at=NOON)
        if not signed:
            return made
        signature = SignatureOf(signed=True, by_name="李国栋", on=TODAY)
        return papers.note_signature(sheet=made, stated=signature, by=self.dan, at=NOON)

    def draft(self, of: Engagement, **more: Any) -> Finding:
        """A draft with its evidence, by Dan."""
        made = findings.draft(engagement=of, stated=FindingOf(**(WORDS | more)), by=self.dan, at=NOON)
        findings.rest_on(finding=made, sheet=self.sheet(of), by=self.dan, at=NOON)
        return made

    def sent(self, of: Engagement, **more: Any) -> Finding:
        return findings.send_for_comment(finding=self.draft(of, **more), by=self.dan, at=NOON)

    def answered(self, of: Engagement, **more: Any) -> Finding:
        made = self.sent(of, **more)
        findings.answer(finding=made, agrees=True, words="属实，立即整改", by=self.hal, at=NOON)
        return now(made)

    def final(self, of: Engagement | None = None, **more: Any) -> Finding:
        return findings.settle(finding=self.answered(of or self.engagement(), **more), by=self.dan, at=NOON)

    def measure(self, of: Finding, due_on: date = TODAY + 30 * DAY, at: datetime = NOON) -> Rectification:
        told = MeasureOf("追回重复支付并建立发票查重", "财务股", due_on)
        return rectifying.ask(finding=of, stated=told, by=self.dan, at=at)

    def file(self, words: str = "银行回单", on: date = TODAY) -> EvidenceOf:
        return EvidenceOf(SimpleUploadedFile(f"{next(_numbers)}.png", PIXEL), on, words)

    def proved(self, of: Rectification, by: Person | None = None) -> Rectification:
        evidence.add_to_rectification(rectification=of, stated=self.file(), by=by or self.hal, at=NOON)
        return now(of)

    def handed_in(self, of: Rectification, by: Person | None = None) -> Rectification:
        self.proved(of, by)
        return rectifying.hand_in(rectification=of, result="已追回入账", by=by or self.hal, at=NOON)

    def rectified(self, of: Finding) -> Rectification:
        """A measure of a finding that is carried out and checked."""
        done = self.handed_in(self.measure(of))
        return rectifying.close(rectification=done, words="已核实", by=self.dora, at=NOON)

    def came_back(self, amount: str, on: date = TODAY) -> Posting:
        """Money that came back, as the books enter it."""
        lines = pair("special_account", "pool_spending", amount)
        return self.counter.enter(f"recovery:{next(_numbers)}", "recovered", *lines, on=on)

    def recovered(self, of: Finding, amount: str) -> Posting:
        posting = self.came_back(amount)
        recovering.link(finding=of, posting=posting, by=self.dan, at=NOON)
        return posting

    def closed(self, of: Engagement | None = None, **more: Any) -> Finding:
        """A finding that is done with, its money in the books."""
        found = self.final(of, **more)
        self.rectified(found)
        if found.to_recover:
            self.recovered(found, str(found.to_recover))
        return findings.close(finding=found, by=self.dora, at=NOON)

    def report(self, of: Engagement) -> AuditReport:
        return reports.draw_up(engagement=of, opinion="总体规范", advice="完善查重", by=self.dan, at=NOON)

    def issued(self, of: Engagement) -> AuditReport:
        return reports.issue(report=self.report(of), by=self.dora, at=NOON)


MONEY: dict[str, Any] = {"amount": Decimal("2400.00"), "to_recover": Decimal("1200.00")}
