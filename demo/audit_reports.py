"""Texts of reports in the demo county, to be looked at: the county's of 2009 as it was given, and one of this year in
which somebody wrote a rate that the books do not have."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from django.utils.translation import override

from audit.prints import fund_reports as prints
from audit.selectors import fund_reports as reports
from audit.services import report_texts
from funds.selectors.indicators import UnknownYear
from office.models import Person
from office.rules import days

RATE: Final = re.compile(r"参合率为[0-9.]+%")

#: What the county said of 2009 (宁夏各市县医疗保险工作汇报, 2010-07-11), word for word, without what has no figures.
OF_2009: Final = """\
海原县贯彻落实医药卫生体制改革任务工作情况的汇报

2009年,应参保(包括职工、城镇居民、生育、工伤、农民)42.71万人次,实际参保41.17万人次,平均参保率为96.4%。基金支付4776.26万元,基金支付率为88.20%,当年结余633.63万元,当年结余率11.71%。
(一)城镇职工基本医疗保险。全县实际参保城镇职工13508人,完成全年任务的100%。应征缴基本医疗保险费1354万元,实际征缴1349万元,征缴率99%。当期基金支出1174万元,当年节余180万元,基金滚存结余853万元。
(二)城镇居民基本医疗保险。应参保城镇居民18000人,实际参保人员16539人,参保率92%,基金收入总计206万元。享受住院559人次,住院率为3.3%。住院总费用243万元,统筹基金支出123万元,个人账户支出44万元。人次平均住院费用4347元,人次平均支付统筹基金2200元,统筹基金支付率50.6%。
(三)工伤保险。实际参保人数是2209人,完成全年参保任务2200人的100%,其中农民工参保1890人,完成全年任务1550人的121.94%。应征缴工伤保险费15.1万元,实际征缴16.4万元,征缴率为108.6%。
(四)生育保险。实际参保职工为9162人,完成全年参保任务8600人的106.5%,应征缴生育保险费50.8万元,实际征缴50.8万元,征缴率为100%。享受生育保险补偿59人次,基金支付4.3万元。
(五)新农合工作。应参合农民386772人,实际参合农民370296人,参合率为95.74%。资金总规模应为3702.96万元,实际到位资金3787.69万元。门诊补偿391205人次,补偿医疗费393.19万元;住院补偿25566人次,报销住院医药费3081.79万元,人均补偿金额为1205.43元。全年共支出3474.98万元,基金结余228万元,基金总使用率93.8%。
"""


def leave(people: dict[str, Person], at: datetime) -> None:
    """Two texts: the published one, and a draft of this year that somebody embellished."""
    head = people["head"]
    report_texts.keep(
        title="海原县 2009 年度医疗保险工作汇报（公开文本）", text=OF_2009, year=2009, span="year", by=head, at=at
    )
    today = days.business_day(at)
    try:
        parts = reports.of_span(today.year, "year", today)
    except UnknownYear:
        return
    with override("zh-hans"):
        told = [f"({number}){one}" for section in prints.sections(parts[:1])
                for number, one in zip("一", section.paragraphs, strict=True)]  # fmt: skip
    text = RATE.sub("参合率为98.60%", "\n".join(told))
    title = f"{today.year} 年度新农合运行情况汇报（演示草稿）"
    report_texts.keep(title=title, text=text, year=today.year, span="year", by=head, at=at)
