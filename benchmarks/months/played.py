"""The work of such a month, document by document: entered, handed in, sampled, decided, settled.

`python -m benchmarks.months SCALE` does it in the tests' database. Killed and begun again it finds what is
there: each document is known by its note, and each step is left out that was taken.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from benchmarks.months.made import A_LIST, A_REGISTER, Size
from claims.models import BulkDocument, Provider
from claims.selectors import bulk
from claims.services import document_settling, documents, sampling
from conftest import NOON
from enrollment.tests import factories as register
from office.models import Person
from office.tests.factories import shown_by

MONTH: Final = date(2010, 2, 1)
SAMPLED: Final = 10
State = BulkDocument.State


@dataclass(frozen=True)
class Paper:
    """A document as it comes: of which provider, with which rows."""

    name: str
    kind: str
    provider: str
    first: int
    count: int

    def rows(self, people: int) -> list[dict[str, str]]:
        """Its rows, the same whenever they are asked for."""
        return [self._row(self.first + place, people) for place in range(self.count)]

    def _row(self, number: int, people: int) -> dict[str, str]:
        person = number % people
        given = {
            "book": f"{person:06d}",
            "name": f"马{person}",
            "disease": "J18",
            "receipt": f"{self.provider}{number}",
        }
        if self.kind == "village_register":
            return given | {"began_on": f"2010-02-{number % 28 + 1:02d}", "drug": "30"}
        days = {"kind": "住院", "began_on": "2010-02-10", "ended_on": "2010-02-16"}
        return given | days | {"receipt_type": "064001", "drug": "800", "exam": "200"}


def papers(size: Size) -> Iterator[Paper]:
    """All papers of the month, the registers first."""
    for number in range(size.registers):
        first = number * A_REGISTER
        count = min(A_REGISTER, size.visits - first)
        yield Paper(f"R{number}", "village_register", f"C{number:04d}", first, count)
    for number in range(size.lists):
        first = number * A_LIST
        yield Paper(f"L{number}", "hospital_list", f"H{number:04d}", first, min(A_LIST, size.stays - first))


def play(size: Size, kinds: tuple[str, ...] = ("village_register", "hospital_list")) -> None:
    """All of it, each paper to its end."""
    for paper in papers(size):
        if paper.kind in kinds:
            advance(paper, size.people)


def advance(paper: Paper, people: int) -> BulkDocument:
    """One paper to its end, from wherever it stands."""
    by = {name: Person.objects.get(username=name) for name in ("ian", "fay", "sue", "ann")}
    document = BulkDocument.objects.filter(note=paper.name).first() or documents.begin(
        kind=paper.kind,
        scheme=register.scheme(),
        provider=Provider.objects.get(code=paper.provider),
        month=MONTH,
        note=paper.name,
        by=by["ian"],
        at=NOON,
    )
    if document.state == State.DRAFT:
        written = documents.write_rows(
            document=document, given=paper.rows(people), seen=document.content_version, by=by["ian"], at=NOON
        )
        if written.faulty:
            raise AssertionError(f"{paper.name}: {written.faulty} rows have faults")
        version = written.document.content_version
        document = documents.hand_in(document=document, seen=version, by=by["ian"], at=NOON).document
    if document.state == State.HANDED_IN:
        _sample(document, by["fay"])
        _decide(document, by["sue"])
    document.refresh_from_db()
    if not hasattr(document, "settlement"):
        document_settling.settle(document=document, by=by["ann"], at=NOON)
    return document


def _sample(document: BulkDocument, by: Person) -> None:
    visits = bulk.visits_of(document).count()
    if not visits:
        return
    drawn = bulk.sample_of(document) or sampling.draw(
        document=document, size=min(SAMPLED, visits), by=by, at=NOON, seed=document.pk
    )
    for one in drawn.rows.filter(outcome=""):
        sampling.answer(sampled=one, outcome="genuine", words="", asked_on=NOON.date(), by=by, at=NOON)


def _decide(document: BulkDocument, by: Person) -> None:
    opened = bulk.round_of(document)
    documents.decide(
        document=document, choice="approve", hash_seen=opened.subject_hash, by=by, at=NOON, proof=shown_by(by)
    )
