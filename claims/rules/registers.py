"""Rows of village registers and hospitals' monthly lists as they are typed or sent (docs/rules/bulk.md).

What a row says by itself, and what is wrong with it by itself or beside the other rows of its document. What the office
knows besides (who is meant, who is covered, what a plan gives) is asked in claims/selectors/bulk_looking.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final

from claims.rules import columns, searching
from claims.rules.columns import Row
from enrollment.rules import cells

REGISTER, LIST = "village_register", "hospital_list"
KIND, ID_NUMBER, BOOK, NAME, DISEASE = "kind", "id_number", "book", "name", "disease"
BEGAN, ENDED, ADMISSION = "began_on", "ended_on", "hospital_number"
RECEIPT_TYPE, RECEIPT, TOTAL = "receipt_type", "receipt", "total"
REFERRED, EMERGENCY, PAPERS = "referred", "emergency", "papers"

#: The columns that hold cost: the class and group under which each is a line, and its name on the list of costs.
COSTS: Final[Mapping[str, tuple[str, str, str]]] = {
    "drug": ("A", "drug", "西药"),
    "drug_b": ("B", "drug", "乙类药"),
    "herb": ("A", "herb", "中草药"),
    "exam": ("A", "exam", "检查"),
    "treatment": ("A", "treatment", "治疗"),
    "operation": ("A", "operation", "手术"),
    "bed": ("A", "bed", "床位"),
    "material": ("B", "material", "材料"),
    "package": ("A", "package", "一般诊疗费"),
    "other": ("A", "other", "其他"),
    "own": ("C", "other", "自费"),
}

#: The names that clinics and hospitals write; the first is the one that the office prints.
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    KIND: ("类型", "种类", "就诊类型", "补偿类型"),
    ID_NUMBER: ("身份证号", "身份证号码", "公民身份号码", "身份证"),
    BOOK: ("合作医疗证号", "医疗证号", "参合证号", "户编号", "户号", "household number"),
    NAME: ("姓名", "患者姓名", "病人姓名", "patient"),
    DISEASE: ("诊断", "疾病编码", "诊断编码", "疾病", "疾病名称", "诊断名称", "ICD编码", "diagnosis"),
    BEGAN: ("日期", "就诊日期", "入院日期", "门诊日期", "day", "admitted", "admitted on"),
    ENDED: ("出院日期", "discharged", "discharged on"),
    ADMISSION: ("住院号", "病案号", "number at the hospital"),
    RECEIPT_TYPE: ("票据代码", "发票代码", "type code"),
    RECEIPT: ("收据号", "票据号", "发票号", "收据号码", "发票号码", "receipt number"),
    TOTAL: ("合计", "总费用", "费用合计", "医疗总费用", "total cost"),
    REFERRED: ("转诊", "是否转诊"),
    EMERGENCY: ("急诊", "是否急诊"),
    PAPERS: ("材料齐全", "材料", "papers complete"),
    "drug": ("西药费", "西药", "药费", "药品费", "甲类药"),
    "drug_b": ("乙类药", "乙类药费"),
    "herb": ("中草药费", "中草药", "草药费", "中药饮片"),
    "exam": ("检查费", "检查", "化验费", "检验费"),
    "treatment": ("治疗费", "治疗", "注射费"),
    "operation": ("手术费", "手术"),
    "bed": ("床位费", "床位"),
    "material": ("材料费", "一次性材料"),
    "package": ("一般诊疗费", "诊疗费", "挂号费"),
    "other": ("其他费", "其他", "其它"),
    "own": ("自费", "自费费用", "目录外"),
}
REQUIRED: Final[Mapping[str, tuple[str, ...]]] = {
    REGISTER: (NAME, DISEASE, BEGAN, RECEIPT),
    LIST: (KIND, NAME, DISEASE, BEGAN, ENDED, RECEIPT),
}
#: The columns of the grid and of the empty form, in their order.
SHOWN: Final[Mapping[str, tuple[str, ...]]] = {
    REGISTER: (BEGAN, BOOK, NAME, ID_NUMBER, DISEASE, RECEIPT, "drug", "herb", "exam", "treatment", "package", TOTAL),
    LIST: (
        KIND,
        ID_NUMBER,
        BOOK,
        NAME,
        DISEASE,
        BEGAN,
        ENDED,
        ADMISSION,
        RECEIPT_TYPE,
        RECEIPT,
        *COSTS,
        TOTAL,
        REFERRED,
        EMERGENCY,
        PAPERS,
    ),
}

KINDS: Final = columns.words(
    {
        "inpatient": ("住院", "普通住院"),
        "injury": ("外伤", "意外伤害"),
        "delivery normal": ("顺产", "住院分娩", "平产"),
        "delivery caesarean": ("剖宫产",),
        "outpatient": ("门诊", "普通门诊"),
        "chronic": ("慢病", "慢性病", "慢性病门诊"),
        "special": ("特殊门诊", "特殊病", "大病门诊"),
    }
)
VISITS: Final = frozenset({"outpatient", "chronic", "special"})
YES_NO: Final = columns.words({"yes": ("是", "有", "齐", "齐全", "1"), "no": ("否", "无", "不齐", "0")})

#: What a document takes at most: a county's largest hospital sends some thousand a month.
MOST_ROWS: Final = 20_000
LONGEST_TYPE, LONGEST_NUMBER, LONGEST_TEXT, LONGEST_ADMISSION = 20, 24, 60, 40
DEAREST: Final = Decimal(10) ** 8
FEN: Final = Decimal("0.01")


@dataclass(frozen=True)
class Item:
    """One line of a row's cost, in yuan."""

    name: str
    item_class: str
    group: str
    amount: Decimal


@dataclass(frozen=True)
class RowFault:
    """What is wrong with a row: in which column, by which code, and the figure or word that its sentence needs."""

    column: str
    code: str
    detail: str = ""


@dataclass(frozen=True)
class Line:
    """One row as it was read; what could not be read is empty and stands in `faults`."""

    position: int
    given: Mapping[str, str]
    kind: str
    delivery: str
    id_number: str
    book: str
    name: str
    disease: str
    began_on: date | None
    ended_on: date | None
    admission: str
    receipt_type: str
    receipt: str
    items: tuple[Item, ...]
    total: Decimal | None
    is_referred: bool
    is_emergency: bool
    has_papers: bool
    faults: tuple[RowFault, ...]

    @property
    def is_visit(self) -> bool:
        """A visit is decided with its document; a stay goes its own route."""
        return self.kind in VISITS

    @property
    def key(self) -> tuple[str, str, int] | None:
        """What makes its receipt one and the same."""
        return (self.receipt_type, self.receipt, self.ended_on.year) if self.receipt and self.ended_on else None


def is_empty(given: Mapping[str, str]) -> bool:
    """Whether nothing was typed into a row."""
    return not any(str(one).strip() for one in given.values())


def read_rows(document_kind: str, month: date, given: Sequence[Mapping[str, str]], today: date) -> list[Line]:
    """The rows of a document, each with its faults; the first row has position 1. Empty rows are left out."""
    kept = [one for one in given if not is_empty(one)]
    return read_placed(document_kind, month, list(enumerate(kept, start=1)), today)


def read_placed(
    document_kind: str, month: date, placed: Sequence[tuple[int, Mapping[str, str]]], today: date
) -> list[Line]:
    """The same of rows that keep the positions they have."""
    return _apart([_line(document_kind, month, place, one, today) for place, one in placed])


def read_table(document_kind: str, table: Iterable[Sequence[object]]) -> list[Mapping[str, str]]:
    """The rows of a file under its header, by column; the header names columns in Chinese or English, in any order.
    Raises columns.CannotReadTable."""
    return [row.said for row in columns.read_rows(table, COLUMNS, REQUIRED[document_kind])]


def _line(document_kind: str, month: date, number: int, given: Mapping[str, str], today: date) -> Line:
    row = Row(number, {column: cells.text(said) for column, said in given.items()})
    kind, _blank, delivery = _kind(row, document_kind).partition(" ")
    began, ended = _days(row, kind, month, today)
    items = _items(row)
    return Line(
        position=number,
        given=row.said,
        kind=kind,
        delivery=delivery,
        id_number=cells.plain(row.said.get(ID_NUMBER, "")).upper(),
        book=_patient(row),
        name=row.text(NAME, LONGEST_TEXT),
        disease=row.text(DISEASE, LONGEST_TEXT),
        began_on=began,
        ended_on=ended,
        admission=row.text(ADMISSION, LONGEST_ADMISSION, needed=False),
        receipt_type=_receipt_type(row),
        receipt=searching.code_of(row.text(RECEIPT, LONGEST_NUMBER)),
        items=items,
        total=_total(row, items),
        is_referred=row.one_of(REFERRED, YES_NO, "yes_or_no", "no") == "yes",
        is_emergency=row.one_of(EMERGENCY, YES_NO, "yes_or_no", "no") == "yes",
        has_papers=row.one_of(PAPERS, YES_NO, "yes_or_no", "yes") == "yes",
        faults=tuple(RowFault(one.column, one.code, one.detail) for one in row.faults),
    )


def _kind(row: Row, document_kind: str) -> str:
    """A village register has visits alone."""
    kind = row.one_of(KIND, KINDS, "kind_unknown", "outpatient" if document_kind == REGISTER else "")
    if kind and document_kind == REGISTER and kind not in VISITS:
        row.fault(KIND, "stay_on_register")
    return kind


def _patient(row: Row) -> str:
    """Somebody is meant by his ID number, or by the number of his household's book and his name."""
    book = cells.plain(row.said.get(BOOK, "")).upper()
    if not book and not row.said.get(ID_NUMBER, ""):
        row.fault(ID_NUMBER, "patient_missing")
    return book


def _receipt_type(row: Row) -> str:
    """Village receipts have no code of their type; the database asks for one."""
    return searching.code_of(row.text(RECEIPT_TYPE, LONGEST_TYPE, needed=False)) or "-"


def _days(row: Row, kind: str, month: date, today: date) -> tuple[date | None, date | None]:
    """A visit is of one day; a stay belongs to the month in which it ended."""
    began = _day(row, BEGAN)
    if not row.said.get(ENDED, ""):
        if kind and kind not in VISITS:
            row.fault(ENDED, "text_missing")
        ended = began if kind in VISITS else None
    else:
        ended = _day(row, ENDED)
    if began and ended and ended < began:
        row.fault(ENDED, "ended_before")
        return began, None
    if kind in VISITS and began and ended and began != ended:
        row.fault(ENDED, "visit_of_days")
    _in_month(row, kind, ended, month, today)
    return began, ended


def _in_month(row: Row, kind: str, ended: date | None, month: date, today: date) -> None:
    if ended is None:
        return
    column = BEGAN if kind in VISITS else ENDED
    if ended > today:
        row.fault(column, "day_to_come")
    elif ended.replace(day=1) != month:
        row.fault(column, "outside_month", f"{month:%Y-%m}")


def _day(row: Row, column: str) -> date | None:
    said = row.said.get(column, "")
    if not said:
        row.fault(column, "text_missing")
        return None
    day = cells.day(said)
    if day is None:
        row.fault(column, "day_unreadable")
    return day


def _items(row: Row) -> tuple[Item, ...]:
    items = []
    for column, (item_class, group, name) in COSTS.items():
        amount = _amount(row, column)
        if amount:
            items.append(Item(name, item_class, group, amount))
    return tuple(items)


def _amount(row: Row, column: str) -> Decimal | None:
    """A sum in yuan and whole fen; nothing where the cell is empty or no sum."""
    said = row.said.get(column, "")
    if not said:
        return None
    amount = cells.money(said)
    if amount is None or not 0 <= amount < DEAREST or amount != amount.quantize(FEN):
        row.fault(column, "cost_unreadable")
        return None
    return amount.quantize(FEN)


def _total(row: Row, items: Sequence[Item]) -> Decimal | None:
    """The cost: the sum of the columns; what stands as total must be that."""
    stated = _amount(row, TOTAL)
    summed = sum((one.amount for one in items), Decimal(0))
    if any(one.code == "cost_unreadable" for one in row.faults):
        return None
    if not summed:
        row.fault(TOTAL, "cost_missing")
        return None
    if stated is not None and stated != summed:
        row.fault(TOTAL, "total_differs", str(summed))
    return summed


def _apart(lines: Sequence[Line]) -> list[Line]:
    """Rows with one receipt: each after the first is told of the first."""
    first: dict[tuple[str, str, int], int] = {}
    kept = []
    for line in lines:
        key = line.key
        if key is not None and (other := first.setdefault(key, line.position)) != line.position:
            fault = RowFault(RECEIPT, "receipt_repeated", str(other))
            kept.append(replace(line, faults=(*line.faults, fault)))
        else:
            kept.append(line)
    return kept
