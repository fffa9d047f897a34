"""A committee that meets: who sits in it, who keeps it, and what they do, in short."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Any

from claims.models import AgendaItem, Claim, Invitee, Meeting
from claims.services import meetings, sitting
from claims.services.meetings import MeetingOf
from claims.services.sitting import BallotOf
from claims.tests.deciding import Desk, now
from conftest import NOON
from office.models import Duty, Person
from office.proof import MAKER, Proof
from office.tests.factories import shown_by

TODAY = NOON.date()


def stated(**more: Any) -> MeetingOf:
    """The notice of a meeting today."""
    return replace(MeetingOf("2010-1", TODAY, time(9), "二楼会议室", TODAY), **more)


def bound(by: Person, to: str, at: datetime = NOON) -> Proof:
    """The proof that somebody confirmed exactly this with a code."""
    return replace(shown_by(by, at), bound_to=to, maker=MAKER)


@dataclass
class Committee:
    """A desk with claims that come before a committee: Cai leads it, Sec keeps it."""

    desk: Desk
    sec: Person
    cai: Person
    members: list[Person]  # the chair among them, first

    @classmethod
    def of(cls, appoint: Callable[..., Person], size: int = 5) -> Committee:
        desk = Desk.of(appoint)
        desk.limit("committee", 500)
        cai = appoint("cai", Duty.COMMITTEE_CHAIR)
        others = [appoint(f"mem{number}", Duty.COMMITTEE_MEMBER) for number in range(1, size)]
        return cls(desk, appoint("sec", Duty.COMMITTEE_SECRETARY), cai, [cai, *others])

    def waiting(self, *given: Any, **more: Any) -> Claim:
        """A claim that waits for the committee."""
        claim = self.desk.handed_on(*given, **more)
        return self.desk.check(self.desk.check(claim, self.desk.fay), self.desk.sue)

    def several(self, count: int) -> list[Claim]:
        return [self.waiting(self.desk.member(str(number))) for number in range(1, count + 1)]

    def call(self, *claims: Claim, **more: Any) -> Meeting:
        meeting = meetings.call(stated=stated(**more), by=self.sec, at=NOON)
        if claims:
            self.put(meeting, *claims)
        return meeting

    def put(self, meeting: Meeting, *claims: Claim) -> list[AgendaItem]:
        return meetings.put_on_agenda(meeting=meeting, claims=claims, by=self.sec, at=NOON)

    def begin(self, *claims: Claim, present: Sequence[Person] | None = None, **more: Any) -> Meeting:
        """A meeting in session with these claims and those who are there."""
        meeting = self.call(*claims, **more)
        meetings.open_meeting(meeting=meeting, by=self.sec, at=NOON)
        self.note(meeting, self.members if present is None else present)
        return now(meeting)

    def note(self, meeting: Meeting, present: Collection[Person]) -> None:
        meetings.note_attendance(meeting=meeting, present={one.pk for one in present}, by=self.sec, at=NOON)

    def recuse(self, meeting: Meeting, claim: Claim, person: Person, reason: str = "亲属回避") -> None:
        meetings.recuse(item=meeting.agenda.get(claim=claim), person=person, reason=reason, by=self.sec, at=NOON)

    def ballots(self, meeting: Meeting, by: Person, otherwise: Mapping[int, BallotOf] | None = None) -> list[BallotOf]:
        """A whole sheet: agreed to, but where something else is said."""
        found = sitting.selectors.sheet_for(meeting, by)
        return [
            (otherwise or {}).get(one.claim_id) or BallotOf(one.claim_id, "approve", one.round.subject_hash)
            for one in found
        ]

    def vote(self, meeting: Meeting, by: Person, *otherwise: BallotOf) -> Invitee:
        """A member's sheet, confirmed with a code of its own."""
        ballots = self.ballots(meeting, by, {one.claim: one for one in otherwise})
        seen = sitting.sheet_hash(meeting=meeting, ballots=ballots, by=by)
        return sitting.confirm(meeting=meeting, ballots=ballots, by=by, at=NOON, proof=bound(by, seen))

    def all_vote(self, meeting: Meeting, but: Collection[Person] = ()) -> None:
        for one in self.members:
            if one not in but:
                self.vote(meeting, one)

    def decide(self, meeting: Meeting) -> Meeting:
        return sitting.decide(meeting=meeting, by=self.cai, at=NOON, proof=shown_by(self.cai))

    def on(self, meeting: Meeting, claim: Claim, choice: str, *cuts: Any, reason: str = "") -> BallotOf:
        """One line of a sheet."""
        opened = meeting.agenda.get(claim=claim).round
        return BallotOf(claim.pk, choice, opened.subject_hash, reason, cuts)
