"""What the demo leaves with the committee: a meeting that is over, one that is called for today, notices."""

from __future__ import annotations

from collections import Counter
from datetime import date

from claims.models import Claim, Cut, DecisionNotice, Meeting
from claims.selectors import meetings
from claims.services.approving import sha256_of


def assert_the_committee_has_met_and_is_called(today: date) -> None:
    """Minutes frozen with one withdrawal, one dissent and one cut; notices of which one is to be served; five claims on
    today's agenda, one that waits for another."""
    past, called = Meeting.objects.order_by("held_on")
    assert (past.state, called.state, called.held_on) == ("closed", "called", today)
    text = past.minutes.text
    assert past.minutes.sha256 == sha256_of(text)
    assert [len(one["votes"]) for one in text["claims"]] == [5, 4, 5]
    assert [len(one["dissent"]) for one in text["claims"]] == [0, 1, 0]
    assert [one["outcome"] for one in text["claims"]] == ["approved", "approved", "refused"]
    assert [one["amount"] for one in text["claims"][0]["cuts"]] == ["600.00"]
    assert Cut.objects.filter(claim=past.agenda.get(position=1).claim, counts=True).count() == 1
    answers = DecisionNotice.objects.filter(claim__in=past.agenda.values("claim"))
    assert Counter(bool(one.way) for one in answers) == {True: 2, False: 1}
    agenda = [one.claim for one in called.agenda.select_related("claim__scheme")]
    assert Counter(one.scheme.code for one in agenda) == {"ncms": 3, "employees": 2}
    assert all(one.state == Claim.State.COMMITTEE for one in agenda)
    assert not set(meetings.waiting_claims()) & set(agenda)
    assert meetings.waiting_claims().exists()
