"""The roster itself: row by row, so that a whole county never lies in memory, and the same again for the same seed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from random import Random
from typing import Final

from demo.roster import faults, lines, plan
from demo.roster.faults import Seeded, Spoilt
from demo.roster.lines import HEADER, Line
from demo.roster.people import Households
from demo.roster.plan import Payer
from enrollment.rules.rosters import Known

FAULTY: Final = 0.01  # of the people
ALONE_OR_TWO: Final = 2
BLOCK: Final = 1_000_000  # receipt numbers that a township is issued


class Block:
    """A township's receipts: eight digits, of which the first two are the township's."""

    def __init__(self, first: int) -> None:
        self.numbers = range(first, first + BLOCK)

    def __contains__(self, number: object) -> bool:
        return isinstance(number, str) and number.isdigit() and int(number) in self.numbers


class Roster:
    """A made-up roster of 海原 (640522) or 和县 (340523) for a fund year.

    `scale` 1 is the full county. `faulty` is the share of faults in the people; 0 makes a clean roster, whose sums are
    exactly the county's. Once the rows have been gone through, `seeded` is what must be found in them and `known` what
    the office must know for that (who died, who is in another scheme, which receipts a township was issued).
    """

    def __init__(
        self, seed: int, *, scale: float = 1.0, county: str = "640522", year: int = 2009, faulty: float = FAULTY
    ) -> None:
        self.seed, self.county, self.year = seed, county, year
        self.terms = plan.terms(county, year)
        self.plan = plan.drawn(county, scale, self._chance("plan"))
        self.seeds = faults.sown(self.plan, faulty, self._chance("faults"))
        self.firsts = {first for first, _spoil in self.seeds.pairs.values()}
        townships = dict.fromkeys(village[:9] for village in self.plan.villages)
        self.stock = {township: Block(at * BLOCK) for at, township in enumerate(townships, start=10)}
        self._forget()

    def rows(self) -> Iterator[Line]:
        """The header and every row, from the beginning; the same each time."""
        self._forget()
        yield list(HEADER)
        first = 2
        for household, of in enumerate(self._households()):
            of.first = first
            first += len(of.lines)
            self._spoil(household, of)
            yield from of.lines

    def _forget(self) -> None:
        self.seeded: list[Seeded] = []
        self.elsewhere: dict[str, str] = {}
        self.dead: dict[str, date] = {}
        self.known = Known(elsewhere=self.elsewhere, dead=self.dead, stock=self.stock)
        self.waiting: dict[int, Spoilt] = {}
        self.childless = 0

    def _chance(self, what: str) -> Random:
        """A source of chance of its own for each part, so that faults do not change the people."""
        return Random(f"{self.seed} {self.county} {what}")  # noqa: S311 -- repeatable on purpose

    def _households(self) -> Iterator[Spoilt]:
        """Every household with its people and its rows as a village writes them."""
        chance, forms, slips = self._chance("people"), self._chance("forms"), self._chance("slips")
        filled = Households(self.county, self.year, chance)
        in_village: Counter[str] = Counter()
        receipts: Counter[str] = Counter()
        for household, size in enumerate(self.plan.sizes):
            village, payer = self.plan.village(household), Payer(self.plan.payers[household])
            in_village[village] += 1
            people = filled.fill(size, old=payer is Payer.ASSISTANCE and size <= ALONE_OR_TWO)
            own = partial(
                lines.line_of,
                household=f"{village}{in_village[village]:04d}",
                village=village,
                payer=payer,
                receipt=self._receipt(village[:9], receipts) if payer is Payer.OWN else "",
            )
            written = [own(one, category=lines.category_of(one, payer, size, chance)) for one in people]
            for line in written:
                lines.write_otherwise(line, forms)
            yield Spoilt(0, people, written, slips, self.elsewhere, self.dead)

    def _receipt(self, township: str, used: Counter[str]) -> str:
        used[township] += 1
        return str(self.stock[township].numbers[used[township]])

    def _spoil(self, household: int, of: Spoilt) -> None:
        """Spoil a household if it is to be; the first of two is kept until the second comes."""
        if household in self.firsts:
            self.waiting[household] = of
        elif spoil := self.seeds.alone.get(household):
            self._spoil_alone(spoil, of)
        elif pair := self.seeds.pairs.get(household):
            earlier = self.waiting.pop(pair[0])
            pair[1](earlier, of)
            self.seeded += earlier.found
        elif self.childless and of.children() and self.plan.pays(household):
            self.childless -= 1
            faults.NEEDS_CHILD(of)
        self.seeded += of.found

    def _spoil_alone(self, spoil: Callable[[Spoilt], None], of: Spoilt) -> None:
        """Spoil a household; a fault of a child waits for the next household that has one."""
        if spoil is faults.NEEDS_CHILD and not of.children():
            self.childless += 1
        else:
            spoil(of)
