"""Faulty rows as files: every one as CSV, most as a workbook, the first ones on the page."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Protocol

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enrollment import fault_words
from enrollment.rules.faults import Fault
from office import jobs
from office.models import Job
from office.rules import masking
from office.sentences import Sentence, said

CSV_TYPE = "text/csv"
MOST_IN_WORKBOOK = 200_000  # faults; the CSV has them all
SHOWN = 50
FORMULA = ("=", "+", "-", "@")
LEVELS = {"error": gettext_lazy("error"), "warning": gettext_lazy("warning")}


class Faults(Protocol):
    """Faults in order, read as often as asked."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[Fault]: ...


def keep(run: jobs.Run, faults: Faults, headings: Mapping[str, str]) -> None:
    """Keep the faulty rows of a file with the job that found them; `headings` are its columns' names."""
    if len(faults):
        run.keep_result(f"faults-{run.job.pk}.csv", _as_csv(faults, headings), CSV_TYPE)
        run.keep_faults(f"faults-{run.job.pk}.xlsx", columns(), _lines(faults, headings, MOST_IN_WORKBOOK))


def columns() -> list[str]:
    """The headings of such a file."""
    return [_("Row"), _("Column"), _("Value"), _("Reason"), _("Level"), _("Code")]


def fault_of(code: str, level: str) -> Sentence:
    """A kind of fault and how grave it is, as a job says it."""
    return said("%(fault)s (%(level)s)", fault=fault_words.CODES[code], level=LEVELS[level])


def first(job: Job, id_heading: str) -> list[list[str]]:
    """The first faulty rows as a page shows them, ID numbers masked; the files have all of them, whole."""
    if job.result is None:
        return []
    with job.result.path.open(encoding="utf-8-sig", newline="") as file:
        lines = csv.reader(file)
        next(lines)
        shown = [line for line, _number in zip(lines, range(SHOWN), strict=False)]
    for line in shown:
        line[2] = masking.masked(line[2]) if line[1] == id_heading else masking.masked_within(line[2])
    return shown


def _lines(faults: Faults, headings: Mapping[str, str], most: int) -> Iterator[list[object]]:
    for count, fault in enumerate(faults):
        if count == most:
            return
        yield [
            fault.row,
            headings[fault.column],
            fault.value,
            fault_words.reason(fault),
            LEVELS[fault.level],
            fault.code,
        ]


def _as_csv(faults: Faults, headings: Mapping[str, str]) -> bytes:
    """Every faulty row, with the mark by which spreadsheets know UTF-8; what would be a formula is text."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns())
    for line in _lines(faults, headings, len(faults)):
        writer.writerow([f"'{cell}" if str(cell).startswith(FORMULA) else cell for cell in line])
    return text.getvalue().encode("utf-8-sig")
