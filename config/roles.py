"""What each duty may do. Deny by default: a right that stands nowhere below is nobody's.

Rights are named `app.verb_model`. Which things of a kind a person sees (his township, his hospital) is the model's
`visible_to`; who may act on one and the same thing twice is the services' matter.
"""

from office.models import Duty

#: Everybody who works here.
ALL = frozenset({"office.view_job", "office.view_lease", "office.view_workingday"})

#: Everybody whose desk has a printer.
DESK = ALL | {"office.view_printer"}

#: Everybody who sees who works here and with what duties.
STAFF = frozenset({"office.view_person", "office.view_body", "office.view_appointment"})

#: Everybody who may read what others did.
TRAIL = ALL | STAFF | {"office.view_act", "office.view_officeround"}

PERMISSIONS: dict[str, frozenset[str]] = {
    Duty.TOWNSHIP_CLERK: DESK | {"office.change_printeroffset"},
    Duty.HOSPITAL_DESK: DESK,
    Duty.VILLAGE_DOCTOR: ALL,
    Duty.INTAKE_CLERK: DESK,
    Duty.FIRST_CHECKER: ALL,
    Duty.SECOND_CHECKER: ALL,
    Duty.OFFICE_HEAD: DESK | STAFF | {"office.reassign_work", "office.view_officeround"},
    Duty.COMMITTEE_MEMBER: ALL,
    Duty.COMMITTEE_CHAIR: ALL,
    Duty.COMMITTEE_SECRETARY: DESK,
    Duty.FUND_ACCOUNTANT: DESK,
    Duty.ACCOUNTING_HEAD: DESK,
    Duty.CASHIER: DESK | {"office.change_printeroffset"},
    Duty.FINANCE_REVIEWER: ALL,
    Duty.INTERNAL_AUDITOR: TRAIL,
    Duty.STATE_AUDITOR: TRAIL,
    Duty.SYSTEM_ADMINISTRATOR: DESK
    | STAFF
    | {
        "office.add_body",
        "office.change_body",
        "office.add_person",
        "office.change_person",
        "office.change_workingday",
        "office.add_printer",
        "office.change_printeroffset",
        "office.add_resetrequest",
        "office.view_officeround",
    },
    Duty.SECURITY_ADMINISTRATOR: ALL
    | STAFF
    | {
        "office.add_appointment",
        "office.change_appointment",
        "office.add_dutyrequest",
        "office.add_resetrequest",
        "office.add_delegation",
        "office.view_officeround",
    },
    Duty.SECURITY_AUDITOR: TRAIL,
}

#: Whoever decides, keeps the minutes, pays, administers, or reads everything shows a second factor when signing in.
SECOND_FACTOR: frozenset[str] = frozenset(
    {
        Duty.FIRST_CHECKER,
        Duty.SECOND_CHECKER,
        Duty.OFFICE_HEAD,
        Duty.COMMITTEE_MEMBER,
        Duty.COMMITTEE_CHAIR,
        Duty.COMMITTEE_SECRETARY,
        Duty.FUND_ACCOUNTANT,
        Duty.ACCOUNTING_HEAD,
        Duty.CASHIER,
        Duty.FINANCE_REVIEWER,
        Duty.INTERNAL_AUDITOR,
        Duty.STATE_AUDITOR,
        Duty.SYSTEM_ADMINISTRATOR,
        Duty.SECURITY_ADMINISTRATOR,
        Duty.SECURITY_AUDITOR,
    }
)
