"""What waits of publicity and appeals: lists to post, late slips, lists to end, objections and appeals to answer."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime, time
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.models import Appeal, Objection, PublicityList
from claims.selectors import appeals, publicity
from claims.services import notices, objections
from claims.services.publicity import MAKE, POST
from office import desk
from office.models import Person
from office.rules import days

Lines = Callable[[Sequence[Any]], list[desk.Item]]


def register() -> None:
    """Called once when the app is ready."""
    for one in (
        *(_lists(*given) for given in LISTS),
        _objections(),
        _overdue(),
        _answers(),
    ):
        desk.register(one)


#: Name, title, icon, right, narrowed to, which lists of a day.
LISTS = (
    ("to-post", gettext_lazy("Publicity lists to post"), "inbox", POST, "made", publicity.to_post),
    (
        "late",
        gettext_lazy("Publicity lists whose days have run, without their slip"),
        "alert-triangle",
        POST,
        "late",
        publicity.to_come_back,
    ),
    ("to-end", gettext_lazy("Publicity lists to end"), "circle-check", MAKE, "to_end", publicity.to_close),
)


def _lists(
    name: str, title: Any, icon: str, right: str, stage: str, found: Callable[[date], QuerySet[PublicityList]]
) -> desk.Worklist:
    def waiting(person: Person, look: desk.Look) -> desk.Waiting:
        seen = found(look.today).filter(pk__in=PublicityList.objects.visible_to(person, right))
        return look.over(_told(seen), _list_lines)

    def still(numbers: Collection[str]) -> list[desk.Item]:
        today = days.business_day(timezone.now())
        return desk.lines_with_subjects(list(_told(found(today)).filter(pk__in=numbers)), _list_lines)

    return desk.Worklist(
        name=f"claims.publicity-{name}",
        title=title,
        icon=icon,
        right=right,
        url=lambda: f"{reverse('claims:publicity')}?stage={stage}",
        waiting=waiting,
        takes={PublicityList: still},
    )


def _told(found: QuerySet[PublicityList]) -> QuerySet[PublicityList]:
    return found.select_related("village__parent", "scheme").order_by("made_on", "pk")


def _list_lines(some: Sequence[PublicityList]) -> list[desk.Item]:
    return [
        desk.Item(
            f"{one.number} {one.village.parent} {one.village} · {one.month:%Y-%m}",
            reverse("claims:publicity_list", args=[one.pk]),
            _morning(one.posted_until or one.made_on),
            str(one.get_timing_display()),
        )
        for one in some
    ]


def _objections() -> desk.Worklist:
    def waiting(person: Person, look: desk.Look) -> desk.Waiting:
        seen = publicity.unanswered().filter(objections.seen_by(person, objections.ANSWER))
        return look.over(seen.exclude(received_by=person), _objection_lines)

    return desk.Worklist(
        name="claims.objections",
        title=gettext_lazy("Objections to answer"),
        icon="file-alert",
        right=objections.ANSWER,
        url=lambda: f"{reverse('claims:objections')}?stage=open",
        waiting=waiting,
        takes={
            Objection: lambda numbers: desk.lines_with_subjects(
                list(publicity.unanswered().filter(pk__in=numbers)), _objection_lines
            )
        },
    )


def _overdue() -> desk.Worklist:
    def waiting(person: Person, look: desk.Look) -> desk.Waiting:
        late = publicity.unanswered().filter(answer_by__lt=look.today)
        return look.over(late.filter(objections.seen_by(person)), _objection_lines)

    return desk.Worklist(
        name="claims.objections-overdue",
        title=gettext_lazy("Objections that are not answered in time"),
        icon="alert-triangle",
        right=objections.VIEW,
        url=lambda: f"{reverse('claims:objections')}?stage=late",
        waiting=waiting,
    )


def _objection_lines(some: Sequence[Objection]) -> list[desk.Item]:
    return [
        desk.Item(
            f"{one.number} {one.entry.list.village} · {one.entry.patient}",
            reverse("claims:objection", args=[one.pk]),
            one.received_at,
            _("answer until %(day)s") % {"day": one.answer_by},
        )
        for one in some
    ]


def _answers() -> desk.Worklist:
    return desk.Worklist(
        name="claims.appeals-to-answer",
        title=gettext_lazy("Decided appeals to answer in writing"),
        icon="file-alert",
        right=notices.RIGHT,
        url=lambda: reverse("office:worklist", args=["claims.appeals-to-answer"]),
        waiting=lambda person, look: look.over(appeals.to_answer(), _appeal_lines),
        takes={
            Appeal: lambda numbers: desk.lines_with_subjects(
                list(appeals.to_answer().filter(pk__in=numbers)), _appeal_lines
            )
        },
    )


def _appeal_lines(some: Sequence[Appeal]) -> list[desk.Item]:
    return [
        desk.Item(
            f"{one.number} {one.claim.member.name} · {one.claim.number}",
            reverse("claims:appeal", args=[one.pk]),
            _morning(one.filed_on),
            _("answer until %(day)s") % {"day": one.answer_by},
        )
        for one in some
    ]


def _morning(day: date) -> datetime:
    return datetime.combine(day, time.min, days.SHANGHAI)
