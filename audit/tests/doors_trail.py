"""The doors of the trail's pages, of exports for the audit bureau and of reports, and who may open each."""

from __future__ import annotations

from collections.abc import Callable

from office.models import Duty, Job

WATCHERS = frozenset({Duty.INTERNAL_AUDITOR, Duty.STATE_AUDITOR, Duty.SECURITY_AUDITOR})

DOORS: dict[str, frozenset[str]] = {
    "audit:story": WATCHERS,
    "audit:person_day": WATCHERS,
}
POST_ONLY: set[str] = set()


def addresses(job_of: Callable[[str], Job]) -> dict[str, Callable[[str], list[object]]]:
    """What each door's address needs."""
    return {"audit:story": lambda duty: ["office.job", job_of(duty).pk]}
