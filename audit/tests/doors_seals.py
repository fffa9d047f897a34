"""The doors of seals and of checks of the trail, and who may open each."""

from __future__ import annotations

from collections.abc import Callable

from audit.models import TrailCheck
from conftest import NOON
from office.models import Duty, Job

AUDITORS = frozenset({Duty.INTERNAL_AUDITOR, Duty.SECURITY_AUDITOR})
WATCHERS = AUDITORS | {Duty.STATE_AUDITOR, Duty.SYSTEM_ADMINISTRATOR}

DOORS: dict[str, frozenset[str]] = {
    **dict.fromkeys(("audit:seals", "audit:seal", "audit:sealing"), WATCHERS),
    **dict.fromkeys(("audit:trail_checks", "audit:trail_check"), WATCHERS),
    "audit:check_now": AUDITORS,
}
POST_ONLY = {"audit:check_now"}


def check(duty: str) -> list[object]:
    """A check that found nothing."""
    kept = TrailCheck.objects.first() or TrailCheck.objects.create(
        kind=TrailCheck.Kind.SEALS, begun_at=NOON, ended_at=NOON, rows=0, found=0
    )
    return [kept.pk]


def addresses(job_of: Callable[[str], Job]) -> dict[str, Callable[[str], list[object]]]:
    """What each door's address needs."""
    return {"audit:seal": lambda duty: [1], "audit:trail_check": check}
