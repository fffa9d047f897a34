"""The workers' door to the audit's long work."""

from __future__ import annotations

from audit.services import export_jobs
from office import jobs


@jobs.job
def export_for_bureau(run: jobs.Run, *, year: int | None, whole: bool) -> None:
    """Everything for the audit bureau."""
    export_jobs.make(run, year=year, whole=whole)
