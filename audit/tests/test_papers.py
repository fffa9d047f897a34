"""Work papers and evidence sheets: written, checked by another, signed; files with the day of the evidence."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction

from audit import subjects
from audit.models import Evidence, EvidenceSheet, FindingSheet, WorkPaper
from audit.selectors import own_work
from audit.services import evidence
from audit.services import papers as services
from audit.services.auditing import CannotAudit
from audit.services.evidence import EvidenceOf
from audit.services.papers import PaperOf, SheetOf, SignatureOf
from audit.tests.auditing import DAY, TODAY, Audit, now
from claims.tests.deciding import Desk
from conftest import NOON
from office import attachments
from office.models import Duty

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
AGAIN = PaperOf("重复发票抽查", "重新核对", "两笔同号", "属实")


@pytest.fixture
def audit(appoint) -> Audit:
    return Audit.of(appoint)


@pytest.fixture
def of(audit):
    return audit.engagement()


class TestWorkPapers:
    def test_it_is_checked_by_another(self, audit, of):
        made = audit.paper(of)
        assert (made.number, made.state) == ("DG2010-00001", "written")
        with pytest.raises(CannotAudit, match="Nobody checks his own work"):
            services.check_paper(paper=made, agrees=True, remark="", by=audit.dan, at=NOON)
        done = services.check_paper(paper=made, agrees=True, remark="", by=audit.dora, at=NOON)
        assert (done.state, done.checked_by) == ("checked", audit.dora)
        with pytest.raises(CannotAudit, match="This paper is checked"):
            services.check_paper(paper=made, agrees=True, remark="", by=audit.dora, at=NOON)

    def test_sent_back_it_is_rewritten_by_who_wrote_it(self, audit, of):
        made = audit.paper(of)
        with pytest.raises(CannotAudit, match="in words"):
            services.check_paper(paper=made, agrees=False, remark=" ", by=audit.dora, at=NOON)
        services.check_paper(paper=made, agrees=False, remark="缺发票", by=audit.dora, at=NOON)
        with pytest.raises(CannotAudit, match="Whoever wrote a paper"):
            services.rewrite_paper(paper=made, stated=AGAIN, by=audit.dora, at=NOON)
        done = services.rewrite_paper(paper=made, stated=AGAIN, by=audit.dan, at=NOON)
        assert (done.state, done.procedure, done.checked_by, done.remark) == ("written", "重新核对", None, "")

    def test_of_nothing_in_which_one_had_a_hand(self, audit, of, appoint):
        posting = audit.came_back("15")
        found = subjects.found("funds.posting", f"{audit.book.code} 2010-03 {posting.number}")
        assert found.words.endswith(f"{audit.book} 2010-03 记-{posting.number:04d}")
        made = audit.paper(of, subject=found)
        assert (made.subject_type, made.subject_id) == ("funds.posting", str(posting.pk))
        assert own_work.had_a_hand(audit.counter.acc, found.name)
        assert own_work.had_a_hand(audit.counter.head, found.name)
        assert not own_work.had_a_hand(audit.hal, found.name)
        assert not own_work.had_a_hand(audit.hal, ("audit.lead", "7"))

    def test_whoever_entered_a_voucher_writes_no_paper_about_it(self, audit, of, monkeypatch):
        posting = audit.came_back("15")
        found = subjects.found("funds.posting", f"{audit.book.code} 2010-03 记-{posting.number}")
        monkeypatch.setattr(own_work, "had_a_hand", lambda person, name: True)
        with pytest.raises(CannotAudit, match="You had a hand in this yourself"):
            audit.paper(of, subject=found)
        assert not WorkPaper.objects.exists()

    def test_whoever_entered_or_decided_a_claim_had_a_hand_in_it(self, appoint):
        desk = Desk.of(appoint)
        claim = desk.approved()
        found = subjects.found("claims.claim", claim.number)
        assert own_work.had_a_hand(claim.entered_by, found.name)
        assert own_work.had_a_hand(desk.fay, found.name)
        assert not own_work.had_a_hand(appoint("eva", Duty.INTERNAL_AUDITOR), found.name)

    def test_strangers_write_none_and_none_before_the_notice(self, audit, of, appoint):
        eva = appoint("eva", Duty.INTERNAL_AUDITOR)
        with pytest.raises(CannotAudit, match="You are not named"):
            services.write_paper(engagement=of, stated=AGAIN, by=eva, at=NOON)
        with pytest.raises(CannotAudit, match="planned"):
            audit.paper(audit.planned())
        with pytest.raises(CannotAudit, match="None of your duties"):
            services.write_paper(engagement=of, stated=AGAIN, by=audit.hal, at=NOON)
        with pytest.raises(DatabaseError, match="people of an engagement that is under way"), transaction.atomic():
            WorkPaper.objects.create(
                engagement=of,
                number="x",
                title="x",
                procedure="x",
                facts="x",
                conclusion="x",
                made_by=eva,
                made_at=NOON,
            )

    def test_the_database_keeps_what_was_checked(self, audit, of):
        made = audit.paper(of)
        rows = WorkPaper.objects.filter(pk=made.pk)
        for change in (
            {"facts": "x"},
            {"state": "checked", "checked_by": audit.dan, "checked_at": NOON},
            {"state": "checked", "checked_by": audit.dora, "checked_at": NOON, "facts": "x"},
            {"state": "checked"},
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                rows.update(**change)
        rows.update(state="checked", checked_by=audit.dora, checked_at=NOON)
        with pytest.raises(DatabaseError, match="does not go"), transaction.atomic():
            rows.update(state="written", checked_by=None, checked_at=None)


class TestSubjects:
    def test_nothing_is_found_by_nonsense(self, audit):
        for kind, typed in (
            ("claims.claim", "x"),
            ("funds.posting", "ncms"),
            ("funds.posting", "ncms 2010-03 x"),
            ("funds.posting", "ncms 2010-03 99"),
            ("funds.posting", "ncms 2010-04 1"),
            ("claims.settlement", "x"),
        ):
            assert subjects.found(kind, typed) is None
        assert subjects.page_of("audit.nothing", "7") == ""
        assert subjects.page_of("claims.claim", "7") == "/claims/7/"


class TestEvidenceSheets:
    def test_it_is_signed_on_paper(self, audit, of):
        made = audit.sheet(of, paper=audit.paper(of))
        assert (made.number, made.state, made.confirmed_by) == ("QZ2010-00001", "confirmed", "李国栋")

    def test_a_refused_signature_says_why(self, audit, of):
        made = audit.sheet(of, signed=False)
        with pytest.raises(CannotAudit, match="in words"):
            services.note_signature(sheet=made, stated=SignatureOf(False, "李国栋", TODAY), by=audit.dan, at=NOON)
        told = SignatureOf(False, "李国栋", TODAY, "金额有异议")
        assert services.note_signature(sheet=made, stated=told, by=audit.dan, at=NOON).state == "refused"

    def test_days(self, audit, of):
        with pytest.raises(CannotAudit, match="not come yet"):
            audit.sheet(of, dated_on=TODAY + DAY)
        made = audit.sheet(of, signed=False)
        for on in (TODAY - DAY, TODAY + DAY):
            with pytest.raises(CannotAudit, match="signed after it was taken down"):
                services.note_signature(sheet=made, stated=SignatureOf(True, "李", on), by=audit.dan, at=NOON)

    def test_a_paper_of_another_engagement_does_not_do(self, audit, of):
        other = audit.paper(audit.engagement())
        with pytest.raises(CannotAudit, match="another engagement"):
            audit.sheet(of, paper=other)
        with pytest.raises(DatabaseError, match="evidence is taken"), transaction.atomic():
            EvidenceSheet.objects.create(
                engagement=of, paper=other, number="x", title="x", facts="x", dated_on=TODAY, taken_by=audit.dan,
                taken_at=NOON,
            )  # fmt: skip

    def test_one_that_nobody_signed_is_made_void(self, audit, of):
        made = services.void_sheet(sheet=audit.sheet(of, signed=False), reason="写错单位", by=audit.dan, at=NOON)
        assert (made.state, made.words) == ("void", "写错单位")
        with pytest.raises(CannotAudit, match="This sheet is void"):
            services.void_sheet(sheet=made, reason="x", by=audit.dan, at=NOON)
        with pytest.raises(DatabaseError, match="signed sheets of its own"), transaction.atomic():
            FindingSheet.objects.create(finding=audit.draft(of), sheet=made, added_by=audit.dan, added_at=NOON)

    def test_take_evidence_needs_words(self, audit, of):
        with pytest.raises(CannotAudit, match="in words"):
            services.take_evidence(engagement=of, stated=SheetOf(" ", "x", TODAY), by=audit.dan, at=NOON)


class TestEvidence:
    def test_the_day_of_the_evidence_is_not_that_of_the_upload(self, audit, of):
        paper, sheet = audit.paper(of), audit.sheet(of, signed=False)
        dated = TODAY - timedelta(days=40)
        for made in (
            evidence.add_to_paper(paper=paper, stated=audit.file(on=dated), by=audit.dan, at=NOON),
            evidence.add_to_sheet(sheet=sheet, stated=audit.file(on=dated), by=audit.dora, at=NOON),
        ):
            assert (made.dated_on, made.added_on) == (dated, TODAY)
            assert len(made.attachment.sha256) == 64
            assert attachments.may_read(made.attachment, audit.dan)
            assert not attachments.may_read(made.attachment, audit.hal)

    def test_refusals(self, audit, of):
        paper = audit.paper(of)
        with pytest.raises(CannotAudit, match="not come yet"):
            evidence.add_to_paper(paper=paper, stated=audit.file(on=TODAY + DAY), by=audit.dan, at=NOON)
        hostile = EvidenceOf(SimpleUploadedFile("a.png", b"MZ not a picture"), TODAY, "x")
        with pytest.raises(CannotAudit) as refusal:
            evidence.add_to_paper(paper=paper, stated=hostile, by=audit.dan, at=NOON)
        assert refusal.value.field == "upload"
        with pytest.raises(CannotAudit, match="in words"):
            evidence.add_to_paper(paper=paper, stated=audit.file(words=" "), by=audit.dan, at=NOON)
        services.check_paper(paper=paper, agrees=True, remark="", by=audit.dora, at=NOON)
        with pytest.raises(CannotAudit, match="checked: nothing is added"):
            evidence.add_to_paper(paper=paper, stated=audit.file(), by=audit.dan, at=NOON)
        void = services.void_sheet(sheet=audit.sheet(of, signed=False), reason="x", by=audit.dan, at=NOON)
        with pytest.raises(CannotAudit, match="This sheet is void"):
            evidence.add_to_sheet(sheet=void, stated=audit.file(), by=audit.dan, at=NOON)
        assert not Evidence.objects.exists()

    def test_the_database_keeps_it(self, audit, of):
        made = evidence.add_to_paper(paper=audit.paper(of), stated=audit.file(), by=audit.dan, at=NOON)
        with pytest.raises(DatabaseError), transaction.atomic():
            Evidence.objects.filter(pk=made.pk).update(words="x")
        with pytest.raises(DatabaseError), transaction.atomic():
            made.delete()
        found = now(audit.paper(of))
        kept = attachments.keep_made(
            subject=found, name="a.txt", content=b"x", media_type="text/plain", by=audit.dan, at=NOON
        )
        told = {"attachment": kept, "words": "x", "added_by": audit.dan, "added_at": NOON, "added_on": TODAY}
        for more in (
            {"paper": found, "dated_on": TODAY + DAY},
            {"dated_on": TODAY},
            {"paper": found, "dated_on": TODAY, "turn": 2},
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                Evidence.objects.create(**told, **more)
