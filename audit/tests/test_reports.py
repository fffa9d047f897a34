"""Reports: drawn up, frozen with their hash, issued by another; and what is refused."""

from __future__ import annotations

import io
from decimal import Decimal

import psycopg
import pytest
from django.db import DatabaseError, transaction
from pypdf import PdfReader

from audit.models import AuditReport, Engagement
from audit.prints import reports as prints
<<<<<<< HEAD
from audit.services import findings, papers
from audit.services import reports as services
from audit.services.auditing import CannotAudit
from audit.tests.auditing import MONEY, Audit, now
from conftest import NOON
||||||| 3011daaa
from audit.rules import report_check
from audit.selectors import reports
from audit.services import report_texts
from audit.services.report_texts import CannotKeepText
from conftest import NOON, sign_in
from enrollment.models import Population
from enrollment.tests import factories as register
from funds.rules.indicators import Claimed, Facts, Payer
from funds.tests.factories import Counter
from funds.tests.test_figures import TODAY, lived_through
from office.models import Act, Duty, Person
=======
from audit.rules import report_check
from audit.selectors import reports
from audit.services import report_texts
from audit.services.report_texts import CannotKeepText
from conftest import NOON, sign_in
from enrollment.models import Population
from enrollment.tests import factories as register
from funds.rules.indicators import Claimed, Facts, Payer
from funds.tests.factories import Counter, past_triggers
from funds.tests.test_figures import TODAY, lived_through
from office.models import Act, Duty, Person
from tests import servers
>>>>>>> x/trailpages

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

<<<<<<< HEAD
    def test_rows_of_the_workbook_sum_up(self, audit, of):
        found = audit.final(of, **MONEY)
        audit.measure(found)
        audit.measure(found)
        other = audit.final(of)
        audit.measure(other)
        findings.drop(finding=audit.answered(of), reason="x", by=audit.dan, at=NOON)
        rows = list(prints.workbook_rows(audit.report(of).content))
        assert len(rows) == 3
        assert sum(row[5] or 0 for row in rows) == Decimal("1200.00")
        assert all(len(row) == len(prints.workbook_header()) for row in rows)
        bare = {"findings": [], "engagement": {"number": "x"}}
        assert list(prints.workbook_rows(bare)) == []
||||||| 3011daaa

def of(facts: Facts, kind: str = "ncms") -> reports.OfScheme:
    return reports.OfScheme(register.scheme(), kind, TODAY.replace(day=1), facts)


FACTS = Facts(
    should=386_772,
    enrolled=370_296,
    due=Decimal(37_029_600),
    received=Decimal(37_876_900),
    payers={"central": Payer(Decimal(14_811_840), Decimal(14_811_840)), "county": Payer(Decimal(100), Decimal(5))},
    spent=Decimal(34_749_800),
    cumulative=Decimal(8_558_100),
    stays=Claimed(25_566, Decimal(73_400_000), Decimal(61_000_000), Decimal(0), Decimal(30_817_900)),
    visits=Claimed(391_205, Decimal(9_000_000), Decimal(9_000_000), Decimal(0), Decimal(3_931_900)),
)


class TestFromTheBooks:
    def test_its_sentences_state_what_the_books_say(self):
        told = prints.sections([of(FACTS)])
        assert [one.title for one in told] == ["一、参合情况", "二、基金筹集情况", "三、基金使用情况"]
        people, raised, used = (one.paragraphs[0] for one in told)
        assert "应参合386772人，实际参合370296人，参合率为95.74%。" in people
        assert "应筹集基金3702.96万元，实际到位3787.69万元，到位率102.29%。" in raised
        assert "中央财政应补 1481.18、到位 1481.18" in raised
        assert "住院补偿25566人次，住院总费用7340.00万元，住院补偿金3081.79万元，次均补偿1205.43元" in used
        assert (
            "实际到位3787.69万元，当期基金支出3474.98万元，当年结余312.71万元，使用率91.74%。累计结余855.81万元。"
            in used
        )

    def test_its_own_check_finds_no_error_in_it(self):
        told = "\n".join(one for section in prints.sections([of(FACTS)]) for one in section.paragraphs)
        checked = report_check.check(told)
        assert checked.errors == []
        assert {one.code for one in checked.findings} >= {
            "participation_rate",
            "arrival_rate",
            "actual_ratio",
            "use_rate",
            "surplus",
        }

    def test_where_there_is_nothing_it_says_nothing(self):
        with translation.override("en"):
            people, raised, used = (one.paragraphs[0] for one in prints.sections([of(Facts(enrolled=3), "urbmi")]))
        assert people.endswith("3 people are enrolled.")
        assert raised.endswith("0.00 ten thousand yuan are due, 0.00 were received.")
        assert used.endswith("Of 0.00 ten thousand yuan received 0.00 were spent, 0.00 are left.")
        with translation.override("en"):
            told = prints.sections([of(FACTS, "urbmi")])
        assert "95.74%" in told[0].paragraphs[0]
        assert "stays cost" in told[2].paragraphs[0]

    def test_the_half_year_ends_in_june(self, year):
        whole, half = (reports.of_span(2010, span, TODAY.replace(year=2011)) for span in ("year", "half"))
        assert {one.last.month for one in whole} == {12}
        assert {one.last.month for one in half} == {6}
        assert prints.title(2010, "half") == "2010 年上半年基金运行情况报告"

    def test_the_page_and_the_paper(self, year, as_head, head):
        page = shown(as_head, "report", year=2010)
        assert "2010 年度基金运行情况报告" in page
        assert "本期尚未提交报告文本" in page
        answer = as_head.get(reverse("audit:report_print", args=[2010, "year"]))
        assert answer.content.startswith(b"%PDF")
        act = Act.objects.latest("pk")
        assert (act.name, act.by, act.facts["year"]) == ("report.printed", head, 2010)

    def test_of_a_year_or_span_that_nobody_knows_there_is_no_paper(self, year, as_head):
        for asked in ([1999, "year"], [2010, "month"]):
            assert as_head.get(reverse("audit:report_print", args=asked)).status_code == 404

    def test_with_nothing_known_the_page_says_so(self, as_head):
        assert "没有" in shown(as_head, "report")

    def test_beside_the_text_that_was_given_in(self, year, as_head, head):
        Population.objects.all()
        give(head)
        page = shown(as_head, "report", year=2010)
        assert "对照文本" in page
        assert "70.00" in page


class TestTexts:
    def test_it_is_kept_as_it_is_by_whom_and_when(self, head):
        kept = give(head, f"  {SAID}\r\n第二行说明\r\n")
        assert kept.text == f"{SAID}\n第二行说明"
        assert (kept.given_by, kept.given_at) == (head, NOON)
        act = Act.objects.latest("pk")
        assert (act.name, act.facts["checked"], act.facts["errors"]) == ("report-text.kept", 1, 1)

    @pytest.mark.parametrize(
        ("said", "field"),
        [({"title": "  "}, "title"), ({"text": "短"}, "text"), ({"text": "长" * 400_001}, "text")],
    )
    def test_what_says_nothing_is_refused(self, head, said, field):
        with pytest.raises(CannotKeepText) as refusal:
            give(head, **said)
        assert refusal.value.field == field
        assert not ReportText.objects.exists()

    def test_the_same_text_is_given_in_once_for_a_span(self, head):
        give(head)
        give(head, span="half")
        with pytest.raises(CannotKeepText):
            give(head)
        assert ReportText.objects.count() == 2

    def test_what_else_the_database_refuses_is_no_repetition(self, head):
        with pytest.raises(IntegrityError), transaction.atomic():
            give(head, year=1900)

    @pytest.mark.parametrize("change", ["UPDATE audit_reporttext SET text = 'x'", "DELETE FROM audit_reporttext"])
    def test_nothing_of_it_is_changed_or_taken_away(self, head, change):
        give(head)
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)

    def test_without_its_guard_the_owner_could(self, head):
        """The trigger refuses even the owner; the run-time role has no right to begin with."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT tgname FROM pg_trigger WHERE tgrelid = 'audit_reporttext'::regclass AND NOT tgisinternal"
            )
            assert cursor.fetchall() == [("reporttext_is_only_added_to",)]
            cursor.execute("SELECT has_table_privilege(current_user, 'audit_reporttext', 'UPDATE')")
            assert cursor.fetchone() == (False,)

    @pytest.mark.parametrize(
        "wrong", [{"title": ""}, {"text": ""}, {"span": "week"}, {"year": 1900}, {"sha256": "x"}], ids=str
    )
    def test_the_database_refuses_what_cannot_be(self, head, wrong):
        fields = {"title": "t", "text": "t", "span": "year", "year": 2010, "sha256": "a" * 64, "given_by": head}
        with pytest.raises(IntegrityError), transaction.atomic():
            ReportText.objects.create(**fields | {"given_at": NOON} | wrong)

    def test_from_the_form_to_what_comes_of_it(self, year, as_head):
        typed = {"title": "2010 年座谈会汇报", "year": "2010", "span": "year", "text": SEED}
        answer = as_head.post(reverse("audit:report_text_new"), typed, follow=True)
        page = answer.content.decode()
        for stated in ("88.20%", "180万元", "115%"):
            assert f">{stated}</a>" in page
        assert "88.29" in page
        assert "口径错误" in page
        assert '<mark class="mark-failed"' in page
        assert page.count("<mark") > 50

    def test_a_form_that_says_nothing_keeps_what_was_typed(self, as_head, head):
        give(head)
        typed = {"title": "汇报", "year": "2010", "span": "year", "text": SAID}
        answer = as_head.post(reverse("audit:report_text_new"), typed)
        assert answer.status_code == 422
        assert "同一年度" in answer.content.decode()
        assert SAID in answer.content.decode()

    def test_a_text_without_numbers_and_a_year_without_books(self, as_head, head):
        kept = give(head, "本报告没有数字,只有文字说明。", year=1999)
        page = shown(as_head, "report_text", kept.pk)
        assert "没有可按公式核对的数字" in page
        assert "账面没有该年度的数据" in page

    def test_the_list_leads_to_each(self, as_head, head, dan, appoint):
        kept = give(head)
        page = shown(as_head, "report_texts")
        assert reverse("audit:report_text", args=[kept.pk]) in page
        assert "Alt+N" in page
        assert as_head.get(reverse("audit:report_texts"), {"as": "xlsx"}).status_code == 200

    def test_whoever_only_looks_is_offered_no_form(self, as_head, head, monkeypatch):
        from office import access

        rights = access.rights_of(head) - {report_texts.RIGHT}
        monkeypatch.setattr(access, "rights_of", lambda person: rights)
        assert "Alt+N" not in shown(as_head, "report_texts")


@pytest.mark.parametrize("many", [1, 8])
def test_the_list_asks_as_much_for_few_as_for_many(as_head, head, many):
    for number in range(many):
        give(head, f"{SAID}{number}")
    shown(as_head, "report_texts")
    with CaptureQueriesContext(connection) as asked:
        shown(as_head, "report_texts")
    assert len(asked) == LIST_COSTS


LIST_COSTS = 5
=======

def of(facts: Facts, kind: str = "ncms") -> reports.OfScheme:
    return reports.OfScheme(register.scheme(), kind, TODAY.replace(day=1), facts)


FACTS = Facts(
    should=386_772,
    enrolled=370_296,
    due=Decimal(37_029_600),
    received=Decimal(37_876_900),
    payers={"central": Payer(Decimal(14_811_840), Decimal(14_811_840)), "county": Payer(Decimal(100), Decimal(5))},
    spent=Decimal(34_749_800),
    cumulative=Decimal(8_558_100),
    stays=Claimed(25_566, Decimal(73_400_000), Decimal(61_000_000), Decimal(0), Decimal(30_817_900)),
    visits=Claimed(391_205, Decimal(9_000_000), Decimal(9_000_000), Decimal(0), Decimal(3_931_900)),
)


class TestFromTheBooks:
    def test_its_sentences_state_what_the_books_say(self):
        told = prints.sections([of(FACTS)])
        assert [one.title for one in told] == ["一、参合情况", "二、基金筹集情况", "三、基金使用情况"]
        people, raised, used = (one.paragraphs[0] for one in told)
        assert "应参合386772人，实际参合370296人，参合率为95.74%。" in people
        assert "应筹集基金3702.96万元，实际到位3787.69万元，到位率102.29%。" in raised
        assert "中央财政应补 1481.18、到位 1481.18" in raised
        assert "住院补偿25566人次，住院总费用7340.00万元，住院补偿金3081.79万元，次均补偿1205.43元" in used
        assert (
            "实际到位3787.69万元，当期基金支出3474.98万元，当年结余312.71万元，使用率91.74%。累计结余855.81万元。"
            in used
        )

    def test_its_own_check_finds_no_error_in_it(self):
        told = "\n".join(one for section in prints.sections([of(FACTS)]) for one in section.paragraphs)
        checked = report_check.check(told)
        assert checked.errors == []
        assert {one.code for one in checked.findings} >= {
            "participation_rate",
            "arrival_rate",
            "actual_ratio",
            "use_rate",
            "surplus",
        }

    def test_where_there_is_nothing_it_says_nothing(self):
        with translation.override("en"):
            people, raised, used = (one.paragraphs[0] for one in prints.sections([of(Facts(enrolled=3), "urbmi")]))
        assert people.endswith("3 people are enrolled.")
        assert raised.endswith("0.00 ten thousand yuan are due, 0.00 were received.")
        assert used.endswith("Of 0.00 ten thousand yuan received 0.00 were spent, 0.00 are left.")
        with translation.override("en"):
            told = prints.sections([of(FACTS, "urbmi")])
        assert "95.74%" in told[0].paragraphs[0]
        assert "stays cost" in told[2].paragraphs[0]

    def test_the_half_year_ends_in_june(self, year):
        whole, half = (reports.of_span(2010, span, TODAY.replace(year=2011)) for span in ("year", "half"))
        assert {one.last.month for one in whole} == {12}
        assert {one.last.month for one in half} == {6}
        assert prints.title(2010, "half") == "2010 年上半年基金运行情况报告"

    def test_the_page_and_the_paper(self, year, as_head, head):
        page = shown(as_head, "report", year=2010)
        assert "2010 年度基金运行情况报告" in page
        assert "本期尚未提交报告文本" in page
        answer = as_head.get(reverse("audit:report_print", args=[2010, "year"]))
        assert answer.content.startswith(b"%PDF")
        act = Act.objects.latest("pk")
        assert (act.name, act.by, act.facts["year"]) == ("report.printed", head, 2010)

    def test_of_a_year_or_span_that_nobody_knows_there_is_no_paper(self, year, as_head):
        for asked in ([1999, "year"], [2010, "month"]):
            assert as_head.get(reverse("audit:report_print", args=asked)).status_code == 404

    def test_with_nothing_known_the_page_says_so(self, as_head):
        assert "没有" in shown(as_head, "report")

    def test_beside_the_text_that_was_given_in(self, year, as_head, head):
        Population.objects.all()
        give(head)
        page = shown(as_head, "report", year=2010)
        assert "对照文本" in page
        assert "70.00" in page


class TestTexts:
    def test_it_is_kept_as_it_is_by_whom_and_when(self, head):
        kept = give(head, f"  {SAID}\r\n第二行说明\r\n")
        assert kept.text == f"{SAID}\n第二行说明"
        assert (kept.given_by, kept.given_at) == (head, NOON)
        act = Act.objects.latest("pk")
        assert (act.name, act.facts["checked"], act.facts["errors"]) == ("report-text.kept", 1, 1)

    @pytest.mark.parametrize(
        ("said", "field"),
        [({"title": "  "}, "title"), ({"text": "短"}, "text"), ({"text": "长" * 400_001}, "text")],
    )
    def test_what_says_nothing_is_refused(self, head, said, field):
        with pytest.raises(CannotKeepText) as refusal:
            give(head, **said)
        assert refusal.value.field == field
        assert not ReportText.objects.exists()

    def test_the_same_text_is_given_in_once_for_a_span(self, head):
        give(head)
        give(head, span="half")
        with pytest.raises(CannotKeepText):
            give(head)
        assert ReportText.objects.count() == 2

    def test_what_else_the_database_refuses_is_no_repetition(self, head):
        with pytest.raises(IntegrityError), transaction.atomic():
            give(head, year=1900)

    @pytest.mark.parametrize("change", ["UPDATE audit_reporttext SET text = 'x'", "DELETE FROM audit_reporttext"])
    def test_nothing_of_it_is_changed_or_taken_away(self, head, change):
        give(head)
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)

    def test_the_run_time_role_has_no_right_to_change_it_either(self, head):
        with connection.cursor() as cursor:
            cursor.execute("SELECT has_table_privilege(current_user, 'audit_reporttext', 'UPDATE')")
            assert cursor.fetchone() == (False,)

    @pytest.mark.parametrize(
        "wrong", [{"title": ""}, {"text": ""}, {"span": "week"}, {"year": 1900}, {"sha256": "x"}], ids=str
    )
    def test_the_database_refuses_what_cannot_be(self, head, wrong):
        fields = {"title": "t", "text": "t", "span": "year", "year": 2010, "sha256": "a" * 64, "given_by": head}
        with pytest.raises(IntegrityError), transaction.atomic():
            ReportText.objects.create(**fields | {"given_at": NOON} | wrong)

    def test_from_the_form_to_what_comes_of_it(self, year, as_head):
        typed = {"title": "2010 年座谈会汇报", "year": "2010", "span": "year", "text": SEED}
        answer = as_head.post(reverse("audit:report_text_new"), typed, follow=True)
        page = answer.content.decode()
        for stated in ("88.20%", "180万元", "115%"):
            assert f">{stated}</a>" in page
        assert "88.29" in page
        assert "口径错误" in page
        assert '<mark class="mark-failed"' in page
        assert page.count("<mark") > 50

    def test_a_form_that_says_nothing_keeps_what_was_typed(self, as_head, head):
        give(head)
        typed = {"title": "汇报", "year": "2010", "span": "year", "text": SAID}
        answer = as_head.post(reverse("audit:report_text_new"), typed)
        assert answer.status_code == 422
        assert "同一年度" in answer.content.decode()
        assert SAID in answer.content.decode()

    def test_a_text_without_numbers_and_a_year_without_books(self, as_head, head):
        kept = give(head, "本报告没有数字,只有文字说明。", year=1999)
        page = shown(as_head, "report_text", kept.pk)
        assert "没有可按公式核对的数字" in page
        assert "账面没有该年度的数据" in page

    def test_the_list_leads_to_each(self, as_head, head, dan, appoint):
        kept = give(head)
        page = shown(as_head, "report_texts")
        assert reverse("audit:report_text", args=[kept.pk]) in page
        assert "Alt+N" in page
        assert as_head.get(reverse("audit:report_texts"), {"as": "xlsx"}).status_code == 200

    def test_whoever_only_looks_is_offered_no_form(self, as_head, head, monkeypatch):
        from office import access

        rights = access.rights_of(head) - {report_texts.RIGHT}
        monkeypatch.setattr(access, "rights_of", lambda person: rights)
        assert "Alt+N" not in shown(as_head, "report_texts")


@pytest.mark.parametrize("many", [1, 8])
def test_the_list_asks_as_much_for_few_as_for_many(as_head, head, many):
    for number in range(many):
        give(head, f"{SAID}{number}")
    shown(as_head, "report_texts")
    with CaptureQueriesContext(connection) as asked:
        shown(as_head, "report_texts")
    assert len(asked) == LIST_COSTS


LIST_COSTS = 5


@pytest.mark.django_db(transaction=True)
def test_without_its_guard_a_text_could_be_changed(head):
    kept = give(head)
    past_triggers("UPDATE audit_reporttext SET text = 'altered'")
    kept.refresh_from_db()
    assert kept.text == "altered"
    superuser_dsn = servers.superuser_dsn(connection.settings_dict["NAME"])
    with psycopg.connect(superuser_dsn) as raw, pytest.raises(psycopg.errors.CheckViolation):
        raw.execute("UPDATE audit_reporttext SET text = 'again'")
>>>>>>> x/trailpages
