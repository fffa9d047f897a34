"""The doors of the audit, and who may open each; tests/test_access.py knocks at all of them for everybody.

Each part has a file of its own with DOORS, POST_ONLY and addresses().
"""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

from audit.tests import doors_engagements, doors_samples
from office.models import Job

PARTS: tuple[ModuleType, ...] = (doors_engagements, doors_samples)

DOORS: dict[str, frozenset[str]] = {name: who for part in PARTS for name, who in part.DOORS.items()}

#: Doors that change something at once and therefore open to POST alone.
POST_ONLY: set[str] = {name for part in PARTS for name in part.POST_ONLY}


def addresses(job_of: Callable[[str], Job]) -> dict[str, Callable[[str], list[object]]]:
    """What each door's address needs."""
    return {name: of for part in PARTS for name, of in part.addresses(job_of).items()}
