"""What the others are to a new head."""

from __future__ import annotations

import pytest

from enrollment.rules import relations
from enrollment.rules.categories import Relation, Sex

pytestmark = pytest.mark.rules


@pytest.mark.parametrize(
    ("new_head", "relation", "sex", "becomes"),
    [
        ("head", "son", "M", "son"),
        ("spouse", "head", "M", "spouse"),
        ("spouse", "son", "M", "son"),
        ("spouse", "parent", "F", "parent_in_law"),
        ("spouse", "parent_in_law", "F", "parent"),
        ("spouse", "sibling", "F", "other"),
        ("son", "head", "M", "parent"),
        ("daughter", "spouse", "F", "parent"),
        ("son", "daughter", "F", "sibling"),
        ("son", "parent", "M", "grandparent"),
        ("son", "daughter_in_law", "F", "other"),
        ("daughter_in_law", "head", "M", "parent_in_law"),
        ("grandchild", "head", "M", "grandparent"),
        ("parent", "head", "M", "son"),
        ("parent", "head", "F", "daughter"),
        ("parent", "head", "", "other"),
        ("parent", "spouse", "F", "daughter_in_law"),
        ("parent", "parent", "F", "spouse"),
        ("parent", "son", "M", "grandchild"),
        ("parent_in_law", "head", "M", "son_in_law"),
        ("parent_in_law", "spouse", "F", "daughter"),
        ("grandparent", "head", "M", "grandchild"),
        ("sibling", "head", "F", "sibling"),
        ("other", "head", "F", "other"),
    ],
)
def test_what_follows(new_head, relation, sex, becomes):
    assert relations.after(relation, sex, new_head) == becomes


def test_everything_has_an_answer_and_nobody_else_becomes_head():
    for new_head in set(Relation) - {Relation.HEAD}:
        for relation in Relation:
            for sex in ("", *Sex):
                assert relations.after(relation, sex, new_head) != Relation.HEAD
