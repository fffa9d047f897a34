"""Engagements: planned, named, noticed, given up, closed; and what is refused."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from audit.models import Engagement, EngagementMember
from audit.selectors import own_work
from audit.services import engagements as services
from audit.services import findings
from audit.services.auditing import CannotAudit
from audit.tests.auditing import DAY, SINCE, TODAY, Audit, now
from conftest import NOON
from office.models import Act, Duty
from office.models.acts import Act as OneAct
from office.rules import days

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def audit(appoint) -> Audit:
    return Audit.of(appoint)


class TestPlan:
    def test_an_engagement_has_a_number_and_its_lead_among_its_people(self, audit):
        made = audit.planned()
        assert (made.number, made.state, made.lead) == ("SJ2010-00001", "planned", audit.dan)
        assert [one.person for one in made.members.all()] == [audit.dan]
        names = Act.objects.of("audit.engagement", str(made.pk)).values_list("name", flat=True)
        assert set(names) == {"engagement.planned", "engagement.member-named"}

    def test_at_leaving_office_somebody_leaves(self, audit):
        made = audit.planned(kind="leaving", leaver=audit.hal)
        assert made.leaver == audit.hal

    def test_refusals(self, audit):
        for words, more in (
            ("in words", {"title": " "}),
            ("in words", {"plan": ""}),
            ("ends before", {"since": date(2010, 3, 1), "until": date(2010, 2, 1)}),
            ("not begun", {"since": TODAY + DAY, "until": TODAY + DAY}),
            ("whose office ends", {"kind": "leaving"}),
            ("whose office ends", {"leaver": audit.hal}),
            ("Nobody audits himself", {"kind": "leaving", "leaver": audit.dan}),
            ("no duty in which one audits", {"lead": audit.hal}),
        ):
            with pytest.raises(CannotAudit, match=words):
                audit.planned(**more)
        with pytest.raises(CannotAudit, match="None of your duties"):
            services.plan(stated=audit.stated(), by=audit.hal, at=NOON)
        assert not Engagement.objects.exists()
        assert Act.objects.filter(kind="refused", name="engagement.planned").count() == 9

    def test_it_is_planned_anew_before_the_notice(self, audit):
        made = audit.planned()
        services.change(engagement=made, stated=audit.stated(title="改题", lead=audit.dora), by=audit.dan, at=NOON)
        assert (now(made).title, now(made).lead) == ("改题", audit.dora)
        assert made.members.count() == 2
        services.change(engagement=made, stated=audit.stated(title="再改", lead=audit.dora), by=audit.dan, at=NOON)
        assert made.members.count() == 2
        told = audit.stated(kind="leaving", leaver=audit.dan, lead=audit.dora)
        with pytest.raises(CannotAudit, match="Nobody audits himself: this person is named"):
            services.change(engagement=made, stated=told, by=audit.dan, at=NOON)


class TestPeople:
    def test_whoever_did_work_in_the_period_is_told_how_much(self, audit, appoint):
        eva = appoint("eva", Duty.INTERNAL_AUDITOR)
        today = days.business_day(timezone.now())
        OneAct.objects.create(name="claim.checked", subject_type="claims.claim", subject_id="7", by=eva)
        OneAct.objects.create(
            name="claim.held", subject_type="claims.claim", subject_id="7", by=eva, duty=Duty.INTERNAL_AUDITOR
        )
        OneAct.objects.create(name="sign-in.done", by=eva)
        made = audit.planned(until=today)
        assert services.name_member(engagement=made, person=eva, by=audit.dan, at=NOON).own_work == 1
        assert own_work.own_work(eva, SINCE, today - DAY).count() == 0

    def test_refusals(self, audit, appoint):
        made = audit.planned(kind="leaving", leaver=audit.dora)
        for person, words in (
            (audit.hal, "no duty in which one audits"),
            (audit.dora, "Nobody audits himself"),
            (audit.dan, "named already"),
        ):
            with pytest.raises(CannotAudit, match=words):
                services.name_member(engagement=made, person=person, by=audit.dan, at=NOON)
        given_up = services.give_up(engagement=made, reason="并入年度审计", by=audit.dan, at=NOON)
        with pytest.raises(CannotAudit, match="given up"):
            services.name_member(engagement=given_up, person=appoint("eva", Duty.STATE_AUDITOR), by=audit.dan, at=NOON)

    def test_the_database_names_nobody_who_is_audited(self, audit):
        made = audit.planned(kind="leaving", leaver=audit.dora)
        with pytest.raises(DatabaseError, match="never who is audited"), transaction.atomic():
            EngagementMember.objects.create(engagement=made, person=audit.dora, named_by=audit.dan, named_at=NOON)


class TestNotice:
    def test_it_is_served_three_working_days_before(self, audit):
        made = audit.engagement()
        assert (made.state, made.notice_on, made.fieldwork_from) == ("noticed", TODAY, TODAY + 3 * DAY)

    def test_refusals(self, audit, appoint):
        made = audit.planned()

        def serve(on: date = TODAY, begins: date = TODAY + 3 * DAY, by=audit.dan):
            return services.serve_notice(engagement=made, served_on=on, fieldwork_from=begins, by=by, at=NOON)

        with pytest.raises(CannotAudit, match="Two people at least"):
            serve()
        services.name_member(engagement=made, person=audit.dora, by=audit.dan, at=NOON)
        with pytest.raises(CannotAudit, match="2010-03-04 at the earliest"):
            serve(begins=TODAY + 2 * DAY)
        with pytest.raises(CannotAudit, match="not come yet"):
            serve(on=TODAY + DAY)
        with pytest.raises(CannotAudit, match="working-day table does not reach"):
            serve(on=date(2009, 12, 1))
        with pytest.raises(CannotAudit, match="not named"):
            serve(by=appoint("eva", Duty.STATE_AUDITOR))
        assert serve().state == "noticed"
        with pytest.raises(CannotAudit, match="under way"):
            serve()

    def test_the_database_asks_for_two_people_and_keeps_the_period(self, audit):
        made = audit.planned()
        fields = {"state": "noticed", "notice_on": TODAY, "fieldwork_from": TODAY + 3 * DAY}
        with pytest.raises(DatabaseError, match="two people at least"), transaction.atomic():
            Engagement.objects.filter(pk=made.pk).update(**fields)
        noticed = audit.engagement()
        for change in ({"since": SINCE - DAY}, {"lead": audit.dora}, {"state": "planned"}, {"state": "void"}):
            with pytest.raises(DatabaseError), transaction.atomic():
                Engagement.objects.filter(pk=noticed.pk).update(**change)


class TestEnd:
    def test_it_is_given_up_before_the_notice_alone(self, audit):
        made = audit.planned()
        with pytest.raises(CannotAudit, match="in words"):
            services.give_up(engagement=made, reason=" ", by=audit.dan, at=NOON)
        assert services.give_up(engagement=made, reason="并入年度审计", by=audit.dan, at=NOON).state == "void"
        with pytest.raises(CannotAudit, match="under way"):
            services.give_up(engagement=audit.engagement(), reason="x", by=audit.dan, at=NOON)

    def test_it_is_closed_when_every_finding_is(self, audit):
        made = audit.engagement()
        found = audit.final(made)
        with pytest.raises(CannotAudit, match="under way"):
            services.close(engagement=made, by=audit.dan, at=NOON)
        audit.rectified(found)
        audit.issued(made)
        with pytest.raises(CannotAudit, match=f"{found} is not closed"):
            services.close(engagement=made, by=audit.dan, at=NOON)
        with pytest.raises(DatabaseError, match="closed when every finding is"), transaction.atomic():
            Engagement.objects.filter(pk=made.pk).update(state="closed")
        findings.close(finding=found, by=audit.dora, at=NOON)
        assert services.close(engagement=made, by=audit.dan, at=NOON).state == "closed"
        findings.reopen(finding=found, reason="再次发生", by=audit.dora, at=NOON + timedelta(days=1))
        assert (now(made).state, now(found).state) == ("reported", "final")
