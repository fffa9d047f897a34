"""A roster laid out in tables of its transaction's own, where the database can compare it with itself and the register.

`roster_row` has every row as it was read, `roster_fault` what is wrong with it. A household is known by its number
(`home`); a row without one is on its own, under a name that no household can have.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO, Any

from enrollment.rules.faults import Fault
from enrollment.rules.roster_rows import Row
from enrollment.services.search_keys import search_keys_of

TABLES = (
    "roster_row", "roster_fault", "roster_match", "roster_faulty", "roster_home", "roster_member",
    "roster_paid", "roster_rate", "roster_sight", "roster_stock", "roster_slip", "roster_sheet", "roster_entry",
)  # fmt: skip
MADE = """
CREATE TEMP TABLE roster_row (
    number int NOT NULL, home text NOT NULL, head boolean NOT NULL, name text NOT NULL, id_number text NOT NULL,
    person text, sex text NOT NULL, birth_date date, relation text NOT NULL, village text NOT NULL, village_id bigint,
    category text, paid boolean NOT NULL, receipt text NOT NULL, keys text[] NOT NULL
) ON COMMIT DROP;
CREATE TEMP TABLE roster_fault (
    number int NOT NULL, "column" text NOT NULL, code text NOT NULL, level text NOT NULL, value text NOT NULL,
    detail text NOT NULL
) ON COMMIT DROP;
"""
COLUMNS = (
    "number, home, head, name, id_number, person, sex, birth_date, relation, village, village_id, category, paid,"
    " receipt, keys"
)
TOGETHER = 500  # rows in one piece
IN_MEMORY = 8 * 1024 * 1024  # bytes of faults, before they go to a file
NOTHING = r"\N"
ESCAPED = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r", "\0": None})


@dataclass
class Staging:
    """What goes into the tables: villages by code, names' search keys or not, and whom to tell how far it is."""

    villages: Mapping[str, int]
    with_keys: bool
    told: Callable[[int], None]
    keys: dict[str, str] = field(default_factory=dict)

    def lay_out(self, cursor: Any, rows: Iterable[Row]) -> int:
        """Read every row into the tables; how many there are."""
        dropped = ", ".join(f"pg_temp.{table}" for table in TABLES)
        cursor.execute(f"SET LOCAL client_min_messages = error; DROP TABLE IF EXISTS {dropped}; {MADE}")
        with tempfile.SpooledTemporaryFile(IN_MEMORY, "w+", encoding="utf-8", newline="\n") as faults:
            with cursor.copy(f"COPY roster_row ({COLUMNS}) FROM STDIN") as copy:
                count = 0
                for piece in self._pieces(rows, faults):
                    copy.write("".join(piece))
                    count += len(piece)
                    self.told(count)
            faults.seek(0)
            with cursor.copy("COPY roster_fault FROM STDIN") as copy:
                while read := faults.read(IN_MEMORY):
                    copy.write(read)
        cursor.execute("ANALYZE roster_row (number, home, person, head)")
        return count

    def _pieces(self, rows: Iterable[Row], faults: IO[str]) -> Iterator[list[str]]:
        piece: list[str] = []
        for row in rows:
            if row.faults:
                faults.writelines(map(_fault_line, row.faults))
            piece.append(self._line(row))
            if len(piece) == TOGETHER:
                yield piece
                piece = []
        yield piece

    def _line(self, row: Row) -> str:
        """A row as COPY takes it; what people typed is made harmless where it could break the line."""
        home, name, given, receipt = row.household or f" {row.number}", row.name, row.id_number, row.receipt
        typed = f"{home}{name}{given}{receipt}{row.village}"
        village = row.village
        if not typed.isprintable() or "\\" in typed:
            home, name, given, receipt, village = (
                text.translate(ESCAPED) for text in (home, name, given, receipt, village)
            )
        return (
            f"{row.number}\t{home}\t{'t' if row.head else 'f'}\t{name}\t{given}\t{row.person or NOTHING}"
            f"\t{row.sex or ''}\t{row.birth_date or NOTHING}\t{row.relation}\t{village}"
            f"\t{self.villages.get(row.village, NOTHING)}"
            f"\t{row.category or NOTHING}\t{'f' if row.fee is None else 't'}\t{receipt}\t{self._keys(name)}\n"
        )

    def _keys(self, name: str) -> str:
        if not self.with_keys:
            return "{}"
        known = self.keys.get(name)
        if known is None:
            known = self.keys[name] = "{" + ",".join(search_keys_of(name)) + "}"
            if len(self.keys) > MOST_NAMES:
                self.keys.clear()
        return known


MOST_NAMES = 50_000  # kept, because the same names come again and again


def _fault_line(fault: Fault) -> str:
    texts = (fault.column, fault.code, fault.level, fault.value, fault.detail)
    return f"{fault.row}\t" + "\t".join(text.translate(ESCAPED) for text in texts) + "\n"
