"""The doors of checking, and who may open each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from claims.models import Claim, Flag, Verification
from claims.tests.deciding import Desk
from claims.tests.factories import adopted
from conftest import NOON
from enrollment.tests.factories import scheme
from office.models import Duty, Person
from office.tests.factories import tess

CHECKERS = frozenset({Duty.FIRST_CHECKER, Duty.SECOND_CHECKER})
HOLDERS = frozenset({Duty.OFFICE_HEAD, Duty.INTERNAL_AUDITOR})
#: Whoever sees claims of the whole county, and what they are decided by.
SEE_CLAIMS = (
    CHECKERS
    | HOLDERS
    | {
        Duty.HOSPITAL_DESK,
        Duty.VILLAGE_DOCTOR,
        Duty.INTAKE_CLERK,
        Duty.COMMITTEE_MEMBER,
        Duty.COMMITTEE_CHAIR,
        Duty.COMMITTEE_SECRETARY,
        Duty.FUND_ACCOUNTANT,
        Duty.ACCOUNTING_HEAD,
        Duty.STATE_AUDITOR,
    }
)

DOORS: dict[str, frozenset[str]] = {
    "claims:claim_check": frozenset({Duty.FIRST_CHECKER}),
    "claims:check_next": SEE_CLAIMS,
    "claims:check_together": CHECKERS,
    "claims:verification_ask": frozenset({Duty.FIRST_CHECKER}),
    "claims:verification_answer": frozenset({Duty.FIRST_CHECKER}),
    "claims:verification_letter": frozenset({Duty.FIRST_CHECKER}),
    "claims:flag_set": HOLDERS,
    "claims:flag_lift": HOLDERS,
    "claims:claim_take_back": frozenset({Duty.OFFICE_HEAD}),
    "claims:limits": SEE_CLAIMS,
    "claims:limit_new": frozenset({Duty.FUND_ACCOUNTANT}),
}

Arguments = Callable[[str], list[object]]


def addresses() -> dict[str, Arguments]:
    """What each door's address needs; one claim for all."""
    known: dict[str, object] = {}

    def claim() -> Claim:
        if "claim" not in known:
            known["claim"] = waiting_claim()
        return known["claim"]  # type: ignore[return-value]

    def asked() -> list[object]:
        one = claim()
        given = {
            "way": "letter",
            "whom": "x",
            "letter_number": "7",
            "asked_on": one.entered_on,
            "deadline_on": date(2010, 3, 15),
            "asked_by": tess(),
        }
        return [(Verification.objects.filter(claim=one).first() or Verification.objects.create(claim=one, **given)).pk]

    def held() -> list[object]:
        given = {"kind": "office", "reason": "x", "set_by": tess(), "set_at": NOON}
        one = claim()
        return [(Flag.objects.filter(claim=one).first() or Flag.objects.create(claim=one, **given)).pk]

    of_claim = ("claims:verification_ask", "claims:flag_set", "claims:claim_take_back")
    found: dict[str, Arguments] = {name: lambda duty: [claim().pk] for name in of_claim}
    return found | {
        "claims:claim_check": lambda duty: [claim().pk, "refuse"],
        "claims:verification_answer": lambda duty: asked(),
        "claims:verification_letter": lambda duty: asked(),
        "claims:flag_lift": lambda duty: held(),
    }


def waiting_claim() -> Claim:
    """A claim in its first check, taken in by somebody who knocks at no door."""
    people = dict.fromkeys(("ian", "fay", "sue", "hal"), tess())
    desk = Desk(scheme=scheme(account="household"), **people)
    adopted()
    return desk.handed_on(body=Person.objects.get(full_name=Duty.INTAKE_CLERK).appointments.get().body)
