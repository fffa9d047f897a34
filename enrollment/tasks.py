"""The workers' door to the register's long work."""

from __future__ import annotations

from enrollment.services import roster_jobs
from office import jobs


@jobs.job
def check_roster(run: jobs.Run, *, fund_year: int) -> None:
    """Check the roster that was sent."""
    roster_jobs.check(run, fund_year=fund_year)


@jobs.job
def write_roster(run: jobs.Run, *, check: int, fund_year: int) -> None:
    """Write the good rows of a roster that was checked."""
    roster_jobs.write(run, check=check, fund_year=fund_year)
