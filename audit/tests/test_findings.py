"""Findings: drafted with evidence, sent for comment, answered, final, dropped; and what is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from audit import models, subjects
from audit.models import Citation, EngagementMember, Finding, FindingAnswer
from audit.selectors import own_work
from audit.services import findings as services
from audit.services import recovering
from audit.services.auditing import CannotAudit
from audit.services.findings import FindingOf
from audit.tests.auditing import LATER, MONEY, WORDS, Audit, now
from conftest import NOON
from office.models import Duty, StateMove

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def audit(appoint) -> Audit:
    return Audit.of(appoint)


@pytest.fixture
def of(audit):
    return audit.engagement()


class TestDraft:
    def test_it_has_its_number_and_can_be_corrected(self, audit, of):
        made = audit.draft(of, **MONEY)
        assert (made.number, made.state, made.to_recover) == ("WT2010-00001", "draft", 1200)
        told = FindingOf(**(WORDS | {"cause": " 查重缺失 "}), amount=Decimal(5), to_recover=Decimal(5))
        done = services.change(finding=made, stated=told, by=audit.dora, at=NOON)
        assert (now(done).cause, now(done).amount) == ("查重缺失", 5)

    def test_refusals(self, audit, of):
        for words, more in (
            ("in words", {"fact": ""}),
            ("in words", {"rule": " "}),
            ("No more comes back", {"to_recover": Decimal(1)}),
            ("No more comes back", {"amount": Decimal(1), "to_recover": Decimal(-1)}),
        ):
            with pytest.raises(CannotAudit, match=words):
                audit.draft(of, **more)
        assert not Finding.objects.exists()

    def test_it_rests_on_signed_sheets_of_its_own(self, audit, of):
        made = audit.draft(of)
        with pytest.raises(CannotAudit, match="rests on this sheet already"):
            services.rest_on(finding=made, sheet=made.sheets.get().sheet, by=audit.dan, at=NOON)
        for wrong in (audit.sheet(of, signed=False), audit.sheet(audit.engagement())):
            with pytest.raises(CannotAudit, match="signed evidence sheets of its own"):
                services.rest_on(finding=made, sheet=wrong, by=audit.dan, at=NOON)

    def test_it_cites_things_in_which_one_had_no_hand(self, audit, of, monkeypatch):
        made = audit.draft(of)
        posting = audit.came_back("15")
        subject = subjects.found("funds.posting", f"{audit.book.code} 2010-03 {posting.number}")
        services.cite(finding=made, subject=subject, by=audit.dan, at=NOON)
        with pytest.raises(CannotAudit, match="cited already"):
            services.cite(finding=made, subject=subject, by=audit.dan, at=NOON)
        monkeypatch.setattr(own_work, "had_a_hand", lambda person, name: True)
        with pytest.raises(CannotAudit, match="had a hand"):
            services.cite(finding=made, subject=subject, by=audit.dan, at=NOON)
        sent = services.send_for_comment(finding=made, by=audit.dan, at=NOON)
        with pytest.raises(DatabaseError, match="said in its draft"), transaction.atomic():
            Citation.objects.create(
                finding=sent, subject_type="a", subject_id="1", words="x", added_by=audit.dan, added_at=NOON
            )


class TestComment:
    def test_it_goes_out_for_ten_working_days(self, audit, of):
        made = audit.sent(of)
        assert (made.state, made.comment_until) == ("commenting", date(2010, 3, 15))

    def test_never_without_evidence(self, audit, of):
        bare = services.draft(engagement=of, stated=FindingOf(**WORDS), by=audit.dan, at=NOON)
        with pytest.raises(CannotAudit, match="sent with its evidence"):
            services.send_for_comment(finding=bare, by=audit.dan, at=NOON)
        rows = Finding.objects.filter(pk=bare.pk)
        with pytest.raises(DatabaseError, match="with its evidence"), transaction.atomic():
            rows.update(state="commenting", sent_at=NOON, comment_until=date(2010, 3, 15))

    def test_never_beyond_the_table_of_working_days(self, audit, of):
        with pytest.raises(CannotAudit, match="working-day table does not reach"):
            services.send_for_comment(finding=audit.draft(of), by=audit.dan, at=datetime(2010, 12, 25, 4, tzinfo=UTC))

    def test_the_office_answers_once(self, audit, of):
        made = audit.sent(of)
        with pytest.raises(CannotAudit, match="in words"):
            services.answer(finding=made, agrees=False, words=" ", by=audit.hal, at=NOON)
        told = services.answer(finding=made, agrees=False, words="系统故障所致", by=audit.hal, at=NOON)
        assert (told.agrees, now(made).state) == (False, "answered")
        with pytest.raises(CannotAudit, match="answered"):
            services.answer(finding=made, agrees=True, words="x", by=audit.hal, at=NOON)

    def test_the_auditors_do_not_answer_for_it(self, audit, of, appoint):
        made = audit.sent(of)
        with pytest.raises(CannotAudit, match="None of your duties"):
            services.answer(finding=made, agrees=True, words="x", by=audit.dan, at=NOON)
        other = appoint("hed", Duty.OFFICE_HEAD)
        EngagementMember.objects.create(engagement=of, person=other, named_by=audit.dan, named_at=NOON)
        with pytest.raises(CannotAudit, match="The audited answer"):
            services.answer(finding=made, agrees=True, words="x", by=other, at=NOON)
        with pytest.raises(DatabaseError, match="the audited answer"), transaction.atomic():
            FindingAnswer.objects.create(
                finding=made, agrees=True, words="x", answered_by=other, answered_at=NOON, answered_on=date(2010, 3, 1)
            )

    def test_after_the_answer_it_is_final_taken_up_again_or_dropped(self, audit, of):
        assert audit.final(of).state == "final"
        again = services.take_up_again(finding=audit.answered(of), by=audit.dan, at=NOON)
        assert again.state == "draft"
        assert services.send_for_comment(finding=again, by=audit.dan, at=LATER).comment_until == date(2010, 3, 31)
        with pytest.raises(DatabaseError, match="has its answer"), transaction.atomic():
            Finding.objects.filter(pk=again.pk).update(state="answered")
        dropped = services.drop(finding=audit.answered(of), reason="说明成立", by=audit.dan, at=NOON)
        assert (dropped.state, dropped.reason) == ("dropped", "说明成立")
        with pytest.raises(CannotAudit, match="dropped"):
            services.drop(finding=dropped, reason="x", by=audit.dan, at=NOON)

    def test_nobody_answers_and_it_becomes_final_after_its_time(self, audit, of):
        made = audit.sent(of)
        with pytest.raises(CannotAudit, match="may answer until 2010-03-15"):
            services.settle(finding=made, by=audit.dan, at=NOON)
        assert services.settle(finding=made, by=audit.dan, at=LATER).state == "final"

    def test_the_database_waits_for_the_time_of_comment(self, audit, of):
        made = audit.draft(of)
        rows = Finding.objects.filter(pk=made.pk)
        rows.update(state="commenting", sent_at=NOON, comment_until=date(2100, 1, 1))
        with pytest.raises(DatabaseError, match="time of comment is not over"), transaction.atomic():
            rows.update(state="final")
        with pytest.raises(DatabaseError, match="time of comment stays"), transaction.atomic():
            rows.update(state="final", comment_until=date(2010, 3, 2))

    def test_money_that_stands_for_it_is_taken_off_before_it_is_dropped(self, audit, of):
        made = audit.answered(of, **MONEY)
        audit.recovered(made, "1200")
        with pytest.raises(CannotAudit, match="take them off first"):
            services.drop(finding=made, reason="x", by=audit.dan, at=NOON)
        recovering.take_off(link=made.money.get(), reason="关联有误", by=audit.dan, at=NOON)
        with pytest.raises(CannotAudit, match="in words"):
            services.drop(finding=made, reason=" ", by=audit.dan, at=NOON)
        assert services.drop(finding=made, reason="x", by=audit.dan, at=NOON).state == "dropped"


class TestSight:
    def test_the_audited_see_what_was_sent_to_them(self, audit, of):
        draft, sent = audit.draft(of), audit.sent(of)
        assert set(Finding.objects.visible_to(audit.dan)) == {draft, sent}
        assert set(Finding.objects.visible_to(audit.hal)) == {sent}
        assert not Finding.objects.visible_to(audit.counter.acc)


@pytest.mark.parametrize(
    "name", ["Engagement", "WorkPaper", "EvidenceSheet", "Finding", "Rectification", "BookedMoney", "AuditReport"]
)
def test_the_database_knows_the_same_moves(name):
    model = getattr(models, name)
    found = StateMove.objects.filter(table=model._meta.db_table).values_list("before", "after")
    assert set(found) == set(model.MOVES)
    assert {after for _before, after in model.MOVES} == set(model.State.values)
