"""The rows of a table by COPY, each table on a connection of its own, past triggers and with its plain indexes built
at the end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, Final

import psycopg

import tests.servers
from claims.selectors.checking import ENTERED

#: By table, the columns that are written, in their order; amounts, texts and numbers as COPY reads them.
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "claims_claim": (*ENTERED, "id", "route", "proposed", "state", "state_since"),
    "claims_claimline": ("id", "claim_id", "version", "position", "name", "item_class", '"group"', "amount"),
    "claims_invoice": (
        *("id", "claim_id", "version", "type_code", "number", "year", "issued_on", "amount", "is_live"),
    ),
    "claims_claimpaper": ("id", "claim_id", "version", "paper", "is_there", "answer"),
    "claims_claimsround": (
        *("id", "step", "subject_type", "subject_id", "subject_hash", "amount", "rule", "rule_version", "duties"),
        *("count", "quorum", "majority", "by_seats", "own_code", "maker_id", "barred", "opened_at", "state"),
        *("outcome", "closed_at", "void_reason"),
    ),
    "claims_claimsseat": ("id", "round_id", "person_id", "role", "is_present", "recusal"),
    "claims_claimsvote": (
        *("id", "round_id", "seat_id", "voter_id", "choice", "reason_code", "reason", "hash_seen", "cast_at"),
        "transaction",
    ),
    "claims_cut": (
        *("id", "claim_id", "line_id", "round_id", "step", "amount", "reason_code", "reason", "by_id", "at", "counts"),
    ),
    "claims_verification": (
        *("id", "claim_id", "way", "whom", "phone", "letter_number", "asked_on", "asked_by_id", "outcome", "answer"),
        *("answered_on", "answered_by_id"),
    ),
    "claims_approval": (
        *("id", "claim_id", "person_id", "year", "plans", "total", "cut", "eligible", "own_items", "first_share"),
        *("deductible", "fund_pays", "hospital_bears", "other_payers", "patient_pays", "answer", "sha256"),
        *("approved_on", "approved_by_id", "approved_at"),
    ),
    "claims_claimpart": ("id", "approval_id", "layer", "fund", "amount", "state"),
    "claims_decisionnotice": (
        *("id", "claim_id", "round_id", "number", "issued_on", "issued_by_id", "way", "served_to", "served_on"),
        "served_by_id",
    ),
    "claims_benefitcounter": ("id", "member_id", "scheme_id", "year", "name", "value"),
    "claims_countermove": ("id", "counter_id", "approval_id", "is_reversal", "amount", "at"),
    "office_act": (
        *("at", "transaction", "kind", "name", "subject_type", "subject_id", "subject_hash", "by_id", "duty"),
        *("body_id", "second_factor", "reason", "facts"),
    ),
}
REGISTER: Final = ("enrollment_household", "enrollment_member", "enrollment_coverage")
TABLES: Final = (*REGISTER, *COLUMNS)
SMALL: Final = (
    *("claims_provider", "claims_disease", "claims_limit", "claims_benefitplan", "enrollment_division"),
    *("enrollment_fundyear", "enrollment_scheme", "office_person", "office_appointment", "office_body"),
)
AT_ONCE: Final = 4_000  # lines

PLAIN_INDEXES: Final = """
SELECT i.indexname, i.indexdef FROM pg_indexes i WHERE i.tablename = ANY(%s) AND NOT EXISTS (
    SELECT FROM pg_constraint c WHERE c.conindid = format('%%I', i.indexname)::regclass)
  AND NOT (SELECT indisunique FROM pg_index WHERE indexrelid = format('%%I', i.indexname)::regclass)
"""


class Streams:
    """Takes rows as lines of text; `numbers` says from which number on each table goes."""

    def __init__(self, stack: ExitStack) -> None:
        self.counts = dict.fromkeys(COLUMNS, 0)
        self.next = {table: _first_free(table) for table in COLUMNS}
        self._lines: dict[str, list[str]] = {table: [] for table in COLUMNS}
        self._copies = {table: _opened(stack, table, columns) for table, columns in COLUMNS.items()}

    def number(self, table: str) -> int:
        """The number of the next row."""
        number = self.next[table]
        self.next[table] = number + 1
        return number

    def add(self, table: str, line: str) -> None:
        """One row."""
        lines = self._lines[table]
        lines.append(line)
        if len(lines) >= AT_ONCE:
            self._send(table)

    def end(self) -> None:
        """All rows are given."""
        for table in COLUMNS:
            self._send(table)

    def _send(self, table: str) -> None:
        lines = self._lines[table]
        self._copies[table].write("".join(lines))
        self.counts[table] += len(lines)
        lines.clear()


def connected() -> psycopg.Connection[Any]:
    """A connection past the triggers."""
    db = psycopg.connect(tests.servers.superuser_dsn(), dbname=tests.servers.TEST_DATABASE, autocommit=True)
    db.execute("SET session_replication_role = replica")
    db.execute("SET maintenance_work_mem = '256MB'")
    return db


def _first_free(table: str) -> int:
    with connected() as db:
        row = db.execute(f"SELECT coalesce(max(id), 0) + 1 FROM {table}").fetchone()  # noqa: S608  a name of ours
        return int(row[0]) if row else 1


def _opened(stack: ExitStack, table: str, columns: tuple[str, ...]) -> Any:
    db = stack.enter_context(connected())
    return stack.enter_context(db.cursor().copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN"))


@contextmanager
def without_plain_indexes(tables: Sequence[str] = TABLES) -> Iterator[None]:
    """The indexes that no constraint rests on are built once, when all rows are there; whatever happens they come
    back."""
    with connected() as db:
        indexes = db.execute(PLAIN_INDEXES, [list(tables)]).fetchall()
        for name, _definition in indexes:
            db.execute(f'DROP INDEX "{name}"')
        try:
            yield
        finally:
            for _name, definition in indexes:
                db.execute(definition)


def settle() -> None:
    """What a database learns of its tables by itself with time: numbers that are given, figures, what is visible."""
    with connected() as db:
        for table in TABLES:
            db.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), greatest((SELECT max(id) FROM {table}), 1))"  # noqa: S608
            )
            db.execute(f"VACUUM (ANALYZE) {table}")
        db.execute(f"ANALYZE {', '.join(SMALL)}")
