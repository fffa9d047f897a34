"""Deciding together: open a round, take a seat, vote, close, void (docs/rules/rounds.md).

What is locked, and in which order: office/services/dockets.py. What is refused here in words the database refuses once
more (office/migrations/0012_guard_rounds.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from office import deciding, trail
from office.models import Appointment, Delegation, DutyExclusion, Person
from office.models.rounds import Choice, Outcome, Round, State
from office.proof import Proof
from office.rules import days, rounds
from office.services import dockets, work
from office.services.dockets import Docket
from office.subjects import name_of

FIRST_STEP = "decision"


class CannotOpen(Exception):
    """No round was opened; the message is written for whoever asked."""


class CannotVote(Exception):
    """The vote was not taken; the message is written for the voter."""


class CannotClose(Exception):
    """The round stays as it was; the message is written for whoever leads the meeting."""


@dataclass(frozen=True)
class Voted:
    """What came of a vote: the round, and what is shown once to whoever gave the last one."""

    round: Any
    told: str = ""


@dataclass(frozen=True)
class Ballot:
    """One vote of a member's sheet; `more` is what else belongs to the vote, in words that the sheet's hash covers."""

    round: Any
    choice: str
    hash_seen: str
    reason: str = ""
    more: Sequence[str] = ()


@transaction.atomic
def open_round(
    *,
    subject: models.Model,
    by: Person,
    at: datetime,
    step: str = FIRST_STEP,
    required: rounds.Required | None = None,
    body: Iterable[tuple[Person, str]] = (),
) -> Any:
    """Open a round over a subject as it is now. `body` names the deciding body, person by role, where the rule asks for
    seats. Raises CannotOpen."""
    docket = dockets.lock(*name_of(subject))
    if any(one.state == State.OPEN and one.step == step for one in docket.rounds):
        raise CannotOpen(_("This is being decided already."))
    return open_locked(subject=docket.subject, by=by, at=at, step=step, required=required, body=body)


def open_locked(
    *,
    subject: models.Model,
    by: Person,
    at: datetime,
    step: str = FIRST_STEP,
    required: rounds.Required | None = None,
    body: Iterable[tuple[Person, str]] = (),
) -> Any:
    """The same for a caller who has locked the subject with its rounds, and has it as the database does; what is
    decided already the database refuses. Raises CannotOpen."""
    subject_type, subject_id = name_of(subject)
    matter = deciding.matter_of(subject_type)
    asked = required or matter.required(subject)
    opened = matter.family.round._default_manager.create(
        step=step,
        subject_type=subject_type,
        subject_id=subject_id,
        subject_hash=trail.hash_of(matter.content(subject)),
        amount=matter.amount(subject),
        rule=asked.rule,
        rule_version=asked.version,
        duties=list(asked.duties),
        count=asked.count,
        quorum=asked.quorum,
        majority=asked.majority,
        by_seats=asked.by_seats,
        own_code=asked.own_code,
        maker=by,
        opened_at=at,
        barred=sorted(person.pk for person in matter.barred(subject)),
    )
    for person, role in body:
        if person == by:
            raise CannotOpen(_("Nobody decides what he made himself."))
        matter.family.seat._default_manager.create(round=opened, person=person, role=role)
    trail.record(
        "round.opened", subject, by=by, at=at, subject_hash=opened.subject_hash, step=step, amount=opened.amount
    )
    return opened


@transaction.atomic
def note_attendance(*, seat: Any, is_present: bool, recusal: str, by: Person, at: datetime) -> None:
    """Who came to the meeting, and who withdrew because he is a relative or took part before. Raises CannotClose."""
    docket = _locked(seat.round)
    round_ = docket.now(seat.round)
    if round_.state != State.OPEN:
        raise CannotClose(_("This round is over."))
    if round_.votes.filter(seat=seat).exists():
        raise CannotClose(_("This seat has voted already."))
    seat.is_present, seat.recusal = is_present, recusal
    seat.save(update_fields=["is_present", "recusal"])
    trail.record(
        "round.attendance-noted",
        docket.subject,
        by=by,
        at=at,
        reason=recusal,
        person=seat.person_id,
        present=is_present,
    )


@transaction.atomic
def vote(
    *,
    round: Round,  # noqa: A002  the office's word
    choice: str,
    hash_seen: str,
    by: Person,
    at: datetime,
    proof: Proof | None,
    reason: str = "",
    reason_code: str = "",
    for_whom: Person | None = None,
    docket: Docket | None = None,
) -> Voted:
    """Give one's vote, or that of somebody who delegated it; the last vote closes the round and moves the subject.
    `docket` is the subject with its rounds where the caller has locked them. Raises CannotVote."""
    docket = docket or _locked(round)
    current = docket.now(round)
    refuse_without_proof(current, proof, by, at)
    _refuse_stale(docket, current, hash_seen)
    _refuse_wordless(choice, reason)
    principal = for_whom or by
    seats = dockets.seats_of(docket.rounds, docket.matter.family)
    refuse_involved(current, docket.rounds, seats, {by.pk, principal.pk})
    _refuse_without_delegation(current, principal, by, at)
    seat = _seat(current, seats, principal, at)
    if seat is None:
        seat = current.seats.create(person=principal)
        seats.append(seat)
    _cast(
        Ballot(current, choice, hash_seen, reason),
        seat,
        docket.subject,
        by=by,
        at=at,
        proof=proof,
        reason_code=reason_code,
        for_whom=for_whom,
    )
    votes, present = _count(current, seats)
    if rounds.is_complete(votes=len(votes), present=present, required=current.required):
        return Voted(current, _close(docket, current, votes, present, by=by, at=at))
    work.finish(subject=current, by=by, at=at, of=by)
    return Voted(current)


def sheet_hash(ballots: Iterable[Ballot], by: Person) -> str:
    """What the one code of a member confirms: every vote of his sheet, what each is about, and its amount."""
    rows = {
        str(one.round.pk): "\x1f".join((one.hash_seen, str(one.round.amount), one.choice, one.reason, *one.more))
        for one in ballots
    }
    return trail.hash_of({"voter": by.pk, **rows})


@transaction.atomic
def vote_sheet(*, ballots: Sequence[Ballot], by: Person, at: datetime, proof: Proof | None) -> str:
    """Give one's votes in several rounds with one code bound to the hash of them all. It closes none: whoever leads the
    meeting does. The rounds, and what they are about, are locked by the caller. Gives the hash. Raises CannotVote."""
    confirmed = sheet_hash(ballots, by)
    if proof is None or not proof.is_of(by, at=at, bound_to=confirmed):
        raise CannotVote(_("Confirm this sheet with a code of its own."))
    for one in ballots:
        docket = _locked(one.round)
        current = docket.now(one.round)
        _refuse_stale(docket, current, one.hash_seen)
        _refuse_wordless(one.choice, one.reason)
        seats = dockets.seats_of(docket.rounds, docket.matter.family)
        refuse_involved(current, docket.rounds, seats, {by.pk})
        _cast(one, _seat(current, seats, by, at), docket.subject, by=by, at=at, proof=proof)
    return confirmed


def _cast(
    ballot: Ballot,
    seat: Any,
    subject: models.Model,
    *,
    by: Person,
    at: datetime,
    proof: Proof | None,
    reason_code: str = "",
    for_whom: Person | None = None,
) -> None:
    deciding.family_of(ballot.round).vote._default_manager.create(
        round=ballot.round,
        seat=seat,
        voter=by,
        for_whom=for_whom,
        choice=ballot.choice,
        reason_code=reason_code,
        reason=ballot.reason,
        hash_seen=ballot.hash_seen,
    )
    seat.said = {"voter": by.pk, "for_whom": for_whom and for_whom.pk, "choice": ballot.choice}
    trail.record(
        "round.voted",
        subject,
        by=by,
        at=at,
        for_whom=for_whom,
        proof=proof,
        reason=ballot.reason,
        subject_hash=ballot.round.subject_hash,
        step=ballot.round.step,
        choice=ballot.choice,
    )


def capacities(*, round: Round, by: Person, at: datetime) -> list[Person]:  # noqa: A002
    """In whose name this person could vote now: his own, and that of those who delegated to him. Empty: not at all."""
    today = days.business_day(at)
    absent = Person.objects.filter(
        pk__in=Delegation.objects.in_force(today).filter(to=by, duty__in=round.duties).values("person")
    )
    known = list(deciding.family_of(round).round.objects.of(round.subject_type, round.subject_id))
    seats = dockets.seats_of(known, deciding.family_of(round))
    return [one for one in (by, *absent) if _may_vote(round, known, seats, by, one, at)]


@transaction.atomic
def close(*, round: Round, by: Person, at: datetime) -> Voted:  # noqa: A002
    """Whoever leads the meeting closes a round in which somebody present stayed silent. Raises CannotClose."""
    docket = _locked(round)
    current = docket.now(round)
    votes, present = _count(current, dockets.seats_of([current], docket.matter.family))
    if current.state != State.OPEN:
        raise CannotClose(_("This round is over."))
    if not rounds.may_close(votes=len(votes), present=present, required=current.required):
        raise CannotClose(_("Too few votes were given, or too few are present."))
    return Voted(current, _close(docket, current, votes, present, by=by, at=at))


@transaction.atomic
def void(*, subject: models.Model, by: Person, at: datetime, reason: str) -> int:
    """The subject changed or was withdrawn: its open rounds end, their votes stay readable. Gives how many."""
    subject_type, subject_id = name_of(subject)
    model = deciding.matter_of(subject_type).family.round
    ended = [one for one in dockets.lock_rounds(model, subject_type, subject_id) if one.state == State.OPEN]
    for one in ended:
        one.state, one.void_reason, one.closed_at = State.VOID, reason, at
        one.save(update_fields=["state", "void_reason", "closed_at"])
        trail.record("round.voided", subject, by=by, at=at, reason=reason, step=one.step)
        work.finish(subject=one, by=by, at=at)
    return len(ended)


def replayed(round_: Any) -> str:
    """The outcome that a closed round's rows give once more."""
    votes, present = _count(round_, dockets.seats_of([round_], deciding.family_of(round_)))
    return rounds.outcome_of(votes, present=present, majority=round_.majority)


def _close(docket: Docket, round_: Any, votes: list[str], present: int, *, by: Person, at: datetime) -> str:
    outcome = rounds.outcome_of(votes, present=present, majority=round_.majority)
    round_.state, round_.outcome, round_.closed_at = State.CLOSED, Outcome(outcome), at
    round_.save(update_fields=["state", "outcome", "closed_at"])
    trail.record(
        "round.closed",
        docket.subject,
        by=by,
        at=at,
        subject_hash=round_.subject_hash,
        step=round_.step,
        outcome=outcome,
        votes=len(votes),
        present=present,
    )
    told = docket.matter.decided(docket.subject, outcome, by, at)
    work.finish(subject=round_, by=by, at=at)
    return told


def _locked(round_: Round) -> Docket:
    """The subject of a round, with all its rounds, under the lock."""
    return dockets.lock(round_.subject_type, round_.subject_id)


def _count(round_: Any, seats: Iterable[Any]) -> tuple[list[str], int]:
    """The choices given so far in a round, and how many sit there and may speak."""
    there = [one for one in seats if one.round_id == round_.pk]
    choices = [one.said["choice"] for one in there if one.said]
    return choices, sum(one.is_present and not one.recusal for one in there)


def refuse_without_proof(round_: Any, proof: Proof | None, by: Person, at: datetime) -> None:
    """A fresh code of one's own, bound to this where the round asks for that."""
    bound_to = round_.bound_to if round_.own_code else ""
    if proof is None or not proof.is_of(by, at=at, bound_to=bound_to):
        raise CannotVote(_("Show your second factor for this decision."))


def _refuse_stale(docket: Docket, round_: Any, hash_seen: str) -> None:
    """A vote is about what the voter saw; what changed since, also behind the office's back, is looked at again."""
    if round_.state != State.OPEN:
        raise CannotVote(_("This has been decided already."))
    content = docket.matter.content(docket.subject)
    if hash_seen != round_.subject_hash or trail.hash_of(content) != round_.subject_hash:
        raise CannotVote(_("This changed after you opened it. Look at it again."))


def _refuse_wordless(choice: str, reason: str) -> None:
    if choice not in Choice.values:
        raise CannotVote(_("Choose how you vote."))
    if choice not in {Choice.APPROVE, Choice.ABSTAIN} and not reason.strip():
        raise CannotVote(_("Say why."))


def refuse_involved(round_: Any, known: Iterable[Any], seats: Iterable[Any], people: set[int]) -> None:
    """Nobody decides what he made, nor twice, nor in two steps of one thing, for himself or for another."""
    steps = {one.pk: one.step for one in known}
    if any(one.maker_id in people for one in known):
        raise CannotVote(_("Nobody decides what he made himself."))
    if people & set(round_.barred):
        raise CannotVote(_("Nobody decides what concerns himself."))
    took_part = [one.round_id for one in seats if one.said and people & {one.said["voter"], one.said["for_whom"]}]
    if round_.pk in took_part:
        raise CannotVote(_("Your vote, or that of the person you act for, is given already."))
    if any(steps[one] != round_.step for one in took_part):
        raise CannotVote(_("You took part in an earlier step of this."))


def _refuse_without_delegation(round_: Any, for_whom: Person, by: Person, at: datetime) -> None:
    if for_whom == by:
        return
    today = days.business_day(at)
    allowed = Delegation.objects.in_force(today).filter(person=for_whom, to=by, duty__in=round_.duties)
    delegated = list(allowed.values_list("duty", flat=True))
    if not delegated:
        raise CannotVote(_("You do not act for this person today."))
    own = list(Appointment.objects.on(today).filter(person=by).values_list("duty", flat=True))
    if DutyExclusion.objects.filter(
        Q(first__in=own, second__in=delegated) | Q(second__in=own, first__in=delegated)
    ).exists():
        raise CannotVote(_("One of your own duties excludes this one."))


def _may_vote(
    round_: Any, known: Iterable[Any], seats: Sequence[Any], by: Person, principal: Person, at: datetime
) -> bool:
    try:
        refuse_involved(round_, known, seats, {by.pk, principal.pk})
        _refuse_without_delegation(round_, principal, by, at)
        _seat(round_, seats, principal, at)
    except CannotVote:
        return False
    return bool(round_.state == State.OPEN)


def _seat(round_: Any, seats: Iterable[Any], principal: Person, at: datetime) -> Any:
    """The seat of whoever votes, or is voted for; None where no body was named and whoever has the duty takes one."""
    seat = next((one for one in seats if (one.round_id, one.person_id) == (round_.pk, principal.pk)), None)
    has_duty = principal.appointments.on(days.business_day(at)).filter(duty__in=round_.duties).exists()
    if not has_duty or (seat is None and round_.by_seats):
        raise CannotVote(_("You do not belong to those who decide this."))
    if seat is not None and (seat.recusal or not seat.is_present):
        raise CannotVote(_("You are noted as absent or recused."))
    return seat
