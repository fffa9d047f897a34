"""An audit of the demo county that is under way: papers, signed evidence, one finding out for comment, one answered,
final ones with measures of which one is overdue and one waits to be checked; money that came back in part, money that
is waived and money of which somebody asks that it be; somebody who was taken off."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from django.core.files.uploadedfile import SimpleUploadedFile

from audit import subjects
from audit.models import Engagement, Finding, Rectification
from audit.services import engagements, evidence, findings, papers, recovering, rectifying, reports, waiving
from audit.services.engagements import EngagementOf
from audit.services.evidence import EvidenceOf
from audit.services.findings import FindingOf
from audit.services.papers import PaperOf, SheetOf, SignatureOf
from audit.services.rectifying import MeasureOf
from audit.services.waiving import WaiverOf
from claims.models import Claim, Provider
from demo import example
from demo.factors import show_factor
from demo.funds_settling import approve
from demo.public import picture
from funds.models import Posting, Recovery
from office import history
from office.models import Body, Duty, Person
from office.rules import days
from office.services.founding import NewPerson

#: Was named for an audit, and taken off it.
THIRD: Final = NewPerson("inspector2", "海小军（演示）", Duty.INTERNAL_AUDITOR, "640522")
HOSPITAL: Final = "640522001"
RULE: Final = "财社〔2008〕8号第十二条（演示）"
DAY: Final = timedelta(days=1)
LATER: Final = timedelta(seconds=30)  # what the code showed to the bank's batches a moment before is used


def leave(people: dict[str, Person], at: datetime) -> None:
    """Leave all of it behind: work waits for both auditors, the office's head and the head of accounting."""
    with history.acting(by=people["inspector"]):
        engagement = _begin(people, at - 60 * DAY)
        _taken_off(engagement, people, at)
        _papers(engagement, people, at - 50 * DAY)
        _finding(engagement, FindingOf(*_WORDS[0], Decimal(3_150), Decimal(3_150)), people, at - 2 * DAY)
        answered = _finding(engagement, FindingOf(*_WORDS[1]), people, at - 6 * DAY)
        _answer(answered, people, at - 4 * DAY, agrees=False, words="系乡镇站网络中断所致，已补录（演示）")
        overdue = _final(engagement, FindingOf(*_WORDS[2]), people, at - 45 * DAY)
        _measure(overdue, "修订岗位分工，录入与审核由两人办理（演示）", -3, people, at - 40 * DAY)
        provider = Provider.objects.filter(code=HOSPITAL).first()
        to_check = FindingOf(*_WORDS[3], Decimal(1_720), Decimal(1_720), provider)
        money = _final(engagement, to_check, people, at - 45 * DAY)
        measure = _measure(money, "追回超标准收费多支付的补偿款并约谈医院（演示）", 20, people, at - 40 * DAY)
        _money(money, people, at)
        _handed_in(measure, "已约谈医院，首笔退款入账，余款月底前缴清（演示）", people, at - 2 * DAY)
        _waived(engagement, people, at)
        _second(people, at)
        rectifying.remind(at=at)


_WORDS: Final = (
    (
        "同一住院发票重复补偿（演示）",
        "一张住院发票在两笔补偿申请中各补偿一次，多支付3150.00元。",
        RULE,
        "初审未按发票号查重",
        "县合管中心审核股",
    ),
    (
        "补偿公示表未按月张贴（演示）",
        "抽查三个村，两个村当月未张贴补偿公示表。",
        "卫农卫发〔2005〕319号（演示）",
        "乡镇站未督促",
        "乡镇合作医疗站",
    ),
    (
        "录入与审核由同一人办理（演示）",
        "上年部分补偿申请由同一人录入并初审，不相容岗位未分离。",
        "财社〔2008〕8号第二十一条（演示）",
        "岗位轮换期间人手不足",
        "县合管中心",
    ),
    (
        "医院超标准收费（演示）",
        "抽查三份住院病历，床位费高于物价标准，基金多支付1720.00元。",
        "定点医疗机构服务协议第八条（演示）",
        "医院收费系统未更新价格",
        "海原县人民医院（演示）",
    ),
    (
        "死亡人员补偿款被代领（演示）",
        "两名参合人死亡后，补偿款仍由他人代领，多支付980.00元。",
        RULE,
        "死亡信息未与民政部门比对",
        "乡镇合作医疗站",
    ),
    (
        "公示回执缺照片（演示）",
        "抽查五个村的公示回执，一份没有照片。",
        "卫农卫发〔2005〕319号（演示）",
        "经办人疏忽",
        "乡镇合作医疗站",
    ),
)


def _taken_off(engagement: Engagement, people: dict[str, Person], at: datetime) -> None:
    """A third auditor, who is found to be a relative of one of the audited, and goes."""
    third, by = example.bring_in(THIRD, at - timedelta(hours=1)), people["inspector"]
    people[THIRD.username] = third
    engagements.name_member(engagement=engagement, person=third, by=by, at=at - 58 * DAY)
    reason = "与乡镇站负责人有亲属关系，回避（演示）"
    on = days.business_day(at) - 30 * DAY
    engagements.take_off(engagement=engagement, person=third, on=on, reason=reason, by=by, at=at - 30 * DAY)


def _waived(engagement: Engagement, people: dict[str, Person], at: datetime) -> None:
    """Of one finding a part that the head of the office and finance agreed to give up, and another part of which
    somebody asks it: the head has not looked yet."""
    found = _final(engagement, FindingOf(*_WORDS[4], Decimal(980), Decimal(980)), people, at - 45 * DAY)
    _measure(found, "按月与民政部门比对死亡信息（演示）", 25, people, at - 40 * DAY)
    asked, day = at - 3 * DAY, days.business_day(at)
    died = WaiverOf("马国强（演示）", Decimal(560), "died", "代领人已去世，无遗产可供执行（演示）")
    shown = EvidenceOf(_file("死亡证明（演示）.png"), day - 20 * DAY, "村委会与派出所出具的死亡证明")
    waiver = waiving.propose(finding=found, stated=died, shown=shown, by=people["inspector"], at=asked)
    for who in ("head", "finance"):
        approve(waiver, people[who], at + LATER, show_factor(people[who], at + LATER))
    gone = WaiverOf("丁学福（演示）", Decimal(420), "untraceable", "外出多年，户籍地和务工地均查无下落（演示）")
    shown = EvidenceOf(_file("查找记录（演示）.png"), day - 5 * DAY, "派出所协查回函与走访记录")
    waiving.propose(finding=found, stated=gone, shown=shown, by=people["inspector"], at=at)


def _second(people: dict[str, Person], at: datetime) -> None:
    """The audit bureau's own, nearly done: a finding that can be closed, a report that waits to be issued."""
    led = people | {"inspector": people["auditor"], "auditor": people["inspector"]}
    engagement = _begin(led, at - 60 * DAY, kind="special", done_by="bureau", title="公示制度专项审计（演示）")
    found = _final(engagement, FindingOf(*_WORDS[-1]), led, at - 45 * DAY)
    measure = _measure(found, "补张公示表，按月拍照存档（演示）", 10, led, at - 40 * DAY)
    _handed_in(measure, "已补张并存档（演示）", led, at - 9 * DAY)
    rectifying.close(rectification=measure, words="实地核实（演示）", by=led["auditor"], at=at - 8 * DAY)
    reports.draw_up(
        engagement=engagement,
        opinion="公示制度基本落实，个别村未按月张贴（演示）。",
        advice="乡镇站按月核对公示回执（演示）。",
        by=led["inspector"],
        at=at - DAY,
    )


def _begin(people: dict[str, Person], at: datetime, **more: str) -> Engagement:
    lead, other = people["inspector"], people["auditor"]
    day = days.business_day(at)
    stated = EngagementOf(
        kind="annual",
        done_by="internal",
        title="新农合基金年度稽核（演示）",
        basis=f"海合管发〔{day.year}〕15号（演示）",
        body=Body.objects.get(code="640522"),
        since=day - 300 * DAY,
        until=day + 59 * DAY,
        scope="住院补偿、门诊统筹、基金收支与公示。",
        plan="第一周：发票查重与抽样。\n第二周：乡镇站与公示。\n第三周：医院收费核对、取证。",
        lead=lead,
    )
    made = engagements.plan(stated=replace(stated, **more), by=lead, at=at)  # type: ignore[arg-type]
    engagements.name_member(engagement=made, person=other, by=lead, at=at)
    begins = day + 10 * DAY
    return engagements.serve_notice(engagement=made, served_on=day, fieldwork_from=begins, by=lead, at=at)


def _papers(engagement: Engagement, people: dict[str, Person], at: datetime) -> None:
    lead, other = people["inspector"], people["auditor"]
    claim = Claim.objects.order_by("pk").first()
    subject = subjects.found("claims.claim", claim.number) if claim else None
    checked = papers.write_paper(
        engagement=engagement,
        stated=PaperOf("住院发票查重（演示）", "按发票号逐笔比对", "发现一号两付", "形成问题一", subject),
        by=lead,
        at=at,
    )
    scan = EvidenceOf(_file("发票复印件（演示）.png"), days.business_day(at) - 20 * DAY, "两笔申请所附的同一张发票")
    evidence.add_to_paper(paper=checked, stated=scan, by=lead, at=at)
    papers.check_paper(paper=checked, agrees=True, remark="", by=other, at=at + DAY)
    papers.write_paper(
        engagement=engagement,
        stated=PaperOf("公示情况走访（演示）", "走访三个村", "两个村未张贴", "形成问题二"),
        by=lead,
        at=at + DAY,
    )


def _finding(engagement: Engagement, stated: FindingOf, people: dict[str, Person], at: datetime) -> Finding:
    """A finding with its signed sheet, sent for comment."""
    lead, day = people["inspector"], days.business_day(at)
    sheet = papers.take_evidence(
        engagement=engagement, stated=SheetOf(f"取证：{stated.title}"[:100], stated.fact, day - DAY), by=lead, at=at
    )
    signature = SignatureOf(signed=True, by_name="李国栋（演示）", on=day, words="情况属实")
    papers.note_signature(sheet=sheet, stated=signature, by=lead, at=at)
    made = findings.draft(engagement=engagement, stated=stated, by=lead, at=at)
    findings.rest_on(finding=made, sheet=sheet, by=lead, at=at)
    return findings.send_for_comment(finding=made, by=lead, at=at)


def _answer(finding: Finding, people: dict[str, Person], at: datetime, *, agrees: bool, words: str) -> None:
    findings.answer(finding=finding, agrees=agrees, words=words, by=people["head"], at=at)


def _final(engagement: Engagement, stated: FindingOf, people: dict[str, Person], at: datetime) -> Finding:
    made = _finding(engagement, stated, people, at)
    _answer(made, people, at + DAY, agrees=True, words="属实，立即整改（演示）")
    return findings.settle(finding=made, by=people["inspector"], at=at + 2 * DAY)


def _measure(finding: Finding, words: str, due: int, people: dict[str, Person], at: datetime) -> Rectification:
    """A measure that is due so many days from today."""
    due_on = days.business_day(at) + (40 + due) * DAY
    stated = MeasureOf(words, finding.responsible, due_on)
    return rectifying.ask(finding=finding, stated=stated, by=people["inspector"], at=at)


def _handed_in(measure: Rectification, result: str, people: dict[str, Person], at: datetime) -> None:
    by, day = people["accounting"], days.business_day(at)
    proof = EvidenceOf(_file("整改证明材料（演示）.png"), day - DAY, "整改记录与回单")
    evidence.add_to_rectification(rectification=measure, stated=proof, by=by, at=at)
    rectifying.hand_in(rectification=measure, result=result, by=by, at=at)


def _money(finding: Finding, people: dict[str, Person], at: datetime) -> None:
    """A letter for all of it, and half of it back in the books."""
    lead, today = people["inspector"], days.business_day(at)
    recovering.demand(
        finding=finding,
        payer=finding.responsible,
        amount=finding.to_recover,
        pay_by=today + 15 * DAY,
        by=lead,
        at=at - 5 * DAY,
    )
    back = Recovery.objects.filter(provider=finding.provider, state=Recovery.State.DONE).first()
    if back is not None:
        posting = Posting.objects.get(key=f"recovery:{back.number}")
        recovering.link(finding=finding, posting=posting, by=lead, at=at)


def _file(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture(), "image/png")
