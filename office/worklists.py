"""What the office itself has waiting: jobs that ended badly, and years of the working-day table that are assumed."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from office import deciding, desk, selectors
from office.models import Job, Person
from office.rules import days

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

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


def register_rounds(family: deciding.Family, title: StrPromise) -> None:
    """What waits to be decided in one app's tables; each app registers its own once."""
    desk.register(
        desk.Worklist(
            name=f"{family.name}.rounds",
            title=title,
            icon="circle-check",
            right="office.view_workingday",  # everybody: who decides is a matter of duty and delegation
            url=lambda: reverse("office:home"),
            waiting=partial(to_decide, family),
        )
    )


def to_decide(family: deciding.Family, person: Person) -> desk.Waiting:
    """One app's matters in which this person has a vote, in his own name or for somebody who is away."""
    today = days.business_day(timezone.now())
    rounds = family.round._default_manager.select_related("maker")
    found = selectors.rounds_waiting_for(person, rounds, today)
    shown = list(found.order_by("opened_at", "pk")[: desk.SHOWN])
    subjects = deciding.subjects_of(shown)
    items = [
        desk.Item(
            f"{deciding.matter_of(one.subject_type).title}: {subjects[one.subject_type, one.subject_id]}",
            deciding.page_of(one),
            one.opened_at,
            one.maker.full_name,
        )
        for one in shown
    ]
    return desk.Waiting(found.count(), items)


def jobs_in_need(person: Person) -> desk.Waiting:
    """The person's jobs that failed or left rows out, until he has looked at them."""
    found = Job.objects.visible_to(person).in_need().order_by("asked_at")
    items = [
        desk.Item(
            job.title,
            reverse("office:job", args=[job.pk]),
            job.asked_at,
            str(job.get_state_display()),
        )
        for job in found[: desk.SHOWN]
    ]
    return desk.Waiting(found.count(), items)


def assumed_years(person: Person) -> desk.Waiting:
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
    return desk.Waiting(len(items), items[: desk.SHOWN])
