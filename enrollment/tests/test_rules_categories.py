"""Categories, relations, sexes and ages."""

from __future__ import annotations

from datetime import date

import pytest

from enrollment.rules import categories
from enrollment.rules.categories import Category, Relation, Sex

pytestmark = pytest.mark.rules


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("", Category.ORDINARY),
        ("　", Category.ORDINARY),
        ("普通", Category.ORDINARY),
        ("五保户", Category.FIVE_GUARANTEES),
        (" 低 保 ", Category.LOW_INCOME),
        ("优抚对象", Category.VETERAN),
        ("残疾人", Category.DISABLED),
        ("学生", Category.STUDENT),
        ("新生儿", Category.NEWBORN),
        ("Five_Guarantees", Category.FIVE_GUARANTEES),
        ("ｎｅｗｂｏｒｎ", Category.NEWBORN),
        ("干部", None),
    ],
)
def test_categories_as_villages_write_them(text, category):
    assert categories.read(text) is category


def test_every_category_is_read_by_its_code():
    assert all(categories.read(category.value) is category for category in Category)


@pytest.mark.parametrize(
    ("text", "relation"),
    [("户主", Relation.HEAD), ("之妻", Relation.SPOUSE), ("长子", Relation.SON), ("女", Relation.DAUGHTER),
     ("儿媳", Relation.DAUGHTER_IN_LAW), ("孙女", Relation.GRANDCHILD), ("岳母", Relation.PARENT_IN_LAW),
     ("spouse", Relation.SPOUSE), ("", Relation.OTHER), ("邻居", Relation.OTHER)],
)  # fmt: skip
def test_relations_as_villages_write_them(text, relation):
    assert categories.read_relation(text) is relation


@pytest.mark.parametrize(
    ("text", "sex"),
    [("男", Sex.MALE), ("女性", Sex.FEMALE), ("m", Sex.MALE), ("Ｆ", Sex.FEMALE), ("", None), ("未知", None)],
)
def test_sexes(text, sex):
    assert categories.read_sex(text) is sex


@pytest.mark.parametrize(
    ("text", "head"),
    [("是", True), ("Y", True), ("ｙ", True), ("1", True), ("户主", True), ("否", False), ("N", False), ("0", False),
     ("", False), ("也许", False)],
)  # fmt: skip
def test_only_a_clear_yes_makes_a_head(text, head):
    assert categories.read_head(text) is head


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(1993, 1, 1), date(2009, 1, 1), 16),
        (date(1993, 1, 2), date(2009, 1, 1), 15),
        (date(1992, 2, 29), date(2009, 2, 28), 16),
        (date(1992, 2, 29), date(2009, 3, 1), 17),
        (date(2009, 5, 1), date(2009, 1, 1), -1),
    ],
)
def test_full_years(born, day, age):
    assert categories.age_on(born, day) == age


def test_sixteen_ends_the_excuse_and_eighteen_the_minority():
    day = date(2009, 1, 1)
    assert categories.may_lack_id(date(1993, 1, 2), day)
    assert not categories.may_lack_id(date(1993, 1, 1), day)
    assert categories.is_minor(date(1991, 1, 2), day)
    assert not categories.is_minor(date(1991, 1, 1), day)
