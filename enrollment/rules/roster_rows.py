"""One row of a roster: what it says, and what is wrong with it as far as the row alone can tell.

A fault is told once: what follows from it is not. A number that is no number says nothing about birth date or sex; an
unknown category has no contribution that the fee could miss.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from enrollment.rules import categories, cells, id_numbers, person_names
from enrollment.rules.categories import Category, Relation, Sex
from enrollment.rules.faults import Fault, Level
from enrollment.rules.roster_columns import Column, Header, read_header


@dataclass(frozen=True, slots=True)
class Due:
    """What a person of a category contributes: `fee` in all, `own` of it out of his own pocket (yuan).

    They differ where medical assistance or the collective pays. A roster may then give either sum: some villages write
    what they collected, others what is due; both mean that the person is enrolled.
    """

    fee: Decimal
    own: Decimal

    def takes(self, paid: Decimal) -> bool:
        """Whether this is a sum with which the person is enrolled."""
        return paid in (self.fee, self.own)


@dataclass(frozen=True)
class Terms:
    """What the fund year and the county lay down for the rows of a roster.

    `year` is the fund year: ages are counted on its first day. `today` is the day of the import: nobody is born later.
    `dues` must name every category. `villages` are the 12-digit codes that the county has.
    """

    year: int
    today: date
    dues: Mapping[Category, Due]
    villages: Set[str]

    def __post_init__(self) -> None:
        if missing := set(Category) - set(self.dues):
            raise ValueError(f"No contribution is laid down for {', '.join(sorted(missing))}.")

    @property
    def ages_on(self) -> date:
        """The day on which ages are counted."""
        return date(self.year, 1, 1)


class Row(NamedTuple):
    """What one row says. What it does not say, or not so that it could be read, is blank or None.

    `person` is the 18-digit form of a valid identity number, under which both forms are the same person. `fee` None
    means: should enroll, is not enrolled. Birth date and sex are the number's where the row leaves them blank.
    """

    number: int
    household: str
    head: bool
    name: str
    id_number: str
    person: str
    sex: Sex | None
    birth_date: date | None
    relation: Relation
    village: str
    category: Category | None
    fee: Decimal | None
    receipt: str
    faults: tuple[Fault, ...] = ()

    @property
    def has_error(self) -> bool:
        """Whether something in the row itself keeps it from being written."""
        return any(fault.level is Level.ERROR for fault in self.faults)


LONGEST_HOUSEHOLD: Final = 24
LONGEST_RECEIPT: Final = 30
NO_NUMBER: Final = frozenset({"", "待补", "无", "暂无", "未办", "没有", "无证", "未办理", "无身份证", "/", "-", "0"})


def read_rows(table: Iterable[Sequence[object]], terms: Terms) -> Iterator[Row]:
    """The rows of a table whose first row is the header; rows without any content are left out but counted.

    CannotReadHeader where the first row is no header.
    """
    lines = iter(table)
    return rows_under(read_header(next(lines, ())), lines, terms)


def rows_under(header: Header, lines: Iterable[Sequence[object]], terms: Terms) -> Iterator[Row]:
    """The rows below a header that was read."""
    reader = Reader(header, terms)
    return (reader.read(number, line) for number, line in enumerate(lines, start=2) if any(map(cells.text, line)))


class Reader:
    """Reads the rows under one header by the same terms."""

    def __init__(self, header: Header, terms: Terms) -> None:
        self.terms = terms
        self.places = [header.places.get(column, -1) for column in Column]
        self.width = max(self.places) + 1
        self.categories: dict[str, Category | None] = {}
        self.relations: dict[str, Relation] = {}

    def read(self, number: int, line: Sequence[object]) -> Row:
        """What a row says, with its faults; a row that breaks off early is blank from there on."""
        said = [*map(cells.text, line)]
        said += [""] * (self.width - len(said))
        household, head, name, id_text, sex, birth, relation, village, category, fee, receipt = (
            said[place] if place >= 0 else "" for place in self.places
        )
        faults: list[Fault] = []
        who = self._who(number, id_text, faults)
        kept_name = self._name(number, name, faults)
        born = self._birth_date(number, birth, who, faults)
        kind = self._category(number, category, faults)
        if who is None and not faults_in(faults, Column.ID_NUMBER):
            self._lacks_id(number, id_text, born, faults)
        return Row(
            number,
            self._household(household),
            categories.read_head(head) if head not in HEADS else HEADS[head],
            kept_name,
            who.number if who else "" if id_text in NO_NUMBER else id_numbers.plain(id_text),
            who.eighteen if who else "",
            self._sex(number, sex, who, faults),
            born,
            self._relation(relation),
            self._village(number, village, faults),
            kind,
            self._fee(number, fee, kind, faults),
            cells.plain(receipt).upper()[:LONGEST_RECEIPT],
            tuple(faults),
        )

    def _household(self, said: str) -> str:
        """A number that the register can keep; a longer one is none."""
        number = cells.plain(said)
        return number if len(number) <= LONGEST_HOUSEHOLD else ""

    def _who(self, number: int, said: str, faults: list[Fault]) -> id_numbers.IdNumber | None:
        if said in NO_NUMBER:
            return None
        try:
            return id_numbers.read(said, on=self.terms.today)
        except id_numbers.IdFault as fault:
            faults.append(Fault(number, Column.ID_NUMBER, fault.code, Level.ERROR, said, fault.kind))
            return None

    def _lacks_id(self, number: int, said: str, born: date | None, faults: list[Fault]) -> None:
        """A missing number is a warning under 16; who has neither number nor birth date cannot be told from others."""
        young = born is not None and categories.may_lack_id(born, self.terms.ages_on)
        faults.append(Fault(number, Column.ID_NUMBER, "id_missing", Level.WARNING if young else Level.ERROR, said))

    def _name(self, number: int, said: str, faults: list[Fault]) -> str:
        name = person_names.normalise(said)
        if fault := person_names.fault_of(name):
            faults.append(Fault(number, Column.NAME, "name_missing", Level.ERROR, said, fault))
        return name

    def _birth_date(self, number: int, said: str, who: id_numbers.IdNumber | None, faults: list[Fault]) -> date | None:
        if not said:
            return who.birth_date if who else None
        born = cells.day(said)
        told = "unreadable" if born is None else who.birth_date.isoformat() if who else "future"
        wrong = born is None or (born != who.birth_date if who else born > self.terms.today)
        if wrong:
            faults.append(Fault(number, Column.BIRTH_DATE, "birth_date_mismatch", Level.ERROR, said, told))
        return born

    def _sex(self, number: int, said: str, who: id_numbers.IdNumber | None, faults: list[Fault]) -> Sex | None:
        if not said:
            return who.sex if who else None
        sex = categories.SEX_WORDS.get(said) or categories.read_sex(said)
        if sex is None or (who and sex is not who.sex):
            told = who.sex if who and sex else "unreadable"
            faults.append(Fault(number, Column.SEX, "sex_mismatch", Level.ERROR, said, told))
        return sex

    def _relation(self, said: str) -> Relation:
        if said not in self.relations:
            self.relations[said] = categories.read_relation(said)
        return self.relations[said]

    def _village(self, number: int, said: str, faults: list[Fault]) -> str:
        village = cells.plain(said)
        if village not in self.terms.villages:
            faults.append(
                Fault(number, Column.VILLAGE_CODE, "village_unknown", Level.ERROR, said, "" if village else "missing")
            )
        return village

    def _category(self, number: int, said: str, faults: list[Fault]) -> Category | None:
        if said not in self.categories:
            self.categories[said] = categories.read(said)
        kind = self.categories[said]
        if kind is None:
            faults.append(Fault(number, Column.CATEGORY, "category_unknown", Level.ERROR, said))
        return kind

    def _fee(self, number: int, said: str, kind: Category | None, faults: list[Fault]) -> Decimal | None:
        """What was paid. Who pays the wrong sum is told the contribution; no amount at all counts as too little."""
        if not said:
            return None
        paid = cells.money(said)
        if kind is None:
            return paid
        due = self.terms.dues[kind]
        if paid is None:
            faults.append(Fault(number, Column.FEE, "fee_short", Level.ERROR, said, "unreadable"))
        elif not due.takes(paid):
            code = "fee_over" if paid > due.fee else "fee_short"
            faults.append(Fault(number, Column.FEE, code, Level.ERROR, said, f"{due.fee:.2f}"))
        return paid


HEADS: Final = {"是": True, "否": False}


def faults_in(faults: Iterable[Fault], column: Column) -> bool:
    """Whether a column has a fault."""
    return any(fault.column == column for fault in faults)
