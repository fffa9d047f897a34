"""The doors of intake and of one claim, and who may open each."""

from __future__ import annotations

from collections.abc import Callable

from claims.models import Claim
from claims.tests import taking_in
from office.models import Duty, Person

TAKERS = frozenset({Duty.INTAKE_CLERK, Duty.HOSPITAL_DESK, Duty.VILLAGE_DOCTOR})
SEERS = TAKERS | {
    Duty.FIRST_CHECKER,
    Duty.SECOND_CHECKER,
    Duty.OFFICE_HEAD,
    Duty.COMMITTEE_MEMBER,
    Duty.COMMITTEE_CHAIR,
    Duty.COMMITTEE_SECRETARY,
    Duty.FUND_ACCOUNTANT,
    Duty.ACCOUNTING_HEAD,
    Duty.INTERNAL_AUDITOR,
    Duty.STATE_AUDITOR,
}

DOORS: dict[str, frozenset[str]] = {
    "claims:claims": SEERS,
    "claims:claim": SEERS,
    "claims:claim_scans": SEERS,
    "claims:claim_slip": SEERS,
    "claims:claim_sheet": SEERS,
    "claims:claim_missing": SEERS,
    "claims:claim_new": TAKERS,
    "claims:claim_preview": TAKERS,
    "claims:claim_pick": TAKERS,
    "claims:claim_change": TAKERS,
    "claims:claim_hand_on": TAKERS,
    "claims:claim_void": TAKERS,
    "claims:claim_files": TAKERS,
}

POST_ONLY = {"claims:claim_preview", "claims:claim_pick", "claims:claim_hand_on"}

OF_ONE = (
    "claim",
    "claim_scans",
    "claim_slip",
    "claim_sheet",
    "claim_missing",
    "claim_change",
    "claim_hand_on",
    "claim_void",
    "claim_files",
)


def addresses() -> dict[str, Callable[[str], list[object]]]:
    """What each door's address needs."""
    found: dict[str, Callable[[str], list[object]]] = {f"claims:{name}": lambda duty: [entered().pk] for name in OF_ONE}
    return found | {"claims:claim_pick": lambda duty: ["provider"]}


def entered() -> Claim:
    """A claim that is with intake."""
    clerk = Person.objects.filter(appointments__duty=Duty.INTAKE_CLERK).first()
    assert clerk is not None
    return Claim.objects.first() or taking_in.entered(clerk)
