"""Documents of many claims: begun, filled in, handed in, decided in one round (docs/rules/bulk.md).

Order of locks: the document's rounds, the document, its rows by number, then the people as in claims/services/locks.py,
and intake's own lock last.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from claims.models import BulkDocument, BulkRow, Provider
from enrollment.models import Scheme
from office.models import Attachment, Person
from office.proof import Proof
from office.services.rounds import Voted

ADD: Final = "claims.add_bulkdocument"  # enters and hands in: clinics, hospitals, stations, intake
CHECK: Final = "claims.check_bulkdocument"  # strikes rows, draws and answers the sample
VIEW: Final = "claims.view_bulkdocument"


class CannotKeepDocument(Exception):
    """The document stays as it was; the message is written for whoever asked, `field` is what of his form it is
    about."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True)
class Written:
    """What came of writing rows: the document as it is now, rows good and faulty, stays left out because this document
    made claims of them already; `is_new` is False where the very same rows stood there."""

    document: BulkDocument
    good: int
    faulty: int
    left_out: int
    is_new: bool


@dataclass(frozen=True)
class HandedIn:
    """What came of handing in: the round that decides the visits and the document, and the claims of its stays, each on
    its own route; those without all papers wait at intake."""

    document: BulkDocument
    round: Any
    stays: int
    waiting: int


def begin(
    *,
    kind: str,
    scheme: Scheme,
    provider: Provider,
    month: date,
    by: Person,
    at: datetime,
    note: str = "",
    file: Attachment | None = None,
) -> BulkDocument:
    """Begin a register or a list of a provider and month (its first day). It is entered at the desk at which `by` works.
    Raises CannotKeepDocument."""
    raise NotImplementedError


def write_rows(
    *, document: BulkDocument, given: Sequence[Mapping[str, str]], seen: int, by: Person, at: datetime
) -> Written:
    """All rows of a document as they were typed or sent, by column (claims/rules/registers.py COLUMNS); each is read,
    checked and valued, and stored with its faults under a new content version. Empty rows are left out. `seen` is the
    content version that the writer saw; another refuses. The very same rows change nothing. Raises
    CannotKeepDocument."""
    raise NotImplementedError


def strike(*, row: BulkRow, reason: str, by: Person, at: datetime) -> BulkRow:
    """Strike a row out (剔除), with the reason that stands on the list of deductions: whoever enters while it is filled
    in, whoever checks once it is handed in; its round then begins anew. Raises CannotKeepDocument."""
    raise NotImplementedError


def hand_in(*, document: BulkDocument, seen: int, by: Person, at: datetime) -> HandedIn:
    """Give a document to those who decide it. Every row is checked and valued once more; with a faulty one nothing is
    handed in (its faults stand on the rows then). Stays become claims now. Raises CannotKeepDocument."""
    raise NotImplementedError


def void(*, document: BulkDocument, reason: str, by: Person, at: datetime) -> BulkDocument:
    """A document that is a draft or came back is given up, as long as none of its stays is a living claim. Raises
    CannotKeepDocument."""
    raise NotImplementedError


def decide(
    *,
    document: BulkDocument,
    choice: str,
    hash_seen: str,
    by: Person,
    at: datetime,
    proof: Proof | None,
    reason: str = "",
    for_whom: Person | None = None,
) -> Voted:
    """Decide a document (approve, refuse, return) by a vote in its round; never before its sample is drawn and
    answered. Approved, every good visit becomes a claim and is approved, all in one transaction; a row that does not
    stand any more is struck out and said so. `Voted.told` says what came of it. Raises CannotKeepDocument, CannotVote."""
    raise NotImplementedError


def note_total(document: BulkDocument) -> Decimal:
    """The cost of the rows that are not struck out."""
    raise NotImplementedError
