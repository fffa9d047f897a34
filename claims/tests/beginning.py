"""Files that an office brings along of claims, brought, signed and written."""

from __future__ import annotations

from typing import Any

from claims.tests import taking_in
from enrollment.models import GoLiveProtocol, Member
from enrollment.tests.test_services_go_live import bring, run_writing, vote
from enrollment.tests.test_services_go_live import csv as as_csv

INVOICES = ["发票代码", "发票号码", "开票年度", "原补偿单号"]
COUNTERS = ["身份证号", "姓名", "累计项目", "已用金额"]
CLAIMS = [
    *(
        "原受理号",
        "身份证号",
        "姓名",
        "医疗机构编码",
        "疾病编码",
        "就诊类别",
        "入院日期",
        "出院日期",
        "转诊",
        "材料齐全",
    ),
    *("发票代码", "发票号码", "开票日期", "费用类别", "甲类费用", "乙类费用", "自费费用"),
]


def invoices(*numbers: str) -> bytes:
    """A file of invoices that were used before."""
    return as_csv(INVOICES, *(["064001", number, 2010, f"旧{number}"] for number in numbers))


def counters(member: Member, used: object, counter: str = "inpatient.year") -> bytes:
    """A file of what one person had used."""
    return as_csv(COUNTERS, [member.id_number, member.name, counter, used])


def claim(member: Member, old: str = "旧-1", number: str = "00000001", **more: Any) -> list[Any]:
    """A row of an unpaid claim: a stay in January for 3,000 yuan, of which 500 are the patient's own."""
    said = {
        "身份证号": member.id_number, "姓名": member.name, "医疗机构编码": "H1", "疾病编码": "J18", "就诊类别": "住院",
        "入院日期": "2010-01-11", "出院日期": "20100121", "转诊": "是", "材料齐全": "是", "费用类别": "西药",
        "甲类费用": 2000, "乙类费用": 500, "自费费用": 500, "发票代码": "064001", "开票日期": "2010-01-21",
    }  # fmt: skip
    given = {"原受理号": old, "发票号码": number} | said | more
    return [given[name] for name in CLAIMS]


def claims(*rows: list[Any]) -> bytes:
    """A file of unpaid claims; provider and disease are known."""
    taking_in.provider()
    taking_in.disease()
    return as_csv(CLAIMS, *rows)


def signed(ann, head, kind: str, year, content: bytes) -> GoLiveProtocol:
    """A file that was checked without an error and signed by another person."""
    protocol = bring(ann, kind, year, content)
    vote(protocol, head)
    return protocol


def written(ann, head, kind: str, year, content: bytes) -> GoLiveProtocol:
    """The same, written."""
    protocol = signed(ann, head, kind, year, content)
    job = run_writing(protocol)
    assert (job.refusal, protocol.state) == ("", "written")
    return protocol
