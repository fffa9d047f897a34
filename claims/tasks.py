"""The workers' door to the long work of reviewing."""

from __future__ import annotations

from claims.services import imports
from office import jobs


@jobs.job
def check_catalogue(run: jobs.Run, *, scheme: int, kind: str, first: str, document: str) -> None:
    """Check an edition of a catalogue."""
    imports.check_catalogue(run, kind=kind)


@jobs.job
def take_in_catalogue(run: jobs.Run, *, check: int) -> None:
    """Take an edition in that was checked."""
    imports.take_in_catalogue(run, check=check)


@jobs.job
def check_diseases(run: jobs.Run) -> None:
    """Check a file of diseases."""
    imports.check_diseases(run)


@jobs.job
def bring_in_diseases(run: jobs.Run, *, check: int) -> None:
    """Bring in a file of diseases that was checked."""
    imports.bring_in_diseases(run, check=check)
