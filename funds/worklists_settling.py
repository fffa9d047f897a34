"""What waits of settlements: settlements to pay, years to assess, lists of second compensation to go on with, appeals
to answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.models import Settlement
from funds.models import Book, SecondAppeal, SecondRun
from funds.selectors import settling
from funds.services.provider_payments import SUBJECT
from funds.services.second_appeals import ANSWER
from funds.services.second_runs import MAKE, State
from office import desk
from office.models import Person
from office.rules import days, money

ASSESS = "funds.add_assessment"


def register() -> None:
    """Called once when the app is ready."""
    for name, title, icon, right, waiting in LISTS:
        desk.register(
            desk.Worklist(
                name=f"funds.{name}",
                title=title,
                icon=icon,
                right=right,
                url=partial(reverse, "office:worklist", args=[f"funds.{name}"]),
                waiting=waiting,
            )
        )


def to_pay(person: Person, look: desk.Look) -> desk.Waiting:
    """Settlements of which something can be paid now."""
    return look.over(settling.to_pay().select_related("provider"), _settlements)


def _settlements(some: Sequence[Settlement]) -> list[desk.Item]:
    courses = settling.courses_of(some)
    return [
        desk.Item(
            f"{one} {one.provider}",
            reverse("funds:provider_payment_new", args=[one.pk]),
            one.made_at,
            money.shown(courses[one.pk].payable),
        )
        for one in some
    ]


def to_assess(person: Person, look: desk.Look) -> desk.Waiting:
    """Providers of whose last year something is kept back."""
    year = look.today.year - 1
    since = datetime(year + 1, 1, 1, tzinfo=days.SHANGHAI)
    items = [
        desk.Item(f"{provider} {year}", reverse("funds:assessment_new"), since, money.shown(kept))
        for book in Book.objects.order_by("pk")
        for provider, kept in settling.to_assess(book, year)
    ]
    return look.among(items)


def runs(person: Person, look: desk.Look) -> desk.Waiting:
    """Lists of second compensation that hang or are to be paid."""
    found = SecondRun.objects.filter(state__in=[State.DRAWN_UP, State.POSTED, State.APPROVED]).order_by("pk")
    return look.over(found, _runs)


def _runs(some: Sequence[SecondRun]) -> list[desk.Item]:
    return [
        desk.Item(
            f"{one} {one.year}",
            reverse("funds:second_run", args=[one.pk]),
            one.drawn_up_at,
            str(one.get_state_display()),
        )
        for one in some
    ]


def to_answer(person: Person, look: desk.Look) -> desk.Waiting:
    """Appeals against second compensation that somebody else took down."""
    found = SecondAppeal.objects.filter(result="", run__state=State.POSTED).exclude(received_by=person)
    return look.over(found.select_related("run", "member").order_by("pk"), _appeals)


def _appeals(some: Sequence[SecondAppeal]) -> list[desk.Item]:
    return [
        desk.Item(
            f"{one.run} {one.member.name}",
            reverse("funds:second_answer", args=[one.run_id, one.pk]),
            one.received_at,
            _("until %(day)s") % {"day": one.run.papers_by},
        )
        for one in some
    ]


#: Name, title, icon, right, what waits.
LISTS: Sequence[tuple[str, Any, str, str, Any]] = (
    ("settlements-to-pay", gettext_lazy("Settlements to pay"), "file-spreadsheet", SUBJECT.right, to_pay),
    ("years-to-assess", gettext_lazy("Providers to assess"), "clock", ASSESS, to_assess),
    ("second-runs", gettext_lazy("Second compensation to go on with"), "inbox", MAKE, runs),
    (
        "second-appeals",
        gettext_lazy("Appeals against second compensation to answer"),
        "alert-triangle",
        ANSWER,
        to_answer,
    ),
)
