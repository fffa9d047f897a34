"""The lead of an engagement whose notice is out is replaced: with day and reason, by somebody else than the new one,
who is named with his own work; a changed notice tells it."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.models import Engagement, ReplacedLead
from audit.prints import engagements as prints
from audit.selectors.reports import content_of
from audit.services import auditing, reports
from audit.services import engagements as services
from audit.services.auditing import CannotAudit
from audit.tests.auditing import DAY, TODAY, Audit, now
from conftest import NOON, sign_in
from office.models import Act, Duty

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
TOMORROW = NOON + timedelta(days=1)


@pytest.fixture
def audit(appoint) -> Audit:
    return Audit.of(appoint)


@pytest.fixture
def eva(appoint):
    return appoint("eva", Duty.INTERNAL_AUDITOR)


@pytest.fixture
def of(audit) -> Engagement:
    """Under way: Dan leads, Dora works with him."""
    return audit.engagement()


def replaced(audit: Audit, of: Engagement, lead: Any, **more: Any) -> ReplacedLead:
    told: dict[str, Any] = {"on": TODAY, "reason": "原组长调离", "by": audit.dan, "at": NOON}
    return services.replace_lead(engagement=of, lead=lead, **(told | more))


def written() -> None:
    """What the database looks at when all is written."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


class TestReplaced:
    def test_by_one_of_its_people(self, audit, of):
        made = replaced(audit, of, audit.dora)
        written()
        assert str(made) == f"{of}: Dora: {TODAY}"
        assert (now(of).lead, made.before, made.reason) == (audit.dora, audit.dan, "原组长调离")
        assert auditing.is_named(of, audit.dan)  # he works on it still
        act = Act.objects.get(name="engagement.lead-replaced", kind="done")
        assert (act.by, act.reason) == (audit.dan, made.reason)
        assert (act.facts["before"], act.facts["to"]) == (audit.dan.pk, audit.dora.pk)

    def test_by_somebody_who_plans_audits_and_is_none_of_its_people(self, audit, of, eva):
        replaced(audit, of, audit.dora, by=eva)
        assert now(of).lead == audit.dora

    def test_by_one_who_is_named_in_the_same_act_with_his_own_work(self, audit, of, eva, monkeypatch):
        monkeypatch.setattr(services, "own_work", lambda person, since, until: of.members.all())
        replaced(audit, of, eva)
        assert of.members.get(person=eva).own_work == 2
        named = Act.objects.filter(name="engagement.member-named", kind="done").latest("pk")
        assert (named.facts["person"], named.facts["own_work"]) == (eva.pk, 2)

    def test_who_led_it_can_be_taken_off_then(self, audit, of, eva):
        replaced(audit, of, eva)
        off = {"on": TODAY, "reason": "调离", "at": NOON}
        with pytest.raises(CannotAudit, match="name another lead first"):
            services.take_off(engagement=of, person=eva, by=audit.dora, **off)
        services.take_off(engagement=of, person=audit.dan, by=audit.dora, **off)
        assert sorted(one.person.username for one in of.members.there()) == ["dora", "eva"]

    def test_again_and_back(self, audit, of):
        replaced(audit, of, audit.dora)
        replaced(audit, of, audit.dan, by=audit.dora, at=TOMORROW, on=TODAY + DAY)
        written()
        assert now(of).lead == audit.dan
        with pytest.raises(CannotAudit, match="between 2010-03-02 and"):
            replaced(audit, of, audit.dora, at=TOMORROW)

    def test_refusals(self, audit, of, eva, appoint):
        gone = appoint("gone", Duty.INTERNAL_AUDITOR)
        leaving = audit.engagement(kind="leaving", leaver=gone)
        gus = appoint("gus", Duty.INTERNAL_AUDITOR)
        services.name_member(engagement=of, person=gus, by=audit.dan, at=NOON)
        services.take_off(engagement=of, person=gus, on=TODAY, reason="x", by=audit.dan, at=NOON)
        for words, field, to, more in (
            ("makes himself the lead", "lead", audit.dora, {"by": audit.dora}),
            ("leads it already", "lead", audit.dan, {"by": audit.dora}),
            ("no duty in which", "lead", audit.hal, {}),
            ("was taken off", "lead", gus, {}),
            ("None of your duties", None, audit.dora, {"by": audit.hal}),
            ("or was taken off, does not say", None, audit.dora, {"by": gus}),
            ("in words", "reason", audit.dora, {"reason": " "}),
            ("between 2010-03-01 and", "on", audit.dora, {"on": TODAY + DAY}),
            ("between 2010-03-01 and", "on", audit.dora, {"on": TODAY - DAY}),
            ("between 2010-03-02 and", "on", eva, {"at": TOMORROW}),  # he is named today
        ):
            with pytest.raises(CannotAudit, match=words) as refusal:
                replaced(audit, of, to, **more)
            assert refusal.value.field == field
        with pytest.raises(CannotAudit, match="Nobody audits himself"):
            replaced(audit, leaving, gone)
        with pytest.raises(CannotAudit, match="does not say who leads"):
            replaced(audit, leaving, audit.dora, by=gone)
        with pytest.raises(CannotAudit, match="is planned"):
            replaced(audit, audit.planned(), audit.dora)
        assert not ReplacedLead.objects.exists()
        assert now(of).lead == audit.dan


class TestTheDatabase:
    @pytest.fixture
    def row(self, audit, of):
        told = {"before": audit.dan, "lead": audit.dora, "on": TODAY, "reason": "x", "replaced_at": NOON}
        return partial(ReplacedLead.objects.create, **{"engagement": of, "replaced_by": audit.dan} | told)

    def test_refuses_another_lead_without_a_row(self, audit, of, row):
        with pytest.raises(DatabaseError, match="replaced with a reason"), transaction.atomic():
            Engagement.objects.filter(pk=of.pk).update(lead=audit.dora)
        row()
        for fields in ({"lead": audit.hal}, {"lead": audit.dora, "title": "x"}):
            with pytest.raises(DatabaseError, match=r"with a reason|does not change"), transaction.atomic():
                Engagement.objects.filter(pk=of.pk).update(**fields)
        Engagement.objects.filter(pk=of.pk).update(lead=audit.dora)
        with pytest.raises(DatabaseError, match="replaced with a reason"), transaction.atomic():
            Engagement.objects.filter(pk=of.pk).update(lead=audit.dan)  # not back by the same row

    def test_refuses_a_row_that_nothing_follows(self, row):
        row()
        with pytest.raises(DatabaseError, match="whoever replaces the lead leads"), transaction.atomic():
            written()
        Engagement.objects.filter(replaced_leads__isnull=False).update(lead=ReplacedLead.objects.get().lead)
        written()

    def test_refuses_rows_that_are_not_so(self, audit, of, row, eva, appoint):
        gone = appoint("gone", Duty.INTERNAL_AUDITOR)
        leaving = audit.engagement(kind="leaving", leaver=gone)
        for words, more in (
            ("under way", {"engagement": audit.planned()}),
            ("under way", {"before": audit.dora, "lead": audit.dan}),
            ("one of the people", {"lead": eva}),
            ("is audited", {"engagement": leaving, "replaced_by": gone}),
            ("says_why", {"reason": ""}),
            ("another_one", {"lead": audit.dan}),
            ("another_one", {"replaced_by": audit.dora}),
        ):
            with pytest.raises(DatabaseError, match=words), transaction.atomic():
                row(**more)

    def test_keeps_what_was_written(self, audit, of):
        made = replaced(audit, of, audit.dora)
        for change in (made.delete, lambda: ReplacedLead.objects.filter(pk=made.pk).update(reason="y")):
            with pytest.raises(DatabaseError, match=r"only added to|permission denied"), transaction.atomic():
                change()


class TestTold:
    def test_on_the_notices_and_in_the_report(self, audit, of, monkeypatch):
        printed = []
        monkeypatch.setattr(prints, "render", lambda paper, at: printed.append(paper) or b"")
        made = replaced(audit, of, audit.dora)
        prints.notice(now(of), at=NOON)
        prints.changed_notice(made, at=NOON)
        notice, changed = (dict(map(tuple, one.facts)) for one in printed)
        assert (notice["lead"], notice["leads since"]) == ("Dan", "Dora（2010-03-01）")
        assert (changed["lead before"], changed["new lead"]) == ("Dan", "Dora")
        assert printed[1].before[0].startswith("From 2010-03-01 on Dora leads")
        told = content_of(now(of), number="x", opinion="x", advice="")["engagement"]
        assert told["lead"] == "Dan（–2010-03-01）、Dora"

    def test_a_report_that_waits_is_drawn_up_anew(self, audit, of):
        waiting = audit.report(of)
        replaced(audit, of, audit.dora)
        with pytest.raises(CannotAudit, match="has changed since"):
            reports.issue(report=waiting, by=audit.dora, at=NOON)

    def test_on_the_page_from_which_it_is_done(self, audit, of, eva):
        page, way = reverse("audit:engagement", args=[of.pk]), reverse("audit:lead_replace", args=[of.pk])
        dan = sign_in(Client(), audit.dan)
        dan.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        shown = dan.get(page).content.decode()
        assert (way in shown, "Changes of the lead" in shown) == (True, False)
        form = dan.get(way).content.decode()
        offered = [f'value="{one.pk}"' in form for one in (audit.dora, eva, audit.dan, audit.hal)]
        assert offered == [True, True, False, False]
        today = timezone.localdate().isoformat()
        answer = dan.post(way, {"lead": audit.dora.pk, "on": today, "reason": "调离"})
        assert answer.headers["Location"] == page
        shown = dan.get(page).content.decode()
        paper = reverse("audit:changed_notice_print", args=[of.replaced_leads.get().pk])
        assert all(one in shown for one in ("Changes of the lead", "调离", paper))
        assert dan.get(paper).headers["Content-Type"] == "application/pdf"

    def test_whoever_was_taken_off_has_no_such_button(self, audit, of, eva):
        services.name_member(engagement=of, person=eva, by=audit.dan, at=NOON)
        services.take_off(engagement=of, person=eva, on=TODAY, reason="x", by=audit.dan, at=NOON)
        page, way = reverse("audit:engagement", args=[of.pk]), reverse("audit:lead_replace", args=[of.pk])
        assert way not in sign_in(Client(), eva).get(page).content.decode()

    def test_an_office_out_of_sight_is_not_shown(self, audit, of, appoint):
        made = replaced(audit, of, audit.dora)
        stranger = sign_in(Client(), appoint("ina", Duty.INTAKE_CLERK))
        assert stranger.get(reverse("audit:changed_notice_print", args=[made.pk])).status_code == 403
