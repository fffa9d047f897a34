"""The pages of screenings, leads and complaints: what they show, send and refuse; what waits; what they ask."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audit import lead_overview, worklists_leads
from audit.models import Complaint, Lead, Screening, ScreenSetting
from audit.services import complaints, leads, screening
from audit.services.complaints import Told
from audit.services.screening_tables import Span
from audit.tests.test_leads import lead
from audit.tests.world import day, hospital
from conftest import NOON, sign_in
from office import desk, overview, ways
from office.models import Duty, Job
from office.rules import days
from office.tests.factories import tess

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

FEW, MANY = 2, 9


@pytest.fixture
def auditor(client, dan):
    """Dan's browser, in English."""
    client.cookies["django_language"] = "en"
    return sign_in(client, dan)


def page(browser, name, *args, **query):
    answer = browser.get(reverse(f"audit:{name}", args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def send(browser, door, *args, **typed):
    return browser.post(reverse(f"audit:{door}", args=args), typed)


@pytest.fixture
def split(world):
    """A lead about two claims that follow each other too soon."""
    who = world.person()
    one, two = world.stay(who, day(2, 1), day(2, 8)), world.stay(who, day(2, 9), day(2, 12))
    return lead(one, two, member=who, provider=one.provider, village=who.household.village, doctor="李")


class TestLeads:
    def test_the_list_is_narrowed(self, auditor, dan, split, world):
        done = leads.clear(lead=lead(score=90), reason="x", by=dan, at=NOON)
        assert str(done) not in page(auditor, "leads")
        assert str(done) in page(auditor, "leads", state="cleared")
        claim = split.lead_claims.first().claim
        for query in (
            {"find": str(split)}, {"find": claim.number}, {"find": claim.member.name}, {"claim": claim.pk},
            {"member": claim.member_id}, {"provider": claim.provider_id}, {"doctor": "李"}, {"score": 60},
            {"screen": "readmission", "state": "open"},
        ):  # fmt: skip
            assert str(split) in page(auditor, "leads", **query), query
        for query in ({"find": "nobody"}, {"score": 99}, {"screen": "benford"}, {"held": "yes"}):
            assert str(split) not in page(auditor, "leads", **query), query
        leads.hold(lead=split, claims=[claim.pk], reason="x", by=dan, at=NOON)
        assert str(split) in page(auditor, "leads", held="yes")

    def test_the_list_as_a_workbook(self, auditor, split):
        assert auditor.get(reverse("audit:leads"), {"as": "xlsx"}).status_code == 200

    def test_one_with_its_claims_side_by_side(self, auditor, split):
        shown = page(auditor, "lead", split.pk)
        for one in split.lead_claims.select_related("claim"):
            assert one.claim.number in shown
        assert "Claims side by side" in shown
        assert "is-same" in shown

    def test_the_ones_before_and_after_it(self, auditor, split):
        before, after = lead(score=61), lead(score=59)
        shown = page(auditor, "lead", split.pk)
        assert reverse("audit:lead", args=[before.pk]) in shown
        assert reverse("audit:lead", args=[after.pk]) in shown

    def test_the_next_one_opens_after_the_decision(self, auditor, split):
        other = lead(score=10)
        answer = send(auditor, "lead_decide", split.pk, outcome="clear", reason="fine")
        assert answer.headers["Location"] == reverse("audit:lead", args=[other.pk])
        last = send(auditor, "lead_decide", other.pk, outcome="confirm", reason="not fine")
        assert last.headers["Location"] == reverse("audit:leads")
        assert set(Lead.objects.values_list("state", flat=True)) == {"cleared", "confirmed"}
        assert "decided by" in page(auditor, "lead", split.pk)
        refused = send(auditor, "lead_decide", split.pk, outcome="clear", reason="again")
        assert refused.status_code == 422

    def test_what_else_is_done(self, auditor, split):
        assert send(auditor, "lead_note", split.pk, words="asked").status_code == 302
        claims = list(split.lead_claims.values_list("claim", flat=True))
        for name in ("lead_decide", "lead_note", "lead_hold", "lead_let_go", "lead_reopen"):
            assert page(auditor, name, split.pk)
        assert send(auditor, "lead_hold", split.pk, claims=claims, reason="files").status_code == 302
        assert "Let claims go" in page(auditor, "lead", split.pk)
        assert send(auditor, "lead_let_go", split.pk, words="agree").status_code == 302
        assert send(auditor, "lead_let_go", split.pk, words="agree").status_code == 422
        assert send(auditor, "lead_decide", split.pk, outcome="clear", reason="fine").status_code == 302
        assert "Open again" in page(auditor, "lead", split.pk)
        assert send(auditor, "lead_reopen", split.pk, words="new").status_code == 302

    def test_a_hold_that_is_refused_is_said(self, auditor, split, monkeypatch):
        def refuse(**given):
            raise leads.CannotDecide("not now")

        monkeypatch.setattr(leads, "hold", refuse)
        claims = list(split.lead_claims.values_list("claim", flat=True))
        answer = send(auditor, "lead_hold", split.pk, claims=claims, reason="files")
        assert "not now" in answer.content.decode()

    def test_top_lists(self, auditor, split):
        for kind in ("member", "provider", "village", "clerk", "doctor"):
            page(auditor, "leads_by", kind)
        assert hospital("P1").name in page(auditor, "leads_by", "provider")
        assert auditor.get(reverse("audit:leads_by", args=["gossip"])).status_code == 404

    def test_the_ranking(self, auditor, split):
        assert "60.0" in page(auditor, "ranking")
        leads.clear(lead=split, reason="x", by=tess(), at=NOON)
        assert "No open lead points at a claim." in page(auditor, "ranking")

    def test_ways_from_claim_patient_and_provider(self, auditor, dan, split):
        claim = split.lead_claims.first().claim
        for subject, query in (
            (claim, f"claim={claim.pk}"),
            (claim.member, f"member={claim.member_id}"),
            (claim.provider, f"provider={claim.provider_id}"),
        ):
            assert f"{reverse('audit:leads')}?{query}" in [one.url for one in ways.ways_from(subject, dan)]
        assert f"claim={claim.pk}" in auditor.get(reverse("claims:claim", args=[claim.pk])).content.decode()
        assert "provider=" in auditor.get(reverse("claims:provider", args=[claim.provider_id])).content.decode()

    def test_who_may_not_look_finds_no_way(self, split, appoint):
        claim = split.lead_claims.first().claim
        assert not [one for one in ways.ways_from(claim, appoint("ivan", Duty.INTAKE_CLERK)) if "leads" in one.url]

    def test_the_state_auditor_reads(self, client, appoint, split):
        browser = sign_in(client, appoint("stan", Duty.STATE_AUDITOR))
        shown = browser.get(reverse("audit:lead", args=[split.pk])).content.decode()
        assert reverse("audit:lead_decide", args=[split.pk]) not in shown


class TestScreens:
    def test_all_and_how_they_are_set(self, auditor):
        assert send(
            auditor, "screen_set", "readmission", name="days", value=7, since=today().isoformat(), reason="the paper"
        ).status_code == 302  # fmt: skip
        assert ScreenSetting.objects.get().value == 7
        assert "the paper" in page(auditor, "screens")
        assert "the paper" in page(auditor, "screen_set", "readmission")
        assert auditor.get(reverse("audit:screen_set", args=["gossip"])).status_code == 404
        answer = send(auditor, "screen_set", "readmission", name="days", value=99, since=today(), reason="x")
        assert answer.status_code == 422

    def test_the_head_sets_nothing(self, client, appoint):
        browser = sign_in(client, appoint("hugo", Duty.OFFICE_HEAD))
        assert "readmission/set" not in browser.get(reverse("audit:screens")).content.decode()
        assert "new" not in str(browser.get(reverse("audit:screenings")).context["page_actions"])

    def test_a_screening_is_asked_for(self, auditor, dan):
        typed = {"first": day(1, 1).isoformat(), "last": today().isoformat(), "screens": ["readmission", "benford"]}
        answer = send(auditor, "screening_new", **typed)
        asked = Job.objects.get()
        assert answer.headers["Location"] == reverse("office:job", args=[asked.pk])
        assert asked.arguments["screens"] == ["readmission", "benford"]
        assert page(auditor, "screening_new")
        later = {"first": today().isoformat(), "last": day(1, 1).isoformat()}
        assert send(auditor, "screening_new", **typed | later).status_code == 422

    def test_what_came_of_it(self, auditor, dan):
        begun = screening.begin(span=Span(day(1, 1), day(3, 1)), screens=["readmission", "benford"], by=dan, at=NOON)
        assert "has not run yet" in page(auditor, "screening", begun.pk)
        screening.go_on(begun, by=dan, at=NOON)
        shown = page(auditor, "screening", begun.pk)
        assert "2 of 2 screens" in shown
        [hits, *_rest] = re.findall(r'class="num">([0-9,]+)<', shown.partition("<tfoot")[2])
        assert int(hits) == sum(one.hits for one in begun.results.all())
        night = screening.by_night(NOON)
        assert "by night" in page(auditor, "screening", night.pk)
        assert "by night" in page(auditor, "screenings", who="night")
        assert "by night" not in page(auditor, "screenings", who="asked").split("<tbody")[1]
        assert auditor.get(reverse("audit:screenings"), {"as": "xlsx"}).status_code == 200


def today():
    return days.business_day(timezone.now())


def typed(**more):
    return {
        "channel": "visit", "received_on": today().isoformat(), "informant": "马志明", "contact": "139",
        "about": "某卫生室", "words": "没有看过病 " * 20, **more,
    }  # fmt: skip


class TestComplaints:
    def complaint(self, dan):
        told = Told("visit", "某卫生室", "没有看过病", today(), "马志明", "139")
        return complaints.take_down(told=told, by=dan, at=timezone.now())

    def test_taken_down_by_who_may_not_read_it(self, client, appoint):
        browser = sign_in(client, appoint("ivan", Duty.INTAKE_CLERK))
        assert browser.get(reverse("audit:complaint_new")).status_code == 200
        answer = send(browser, "complaint_new", **typed())
        assert answer.headers["Location"] == reverse("office:home")
        assert Complaint.objects.get().informant == "马志明"

    def test_from_taking_down_to_the_answer(self, auditor, dan, world):
        answer = send(auditor, "complaint_new", **typed())
        found = Complaint.objects.get()
        at = [found.pk]
        assert answer.headers["Location"] == reverse("audit:complaint", args=at)
        assert "马志明" not in page(auditor, "complaint", *at)
        for name in ("complaint_assign", "complaint_note", "complaint_answer", "complaint_lead"):
            assert page(auditor, name, *at)
        assert send(auditor, "complaint_assign", *at, to=dan.pk).status_code == 302
        assert send(auditor, "complaint_note", *at, on=today().isoformat(), words="asked").status_code == 302
        claim = world.stay(world.person(), day(2, 1), day(2, 8))
        assert send(auditor, "complaint_lead", *at, claims=f"{claim.number}\nX").status_code == 422
        made = send(auditor, "complaint_lead", *at, claims=claim.number)
        assert made.headers["Location"] == reverse("audit:lead", args=[Lead.objects.get().pk])
        assert found.number in page(auditor, "lead", Lead.objects.get().pk)
        assert str(Lead.objects.get()) in page(auditor, "complaint", *at)
        assert send(auditor, "complaint_answer", *at, result="founded", words="true").status_code == 302
        assert "found to be true" in page(auditor, "complaint", *at)
        assert send(auditor, "complaint_informant", *at).status_code == 200

    def test_an_anonymous_one_has_nobody_to_show(self, auditor):
        send(auditor, "complaint_new", **typed(is_anonymous="on", informant="", contact=""))
        found = Complaint.objects.get()
        assert send(auditor, "complaint_informant", found.pk).status_code == 302
        assert "anonymous" in page(auditor, "complaint", found.pk)

    def test_the_list_is_narrowed(self, auditor, dan):
        found = self.complaint(dan)
        for query in ({}, {"find": found.number}, {"find": "卫生室"}, {"state": "received"}, {"channel": "visit"}):
            assert found.number in page(auditor, "complaints", **query), query
        for query in ({"find": "x"}, {"state": "late"}, {"state": "assigned"}, {"channel": "box"}):
            assert found.number not in page(auditor, "complaints", **query), query
        assert auditor.get(reverse("audit:complaints"), {"as": "xlsx"}).status_code == 200

    def test_an_overdue_one_says_so(self, auditor, dan):
        told = Told("visit", "某卫生室", "没有看过病", today() - timedelta(days=61), "马志明")
        found = complaints.take_down(told=told, by=dan, at=timezone.now())
        assert "Overdue" in page(auditor, "complaint", found.pk)
        look = desk.Look(timezone.now())
        assert worklists_leads.late_complaints(dan, look).count == 1
        [late] = [one for one in overview.overdue_for(dan, timezone.now()) if one.late.name == "audit.complaints"]
        assert late.oldest_days == 1

    def test_the_state_auditor_reads(self, client, appoint, dan):
        found = self.complaint(dan)
        browser = sign_in(client, appoint("stan", Duty.STATE_AUDITOR))
        shown = browser.get(reverse("audit:complaint", args=[found.pk])).content.decode()
        assert reverse("audit:complaint_note", args=[found.pk]) not in shown
        assert "complaint_new" not in str(browser.get(reverse("audit:complaints")).context["page_actions"])


class TestWaiting:
    def test_for_the_auditor(self, auditor, dan, split):
        found = TestComplaints().complaint(dan)
        look = desk.Look(timezone.now())
        assert worklists_leads.open_leads(dan, look).items[0].label.startswith(str(split))
        assert worklists_leads.leads_open([str(split.pk)])[0].url == reverse("audit:lead", args=[split.pk])
        assert worklists_leads.open_complaints(dan, look).count == 1
        assert worklists_leads.complaints_open([str(found.pk)])[0].label.startswith(found.number)
        assert str(split) in auditor.get(reverse("office:home")).content.decode()

    def test_for_the_head(self, client, appoint, dan, split):
        head = appoint("hugo", Duty.OFFICE_HEAD)
        browser = sign_in(client, head)
        assert "audit/leads" in browser.get(reverse("office:overview")).content.decode()
        told = lead_overview.told(head, timezone.now())
        assert [(one["count"], one["money"]) for one in told["lines"]] == [(1, Decimal(100)), (0, 0), (0, 0)]

    def test_nothing_where_nothing_was_screened(self, dan):
        assert lead_overview.told(dan, timezone.now()) is None


@pytest.mark.parametrize("many", [FEW, MANY])
def test_a_page_asks_the_same_of_few_and_of_many(auditor, dan, world, many):
    for number in range(many):
        who = world.person()
        one, two = world.stay(who, day(2, 1), day(2, 8)), world.stay(who, day(2, 9), day(2, 12))
        lead(one, two, member=who, provider=hospital(f"P{number}"))
        TestComplaints().complaint(dan)
        Screening.objects.create(
            first=day(1, 1), last=day(2, 1), screens=["benford"], asked_by=dan, begun_on=day(3, 1), begun_at=NOON
        )
    counted = {}
    for name in COSTS:
        where = reverse(f"audit:{name}", args=["provider"] if name == "leads_by" else [])
        auditor.get(where)
        with CaptureQueriesContext(connection) as questions:
            assert auditor.get(where).status_code == 200
        counted[name] = len(questions)
    assert counted == COSTS


#: Statements of a page opened for the second time by the auditor.
COSTS: dict[str, int] = {"complaints": 5, "leads": 5, "leads_by": 6, "ranking": 7, "screenings": 5, "screens": 5}
