"""Numbers of reports computed again: the two published reports row by row, each formula, each way to err."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from audit.rules import report_check, report_figures, report_findings
from audit.rules.report_figures import Why
from audit.rules.report_reading import places
from funds.rules.indicators import Claimed, Facts
from funds.tests import test_rules_indicators as published

pytestmark = pytest.mark.rules

HERE = Path(__file__).parent / "data" / "reports"
TEXTS = {
    seed: (HERE / name).read_text(encoding="utf-8")
    for seed, name in (("000", "ningxia-2010.txt"), ("003", "hexian-half-year.txt"))
}
CHECKED = {seed: report_check.check(text) for seed, text in TEXTS.items()}

#: Rows that no formula marks, and why.
NOT_MARKED = {
    "SF-018": "the report states a share alone; its amount is nobody's number",
    "SF-044": "what is paid and what is left are the report's own two numbers; their sum is looked at (SF-040)",
    "SF-064": "the report states no sum",
}
#: How the rows stand that do not simply agree.
STATUS = {
    "SF-006": "near",
    "SF-007": "wrong",
    "SF-034": "cut",
    "SF-036": "wrong",
    "SF-039": "wrong",
    "SF-041": "near",
    "SF-042": "wrong",
    "SF-045": "missing",
    "SF-046": "cut",
    "SF-047": "wrong_basis",
    "SF-049": "cut",
    "SF-062": "on_due",
    "SF-063": "on_due",
}


def figure_id(one) -> str:
    return one["id"]


def of(figure):
    """What was found of a published row: the same number, at the same place."""
    seed = "003" if figure["place"].startswith("和县") else "000"
    stated = Decimal(figure["stated_value"])
    found = [
        one
        for one in CHECKED[seed].findings
        if stated in {one.stated.stated, one.stated.value} and (not one.place or one.place in figure["place"])
    ]
    return [one for one in found if _same(one, figure)] or found


def _same(one, figure) -> bool:
    if figure["computed_value"] is None or one.computed is None or one.status == "missing":
        return True
    wanted = Decimal(figure["computed_value"])
    return any(abs(value - wanted) < Decimal("0.006") for value in (one.computed, one.computed * one.stated.scale))


@pytest.mark.parametrize("figure", published.REPORTED["figures"], ids=figure_id)
def test_every_published_row_is_found_and_stands_as_it_must(figure):
    found = of(figure)
    if figure["id"] in NOT_MARKED:
        return
    assert found, figure
    wanted = STATUS.get(figure["id"], "missing" if figure["recomputes"] is None else "agrees")
    assert wanted in {one.status.value for one in found}


def test_the_errors_of_the_report_of_2010_and_no_other():
    told = [(one.place, one.stated.digits, str(one.computed)) for one in CHECKED["000"].errors]
    assert told == [
        ("石嘴山市", "115", "116.00"),
        ("泾源县", "92", "95.28"),
        ("海原县", "42.71", "42.908"),
        ("海原县", "88.20", "88.29"),
        ("海原县", "180", "175"),
    ]
    assert CHECKED["003"].errors == []


def test_a_text_that_stands_in_it_again_is_told_once():
    once = TEXTS["000"][: len(TEXTS["000"]) // 3]
    first = report_check.check(once)
    assert {one.stated.digits for one in first.errors} == {one.stated.digits for one in CHECKED["000"].errors}
    assert CHECKED["000"].repeated > first.repeated


@pytest.mark.parametrize(
    ("text", "code", "status", "computed"),
    [
        ("应参合农民200人,实际参合农民190人,参合率为95%。", "participation_rate", "agrees", "95.00"),
        ("应参合农民200人,实际参合农民190人,参合率为96%。", "participation_rate", "wrong", "95.00"),
        ("实际参合农民190人,参合率为95%。", "participation_rate", "missing", "200"),
        ("参合率要求不低于95%,实际参合农民190人。", "participation_rate", None, None),
        ("参保人数50人,新增参保人数7人,完成目标任务的50%。", "target_completion", "missing", "100"),
        ("参保人数50人(含大学生7人),完成目标任务100人的50%。", "target_completion", "agrees", "50.00"),
        ("完成目标任务100人的50%。", "target_completion", "missing", None),
        ("应征缴保险费10万元,实际征缴9万元,征缴率90%。", "collection_rate", "agrees", "90.00"),
        ("应筹集基金10万元,实际到位9万元,到位率90%。", "arrival_rate", "agrees", "90.00"),
        ("实际到位10万元,全年共支出9万元,使用率90%。", "use_rate", "agrees", "90.00"),
        ("资金总规模应为9万元,实际到位10万元,共支出9万元,使用率100%。", "use_rate", "on_due", "100.00"),
        ("住院50人次,统筹基金支出10万元,人次平均支付统筹基金2000元。", "paid_per_stay", "agrees", "2000.00"),
        ("住院总费用20万元,统筹基金支出10万元,政策范围内住院报销比例60%。", "policy_ratio", "missing", "166667"),
        ("政策范围内住院报销比例60%。", "policy_ratio", None, None),
        ("基金支付8万元,基金支付率为80%,当年结余2万元,当年结余率20%。", "payment_rate", "agrees", "80.00"),
        ("基金支付8万元,基金支付率为80%,当年结余2000元。", "payment_rate", None, None),
        ("门诊补偿医疗费1万元;报销住院医药费2万元。全年共支出3万元。", "spending", "agrees", "3"),
        ("报销住院医药费2万元。全年共支出3万元。", "spending", None, None),
        ("实际到位10万元,全年共支出9万元,结余1万元。", "surplus", "agrees", "1"),
        ("总规模应为11万元,实际到位10万元,共支出9万元,结余2万元。", "surplus", "wrong_basis", "1"),
        ("全年共支出9万元,结余2万元。", "surplus", None, None),
        ("共补偿30人次,其中:门诊补偿10人次;住院补偿20人次。", "parts", "agrees", "30"),
        ("共补偿30人次,其中:门诊补偿15人次;住院补偿20人次。", "parts", "wrong", "35"),
        ("共补偿30人次,其中:门诊补偿10人次;住院补偿10人次。", "parts", None, None),
        ("退休人员3名、失业人员4名共8人。", "parts", "wrong", "7"),
        ("报销比例由50%提高到55%,提高5个百分点。", "points", "agrees", "5"),
        ("报销比例由50%、60%提高到55%,提高5个百分点。", "points", None, None),
        ("农民筹资20元,各级财政80元,筹资标准110元。", "financing_per_head", "wrong", "100"),
        ("筹资标准110元。", "financing_per_head", None, None),
    ],
)
def test_each_formula(text, code, status, computed):
    found = [one for one in report_check.check(text).findings if one.code == code]
    if status is None:
        assert found == []
        return
    assert [(one.status.value, None if one.computed is None else str(one.computed)) for one in found] == [
        (status, computed)
    ]


def test_a_whole_number_of_yuan_for_each_is_what_was_raised():
    text = "实际参合农民200人。资金总规模应为2万元。"
    (found,) = [one for one in report_check.check(text).findings if one.code == "raised"]
    assert (found.status.value, found.shown) == ("agrees", "200人 × 100元")
    assert report_check.check("实际参合农民300人。资金总规模应为2万元。").findings == []


def test_numbers_are_read_with_their_units_and_their_words():
    (place,) = places("全县1,234.5万元,共2亿元,3元/人,4户,在(含5人)6人次。\n")
    told = [(one.digits, one.unit, one.value, one.label) for one in place.paragraphs[0].quantities]
    assert told == [
        ("1234.5", "yuan", Decimal(12_345_000), "全县"),
        ("2", "yuan", Decimal(200_000_000), "共"),
        ("3", "yuan", Decimal(3), ""),
        ("5", "people", Decimal(5), "含"),
        ("6", "times", Decimal(6), "在"),
    ]
    assert report_findings.text(place.paragraphs[0].quantities[1]) == "2亿元"


FACTS = Facts(
    should=200, enrolled=190, due=Decimal(19_000), received=Decimal(20_000), spent=Decimal("18126.45"),
    cumulative=Decimal(9_000), stays=Claimed(9, Decimal(30_000), Decimal(25_000), Decimal(0), Decimal(18_000)),
)  # fmt: skip


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("应参合农民200人", Why.EQUAL),
        ("共支出1.81万元", Why.ROUNDED),
        ("共支出1.812645万元", Why.EQUAL),
        ("共支出1.9万元", Why.DIFFERS),
        ("基金使用率90.6%", Why.ROUNDED),
        ("共支出1.812万元", Why.CUT),
        ("基金使用率95.4%", Why.ON_DUE),
        ("门诊补偿5人次", Why.NOT_IN_BOOKS),
    ],
)
def test_a_number_beside_the_books(said, why):
    stated = report_figures.stated_in(f"(一)新农合{said}。\n")
    (found,) = report_figures.compare(stated, {"ncms": FACTS})
    assert found.why is why


def test_what_the_books_do_not_have():
    stated = report_figures.stated_in("(一)工伤保险实际参保5人。\n")
    (found,) = report_figures.compare(stated, {"ncms": FACTS})
    assert (found.why, found.books, found.difference) == (Why.NOT_IN_BOOKS, None, None)


def test_a_county_finds_its_own_part_of_a_file_of_many():
    stated = report_figures.stated_in(TEXTS["000"], "海原县合管中心")
    told = {(one.scheme, one.code): one.quantity.digits for one in stated}
    assert told["ncms", "enrolled"] == "370296"
    assert told["ncms", "received"] == "3787.69"
    assert told["ncms", "spent"] == "3474.98"
    assert told["uebmi", "surplus"] == "180"
    assert told["urbmi", "stays"] == "559"
    assert told["maternity", "received"] == "50.8"


def test_a_report_of_one_scheme_names_it_nowhere():
    stated = report_figures.stated_in(TEXTS["003"])
    assert {one.scheme for one in stated} == {"ncms"}


def test_sums_over_all_schemes_need_their_numbers():
    text = "应参保、实际参保和基金支付情况如下,共5人。\n(一)职工实际参保3人。\n(二)居民实际参保2人。\n"
    assert report_check.check(text).findings == []
