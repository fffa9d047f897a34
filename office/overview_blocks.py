"""What the office itself shows its head: what waits for him, what is past its time limit, what was decided lately."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any

from django.utils.translation import gettext_lazy as _

from office import deciding, desk, overview
from office.models import Person
from office.models.rounds import State
from office.rules import days

RIGHT = "office.reassign_work"
SHOWN = 3  # lines of a worklist
LATELY = timedelta(days=7)
NEWEST = 60  # rounds of an app among which the latest decisions are looked for
DECIDED = 10


def register() -> None:
    """Called once when the app is ready."""
    for name, title, order, shows in (
        ("waiting", _("What waits for me"), 10, waiting),
        ("late", _("Past their time limit"), 20, late),
        ("decided", _("Decided in the last seven days"), 90, decided),
    ):
        template = f"office/overview/_{name}.html"
        overview.register(overview.Block(f"office.{name}", title, RIGHT, order, template, shows, wide=True))
    overview.register_decisions(deciding.OFFICE)


def waiting(person: Person, at: datetime) -> Mapping[str, Any]:
    """His worklists with their count, amount and oldest."""
    return {"lists": desk.waiting_for(person, days.business_day(at), most=SHOWN)}


def late(person: Person, at: datetime) -> Mapping[str, Any]:
    """Everything of every app that is past its time limit."""
    return {"kinds": overview.overdue_for(person, at)}


def decided(person: Person, at: datetime) -> Mapping[str, Any]:
    """The latest decisions of every app, each with what it was about and who asked for it."""
    found: list[Any] = []
    for one in overview.decisions_for(person):
        rounds: Any = one.family.round._default_manager
        closed = rounds.visible_to(person).filter(state=State.CLOSED).exclude(one.but)
        found += closed.select_related("maker").order_by("-pk")[:NEWEST]
    lately = sorted((one for one in found if one.closed_at >= at - LATELY), key=attrgetter("closed_at"), reverse=True)
    shown = lately[:DECIDED]
    subjects = deciding.subjects_of(shown)
    return {
        "decisions": [
            {
                "round": one,
                "words": deciding.words_of(one.subject_type, subjects[one.subject_type, one.subject_id]),
                "url": deciding.page_of(one),
            }
            for one in shown
        ]
    }
