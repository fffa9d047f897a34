"""The doors of the committee, and who may open each; tests/test_access.py knocks at all of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from claims.models import BenefitPlan, Claim, DecisionNotice, Limit, Meeting
from claims.services import meetings, notices
from claims.tests.committee import TODAY, stated
from claims.tests.deciding import Desk, now
from claims.tests.factories import adopted
from conftest import NOON
from enrollment.tests.factories import scheme
from office.models import Body, Duty, Person
from office.tests.factories import give, tess

SECRETARY = frozenset({Duty.COMMITTEE_SECRETARY})
CHAIR = frozenset({Duty.COMMITTEE_CHAIR})
MEMBERS = CHAIR | {Duty.COMMITTEE_MEMBER}
WATCHERS = SECRETARY | MEMBERS | {Duty.OFFICE_HEAD, Duty.INTERNAL_AUDITOR, Duty.STATE_AUDITOR}
ACCOUNTANT = frozenset({Duty.FUND_ACCOUNTANT})

DOORS: dict[str, frozenset[str]] = {
    "claims:committee": WATCHERS | ACCOUNTANT | {Duty.ACCOUNTING_HEAD},
    "claims:committee_rule_new": ACCOUNTANT,
    "claims:meetings": WATCHERS,
    "claims:meeting": WATCHERS,
    "claims:meeting_call": SECRETARY,
    "claims:meeting_agenda": SECRETARY,
    "claims:meeting_open": SECRETARY,
    "claims:meeting_attendance": SECRETARY,
    "claims:meeting_cancel": SECRETARY,
    "claims:meeting_freeze": SECRETARY,
    "claims:meeting_print": WATCHERS,
    "claims:meeting_sheet": MEMBERS,
    "claims:meeting_decide": CHAIR,
    "claims:agenda_take_off": SECRETARY,
    "claims:agenda_recuse": SECRETARY | MEMBERS,
    "claims:notices": WATCHERS,
    "claims:notice_print": WATCHERS,
    "claims:notice_issue": SECRETARY,
    "claims:notice_serve": SECRETARY,
}

#: Doors that change something at once and therefore open to POST alone.
POST_ONLY = {"claims:meeting_open"}

OF_MEETING = ("meeting", "meeting_agenda", "meeting_open", "meeting_attendance", "meeting_cancel", "meeting_freeze")
Arguments = Callable[[str], list[object]]


def addresses() -> dict[str, Arguments]:
    """What each door's address needs; one meeting for all."""

    def of_meeting(*more: object) -> Arguments:
        return lambda duty: [called().pk, *more]

    found = {f"claims:{name}": of_meeting() for name in (*OF_MEETING, "meeting_sheet", "meeting_decide")}
    return found | {
        "claims:meeting_print": of_meeting("agenda"),
        "claims:agenda_take_off": lambda duty: [called().agenda.get().pk],
        "claims:agenda_recuse": lambda duty: [called().agenda.get().pk],
        "claims:notice_issue": lambda duty: [answered().claim_id],
        "claims:notice_print": lambda duty: [answered().pk],
        "claims:notice_serve": lambda duty: [answered().pk],
    }


def called() -> Meeting:
    """A meeting with a claim, to which those who knock and one more are called."""
    known = Meeting.objects.first()
    if known is not None:
        return known
    third = Person.objects.create_person(username="third-member", full_name="Third", password=None)
    give(third, Duty.COMMITTEE_MEMBER, Body.objects.get(kind=Body.Kind.COUNTY_CENTRE))
    keeper = of_duty(Duty.COMMITTEE_SECRETARY)
    meeting = meetings.call(stated=stated(held_on=TODAY), by=keeper, at=NOON)
    meetings.put_on_agenda(meeting=meeting, claims=[waiting()], by=keeper, at=NOON)
    return meeting


def answered() -> DecisionNotice:
    """A notice on a claim that was refused."""
    known = DecisionNotice.objects.first()
    if known is not None:
        return known
    works = desk()
    refused = works.check(works.handed_on(body=body()), works.fay, "refuse", reason="x")
    return notices.issue(claim=now(refused), number="1", on=TODAY, by=of_duty(Duty.COMMITTEE_SECRETARY), at=NOON)


def waiting() -> Claim:
    """A claim that waits for the committee."""
    works = desk()
    if not Limit.objects.exists():
        works.limit("committee", 500)
    return works.check(works.check(works.handed_on(body=body()), works.fay), works.sue)


def desk() -> Desk:
    """Those who knock check; somebody who knocks at no door took the claim in."""
    checks: dict[str, Any] = {
        "fay": of_duty(Duty.FIRST_CHECKER),
        "sue": of_duty(Duty.SECOND_CHECKER),
        "hal": of_duty(Duty.OFFICE_HEAD),
    }
    if not BenefitPlan.objects.adopted().exists():
        adopted()
    return Desk(ian=tess(), scheme=scheme(account="household"), **checks)


def body() -> Body:
    """The desk at which the claim lies."""
    return of_duty(Duty.INTAKE_CLERK).appointments.get().body


def of_duty(duty: str) -> Person:
    """Who knocks for a duty."""
    return Person.objects.get(full_name=duty)
