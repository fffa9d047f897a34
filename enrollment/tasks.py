"""The workers' door to the register's long work."""

from __future__ import annotations

from enrollment.services import assistance_jobs, go_live_jobs, roster_jobs
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


@jobs.job
def check_assistance_list(run: jobs.Run, *, fund_year: int, category: str, number: str, dated: str) -> None:
    """Check a list of those helped."""
    assistance_jobs.check(run)


@jobs.job
def accept_assistance_list(run: jobs.Run, *, check: int) -> None:
    """Take a list in that was checked."""
    assistance_jobs.accept(run, check=check)
