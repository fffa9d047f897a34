"""The year's papers, made up: which provider hands in which visits and stays in which month.

A month of a provider is one register or one list. All of it follows from people, scale and seed, so that it is the same
whenever it is asked for.
"""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import accumulate
from random import Random
from typing import Final, NamedTuple

from demo.haiyuan.figures import STAYS, VISITS, YEAR, Stays, shared_out, spread

MONTHS: Final = tuple(range(1, 13))
QUARTERS: Final = (3, 6, 9, 12)
#: Below this scale a month's papers would be of a row or two: they come by the quarter.
BY_MONTH: Final = 0.005
DECEMBER: Final = 12
LAST_IN_DECEMBER: Final = 24  # what came later is settled in the next year
GROWN: Final = date(1997, 1, 1)  # whoever was born before is twelve all the year
CHILD: Final = date(1998, 1, 1)  # whoever was born since is under twelve all the year
#: How many visits or stays a document holds at least, before there are fewer providers of its kind.
A_DOCUMENT: Final = {"village": 120, "township": 150, "county": 5, "outside": 5}
MOST: Final = {"village": 159, "township": 18, "county": 2, "outside": 2}
NIGHTS: Final = {"township": (3, 8), "county": (4, 12), "outside": (7, 25)}
ILL: Final = ("J06.9", "K29.5", "I10", "J18.9", "M06.9", "E11.9", "J44.9")
LAID_UP: Final = ("J18.9", "K29.5", "I10", "J44.9", "I25.1")
TICKET: Final = "164000910"


class Patient(NamedTuple):
    """Somebody of the register who is insured."""

    number: str
    name: str
    born: date


@dataclass(frozen=True)
class Paper:
    """A register or list as it comes: whose, of which month, with which rows."""

    kind: str
    level: str
    provider: int
    month: int
    rows: Sequence[dict[str, str]]

    @property
    def name(self) -> str:
        """By which it is known again."""
        return f"演示 {YEAR}-{self.month:02d} {self.kind} {self.level} {self.provider + 1}"


def providers(level: str, scale: float) -> int:
    """How many providers of a level hand something in."""
    visits = sum(one.at(scale) for one in VISITS if one.level == level)
    stays = sum(one.at(scale) for one in STAYS if one.level == level)
    return max(1, min(MOST[level], max(visits, stays) // (len(months(scale)) * A_DOCUMENT[level])))


def months(scale: float) -> Sequence[int]:
    """The months whose papers there are."""
    return MONTHS if scale >= BY_MONTH else QUARTERS


def last_day(month: int) -> int:
    """The last day whose visits and discharges are handed in with a month."""
    return LAST_IN_DECEMBER if month == DECEMBER else monthrange(YEAR, month)[1]


@dataclass
class Papers:
    """All papers of the year."""

    people: Sequence[Patient]
    scale: float
    seed: int
    laid_up: dict[int, tuple[date, date]] = field(default_factory=dict)
    _stays: dict[tuple[str, int, int], list[dict[str, str]]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        order = list(range(len(self.people)))
        self._chance("who lies in hospital").shuffle(order)
        for group in STAYS:
            order = self._lie(group, order)

    def of_month(self, month: int) -> Iterator[Paper]:
        """The registers of a month, then its lists."""
        for visits in VISITS:
            for provider in range(providers(visits.level, self.scale)):
                rows = self._visits(visits.level, provider, month)
                if rows:
                    yield Paper("village_register", visits.level, provider, month, rows)
        for level in ("township", "county", "outside"):
            for provider in range(providers(level, self.scale)):
                if stays := self._stays.get((level, provider, month)):
                    yield Paper("hospital_list", level, provider, month, stays)

    def _chance(self, what: str) -> Random:
        return Random(f"{self.seed} {what}")  # noqa: S311 -- repeatable on purpose

    def _lie(self, group: Stays, order: list[int]) -> list[int]:
        """The stays of a group over months and hospitals; each patient lies once. Gives who is left."""
        number, chance = group.at(self.scale), self._chance(f"stays {group.code}")
        fit = [one for one in order if _fits(group, self.people[one])][:number]
        if len(fit) < number:
            raise ValueError(f"there are {len(fit)} people for {number} stays of {group.code}")
        costs = spread(number, group.eligible_at(self.scale), group.least, group.most, chance)
        hospitals, over = providers(group.level, self.scale), months(self.scale)
        for place, (who, eligible) in enumerate(zip(fit, costs, strict=True)):
            month = over[place % len(over)]
            left = date(YEAR, month, chance.randint(4 if month == 1 else 1, last_day(month)))
            came = max(left - timedelta(days=chance.randint(*NIGHTS[group.level])), date(YEAR, 1, 1))
            self.laid_up[who] = came, left
            row = _stay(self.people[who], group, eligible, came, left, f"{group.code[:2].upper()}{place:06d}", chance)
            self._stays[group.level, place // len(over) % hospitals, month].append(row)
        taken = set(fit)
        return [one for one in order if one not in taken]

    def _visits(self, level: str, provider: int, month: int) -> list[dict[str, str]]:
        """The visits of one provider in a month, by day; its patients live around it."""
        costs, begin = self._costs(level)[provider, month]
        chance = self._chance(f"visits {level} {provider} {month}")
        around = len(self.people) // providers(level, self.scale)
        rows = []
        for place, cost in enumerate(costs):
            day = date(YEAR, month, chance.randint(1, last_day(month)))
            who = self._somebody(provider * around, around, day, chance)
            rows.append(_visit(self.people[who], cost, day, f"{level[:1].upper()}{begin + place:07d}", chance))
        return sorted(rows, key=lambda row: row["began_on"])

    def _somebody(self, first: int, around: int, day: date, chance: Random) -> int:
        """Somebody who lives around and does not lie in hospital on a day."""
        while True:
            who = first + int(chance.random() * around)
            came, left = self.laid_up.get(who, (date.max, date.min))
            if not came <= day <= left:
                return who

    def _costs(self, level: str) -> dict[tuple[int, int], tuple[Sequence[int], int]]:
        """What each visit costs, by provider and month, with the number of the first."""
        if level not in self._spread:
            visits = next(one for one in VISITS if one.level == level)
            number = visits.at(self.scale)
            costs = spread(number, number * visits.average, visits.least, visits.most, self._chance(f"costs {level}"))
            places = [(one, month) for month in months(self.scale) for one in range(providers(level, self.scale))]
            counts = shared_out(number, [1] * len(places))
            ends = list(accumulate(counts))
            self._spread[level] = {
                place: (costs[end - count : end], end - count)
                for place, count, end in zip(places, counts, ends, strict=True)
            }
        return self._spread[level]

    _spread: dict[str, dict[tuple[int, int], tuple[Sequence[int], int]]] = field(default_factory=dict)


def _fits(group: Stays, one: Patient) -> bool:
    return one.born >= CHILD if group.is_child else one.born < GROWN


def _visit(who: Patient, cost: int, day: date, receipt: str, chance: Random) -> dict[str, str]:
    return {
        "began_on": day.isoformat(),
        "id_number": who.number,
        "name": who.name,
        "disease": chance.choice(ILL),
        "receipt": receipt,
        "drug": str(cost),
    }


def _stay(
    who: Patient, group: Stays, eligible: int, came: date, left: date, receipt: str, chance: Random
) -> dict[str, str]:
    examined, treated = eligible // 5, eligible // 6
    return {
        "kind": "住院",
        "id_number": who.number,
        "name": who.name,
        "disease": chance.choice(LAID_UP),
        "began_on": came.isoformat(),
        "ended_on": left.isoformat(),
        "hospital_number": f"ZY{receipt}",
        "receipt_type": TICKET,
        "receipt": receipt,
        "drug": str(eligible - examined - treated),
        "exam": str(examined),
        "treatment": str(treated),
        "own": str(group.total(eligible) - eligible),
    }
