"""Registers and lists sent as a file: checked as a job that writes nothing, then taken in as another."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from claims.models import BulkDocument, Provider
from enrollment.models import Scheme
from office import jobs
from office.models import Job, Person

CHECK_DOCUMENT, TAKE_DOCUMENT = "claims.tasks.check_document", "claims.tasks.take_document"


def ask_for_check(
    *,
    kind: str,
    scheme: Scheme,
    provider: Provider,
    month: date,
    upload: UploadedFile[Any],
    by: Person,
    at: datetime,
    document: BulkDocument | None = None,
) -> Job:
    """Have a file checked, as a job; nothing is written. `document` is the one that the rows are for, where there is
    one already (it came back). The job's page is `claims:document_job`. Raises CannotKeepDocument, CannotAttach."""
    raise NotImplementedError


def ask_for_taking(*, check: Job, by: Person, at: datetime) -> Job:
    """Have a checked file taken in, faulty rows too (they are mended or struck out in the grid); asked twice it is the
    same job. Raises CannotKeepDocument."""
    raise NotImplementedError


def can_be_taken(check: Job) -> bool:
    """Whether a check ended with rows that can be taken in."""
    raise NotImplementedError


def taking_of(check: Job) -> Job | None:
    """The job that takes in what a job checked."""
    raise NotImplementedError


def document_of(job: Job) -> BulkDocument | None:
    """The document that a job (a check or a taking) is for or made."""
    raise NotImplementedError


def first_faults(job: Job) -> list[list[str]]:
    """The first faulty rows as a page shows them: row, column, value, reason, level, code."""
    raise NotImplementedError


def check(run: jobs.Run, *, kind: str, scheme: int, provider: int, month: str, document: int | None) -> None:
    """The check's work: figures and the faulty rows as files."""
    raise NotImplementedError


def take(run: jobs.Run, *, check: int) -> None:
    """The taking's work; begun again after a crash, or with the same file, it finds what is there."""
    raise NotImplementedError


def empty_form(kind: str) -> list[str]:
    """The headings of an empty table, for a workbook that a clinic or hospital fills in."""
    raise NotImplementedError


def read(kind: str, path: Path, name: str) -> list[dict[str, str]]:
    """The rows of a file by column. Raises CannotKeepDocument."""
    raise NotImplementedError
