"""The pages of the committee: called, agenda, session, each member's sheet, closed, minutes, notices; and refusals."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from claims.models import Claim, ClaimsVote, Cut, DecisionNotice, Meeting
from claims.tests.committee import Committee
from claims.tests.deciding import now
from conftest import sign_in, unused_code
from office.rules import days

pytestmark = pytest.mark.django_db


@pytest.fixture
def committee(appoint) -> Committee:
    return Committee.of(appoint)


@pytest.fixture
def at(committee):
    """A browser for each person, kept."""
    browsers: dict[int, Client] = {}

    def of(person) -> Client:
        if person.pk not in browsers:
            browsers[person.pk] = sign_in(Client(), person)
        return browsers[person.pk]

    return of


def url(name: str, *arguments: object) -> str:
    return reverse(f"claims:{name}", args=arguments)


def today():
    return days.business_day(timezone.now())


def said(answer) -> str:
    return answer.content.decode()


def called(at, committee, *claims: Claim) -> Meeting:
    """A meeting that the secretary called in the browser, with these claims."""
    browser = at(committee.sec)
    day = today().isoformat()
    typed = {"number": "7", "held_on": day, "begins_at": "09:00", "place": "二楼", "notice_on": day}
    answer = browser.post(url("meeting_call"), typed)
    meeting = Meeting.objects.get()
    assert answer.headers["Location"] == url("meeting_agenda", meeting.pk)
    if claims:
        answer = browser.post(url("meeting_agenda", meeting.pk), {"claims": [one.pk for one in claims]})
        assert answer.headers["Location"] == url("meeting", meeting.pk)
    return meeting


def begun(at, committee, *claims: Claim, present=None) -> Meeting:
    meeting = called(at, committee, *claims)
    browser = at(committee.sec)
    assert browser.post(url("meeting_open", meeting.pk)).headers["Location"] == url("meeting_attendance", meeting.pk)
    there = [one.pk for one in (committee.members if present is None else present)]
    assert browser.post(url("meeting_attendance", meeting.pk), {"present": there}).status_code == 302
    return now(meeting)


def vote(at, meeting: Meeting, person, otherwise=None, *, but=(), **more):
    """A member's sheet as his browser sends it: agreed to, but where something else is typed."""
    browser = at(person)
    items = [one for one in meeting.agenda.select_related("round") if one.claim not in but]
    typed: dict[str, object] = {"code": unused_code(person), "agenda": ",".join(str(one.claim_id) for one in items)}
    for one in items:
        number = one.claim_id
        typed |= {f"seen-{number}": one.round.subject_hash, f"choice-{number}": "approve", f"words-{number}": ""}
        typed |= {f"{name}-{number}": value for name, value in (otherwise or {}).get(one.claim, {}).items()}
    return browser.post(url("meeting_sheet", meeting.pk), typed | more)


def cuts(claim: Claim, amount: str) -> dict[str, object]:
    """The first line of a claim is cut."""
    number = claim.pk
    return {f"line-{number}-0": 1, f"amount-{number}-0": amount, f"code-{number}-0": "over_limit"}


def decided(at, committee) -> tuple[Meeting, list[Claim]]:
    """Three claims: the first cut by a majority, one member withdrew from the second, one is against the third."""
    first, second, third = committee.several(3)
    meeting = begun(at, committee, first, second, third)
    chair, relative, against, cutter, other = committee.members
    withdrawn = meeting.agenda.get(claim=second)
    answer = at(relative).post(url("agenda_recuse", withdrawn.pk), {"person": relative.pk, "reason": "堂兄弟"})
    assert answer.headers["Location"] == url("meeting", meeting.pk)
    for person, amount in ((cutter, "300"), (other, "200"), (chair, "200")):
        assert vote(at, meeting, person, {first: {"choice": "cut"}}, **cuts(first, amount)).status_code == 302
    assert vote(at, meeting, relative, but=(second,)).status_code == 302
    assert vote(at, meeting, against, {third: {"choice": "refuse", "words": "并非本病所需"}}).status_code == 302
    assert "并非本病所需" not in said(at(chair).get(url("meeting", meeting.pk)))  # shown once it is decided
    assert at(chair).get(url("meeting_decide", meeting.pk)).status_code == 200
    assert at(chair).post(url("meeting_decide", meeting.pk)).status_code == 302
    return now(meeting), [first, second, third]


class TestAWholeMeeting:
    def test_is_decided_on_one_sheet(self, at, committee):
        meeting, claims = decided(at, committee)
        assert meeting.state == "decided"
        assert {now(one).state for one in claims} == {"approved"}
        assert [one.amount for one in Cut.objects.filter(counts=True)] == [200]
        assert ClaimsVote.objects.filter(round__step="committee").count() == 14
        page = said(at(committee.sec).get(url("meeting", meeting.pk)))
        assert "并非本病所需" in page
        assert "堂兄弟" in page

    def test_its_minutes_are_frozen_and_all_its_papers_print(self, at, committee):
        meeting, _claims = decided(at, committee)
        browser = at(committee.sec)
        answer = browser.get(url("meeting_print", meeting.pk, "minutes"))
        assert answer.headers["Location"] == url("meeting", meeting.pk)  # not frozen yet
        assert browser.post(url("meeting_freeze", meeting.pk), {"number": "海合管纪〔2010〕1号"}).status_code == 302
        frozen = now(meeting).minutes
        assert frozen.text["led_by"] == "Cai"
        assert frozen.sha256 in said(browser.get(url("meeting", meeting.pk)))
        for what in ("notice", "attendance", "agenda", "minutes"):
            assert browser.get(url("meeting_print", meeting.pk, what)).content.startswith(b"%PDF"), what
        assert browser.get(url("meeting_print", meeting.pk, "songs")).status_code == 404

    def test_a_decision_is_answered_in_writing_and_served(self, at, committee):
        _meeting, (first, *_others) = decided(at, committee)
        browser, day = at(committee.sec), today().isoformat()
        answer = browser.post(url("notice_issue", first.pk), {"number": "海合管决〔2010〕1号", "on": day})
        issued = DecisionNotice.objects.get()
        assert answer.headers["Location"] == url("notice_serve", issued.pk)
        again = browser.post(url("notice_issue", first.pk), {"number": "海合管决〔2010〕2号", "on": day})
        assert again.status_code == 422
        assert "已制发决定书" in said(again)
        assert "待送达" in said(browser.get(url("notices")))
        served = {"way": "handed_over", "served_to": "马1", "served_on": day}
        assert browser.post(url("notice_serve", issued.pk), served).headers["Location"] == url("notices")
        assert now(issued).served_to == "马1"
        assert browser.get(url("notice_serve", issued.pk)).headers["Location"] == url("notices")
        assert browser.get(url("notice_print", issued.pk)).content.startswith(b"%PDF")
