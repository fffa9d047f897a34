"""What a claim comes to, with the counters as they stand; equal small visits are worked out once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from benchmarks.bulk.drawn import Case
from benchmarks.bulk.office import Office
from benchmarks.bulk.register import People
from claims.rules import cases
from claims.rules.bills import Bill, Item, Person
from claims.rules.evaluation import assess
from claims.selectors.valuing import OF_HOUSEHOLD, OWN
from claims.services.approving import ACCOUNTS

ID: Final = "@"
MOST_KNOWN: Final = 200_000
RETIRED_FROM: Final = 60
NO_ACCOUNTS: Final = {f"{ACCOUNTS}household": Decimal(0), f"{ACCOUNTS}personal": Decimal(0)}
NOTHING: Final = Decimal("0.00")  # as the database has it
Cut = tuple[int, int]  # place of the line, amount


@dataclass(frozen=True, slots=True)
class Valued:
    """An answer as an approval keeps it; `before` and `behind` are the calculation around the claim's own number."""

    fund_pays: Decimal
    figures: str  # eligible, own items, first share, deductible, funds, hospital, others, patient
    moves: tuple[tuple[str, Decimal], ...]
    parts: tuple[tuple[str, str, Decimal], ...]
    before: str
    behind: str


class Counters:
    """What everybody has used, by plan year; a year's are written once nothing moves them any more."""

    def __init__(self) -> None:
        self.own: dict[int, dict[tuple[int, int], dict[str, list[Any]]]] = {}  # year: (scheme, person): name: id, value
        self.home: dict[tuple[int, int, int], dict[str, Decimal]] = {}  # year, scheme, household

    def of(self, year: int, scheme: int, person: int, home: int) -> dict[str, Decimal]:
        """As they stand for a person."""
        own = self.own.setdefault(year, {}).get((scheme, person), {})
        used = {name: value for name, (_number, value) in own.items() if not name.endswith(OF_HOUSEHOLD)}
        return used | self.of_home(year, scheme, home)

    def of_home(self, year: int, scheme: int, home: int) -> dict[str, Decimal]:
        """What a household has used together."""
        return self.home.get((year, scheme, home), {})

    def move(self, year: int, key: tuple[int, int], home: int, name: str, amount: Decimal, number: Any) -> int:
        """One counter moves; gives its number, from `number()` where it is new."""
        own = self.own.setdefault(year, {}).setdefault(key, {})
        found = own.get(name)
        if found is None:
            found = own[name] = [number("claims_benefitcounter"), NOTHING]
        found[1] += amount
        if name.endswith(OF_HOUSEHOLD):
            shared = self.home.setdefault((year, key[0], home), {})
            shared[name] = shared.get(name, NOTHING) + amount
        return int(found[0])

    def ended(self, before: int) -> Iterator[tuple[int, int, int, int, str, Decimal]]:
        """The counters of plan years before one, for the last time: number, person, scheme, year, name, value."""
        for year in [one for one in self.own if one < before]:
            for (scheme, person), own in self.own.pop(year).items():
                for name, (number, value) in own.items():
                    yield number, person, scheme, year, name, value
            for key in [one for one in self.home if one[0] == year]:
                del self.home[key]


class Valuing:
    """Values cases by the plans of their days."""

    def __init__(self, office: Office, people: People, counters: Counters) -> None:
        self.office, self.people, self.counters = office, people, counters
        self.known: dict[tuple[Any, ...], Valued] = {}
        self.years = sorted(office.fund_years)

    def value(self, case: Case, cut: Cut | None = None) -> Valued:
        """What the plan gives on the cost as it stands, less what was cut, with the counters as they are now."""
        year = date.fromordinal(case.discharged).year
        home = self.people.homes[case.person]
        if case.kind != "outpatient":
            used = self.counters.of(year, case.scheme, case.person, home)
            return self._worked_out(case, cut, used, year)
        used = self.counters.of_home(year, case.scheme, home)  # all that a visit asks for
        key = (case.place.level, case.lines, self.people.sizes[home], *used.values())
        found = self.known.get(key)
        if found is None:
            if len(self.known) > MOST_KNOWN:
                self.known.clear()
            found = self.known[key] = self._worked_out(case, cut, used, year)
        return found

    def _worked_out(self, case: Case, cut: Cut | None, used: dict[str, Decimal], year: int) -> Valued:
        plan = self.office.documents[case.scheme, year][1]
        bill = Bill(ID, self._attributes(case), tuple(_items(case, cut)), _days(case))
        return _kept(assess((plan,), self.person(case), bill, used | NO_ACCOUNTS, trace=True))

    def person(self, case: Case) -> Person:
        """The patient as the rules see him."""
        number = case.person
        year = date.fromordinal(case.admitted).year
        stated = {
            "category": "ordinary",
            "employment": self.employment(case),
            "years_enrolled": year - self.years[0] + 1,
        }
        born = date.fromordinal(self.people.born[number])
        return Person(stated, born, self.people.sizes[self.people.homes[number]])

    def employment(self, case: Case) -> str:
        """Whether an employee works still."""
        if case.scheme != 2:  # noqa: PLR2004  the employees'
            return "none"
        return "retired" if self.people.age(case.person, case.admitted) >= RETIRED_FROM else "active"

    def _attributes(self, case: Case) -> dict[str, Any]:
        place = case.place
        stated = {
            "kind": case.kind,
            "tier": place.tier,
            "level": place.level,
            "region": place.region,
            "designated": case.scheme in place.schemes,
            "referred": case.is_referred,
            "emergency": False,
            "tcm": False,
            "ground": "none",
            "disease": self.office.diseases[case.disease].code,
            "disease_group": "none",
        }
        return stated | ({"delivery": case.delivery} if case.delivery else {})


def yuan(amount: int) -> Decimal:
    """Whole yuan as the database keeps them."""
    return Decimal(amount * 100).scaleb(-2)


def _days(case: Case) -> dict[str, date]:
    return {"admitted": date.fromordinal(case.admitted), "discharged": date.fromordinal(case.discharged)}


def _items(case: Case, cut: Cut | None) -> Iterator[Item]:
    for place, (_name, class_, group, amount) in enumerate(case.lines):
        off = cut[1] if cut and cut[0] == place else 0
        yield Item(yuan(amount - off), class_, group)
        if off:
            yield Item(yuan(off), OWN, group)


def _kept(answer: Any) -> Valued:
    told = cases.told_of(answer, trace=True) | {"moves": {name: str(by) for name, by in sorted(answer.moves.items())}}
    before, behind = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")).split(f'"{ID}"')
    figures = (
        answer.eligible,
        answer.own_items,
        answer.first_share,
        sum((layer.deductible for layer in answer.layers), Decimal(0)),
        answer.fund_pays,
        answer.hospital_bears,
        answer.other_payers,
        answer.patient_pays,
    )
    moves = ((name, by) for name, by in sorted(answer.moves.items()) if by and not name.startswith(ACCOUNTS))
    parts = ((layer.code, layer.fund, layer.pays) for layer in answer.layers if layer.pays > 0)
    return Valued(answer.fund_pays, "\t".join(map(str, figures)), tuple(moves), tuple(parts), before, behind)
