"""What a person is in the office's eyes: category, relation to the head, sex, age; and the words that villages write.

The categories are the paper's (人员类别); being a minor is no category, it follows from the age. Relations follow the
groups of GB/T 4761 (家庭关系代码); what is no relation that the office knows is OTHER, because no decision hangs on it.
"""

from __future__ import annotations

import unicodedata
from datetime import date
from enum import StrEnum
from typing import Final


class Category(StrEnum):
    """Why a person's contribution is what it is, and who pays it."""

    ORDINARY = "ordinary"
    FIVE_GUARANTEES = "five_guarantees"
    LOW_INCOME = "low_income"
    VETERAN = "veteran"
    DISABLED = "disabled"
    STUDENT = "student"
    NEWBORN = "newborn"


class Sex(StrEnum):
    """As the identity number tells it."""

    MALE = "M"
    FEMALE = "F"


class Relation(StrEnum):
    """What a member is to the head of the household (与户主关系)."""

    HEAD = "head"
    SPOUSE = "spouse"
    SON = "son"
    DAUGHTER = "daughter"
    SON_IN_LAW = "son_in_law"
    DAUGHTER_IN_LAW = "daughter_in_law"
    GRANDCHILD = "grandchild"
    PARENT = "parent"
    PARENT_IN_LAW = "parent_in_law"
    GRANDPARENT = "grandparent"
    SIBLING = "sibling"
    OTHER = "other"


def _table(lines: dict[StrEnum, str]) -> dict[str, StrEnum]:
    said = {word: value for value, words in lines.items() for word in words.split()}
    return said | {value.value: value for value in lines}


CATEGORY_WORDS: Final = _table(
    {
        Category.ORDINARY: "普通 一般 普通农民 一般农民 农民 普通居民 一般人员 普通人员 无",
        Category.FIVE_GUARANTEES: "五保 五保户 五保对象 五保供养 五保供养对象 农村五保 特困 特困供养 特困人员",
        Category.LOW_INCOME: "低保 低保户 低保对象 农村低保 低保人员 最低生活保障",
        Category.VETERAN: "优抚 优抚对象 重点优抚 重点优抚对象 复员军人 伤残军人 烈属",
        Category.DISABLED: "残疾 残疾人 重度残疾 重残 残疾人员",
        Category.STUDENT: "学生 在校学生 中小学生 大学生",
        Category.NEWBORN: "新生儿 新生婴儿 婴儿",
    }
)
RELATION_WORDS: Final = _table(
    {
        Relation.HEAD: "户主 本人 本人或户主 之户主",
        Relation.SPOUSE: "配偶 妻 妻子 夫 丈夫 之妻 之夫 爱人",
        Relation.SON: "子 儿子 独生子 长子 次子 二子 三子 四子 五子 六子 之子 养子 继子",
        Relation.DAUGHTER: "女 女儿 独生女 长女 次女 二女 三女 四女 五女 六女 之女 养女 继女",
        Relation.SON_IN_LAW: "女婿 婿",
        Relation.DAUGHTER_IN_LAW: "儿媳 媳妇 儿媳妇 媳 长媳 次媳",
        Relation.GRANDCHILD: "孙子 孙女 孙 孙子女 外孙 外孙子 外孙女 曾孙 曾孙子 曾孙女",
        Relation.PARENT: "父母 父亲 母亲 父 母 之父 之母 继父 继母 养父 养母",
        Relation.PARENT_IN_LAW: "公公 婆婆 公婆 岳父 岳母 公公婆婆 岳父母",
        Relation.GRANDPARENT: "祖父 祖母 祖父母 爷爷 奶奶 外祖父 外祖母 外祖父母 曾祖父 曾祖母",
        Relation.SIBLING: "兄 弟 姐 妹 哥哥 弟弟 姐姐 妹妹 兄弟 姐妹 兄弟姐妹",
        Relation.OTHER: "其他 其它 其他亲属 非亲属",
    }
)
SEX_WORDS: Final = {"男": Sex.MALE, "女": Sex.FEMALE, "m": Sex.MALE, "f": Sex.FEMALE} | {
    "男性": Sex.MALE,
    "女性": Sex.FEMALE,
    "male": Sex.MALE,
    "female": Sex.FEMALE,
}
HEAD_WORDS: Final = frozenset({"是", "y", "yes", "1", "true", "户主", "√", "✓"})


def word(text: str) -> str:
    """A word as villages write it, made comparable: no blanks, no full-width letters, no capitals."""
    return "".join(unicodedata.normalize("NFKC", text).split()).lower()


def read(text: str) -> Category | None:
    """The category that a village wrote; blank is ordinary, None is a word the office does not know."""
    said = word(text)
    if not said:
        return Category.ORDINARY
    found = CATEGORY_WORDS.get(said)
    return Category(found) if found else None


def read_relation(text: str) -> Relation:
    """The relation that a village wrote; blank or unknown is OTHER."""
    return Relation(RELATION_WORDS.get(word(text), Relation.OTHER))


def read_sex(text: str) -> Sex | None:
    """The sex that a village wrote; None where it is blank or no such word."""
    return SEX_WORDS.get(word(text))


def read_head(text: str) -> bool:
    """Whether a row says that this is the head of its household; everything but a clear yes is no."""
    return word(text) in HEAD_WORDS


GROWN_FOR_ID: Final = 16  # the identity card law (居民身份证法, 2004) obliges from 16 on
GROWN: Final = 18  # 民法通则 art. 11


def age_on(birth_date: date, day: date) -> int:
    """Full years (周岁) on a day; born on 29 February one is a year older on 1 March. Before the birth: negative."""
    before_birthday = (day.month, day.day) < (birth_date.month, birth_date.day)
    return day.year - birth_date.year - before_birthday


def is_minor(birth_date: date, day: date) -> bool:
    """Whether the person is under 18 on that day."""
    return age_on(birth_date, day) < GROWN


def may_lack_id(birth_date: date, day: date) -> bool:
    """Whether the person is under 16 on that day, so that a missing identity number is only worth a warning."""
    return age_on(birth_date, day) < GROWN_FOR_ID
