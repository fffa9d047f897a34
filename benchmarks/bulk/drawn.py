"""What happened to whom: stays and visits in the order in which they are taken in, drawn so that sums come near the
county's report of 2009 (391,205 visits and 25,566 stays of the rural scheme, 559 stays of residents).

Of 400,000 claims a year nine in ten are visits, which take about a tenth of the money.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Final

from benchmarks.bulk.office import Office, Place
from benchmarks.bulk.register import People

A_YEAR: Final = 400_000
VILLAGE, TOWNSHIP = 305_024, 86_181  # visits
TIER_1, CHILDREN, TIER_2, OUTSIDE, RICH = 9_566, 1_400, 10_600, 3_988, 12  # stays of the rural scheme
RESIDENTS, EMPLOYEES = 559, 1_350  # stays; how many employees lay in hospital is assumed
STAYS: Final = TIER_1 + CHILDREN + TIER_2 + OUTSIDE + RICH + RESIDENTS + EMPLOYEES
BETWEEN: Final = 62  # days between a person's discharges, so that no two stays are added up for a limit
FIRST_DAYS: Final = 30  # of the first year on which nothing is taken in
MINOR, WOMEN_BEAR = 12, range(19, 43)


@dataclass(slots=True)
class Case:
    """A stay or visit: whose, where, when, what it cost by group and class in whole yuan, and how it fared."""

    person: int
    scheme: int
    place: Place
    desk: str
    kind: str
    delivery: str
    admitted: int
    discharged: int
    entered: int  # day
    second: int  # of the day
    lines: tuple[tuple[str, str, str, int], ...]
    disease: int
    is_referred: bool
    fate: str  # "", void, refused, returned, missing, cut


def weekdays(first: date, last: date) -> list[int]:
    """The days of work between two days, by number."""
    return [day for day in range(first.toordinal(), last.toordinal() + 1) if day % 7 not in {0, 6}]


class Drawing:
    """Draws the cases of five years, the earliest first."""

    def __init__(self, office: Office, people: People, seed: int, last: int) -> None:
        self.office, self.people, self.last = office, people, last
        self.chance = Random(seed)  # noqa: S311 -- repeatable on purpose
        self.left: dict[int, int] = {}  # when each person was last discharged

    def cases(self, count: int, days: Sequence[int]) -> Iterator[Case]:
        """So many cases, spread evenly over the days."""
        given = 0
        for place, day in enumerate(days, start=1):
            wanted = round(count * place / len(days))
            seconds = sorted(self.chance.randrange(30_600, 59_400) for _one in range(wanted - given))
            for second in seconds:
                drawn = self._stay if self.chance.random() < STAYS / A_YEAR else self._visit
                yield drawn(day, second)
            given = wanted

    def _visit(self, day: int, second: int) -> Case:
        chance, office = self.chance, self.office
        person = chance.choice(self.people.of_scheme[0])
        village = self.people.villages[self.people.homes[person]]
        township = f"{village[:9]}000"
        on = day - int(chance.random() * 10)
        lines: tuple[tuple[str, str, str, int], ...]
        if chance.random() < VILLAGE / (VILLAGE + TOWNSHIP):
            place, lines = office.clinics[village], (("西药", "A", "drug", 10 + int(chance.random() * 19)),)
        else:
            drugs = 10 + int(chance.random() * 25)
            place, lines = office.centres[township], (("西药", "A", "drug", drugs), ("化验", "A", "exam", 8))
        disease = int(chance.random() * 8)
        fate = self._fate(day, is_stay=False)
        return Case(
            person, 0, place, township, "outpatient", "", on, on, day, second, lines, disease,
            is_referred=False, fate=fate,
        )  # fmt: skip

    def _fate(self, day: int, *, is_stay: bool) -> str:
        """What becomes of a claim: most are paid; of the last days' some wait for papers or came back."""
        drawn, ago = self.chance.random(), self.last - day
        if drawn < 0.004:  # noqa: PLR2004
            return "void"
        if drawn < 0.012:  # noqa: PLR2004
            return "refused"
        if ago <= 10 and drawn < 0.06:  # noqa: PLR2004
            return "missing"
        if is_stay and ago <= 20 and drawn < 0.12:  # noqa: PLR2004
            return "returned"
        return "cut" if is_stay and drawn > 0.92 else ""  # noqa: PLR2004

    def _stay(self, day: int, second: int) -> Case:
        chance, office = self.chance, self.office
        drawn = chance.random() * STAYS
        scheme = 1 if drawn < RESIDENTS else 2 if drawn < RESIDENTS + EMPLOYEES else 0
        cost, place, share = self._town(scheme, day) if scheme else self._rural(drawn - RESIDENTS - EMPLOYEES)
        nights = 3 + int(chance.random() * 10)
        left = day - 1 - int(chance.random() * 17)
        person = self._patient(scheme, left, is_child=share == 0.88)  # noqa: PLR2004
        if place is None:
            place = office.centres[f"{self.people.villages[self.people.homes[person]][:9]}000"]
        kind, delivery = self._kind(person, scheme, left, place)
        in_county = place.region == "county"
        township = f"{self.people.villages[self.people.homes[person]][:9]}000"
        return Case(
            person, scheme, place, township if in_county and chance.random() < 0.7 else "", kind, delivery,  # noqa: PLR2004
            left - nights, left, day, second, _lines(cost, share), 8 + int(chance.random() * 4),
            is_referred=not in_county and chance.random() < 0.7,  # noqa: PLR2004
            fate=self._fate(day, is_stay=True),
        )  # fmt: skip

    def _rural(self, drawn: float) -> tuple[int, Place | None, float]:
        """Eligible cost, provider (None: the township's centre), eligible share of the total."""
        chance, office = self.chance, self.office
        if drawn < TIER_1:
            return 61 + int(chance.expovariate(1 / 640)), None, 0.93
        if drawn < TIER_1 + CHILDREN:
            return 91 + int(chance.expovariate(1 / 960)), chance.choice(office.county), 0.88
        if drawn < TIER_1 + CHILDREN + TIER_2:
            return 161 + int(chance.expovariate(1 / 1540)), chance.choice(office.county), 0.90
        if drawn < TIER_1 + CHILDREN + TIER_2 + OUTSIDE:
            return min(601 + int(chance.expovariate(1 / 8008)), 70_000), chance.choice(office.outside), 0.80
        return 80_000, chance.choice(office.outside), 0.80

    def _town(self, scheme: int, day: int) -> tuple[int, Place, float]:
        """Large ones, which the committee decides, only where its next meeting has not been yet."""
        chance, office = self.chance, self.office
        if self.last - day <= 25 and chance.random() < 0.3:  # noqa: PLR2004
            return (42_000, chance.choice(office.outside), 0.85) if scheme == 2 else (60_000, office.county[0], 0.85)  # noqa: PLR2004
        most = 33_000 if scheme == 2 else 49_000  # noqa: PLR2004
        in_county = chance.random() < 0.6  # noqa: PLR2004
        place = chance.choice(office.county if in_county else office.outside)
        return min(701 + int(chance.expovariate(1 / (3_500 if in_county else 8_000))), most), place, 0.87

    def _patient(self, scheme: int, left: int, *, is_child: bool) -> int:
        """Somebody who was not in hospital lately."""
        chance, people = self.chance, self.people
        for tried in range(600):
            person = chance.choice(people.of_scheme[scheme])
            is_wanted = not is_child or tried > 300 or people.age(person, left) < MINOR  # noqa: PLR2004
            if is_wanted and left - self.left.get(person, -BETWEEN) >= BETWEEN:
                break
        self.left[person] = max(left, self.left.get(person, 0))
        return person

    def _kind(self, person: int, scheme: int, left: int, place: Place) -> tuple[str, str]:
        drawn = self.chance.random()
        if drawn < 0.015 and scheme == 0:  # noqa: PLR2004
            return "injury", ""
        bears = self.people.women[person] and self.people.age(person, left) in WOMEN_BEAR
        if bears and scheme == 0 and place.region == "county" and drawn < 0.4:  # noqa: PLR2004
            return "delivery", "caesarean" if drawn < 0.1 else "normal"  # noqa: PLR2004
        return "inpatient", ""


def _lines(eligible: int, share: float) -> tuple[tuple[str, str, str, int], ...]:
    """A stay's cost by group and class."""
    exam, bed = max(eligible // 4, 1), max(eligible // 5, 1)
    own = round(eligible / share) - eligible
    lines = (("西药", "A", "drug", eligible - exam - bed), ("检查", "B", "exam", exam), ("床位", "A", "bed", bed))
    return (*lines, ("自费药", "C", "drug", own)) if own else lines
