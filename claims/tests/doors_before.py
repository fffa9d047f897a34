"""The doors of what comes before a claim, and who may open each; tests/test_access.py knocks at all of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from claims.models import (
    Admission,
    CertificateApplication,
    ChronicCertificate,
    ExpertPanel,
    InjuryInquiry,
    OutsideStay,
    Referral,
)
from claims.tests import before
from office.models import Duty

CLERK = frozenset({Duty.TOWNSHIP_CLERK})
TAKERS = CLERK | {Duty.INTAKE_CLERK}
DESK = frozenset({Duty.HOSPITAL_DESK})
FIRST = frozenset({Duty.FIRST_CHECKER})
AUDITORS = frozenset({Duty.INTERNAL_AUDITOR, Duty.STATE_AUDITOR})
WATCHERS = TAKERS | FIRST | AUDITORS | {Duty.SECOND_CHECKER, Duty.OFFICE_HEAD}
ACCOUNTANT = frozenset({Duty.FUND_ACCOUNTANT})

DOORS: dict[str, frozenset[str]] = {
    "claims:referrals": WATCHERS | DESK,
    "claims:referral": WATCHERS | DESK,
    "claims:referral_print": WATCHERS | DESK,
    "claims:referral_ask": DESK | {Duty.INTAKE_CLERK},
    "claims:outside_stays": WATCHERS,
    "claims:outside_stay": WATCHERS,
    "claims:outside_stay_note": TAKERS,
    "claims:outside_stay_void": TAKERS,
    "claims:applications": WATCHERS,
    "claims:application": WATCHERS,
    "claims:application_new": TAKERS,
    "claims:application_check": CLERK | FIRST,
    "claims:application_withdraw": TAKERS,
    "claims:panels": WATCHERS,
    "claims:panel": WATCHERS,
    "claims:panel_print": WATCHERS,
    "claims:panel_hold": FIRST,
    "claims:panel_find": FIRST,
    "claims:panel_propose": FIRST,
    "claims:panel_withdraw": FIRST,
    "claims:certificates": WATCHERS,
    "claims:certificate": WATCHERS,
    "claims:certificate_print": WATCHERS,
    "claims:certificate_review": CLERK | FIRST,
    "claims:injuries": WATCHERS,
    "claims:injury": WATCHERS,
    "claims:injury_print": WATCHERS,
    "claims:injury_open": TAKERS,
    "claims:injury_visit": CLERK | FIRST,
    "claims:injury_conclude": FIRST,
    "claims:admissions": WATCHERS | DESK,
    "claims:admission": WATCHERS | DESK,
    "claims:in_hospital_print": WATCHERS | DESK,
    "claims:admit": DESK,
    "claims:bed_move": DESK,
    "claims:discharge": DESK,
    "claims:admission_void": DESK,
    "claims:bed_check": CLERK | FIRST | {Duty.OFFICE_HEAD},
    "claims:late_allowances": WATCHERS,
    "claims:late_allow": frozenset({Duty.OFFICE_HEAD}),
    "claims:time_limits": WATCHERS | ACCOUNTANT | {Duty.ACCOUNTING_HEAD},
    "claims:time_limit_new": ACCOUNTANT,
}

#: Doors that change something at once and therefore open to POST alone.
POST_ONLY = {"claims:application_withdraw", "claims:panel_propose", "claims:panel_withdraw"}

Arguments = Callable[[str], list[object]]
OF: dict[Any, tuple[str, ...]] = {
    Referral: ("referral", "referral_print"),
    OutsideStay: ("outside_stay", "outside_stay_void"),
    CertificateApplication: ("application", "application_check", "application_withdraw"),
    ExpertPanel: ("panel", "panel_print", "panel_propose", "panel_withdraw"),
    ChronicCertificate: ("certificate", "certificate_print", "certificate_review"),
    InjuryInquiry: ("injury", "injury_print", "injury_visit", "injury_conclude"),
    Admission: ("admission", "bed_move", "discharge", "admission_void", "bed_check"),
}
MAKE: dict[Any, Callable[[], Any]] = {
    Referral: before.referral,
    OutsideStay: before.stay,
    CertificateApplication: before.checked,
    ExpertPanel: before.panel,
    ChronicCertificate: before.certificate,
    InjuryInquiry: before.injury,
    Admission: before.admission,
}


def addresses() -> dict[str, Arguments]:
    """What each door's address needs."""
    found = {f"claims:{name}": _of(model) for model, names in OF.items() for name in names}

    def of_finding(duty: str) -> list[object]:
        asked = CertificateApplication.objects.filter(state="checked").first() or before.checked()
        held = ExpertPanel.objects.filter(state="open").first() or before.panel()
        return [held.pk, asked.pk]

    return found | {"claims:panel_find": of_finding}


def _of(model: Any) -> Arguments:
    def one(duty: str) -> list[object]:
        return [(model.objects.first() or MAKE[model]()).pk]

    return one
