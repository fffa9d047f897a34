"""The header row of a roster: which column is which, in Chinese or English, in any order."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from enrollment.rules import cells


class Column(StrEnum):
    """A column of the roster by the name that faults, files and programs use."""

    HOUSEHOLD = "household"
    HEAD = "head"
    NAME = "name"
    ID_NUMBER = "id_number"
    SEX = "sex"
    BIRTH_DATE = "birth_date"
    RELATION = "relation"
    VILLAGE_CODE = "village_code"
    CATEGORY = "category"
    FEE = "fee"
    RECEIPT = "receipt"


#: The names a village writes; the first is the one that the office prints.
CHINESE: Final = {
    Column.HOUSEHOLD: ("户编号", "户号", "家庭编号", "家庭户号", "户编码"),
    Column.HEAD: ("户主", "是否户主"),
    Column.NAME: ("姓名",),
    Column.ID_NUMBER: ("身份证号", "身份证号码", "公民身份号码", "身份证", "身份号码", "身份证件号码"),
    Column.SEX: ("性别",),
    Column.BIRTH_DATE: ("出生日期", "出生年月日", "出生年月", "生日"),
    Column.RELATION: ("与户主关系", "关系", "家庭关系"),
    Column.VILLAGE_CODE: ("村代码", "村编码", "行政村代码", "村委会代码"),
    Column.CATEGORY: ("人员类别", "类别", "人员属性", "参合类别"),
    Column.FEE: ("缴费金额", "缴费", "个人缴费", "个人缴费金额", "金额"),
    Column.RECEIPT: ("收据号", "收据号码", "收据编号", "票据号"),
}
#: Without these nothing can be enrolled; the others read as blank where they are missing.
REQUIRED: Final = (Column.HOUSEHOLD, Column.HEAD, Column.NAME, Column.ID_NUMBER, Column.VILLAGE_CODE, Column.FEE)
NAMES: Final = {name: column for column, names in CHINESE.items() for name in names} | {
    column.value.replace("_", ""): column for column in Column
}
NOTES: Final = re.compile(r"\(.*?\)|\[.*?\]")
BETWEEN: Final = re.compile(r"[\s*_\-:\u200b\ufeff]")


class CannotReadHeader(ValueError):
    """The first row is no roster's header; `code` says why, `columns` which columns it is about."""

    def __init__(self, code: str, columns: Sequence[Column]) -> None:
        self.code = code
        self.columns = tuple(columns)
        super().__init__(f"{code}: {', '.join(columns)}")


@dataclass(frozen=True, slots=True)
class Header:
    """Where each column stands (counted from 0), and which headings are none of ours and are left aside."""

    places: Mapping[Column, int]
    unknown: tuple[str, ...]


def read_header(row: Sequence[object]) -> Header:
    """The columns that the first row names.

    CannotReadHeader has the code columns_twice where one stands there twice, columns_missing where one is missing
    without which nothing can be enrolled.
    """
    places: dict[Column, int] = {}
    unknown, twice = [], []
    for place, cell in enumerate(row):
        heading = cells.text(cell).strip("\ufeff")
        column = NAMES.get(comparable(heading))
        if column is None:
            unknown += [heading] if heading else []
        elif column in places:
            twice.append(column)
        else:
            places[column] = place
    if twice:
        raise CannotReadHeader("columns_twice", twice)
    if missing := [column for column in REQUIRED if column not in places]:
        raise CannotReadHeader("columns_missing", missing)
    return Header(places, tuple(unknown))


def comparable(heading: str) -> str:
    """A heading made comparable: no notes such as (元), no blanks, stars or full-width letters."""
    return BETWEEN.sub("", NOTES.sub("", unicodedata.normalize("NFKC", heading))).lower()
