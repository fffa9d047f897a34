"""People who are taken off an engagement: with day and reason, what they wrote stays, they write nothing more of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.models import Engagement, TakenOff, WorkPaper
from audit.prints import engagements as prints
from audit.selectors.reports import content_of
from audit.services import auditing, papers, waiving
from audit.services import engagements as services
from audit.services.auditing import CannotAudit
from audit.tests.auditing import DAY, MONEY, TODAY, Audit, now
from audit.tests.test_waiving import stated
from conftest import NOON, sign_in
from office import desk
from office.models import Act, Duty

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def audit(appoint) -> Audit:
    return Audit.of(appoint)


@pytest.fixture
def eva(appoint):
    return appoint("eva", Duty.INTERNAL_AUDITOR)


@pytest.fixture
def of(audit, eva) -> Engagement:
    """Under way with three: Dan leads, Dora and Eva work with him."""
    made = audit.engagement()
    services.name_member(engagement=made, person=eva, by=audit.dan, at=NOON)
    return made


def off(audit: Audit, of: Engagement, person: Any, **more: Any) -> TakenOff:
    told: dict[str, Any] = {"on": TODAY, "reason": "与被审计单位负责人有亲属关系", "by": audit.dan, "at": NOON}
    return services.take_off(engagement=of, person=person, **(told | more))


def names(of: Engagement) -> list[str]:
    return sorted(one.person.username for one in of.members.there())


def waiting(person: Any) -> set[str]:
    """What waits for somebody."""
    return {one.worklist.name for one in desk.waiting_for(person, TODAY)}


class TestTakenOff:
    def test_with_day_and_reason_and_nothing_is_lost(self, audit, of, eva):
        made = off(audit, of, eva)
        assert str(made) == f"{of}: Eva: {TODAY}"
        assert names(of) == ["dan", "dora"]
        assert of.members.count() == 3
        assert not auditing.is_named(of, eva)
        assert auditing.was_named(of, eva)
        act = Act.objects.get(name="engagement.member-taken-off", kind="done")
        assert (act.by, act.reason, act.facts["person"]) == (audit.dan, made.reason, eva.pk)

    def test_refusals(self, audit, of, eva, appoint):
        gus = appoint("gus", Duty.INTERNAL_AUDITOR)
        for words, person, more in (
            ("The lead stays", audit.dan, {}),
            ("does not work on", gus, {}),
            ("in words", eva, {"reason": " "}),
            ("between that on which", eva, {"on": TODAY + DAY}),
            ("between that on which", eva, {"on": TODAY - DAY}),
            ("None of your duties", eva, {"by": audit.hal}),
            ("not named", eva, {"by": gus}),
        ):
            with pytest.raises(CannotAudit, match=words):
                off(audit, of, person, **more)
        off(audit, of, eva)
        for words, person in (("does not work on", eva), ("Two people at least", audit.dora)):
            with pytest.raises(CannotAudit, match=words):
                off(audit, of, person)
        assert names(of) == ["dan", "dora"]

    def test_before_the_notice_the_lead_may_stay_alone_for_a_time(self, audit):
        made = audit.planned()
        services.name_member(engagement=made, person=audit.dora, by=audit.dan, at=NOON)
        off(audit, made, audit.dora)
        with pytest.raises(CannotAudit, match="Two people at least"):
            services.serve_notice(
                engagement=made, served_on=TODAY, fieldwork_from=TODAY + 3 * DAY, by=audit.dan, at=NOON
            )
        fields = {"state": "noticed", "notice_on": TODAY, "fieldwork_from": TODAY + 3 * DAY}
        with pytest.raises(DatabaseError, match="two people at least"), transaction.atomic():
            Engagement.objects.filter(pk=made.pk).update(**fields)

    def test_he_is_not_named_again(self, audit, of, eva):
        off(audit, of, eva)
        with pytest.raises(CannotAudit, match="was taken off"):
            services.name_member(engagement=of, person=eva, by=audit.dan, at=NOON)
        planned = audit.planned()
        services.name_member(engagement=planned, person=audit.dora, by=audit.dan, at=NOON)
        off(audit, planned, audit.dora)
        with pytest.raises(CannotAudit, match="was taken off") as refusal:
            services.change(engagement=planned, stated=audit.stated(lead=audit.dora), by=audit.dan, at=NOON)
        assert refusal.value.field == "lead"

    def test_he_writes_nothing_more_of_it(self, audit, of, eva):
        found = audit.final(of, **MONEY)
        off(audit, of, eva)
        stated_paper = papers.PaperOf("x", "x", "x", "x")
        with pytest.raises(CannotAudit, match="You were taken off"):
            papers.write_paper(engagement=of, stated=stated_paper, by=eva, at=NOON)
        with pytest.raises(CannotAudit, match="You were taken off"):
            waiving.propose(finding=found, stated=stated(), shown=audit.file(), by=eva, at=NOON)
        told = dict.fromkeys(("title", "procedure", "facts", "conclusion"), "x")
        with pytest.raises(DatabaseError, match="people of an engagement"), transaction.atomic():
            WorkPaper.objects.create(engagement=of, number="x", made_by=eva, made_at=NOON, **told)

    def test_what_he_wrote_stays_and_nothing_waits_for_him(self, audit, of, eva):
        audit.paper(of)
        assert "audit.papers-to-check" in waiting(eva)
        written = papers.write_paper(engagement=of, stated=papers.PaperOf("x", "x", "x", "x"), by=eva, at=NOON)
        off(audit, of, eva)
        assert now(written).made_by == eva
        assert "audit.papers-to-check" not in waiting(eva)

    def test_the_database_refuses_it_too(self, audit, of, eva):
        told = {"on": TODAY, "reason": "x", "taken_off_by": audit.dan, "taken_off_at": NOON}
        lead, second, third = of.members.order_by("pk")
        with pytest.raises(DatabaseError, match="never the lead"), transaction.atomic():
            TakenOff.objects.create(member=lead, **told)
        made = TakenOff.objects.create(member=third, **told)
        with pytest.raises(DatabaseError, match="two people at least"), transaction.atomic():
            TakenOff.objects.create(member=second, **told)
        for change in (made.delete, lambda: TakenOff.objects.filter(pk=made.pk).update(reason="y")):
            with pytest.raises(DatabaseError, match=r"only added to|permission denied"), transaction.atomic():
                change()


class TestTold:
    def test_on_the_notice_that_is_out_and_in_the_report(self, audit, of, eva):
        later = NOON + timedelta(days=2)
        off(audit, of, eva, on=TODAY + 2 * DAY, at=later)
        assert prints._people(of) == (["Dan", "Dora"], ["Eva（2010-03-03）"])
        assert content_of(of, number="x", opinion="x", advice="")["engagement"]["members"] == [
            "Dan",
            "Dora",
            "Eva（–2010-03-03）",
        ]

    def test_whoever_went_before_the_notice_does_not_stand_on_it(self, audit):
        made = audit.planned()
        services.name_member(engagement=made, person=audit.dora, by=audit.dan, at=NOON)
        off(audit, made, audit.dora)
        assert prints._people(made) == (["Dan"], [])

    def test_on_the_page_from_which_it_is_done(self, audit, of, eva):
        dan = sign_in(Client(), audit.dan)
        dan.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        page, way = reverse("audit:engagement", args=[of.pk]), reverse("audit:member_take_off", args=[of.pk])
        assert way in dan.get(page).content.decode()
        form = dan.get(way).content.decode()
        assert ("Eva" in form, f'value="{audit.dan.pk}"' in form) == (True, False)
        today = timezone.localdate().isoformat()
        answer = dan.post(way, {"person": eva.pk, "on": today, "reason": "回避"})
        assert answer.headers["Location"] == page
        shown = dan.get(page).content.decode()
        assert "回避" in shown
        assert way not in shown  # two are left
        eve = sign_in(Client(), eva)
        assert reverse("audit:work_paper_new", args=[of.pk]) not in eve.get(page).content.decode()
