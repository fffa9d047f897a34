"""Sampling a document's visits (抽查): drawn by a seed, asked at people's homes or by phone, answered row by row.

Order of locks: as in claims/services/documents.py.
"""

from __future__ import annotations

from datetime import date, datetime

from claims.models import BulkDocument, SampleCheck, SampledRow
from office.models import Person


def draw(
    *, document: BulkDocument, size: int, by: Person, at: datetime, seed: int | None = None
) -> SampleCheck:
    """Draw so many of the visits of a document that is handed in; once a version, never by whoever entered it. Without
    a seed the machine takes one. Raises CannotKeepDocument."""
    raise NotImplementedError


def answer(
    *, sampled: SampledRow, outcome: str, words: str, asked_on: date, by: Person, at: datetime
) -> SampledRow:
    """What the patient or his family said of a visit that was drawn; once, never by whoever entered the document.
    Raises CannotKeepDocument."""
    raise NotImplementedError
