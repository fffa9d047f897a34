"""What the members of a household are to its new head, as far as that follows from what they were to the old one.

Relations are the groups of GB/T 4761 (enrollment/rules/categories.py). Where several answers are possible (whose child
is the grandchild?) it is OTHER, because no decision hangs on it and the clerk can correct it.
"""

from __future__ import annotations

from typing import Final

from enrollment.rules.categories import Relation, Sex

_BELOW: Final = (
    Relation.SON,
    Relation.DAUGHTER,
    Relation.SON_IN_LAW,
    Relation.DAUGHTER_IN_LAW,
    Relation.GRANDCHILD,
)
_OF_A_CHILD: Final = {
    Relation.HEAD: Relation.PARENT,
    Relation.SPOUSE: Relation.PARENT,
    Relation.SON: Relation.SIBLING,
    Relation.DAUGHTER: Relation.SIBLING,
    Relation.PARENT: Relation.GRANDPARENT,
    Relation.PARENT_IN_LAW: Relation.GRANDPARENT,
}
_OF_A_CHILDS_SPOUSE: Final = {Relation.HEAD: Relation.PARENT_IN_LAW, Relation.SPOUSE: Relation.PARENT_IN_LAW}

#: By what the new head was to the old one: what the others become. CHILD and CHILDS_SPOUSE are told by the sex.
CHILD: Final = {Sex.MALE: Relation.SON, Sex.FEMALE: Relation.DAUGHTER}
CHILDS_SPOUSE: Final = {Sex.MALE: Relation.SON_IN_LAW, Sex.FEMALE: Relation.DAUGHTER_IN_LAW}
AFTER: Final[dict[Relation, dict[Relation, Relation | dict[Sex, Relation]]]] = {
    Relation.SPOUSE: {
        Relation.HEAD: Relation.SPOUSE,
        Relation.PARENT: Relation.PARENT_IN_LAW,
        Relation.PARENT_IN_LAW: Relation.PARENT,
        **{same: same for same in _BELOW},
    },
    Relation.SON: {**_OF_A_CHILD},
    Relation.DAUGHTER: {**_OF_A_CHILD},
    Relation.SON_IN_LAW: {**_OF_A_CHILDS_SPOUSE},
    Relation.DAUGHTER_IN_LAW: {**_OF_A_CHILDS_SPOUSE},
    Relation.GRANDCHILD: {Relation.HEAD: Relation.GRANDPARENT, Relation.SPOUSE: Relation.GRANDPARENT},
    Relation.PARENT: {
        Relation.HEAD: CHILD,
        Relation.SIBLING: CHILD,
        Relation.SPOUSE: CHILDS_SPOUSE,
        Relation.PARENT: Relation.SPOUSE,
        Relation.SON: Relation.GRANDCHILD,
        Relation.DAUGHTER: Relation.GRANDCHILD,
    },
    Relation.PARENT_IN_LAW: {
        Relation.HEAD: CHILDS_SPOUSE,
        Relation.SPOUSE: CHILD,
        Relation.PARENT_IN_LAW: Relation.SPOUSE,
        Relation.SON: Relation.GRANDCHILD,
        Relation.DAUGHTER: Relation.GRANDCHILD,
    },
    Relation.GRANDPARENT: {
        Relation.HEAD: Relation.GRANDCHILD,
        Relation.SIBLING: Relation.GRANDCHILD,
        Relation.GRANDPARENT: Relation.SPOUSE,
    },
    Relation.SIBLING: {
        Relation.HEAD: Relation.SIBLING,
        Relation.SIBLING: Relation.SIBLING,
        Relation.PARENT: Relation.PARENT,
        Relation.GRANDPARENT: Relation.GRANDPARENT,
    },
}


def after(relation: str, sex: str, new_head: str) -> Relation:
    """What somebody becomes who was `relation` to the old head, when the new head was `new_head` to him.

    `sex` may be blank; then a child is OTHER. Where the old head goes on as head, everybody stays what he was.
    """
    if new_head == Relation.HEAD:
        return Relation(relation)
    found = AFTER.get(Relation(new_head), {}).get(Relation(relation), Relation.OTHER)
    if isinstance(found, Relation):
        return found
    return found[Sex(sex)] if sex else Relation.OTHER
