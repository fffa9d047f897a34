"""The workers' door to the office's long work."""

from __future__ import annotations

from celery import shared_task
from django.http import HttpRequest, QueryDict
from django.urls import resolve
from django.utils import timezone

from office import jobs, sheets, trail
from office.pages import lists
from office.sentences import said
from office.services import calendar, housekeeping


@shared_task
def run_job(pk: int) -> None:
    """Do one job."""
    jobs.run(pk)


@shared_task
def sweep() -> None:
    """Send again what no worker has."""
    jobs.sweep(timezone.now())


@shared_task
def tidy() -> None:
    """Forget what only helped the work."""
    housekeeping.tidy(timezone.now())


@jobs.job
def export_list(run: jobs.Run, *, path: str, query: str) -> None:
    """A filtered list as a workbook, as the person who asked may see it."""
    request = HttpRequest()
    request.method = "GET"
    request.path = path
    request.GET = QueryDict(query)
    place = resolve(path)
    page = lists.list_page_for(place.func.view_class, request, run.by, **place.kwargs)  # type: ignore[attr-defined]
    found = page.found()
    total = found.count()
    run.step(0, total)
    content = lists.workbook_of(page.table_class(found), lambda done: run.step(done, total))
    trail.read("list.exported", None, by=run.by, at=run.at, list=path, rows=total)
    run.keep_result(f"{path.strip('/').replace('/', '-')}.xlsx", content, sheets.XLSX)
    run.say({said("Rows"): total})


@jobs.job
def bring_in_notice(run: jobs.Run, *, year: int) -> None:
    """A year's holiday notice from the file that was sent."""
    calendar.bring_in_notice(run, year=year)
