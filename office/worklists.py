"""What the office itself has waiting: jobs that ended badly, and years of the working-day table that are assumed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from office import deciding, desk, selectors, words
from office.models import Delegation, Job, Person
from office.models.rounds import Outcome, State
from office.rules import days

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

ROUNDS = "office.rounds"
BACK = (Outcome.RETURNED, Outcome.DEFERRED)
NOTICE_IS_DUE = (11, 1)  # the State Council publishes the next year's holidays in November


def register() -> None:
    """Called once when the app is ready."""
    register_rounds(deciding.OFFICE, gettext_lazy("To decide"))
    desk.register(
        desk.Worklist(
            name="office.jobs",
            title=gettext_lazy("Jobs to look at"),
            icon="alert-triangle",
            right="office.view_job",
            url=lambda: reverse("office:jobs"),
            waiting=jobs_in_need,
        )
    )
    desk.register(
        desk.Worklist(
            name="office.calendar",
            title=gettext_lazy("Years without a holiday notice"),
            icon="calendar",
            right="office.change_workingday",
            url=lambda: reverse("office:working_days"),
            waiting=assumed_years,
        )
    )
    desk.register_alone(desk.Alone(gettext_lazy("Asked for by him, not decided"), rounds_opened))
    desk.register_alone(desk.Alone(gettext_lazy("Asked for by him, came back"), requests_left_open))
    desk.register_alone(desk.Alone(gettext_lazy("Has a seat in it, not voted"), seats_taken))
    desk.register_alone(desk.Alone(gettext_lazy("Delegations"), delegations_going_on))


def register_rounds(family: deciding.Family, title: StrPromise, but: Collection[str] = ()) -> None:
    """What waits to be decided in one app's tables, but for kinds of subjects that have worklists of their own; each
    app registers its own once."""
    name = f"{family.name}.rounds"
    desk.register(
        desk.Worklist(
            name=name,
            title=title,
            icon="circle-check",
            right="office.view_workingday",  # everybody: who decides is a matter of duty and delegation
            url=lambda: reverse("office:worklist", args=[name]),
            waiting=partial(to_decide, family, but),
            takes={family.round: partial(rounds_open, family)},
        )
    )


def to_decide(family: deciding.Family, but: Collection[str], person: Person, look: desk.Look) -> desk.Waiting:
    """One app's matters in which this person has a vote, in his own name or for somebody who is away."""
    rounds = family.round._default_manager.select_related("maker").exclude(subject_type__in=but)
    found = selectors.rounds_waiting_for(person, rounds, look.today)
    return look.over(found.order_by("opened_at", "pk"), _round_lines)


def rounds_open(family: deciding.Family, numbers: Collection[str]) -> list[desk.Item]:
    """Of some rounds those that nobody has decided yet."""
    found = family.round._default_manager.filter(state=State.OPEN, pk__in=numbers).select_related("maker")
    return desk.lines_with_subjects(list(found), _round_lines)


def rounds_opened(people: Sequence[Person], at: datetime) -> Iterator[tuple[int, desk.Item]]:
    """What some people asked for and others have not decided: they alone take it back. Of every app."""
    for family in deciding.families():
        found: Any = family.round._default_manager.filter(state=State.OPEN, maker__in=people)
        opened = list(found.select_related("maker").order_by("opened_at", "pk"))
        for one, item in zip(opened, _round_lines(opened), strict=True):
            yield one.maker_id, replace(item, note="")


def requests_left_open(people: Sequence[Person], at: datetime) -> Iterator[tuple[int, desk.Item]]:
    """What some people asked for and got back, or saw deferred: they alone ask once more or take it back. Of every
    app, until the subject has moved on for good or somebody opened another round."""
    for family in deciding.families():
        rounds: Any = family.round._default_manager
        later = rounds.filter(
            subject_type=OuterRef("subject_type"), subject_id=OuterRef("subject_id"), pk__gt=OuterRef("pk")
        )
        came_back = rounds.filter(maker__in=people, state=State.CLOSED, outcome__in=BACK).filter(~Exists(later))
        found = list(came_back.select_related("maker").order_by("closed_at", "pk"))
        subjects = deciding.subjects_of(found)
        waiting = [one for one in found if deciding.can_still_move(subjects[one.subject_type, one.subject_id])]
        for one, item in zip(waiting, _round_lines(waiting), strict=True):
            yield one.maker_id, replace(item, since=one.closed_at, note=str(one.get_outcome_display()))


def seats_taken(people: Sequence[Person], at: datetime) -> Iterator[tuple[int, desk.Item]]:
    """Rounds in which some people have a seat and have not voted, nor anybody for them: without them a body that
    decides together may not come to an end."""
    for family in deciding.families():
        voted = family.vote._default_manager.filter(seat=OuterRef("pk"))
        seats = family.seat._default_manager.filter(person__in=people, round__state=State.OPEN, recusal="")
        found = list(seats.filter(~Exists(voted)).select_related("round__maker").order_by("round__opened_at", "pk"))
        for seat, item in zip(found, _round_lines([one.round for one in found]), strict=True):
            yield seat.person_id, item


def delegations_going_on(people: Sequence[Person], at: datetime) -> Iterator[tuple[int, desk.Item]]:
    """Who acts for some people, and for whom they act, now or later."""
    numbers, today = {one.pk for one in people}, days.business_day(at)
    for one in (
        Delegation.objects.not_over(today)
        .filter(Q(person__in=people) | Q(to__in=people))
        .select_related("person", "to")
    ):
        page = reverse("office:person", args=[one.person_id])
        item = desk.Item(str(one), page, one.proposed_at, words.period(one.period))
        for number in {one.person_id, one.to_id} & numbers:
            yield number, item


def _round_lines(some: Sequence[Any]) -> list[desk.Item]:
    subjects = deciding.subjects_of(some)
    return [
        desk.Item(
            deciding.words_of(one.subject_type, subjects[one.subject_type, one.subject_id]),
            deciding.page_of(one),
            one.opened_at,
            one.maker.full_name,
        )
        for one in some
    ]


def jobs_in_need(person: Person, look: desk.Look) -> desk.Waiting:
    """The person's jobs that failed or left rows out, until he has noted them."""
    return look.over(Job.objects.visible_to(person).in_need().order_by("asked_at"), _job_lines)


def _job_lines(jobs: Sequence[Job]) -> list[desk.Item]:
    return [
        desk.Item(str(job), reverse("office:job", args=[job.pk]), job.asked_at, str(job.get_state_display()))
        for job in jobs
    ]


def assumed_years(person: Person, look: desk.Look) -> desk.Waiting:
    """Years whose working days are only assumed; they wait from the November before."""
    years = [row for row in selectors.working_days_by_year() if row["assumed"]]
    items = [
        desk.Item(
            str(row["year"]),
            f"{reverse('office:working_days')}?year={row['year']}",
            datetime(row["year"] - 1, *NOTICE_IS_DUE, tzinfo=UTC),
            _("%(days)s days assumed") % {"days": row["assumed"]},
        )
        for row in sorted(years, key=lambda row: row["year"])
    ]
    return look.among(items)
