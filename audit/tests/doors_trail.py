"""The doors of the trail's pages, of exports for the audit bureau and of reports, and who may open each."""

from __future__ import annotations

from collections.abc import Callable

from audit.models import ReportText
from audit.selectors import exported
from audit.services import report_texts
from conftest import NOON
from enrollment.tests import factories as register
from office import trail
from office.models import Act, Duty, Job, Person

WATCHERS = frozenset({Duty.INTERNAL_AUDITOR, Duty.STATE_AUDITOR, Duty.SECURITY_AUDITOR})
EXPORTERS = frozenset({Duty.INTERNAL_AUDITOR, Duty.STATE_AUDITOR})
REPORTERS = EXPORTERS | {Duty.OFFICE_HEAD, Duty.ACCOUNTING_HEAD, Duty.FUND_ACCOUNTANT}

DOORS: dict[str, frozenset[str]] = {
    "audit:story": WATCHERS,
    "audit:person_day": WATCHERS,
    "audit:export": EXPORTERS,
    "audit:export_proof": EXPORTERS,
    "audit:fund_report": REPORTERS,
    "audit:fund_report_print": REPORTERS,
    "audit:report_texts": REPORTERS,
    "audit:report_text_new": REPORTERS,
    "audit:report_text": REPORTERS,
}
POST_ONLY: set[str] = set()


def given_in() -> ReportText:
    """A report's text."""
    by = Person.objects.order_by("pk").first()
    assert by is not None
    text = "应参合农民386772人,实际参合农民370296人,参合率为95.74%。"
    known = ReportText.objects.first()
    return known or report_texts.keep(title="汇报", text=text, year=2010, span="year", by=by, at=NOON)


def exported_by() -> Act:
    """The act of an export, not sealed yet."""
    return trail.record(exported.ACT, None, by=Person.objects.order_by("pk").first(), at=NOON, sha256="0" * 64)


def of_year(duty: str) -> list[object]:
    """A year of which something is known."""
    if not register.FundYear.objects.filter(year=2010).exists():
        register.fund_year()
    return [2010, "year"]


def addresses(job_of: Callable[[str], Job]) -> dict[str, Callable[[str], list[object]]]:
    """What each door's address needs."""
    return {
        "audit:story": lambda duty: ["office.job", job_of(duty).pk],
        "audit:fund_report_print": of_year,
        "audit:export_proof": lambda duty: [exported_by().pk],
        "audit:report_text": lambda duty: [given_in().pk],
    }
