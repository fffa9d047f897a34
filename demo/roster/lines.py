"""Rows as villages write them: mostly the plain form, now and then another that means the same."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Final

from demo.roster.people import Made
from demo.roster.plan import CONTRIBUTION, Payer
from enrollment.rules.categories import Category, Relation, Sex
from enrollment.rules.roster_columns import CHINESE, Column

Line = list[str]
AT: Final = {column: place for place, column in enumerate(Column)}
HEADER: Final = tuple(CHINESE[column][0] for column in Column)

WIDE: Final = str.maketrans("0123456789X", "０１２３４５６７８９ｘ")
CATEGORIES: Final = {
    Category.ORDINARY: "普通",
    Category.FIVE_GUARANTEES: "五保",
    Category.LOW_INCOME: "低保",
    Category.VETERAN: "优抚",
    Category.DISABLED: "残疾",
    Category.STUDENT: "学生",
    Category.NEWBORN: "新生儿",
}
RELATIONS: Final = {
    Relation.HEAD: "户主",
    Relation.SPOUSE: "配偶",
    Relation.SON: "子",
    Relation.DAUGHTER: "女",
    Relation.DAUGHTER_IN_LAW: "儿媳",
    Relation.GRANDCHILD: "孙子女",
    Relation.PARENT: "父母",
}
SEXES: Final = {Sex.MALE: "男", Sex.FEMALE: "女"}
SCHOOL: Final = range(7, 18)
AGED: Final = 60


def category_of(person: Made, payer: Payer, size: int, chance: Random) -> Category:
    """Why the person's contribution is what it is: of those whom assistance pays for, one per household."""
    if payer == Payer.ASSISTANCE:
        if size <= 2 and person.age >= AGED:  # noqa: PLR2004
            return Category.FIVE_GUARANTEES
        return Category.VETERAN if person.relation is Relation.HEAD and person.age % 12 == 0 else Category.LOW_INCOME
    if person.age == 0:
        return Category.NEWBORN
    if person.age in SCHOOL and chance.random() < 0.85:  # noqa: PLR2004
        return Category.STUDENT
    return Category.DISABLED if chance.random() < 0.015 else Category.ORDINARY  # noqa: PLR2004


def line_of(person: Made, *, household: str, village: str, payer: Payer, category: Category, receipt: str) -> Line:
    """A row in the plain form."""
    return [
        household,
        "是" if person.relation is Relation.HEAD else "否",
        person.name,
        person.id_number,
        SEXES[person.sex],
        person.birth_date.isoformat(),
        RELATIONS[person.relation],
        village,
        CATEGORIES[category],
        ("" if payer == Payer.NOBODY else "0" if payer == Payer.ASSISTANCE else str(CONTRIBUTION)),
        receipt,
    ]


def _wide_id(line: Line) -> None:
    line[AT[Column.ID_NUMBER]] = line[AT[Column.ID_NUMBER]].translate(WIDE)


def _gaps_in_id(line: Line) -> None:
    number = line[AT[Column.ID_NUMBER]]
    line[AT[Column.ID_NUMBER]] = f"{number[:6]} {number[6:-4]} {number[-4:]} "


def _gap_in_name(line: Line) -> None:
    name = line[AT[Column.NAME]].replace("·", "•")
    line[AT[Column.NAME]] = f"{name[0]}　{name[1:]} "


def _dotted_date(line: Line) -> None:
    line[AT[Column.BIRTH_DATE]] = line[AT[Column.BIRTH_DATE]].replace("-0", ".").replace("-", ".")


def _chinese_date(line: Line) -> None:
    year, month, day = line[AT[Column.BIRTH_DATE]].split("-")
    line[AT[Column.BIRTH_DATE]] = f"{year}年{int(month)}月{int(day)}日"


def _eight_digits(line: Line) -> None:
    line[AT[Column.BIRTH_DATE]] = line[AT[Column.BIRTH_DATE]].replace("-", "")


def _told_by_number(line: Line) -> None:
    line[AT[Column.BIRTH_DATE]] = line[AT[Column.SEX]] = ""


def _letters(line: Line) -> None:
    line[AT[Column.SEX]] = "M" if line[AT[Column.SEX]] == "男" else "F"
    line[AT[Column.HEAD]] = "Y" if line[AT[Column.HEAD]] == "是" else ""


def _money(line: Line) -> None:
    fee = line[AT[Column.FEE]]
    line[AT[Column.FEE]] = f"{fee}.00元" if fee else ""


def _common(line: Line) -> None:
    if line[AT[Column.CATEGORY]] == "普通":
        line[AT[Column.CATEGORY]] = ""


OTHERWISE: Final[tuple[Callable[[Line], None], ...]] = (
    _wide_id,
    _gaps_in_id,
    _gap_in_name,
    _dotted_date,
    _chinese_date,
    _eight_digits,
    _told_by_number,
    _letters,
    _money,
    _common,
)
SHARE_OTHERWISE: Final = 0.03


def write_otherwise(line: Line, chance: Random) -> None:
    """Now and then change a row to another form that means the same."""
    if chance.random() < SHARE_OTHERWISE:
        chance.choice(OTHERWISE)(line)
