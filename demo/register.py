"""The register of the example office before anybody is in it: divisions, stations, schemes, fund years.

Names and codes of divisions are real (enrollment/data/README.md). Of 2009 the county's report gives how many should
enroll and enrolled, the contribution and the financing a head; how the villages share the people, by when subsidies are
due, the targets and the numbers of the papers are assumed and say so.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Final

from django.core.files.uploadedfile import SimpleUploadedFile

from demo.factors import show_factor
from enrollment.models import Division, FundYear, Scheme, SubsidyRate
from enrollment.rules import divisions as rules
from enrollment.rules.categories import Category
from enrollment.services import divisions, fund_year_lines, fund_years, schemes
from enrollment.services.fund_year_lines import Rate, Subsidy, TargetOf
from enrollment.services.fund_years import Header
from office import printing
from office.models import Body, Person
from office.services import rounds

DATA: Final = Path(rules.__file__).parents[1] / "data"
COUNTY: Final = "640522"
SHOULD_ENROLL: Final = 386_772  # the county's report of 2010: 应参合底册
ASSISTED: Final = 41_296  # of those who enrolled for 2009, paid for by medical assistance
TARGET: Final = Decimal("0.95")
HELPED: Final = frozenset({Category.FIVE_GUARANTEES, Category.LOW_INCOME, Category.VETERAN})
NOBODY_LIVES: Final = "虚拟"  # in the names of units that the statistics bureau adds

#: Which of the example's stations serves which township.
STATIONS: Final = {"海城镇": "640522-haicheng", "贾塘乡": "640522-jiatang", "七营镇": "640522-qiying"}

HOMES, ALONE = Scheme.Insures.HOUSEHOLD, Scheme.Insures.PERSON
A_SUM, WAGES = Scheme.Contribution.FIXED, Scheme.Contribution.WAGES
KEEPS: Final = Scheme.Account

#: code, name, insures, basic, account, contribution
SCHEMES: Final = (
    ("ncms", "新型农村合作医疗", HOMES, True, KEEPS.HOUSEHOLD, A_SUM),
    ("residents", "城镇居民基本医疗保险", ALONE, True, KEEPS.PERSONAL, A_SUM),
    ("employees", "城镇职工基本医疗保险", ALONE, True, KEEPS.PERSONAL, WAGES),
    ("employees-large", "城镇职工大额医疗补助", ALONE, False, KEEPS.NONE, A_SUM),
    ("injury", "工伤保险", ALONE, False, KEEPS.NONE, WAGES),
    ("maternity", "生育保险", ALONE, False, KEEPS.NONE, WAGES),
)

#: Parts of a subsidy by instalment, in percent, and when they are due: two in advance, the rest on settlement.
INSTALMENTS: Final = ((50, (0, 3, 31)), (30, (0, 8, 31)), (20, (1, 3, 31)))


@dataclass(frozen=True)
class Year:
    """What the paper of one year says, in yuan a head."""

    year: int
    paper_number: str
    paper_date: date
    fee: int
    subsidies: dict[str, int]
    collect_from: date | None = None  # the first of September before, where nothing else is said

    @property
    def header(self) -> Header:
        return Header(
            year=self.year,
            start=date(self.year, 1, 1),
            end=date(self.year, 12, 31),
            collect_from=self.collect_from or date(self.year - 1, 9, 1),
            collect_until=date(self.year, 2, 28),
            paper_number=self.paper_number,
            paper_date=self.paper_date,
            basis=FundYear.Basis.REGISTER,
        )

    @property
    def all(self) -> int:
        """The whole financing of one person."""
        return self.fee + sum(self.subsidies.values())


LEVELS: Final = SubsidyRate.Level
OPEN_YEARS: Final = (
    Year(
        2009,
        "海政发〔2008〕96号（演示，各村人数为假设）",
        date(2008, 8, 20),
        20,
        {LEVELS.CENTRAL: 40, LEVELS.PROVINCE: 30, LEVELS.COUNTY: 10},
    ),
    Year(
        2010,
        "海政发〔2009〕88号（演示，各村人数为假设）",
        date(2009, 8, 18),
        20,
        {LEVELS.CENTRAL: 40, LEVELS.PROVINCE: 30, LEVELS.COUNTY: 10},
    ),
)
NEXT_YEAR: Final = Year(
    2011,
    "海政发〔2010〕12号（演示，全部为假设）",
    date(2010, 2, 25),
    30,
    {LEVELS.CENTRAL: 60, LEVELS.PROVINCE: 45, LEVELS.COUNTY: 15},
)


def begin(people: dict[str, Person], at: datetime, years: Sequence[Year] = OPEN_YEARS) -> None:
    """Bring in the county, its schemes and open years: entered by the accountant, confirmed by the head."""
    system, accountant, head = people["system"], people["accountant"], people["head"]
    with (DATA / f"divisions-{COUNTY}.csv").open(encoding="utf-8", newline="") as file:
        divisions.import_divisions(table=csv.reader(file), by=system, at=at)
    shown = show_factor(system, at)
    for name, body in STATIONS.items():
        township = Division.objects.get(level=Division.Level.TOWNSHIP, name=name)
        divisions.station_serves(
            township=township, body=Body.objects.get(code=body), seen=None, by=system, at=at, proof=shown
        )
    for code, name, insures, is_basic, account, contribution in SCHEMES:
        schemes.add_scheme(
            code=code,
            name=name,
            insures=insures,
            is_basic=is_basic,
            account=account,
            contribution=contribution,
            by=accountant,
            at=at,
        )
    confirming = show_factor(head, at)
    for year in years:
        opened = fund_years.propose(fund_year=draft(year, by=accountant, at=at), by=accountant, at=at)
        rounds.vote(round=opened, choice="approve", hash_seen=opened.subject_hash, by=head, at=at, proof=confirming)


def draft(year: Year, *, by: Person, at: datetime, heads: dict[Division, int] | None = None) -> FundYear:
    """A year of the rural scheme with all its tables and a made-up paper; `heads` should enroll, or the county's."""
    drafted = fund_years.draft_fund_year(scheme=Scheme.objects.get(code="ncms"), header=year.header, by=by, at=at)
    fund_year_lines.set_rates(
        fund_year=drafted,
        rates={
            category.value: Rate(own=Decimal(0), assisted=Decimal(year.fee))
            if category in HELPED
            else Rate(own=Decimal(year.fee))
            for category in Category
        },
        by=by,
        at=at,
    )
    fund_year_lines.set_subsidies(fund_year=drafted, subsidies=_subsidies(year), by=by, at=at)
    heads = heads or _people()
    fund_year_lines.set_populations(fund_year=drafted, heads=heads, by=by, at=at)
    fund_year_lines.set_targets(fund_year=drafted, targets=_targets(heads), by=by, at=at)
    fund_years.attach_paper(fund_year=drafted, upload=_paper(year, at), by=by, at=at)
    return drafted


def _subsidies(year: Year) -> dict[tuple[str, int], Subsidy]:
    return {
        (level, number): Subsidy(Decimal(a_head * percent) / 100, date(year.year + later, month, day))
        for level, a_head in year.subsidies.items()
        for number, (percent, (later, month, day)) in enumerate(INSTALMENTS, start=1)
    }


def _people() -> dict[Division, int]:
    """The county's people over its villages: always the same, none without people, the sum exact. Assumed."""
    lived_in = Division.objects.filter(level=Division.Level.VILLAGE).exclude(name__contains=NOBODY_LIVES)
    villages = list(lived_in.select_related("parent").order_by("code"))
    weights = [1_000 + int.from_bytes(hashlib.sha256(one.code.encode()).digest()[:4]) % 2_000 for one in villages]
    marks = [SHOULD_ENROLL * sum(weights[:end]) // sum(weights) for end in range(len(weights) + 1)]
    return {one: marks[at + 1] - marks[at] for at, one in enumerate(villages)}


def _targets(heads: dict[Division, int]) -> dict[TargetOf, int]:
    """95 % of each township and of the county, and everybody whom medical assistance pays for. Assumed."""
    by_township: dict[Division, int] = {}
    for village, people in heads.items():
        if village.parent:
            by_township[village.parent] = by_township.get(village.parent, 0) + people
    targets: dict[TargetOf, int] = {(one, ""): round(people * TARGET) for one, people in by_township.items()}
    county = Division.objects.get(level=Division.Level.COUNTY)
    everybody = sum(heads.values())
    helped = ASSISTED * everybody // SHOULD_ENROLL
    return targets | {(county, ""): round(everybody * TARGET), (None, "医疗救助资助对象"): helped}


def _paper(year: Year, at: datetime) -> SimpleUploadedFile:
    """The paper of a year of the rural scheme."""
    levels = {LEVELS.CENTRAL: "中央", LEVELS.PROVINCE: "自治区", LEVELS.COUNTY: "县"}
    lines = [
        "本文件为演示数据，从未印发。",
        f"{year.year}年度每人筹资{year.all}元，其中个人缴费{year.fee}元；五保、低保、优抚对象由医疗救助资助。",
        f"应参合{SHOULD_ENROLL:,}人，各村人数为假设。",
    ]
    rows = [
        ["个人", f"{year.fee}.00", "集中缴费期内"],
        *([levels[LEVELS(level)], f"{a_head}.00", "分三次"] for level, a_head in year.subsidies.items()),
    ]
    title = f"关于{year.year}年度新型农村合作医疗筹资的通知"
    return made_paper(f"{year.year}年度", title, year.paper_number, lines, rows, at)


def made_paper(
    name: str, title: str, number: str, lines: list[str], rows: list[list[str]], at: datetime
) -> SimpleUploadedFile:
    """A paper that was never issued, and says so in its lines."""
    data = {
        "office": "海原县人民政府（演示）",
        "title": title,
        "number": number,
        "lines": lines,
        "heading": "筹资标准（元／人）",
        "header": ["来源", "标准", "拨付"],
        "rows": rows,
    }
    content = printing.render("demo/print/county_paper.typ", data, at=at)
    return SimpleUploadedFile(f"{name}筹资文件（演示）.pdf", content)
