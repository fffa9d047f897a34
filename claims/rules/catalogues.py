"""Catalogues of drugs and services as they are sent, row by row (docs/rules/providers.md)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from claims.rules import columns
from claims.rules.columns import Row
from enrollment.rules import cells
from enrollment.rules.faults import Fault, in_order

LONGEST_CODE: Final = 30
LONGEST_NAME: Final = 120
LONGEST_UNIT: Final = 20
LONGEST_NOTE: Final = 200
DEAREST: Final = Decimal(10**10)
FEN: Final = Decimal("0.01")

CODE, NAME, CLASS, GROUP = "code", "name", "item_class", "group"
UNIT, PRICE, NOTE = "unit", "price_limit", "note"

#: The names that offices write; the first is the one that the office prints.
COLUMNS: Final = {
    CODE: ("编码", "代码", "药品编码", "项目编码", "目录编码", "收费编码"),
    NAME: ("名称", "药品名称", "通用名", "项目名称", "收费项目名称"),
    CLASS: ("类别", "甲乙类", "目录类别", "报销类别", "等级"),
    GROUP: ("费用类别", "项目类别", "费别", "分组"),
    UNIT: ("单位", "计价单位", "规格单位"),
    PRICE: ("限价", "最高限价", "支付限价", "限价(元)"),
    NOTE: ("限制", "限制使用范围", "限定支付范围", "备注", "说明"),
}
REQUIRED: Final = (CODE, NAME, CLASS)

CLASSES: Final = columns.words({"A": ("甲", "甲类"), "B": ("乙", "乙类"), "C": ("丙", "丙类", "自费", "自费类")})
#: What files call the groups of cost that benefit plans know.
GROUP_WORDS: Final = {
    "drug": ("西药", "中成药", "药品", "西药费", "中成药费", "药品费"),
    "herb": ("中草药", "草药", "中药饮片", "中草药费"),
    "exam": ("检查", "检查费", "化验", "化验费", "检验", "检验费"),
    "large_exam": ("大型检查", "大型设备检查", "大型检查费"),
    "treatment": ("治疗", "治疗费"),
    "operation": ("手术", "手术费"),
    "bed": ("床位", "床位费"),
    "nursing": ("护理", "护理费"),
    "material": ("材料", "材料费", "一次性材料"),
    "implant": ("植入材料", "植入物", "高值耗材"),
    "blood": ("血液", "输血", "输血费", "血费"),
    "package": ("服务包", "一般诊疗费"),
    "other": ("其他", "其它", "其他费"),
}
GROUPS: Final = columns.words(GROUP_WORDS)
DRUGS: Final = frozenset({"drug", "herb"})


class Entry(NamedTuple):
    """One entry of an edition as it was read."""

    number: int
    code: str
    name: str
    item_class: str
    group: str
    unit: str
    price_limit: Decimal | None
    note: str


class Reading(NamedTuple):
    """A file as it was read: how many rows, those without an error, every fault in order."""

    rows: int
    good: Sequence[Entry]
    faults: tuple[Fault, ...]


def read_entries(table: Iterable[Sequence[object]], *, are_drugs: bool) -> Reading:
    """The entries of a file. Without a word on its group an entry of the drug catalogue is a drug. Raises
    CannotReadTable."""
    required = REQUIRED if are_drugs else (*REQUIRED, GROUP)
    rows = list(columns.read_rows(table, COLUMNS, required))
    entries = [_entry(row, are_drugs=are_drugs) for row in rows]
    columns.named_twice(rows, [one.code for one in entries], CODE)
    good = [one for row, one in zip(rows, entries, strict=True) if not row.is_wrong]
    return Reading(len(rows), good, in_order(fault for row in rows for fault in row.faults))


def _entry(row: Row, *, are_drugs: bool) -> Entry:
    group = row.one_of(GROUP, GROUPS, "group_unknown", "drug" if are_drugs else "")
    if group and (group in DRUGS) is not are_drugs:
        row.fault(GROUP, "group_unfit", "drugs" if are_drugs else "services")
    return Entry(
        row.number,
        row.code(CODE, LONGEST_CODE),
        row.text(NAME, LONGEST_NAME),
        row.one_of(CLASS, CLASSES, "class_unknown"),
        group,
        row.text(UNIT, LONGEST_UNIT, needed=False),
        _price(row),
        row.text(NOTE, LONGEST_NOTE, needed=False),
    )


def _price(row: Row) -> Decimal | None:
    said = row.said.get(PRICE, "")
    if not said:
        return None
    price = cells.money(said)
    if price is None or not 0 <= price < DEAREST or price != price.quantize(FEN):
        row.fault(PRICE, "price_unreadable")
    return price
