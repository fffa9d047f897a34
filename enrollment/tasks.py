"""The workers' door to the register's long work."""

from __future__ import annotations

from enrollment.services import go_live_jobs, roster_jobs
from office import jobs


@jobs.job
def check_roster(run: jobs.Run, *, fund_year: int) -> None:
    """Check the roster that was sent."""
    roster_jobs.check(run, fund_year=fund_year)


@jobs.job
def write_roster(run: jobs.Run, *, check: int, fund_year: int) -> None:
    """Write the good rows of a roster that was checked."""
    roster_jobs.write(run, check=check, fund_year=fund_year)


@jobs.job
def check_go_live(run: jobs.Run, *, kind: str, fund_year: int, as_of: str) -> None:
    """Check a file that the office brings along."""
    go_live_jobs.check(run, kind=kind, fund_year=fund_year, as_of=as_of)


@jobs.job
def write_go_live(run: jobs.Run, *, protocol: int) -> None:
    """Write a file that was signed."""
    go_live_jobs.write(run, protocol=protocol)
