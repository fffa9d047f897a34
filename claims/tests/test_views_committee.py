"""The pages of the committee: called, agenda, session, each member's sheet, closed, minutes, notices; and refusals."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from claims.models import Claim, ClaimsVote, CommitteeRule, Cut, DecisionNotice, Meeting
from claims.selectors import meetings as selectors
from claims.services import flags
from claims.tests.committee import Committee
from claims.tests.deciding import now
from conftest import sign_in, unused_code
from office import deciding
from office.models import Duty
from office.rules import days
from office.services import rounds
from office.tests.factories import shown_by

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


class TestTheSheet:
    def test_says_what_is_wrong_beside_it_and_keeps_what_was_typed(self, at, committee):
        claim, other = committee.several(2)
        meeting = begun(at, committee, claim, other)
        member = committee.members[1]
        wrong = {f"line-{other.pk}-0": 9, f"amount-{other.pk}-0": "5", f"code-{other.pk}-0": ""}
        votes = {claim: {"choice": "refuse"}, other: {"choice": "cut", "words": "重复收费"}}
        answer = vote(at, meeting, member, votes, **wrong)
        assert answer.status_code == 422
        page = said(answer)
        assert "没有这一项" in page
        assert 'value="重复收费"' in page
        assert page.count("请填写理由") + page.count("请说明") >= 1
        assert vote(at, meeting, member, {claim: {"choice": ""}}).status_code == 422
        assert vote(at, meeting, member, {claim: {"choice": "cut"}}).status_code == 422  # nothing is cut
        assert not ClaimsVote.objects.filter(voter=member).exists()

    def test_a_wrong_code_confirms_nothing(self, at, committee):
        meeting = begun(at, committee, committee.waiting())
        member = committee.members[1]
        assert vote(at, meeting, member, code="000000").status_code == 422
        assert not meeting.invitees.get(person=member).confirmed_hash

    def test_an_agenda_that_changed_is_looked_at_again(self, at, committee):
        claim, other = committee.several(2)
        meeting = begun(at, committee, claim, other)
        browser = at(committee.sec)
        off = meeting.agenda.get(claim=other)
        before = ",".join(str(one.pk) for one in (claim, other))
        assert browser.post(url("agenda_take_off", off.pk), {"reason": "材料待补"}).status_code == 302
        answer = vote(at, meeting, committee.cai, but=(other,), agenda=before)
        assert "议题有变动" in said(answer)
        assert f'name="agenda" value="{claim.pk}"' in said(answer)
        assert vote(at, meeting, committee.cai, but=(other,)).status_code == 302
        assert now(other).state == "committee"

    def test_is_for_those_who_were_called_and_for_once(self, at, committee):
        meeting = begun(at, committee, committee.waiting())
        address = url("meeting_sheet", meeting.pk)
        assert at(committee.sec).get(address).status_code == 403
        assert at(committee.cai).get(address).status_code == 200
        vote(at, meeting, committee.cai)
        assert at(committee.cai).get(address).headers["Location"] == url("meeting", meeting.pk)
        assert "已确认" in said(vote(at, meeting, committee.cai))


class TestKeeping:
    def test_refusals_are_sentences(self, at, committee):
        browser, day = at(committee.sec), today().isoformat()
        assert "没有待审批小组审批的申请" in said(browser.get(url("meeting_agenda", called(at, committee).pk)))
        meeting = Meeting.objects.get()
        typed = {"number": "7", "held_on": day, "begins_at": "09:00", "place": "二楼", "notice_on": day}
        answer = browser.post(url("meeting_call"), typed)
        assert answer.status_code == 422
        assert 'value="二楼"' in said(answer)
        browser.post(url("meeting_open", meeting.pk))
        assert now(meeting).state == "called"  # nothing is on the agenda
        claim = committee.waiting()
        assert browser.post(url("meeting_agenda", meeting.pk), {}).status_code == 422
        browser.post(url("meeting_agenda", meeting.pk), {"claims": [claim.pk]})
        assert browser.post(url("meeting_cancel", meeting.pk), {"reason": ""}).status_code == 422
        assert browser.post(url("meeting_cancel", meeting.pk), {"reason": "改期"}).status_code == 302
        assert now(meeting).state == "cancelled"
        assert browser.post(url("meeting_freeze", meeting.pk), {"number": "1"}).status_code == 422

    def test_a_member_keeps_no_meeting_and_nobody_withdraws_for_another(self, at, committee):
        meeting = begun(at, committee, committee.waiting())
        item = meeting.agenda.get()
        member, other = committee.members[1:3]
        assert at(member).post(url("meeting_cancel", meeting.pk), {"reason": "x"}).status_code == 403
        answer = at(member).post(url("agenda_recuse", item.pk), {"person": other.pk, "reason": "亲属"})
        assert answer.status_code == 422
        assert at(committee.desk.hal).get(url("agenda_recuse", item.pk)).status_code == 403
        assert at(member).get(url("meeting_decide", meeting.pk)).status_code == 403
        assert "尚未确认表决单" in said(at(committee.cai).get(url("meeting_decide", meeting.pk)))
        assert at(committee.cai).post(url("meeting_decide", meeting.pk)).status_code == 422

    def test_a_held_claim_cannot_be_chosen(self, at, committee):
        claim = committee.waiting()
        flags.set_flag(claim=claim, kind="office", reason="举报", by=committee.desk.hal, at=timezone.now())
        page = said(at(committee.sec).get(url("meeting_agenda", called(at, committee).pk)))
        assert f'id="claim-{claim.pk}"' not in page
        assert claim.number in page


class TestWorklists:
    def test_each_sees_what_waits_for_him(self, at, committee):
        claim = committee.waiting()
        home = said(at(committee.sec).get("/"))
        assert claim.number in home
        meeting = called(at, committee, claim)
        assert url("meeting", meeting.pk) in said(at(committee.sec).get("/"))
        assert url("meeting", meeting.pk) in said(at(committee.cai).get("/"))
        at(committee.sec).post(url("meeting_open", meeting.pk))
        committee.note(meeting, committee.members)
        assert url("meeting_sheet", meeting.pk) in said(at(committee.cai).get("/"))
        for one in committee.members:
            vote(at, meeting, one)
        assert url("meeting", meeting.pk) in said(at(committee.cai).get("/"))
        assert url("meeting", meeting.pk) not in said(at(committee.members[1]).get("/"))
        at(committee.cai).post(url("meeting_decide", meeting.pk))
        assert url("meeting", meeting.pk) in said(at(committee.sec).get("/"))
        assert url("notice_issue", claim.pk) in said(at(committee.sec).get("/"))
        day = today().isoformat()
        at(committee.sec).post(url("notice_issue", claim.pk), {"number": "1", "on": day})
        assert url("notice_issue", claim.pk) not in said(at(committee.sec).get("/"))
        assert url("notice_serve", DecisionNotice.objects.get().pk) in said(at(committee.sec).get("/"))


class TestLists:
    def test_are_narrowed_sorted_and_exported(self, at, committee):
        decided(at, committee)
        browser = at(committee.sec)
        assert url("meeting", Meeting.objects.get().pk) in said(browser.get(url("meetings"), {"find": "7"}))
        assert "没有符合条件的记录" in said(browser.get(url("meetings"), {"find": "无此会议"}))
        for name in ("meetings", "notices"):
            assert browser.get(url(name), {"as": "xlsx"}).status_code == 200
            assert browser.get(url(name), {"served": "yes", "find": "x"}).status_code == 200


def decide_now(subject, by) -> None:
    """Somebody confirms it today."""
    opened, at = deciding.rounds_of(subject).get(), timezone.now()
    seen = opened.subject_hash
    rounds.vote(round=opened, choice="approve", hash_seen=seen, by=by, at=at, proof=shown_by(by, at))


class TestTheCommittee:
    def test_a_rule_is_entered_by_one_and_confirmed_by_another(self, at, committee, appoint):
        accountant = appoint("acc", Duty.FUND_ACCOUNTANT)
        typed = {
            "since": today().isoformat(),
            "quorum": "half",
            "majority": "two_thirds",
            "least": 5,
            "document": "9号",
        }
        answer = at(accountant).post(url("committee_rule_new"), {**typed, "since": "2009-01-01"})
        assert answer.status_code == 422
        assert at(accountant).post(url("committee_rule_new"), typed).status_code == 302
        [asked] = CommitteeRule.objects.all()
        assert selectors.asked_on(today()).version == "1"
        decide_now(asked, committee.desk.hal)
        assert selectors.asked_on(today()).majority == "two_thirds"
        page = said(at(accountant).get(url("committee")))
        assert "9号" in page
        assert "Cai" in page
