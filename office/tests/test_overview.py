"""The head's page: blocks by right and order, what is late, the decisions of the last days of everybody's tables."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from conftest import sign_in
from office import desk, overview
from office.models import Duty, OfficeRound
from office.overview_blocks import RIGHT
from office.services import requests, rounds
from office.tests.factories import shown_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def head(appoint):
    return appoint("hal", Duty.OFFICE_HEAD)


@pytest.fixture
def alone(monkeypatch):
    """The registries of one test."""
    for name in ("_blocks", "_late"):
        monkeypatch.setattr(overview, name, {})


def block(name, order, right=RIGHT, shows=lambda person, at: {"x": 1}):
    return overview.Block(name, name, right, order, "x.html", shows)


def test_blocks_stand_in_their_order_for_those_who_may_see_them_and_only_where_they_say_something(head, alone):
    overview.register(block("second", 20))
    overview.register(block("first", 10))
    overview.register(block("foreign", 5, "office.add_person"))
    overview.register(block("silent", 1, shows=lambda person, at: None))
    assert [one.block.name for one in overview.blocks_for(head, timezone.now())] == ["first", "second"]
    overview.register(replace(block("second", 20), order=1))  # a name is registered once
    assert [one.block.name for one in overview.blocks_for(head, timezone.now())] == ["second", "first"]


def test_what_is_late_the_longest_first(head, alone):
    now = timezone.now()

    def late(name, *days, right=RIGHT):
        items = [desk.Item(name, "/", now - timedelta(days=one)) for one in days]
        return overview.Late(name, name, right, lambda: "/", lambda person, look: look.among(items))

    for one in (late("none"), late("two", 1, 0), late("ten", 9), late("foreign", 99, right="office.add_person")):
        overview.register_late(one)
    found = overview.overdue_for(head, now)
    assert [(one.late.name, one.waiting.count, one.oldest_days) for one in found] == [("ten", 1, 10), ("two", 2, 2)]


def test_decisions_of_the_last_seven_days(head, appoint):
    maker, voter = appoint("sam", Duty.SECURITY_ADMINISTRATOR), appoint("sol", Duty.SECURITY_ADMINISTRATOR)
    stranger = appoint("new")
    now = timezone.now()
    client = sign_in(Client(), head)

    def page() -> str:
        return client.get("/overview/").content.decode()

    assert "这几天没有审定事项" in page()
    then = now - timedelta(days=3)
    requests.propose_reset(person=stranger, kind="password", reason="x", by=maker, at=then, proof=shown_by(maker, then))
    opened = OfficeRound.objects.get(state="open")
    where = f"/decisions/office/{opened.pk}/"
    assert "这几天没有审定事项" in page()  # it is still open
    rounds.vote(
        round=opened,
        choice="approve",
        hash_seen=opened.subject_hash,
        by=voter,
        at=then,
        proof=shown_by(voter, then),
    )
    told = page()
    assert f'href="{where}"' in told
    assert "Sam" in told
    [shown] = [one.content for one in overview.blocks_for(head, now) if one.block.name == "office.decided"]
    assert [one["round"] for one in shown["decisions"]] == [opened]
    [later] = [
        one.content for one in overview.blocks_for(head, now + timedelta(days=6)) if one.block.name == "office.decided"
    ]
    assert later["decisions"] == []


def test_the_head_comes_from_home_and_from_the_navigation(head, appoint):
    home = sign_in(Client(), head).get("/").content.decode()
    assert home.count('href="/overview/"') == 2
    assert 'href="/overview/"' not in sign_in(Client(), appoint("ada", Duty.TOWNSHIP_CLERK)).get("/").content.decode()
