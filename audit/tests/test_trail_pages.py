"""The trail as stories: what happened to a thing, before and after; a person's day; who looked; what it costs."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audit import column_words
from audit.selectors import person_days, states, stories
from conftest import NOON, sign_in
from enrollment.models import Member
from enrollment.services import members
from enrollment.tests import factories as register
from office import history, sheets, trail
from office.models import Act, Duty, Person, Printer
from office.models.acts import first_at
from office.rules import days
from office.services import printers

pytestmark = pytest.mark.django_db
ZH = column_words.CHINESE
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def wen(appoint) -> Person:
    """Looks after security and sees no register."""
    return appoint("wen", Duty.SECURITY_AUDITOR)


@pytest.fixture
def as_wen(wen) -> Client:
    return sign_in(Client(), wen)


@pytest.fixture
def as_dan(dan) -> Client:
    return sign_in(Client(), dan)


@pytest.fixture
def printer(county, sam) -> Printer:
    with history.acting(by=sam):
        return printers.add_printer(body=county, name="窗口", by=sam, at=NOON)


def page(client: Client, kind: str, number: object, **query) -> str:
    answer = client.get(reverse("audit:story", args=[kind, number]), query)
    assert answer.status_code == 200
    return answer.content.decode()


class TestStory:
    def test_an_act_with_what_it_changed_in_words(self, printer, dan):
        found = stories.story(("office.printer", str(printer.pk)), reader=dan)
        (moment,) = found.moments
        assert (moment.act.name, found.older, found.hides) == ("printer.added", None, False)
        (state,) = moment.states
        assert (state.by, state.is_first, state.work) == ("Sam", True, "")
        told = {one.label: one.after for one in state.changes}
        assert "窗口" in told.values()
        assert "海原县合管中心" in told.values()
        assert all(ZH.search(label) for label in told)

    def test_no_change_is_lost_whatever_wrote_it(self, printer, dan):
        Printer.objects.filter(pk=printer.pk).update(name="后台")
        found = stories.story(("office.printer", str(printer.pk)), reader=dan)
        changes = [(one.before, one.after) for moment in found.moments for state in moment.states
                   for one in state.changes]  # fmt: skip
        assert ("窗口", "后台") in changes

    def test_a_thing_that_no_act_names_shows_its_states(self, county, dan):
        found = stories.story(("office.body", str(county.pk)), reader=dan)
        assert [one.act for one in found.moments] == [None]
        assert found.moments[0].states[0].is_first

    def test_who_looked_is_a_story_too(self, printer, as_dan, dan):
        page(as_dan, "office.printer", printer.pk)
        found = stories.story(("office.printer", str(printer.pk)), reader=dan, kind="read")
        assert [(one.act.name, one.act.by, one.states) for one in found.moments] == [("story.read", dan, [])]
        done = stories.story(("office.printer", str(printer.pk)), reader=dan, kind="done")
        assert [one.act.name for one in done.moments] == ["printer.added"]

    def test_pages_follow_each_other_and_lose_nothing(self, printer, dan, sam):
        for number in range(6):
            trail.record("printer-offset.set", printer, by=sam, at=NOON, right_mm=number)
        subject = ("office.printer", str(printer.pk))
        first = stories.story(subject, reader=dan, most=4)
        second = stories.story(subject, reader=dan, most=4, before=first.older)
        told = [one.act.pk for one in (*first.moments, *second.moments) if one.act]
        assert told == sorted(told, reverse=True)
        assert len(told) == len(set(told)) == 7
        assert second.older is None

    def test_what_belongs_to_a_thing_is_told_with_it(self, county, dan):
        home = register.household()
        lan = register.member(home)
        found = stories.story(("enrollment.household", str(home.pk)), reader=dan)
        assert ("enrollment.member", str(lan.pk)) in found.parts
        assert stories.belonging_to(("enrollment.household", "x")) == []
        assert stories.belonging_to(("office.signintry", "1")) == []
        assert stories.belonging_to(("nothing.known", "1")) == []

    def test_numbers_of_people_are_masked_in_every_state(self, county, dan):
        lan = register.member(register.household())
        Member.objects.filter(pk=lan.pk).update(id_number="642222197003011234")
        found = states.of("enrollment.member", [str(lan.pk)])
        told = [one.after for state in found for one in state.changes]
        assert "642222********1234" in told
        assert not any("197003011" in one for one in told)
        shown = [one.after for state in history.of("enrollment.member", str(lan.pk)) for one in state.changes]
        assert not any("197003011" in one for one in shown)

    def test_whoever_does_not_see_the_register_sees_that_a_column_changed(self, as_wen, wen, as_dan):
        lan = register.member(register.household())
        found = stories.story(("enrollment.member", str(lan.pk)), reader=wen)
        assert found.hides
        assert {one.after for moment in found.moments for state in moment.states for one in state.changes} == {""}
        shown = page(as_wen, "enrollment.member", lan.pk)
        assert "本岗位不显示" in shown
        assert lan.name not in shown
        assert lan.name in page(as_dan, "enrollment.member", lan.pk)
        states_page = reverse("office:history", args=["enrollment.member", lan.pk])
        assert lan.name not in as_wen.get(states_page).content.decode()
        assert lan.name in as_dan.get(states_page).content.decode()

    def test_states_of_one_transaction_go_to_the_acts_that_name_them(self, county, sam, dan):
        home = register.household()
        lan = register.member(home)
        trail.record("member.added", lan, by=sam, at=NOON)
        for number, state in ((1, "moved_away"), (2, "living")):
            Member.objects.filter(pk=lan.pk).update(state=state, state_on=NOON.date() if number == 1 else None)
            trail.record("member.corrected", lan, by=sam, at=NOON, state=state)
        found = stories.story(("enrollment.member", str(lan.pk)), reader=dan)
        told = {one.act.facts.get("state"): [change.after for state in one.states for change in state.changes]
                for one in found.moments if one.act and one.act.name == "member.corrected"}  # fmt: skip
        assert "迁出" in " ".join(told["moved_away"])
        assert all(told.values())

    def test_its_title_names_the_thing_as_people_call_it(self, as_dan, as_wen, printer, county):
        def titled(client, kind, number):
            return client.get(reverse("audit:story", args=[kind, number])).context["page_title"]

        lan = register.member(register.household(number="6405221002030002"))
        assert titled(as_dan, "office.printer", printer.pk) == "打印机 窗口"
        assert titled(as_dan, "enrollment.member", lan.pk) == f"参合人员 {lan.name}"
        assert titled(as_wen, "enrollment.member", lan.pk) == f"参合人员 {lan.pk}"
        assert titled(as_dan, "enrollment.household", lan.household_id) == "家庭户 6405221002030002"
        assert titled(as_dan, "office.printer", 0) == "打印机 0"

    def test_columns_of_changes_stand_where_something_changed(self, as_dan, printer):
        assert "变更前" in page(as_dan, "office.printer", printer.pk)
        assert "变更前" not in page(as_dan, "office.printer", printer.pk, until="2010-01-01")

    def test_of_an_unknown_kind_there_is_none(self, as_dan):
        assert as_dan.get("/audit/trail/things/nothing.known/1/").status_code == 404
        assert "没有符合条件" in page(as_dan, "office.printer", "x")
        act = Act.objects.latest("pk")
        assert (act.subject_type, act.facts["looked"]) == ("", "office.printer:x")

    def test_a_number_that_is_none_begins_at_the_newest(self, as_dan, printer):
        assert "添加了打印机" in page(as_dan, "office.printer", printer.pk, before="x")
        assert "添加了打印机" not in page(as_dan, "office.printer", printer.pk, before="1")

    def test_back_from_the_end_of_a_day(self, as_dan, printer):
        today = days.business_day(timezone.now())
        assert "添加了打印机" in page(as_dan, "office.printer", printer.pk, until=today.isoformat())
        earlier = (today - timedelta(days=1)).isoformat()
        assert "添加了打印机" not in page(as_dan, "office.printer", printer.pk, until=earlier)
        assert "添加了打印机" in page(as_dan, "office.printer", printer.pk, until="x")

    def test_the_page_leads_on_to_older_acts(self, as_dan, printer, sam):
        for number in range(stories.ON_A_PAGE + 5):
            trail.record("printer-offset.set", printer, by=sam, at=NOON, right_mm=number)
        shown = page(as_dan, "office.printer", printer.pk)
        assert "较早" in shown
        assert "最新" in page(as_dan, "office.printer", printer.pk, before=Act.objects.latest("pk").pk)

    @pytest.mark.parametrize("wanted", ["xlsx", "csv"])
    def test_it_is_exported_whole_and_that_is_an_act(self, as_dan, printer, wanted):
        answer = as_dan.get(reverse("audit:story", args=["office.printer", printer.pk]), {"as": wanted})
        assert answer.headers["Content-Disposition"].endswith(f'.{wanted}"')
        rows = sheets.rows(answer.content, f"a.{wanted}")
        assert "添加了打印机" in rows[1]
        assert any("窗口" in row for row in rows)
        assert Act.objects.filter(name="story.exported", subject_id=str(printer.pk)).exists()

    def test_an_export_of_what_is_gone_names_no_subject(self, as_dan, printer):
        url = reverse("audit:story", args=["office.printer", printer.pk + 1])
        assert as_dan.get(url, {"as": "csv"}).status_code == 404
        assert as_dan.get(reverse("audit:story", args=["office.printer", "x"]), {"as": "csv"}).status_code == 200

    def test_from_the_page_of_a_thing_its_acts_lead_to_its_story(self, as_dan, printer):
        asked = {"subject_type": "office.printer", "subject_id": str(printer.pk)}
        assert as_dan.get("/acts/", asked).headers["Location"] == reverse(
            "audit:story", args=["office.printer", printer.pk]
        )
        assert as_dan.get("/acts/", asked | {"subject_type": "nothing.known"}).status_code == 200


class TestPersonsDay:
    def test_what_he_did_counted_and_told(self, as_dan, sam, printer):
        trail.refused("printer.added", None, by=sam, at=NOON, reason="不行")
        today = days.business_day(timezone.now())
        shown = as_dan.get(reverse("audit:person_day"), {"person": sam.pk, "day": today.isoformat()}).content.decode()
        assert "添加了打印机" in shown
        assert "不行" in shown
        assert f"by={sam.pk}" in shown
        act = Act.objects.latest("pk")
        assert (act.name, act.subject_id, act.facts["day"]) == ("person-day.read", str(sam.pk), today.isoformat())

    def test_of_another_day_there_is_nothing_and_of_a_kind_only_that(self, sam, printer):
        today = days.business_day(timezone.now())
        assert not person_days.of(sam, today - timedelta(days=1)).exists()
        assert person_days.of(sam, today, "done").count() == 1
        assert not person_days.of(sam, today, "read").exists()

    def test_a_page_of_many(self, as_dan, sam, printer):
        for number in range(person_days.ON_A_PAGE + 5):
            trail.record("printer-offset.set", printer, by=sam, at=NOON, right_mm=number)
        today = days.business_day(timezone.now())
        rows, older = person_days.page(person_days.of(sam, today), None)
        rest, none = person_days.page(person_days.of(sam, today), older)
        assert (len(rows), len(rest), none) == (person_days.ON_A_PAGE, 6, None)
        query = {"person": sam.pk, "day": today.isoformat()}
        assert "较早" in as_dan.get(reverse("audit:person_day"), query).content.decode()
        assert "最新" in as_dan.get(reverse("audit:person_day"), query | {"before": older}).content.decode()
        before = query | {"day": (today - timedelta(days=1)).isoformat()}
        assert "后一天" in as_dan.get(reverse("audit:person_day"), before).content.decode()

    def test_nonsense_is_said_and_harmless(self, as_dan):
        assert as_dan.get(reverse("audit:person_day"), {"person": "0", "day": "x"}).status_code == 200


class TestLists:
    def test_reading_the_trail_is_an_act_and_counting_it_is_none(self, as_dan, dan):
        as_dan.get("/acts/", {"person": "642222197003011234", "since": ""})
        act = Act.objects.latest("pk")
        assert (act.name, act.by, act.facts["list"]) == ("trail.read", dan, "/acts/")
        assert "19700301" not in act.facts["query"]
        as_dan.get("/acts/", {"as": "totals"})
        assert Act.objects.latest("pk") == act
        assert "查看了" in as_dan.get("/acts/looks/").content.decode() or Act.objects.filter(kind="read").count() == 2

    def test_pages_by_number_in_both_directions(self, as_dan, sam, printer):
        for number in range(120):
            trail.record("printer-offset.set", printer, by=sam, at=NOON, right_mm=number)
        query = {"name": "printer-offset.set"}
        seen, address = [], None
        for _turn in range(3):
            answer = as_dan.get(address) if address else as_dan.get("/acts/", query)
            seen += [row.pk for row in answer.context["table"].data.data]
            address = answer.context["older_url"]
        assert seen == sorted(set(seen), reverse=True)
        assert (len(seen), address) == (120, "")
        newer = as_dan.get(answer.context["newer_url"]).context
        assert [row.pk for row in newer["table"].data.data] == seen[50:100]
        newest = as_dan.get(newer["newer_url"]).context
        assert ([row.pk for row in newest["table"].data.data], newest["newer_url"]) == (seen[:50], "")
        assert as_dan.get("/acts/", query | {"before": "1"}).context["older_url"] == ""
        assert as_dan.get("/acts/", query | {"before": "x"}).context["newer_url"] == ""

    def test_as_text_with_its_mark_and_no_formula(self, as_dan, sam):
        trail.refused("printer.added", None, by=sam, at=NOON, reason="=1+1")
        answer = as_dan.get("/acts/", {"as": "csv", "since": ""})
        content = b"".join(answer.streaming_content).decode()
        assert content.startswith("\ufeff时间,")
        (row,) = [one for one in csv.reader(io.StringIO(content)) if "'=1+1" in one]
        assert row[0].count(":") == 2
        assert Act.objects.filter(name="list.exported").count() == 1

    def test_many_rows_as_text_become_the_same_job(self, as_dan, sam, monkeypatch):
        monkeypatch.setattr("office.pages.lists.EXPORTED_AT_ONCE", 0)
        trail.record("sign-in.done", sam, by=sam, at=NOON)
        assert "as=xlsx" in as_dan.get("/acts/", {"as": "csv", "since": ""}).headers["Location"]

    def test_days_are_found_by_number(self, sam, printer):
        now = timezone.now()
        acts = Act.objects.order_by("pk")
        assert list(acts.since(now - timedelta(hours=1)).until(now + timedelta(hours=1))) == list(acts)
        assert not acts.since(now + timedelta(hours=1)).exists()
        assert not acts.until(now - timedelta(hours=1)).exists()

    @pytest.mark.parametrize("many", [0, 1, 2, 7, 33])
    def test_the_first_act_at_a_time_is_that_of_a_plain_search(self, sam, many):
        Act.objects.bulk_create(
            [Act(name="sign-in.done", at=NOON + timedelta(hours=number // 2)) for number in range(many)]
        )
        for hours in range(-1, many // 2 + 2):
            moment = NOON + timedelta(hours=hours)
            found = Act.objects.filter(pk__gte=first_at(moment)).order_by("pk").first()
            assert found == Act.objects.filter(at__gte=moment).order_by("pk").first()

    def test_acts_of_several_people_of_a_name(self, as_dan, appoint, sam):
        other = appoint("samuel", full_name="Samuel")
        for one in (sam, other):
            trail.record("sign-in.done", one, by=one, at=NOON)
        answer = as_dan.get("/acts/", {"person": "sam", "name": "sign-in.done"})
        assert {row.by for row in answer.context["table"].data.data} == {sam, other}
        assert not as_dan.get("/acts/", {"person": "nobody"}).context["table"].data.data


#: Statements of a page opened for the second time, as many for few rows as for many.
COSTS = {"story": 13, "day": 11, "acts": 7, "looks": 7}


@pytest.mark.parametrize("many", [2, 40])
def test_pages_ask_as_much_for_few_rows_as_for_many(as_dan, sam, printer, many):
    for number in range(many):
        trail.record("printer-offset.set", printer, by=sam, at=NOON, right_mm=number)
        Printer.objects.filter(pk=printer.pk).update(name=f"窗口{number}")
    today = days.business_day(timezone.now())
    addresses = {
        "story": reverse("audit:story", args=["office.printer", printer.pk]),
        "day": f"{reverse('audit:person_day')}?person={sam.pk}&day={today}",
        "acts": "/acts/",
        "looks": "/acts/looks/",
    }
    told = {}
    for name, address in addresses.items():
        as_dan.get(address)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert as_dan.get(address).status_code == 200
        told[name] = len(asked)
    assert told == COSTS


def test_correcting_somebody_through_its_service_stands_beside_its_act(county, dan, appoint):
    assert members.CORRECTED  # the columns that a correction names
    lan = register.member(register.household())
    with history.acting(by=dan):
        Member.objects.filter(pk=lan.pk).update(name="马小花")
    trail.record("member.corrected", lan, by=dan, at=NOON, changed="name")
    found = stories.story(("enrollment.member", str(lan.pk)), reader=dan)
    newest = found.moments[0]
    assert newest.act.name == "member.corrected"
    assert ("马小兰", "马小花") in [(one.before, one.after) for state in newest.states for one in state.changes]
