"""The pages of engagements: from the plan to the report, each step by those whose work it is; refusals are told."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audit.models import (
    AuditReport,
    Demand,
    Engagement,
    EvidenceSheet,
    Finding,
    Rectification,
    WorkPaper,
)
from audit.services import engagements, papers, rectifying
from audit.tests.auditing import DAY, MONEY, SINCE, TODAY, UNTIL, WORDS, Audit, now
from conftest import NOON, sign_in
from office import desk, overview, sheets
from office.models import Act
from office.rules import days
from office.services import calendar
from office.tests.factories import PIXEL, tess

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def audit(appoint) -> Audit:
    year = timezone.now().year
    made = Audit.of(appoint)
    for each in (year, year + 1):
        calendar.fill_year(year=each, by=tess(), at=NOON)
    return made


@pytest.fixture
def browsers(audit):
    found = {one.username: sign_in(Client(), one) for one in (audit.dan, audit.dora, audit.hal)}
    for client in found.values():
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return found


@pytest.fixture
def dan(browsers):
    return browsers["dan"]


@pytest.fixture
def dora(browsers):
    return browsers["dora"]


@pytest.fixture
def hal(browsers):
    return browsers["hal"]


def go(client: Client, name: str, *args: object, status: int = 302, **typed: object) -> str:
    """A form that is sent, or a button; the page that answers."""
    answer = client.post(reverse(f"audit:{name}", args=args), typed)
    assert answer.status_code == status, answer.content.decode()[:3000]
    return answer.content.decode() if status != 302 else answer.headers["Location"]


def seen(client: Client, name: str, *args: object) -> str:
    """What a form says that its reader saw."""
    form = client.get(reverse(f"audit:{name}", args=args)).context["form"]
    return str(form["seen"].value())


def see(client: Client, name: str, *args: object, **query: str) -> str:
    answer = client.get(reverse(f"audit:{name}", args=args), query)
    assert answer.status_code == 200, (name, answer.status_code)
    return answer.content.decode()


def printed(client: Client, name: str, *args: object) -> None:
    answer = client.get(reverse(f"audit:{name}", args=args))
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF")


def waiting(person) -> set[str]:
    """The worklists of audits that have something for somebody."""
    today = days.business_day(timezone.now())
    vars(person).pop("_duties_today", None)
    return {
        one.worklist.name.partition(".")[2]
        for one in desk.waiting_for(person, today)
        if one.worklist.name.startswith("audit.")
    }


PLAN = {
    "kind": "annual",
    "done_by": "internal",
    "title": "基金稽核",
    "basis": "海合管〔2010〕1号",
    "since": SINCE.isoformat(),
    "until": UNTIL.isoformat(),
    "scope": "住院补偿",
    "plan": "先查重复\n再查追回",
}


def test_from_the_plan_to_the_notice(audit, dan):
    see(dan, "engagement_new")
    assert "Nobody audits himself" in go(
        dan, "engagement_new", status=422, **PLAN | {"kind": "leaving"}, body=audit.body.pk, lead=audit.dan.pk,
        leaver=audit.dan.pk,
    )  # fmt: skip
    go(dan, "engagement_new", **PLAN, body=audit.body.pk, lead=audit.dan.pk)
    made = Engagement.objects.get()
    assert "Serve the notice" in see(dan, "engagement", made.pk)
    see(dan, "engagement_change", made.pk)
    of_plan = {"body": audit.body.pk, "lead": audit.dan.pk, "seen": seen(dan, "engagement_change", made.pk)}
    go(dan, "engagement_change", made.pk, **PLAN | {"title": "改题"} | of_plan)
    see(dan, "member_name", made.pk)
    go(dan, "member_name", made.pk, person=audit.dora.pk)
    printed(dan, "notice_print", made.pk)
    today = days.business_day(timezone.now())
    told = {"served_on": today.isoformat(), "fieldwork_from": today.isoformat()}
    assert "at the earliest" in go(dan, "notice_serve", made.pk, status=422, **told)
    go(dan, "notice_serve", made.pk, **told | {"fieldwork_from": (today + 20 * DAY).isoformat()})
    printed(dan, "notice_print", made.pk)
    assert "改题" in see(dan, "engagements", state="noticed", words="改题")
    assert "Write a work paper" in see(dan, "engagement", made.pk)


def test_one_is_given_up(audit, dan):
    made = audit.planned(kind="leaving", leaver=audit.hal)
    assert "Hal" in see(dan, "engagement", made.pk)
    see(dan, "engagement_give_up", made.pk)
    go(dan, "engagement_give_up", made.pk, reason="并入年度审计")
    assert "Print the notice" not in see(dan, "engagement", made.pk)


def test_papers_and_sheets(audit, dan, dora):  # noqa: PLR0915  one journey
    of = audit.engagement()
    posting = audit.came_back("5")
    typed = {"title": "查重", "procedure": "x", "facts": "x", "conclusion": "x"}
    see(dan, "work_paper_new", of.pk)
    wrong = {"kind": "funds.posting", "number": "ncms 2010-03 99"}
    assert "Nothing fits" in go(dan, "work_paper_new", of.pk, status=422, **typed, **wrong)
    found = {"kind": "funds.posting", "number": f"ncms 2010-03 {posting.number}"}
    go(dan, "work_paper_new", of.pk, **typed, **found)
    paper = WorkPaper.objects.get()
    assert reverse("funds:posting", args=[posting.pk]) in see(dan, "work_paper", paper.pk)
    assert waiting(audit.dora) == {"papers-to-check"}
    assert "Check it" in see(dora, "work_paper", paper.pk)
    see(dora, "work_paper_check", paper.pk)
    was = seen(dora, "work_paper_check", paper.pk)
    go(dora, "work_paper_check", paper.pk, agrees="no", remark="缺发票", seen=was)
    assert "Rewrite it" in see(dan, "work_paper", paper.pk)
    see(dan, "work_paper_rewrite", paper.pk)
    was = seen(dan, "work_paper_rewrite", paper.pk)
    go(dan, "work_paper_rewrite", paper.pk, **typed | {"facts": "两笔同号", "seen": was})
    see(dan, "work_paper_evidence", paper.pk)
    file = {"upload": SimpleUploadedFile("a.png", PIXEL), "dated_on": "2010-02-01", "words": "发票"}
    go(dan, "work_paper_evidence", paper.pk, **file)
    assert "2010-02-01" in see(dan, "work_paper", paper.pk)
    go(dora, "work_paper_check", paper.pk, agrees="yes", seen=seen(dora, "work_paper_check", paper.pk))
    printed(dan, "work_paper_print", paper.pk)
    see(dan, "evidence_sheet_new", of.pk)
    go(dan, "evidence_sheet_new", of.pk, title="取证", facts="两次支付", dated_on="2010-03-01", paper=paper.pk)
    sheet = EvidenceSheet.objects.get()
    printed(dan, "evidence_sheet_print", sheet.pk)
    assert "Note the signature" in see(dan, "evidence_sheet", sheet.pk)
    see(dan, "evidence_sheet_sign", sheet.pk)
    go(dan, "evidence_sheet_sign", sheet.pk, signed="yes", by_name="李国栋", on="2010-03-02", words="属实")
    file["upload"] = SimpleUploadedFile("b.png", PIXEL)
    see(dan, "evidence_sheet_evidence", sheet.pk)
    go(dan, "evidence_sheet_evidence", sheet.pk, **file)
    printed(dan, "evidence_sheet_print", sheet.pk)
    other = audit.sheet(of, signed=False)
    see(dan, "evidence_sheet_void", other.pk)
    go(dan, "evidence_sheet_void", other.pk, reason="写错单位")
    assert "void" in see(dan, "evidence_sheet", other.pk)
    assert "两笔同号" not in see(dan, "engagement", of.pk)
    assert paper.number in see(dan, "engagement", of.pk)


def test_a_finding_from_draft_to_final(audit, dan, hal):  # noqa: PLR0915  one journey
    of = audit.engagement()
    sheet = audit.sheet(of)
    see(dan, "finding_new", of.pk)
    typed = WORDS | {"amount": "2400", "to_recover": "3000"}
    assert "No more comes back" in go(dan, "finding_new", of.pk, status=422, **typed)
    go(dan, "finding_new", of.pk, **typed | {"to_recover": "1,200.00"})
    found = Finding.objects.get()
    see(dan, "finding_change", found.pk)
    was = seen(dan, "finding_change", found.pk)
    go(dan, "finding_change", found.pk, **typed | {"to_recover": "1200", "cause": "查重缺失", "seen": was})
    assert "sent with its evidence" in dan.get(go(dan, "finding_send", found.pk)).content.decode()
    see(dan, "finding_sheet", found.pk)
    go(dan, "finding_sheet", found.pk, sheet=sheet.pk)
    posting = audit.came_back("5")
    see(dan, "finding_cite", found.pk)
    assert "Nothing fits" in go(dan, "finding_cite", found.pk, status=422, kind="claims.claim", number="x")
    go(dan, "finding_cite", found.pk, kind="funds.posting", number=f"ncms 2010-03 {posting.number}")
    assert hal.get(reverse("audit:finding", args=[found.pk])).status_code == 404
    go(dan, "finding_send", found.pk)
    printed(dan, "finding_print", found.pk)
    assert waiting(audit.hal) == {"findings-to-answer"}
    assert "Answer" in see(hal, "finding", found.pk)
    assert "Send for comment" not in see(hal, "finding", found.pk)
    see(hal, "finding_answer", found.pk)
    go(hal, "finding_answer", found.pk, agrees="no", words="系统故障")
    assert waiting(audit.dan) == {"findings-to-settle"}
    assert "does not agree" in see(dan, "finding", found.pk)
    go(dan, "finding_take_up", found.pk)
    go(dan, "finding_send", found.pk)
    assert "Make it final" in see(dan, "finding", found.pk)
    go(hal, "finding_answer", found.pk, agrees="yes", words="属实")
    go(dan, "finding_settle", found.pk)
    printed(hal, "finding_print", found.pk)
    assert now(found).state == "final"
    assert found.number in see(hal, "findings", state="final", engagement=of.number)
    assert see(hal, "engagement", of.pk).count(found.number) == 1


def test_one_is_dropped(audit, dan):
    found = audit.draft(audit.engagement())
    see(dan, "finding_drop", found.pk)
    go(dan, "finding_drop", found.pk, reason="查无实据")
    assert "查无实据" in see(dan, "finding", found.pk)
    assert Act.objects.filter(name="finding.dropped").exists()


def test_a_measure_from_the_demand_to_its_closing(audit, dan, dora, hal):  # noqa: PLR0915  one journey
    of = audit.engagement()
    found = audit.final(of, **MONEY)
    far = days.business_day(timezone.now()) + 30 * DAY
    see(dan, "rectification_new", found.pk)
    go(dan, "rectification_new", found.pk, measure="追回", responsible="财务股", due_on=far.isoformat())
    made = Rectification.objects.get()
    assert waiting(audit.hal) == {"rectifications-to-do"}
    assert "Add evidence" in see(hal, "rectification", made.pk)
    see(hal, "rectification_hand_in", made.pk)
    assert "add a file first" in go(hal, "rectification_hand_in", made.pk, status=422, result="x")
    see(hal, "rectification_evidence", made.pk)

    def file() -> dict[str, object]:
        return {"upload": SimpleUploadedFile("a.png", PIXEL), "dated_on": "2010-02-01", "words": "回单"}

    go(hal, "rectification_evidence", made.pk, **file())
    go(hal, "rectification_hand_in", made.pk, result="已追回")
    assert "rectifications-to-check" in waiting(audit.dora)
    assert "Check it" in see(dora, "rectification", made.pk)
    see(dora, "rectification_check", made.pk)
    typed = {"outcome": "sent_back", "words": "金额不符"}
    assert "until when" in go(dora, "rectification_check", made.pk, status=422, **typed)
    go(dora, "rectification_check", made.pk, **typed, due_on=far.isoformat())
    go(hal, "rectification_evidence", made.pk, **file())
    go(hal, "rectification_hand_in", made.pk, result="已补")
    go(dora, "rectification_check", made.pk, outcome="closed", words="已核实")
    assert "Open it again" in see(dora, "rectification", made.pk)
    see(dora, "rectification_reopen", made.pk)
    assert "findings-to-close" in waiting(audit.dora)
    assert "cannot be closed yet" in see(dora, "finding", found.pk)
    _money(audit, dan, found)
    assert "Close it" in see(dora, "finding", found.pk)
    go(dora, "finding_close", found.pk)
    assert now(found).state == "closed"
    see(dora, "finding_reopen", found.pk)
    go(dora, "finding_reopen", found.pk, reason="再次发生")
    go(dora, "rectification_reopen", made.pk, words="再次发生", due_on=far.isoformat())
    assert now(made).turn == 3


def _money(audit: Audit, dan: Client, found: Finding) -> None:
    """The letter, a wrong link that is taken off, the money."""
    see(dan, "demand_new", found.pk)
    far = days.business_day(timezone.now()) + 30 * DAY
    go(dan, "demand_new", found.pk, payer="县医院", amount="1200", pay_by=far.isoformat())
    printed(dan, "demand_print", Demand.objects.get().pk)
    posting = audit.came_back("1200")
    assert posting.summary in see(dan, "money_link", found.pk)
    assert "Choose money that came back" in go(dan, "money_link", found.pk, status=422)
    go(dan, "money_link", found.pk, book=audit.book.pk, month="2010-03", number=posting.number)
    link = found.money.get()
    see(dan, "money_take_off", link.pk)
    go(dan, "money_take_off", link.pk, reason="关联有误")
    assert "void: 关联有误" in see(dan, "finding", found.pk)
    go(dan, "money_link", found.pk, posting=posting.pk)
    assert "1,200.00" in see(dan, "finding", found.pk)


def test_money_that_was_taken_back_stands_on_the_page_and_on_a_worklist(audit, dora):
    closed = audit.closed(**MONEY)
    posting = closed.money.get().posting
    audit.counter.reverse(posting, on=TODAY)
    assert "taken back in red" in see(dora, "finding", closed.pk)
    assert waiting(audit.dora) == {"findings-to-close"}


def test_the_register_shows_what_is_overdue(audit, dan, hal):
    found = audit.final()
    late = audit.measure(found)
    rectifying.remind(at=NOON + 60 * DAY)
    assert late.number in see(dan, "rectifications", standing="overdue")
    assert late.number not in see(dan, "rectifications", standing="closed")
    assert "overdue" in see(hal, "rectification", late.pk)
    printed(hal, "rectifications_print")
    assert "rectifications-overdue" in waiting(audit.dan)
    assert "Overdue" in see(dan, "rectifications", **{"as": "totals"})
    told = [one for one in overview.overdue_for(audit.hal, timezone.now()) if one.late.name == "audit.rectifications"]
    assert told[0].waiting.count == 1
    book = dan.get(reverse("audit:rectifications"), {"as": "xlsx"}).content
    rows = sheets.rows(book, "a.xlsx")
    assert rows[1][0] == late.number
    assert int(rows[1][7]) > 0


def test_a_report_is_drawn_up_sent_back_and_issued(audit, dan, dora, hal):
    of = audit.engagement()
    audit.measure(audit.final(of, **MONEY))
    see(dan, "report_new", of.pk)
    go(dan, "report_new", of.pk, opinion="总体规范", advice="完善查重")
    made = AuditReport.objects.get()
    assert waiting(audit.dora) == {"reports-to-issue", "rectifications-overdue"}
    assert hal.get(reverse("audit:report", args=[made.pk])).status_code == 404
    assert made.sha256 in see(dora, "report", made.pk)
    see(dora, "report_send_back", made.pk)
    go(dora, "report_send_back", made.pk, reason="补充建议")
    go(dan, "report_new", of.pk, opinion="总体规范", advice="")
    made = AuditReport.objects.latest("pk")
    go(dora, "report_issue", made.pk)
    assert now(of).state == "reported"
    for name in ("report", "reports"):
        assert made.number in see(hal, name, *([made.pk] if name == "report" else []))
    printed(hal, "report_print", made.pk)
    rows = sheets.rows(hal.get(reverse("audit:report_workbook", args=[made.pk])).content, "a.xlsx")
    assert Decimal(str(rows[1][5])) == Decimal("1200")
    refused = dan.get(go(dan, "engagement_close", of.pk)).content.decode()
    assert "is not closed" in refused
    assert "sent back" in see(dan, "reports", state="returned")


def test_an_engagement_is_closed_by_its_button(audit, dan):
    of = audit.engagement()
    papers.check_paper(paper=audit.paper(of), agrees=True, remark="", by=audit.dora, at=NOON)
    audit.issued(of)
    go(dan, "engagement_close", of.pk)
    assert "closed" in see(dan, "engagement", of.pk)


def test_a_report_that_was_altered_is_told(audit, dan, monkeypatch):
    of = audit.engagement()
    made = audit.report(of)
    monkeypatch.setattr("audit.services.reports.sha256_of", lambda content: "0" * 64)
    assert "not what it was" in see(dan, "report", made.pk)


def test_whoever_did_work_in_the_period_is_told_on_the_page(audit, dan):
    of = audit.planned(until=days.business_day(timezone.now()))
    Act.objects.create(name="claim.checked", subject_type="claims.claim", subject_id="7", by=audit.dora)
    engagements.name_member(engagement=of, person=audit.dora, by=audit.dan, at=NOON)
    assert "Dora did 1 thing in this period himself" in see(dan, "engagement", of.pk)


@pytest.mark.parametrize(
    ("name", "most"),
    [("engagements", 9), ("findings", 9), ("rectifications", 9), ("reports", 9)],
)
def test_a_list_asks_as_much_for_many_rows_as_for_one(audit, dan, name, most):
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            see(dan, name)
        return len(seen)

    def one() -> None:
        of = audit.engagement()
        audit.measure(audit.final(of, **MONEY))
        audit.report(of)

    one()
    see(dan, name)
    few = asked()
    for _each in range(3):
        one()
    assert asked() == few
    assert few <= most
