"""Reports: drawn up, frozen with their hash, issued by another; and what is refused."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from pypdf import PdfReader

from audit.models import AuditReport, Engagement
from audit.prints import reports as prints
from audit.services import findings, papers
from audit.services import reports as services
from audit.services.auditing import CannotAudit
from audit.tests.auditing import MONEY, Audit, now
from conftest import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def audit(appoint) -> Audit:
    return Audit.of(appoint)


@pytest.fixture
def of(audit):
    return audit.engagement()


class TestDrawnUp:
    def test_it_says_everything_and_is_frozen(self, audit, of):
        found = audit.final(of, **MONEY)
        audit.rectified(found)
        audit.recovered(found, "1200")
        made = audit.report(of)
        assert (made.number, made.state, services.is_whole(made)) == ("BG2010-00001", "drawn_up", True)
        [told] = made.content["findings"]
        assert (told["recovered"], told["measures"][0]["state"]) == ("1200.00", "closed")
        assert (made.content["to_recover"], made.content["engagement"]["members"]) == ("1200.00", ["Dan", "Dora"])
        for change in ({"content": {}}, {"sha256": "0" * 64}, {"state": "issued"}):
            with pytest.raises(DatabaseError), transaction.atomic():
                AuditReport.objects.filter(pk=made.pk).update(**change)

    def test_refusals(self, audit, of):
        with pytest.raises(CannotAudit, match="in words"):
            services.draw_up(engagement=of, opinion=" ", advice="", by=audit.dan, at=NOON)
        answered = audit.answered(of)
        with pytest.raises(CannotAudit, match=f"{answered} is not final yet"):
            audit.report(of)
        found = findings.settle(finding=answered, by=audit.dan, at=NOON)
        with pytest.raises(CannotAudit, match="No measure is asked for"):
            audit.report(of)
        audit.measure(found)
        paper = audit.paper(of)
        with pytest.raises(CannotAudit, match="work paper is not checked"):
            audit.report(of)
        papers.check_paper(paper=paper, agrees=True, remark="", by=audit.dora, at=NOON)
        audit.report(of)
        with pytest.raises(CannotAudit, match="waits to be issued already"):
            audit.report(of)


class TestIssued:
    def test_by_another_and_the_engagement_is_followed_up(self, audit, of):
        audit.measure(audit.final(of))
        made = audit.report(of)
        with pytest.raises(CannotAudit, match="Somebody else issues"):
            services.issue(report=made, by=audit.dan, at=NOON)
        done = services.issue(report=made, by=audit.dora, at=NOON)
        assert (done.state, done.issued_by, now(of).state) == ("issued", audit.dora, "reported")
        with pytest.raises(CannotAudit, match="reported"):
            services.issue(report=made, by=audit.dora, at=NOON)
        with pytest.raises(CannotAudit, match="reported"):
            audit.report(of)

    def test_not_when_what_it_says_has_changed(self, audit, of):
        found = audit.final(of, **MONEY)
        audit.measure(found)
        made = audit.report(of)
        audit.recovered(found, "5")
        with pytest.raises(CannotAudit, match="has changed since"):
            services.issue(report=made, by=audit.dora, at=NOON)
        with pytest.raises(CannotAudit, match="in words"):
            services.send_back(report=made, reason=" ", by=audit.dora, at=NOON)
        assert services.send_back(report=made, reason="重拟", by=audit.dora, at=NOON).state == "returned"
        with pytest.raises(CannotAudit, match="sent back"):
            services.issue(report=made, by=audit.dora, at=NOON)
        assert services.issue(report=audit.report(of), by=audit.dora, at=NOON).number == "BG2010-00002"

    def test_the_database_asks_for_the_report_and_for_final_findings(self, audit, of):
        rows = Engagement.objects.filter(pk=of.pk)
        with pytest.raises(DatabaseError, match="reported by its report"), transaction.atomic():
            rows.update(state="reported")
        made = audit.report(of)
        audit.draft(of)
        fields = {"state": "issued", "issued_by": audit.dora, "issued_at": NOON}
        with pytest.raises(DatabaseError, match="when every finding is final"), transaction.atomic():
            AuditReport.objects.filter(pk=made.pk).update(**fields)
        with pytest.raises(DatabaseError, match="people of an engagement"), transaction.atomic():
            AuditReport.objects.filter(pk=made.pk).update(**(fields | {"issued_by": audit.hal}))


class TestOnPaper:
    def test_the_same_bytes_each_time(self, audit, of):
        found = audit.final(of, **MONEY)
        audit.measure(found)
        made = audit.report(of)
        first = prints.report(made)
        assert first == prints.report(now(made))
        text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(first)).pages)
        for words in (made.number, made.sha256[:20], "1,200.00", "财社〔2008〕8号"):
            assert words in text.replace("\n", ""), words

    def test_rows_of_the_workbook_sum_up(self, audit, of):
        found = audit.final(of, **MONEY)
        audit.measure(found)
        audit.measure(found)
        other = audit.final(of)
        audit.measure(other)
        findings.drop(finding=audit.answered(of), reason="x", by=audit.dan, at=NOON)
        content = audit.report(of).content
        rows = list(prints.workbook_rows(content))
        assert len(rows) == 3
        assert sum(row[5] or 0 for row in rows) == Decimal("1200.00")
        assert all(len(row) == len(prints.workbook_header(content)) for row in rows)
        bare = {"findings": [], "engagement": {"number": "x"}}
        assert list(prints.workbook_rows(bare)) == []
