"""An export: the list page's workbook against the same rows written by XlsxWriter alone."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator

import xlsxwriter
from django.utils import timezone

from office.models import Person, WorkingDay
from office.pages.lists import workbook_of
from office.services import calendar
from office.tables import WorkingDayTable

YEARS = 40


def measure(scale: float) -> Iterator[tuple[str, float, float]]:
    """Name, figure, limit."""
    person = Person.objects.create_person(username="bench-export", full_name="Bench", password="bench")  # noqa: S106
    first = timezone.localdate().year - 1
    for year in range(first, first - max(int(YEARS * scale), 3), -1):
        calendar.fill_year(year=year, by=person, at=timezone.now())
    found = WorkingDay.objects.select_related("changed_by").order_by("day")
    ours = _seconds(lambda: workbook_of(WorkingDayTable(found)))
    bare = _seconds(lambda: _bare(list(found.values_list("day", "is_working", "reason", "source"))))
    yield f"export of {found.count():,} rows against XlsxWriter alone", ours / bare, 5


def _bare(rows: list[tuple[object, ...]]) -> None:
    book = xlsxwriter.Workbook(io.BytesIO(), {"constant_memory": True})
    sheet = book.add_worksheet()
    for line, row in enumerate(rows):
        for at, value in enumerate(row):
            sheet.write_string(line, at, str(value))
    book.close()


def _seconds(act: Callable[[], object]) -> float:
    took = []
    for _time in range(3):
        start = time.perf_counter()
        act()
        took.append(time.perf_counter() - start)
    return min(took)
