"""Every door of the house by its URL name, and who may open it; each app says its own beside its tests."""

from __future__ import annotations

from audit.tests import doors as audit_doors
from claims.tests import doors as claims_doors
from claims.tests import doors_before
from enrollment.tests import doors
from funds.tests import doors as funds_doors
from office.models import Duty

EVERYBODY = frozenset(Duty)

STRANGERS = frozenset({"stranger"})
DESKS = frozenset(
    {
        Duty.TOWNSHIP_CLERK,
        Duty.HOSPITAL_DESK,
        Duty.INTAKE_CLERK,
        Duty.OFFICE_HEAD,
        Duty.COMMITTEE_SECRETARY,
        Duty.FUND_ACCOUNTANT,
        Duty.ACCOUNTING_HEAD,
        Duty.CASHIER,
        Duty.SYSTEM_ADMINISTRATOR,
    }
)
SYSTEM = frozenset({Duty.SYSTEM_ADMINISTRATOR})
OFFSETS = frozenset({Duty.TOWNSHIP_CLERK, Duty.CASHIER, Duty.SYSTEM_ADMINISTRATOR})
WATCHERS = frozenset({Duty.INTERNAL_AUDITOR, Duty.STATE_AUDITOR, Duty.SECURITY_AUDITOR})
STAFF = WATCHERS | {Duty.OFFICE_HEAD, Duty.SYSTEM_ADMINISTRATOR, Duty.SECURITY_ADMINISTRATOR}
SECURITY = frozenset({Duty.SECURITY_ADMINISTRATOR})
HEAD = frozenset({Duty.OFFICE_HEAD})
#: By URL name, who may open it. STRANGERS: also without signing in.
DOORS: dict[str, frozenset[str]] = {
    **doors.DOORS,
    **claims_doors.DOORS,
    **doors_before.DOORS,
    **funds_doors.DOORS,
    **audit_doors.DOORS,
    "set_language": EVERYBODY | STRANGERS,
    "office:home": EVERYBODY,
    "office:sign_in": EVERYBODY | STRANGERS,
    "office:sign_in_code": EVERYBODY | STRANGERS,
    "office:lost_password": EVERYBODY | STRANGERS,
    "office:lost_factor": EVERYBODY | STRANGERS,
    "office:me": EVERYBODY,
    "office:password": EVERYBODY,
    "office:factor": EVERYBODY,
    "office:show_code": EVERYBODY,
    "office:end_others": EVERYBODY,
    "office:sign_out": EVERYBODY,
    "office:set_theme": EVERYBODY | STRANGERS,
    "office:healthz": EVERYBODY | STRANGERS,
    "office:attachment": EVERYBODY,
    "office:attachment_page": EVERYBODY,
    "office:delegate": EVERYBODY,
    "office:end_delegation": EVERYBODY,
    "office:decisions": STAFF,
    "office:decisions_of": doors.SEE_ROSTERS | doors.FINANCE - {Duty.INTAKE_CLERK, Duty.SECOND_CHECKER},
    "office:decision": STAFF,
    "office:withdraw": SECURITY,
    "office:ask_for_code": SYSTEM | SECURITY,
    "office:ask_for_delegation": SECURITY,
    "office:acts": WATCHERS,
    "office:refused_acts": WATCHERS,
    "office:looks": WATCHERS,
    "office:history": WATCHERS,
    "office:people": STAFF,
    "office:add_person": SYSTEM,
    "office:person": STAFF,
    "office:leave": SYSTEM,
    "office:end_sessions": SYSTEM,
    "office:give_duty": SECURITY,
    "office:end_duty": SECURITY,
    "office:bodies": STAFF,
    **dict.fromkeys(("office:add_body", "office:rename_body"), SYSTEM),
    "office:work": EVERYBODY,
    "office:worklist": EVERYBODY,
    **dict.fromkeys(("office:take_work", "office:put_back_work"), EVERYBODY),
    "office:hand_over_work": EVERYBODY,
    **dict.fromkeys(("office:overview", "office:work_of_people", "office:reassign_work"), HEAD),
    "office:jobs": EVERYBODY,
    "office:job": EVERYBODY,
    "office:job_noted": EVERYBODY,
    "office:job_restart": EVERYBODY,
    "office:job_report": EVERYBODY,
    "office:working_days": EVERYBODY,
    "office:change_day": SYSTEM,
    "office:add_year": SYSTEM,
    "office:notice": SYSTEM,
    "office:working_days_print": EVERYBODY,
    "office:printers": DESKS,
    "office:add_printer": SYSTEM,
    "office:printer": DESKS,
    "office:change_offset": OFFSETS,
    "office:trial": DESKS,
}

#: Pages about oneself: no duty is needed for them.
OWN = {
    "me",
    "password",
    "factor",
    "show_code",
    "end_others",
    "sign_in_code",
    "lost_password",
    "lost_factor",
    "delegate",
    "end_delegation",
}

#: Doors that change something at once and therefore open to POST alone.
POST_ONLY = {
    *doors.POST_ONLY,
    *claims_doors.POST_ONLY,
    *doors_before.POST_ONLY,
    *funds_doors.POST_ONLY,
    *audit_doors.POST_ONLY,
    "office:end_delegation",
    "office:end_others",
    "office:job_noted",
    "office:job_restart",
    "office:put_back_work",
    "office:set_theme",
    "office:sign_out",
    "office:take_work",
    "office:withdraw",
    "set_language",
}
