"""Households of people who do not exist: ages, relations, names, and identity numbers that are valid in form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Final, NamedTuple

from demo.roster.names import Names
from enrollment.rules import id_numbers
from enrollment.rules.categories import Relation, Sex

#: County codes that people's numbers begin with: those of the county's own people before and after the change of its
#: code with the year of the change, and those of the counties around, where some were born.
BIRTHPLACES: Final = {
    "640522": ("642222", 2004, "640522", ("642221", "642223", "640324", "640521")),
    "340523": ("342626", 1999, "341424", ("342625", "340521", "320111", "341124")),
}
FIRST_DAY: Final = date(1900, 1, 1).toordinal()
DAYS: Final = 50_000
OLD_NUMBER_UNTIL: Final = 1984  # who is born later got a number of 18 digits with the first card
DAYS_OF_A_YEAR: Final = 365.2425


@dataclass(slots=True)
class Made:
    """Somebody made up."""

    name: str
    id_number: str
    eighteen: str
    sex: Sex
    birth_date: date
    relation: Relation
    age: int


class Place(NamedTuple):
    """A place in a household before anybody fills it."""

    relation: Relation
    sex: Sex
    age: int


class IdNumbers:
    """Gives identity numbers, each once: for every county code and birth date the sequences run on."""

    def __init__(self, county: str, chance: Random) -> None:
        self.chance = chance
        self.before, self.changed, self.after, self.around = BIRTHPLACES[county]
        self.given: dict[str, bytearray] = {}

    def give(self, birth_date: date, sex: Sex) -> tuple[str, str]:
        """A number as on the card, of 15 or 18 digits, and the same in 18."""
        county = self.before if birth_date.year < self.changed else self.after
        if self.chance.random() < 0.07:  # noqa: PLR2004
            county = self.chance.choice(self.around)
        place = 2 * (birth_date.toordinal() - FIRST_DAY) + (sex is Sex.MALE)
        counts = self.given.setdefault(county, bytearray(2 * DAYS))
        pair = (counts[place] + 7 * place) % 500
        counts[place] += 1
        seventeen = f"{county}{birth_date:%Y%m%d}{2 * pair + (sex is Sex.MALE):03d}"
        eighteen = seventeen + id_numbers.check_digit(seventeen)
        old = birth_date.year <= OLD_NUMBER_UNTIL and self.chance.random() < 0.12  # noqa: PLR2004
        return (eighteen[:6] + eighteen[8:17] if old else eighteen), eighteen


class Households:
    """Fills households, one after the other."""

    def __init__(self, county: str, year: int, chance: Random) -> None:
        self.chance = chance
        self.names = Names(county, chance)
        self.id_numbers = IdNumbers(county, chance)
        self.day = date(year, 1, 1)

    def fill(self, size: int, *, old: bool) -> list[Made]:
        """The members of a household, its head first; `old` for one of aged people."""
        dotted = self.chance.random() < 0.003  # noqa: PLR2004
        surname = self.names.surname()
        return [self._member(place, surname, dotted=dotted) for place in self._places(size, old=old)]

    def _member(self, place: Place, surname: str, *, dotted: bool) -> Made:
        if place.relation in MARRIED_IN:
            surname = self.names.surname()
        name = self.names.dotted(place.sex) if dotted else surname + self.names.given(place.sex)
        before = 1 + int(place.age * DAYS_OF_A_YEAR) + int(self.chance.random() * 365)
        birth_date = self.day - timedelta(days=before)
        number, eighteen = self.id_numbers.give(birth_date, place.sex)
        return Made(name, number, eighteen, place.sex, birth_date, place.relation, place.age)

    def _places(self, size: int, *, old: bool) -> Iterator[Place]:
        chance = self.chance
        age = chance.randint(61, 88) if old else int(chance.triangular(22, 78, 34))
        sex = Sex.MALE if chance.random() < 0.92 else Sex.FEMALE  # noqa: PLR2004
        yield Place(Relation.HEAD, sex, age)
        if size > 1:
            yield Place(Relation.SPOUSE, OTHER[sex], min(max(age + chance.randint(-5, 3), 20), 90))
        yield from self._kin(size - 2, age)

    def _kin(self, more: int, age: int) -> Iterator[Place]:
        """Children first; with grown children a daughter-in-law and grandchildren, else a parent of the head."""
        chance = self.chance
        for place in range(more):
            sex = chance.choice((Sex.MALE, Sex.FEMALE))
            if place < 2 or chance.random() < 0.4:  # noqa: PLR2004
                child = max(age - chance.randint(20, 31), 0)
                yield Place(Relation.SON if sex is Sex.MALE else Relation.DAUGHTER, sex, min(child, 45))
            elif age < 50:  # noqa: PLR2004
                yield Place(Relation.PARENT, sex, min(age + chance.randint(21, 32), 95))
            elif place == 2:  # noqa: PLR2004
                yield Place(Relation.DAUGHTER_IN_LAW, Sex.FEMALE, max(min(age - chance.randint(22, 32), 45), 19))
            else:
                yield Place(Relation.GRANDCHILD, sex, chance.randint(0, min(age - 42, 20)))


OTHER: Final = {Sex.MALE: Sex.FEMALE, Sex.FEMALE: Sex.MALE}
MARRIED_IN: Final = frozenset({Relation.SPOUSE, Relation.DAUGHTER_IN_LAW})
