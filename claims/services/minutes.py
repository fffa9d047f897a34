"""The minutes of a committee's meeting (会议纪要): number, text and hash frozen (docs/rules/committee.md)."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from claims.models import AgendaItem, Approval, Cut, Meeting, Minutes
from claims.selectors import meetings as selectors
from claims.services.approving import sha256_of
from claims.services.locks import refusing
from claims.services.meetings import KEEP, CannotMeet, kept, move
from office.models import Person
from office.models.rounds import Outcome
from office.rules.rounds import CARRIED_BY

#: How many characters a number of the office has (文号), at most.
LONGEST: Final = 60


@refusing("meeting.minutes-frozen", CannotMeet, about="meeting")
def freeze(*, meeting: Meeting, number: str, by: Person, at: datetime) -> Minutes:
    """Write down what was decided, under a number; from then on nothing of it changes. Raises CannotMeet."""
    current = kept(meeting, by, Meeting.State.DECIDED)
    given = number.strip()
    if not given or len(given) > LONGEST:
        words = _("The minutes have a number of at most %(longest)s characters.") % {"longest": LONGEST}
        raise CannotMeet(words, "number")
    if Minutes.objects.filter(number=given).exists():
        raise CannotMeet(_("There are minutes with this number already."), "number")
    text = text_of(current, given)
    frozen = Minutes.objects.create(
        meeting=current, number=given, text=text, sha256=sha256_of(text), frozen_by=by, frozen_at=at
    )
    move(current, Meeting.State.CLOSED, "meeting.minutes-frozen", by, at, right=KEEP, subject_hash=frozen.sha256)
    return frozen


def text_of(meeting: Meeting, number: str) -> dict[str, Any]:
    """What the minutes say: the meeting, who was there, and each claim with its votes."""
    called = list(meeting.invitees.select_related("person").order_by("pk"))
    leader = selectors.leader_of(meeting, called)
    items = meeting.agenda.select_related("claim__member", "round").order_by("position")
    return {
        "number": number,
        "meeting": meeting.number,
        "held_on": meeting.held_on.isoformat(),
        "begins_at": f"{meeting.begins_at:%H:%M}",
        "place": meeting.place,
        "notice_on": meeting.notice_on.isoformat(),
        "led_by": "" if leader is None else leader.full_name,
        "called": [
            {
                "person": one.person.full_name,
                "role": one.role,
                "present": bool(one.is_present),
                "confirmed": one.confirmed_hash,
            }
            for one in called
        ],
        "claims": [_claim(one) for one in items],
    }


def _claim(item: AgendaItem) -> dict[str, Any]:
    decided = item.round
    approval = Approval.objects.filter(claim=item.claim).first() if decided.outcome == Outcome.APPROVED else None
    votes = [
        {"person": one.voter.full_name, "choice": one.choice, "reason": one.reason}
        for one in decided.votes.select_related("voter").order_by("pk")
    ]
    speaking = CARRIED_BY.get(decided.outcome)
    return {
        "position": item.position,
        "claim": item.claim.number,
        "patient": item.claim.member.name,
        "total": str(item.claim.total),
        "asked": "" if decided.amount is None else str(decided.amount),
        "outcome": decided.outcome,
        "not_decided": decided.void_reason,
        "fund_pays": "" if approval is None else str(approval.fund_pays),
        "recused": [
            {"person": one.person.full_name, "reason": one.recusal}
            for one in decided.seats.exclude(recusal="").select_related("person").order_by("pk")
        ],
        "votes": votes,
        "dissent": [one for one in votes if speaking is not None and one["choice"] not in speaking],
        "cuts": [
            {"line": one.line.position, "item": one.line.name, "amount": str(one.amount), "reason": one.reason_code}
            for one in Cut.objects.filter(round=decided, counts=True).select_related("line").order_by("line__position")
        ],
    }
