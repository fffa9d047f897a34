"""What pages, prints and work lists ask about documents of many claims."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from claims.models import BulkDocument, BulkRow, ClaimPart, SampleCheck, Settlement
from office.models import Person


@dataclass(frozen=True)
class Figures:
    """A document's rows in figures; sums in yuan are of what is not struck out, `struck_total` of what is."""

    rows: int
    good: int
    faulty: int
    struck: int
    total: Decimal
    proposed: Decimal
    struck_total: Decimal
    visits: int
    stays: int


@dataclass(frozen=True)
class Deduction:
    """A line of the list of deductions (扣减清单): a row struck out, or what was cut or refused of a claim."""

    position: int
    name: str
    receipt: str
    day: date | None
    asked: Decimal
    deducted: Decimal
    reason: str
    claim: str


@dataclass(frozen=True)
class SettledLine:
    """A claim of a settlement, with what the funds pay of it."""

    claim: str
    patient: str
    day: date
    total: Decimal
    fund_pays: Decimal


def rows_of(document: BulkDocument) -> QuerySet[BulkRow]:
    """The rows of the present version, with patient, diagnosis and claim, in their order."""
    raise NotImplementedError


def figures_of(document: BulkDocument) -> Figures:
    """The rows of the present version in figures, in one statement."""
    raise NotImplementedError


def faults_of(row: BulkRow) -> list[tuple[str, str]]:
    """What is wrong with a row: (column, sentence)."""
    raise NotImplementedError


def round_of(document: BulkDocument) -> Any:
    """The open round of a document, or None."""
    raise NotImplementedError


def sample_of(document: BulkDocument) -> SampleCheck | None:
    """The sample of the present version."""
    raise NotImplementedError


def not_ready(document: BulkDocument) -> str:
    """Why a document cannot be decided yet, in a sentence; nothing where it can."""
    raise NotImplementedError


def deductions_of(document: BulkDocument) -> list[Deduction]:
    """The list of deductions: rows struck out, then what was cut or refused of its claims."""
    raise NotImplementedError


def to_settle(document: BulkDocument) -> QuerySet[ClaimPart]:
    """The parts that a settlement of an approved document takes."""
    raise NotImplementedError


def settled_lines(settlement: Settlement) -> Sequence[SettledLine]:
    """The claims of a settlement in their order."""
    raise NotImplementedError


def month_sums(month: date) -> list[tuple[BulkDocument, Figures]]:
    """The documents of a month, each with its figures (月度汇总), by provider."""
    raise NotImplementedError


def waiting_for(person: Person, day: date) -> QuerySet[Any]:
    """The rounds of documents that wait for somebody, the oldest first."""
    raise NotImplementedError


def to_sample() -> QuerySet[BulkDocument]:
    """Documents handed in whose sample is not drawn, or not answered whole."""
    raise NotImplementedError


def to_finish() -> QuerySet[BulkDocument]:
    """Documents that wait with whoever enters them: drafts and those that came back."""
    raise NotImplementedError
