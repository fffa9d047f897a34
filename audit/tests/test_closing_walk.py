"""No path leads to a closed finding without evidence, another person's check and, where money is named, a posting:
every move from every state that can be reached is tried, by the services and past them, and each closed finding is
looked at.

The negative control takes the database's guards out: then the same tries close findings that nothing proves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from audit.models import BookedMoney, Finding, Rectification
from audit.services import evidence, findings, recovering, rectifying
from audit.services.auditing import CannotAudit
from audit.tests.auditing import DAY, LATER, MONEY, TODAY, Audit, now
from conftest import NOON
from enrollment.tests.races import unguarded
from office.models import Duty, Person

DUE = TODAY + 60 * DAY
Move = tuple[str, Callable[[], object]]
#: What is asked of a closed finding, written without the program's own words for it.
PROVED = """
SELECT f.closed_by_id <> f.drafted_by_id
    AND EXISTS (SELECT FROM audit_findingsheet s JOIN audit_evidencesheet e ON e.id = s.sheet_id
        WHERE s.finding_id = f.id AND e.state IN ('confirmed', 'refused'))
    AND EXISTS (SELECT FROM audit_rectification r WHERE r.finding_id = f.id)
    AND NOT EXISTS (SELECT FROM audit_rectification r WHERE r.finding_id = f.id AND (r.state <> 'closed'
        OR r.checked_by_id = r.handed_in_by_id OR NOT EXISTS (SELECT FROM audit_evidence v
            WHERE v.rectification_id = r.id AND v.turn = r.turn AND v.added_by_id <> r.checked_by_id)))
    AND (f.amount = 0 OR EXISTS (SELECT FROM audit_bookedmoney b JOIN funds_posting p ON p.id = b.posting_id
        WHERE b.finding_id = f.id AND b.state = 'standing'
            AND NOT EXISTS (SELECT FROM funds_posting q WHERE q.reverses_id = p.id)))
    AND f.to_recover <= coalesce((SELECT sum(e.amount) FROM audit_bookedmoney b
        JOIN funds_entry e ON e.posting_id = b.posting_id AND e.side = 'debit'
        WHERE b.finding_id = f.id AND b.state = 'standing' AND b.kind = 'recovered'
            AND NOT EXISTS (SELECT FROM funds_posting q WHERE q.reverses_id = b.posting_id)), 0)
FROM audit_finding f WHERE f.id = %s
"""


def is_proved(found: Finding) -> bool:
    """Whether a closed finding is one that may be."""
    with connection.cursor() as cursor:
        cursor.execute(PROVED, [found.pk])
        return bool(cursor.fetchone()[0])


@dataclass
class Walk:
    """A finding, everybody who could move it, and every move; states are told by what matters for closing."""

    audit: Audit
    found: Finding
    people: list[Person]
    seen: set[Any] = field(default_factory=set)
    closed: list[bool] = field(default_factory=list)
    tried: Counter[str] = field(default_factory=Counter)

    def state(self) -> Any:
        found = now(self.found)
        measures = tuple(
            (one.state, min(one.turn, 2), one.handed_in_by_id, frozenset(self._brought(one)))
            for one in found.rectifications.order_by("pk")
        )
        links = found.money.filter(state="standing").select_related("posting__reversed_by")
        money = tuple(sorted(hasattr(one.posting, "reversed_by") for one in links))
        return found.state, found.sheets.exists(), found.answers.exists(), measures, money

    @staticmethod
    def _brought(one: Rectification) -> Iterator[int]:
        yield from one.evidence.filter(turn=one.turn).values_list("added_by", flat=True)

    def moves(self) -> Iterator[Move]:
        """Every service that moves a finding, by everybody, and writes past all services."""
        measure = self.found.rectifications.order_by("pk").first()
        for by in self.people:
            yield from self._of_the_finding(by)
            if measure is None:
                stated = rectifying.MeasureOf("x", "y", DUE)
                yield "ask", partial(rectifying.ask, finding=self.found, stated=stated, by=by, at=LATER)
            else:
                yield from self._of_the_measure(measure, by)
        yield from self._money()
        yield from self._past_the_services(measure)

    def _of_the_finding(self, by: Person) -> Iterator[Move]:
        told: dict[str, Any] = {"finding": self.found, "by": by, "at": LATER}
        yield "send", partial(findings.send_for_comment, **told)
        yield "answer", partial(findings.answer, agrees=True, words="x", **told)
        yield "settle", partial(findings.settle, **told)
        yield "take up", partial(findings.take_up_again, **told)
        yield "drop", partial(findings.drop, reason="x", **told)
        yield "close", partial(findings.close, **told)
        yield "reopen", partial(findings.reopen, reason="x", **told)

    def _of_the_measure(self, measure: Rectification, by: Person) -> Iterator[Move]:
        told: dict[str, Any] = {"rectification": measure, "by": by, "at": LATER}
        if not measure.evidence.filter(turn=measure.turn, added_by=by).exists():
            yield "prove", partial(evidence.add_to_rectification, stated=self.audit.file(), **told)
        yield "hand in", partial(rectifying.hand_in, result="x", **told)
        yield "check", partial(rectifying.close, words="x", **told)
        if measure.turn == 1:
            yield "send back", partial(rectifying.send_back, words="x", due_on=DUE, **told)
            yield "again", partial(rectifying.reopen, words="x", due_on=DUE, **told)

    def _money(self) -> Iterator[Move]:
        standing = self.found.money.filter(state="standing").order_by("pk").first()
        if not self.found.amount:
            return
        if standing is None:
            yield "link", lambda: self.audit.recovered(self.found, "1200")
            return
        yield "take off", lambda: recovering.take_off(link=standing, reason="x", by=self.audit.dan, at=NOON)
        yield "take back in red", lambda: self.audit.counter.reverse(standing.posting, on=TODAY)

    def _past_the_services(self, measure: Rectification | None) -> Iterator[Move]:
        rows = Finding.objects.filter(pk=self.found.pk)
        for by in self.people:
            yield "sql: close", partial(rows.update, state="closed", closed_by=by, closed_on=TODAY)
            if measure is not None:
                fields = {"state": "closed", "checked_by": by, "checked_at": NOON, "result": "x"}
                some = Rectification.objects.filter(pk=measure.pk)
                yield "sql: check", partial(some.update, **fields)
        yield "sql: no money", lambda: rows.update(amount=0, to_recover=0)
        yield "sql: final", lambda: rows.update(state="final", closed_by=None, closed_on=None, reason="x")
        yield "sql: money off", lambda: BookedMoney.objects.filter(finding=self.found).update(state="void", reason="x")

    def go(self) -> None:
        """From here to wherever a move leads that was not seen yet."""
        here = self.state()
        if here in self.seen:
            return
        self.seen.add(here)
        if here[0] == "closed":
            self.closed.append(is_proved(self.found))
        for name, move in list(self.moves()):
            point = transaction.savepoint()
            try:
                with transaction.atomic():
                    move()
            except (CannotAudit, DatabaseError):
                continue
            finally:
                self.tried[name] += 1
            self.go()
            transaction.savepoint_rollback(point)


def walked(appoint: Any, money: dict[str, Any]) -> Walk:
    """All that can come of a draft with its evidence."""
    audit = Audit.of(appoint)
    found = audit.draft(audit.engagement(), **money)
    walk = Walk(audit, found, [audit.dan, audit.dora, audit.hal])
    with transaction.atomic():
        walk.go()
        transaction.set_rollback(True)
    return walk


@pytest.mark.django_db
@pytest.mark.parametrize("money", [pytest.param({}, id="no money"), pytest.param(MONEY, id="money")])
def test_every_path_to_a_closed_finding_proves_it(appoint, money):
    walk = walked(appoint, money)
    reached = {one[0] for one in walk.seen}
    print(f"{len(walk.seen)} states, {sum(walk.tried.values())} tries, {len(walk.closed)} closed")
    assert reached == set(Finding.State.values)
    assert walk.closed
    unproved = [one for one in walk.closed if not one]
    assert len(unproved) == sum(_taken_back(one) for one in walk.seen)


def _taken_back(state: Any) -> bool:
    """Whether the money of a closed finding was taken back in the books afterwards: it stands on a worklist then."""
    return state[0] == "closed" and True in state[4]


@pytest.mark.django_db(transaction=True)
def test_without_the_guards_a_finding_closes_that_nothing_proves(appoint, monkeypatch):
    guards = ("audit_finding.finding_is_guarded", "audit_finding.moves_are_guarded")
    with monkeypatch.context() as patched, unguarded(patched, *guards):
        audit = Audit.of(appoint)
        found = audit.final(**MONEY)
        rows = Finding.objects.filter(pk=found.pk)
        assert rows.update(state="closed", closed_by=audit.dora, closed_on=TODAY) == 1
        assert not is_proved(found)


@pytest.mark.django_db
def test_with_the_guards_it_does_not(appoint):
    audit = Audit.of(appoint)
    found = audit.final(**MONEY)
    with pytest.raises(DatabaseError, match="closed by its measures"), transaction.atomic():
        Finding.objects.filter(pk=found.pk).update(state="closed", closed_by=audit.dora, closed_on=TODAY)


@pytest.mark.django_db
def test_who_drafted_it_does_not_close_it(appoint):
    audit = Audit.of(appoint)
    found = audit.final()
    audit.rectified(found)
    with pytest.raises(CannotAudit):
        findings.close(finding=found, by=audit.dan, at=NOON)
    with pytest.raises(DatabaseError, match="finding_is_closed_by_another"), transaction.atomic():
        Finding.objects.filter(pk=found.pk).update(state="closed", closed_by=audit.dan, closed_on=TODAY)
    assert findings.close(finding=found, by=appoint("eva", Duty.INTERNAL_AUDITOR), at=NOON).state == "closed"
