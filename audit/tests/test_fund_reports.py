"""The report from the books, texts of reports, and their pages; what the database refuses."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from audit.models import ReportText
from audit.prints import fund_reports as prints
from audit.rules import report_check
from audit.selectors import fund_reports as reports
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

pytestmark = pytest.mark.django_db
SEED = (Path(__file__).parent / "data" / "reports" / "ningxia-2010.txt").read_text(encoding="utf-8")
SAID = "(五)新农合工作。应参合农民5人,实际参合农民3人,参合率为70%。"


@pytest.fixture
def year(appoint, time_machine):
    """Books of the rural scheme that lived through the beginning of 2010."""
    time_machine.move_to(NOON)
    made = Counter.of(appoint)
    lived_through(made)
    return made


@pytest.fixture
def head(appoint) -> Person:
    return appoint("hal-of-reports", Duty.OFFICE_HEAD)


@pytest.fixture
def as_head(head) -> Client:
    return sign_in(Client(), head)


def give(head, text=SAID, **more) -> ReportText:
    said = {"title": "汇报", "year": 2010, "span": "year", "by": head, "at": NOON}
    return report_texts.keep(text=text, **said | more)


def shown(client: Client, name: str, *args, **query) -> str:
    answer = client.get(reverse(f"audit:{name}", args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


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
        assert raised.endswith(": 0.00 ten thousand yuan were received.")
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
        page = shown(as_head, "fund_report", year=2010)
        assert "2010 年度基金运行情况报告" in page
        assert "本期尚未提交报告文本" in page
        answer = as_head.get(reverse("audit:fund_report_print", args=[2010, "year"]))
        assert answer.content.startswith(b"%PDF")
        act = Act.objects.latest("pk")
        assert (act.name, act.by, act.facts["year"]) == ("report.printed", head, 2010)

    def test_of_a_year_or_span_that_nobody_knows_there_is_no_paper(self, year, as_head):
        for asked in ([1999, "year"], [2010, "month"]):
            assert as_head.get(reverse("audit:fund_report_print", args=asked)).status_code == 404

    def test_with_nothing_known_the_page_says_so(self, as_head):
        assert "没有" in shown(as_head, "fund_report")

    def test_beside_the_text_that_was_given_in(self, year, as_head, head):
        Population.objects.all()
        give(head)
        page = shown(as_head, "fund_report", year=2010)
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
        assert "2,009" not in page
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
