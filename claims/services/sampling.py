"""Sampling a document's visits (抽查): drawn by a seed, asked at people's homes or by phone, answered row by row.

Order of locks: as in claims/services/documents.py.
"""

from __future__ import annotations

import secrets
from datetime import date, datetime
from typing import Final

from django.utils.translation import gettext as _

from claims.models import BulkDocument, SampleCheck, SampledRow
from claims.rules import sampling
from claims.selectors import bulk
from claims.services.document_locks import CannotKeepDocument, lock_document, refuse_maker, refuse_unseen
from claims.services.documents import CHECK
from claims.services.locks import refusing
from office import trail
from office.models import Person
from office.rules import days

#: A seed that people can write down and type again.
LARGEST_SEED: Final = 10**9


@refusing("sample.drawn", CannotKeepDocument, about="document")
def _draw(*, document: BulkDocument, size: int, by: Person, at: datetime, seed: int | None) -> SampleCheck:
    current = _handed_in(document, by)
    if (known := bulk.sample_of(current)) is not None:
        raise CannotKeepDocument(_("The sample was drawn already, with the seed %(seed)s.") % {"seed": known.seed})
    visits = {row.position: row for row in bulk.visits_of(current)}
    if not visits:
        raise CannotKeepDocument(_("There are no visits to draw from."))
    if not 1 <= size <= len(visits):
        raise CannotKeepDocument(_("Between 1 and %(most)s visits can be drawn.") % {"most": len(visits)}, "size")
    if seed is not None and not 0 <= seed < LARGEST_SEED:
        raise CannotKeepDocument(_("A seed is a number of nine digits at most."), "seed")
    drawn = SampleCheck.objects.create(
        document=current,
        version=current.content_version,
        seed=secrets.randbelow(LARGEST_SEED) if seed is None else seed,
        population=len(visits),
        size=size,
        drawn_by=by,
        drawn_at=at,
    )
    places = sampling.drawn(drawn.seed, visits, size)
    SampledRow.objects.bulk_create([SampledRow(sample=drawn, row=visits[place]) for place in places])
    trail.record("sample.drawn", current, by=by, at=at, right=CHECK, seed=drawn.seed, size=size, population=len(visits))
    return drawn


def draw(*, document: BulkDocument, size: int, by: Person, at: datetime, seed: int | None = None) -> SampleCheck:
    """Draw so many of the visits of a document that is handed in; once a version, never by whoever entered it. Without
    a seed the machine takes one. Raises CannotKeepDocument."""
    done: SampleCheck = _draw(document=document, size=size, by=by, at=at, seed=seed)
    return done


@refusing("sample.answered", CannotKeepDocument, about="sampled")
def _answer(*, sampled: SampledRow, outcome: str, words: str, asked_on: date, by: Person, at: datetime) -> SampledRow:
    _handed_in(sampled.sample.document, by)
    current = SampledRow.objects.select_for_update(of=["self"]).select_related("row").get(pk=sampled.pk)
    if current.outcome:
        raise CannotKeepDocument(_("This was answered already."))
    if outcome not in SampledRow.Outcome.values:
        raise CannotKeepDocument(_("Choose what was found."), "outcome")
    if outcome == SampledRow.Outcome.DIFFERS and not words.strip():
        raise CannotKeepDocument(_("Say how it differs."), "words")
    if asked_on > days.business_day(at) or (current.row.began_on and asked_on < current.row.began_on):
        raise CannotKeepDocument(_("One asks after the visit, and not on a day to come."), "asked_on")
    current.outcome, current.words = outcome, words.strip()[:300]
    current.asked_on, current.asked_by = asked_on, by
    current.save(update_fields=["outcome", "words", "asked_on", "asked_by"])
    trail.record("sample.answered", current, by=by, at=at, right=CHECK, outcome=outcome)
    return current


def answer(*, sampled: SampledRow, outcome: str, words: str, asked_on: date, by: Person, at: datetime) -> SampledRow:
    """What the patient or his family said of a visit that was drawn; once, never by whoever entered the document.
    Raises CannotKeepDocument."""
    done: SampledRow = _answer(sampled=sampled, outcome=outcome, words=words, asked_on=asked_on, by=by, at=at)
    return done


def _handed_in(document: BulkDocument, by: Person) -> BulkDocument:
    current = lock_document(document)
    refuse_unseen(current, by, CHECK)
    refuse_maker(current, by)
    if current.state != BulkDocument.State.HANDED_IN:
        raise CannotKeepDocument(_("This document is %(state)s.") % {"state": current.get_state_display()})
    return current
