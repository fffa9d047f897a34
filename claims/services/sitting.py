"""A meeting in session: each member's sheet with one code of his own, and all claims decided at once
(docs/rules/committee.md). Order of locks: as in claims/services/locks.py, the meeting first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _

from claims.models import AgendaItem, Claim, Cut, Invitee, Meeting
from claims.selectors import meetings as selectors
from claims.services import checking, returning
from claims.services.checking import CutOf
from claims.services.locks import lock_many, lock_people, lock_rounds, refusing
from claims.services.meetings import CannotMeet, locked, move
from claims.services.returning import CannotCheck
from office import trail
from office.models import Person
from office.models.rounds import Choice, Outcome
from office.proof import Proof
from office.rules import rounds as rules
from office.services import rounds
from office.services.rounds import Ballot, CannotClose, CannotVote

CHOICES: Final = tuple(Choice.values)
State = Meeting.State


@dataclass(frozen=True)
class BallotOf:
    """How a member votes on one claim of his sheet, by the claim's number; and what he saw of it."""

    claim: int
    choice: str
    hash_seen: str
    reason: str = ""
    cuts: Sequence[CutOf] = ()

    @property
    def words(self) -> str:
        """Why, in his own words, or by his cuts."""
        return self.reason.strip() or checking.reasons(self.cuts)


def sheet_hash(*, meeting: Meeting, ballots: Sequence[BallotOf], by: Person) -> str:
    """What a member's code confirms: his whole sheet. Raises CannotMeet where it is not whole."""
    return rounds.sheet_hash(_sheet(meeting, ballots, by).values(), by)


@refusing("meeting.sheet-confirmed", CannotMeet, about="meeting")
def confirm(*, meeting: Meeting, ballots: Sequence[BallotOf], by: Person, at: datetime, proof: Proof | None) -> Invitee:
    """A member's votes on every claim in which he has a voice, confirmed by one code bound to their hash; nothing is
    decided by it yet. Raises CannotMeet."""
    current = locked(meeting, State.OPEN)
    member = current.invitees.select_for_update(of=["self"]).filter(person=by).first()
    if member is None or not member.is_present:
        raise CannotMeet(_("You are not noted as present in this meeting."))
    if member.confirmed_at is not None:
        raise CannotMeet(_("You have confirmed your sheet already."))
    claims = {one.pk: one for one in lock_many(one.claim for one in ballots)}
    sheet = _sheet(current, ballots, by)
    for one in ballots:
        _enter(claims[one.claim], one, sheet[one.claim], by, at)
    try:
        member.confirmed_hash = rounds.vote_sheet(ballots=list(sheet.values()), by=by, at=at, proof=proof)
    except CannotVote as refusal:
        raise CannotMeet(str(refusal)) from refusal
    member.confirmed_at = at
    member.save(update_fields=["confirmed_at", "confirmed_hash"])
    trail.record(
        "meeting.sheet-confirmed",
        current,
        by=by,
        at=at,
        proof=proof,
        subject_hash=member.confirmed_hash,
        claims=len(ballots),
    )
    return member


def _sheet(meeting: Meeting, ballots: Sequence[BallotOf], by: Person) -> dict[int, Ballot]:
    """The votes by claim. Raises CannotMeet unless each claim in which the member has a voice is there, once."""
    items = {one.claim_id: one for one in selectors.sheet_for(meeting, by)}
    if not items:
        raise CannotMeet(_("There is nothing for you to vote on."))
    if len(ballots) != len(items) or {one.claim for one in ballots} != set(items):
        raise CannotMeet(_("Vote on every claim of your sheet; the agenda may have changed. Look at it again."))
    return {
        one.claim: Ballot(
            items[one.claim].round,
            one.choice,
            one.hash_seen,
            one.words,
            [f"{row.line}:{row.amount}:{row.reason_code}:{row.reason.strip()}" for row in one.cuts],
        )
        for one in ballots
    }


def _enter(claim: Claim, stated: BallotOf, ballot: Ballot, by: Person, at: datetime) -> None:
    try:
        checking.refuse_choice(claim, stated.choice, stated.cuts, lock_rounds(claim), CHOICES)
        if stated.choice not in {Choice.APPROVE, Choice.ABSTAIN} and not stated.words:
            raise CannotCheck(_("Say why."))
        checking.write_cuts(claim, ballot.round, stated.cuts, by, at, counts=False)
    except CannotCheck as refusal:
        raise CannotMeet(f"{claim.number}: {refusal}") from refusal


@refusing("meeting.decided", CannotMeet, about="meeting")
def decide(*, meeting: Meeting, by: Person, at: datetime, proof: Proof | None) -> Meeting:
    """The chair closes: every claim gets its outcome, what is approved its amount, or nothing happens at all. Raises
    CannotMeet."""
    current = locked(meeting, State.OPEN)
    called = list(current.invitees.select_for_update(of=["self"]).select_related("person").order_by("pk"))
    _refuse_leader(current, called, by, at, proof)
    items = list(selectors.undecided(current))
    if not items:
        raise CannotMeet(_("Nothing is on the agenda."))
    locked_claims = lock_many(one.claim_id for one in items)
    _refuse_quorum(items)
    _refuse_silent(current, called)
    lock_people(locked_claims)
    for item in items:
        _decide(item, by, at)
    return move(current, State.DECIDED, "meeting.decided", by, at, proof=proof, claims=len(items))


def _refuse_leader(meeting: Meeting, called: Sequence[Invitee], by: Person, at: datetime, proof: Proof | None) -> None:
    if any(one.is_present is None for one in called):
        raise CannotMeet(_("Note who came, and who did not."))
    leader = selectors.leader_of(meeting, called)
    if leader is None:
        raise CannotMeet(_("Nobody came who could lead the meeting."))
    if leader != by:
        raise CannotMeet(_("%(person)s leads the meeting and closes it.") % {"person": leader})
    if proof is None or not proof.is_of(by, at=at):
        raise CannotMeet(_("Show your second factor for this decision."))


def _refuse_quorum(items: Iterable[AgendaItem]) -> None:
    """Every claim has its quorum of those who are there and may vote. Raises CannotMeet, and says which has not."""
    for item in items:
        present = item.round.seats.filter(is_present=True, recusal="").count()
        if present < item.round.quorum:
            raise CannotMeet(
                _("No quorum for %(claim)s: %(present)s of %(quorum)s are there and may vote. Nothing is decided.")
                % {"claim": item.claim.number, "present": present, "quorum": item.round.quorum}
            )


def _refuse_silent(meeting: Meeting, called: Sequence[Invitee]) -> None:
    for one in called:
        if one.is_present and one.confirmed_at is None and selectors.sheet_for(meeting, one.person):
            raise CannotMeet(
                _("%(person)s has not confirmed his sheet. Wait for him, or note that he left.")
                % {"person": one.person}
            )


def _decide(item: AgendaItem, by: Person, at: datetime) -> None:
    try:
        outcome = rounds.replayed(item.round)
        if outcome == Outcome.APPROVED:
            _count_cuts(item.round)
        elif outcome == Outcome.RETURNED:
            returning.ask_of_committee(item.claim, item.round, by, at)
        rounds.close(round=item.round, by=by, at=at)
    except (CannotVote, CannotClose) as refusal:
        raise CannotMeet(f"{item.claim.number}: {refusal}") from refusal


def _count_cuts(round_: Any) -> None:
    """Of each line the largest cut that a majority supports counts; who would cut more supports the smaller one."""
    present = round_.seats.filter(is_present=True, recusal="").count()
    by_line: dict[int, list[Cut]] = {}
    for one in Cut.objects.filter(round=round_).order_by("-amount", "pk"):
        by_line.setdefault(one.line_id, []).append(one)
    for rows in by_line.values():
        carried = carried_amount([one.amount for one in rows], present, round_.majority)
        if carried:
            Cut.objects.filter(pk=next(one.pk for one in rows if one.amount == carried)).update(counts=True)


def carried_amount(amounts: Sequence[Decimal], present: int, majority: str) -> Decimal:
    """The largest of some members' cuts of one line that enough of those present support; nothing where none is."""
    return max(
        (
            one
            for one in amounts
            if rules.carries(sum(other >= one for other in amounts), present=present, majority=majority)
        ),
        default=Decimal(0),
    )
