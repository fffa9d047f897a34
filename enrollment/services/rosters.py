"""Rosters (名册导入): checked without writing anything, or checked and written, all good rows in one transaction."""

from __future__ import annotations

import csv
import io
import tempfile
import weakref
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any

from django.db import IntegrityError, OperationalError, connection, transaction
from psycopg.errors import LockNotAvailable

from enrollment.models import Category as Kind
from enrollment.models import ContributionRate, Division, FundYear, RosterImport
from enrollment.rules import roster_rows
from enrollment.rules.categories import Category
from enrollment.rules.faults import Fault, Level
from enrollment.rules.roster_columns import CHINESE, CannotReadHeader, Column, Header, read_header
from enrollment.rules.roster_rows import Due, Row, Terms
from enrollment.services import roster_checks, roster_files
from enrollment.services.roster_files import CannotReadRoster, RosterFile
from enrollment.services.roster_staging import Staging
from enrollment.services.roster_writing import Writing, Wrote
from office import trail
from office.models import Person
from office.rules import days
from office.sentences import Sentence, said

Step = Callable[[int, int, Sentence | None], None]
LOCK_CLASS = 7_002  # first half of the advisory lock's key; the second is the fund year's number
PATIENCE = "10s"  # how long an import waits for another one of the same scheme and year
PARTS = 100
READ, CHECKED = 40, 55  # of the parts, when everything is to be written too


class CannotImport(Exception):
    """Nothing was written; the message is written for the person who sent the roster."""


class Faults:
    """Every fault of a roster in order, however many there are: they lie in a file and are read as often as asked."""

    def __init__(self, lines: IO[str], count: int) -> None:
        self._lines = lines
        self._count = count
        weakref.finalize(self, lines.close)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Fault]:
        self._lines.seek(0)
        for row, column, code, level, value, detail in csv.reader(self._lines):
            yield Fault(int(row), column, code, Level(level), value, detail)


@dataclass(frozen=True)
class Report:
    """What a roster came to. `written` is 0 for a check, and for a file that was written before (`earlier`).

    `by_code` counts faults by code and level; `not_whole` are households of which only some are paid for; `left_aside`
    are headings that are none of ours.
    """

    rows: int
    good: int
    held: int
    written: int
    faults: Faults
    by_code: Sequence[tuple[str, str, int]]
    not_whole: int
    left_aside: Sequence[str]
    earlier: RosterImport | None = None
    wrote: Wrote | None = None

    @property
    def has_errors(self) -> bool:
        """Whether a row could not be taken."""
        return any(level == Level.ERROR for _code, level, _count in self.by_code)


def check_roster(
    *,
    fund_year: FundYear,
    path: Path,
    name: str,
    by: Person | None,
    at: datetime,
    step: Step = lambda done, total, note: None,
) -> Report:
    """What would come of a roster. Writes nothing in the register; `by` None sees the whole county.

    Raises CannotReadRoster where the file is none, CannotImport where the fund year is not ready for it.
    """
    reading = _Reading(fund_year, roster_files.opened(path, name), by, at, step)
    with transaction.atomic():
        report = reading.read(with_keys=False, until=PARTS)
        transaction.set_rollback(True)
    if by is not None:
        trail.record("roster.checked", fund_year, by=by, at=at, right=RIGHT, **_facts(reading.file, report))
    return report


def import_roster(
    *,
    fund_year: FundYear,
    path: Path,
    name: str,
    by: Person,
    at: datetime,
    step: Step = lambda done, total, note: None,
) -> Report:
    """Check a roster again and write all its good rows, together with the note that this file was written.

    Raises what check_roster raises; CannotImport also where another import of the scheme and year is at work.
    """
    reading = _Reading(fund_year, roster_files.opened(path, name), by, at, step)
    try:
        with transaction.atomic():
            _lock(fund_year)
            return _write(reading, by)
    except IntegrityError as fault:
        raise CannotImport(
            said("Somebody changed the register at the same time. Nothing was written: start the import again.")
        ) from fault


RIGHT = "enrollment.add_rosterimport"


def _lock(fund_year: FundYear) -> None:
    """One import per scheme and year at a time. A killed worker's statement ends soon and frees the lock."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, TRUE)", [PATIENCE])
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_CLASS, fund_year.pk])
    except OperationalError as fault:
        if not isinstance(fault.__cause__, LockNotAvailable):
            raise
        raise CannotImport(
            said(
                "Another roster is being written for %(fund_year)s. Wait until it is done, then start again.",
                fund_year=fund_year,
            )
        ) from fault
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL client_connection_check_interval = '2s'")


def _write(reading: _Reading, by: Person) -> Report:
    fund_year, file = reading.fund_year, reading.file
    earlier = RosterImport.objects.filter(fund_year=fund_year, sha256=file.sha256).first()
    report = reading.read(with_keys=earlier is None, until=PARTS if earlier else CHECKED)
    if earlier is not None or not report.good:
        return Report(**{**vars(report), "earlier": earlier})
    roster = RosterImport.objects.create(
        fund_year=fund_year,
        name=file.name[:200],
        sha256=file.sha256,
        rows=report.rows,
        good=report.good,
        held=report.held,
        written=report.good,
        written_by=by,
        written_at=reading.at,
    )
    writing = Writing(fund_year, roster, by, reading.at, reading.today, Column.CATEGORY in reading.header.places)
    with connection.cursor() as cursor:
        wrote = writing.write(cursor, reading.writing_step)
    written = Report(**{**vars(report), "written": report.good, "wrote": wrote})
    trail.record("roster.imported", roster, by=by, at=reading.at, right=RIGHT, **_facts(file, written))
    return written


def _facts(file: RosterFile, report: Report) -> dict[str, Any]:
    """What the trail keeps of it."""
    figures = {
        "sha256": file.sha256,
        "rows": report.rows,
        "good": report.good,
        "held": report.held,
        "written": report.written,
    }
    return figures | (asdict(report.wrote) if report.wrote else {})


@dataclass
class _Reading:
    """A roster on its way through the checks."""

    fund_year: FundYear
    file: RosterFile
    by: Person | None
    at: datetime
    step: Step
    header: Header = field(init=False)

    @property
    def today(self) -> Any:
        """The day of the import, in the office."""
        return days.business_day(self.at)

    def read(self, *, with_keys: bool, until: int) -> Report:
        """Lay the rows out, compare them, and take the faults along."""
        villages, sight = self._villages()
        terms = self._terms(villages)
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL work_mem = '128MB'")
            staging = Staging(villages, with_keys, lambda count: self._told(count, until))
            count = staging.lay_out(cursor, self._rows(terms))
            if not count:
                raise CannotReadRoster(said("There is no row under the header."))
            self.step(until * 4 // 5, PARTS, said("Comparing with the register"))
            counts = roster_checks.compare(cursor, self.fund_year, sight=sight)
            faults, by_code = _faults(cursor)
        self.step(until, PARTS, None)
        good = count - counts.faulty - counts.held
        return Report(count, good, counts.held, 0, faults, by_code, counts.not_whole, self.header.unknown)

    def writing_step(self, done: int) -> None:
        """How far the writing is, of 100 parts of it."""
        self.step(CHECKED + (PARTS - CHECKED) * done // PARTS, PARTS, said("Writing"))

    def _told(self, count: int, until: int) -> None:
        share = min(count / self.file.lines, 1) if self.file.lines else 0.5
        self.step(int(share * until * 4 // 5), PARTS, said("%(count)s rows read", count=f"{count:,}"))

    def _rows(self, terms: Terms) -> Iterator[Row]:
        table = self.file.table()
        try:
            self.header = read_header(next(table, ()))
        except CannotReadHeader as fault:
            raise CannotReadRoster(_words_of_header(fault)) from fault
        yield from roster_rows.rows_under(self.header, table, terms)

    def _villages(self) -> tuple[Mapping[str, int], Collection[int] | None]:
        """The villages that a roster may name, by code; and which the person sees, None for all."""
        found = Division.objects.filter(level=Division.Level.VILLAGE)
        if self.by is None or self.by.bodies_in_sight(RIGHT) is None:
            return dict(found.values_list("code", "pk")), None
        seen = dict(found.visible_to(self.by, RIGHT).values_list("code", "pk"))
        return seen, seen.values()

    def _terms(self, villages: Mapping[str, int]) -> Terms:
        """The year's contributions; nobody on its roster is born after its end."""
        if self.fund_year.state != FundYear.State.CONFIRMED:
            raise CannotImport(said("%(fund_year)s is not confirmed yet.", fund_year=self.fund_year))
        rates = {rate.category: rate for rate in ContributionRate.objects.filter(fund_year=self.fund_year)}
        if missing := set(Category) - set(rates):
            words = [Kind(kind).label for kind in sorted(missing)]
            raise CannotImport(said("No contribution is laid down for: %(categories)s.", categories=words))
        dues = {kind: Due(rates[kind].amount, rates[kind].own) for kind in Category}
        last = self.fund_year.period.upper - timedelta(days=1)
        return Terms(self.fund_year.year, min(self.today, last), dues, frozenset(villages))


def _words_of_header(fault: CannotReadHeader) -> Sentence:
    columns = "、".join(CHINESE[column][0] for column in fault.columns)
    if fault.code == "columns_twice":
        return said("The first row names columns twice: %(columns)s.", columns=columns)
    return said("The first row must name the columns; missing: %(columns)s.", columns=columns)


def _faults(cursor: Any) -> tuple[Faults, list[tuple[str, str, int]]]:
    """The faults in order, in a file of their own, and how many there are of each code and level."""
    lines = tempfile.TemporaryFile("w+b")  # noqa: SIM115  goes with the report
    query = 'SELECT * FROM roster_fault ORDER BY number, "column", code, level, value, detail'
    with cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT csv)") as copy:
        for piece in copy:
            lines.write(piece)
    cursor.execute("SELECT code, level, count(*) FROM roster_fault GROUP BY code, level ORDER BY level, code")
    by_code = [(code, level, count) for code, level, count in cursor.fetchall()]
    return Faults(
        io.TextIOWrapper(lines, encoding="utf-8", newline=""), sum(count for _code, _level, count in by_code)
    ), by_code
