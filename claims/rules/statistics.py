"""What a statistics sheet (补偿情况统计表) counts (docs/rules/statistics.md): spans, bands of cost, sums of a group and
their ratios; how two sheets of one span differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final, NamedTuple

MONTH, QUARTER, YEAR = "month", "quarter", "year"
MONTHS: Final = {MONTH: 1, QUARTER: 3, YEAR: 12}
ALL_MONTHS: Final = 12
STAY, VISIT = "stay", "visit"
#: Kinds of a claim that are nights in hospital; the others are visits of one day (门诊).
STAYS: Final = ("inpatient", "delivery", "injury")
#: By what the figures of stays, and those of visits, are told apart; in the order of the sheet.
TABLES: Final = ("kind", "level", "region", "band", "township", "disease")
WHOLE: Final = "whole"
#: From which total cost on a band begins, in yuan. The office's own: the seeds lay none down.
BANDS: Final[Mapping[str, Sequence[int]]] = {
    STAY: (0, 1_000, 3_000, 5_000, 10_000, 30_000, 50_000, 100_000),
    VISIT: (0, 50, 100, 300, 1_000, 3_000, 10_000),
}
HUNDREDTH: Final = Decimal("0.01")
ZERO: Final = Decimal(0)


@dataclass(frozen=True)
class Sums:
    """What the claims of a group come to: how many times somebody was granted something, and yuan."""

    times: int = 0
    total: Decimal = ZERO
    eligible: Decimal = ZERO
    own_items: Decimal = ZERO
    fund_pays: Decimal = ZERO
    patient_pays: Decimal = ZERO

    def __add__(self, other: Sums) -> Sums:
        return Sums(*(one + more for one, more in zip(astuple(self), astuple(other), strict=True)))

    @property
    def average_cost(self) -> Decimal | None:
        """次均费用: total cost by times."""
        return quotient(self.total, self.times)

    @property
    def average_payment(self) -> Decimal | None:
        """次均补偿: what the funds pay by times."""
        return quotient(self.fund_pays, self.times)

    @property
    def actual_ratio(self) -> Decimal | None:
        """实际补偿比, percent: what the funds pay of the total cost."""
        return quotient(100 * self.fund_pays, self.total)

    @property
    def policy_ratio(self) -> Decimal | None:
        """政策范围内补偿比, percent: what the funds pay of the eligible cost."""
        return quotient(100 * self.fund_pays, self.eligible)


class Row(NamedTuple):
    """A group of a sheet: stays or visits, by what it is told apart, which one, and its sums this year and last."""

    part: str
    table: str
    key: str
    name: str
    this: Sums
    before: Sums

    @property
    def place(self) -> tuple[str, str, str]:
        """Where it stands on a sheet."""
        return self.part, self.table, self.key


#: By part, table and key a group's name and sums.
Figures = dict[tuple[str, str, str], tuple[str, Sums]]


class Difference(NamedTuple):
    """A figure that a correction changes."""

    part: str
    table: str
    key: str
    name: str
    figure: str
    was: str
    now: str


def quotient(part: Decimal, whole: Decimal | int) -> Decimal | None:
    """To two places, half up; None where there is nothing to divide by."""
    return (part / whole).quantize(HUNDREDTH, ROUND_HALF_UP) if whole else None


def last_of(span: str, first: date) -> date:
    """The last day of a span."""
    months = first.year * ALL_MONTHS + first.month - 1 + MONTHS[span]
    return date(months // ALL_MONTHS, months % ALL_MONTHS + 1, 1) - timedelta(days=1)


def begins(span: str, day: date) -> bool:
    """Whether a span of this kind begins on a day."""
    return day.day == 1 and (day.month - 1) % MONTHS[span] == 0


def year_before(span: str, first: date) -> tuple[date, date]:
    """The same span a year earlier."""
    begin = first.replace(year=first.year - 1)
    return begin, last_of(span, begin)


def spans_until(today: date, months: int = 18) -> list[tuple[str, date]]:
    """The spans that one may ask for, newest first: months, quarters and years of which some days have passed."""
    found: list[tuple[str, date]] = []
    for span, length in MONTHS.items():
        newest = (today.year * ALL_MONTHS + today.month - 1) // length * length
        oldest = newest - max(months // length, 3) * length
        found += [(span, date(one // ALL_MONTHS, one % ALL_MONTHS + 1, 1)) for one in range(newest, oldest, -length)]
    return found


def joined(this: Figures, before: Figures) -> list[Row]:
    """The groups of two spans side by side, in the order of a sheet; what one span lacks is nothing there."""
    rows = []
    for place in {**this, **before}:
        name = (this.get(place) or before[place])[0]
        sums = [found[place][1] if place in found else Sums() for found in (this, before)]
        rows.append(Row(*place, name, *sums))
    return sorted(rows, key=_order)


def _order(row: Row) -> tuple[Any, ...]:
    """Stays before visits; the whole first, then table by table; bands by amount, diseases by cost, others by key."""
    table = -1 if row.table == WHOLE else TABLES.index(row.table)
    within: tuple[Any, ...] = (row.key,)
    if row.table == "band":
        within = (int(row.key),)
    elif row.table == "disease":
        within = (-row.this.total, -row.before.total, row.key)
    return row.part != STAY, table, within


def differences(was: Iterable[Row], now: Iterable[Row]) -> list[Difference]:
    """Every figure in which two sheets of one span differ, in the order of the newer one."""
    old, new = ({row.place: row for row in rows} for rows in (was, now))
    found = []
    for place in dict.fromkeys([*new, *old]):
        named = new.get(place) or old[place]
        one, other = (known.get(place) or named._replace(this=Sums(), before=Sums()) for known in (old, new))
        if one.name != other.name:
            found.append(Difference(*place, named.name, "name", one.name, other.name))
        for when in ("this", "before"):
            for figure in Sums.__dataclass_fields__:
                before, after = (getattr(getattr(row, when), figure) for row in (one, other))
                if before != after:
                    label = figure if when == "this" else f"{figure}_before"
                    found.append(Difference(*place, named.name, label, _text(before), _text(after)))
    return found


def _text(figure: int | Decimal) -> str:
    return str(figure) if isinstance(figure, int) else f"{figure:.2f}"


def kept(rows: Iterable[Row], found: Iterable[Difference] = ()) -> dict[str, Any]:
    """The figures as a sheet keeps them: amounts as text to the fen."""
    return {
        "rows": [[*row.place, row.name, _told(row.this), _told(row.before)] for row in rows],
        "differences": [list(one) for one in found],
    }


def _told(sums: Sums) -> list[Any]:
    times, *amounts = astuple(sums)
    return [times, *(f"{amount:.2f}" for amount in amounts)]


def rows_of(figures: Mapping[str, Any]) -> list[Row]:
    """The groups of a kept sheet."""
    return [
        Row(part, table, key, name, *(Sums(times, *map(Decimal, amounts)) for times, *amounts in sums))
        for part, table, key, name, *sums in figures["rows"]
    ]


def differences_of(figures: Mapping[str, Any]) -> list[Difference]:
    """What a kept correction changes."""
    return [Difference(*one) for one in figures["differences"]]
