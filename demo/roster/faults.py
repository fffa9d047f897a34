"""Faults put into a roster on purpose, at most one in a household, and the exact list of what must be found.

Each kind below spoils the rows of one household (of two where a fault is about a pair) and says on which rows and
columns the office must find what.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Final, NamedTuple

from demo.roster.lines import AT, Line
from demo.roster.people import DAYS_OF_A_YEAR, Made
from demo.roster.plan import Plan
from enrollment.rules.id_numbers import CHECK_DIGITS
from enrollment.rules.roster_columns import Column

YOUNG: Final = 15


class Seeded(NamedTuple):
    """What the office must find: the row, the column and the code of a fault."""

    row: int
    column: str
    code: str


@dataclass(slots=True)
class Spoilt:
    """A household whose rows are about to be spoilt; `first` is the number of its first row."""

    first: int
    people: list[Made]
    lines: list[Line]
    chance: Random
    elsewhere: dict[str, str]
    dead: dict[str, date]
    found: list[Seeded] = field(default_factory=list)

    def anybody(self) -> int:
        """The place of some member."""
        return self.chance.randrange(len(self.lines))

    def children(self) -> list[int]:
        """The places of the members who are clearly under 16."""
        return [place for place, person in enumerate(self.people) if person.age < YOUNG]

    def put(self, place: int, column: Column, value: str, code: str) -> None:
        """Write a value into a member's row that must be found as this fault."""
        self.lines[place][AT[column]] = value
        self.note(place, column, code)

    def note(self, place: int, column: Column, code: str) -> None:
        """Say that this fault must be found on a member's row."""
        self.found.append(Seeded(self.first + place, column.value, code))


def _name_missing(of: Spoilt) -> None:
    of.put(of.anybody(), Column.NAME, of.chance.choice(("", "", " ", "？？", "-")), "name_missing")


def _id_missing(of: Spoilt) -> None:
    _take_id(of, 0)


def _id_of_child_missing(of: Spoilt) -> None:
    """A child's number is still to come, which is only a warning."""
    _take_id(of, of.children()[0])


def _take_id(of: Spoilt, place: int) -> None:
    of.lines[place][AT[Column.BIRTH_DATE]] = of.people[place].birth_date.isoformat()
    of.put(place, Column.ID_NUMBER, of.chance.choice(("", "待补")), "id_missing")


def _id_format(of: Spoilt) -> None:
    place = of.anybody()
    number = of.people[place].eighteen
    spoilt = of.chance.choice(
        (
            number[:-1],
            number + "1",
            f"{number[0]}.{number[1:6]}E+17",
            f"{number[:10]}13{number[12:]}",
            f"{number[:14]}O{number[15:]}",
            f"{number[:6]}2031{number[10:]}",
        )
    )
    of.put(place, Column.ID_NUMBER, spoilt, "id_format")


def _id_check_digit(of: Spoilt) -> None:
    place = of.anybody()
    number = of.people[place].eighteen
    wrong = of.chance.choice([digit for digit in CHECK_DIGITS if digit != number[-1]])
    of.put(place, Column.ID_NUMBER, number[:-1] + wrong, "id_check_digit")


def _in_other_scheme(of: Spoilt) -> None:
    place = of.anybody()
    of.elsewhere[of.people[place].eighteen] = of.chance.choice(("employees", "residents"))
    of.note(place, Column.ID_NUMBER, "id_in_other_scheme")


def _dead(of: Spoilt) -> None:
    place = of.anybody()
    person = of.people[place]
    of.dead[person.eighteen] = person.birth_date + timedelta(days=1 + int(person.age * DAYS_OF_A_YEAR))
    of.note(place, Column.ID_NUMBER, "dead")


def _birth_date(of: Spoilt) -> None:
    place = of.anybody()
    wrong = of.people[place].birth_date - timedelta(days=of.chance.randint(1, 900))
    of.put(place, Column.BIRTH_DATE, wrong.isoformat(), "birth_date_mismatch")


def _birth_date_unreadable(of: Spoilt) -> None:
    of.put(of.anybody(), Column.BIRTH_DATE, of.chance.choice(("1975-02-30", "不详", "75年")), "birth_date_mismatch")


def _sex(of: Spoilt) -> None:
    place = of.anybody()
    of.put(place, Column.SEX, "女" if of.people[place].sex == "M" else "男", "sex_mismatch")


def _village(of: Spoilt) -> None:
    place = of.anybody()
    code = of.lines[place][AT[Column.VILLAGE_CODE]]
    of.put(place, Column.VILLAGE_CODE, of.chance.choice((f"{code[:9]}999", code[:9], "")), "village_unknown")


def _head_missing(of: Spoilt) -> None:
    for line in of.lines:
        line[AT[Column.HEAD]] = "否"
    of.note(0, Column.HEAD, "head_missing")


def _head_twice(of: Spoilt) -> None:
    of.lines[-1][AT[Column.HEAD]] = "是"
    of.note(0, Column.HEAD, "head_twice")


def _category(of: Spoilt) -> None:
    of.put(of.anybody(), Column.CATEGORY, of.chance.choice(("甲类", "贫困户", "?")), "category_unknown")


def _fee_short(of: Spoilt) -> None:
    of.put(of.anybody(), Column.FEE, of.chance.choice(("10", "0", "19.99", "已缴")), "fee_short")


def _fee_over(of: Spoilt) -> None:
    of.put(of.anybody(), Column.FEE, of.chance.choice(("200", "40", "20.01")), "fee_over")


def _receipt_unknown(of: Spoilt) -> None:
    for place in range(len(of.lines)):
        of.put(place, Column.RECEIPT, f"99{of.first:06d}", "receipt_unknown")


def _id_twice(of: Spoilt, other: Spoilt) -> None:
    """Somebody stands in two households: the second time with 18 digits, whatever the first row has."""
    place, again = of.anybody(), other.anybody()
    of.note(place, Column.ID_NUMBER, "id_twice")
    for column in (Column.NAME, Column.BIRTH_DATE, Column.SEX):
        other.lines[again][AT[column]] = of.lines[place][AT[column]]
    other.put(again, Column.ID_NUMBER, of.people[place].eighteen, "id_twice")


def _receipt_twice(of: Spoilt, other: Spoilt) -> None:
    """Two households of a township name one receipt."""
    receipt = of.lines[0][AT[Column.RECEIPT]]
    for household in (of, other):
        for place in range(len(household.lines)):
            household.put(place, Column.RECEIPT, receipt, "receipt_twice")


ALONE: Final[tuple[Callable[[Spoilt], None], ...]] = (
    _name_missing,
    _id_missing,
    _id_of_child_missing,
    _id_format,
    _id_check_digit,
    _in_other_scheme,
    _dead,
    _birth_date,
    _birth_date_unreadable,
    _sex,
    _village,
    _head_missing,
    _head_twice,
    _category,
    _fee_short,
    _fee_over,
    _receipt_unknown,
)
NEEDS_CHILD: Final = _id_of_child_missing
IN_PAIRS: Final[tuple[Callable[[Spoilt, Spoilt], None], ...]] = (_id_twice, _receipt_twice)


@dataclass(frozen=True)
class Seeds:
    """Which households are spoilt, and how: alone, or (by the later household) together with an earlier one."""

    alone: dict[int, Callable[[Spoilt], None]]
    pairs: dict[int, tuple[int, Callable[[Spoilt, Spoilt], None]]]


def sown(plan: Plan, share: float, chance: Random) -> Seeds:
    """So many faults as a share of the people, every kind alike; only households of several that pay for themselves."""
    wanted = round(plan.people * share)
    suitable = [at for at, size in enumerate(plan.sizes) if size > 1 and plan.pays(at)]
    chance.shuffle(suitable)
    free = iter(suitable)
    taken: set[int] = set()
    seeds = Seeds({}, {})
    kinds = len(ALONE) + len(IN_PAIRS)
    for count in range(wanted):
        kind = count % kinds
        household = next(at for at in free if at not in taken)
        taken.add(household)
        if kind < len(ALONE):
            seeds.alone[household] = ALONE[kind]
        elif (other := _neighbour(plan, household, taken)) is not None:
            taken.add(other)
            seeds.pairs[other] = (household, IN_PAIRS[kind - len(ALONE)])
    return seeds


def _neighbour(plan: Plan, household: int, taken: set[int]) -> int | None:
    """The next household of the same township that may be spoilt."""
    township = plan.village(household)[:9]
    for other in range(household + 1, len(plan.sizes)):
        if plan.village(other)[:9] != township:
            return None
        if other not in taken and plan.sizes[other] > 1 and plan.pays(other):
            return other
    return None
