"""An audit from its plan to the report, each person before his own screen: evidence that is signed, a finding that the
office answers, a measure that is carried out and checked, money that comes back by the books, the report on paper."""

from __future__ import annotations

import io
from datetime import date, timedelta
from decimal import Decimal

import pypdf
import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import FilePayload

from audit.models import AuditReport, Engagement, EvidenceSheet, Finding, Rectification
from audit.selectors.findings import recovered
from conftest import NOON
from funds.models import Account, Posting, Recovery
from funds.services import recoveries
from funds.services.recoveries import RecoveryOf
from funds.tests.factories import Counter
from office.models import Body, Duty, Person
from office.rules import days
from office.services import calendar
from office.tests.factories import PIXEL, tess
from tests.at_funds import Teller, at, vote

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def today():
    return days.business_day(timezone.now())


def sends(worker: Teller, says: str, **typed: str) -> None:
    """Fields of a form, typed, and F2."""
    worker.types(**typed)
    worker.press("F2")
    worker.shows(says)


def sets(worker: Teller, **days_of: str) -> None:
    """Days, as the browser's own field takes them."""
    for name, day in days_of.items():
        worker.page.locator(f"#id_{name}").fill(day)


def prove(worker: Teller, words: str) -> None:
    """A picture of a paper with its day."""
    worker.page.locator("input[type=file]").set_input_files(
        FilePayload(name="回单.png", mimeType="image/png", buffer=PIXEL)
    )
    sets(worker, dated_on=(today() - timedelta(days=3)).isoformat())
    sends(worker, "附件已保存", words=words)


def begun(dan: Teller, other: Person, since: date | None = None) -> Engagement:
    """Planned, somebody named, the notice served; of the last sixty days where no other day is given."""
    dan.opens("audit:engagements")
    dan.press("Alt+n")
    sets(dan, since=(since or today() - timedelta(days=60)).isoformat())
    dan.fits("audit-plan")
    sends(dan, "已立项", title="基金稽核", basis="海合管1号", scope="住院补偿", plan="先查重复")
    made = Engagement.objects.get()
    dan.press("Alt+m")
    dan.chooses("person", str(other.pk))
    sends(dan, "为项目成员")
    dan.press("Alt+s")
    sets(dan, fieldwork_from=(today() + timedelta(days=21)).isoformat())
    sends(dan, "可以编制底稿")
    dan.fits("audit-engagement")
    return made


def drafted(dan: Teller, of: Engagement, lead: str = "") -> Finding:
    """Facts taken down and signed, and a finding that rests on them and cites a lead, sent for comment."""
    dan.opens("audit:engagement", of.pk)
    dan.press("Alt+g")
    sends(dan, "签认", title="发票取证", facts="同一发票两次支付")
    sheet = EvidenceSheet.objects.get()
    dan.press("Alt+s")
    sends(dan, "已登记", by_name="李国栋")
    dan.fits("audit-sheet")
    dan.opens("audit:engagement", of.pk)
    dan.press("Alt+n")
    words = {
        "title": "重复补偿",
        "fact": "一号两付",
        "rule": "财社〔2008〕8号",
        "cause": "未查重",
        "responsible": "审核股",
    }
    sends(dan, "已起草", **words, amount="1200", to_recover="1200")
    made = Finding.objects.get()
    dan.press("Alt+e")
    dan.chooses("sheet", str(sheet.pk))
    sends(dan, "已关联取证单")
    if lead:
        dan.press("Alt+z")
        dan.chooses("kind", "audit.lead")
        sends(dan, lead, number=lead)
    dan.press("F2")
    dan.shows("已发出征求意见稿")
    dan.fits("audit-finding")
    return made


def booked(counter: Counter, head: Teller, amount: str) -> Posting:
    """The accountant noted the bank's slip; the head of accounting checks it."""
    account = Account.objects.get(book=counter.book, purpose="special_account")
    told = RecoveryOf("person", "马国强", Decimal(amount), today(), today().year, account, "回单0417")
    recoveries.propose(book=counter.book, stated=told, by=counter.acc, at=timezone.now())
    asked = Recovery.objects.get()
    vote(head, asked)
    return Posting.objects.get(key=f"recovery:{asked.number}")


def answered(hal: Teller, found: Finding) -> None:
    """The office finds it on its home page and agrees."""
    hal.page.goto("/")
    hal.shows("待反馈意见的审计问题")
    hal.opens("audit:finding", found.pk)
    hal.press("Alt+s")
    hal.fits("audit-answer")
    sends(hal, "反馈意见已提交审计组", words="属实，立即整改")


def rectified(dan: Teller, hal: Teller, dora: Teller, found: Finding) -> None:
    """Settled, a measure given and money demanded; carried out by the office, checked by another auditor."""
    dan.opens("audit:finding", found.pk)
    dan.press("F2")
    dan.shows("问题已定稿")
    dan.press("Alt+m")
    sets(dan, due_on=(today() + timedelta(days=30)).isoformat())
    sends(dan, "已交被审计单位办理", measure="追回并建立查重")
    dan.press("Alt+g")
    sets(dan, pay_by=(today() + timedelta(days=15)).isoformat())
    sends(dan, "请打印送达")

    measure = Rectification.objects.get()
    hal.opens("audit:rectification", measure.pk)
    hal.press("Alt+g")
    prove(hal, "银行回单")
    hal.press("Alt+s")
    sends(hal, "由另一人核查", result="已追回并查重")
    dora.opens("audit:rectification", measure.pk)
    dora.press("Alt+c")
    dora.fits("audit-check")
    sends(dora, "整改事项已销号", words="已核实")


def recovered_by(counter: Counter, head: Teller, dan: Teller, dora: Teller, found: Finding) -> None:
    """Not closed before the books say that the money came back."""
    dora.opens("audit:finding", found.pk)
    dora.shows("暂不能销号")
    posting = booked(counter, head, "1200")
    dan.opens("audit:money_link", found.pk)
    dan.chooses("posting", str(posting.pk))
    sends(dan, "关联到该问题")
    assert recovered(found) == 1200


def reported(dan: Teller, dora: Teller, of: Engagement, found: Finding) -> str:
    """Drawn up by one, issued by another; the finding is closed; what the PDF says."""
    dan.opens("audit:report_new", of.pk)
    sends(dan, "由另一人签发", opinion="总体规范", advice="完善查重")
    report = AuditReport.objects.get()
    dora.opens("audit:report", report.pk)
    dora.fits("audit-report")
    dora.press("F2")
    dora.shows("已签发")
    dora.opens("audit:finding", found.pk)
    dora.press("F2")
    dora.shows("已销号")
    dora.fits("audit-closed")
    pdf = dora.page.request.get(reverse("audit:report_print", args=[report.pk])).body()
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    assert report.number in text
    return text


def calendars() -> None:
    for year in (today().year, today().year + 1):
        calendar.fill_year(year=year, by=tess(), at=NOON)


def test_from_the_plan_to_the_report(appoint, screens):
    Body.objects.filter(code="640522").update(name="海原县合管中心")
    calendars()
    counter = Counter.of(appoint)
    counter.opened("10000")
    eva = appoint("eva", Duty.STATE_AUDITOR)
    dan, dora = at(screens, appoint("dan", Duty.INTERNAL_AUDITOR)), at(screens, eva)
    hal, head = at(screens, appoint("hal", Duty.OFFICE_HEAD)), at(screens, counter.head)

    of = begun(dan, eva)
    found = drafted(dan, of)
    answered(hal, found)
    rectified(dan, hal, dora, found)
    recovered_by(counter, head, dan, dora, found)
    assert "1,200.00" in reported(dan, dora, of, found)
    for name in ("engagements", "findings", "rectifications", "reports"):
        dan.opens(f"audit:{name}")
        dan.fits(f"audit-{name}")
