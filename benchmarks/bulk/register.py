"""A county's divisions, households, people and who is insured in which scheme, by COPY."""

from __future__ import annotations

import csv
from array import array
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Any, Final

from demo.roster import people, plan
from enrollment.models import Division
from enrollment.rules import divisions, person_names
from office.models import Body

COUNTY: Final = "640522"
SCALE_OF_400_000: Final = 400_000 / plan.PEOPLE
CHANGED: Final = "version, changed_by_id, changed_at"
HOUSEHOLDS: Final = f"id, number, village_id, address, registered_on, {CHANGED}"
#: What a person's row says, before who changed it and when.
PEOPLE: Final = (
    "household_id, is_head, name, search_keys, id_number, id_given, sex, birth_date, relation, category, state,"
    " state_reason"
)
COVERAGES: Final = (
    "member_id, scheme_id, is_basic, fund_year_id, period, reason, ended_because, noted_by_id, noted_at, void_reason"
)
#: Of a thousand people so many are residents and employees of the towns, the rest is the rural scheme's: 16,539 and
#: 13,508 beside 370,296 in 2009.
RESIDENTS, EMPLOYEES = 41.3, 33.7
WOMAN: Final = "F"


@dataclass
class People:
    """Everybody, by his number from 1 on: what claims ask about him. A household's number is its place from 1 on."""

    names: list[str] = field(default_factory=lambda: [""])
    homes: array[int] = field(default_factory=lambda: array("i", [0]))
    born: array[int] = field(default_factory=lambda: array("i", [0]))
    women: bytearray = field(default_factory=lambda: bytearray(1))
    sizes: bytearray = field(default_factory=lambda: bytearray(1))  # by household
    villages: list[str] = field(default_factory=lambda: [""])  # by household
    schemes: bytearray = field(default_factory=lambda: bytearray(1))  # by household: 0 rural, 1 residents, 2 employees
    of_scheme: tuple[array[int], array[int], array[int]] = field(
        default_factory=lambda: (array("i"), array("i"), array("i"))
    )

    def age(self, person: int, day: int) -> int:
        """About how old somebody is on a day by its number."""
        return (day - self.born[person]) * 4 // 1461


def bring_divisions(stations: dict[str, Body] | None = None) -> None:
    """The county's real divisions; townships with their stations, by code."""
    known: dict[str, Division] = {}
    with (plan.DATA / f"divisions-{COUNTY}.csv").open(encoding="utf-8", newline="") as file:
        read = sorted(divisions.read(csv.reader(file)).sound, key=lambda one: one.code)
    for one in read:
        known[one.code] = Division.objects.create(
            code=one.code,
            name=one.name,
            level=one.level,
            parent=known.get(one.parent or ""),
            station=(stations or {}).get(one.code),
            search_keys=keys(one.name),
        )


def townships() -> list[tuple[str, str]]:
    """The codes and names of the county's townships."""
    with (plan.DATA / f"divisions-{COUNTY}.csv").open(encoding="utf-8", newline="") as file:
        found = divisions.read(csv.reader(file)).sound
    return [(one.code, one.name) for one in found if one.level == "township"]


def keys(name: str) -> list[str]:
    """By which initials a name is found."""
    lines = person_names.initials(name)
    return list(dict.fromkeys(line[:end] for line in lines for end in range(2, len(line) + 1)))


def household_rows(drawn: plan.Plan, first: int = 0) -> Iterator[tuple[object, ...]]:
    """Number, number of the book, village and address of each household."""
    villages = dict(Division.objects.values_list("code", "pk"))
    in_village: Counter[str] = Counter()
    for at in range(len(drawn.sizes)):
        village = drawn.village(at)
        in_village[village] += 1
        yield at + first, f"{village}{in_village[village]:04d}", villages[village], ""


def person_row(one: people.Made) -> tuple[object, ...]:
    """A person's name, numbers and the rest."""
    given = "" if one.id_number == one.eighteen else one.id_number
    told = (one.sex, one.birth_date, one.relation, "ordinary", "living", "")
    return one.name, keys(one.name), one.eighteen, given, *told


def fill(db: Any, scale: float, year: int, by: int, at: str) -> People:
    """Households and people as they stood at the beginning of a year; nobody is born or dies after that."""
    chance = Random(COUNTY)  # noqa: S311 -- repeatable on purpose
    drawn = plan.drawn(COUNTY, SCALE_OF_400_000 * scale, chance)
    changed, day = (1, by, at), date(year, 1, 1)
    with db.cursor().copy(f"COPY enrollment_household ({HOUSEHOLDS}) FROM STDIN") as rows:
        for row in household_rows(drawn, first=1):
            rows.write_row((*row, day, *changed))
    found, made = People(), people.Households(COUNTY, year, chance)
    with db.cursor().copy(f"COPY enrollment_member (id, {PEOPLE}, {CHANGED}) FROM STDIN") as rows:
        for at_home, size in enumerate(drawn.sizes, start=1):
            _begin_household(found, drawn.village(at_home - 1), size, chance)
            for place, one in enumerate(made.fill(size, old=False)):
                rows.write_row((_note(found, at_home, one), at_home, place == 0, *person_row(one), *changed))
    return found


def _begin_household(found: People, village: str, size: int, chance: Random) -> None:
    found.sizes.append(size)
    found.villages.append(village)
    drawn = chance.random() * 1000
    found.schemes.append(1 if drawn < RESIDENTS else 2 if drawn < RESIDENTS + EMPLOYEES else 0)


def _note(found: People, home: int, one: people.Made) -> int:
    number = len(found.names)
    found.names.append(one.name)
    found.homes.append(home)
    found.born.append(one.birth_date.toordinal())
    found.women.append(one.sex == WOMAN)
    found.of_scheme[found.schemes[home]].append(number)
    return number


def cover(db: Any, found: People, years: dict[int, tuple[tuple[int, int], ...]], by: int, at: str) -> None:
    """Everybody is insured in his household's scheme all through each year. `years` has, by year, of each of the three
    schemes its number and that of its fund year."""
    with db.cursor().copy(f"COPY enrollment_coverage ({COVERAGES}) FROM STDIN") as rows:
        for year, of_schemes in years.items():
            period = f"[{year}-01-01,{year + 1}-01-01)"
            for people_of, (scheme, fund_year) in zip(found.of_scheme, of_schemes, strict=True):
                end = f"\t{scheme}\tt\t{fund_year}\t{period}\tgo_live\t\t{by}\t{at}\t\n"
                for start in range(0, len(people_of), 5_000):
                    rows.write("".join(f"{one}{end}" for one in people_of[start : start + 5_000]))
