"""Rows of what an office brings along of claims when it begins in the middle of a year (初始化; docs/rules/go-live.md).

Invoices that were paid before, what people have used of the year, claims that were taken in and not paid yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from claims.rules import catalogues, columns
from claims.rules.bills import OTHER_GROUP, STAYS
from claims.rules.columns import Columns, Row
from enrollment.rules import cells, id_numbers, person_names
from enrollment.rules.roster_rows import NO_NUMBER

FEN: Final = Decimal("0.01")
MOST: Final = Decimal(10) ** 8
YEARS: Final = (1990, 2100)  # of an invoice
PERSON: Final = {
    "id_number": ("身份证号", "身份证号码", "公民身份号码", "身份证"),
    "household": ("户编号", "户号", "家庭编号", "户编码"),
    "name": ("姓名", "患者姓名"),
}
INVOICE: Final = {
    "type_code": ("发票代码", "票据代码"),
    "number": ("发票号码", "发票号", "票据号码", "票据号"),
}
INVOICES: Final[Columns] = {
    **INVOICE,
    "year": ("开票年度", "年度", "开票年份", "年份"),
    "words": ("原补偿单号", "补偿单号", "备注", "说明"),
}
COUNTERS: Final[Columns] = {
    **PERSON,
    "counter": ("累计项目", "累计项"),
    "used": ("已用金额", "已用", "累计金额"),
}
CLAIMS: Final[Columns] = {
    "old": ("原受理号", "原申请号", "原补偿单号"),
    **PERSON,
    "provider": ("医疗机构编码", "医疗机构代码", "机构编码"),
    "disease": ("疾病编码", "诊断编码", "ICD编码"),
    "kind": ("就诊类别", "补偿类别"),
    "admitted_on": ("入院日期", "就诊日期"),
    "discharged_on": ("出院日期",),
    "settled_on": ("结算日期",),
    "hospital_number": ("住院号", "病历号"),
    "delivery": ("分娩方式",),
    "is_referred": ("转诊", "已转诊"),
    "is_emergency": ("急诊",),
    "other_payers": ("他方已付", "其他支付"),
    **INVOICE,
    "issued_on": ("开票日期",),
    "group": ("费用类别", "类别"),
    "A": ("甲类费用", "甲类"),
    "B": ("乙类费用", "乙类"),
    "C": ("自费费用", "丙类费用", "丙类", "自费"),
    "papers": ("材料齐全", "材料"),
}
NEEDED_INVOICES: Final = ("type_code", "number", "year")
NEEDED_COUNTERS: Final = ("id_number", "counter", "used")
NEEDED_CLAIMS: Final = (
    *("old", "id_number", "provider", "disease", "kind", "admitted_on", "discharged_on"),
    *("type_code", "number", "issued_on", "A", "B", "C"),
)
KINDS: Final = columns.words(
    {
        "inpatient": ("住院",),
        "delivery": ("住院分娩", "分娩"),
        "chronic": ("慢性病", "门诊慢性病", "慢病门诊"),
        "outpatient": ("门诊", "普通门诊"),
        "injury": ("意外伤害", "外伤"),
        "special": ("特殊门诊", "门诊特殊病"),
    }
)
DELIVERIES: Final = columns.words({"normal": ("顺产", "平产"), "caesarean": ("剖宫产", "剖腹产")})
YES: Final = columns.words({"yes": ("是", "有", "1", "齐", "齐全"), "no": ("否", "无", "0", "不齐")})
CLASSES: Final = ("A", "B", "C")
#: What a line of such a claim is called, by its group.
GROUP_NAMES: Final = {group: words[0] for group, words in catalogues.GROUP_WORDS.items()}
#: What every row of one claim says alike.
ALIKE: Final = tuple(
    name for name in CLAIMS if name not in {*INVOICE, "issued_on", "group", *CLASSES, "household", "name"}
)


class Used(NamedTuple):
    """An invoice that was paid before."""

    row: Row
    type_code: str
    number: str
    year: int
    words: str

    @property
    def key(self) -> tuple[str, str, int]:
        """What makes it one and the same invoice."""
        return self.type_code, self.number, self.year


@dataclass(frozen=True)
class Named:
    """Whom a row is about; `person` is the 18-digit form of a valid ID number."""

    row: Row
    person: str
    household: str
    name: str


class Opened(NamedTuple):
    """What somebody had used of a counter."""

    who: Named
    counter: str
    used: Decimal


class Cost(NamedTuple):
    """One invoice of a claim with its costs: (class, group, amount)."""

    row: Row
    type_code: str
    number: str
    issued_on: date
    costs: Sequence[tuple[str, str, Decimal]]

    @property
    def amount(self) -> Decimal:
        """The sum of the invoice."""
        return sum((amount for _class, _group, amount in self.costs), Decimal(0))


@dataclass
class Unpaid:
    """A claim that was taken in before: the rows of its number."""

    old: str
    who: Named
    provider: str
    disease: str
    kind: str
    admitted_on: date
    discharged_on: date
    settled_on: date | None
    hospital_number: str
    delivery: str
    is_referred: bool
    is_emergency: bool
    other_payers: Decimal
    has_papers: bool
    invoices: list[Cost]


def read_invoices(table: Iterable[Sequence[object]]) -> tuple[list[Row], list[Used]]:
    """The rows of a file of used invoices, and what the good ones say. Raises CannotReadTable."""
    rows = list(columns.read_rows(table, INVOICES, NEEDED_INVOICES))
    found = [_used(row) for row in rows]
    _twice([(one.row, one.key) for one in found])
    return rows, [one for one in found if not one.row.is_wrong]


def read_counters(table: Iterable[Sequence[object]], today: date) -> tuple[list[Row], list[Opened]]:
    """The rows of a file of year counters, and what the good ones say. Raises CannotReadTable."""
    rows = list(columns.read_rows(table, COUNTERS, NEEDED_COUNTERS))
    found = [_opened(row, today) for row in rows]
    return rows, [one for one in found if not one.who.row.is_wrong]


def read_claims(table: Iterable[Sequence[object]], today: date) -> tuple[list[Row], list[Unpaid]]:
    """The rows of a file of unpaid claims, and the claims of which every row is good. Raises CannotReadTable."""
    rows = list(columns.read_rows(table, CLAIMS, NEEDED_CLAIMS))
    claims: dict[str, Unpaid] = {}
    begun: dict[str, Row] = {}
    for row in rows:
        old = row.text("old", 40)
        if old in begun:
            _refuse_other_facts(row, begun[old])
        cost, claim = _cost(row), _claim(row, old, today)
        known = claims.setdefault(old, claim)
        known.invoices.append(cost)
        begun.setdefault(old, row)
    costs = [cost for one in claims.values() for cost in one.invoices]
    _twice([(cost.row, (cost.type_code, cost.number, cost.issued_on.year)) for cost in costs])
    return rows, [one for one in claims.values() if not any(cost.row.is_wrong for cost in one.invoices)]


def fits(counter: str, names: Iterable[str]) -> bool:
    """Whether plans with these counters move this one; a disease's stands as `<layer>.disease.<its code>`."""
    return any(counter == one or (one.endswith(".disease") and counter.startswith(f"{one}.")) for one in names)


def _twice(invoices: Iterable[tuple[Row, object]]) -> None:
    """Rows of one invoice: each is told of another one."""
    first: dict[object, Row] = {}
    for row, key in invoices:
        known = first.setdefault(key, row)
        if known is not row:
            row.fault("number", "invoice_twice", str(known.number))
            if not any(fault.code == "invoice_twice" for fault in known.faults):
                known.fault("number", "invoice_twice", str(row.number))


def _used(row: Row) -> Used:
    year = _year(row)
    return Used(row, row.text("type_code", 20), row.text("number", 24), year, row.text("words", 120, needed=False))


def _year(row: Row) -> int:
    said = row.said.get("year", "")
    year = int(said) if said.isascii() and said.isdecimal() else 0
    if not YEARS[0] <= year <= YEARS[1]:
        row.fault("year", "year_unreadable")
    return year


def _opened(row: Row, today: date) -> Opened:
    used = _amount(row, "used", needed=True)
    counter = row.text("counter", 100)
    if not used and not row.is_wrong:
        row.fault("used", "amount_none")
    if counter == STAYS and used != used.to_integral_value():
        row.fault("used", "amount_not_whole")
    return Opened(_who(row, today), counter, used)


def _who(row: Row, today: date) -> Named:
    said = row.said.get("id_number", "")
    person = ""
    household, name = cells.plain(row.said.get("household", "")), person_names.normalise(row.said.get("name", ""))
    if said not in NO_NUMBER:
        try:
            person = id_numbers.read(said, on=today).eighteen
        except id_numbers.IdFault as fault:
            row.fault("id_number", fault.code, fault.kind)
    elif not (household and name):
        row.fault("id_number", "owner_missing")
    return Named(row, person, household, name)


def _claim(row: Row, old: str, today: date) -> Unpaid:
    admitted, discharged = _day(row, "admitted_on"), _day(row, "discharged_on")
    return Unpaid(
        old=old,
        who=_who(row, today),
        provider=row.code("provider", 24),
        disease=row.code("disease", 20),
        kind=row.one_of("kind", KINDS, "kind_unknown"),
        admitted_on=admitted,
        discharged_on=discharged,
        settled_on=_day(row, "settled_on") if row.said.get("settled_on") else None,
        hospital_number=row.text("hospital_number", 40, needed=False),
        delivery=row.one_of("delivery", DELIVERIES, "delivery_unknown") if row.said.get("delivery") else "",
        is_referred=_yes(row, "is_referred"),
        is_emergency=_yes(row, "is_emergency"),
        other_payers=_amount(row, "other_payers"),
        has_papers=_yes(row, "papers"),
        invoices=[],
    )


def _cost(row: Row) -> Cost:
    group = row.one_of("group", catalogues.GROUPS, "group_unknown", OTHER_GROUP)
    amounts = [(one, group, _amount(row, one)) for one in CLASSES]
    costs = [one for one in amounts if one[2]]
    if not costs and not row.is_wrong:
        row.fault("A", "amount_none")
    return Cost(row, row.text("type_code", 20), row.text("number", 24), _day(row, "issued_on"), costs)


def _refuse_other_facts(row: Row, first: Row) -> None:
    """Rows of one claim say the same of everything but its invoices."""
    for name in ALIKE:
        if row.said.get(name, "") != first.said.get(name, ""):
            row.fault(name, "claim_differs", str(first.number))


def _day(row: Row, column: str) -> date:
    day = cells.day(row.said.get(column, ""))
    if day is None:
        row.fault(column, "day_unreadable")
    return day or date.min


def _amount(row: Row, column: str, *, needed: bool = False) -> Decimal:
    said = row.said.get(column, "")
    if not said and not needed:
        return Decimal(0)
    amount = cells.money(said)
    if amount is None or amount < 0 or amount >= MOST or amount != amount.quantize(FEN):
        row.fault(column, "amount_unreadable")
        return Decimal(0)
    return amount


def _yes(row: Row, column: str) -> bool:
    return bool(row.said.get(column)) and row.one_of(column, YES, "yes_unknown") == "yes"


#: The printed name of every column that such a file can have.
HEADINGS: Final[Mapping[str, str]] = {
    name: names[0] for table in (INVOICES, COUNTERS, CLAIMS) for name, names in table.items()
}
