"""One person agrees to several subjects at once, each decided by that one vote: a few statements for all of them.

Nothing is asked less than in office/services/rounds.py; only those that need nothing else are taken, and the caller
decides the others one by one. What is voted stands in the same rows, with the same acts, under the same guards.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from office import deciding, trail
from office.models import Lease, Person
from office.models.rounds import Choice, Outcome, State
from office.proof import Proof
from office.rules import days
from office.rules import rounds as rules
from office.services import dockets, rounds, work
from office.services.dockets import Docket
from office.services.rounds import CannotVote
from office.subjects import name_of


def may_agree(
    locked: Sequence[tuple[Docket, Any]], now: Mapping[str, str], seen: Mapping[str, str], by: Person, at: datetime,
    proof: Proof | None,
) -> list[tuple[Docket, Any]]:  # fmt: skip
    """Of some rounds, locked with their subjects, those that this person's one vote closes as approved. `now` is the
    hash of each subject's content, `seen` the one that he saw, both by the subject's number."""
    if not locked:
        return []
    family = locked[0][0].matter.family
    seats = dockets.seats_of([one for docket, _open in locked for one in docket.rounds], family)
    own = set(by.appointments.on(days.business_day(at)).values_list("duty", flat=True))
    of_round: dict[int, list[Any]] = {}
    for seat in seats:
        of_round.setdefault(seat.round_id, []).append(seat)
    return [
        (docket, opened)
        for docket, opened in locked
        if opened.state == State.OPEN
        and seen[opened.subject_id] == now[opened.subject_id] == opened.subject_hash
        and own & set(opened.duties)
        and not opened.by_seats
        and not of_round.get(opened.pk)
        and rules.is_complete(votes=1, present=1, required=opened.required)
        and _may(docket, opened, of_round, by, at, proof)
    ]


def _may(
    docket: Docket, opened: Any, of_round: Mapping[int, Sequence[Any]], by: Person, at: datetime, proof: Proof | None
) -> bool:
    seats = [seat for one in docket.rounds for seat in of_round.get(one.pk, ())]
    try:
        rounds.refuse_without_proof(opened, proof, by, at)
        rounds.refuse_involved(opened, docket.rounds, seats, {by.pk})
    except CannotVote:
        return False
    return True


def agree(taken: Sequence[tuple[Docket, Any]], *, by: Person, at: datetime, proof: Proof | None) -> None:
    """Vote in each of these rounds, which `may_agree` found, and close it. What becomes of the subjects is the
    caller's."""
    if not taken:
        return
    family = deciding.family_of(taken[0][1])
    seats = family.seat._default_manager.bulk_create([family.seat(round=one, person=by) for _docket, one in taken])
    family.vote._default_manager.bulk_create(
        [
            family.vote(round=one, seat=seat, voter=by, choice=Choice.APPROVE, hash_seen=one.subject_hash)
            for (_docket, one), seat in zip(taken, seats, strict=True)
        ]
    )
    moved: dict[str, Any] = {"state": State.CLOSED, "outcome": Outcome.APPROVED, "closed_at": at}
    family.round._default_manager.filter(pk__in=[one.pk for _docket, one in taken]).update(**moved)
    for docket, one in taken:
        told: dict[str, Any] = {"by": by, "at": at, "subject_hash": one.subject_hash, "step": one.step}
        trail.record("round.voted", docket.subject, proof=proof, choice=Choice.APPROVE, **told)
        one.state, one.outcome, one.closed_at = State.CLOSED, Outcome.APPROVED, at
        trail.record("round.closed", docket.subject, outcome=Outcome.APPROVED, votes=1, present=1, **told)


def finish(taken: Sequence[tuple[Docket, Any]], *, by: Person, at: datetime) -> None:
    """Nobody works on these rounds any more; last in the transaction, as office/services/work.py asks for it."""
    names = {name_of(one)[1]: one for _docket, one in taken}
    of_type = name_of(taken[0][1])[0] if taken else ""
    live = Lease.objects.live().filter(subject_type=of_type, subject_id__in=list(names))
    for number in sorted(set(live.values_list("subject_id", flat=True)), key=int):
        work.finish(subject=names[number], by=by, at=at)
