"""Files that an office brings along when it begins (初始化): the register, coverages, account balances.

Each kind is read whole and judged before anything of it is written, inside one transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol

from enrollment.models import ContributionRate, FundYear, GoLiveProtocol, Scheme
from enrollment.rules import go_live
from enrollment.rules.categories import Category
from enrollment.rules.faults import Fault
from enrollment.services import roster_files
from enrollment.services.roster_files import RosterFile
from office.models import Person
from office.rules import days
from office.sentences import Sentence, said

Step = Callable[[int, int, Sentence | None], None]
ONE_DAY = timedelta(days=1)
TOGETHER = 5_000  # rows that are looked up or written in one piece


class CannotBring(Exception):
    """Nothing is written; the message is written for the person who brought the file."""


@dataclass(frozen=True)
class Found:
    """What a file came to: its rows, every fault in order, how many rows have an error, the sum of its amounts."""

    rows: int
    faults: Sequence[Fault]
    errors: int
    total: Decimal


@dataclass(frozen=True)
class Brought:
    """A file on its way, the same for every kind."""

    file: RosterFile
    fund_year: FundYear
    as_of: date
    at: datetime
    step: Step

    @property
    def today(self) -> date:
        """The day of the import, or the year's last if that has passed: nobody is born later."""
        last: date = self.fund_year.period.upper - ONE_DAY
        return min(days.business_day(self.at), last)

    def lines(self, required: Sequence[go_live.Column]) -> list[go_live.Line]:
        """The rows of a file of coverages or balances. Raises CannotBring."""
        try:
            found = list(go_live.read_lines(self.file.table(), required, self.today))
        except go_live.CannotReadColumns as refusal:
            raise CannotBring(_words_of_header(refusal)) from refusal
        if not found:
            raise CannotBring(said("There is no row under the header."))
        self.step(40, 100, said("%(count)s rows read", count=f"{len(found):,}"))
        return found

    def rates(self) -> Mapping[str, ContributionRate]:
        """The year's contributions by category, all of them. Raises CannotBring."""
        rates = {rate.category: rate for rate in self.fund_year.contributionrates.all()}
        if missing := set(Category) - set(rates):
            raise CannotBring(
                said("No contribution is laid down for %(count)s categories of people.", count=len(missing))
            )
        return rates


class Reading(Protocol):
    """One kind of file: read and judged, then written as it was read."""

    def __init__(self, brought: Brought) -> None: ...

    def read(self) -> Found:
        """Read and judge every row."""

    def write(self, protocol: GoLiveProtocol, by: Person) -> Mapping[str, int]:
        """Write every row; gives how many records of each kind came in."""


def brought(*, path: Path, name: str, fund_year: FundYear, as_of: date, at: datetime, step: Step) -> Brought:
    """A file once it is known to be a table. Raises CannotBring."""
    if fund_year.state != FundYear.State.CONFIRMED:
        raise CannotBring(said("%(fund_year)s is not confirmed yet.", fund_year=fund_year))
    return Brought(roster_files.opened(path, name), fund_year, as_of, at, step)


def refuse_kind(kind: str, scheme: Scheme) -> None:
    """Balances come only where the scheme keeps accounts. Raises CannotBring."""
    if kind == GoLiveProtocol.Kind.BALANCES and scheme.account == Scheme.Account.NONE:
        raise CannotBring(said("%(scheme)s keeps no such accounts.", scheme=scheme))


def in_pieces(values: Sequence[Any]) -> list[Sequence[Any]]:
    """Many values in pieces of a bearable size."""
    return [values[place : place + TOGETHER] for place in range(0, len(values), TOGETHER)]


def _words_of_header(refusal: go_live.CannotReadColumns) -> Sentence:
    columns = "、".join(go_live.CHINESE[column][0] for column in refusal.columns)
    if refusal.code == "columns_twice":
        return said("The first row names columns twice: %(columns)s.", columns=columns)
    return said("The first row must name the columns; missing: %(columns)s.", columns=columns)
