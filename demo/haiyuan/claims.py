"""A month's registers and lists through the services: entered, handed in, sampled, decided, checked, settled.

Each document is known by its note, and each step is left out that was taken: begun again it goes on where it stopped.
"""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Final

from claims.models import BulkDocument, Claim, ClaimsRound, Provider
from claims.rules import sampling as rules
from claims.selectors import bulk
from claims.services import checking_together, document_settling, documents, sampling
from demo.haiyuan import register
from demo.haiyuan.desk import Day, people
from demo.haiyuan.figures import YEAR
from demo.haiyuan.year import DECEMBER, Paper
from enrollment.models import Scheme
from office import history
from office.rules.days import next_month

State = BulkDocument.State
#: Checked in this order, each step by somebody else.
CHECKS: Final = ((Claim.State.FIRST_CHECK, "first"), (Claim.State.SECOND_CHECK, "second"))
TOGETHER: Final = 200  # claims on a page that a checker agrees to
ENTERED_ON: Final = 3  # day of the month after, as the office asks for it
LAST_OF_YEAR: Final = date(YEAR, 12, 28)


class Month:
    """The work on one month's papers."""

    def __init__(self, month: int) -> None:
        first = date(YEAR, month, 1)
        on = LAST_OF_YEAR if month == DECEMBER else next_month(first).replace(day=ENTERED_ON)
        self.first = first
        self.day = Day(people(), on)
        self.scheme = Scheme.objects.get(code="ncms")
        self.providers: dict[tuple[str, int], Provider] = {}

    def advance(self, paper: Paper) -> BulkDocument:
        """One paper to its end, from wherever it stands."""
        with history.acting(by=self.day.people["intake"]):
            document = self._handed_in(paper)
        if document.state == State.HANDED_IN:
            self._sample(document)
            self._decide(document)
        for step, name in CHECKS:
            self._check(document, step, name)
        document.refresh_from_db()
        if not hasattr(document, "settlement"):
            with history.acting(by=self.day.people["accountant"]):
                document_settling.settle(document=document, by=self.day.people["accountant"], at=self.day.at)
        return document

    def _handed_in(self, paper: Paper) -> BulkDocument:
        by = self.day.people["intake"]
        document = BulkDocument.objects.filter(note=paper.name).first() or documents.begin(
            kind=paper.kind,
            scheme=self.scheme,
            provider=self._provider(paper),
            month=self.first,
            note=paper.name,
            by=by,
            at=self.day.at,
        )
        if document.state != State.DRAFT:
            return document
        written = documents.write_rows(
            document=document, given=paper.rows, seen=document.content_version, by=by, at=self.day.at
        )
        if written.faulty:
            raise AssertionError(f"{paper.name}: {bulk.faults_of(document.rows.filter(state='faulty')[0])}")
        return documents.hand_in(
            document=document, seen=written.document.content_version, by=by, at=self.day.at
        ).document

    def _provider(self, paper: Paper) -> Provider:
        key = paper.level, paper.provider
        if key not in self.providers:
            self.providers[key] = register.provider_of(*key)
        return self.providers[key]

    def _sample(self, document: BulkDocument) -> None:
        visits = bulk.visits_of(document).count()
        if not visits:
            return
        by = self.day.people["first"]
        seed = int(hashlib.sha256(document.note.encode()).hexdigest()[:7], 16)
        with history.acting(by=by):
            drawn = bulk.sample_of(document) or sampling.draw(
                document=document, size=min(rules.LEAST, visits), by=by, at=self.day.at, seed=seed
            )
            for one in drawn.rows.filter(outcome=""):
                sampling.answer(sampled=one, outcome="genuine", words="", asked_on=self.day.on, by=by, at=self.day.at)

    def _decide(self, document: BulkDocument) -> None:
        opened, proof = bulk.round_of(document), self.day.proof_of("second")
        with history.acting(by=proof.person):
            documents.decide(
                document=document,
                choice="approve",
                hash_seen=opened.subject_hash,
                by=proof.person,
                at=self.day.at,
                proof=proof,
            )

    def _check(self, document: BulkDocument, step: str, name: str) -> None:
        """The stays of a list that wait in a step are agreed to, a page at a time."""
        waiting = {str(one.pk): one for one in document.claims.filter(state=step).order_by("pk")}
        if not waiting:
            return
        found = ClaimsRound.objects.filter(
            subject_type="claims.claim", subject_id__in=list(waiting), state="open", step=step
        )
        seen = [(waiting[one.subject_id], one.subject_hash) for one in found.order_by("pk")]
        proof = self.day.proof_of(name)
        with history.acting(by=proof.person):
            for begin in range(0, len(seen), TOGETHER):
                page = seen[begin : begin + TOGETHER]
                came = checking_together.check_together(claims=page, by=proof.person, at=self.day.at, proof=proof)
                if refused := [one for one in came if one.refusal]:
                    raise AssertionError(f"{refused[0].claim}: {refused[0].refusal}")
