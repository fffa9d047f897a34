"""The doors of screenings, leads and complaints, and who may open each."""

from __future__ import annotations

from collections.abc import Callable

from django.utils import timezone

from audit.models import Complaint, Lead, Screening
from audit.services import complaints, screening
from audit.services.complaints import Told
from audit.services.screening_tables import Span
from office.models import Duty, Job, Person
from office.rules import days
from office.tests.factories import tess

AUDITOR = frozenset({Duty.INTERNAL_AUDITOR})
AUDITORS = AUDITOR | {Duty.STATE_AUDITOR}
WATCHERS = AUDITORS | {Duty.OFFICE_HEAD}
TAKERS = AUDITOR | {Duty.INTAKE_CLERK}

DOORS: dict[str, frozenset[str]] = {
    **dict.fromkeys(("audit:screens", "audit:screenings", "audit:screening"), WATCHERS),
    **dict.fromkeys(("audit:leads", "audit:lead", "audit:leads_by", "audit:ranking"), WATCHERS),
    **dict.fromkeys(("audit:screen_set", "audit:screening_new"), AUDITOR),
    **dict.fromkeys(("audit:lead_decide", "audit:lead_note", "audit:lead_hold"), AUDITOR),
    **dict.fromkeys(("audit:lead_let_go", "audit:lead_reopen"), AUDITOR),
    **dict.fromkeys(("audit:complaints", "audit:complaint"), AUDITORS),
    "audit:complaint_new": TAKERS,
    **dict.fromkeys(("audit:complaint_assign", "audit:complaint_note", "audit:complaint_answer"), AUDITOR),
    **dict.fromkeys(("audit:complaint_lead", "audit:complaint_informant"), AUDITOR),
}
POST_ONLY: set[str] = {"audit:complaint_informant"}


def complaint() -> Complaint:
    """A complaint about somebody who knocks at no door."""
    today = days.business_day(timezone.now())
    told = Told("phone", "某村卫生室", "空挂床位", today, "马某", "13900000000")
    return Complaint.objects.first() or complaints.take_down(told=told, by=taker(), at=timezone.now())


def taker() -> Person:
    """Whoever took it down."""
    return tess()


def lead() -> Lead:
    """A lead that it points at."""
    return Lead.objects.first() or complaints.point_at(complaint=complaint(), claims=[], by=taker(), at=timezone.now())


def one_screening() -> Screening:
    """A screening that has just begun."""
    today = days.business_day(timezone.now())
    known = Screening.objects.first()
    return known or screening.begin(span=Span(today, today), screens=["readmission"], by=taker(), at=timezone.now())


def addresses(job_of: Callable[[str], Job]) -> dict[str, Callable[[str], list[object]]]:
    """What each door's address needs."""

    def of_lead(duty: str) -> list[object]:
        return [lead().pk]

    def of_complaint(duty: str) -> list[object]:
        return [complaint().pk]

    leads = ("lead", "lead_decide", "lead_note", "lead_hold", "lead_let_go", "lead_reopen")
    said = ("complaint", "complaint_assign", "complaint_note", "complaint_answer", "complaint_lead")
    return {
        **dict.fromkeys((f"audit:{name}" for name in leads), of_lead),
        **dict.fromkeys((f"audit:{name}" for name in (*said, "complaint_informant")), of_complaint),
        "audit:leads_by": lambda duty: ["provider"],
        "audit:screening": lambda duty: [one_screening().pk],
        "audit:screen_set": lambda duty: ["readmission"],
    }
