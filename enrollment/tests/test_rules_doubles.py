"""Double enrollment, as a table: what two coverages are, and who is named beside whom."""

from __future__ import annotations

from datetime import date

import pytest

from enrollment.rules.doubles import Enrolled, earlier_of

pytestmark = pytest.mark.rules

FIRST, MIDDLE, END = date(2010, 1, 1), date(2010, 7, 1), date(2011, 1, 1)
ALIKE = ("马兰", date(1970, 1, 1), "F")


def enrolled(coverage: int, member: int = 1, **more) -> Enrolled:
    given = {"person": member, "scheme": 1, "first": FIRST, "end": END, "went_over": False, "alike": None}
    return Enrolled(coverage, member, **{**given, **more})


LATER = {"first": MIDDLE, "scheme": 2}


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        pytest.param({}, {}, True, id="on the same days"),
        pytest.param({"end": MIDDLE}, {"first": MIDDLE}, False, id="one after the other in a scheme"),
        pytest.param({"end": MIDDLE}, LATER, True, id="one after the other in two schemes"),
        pytest.param({"end": MIDDLE, "went_over": True}, LATER, False, id="went over"),
        pytest.param({"went_over": True}, LATER, True, id="went over, and is in both"),
        pytest.param({"end": MIDDLE, "went_over": True}, {**LATER, "member": 2}, True, id="went over under a double"),
        pytest.param({"alike": ALIKE}, {"member": 2, "person": 2, "alike": ALIKE}, True, id="name, birth date, sex"),
        pytest.param(
            {"alike": ALIKE}, {"member": 2, "person": 2, "alike": (*ALIKE[:2], "M")}, False, id="brother and sister"
        ),
        pytest.param({}, {"member": 2, "person": 2}, False, id="two doubles of two people"),
    ],
)
def test_two_of_one_person(one, other, found):
    first = enrolled(5, **{"person": 1, **one})
    second = enrolled(7, **{"person": 1, **other})
    assert earlier_of([second, first]) == ({7: 5} if found else {})


def test_the_earliest_is_named_however_they_belong_together():
    alike = [enrolled(one, member=one, alike=ALIKE) for one in (1, 2, 3)]
    double = enrolled(9, member=4, person=3)
    assert earlier_of([double, *alike]) == {2: 1, 3: 1, 9: 3}
    assert earlier_of([enrolled(1), enrolled(2, alike=ALIKE), enrolled(3, member=2, alike=ALIKE)]) == {2: 1, 3: 2}
    mixed = [enrolled(1, member=3, alike=ALIKE), enrolled(2, member=4), enrolled(8, member=4, alike=ALIKE)]
    assert earlier_of(mixed) == {8: 1}
