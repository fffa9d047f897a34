"""The years of the employees' and the residents' scheme: what the county's report says of 2009, the rest assumed.

Of the report: 13,508 employees enrolled, all that were asked for, 4 % of wages in 2009 and 6 % + 2 % from 2010; 18,000
residents should enroll. The wage of a year, 33,850 yuan, is what 1,354 ten thousand yuan come to among 10,000 people at
work; everything else is assumed, and the papers say so.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from demo import register
from demo.factors import show_factor
from enrollment.models import Division, FundYear, Scheme, SubsidyRate, WageRate
from enrollment.rules.categories import Category
from enrollment.services import fund_year_lines as lines
from enrollment.services import fund_years
from enrollment.services.fund_year_lines import OfWages, Rate, Subsidy
from enrollment.services.fund_years import Header
from office.models import Person
from office.rules import days
from office.services import rounds

EMPLOYEES, RESIDENTS = 13_508, 18_000
FLOOR, CEILING = Decimal("1692.50"), Decimal("8462.50")  # 60 % and 300 % of 33,850 yuan a year, by the month
ALONE_IN: Final = 2009
FIRST_POOLED_AND_PERSONAL: Final = 2010  # 统账结合; before, the employer alone paid for the pool (单建)
SEAT: Final = "海城镇"  # the county town
NOTHING: Final = OfWages(Decimal(0), Decimal(0), FLOOR, CEILING)
OWN: Final = {Category.ORDINARY: 60, Category.STUDENT: 20, Category.NEWBORN: 20, Category.DISABLED: 30}
A_HEAD: Final = {SubsidyRate.Level.CENTRAL: 40, SubsidyRate.Level.PROVINCE: 25, SubsidyRate.Level.COUNTY: 15}


def years_until(at: datetime) -> list[int]:
    """The years of the report, and this one."""
    return sorted({2009, 2010, days.business_day(at).year})


def open_years(years: Sequence[int], people: dict[str, Person], at: datetime) -> list[FundYear]:
    """The years of both schemes, entered by the accountant and confirmed by the head of accounting."""
    by, proof = people["accountant"], show_factor(people["accounting"], at)
    drafted = [draft for year in years for draft in (employees(year, by, at), residents(year, by, at))]
    for one in drafted:
        opened = fund_years.propose(fund_year=one, by=by, at=at)
        rounds.vote(round=opened, choice="approve", hash_seen=opened.subject_hash, by=proof.person, at=at, proof=proof)
        one.refresh_from_db()
    return drafted


def employees(year: int, by: Person, at: datetime, people: int = EMPLOYEES) -> FundYear:
    """Those at work: by the employer alone in 2009, from 2010 on by both; the retired pay nothing."""
    alone = year < FIRST_POOLED_AND_PERSONAL
    employer, person = (Decimal(4), Decimal(0)) if alone else (Decimal(6), Decimal(2))
    drafted = _begin("employees", year, f"海政发〔{year - 1}〕102号（演示，基数为假设）", by, at)
    rates = {
        WageRate.Group.ACTIVE.value: OfWages(employer, person, FLOOR, CEILING),
        WageRate.Group.RETIRED.value: NOTHING,
        WageRate.Group.FLEXIBLE.value: OfWages(Decimal(0), employer + person, FLOOR, CEILING),
    }
    lines.set_wage_rates(fund_year=drafted, rates=rates, by=by, at=at)
    _enroll(drafted, people, people, by, at)
    rows = [
        ["单位", f"职工工资的{employer}%", "按月"],
        ["个人", f"本人工资的{person}%", "按月"],
        ["灵活就业人员", f"缴费基数的{employer + person}%", "按月"],
    ]
    _attach(drafted, f"月缴费基数{FLOOR}元至{CEILING:,}元；退休人员不缴费。", rows, by, at)
    return drafted


def residents(year: int, by: Person, at: datetime, people: int = RESIDENTS) -> FundYear:
    """Those who live in town without an employer: a sum a head, the rest from three levels of government."""
    drafted = _begin("residents", year, f"海政发〔{year - 1}〕103号（演示，全部为假设）", by, at)
    rates = {
        category.value: Rate(Decimal(0), Decimal(OWN[Category.ORDINARY]))
        if category in register.HELPED
        else Rate(Decimal(OWN[category]))
        for category in Category
    }
    lines.set_rates(fund_year=drafted, rates=rates, by=by, at=at)
    subsidies = {(level.value, 1): Subsidy(Decimal(a_head), date(year, 6, 30)) for level, a_head in A_HEAD.items()}
    lines.set_subsidies(fund_year=drafted, subsidies=subsidies, by=by, at=at)
    _enroll(drafted, people, people * 9 // 10, by, at)
    rows = [
        ["成年人", f"{OWN[Category.ORDINARY]}.00", "集中缴费期内"],
        ["学生、儿童", f"{OWN[Category.STUDENT]}.00", "集中缴费期内"],
    ]
    _attach(drafted, "五保、低保、优抚对象由医疗救助资助。", rows, by, at)
    return drafted


def employers(code: str, percent: Decimal, people: int, paper_number: str, by: Person, at: datetime) -> FundYear:
    """A year of 2009 whose contributions employers alone pay: work injury, maternity."""
    drafted = _begin(code, ALONE_IN, paper_number, by, at)
    rates = dict.fromkeys(WageRate.Group.values, NOTHING)
    rates[WageRate.Group.ACTIVE.value] = OfWages(percent, Decimal(0), FLOOR, CEILING)
    lines.set_wage_rates(fund_year=drafted, rates=rates, by=by, at=at)
    _enroll(drafted, people, people, by, at)
    _attach(drafted, f"月缴费基数{FLOOR}元至{CEILING:,}元。", [["单位", f"职工工资的{percent}%", "按月"]], by, at)
    return drafted


def _begin(code: str, year: int, paper_number: str, by: Person, at: datetime) -> FundYear:
    header = Header(
        year=year,
        start=date(year, 1, 1),
        end=date(year, 12, 31),
        collect_from=date(year - 1, 10, 1),
        collect_until=date(year, 3, 31),
        paper_number=paper_number,
        paper_date=date(year - 1, 9, 10),
        basis=FundYear.Basis.SURVEY,
    )
    return fund_years.draft_fund_year(scheme=Scheme.objects.get(code=code), header=header, by=by, at=at)


def _enroll(drafted: FundYear, people: int, target: int, by: Person, at: datetime) -> None:
    seat = Division.objects.get(level=Division.Level.TOWNSHIP, name=SEAT)
    county = Division.objects.get(level=Division.Level.COUNTY)
    lines.set_populations(fund_year=drafted, heads={seat: people}, by=by, at=at)
    lines.set_targets(fund_year=drafted, targets={(county, ""): target}, by=by, at=at)


def _attach(drafted: FundYear, line: str, rows: list[list[str]], by: Person, at: datetime) -> None:
    said = ["本文件为演示数据，从未印发。", line]
    title = f"关于{drafted.year}年度{drafted.scheme}筹资的通知"
    upload = register.made_paper(f"{drafted.year}年度{drafted.scheme}", title, drafted.paper_number, said, rows, at)
    fund_years.attach_paper(fund_year=drafted, upload=upload, by=by, at=at)
