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

#: Whoever looks people up in the register: who they are, what covers them.
REGISTER = frozenset(
    {
        "enrollment.view_division",
        "enrollment.view_scheme",
        "enrollment.view_fundyear",
        "enrollment.view_household",
        "enrollment.view_member",
        "enrollment.view_coverage",
        "enrollment.view_account",
    }
)

#: Whoever needs a whole ID number for his work; each look at one is an act.
IDENTIFY = REGISTER | {"enrollment.show_id_number"}

#: Whoever keeps the register.
KEEP_REGISTER = IDENTIFY | {
    "enrollment.add_household",
    "enrollment.change_household",
    "enrollment.add_member",
    "enrollment.change_member",
    "enrollment.add_coverage",
    "enrollment.change_coverage",
    "enrollment.add_payeeaccount",
    "enrollment.add_membermerge",
    "enrollment.add_householdexception",
    "enrollment.add_rosterimport",
    "enrollment.view_rosterimport",
    "enrollment.view_enrollmentround",
}

#: Whoever decides in the register's matters, or reads everything.
WATCH_REGISTER = IDENTIFY | {
    "enrollment.view_rosterimport",
    "enrollment.view_goliveprotocol",
    "enrollment.view_enrollmentround",
}

#: Everybody who may read what others did.
TRAIL = ALL | STAFF | {"office.view_act", "office.view_officeround"}

PERMISSIONS: dict[str, frozenset[str]] = {
    Duty.TOWNSHIP_CLERK: DESK | KEEP_REGISTER | {"office.change_printeroffset"},
    Duty.HOSPITAL_DESK: DESK,
    Duty.VILLAGE_DOCTOR: ALL,
    Duty.INTAKE_CLERK: DESK | IDENTIFY,
    Duty.FIRST_CHECKER: ALL | WATCH_REGISTER,
    Duty.SECOND_CHECKER: ALL | IDENTIFY,
    Duty.OFFICE_HEAD: DESK | STAFF | WATCH_REGISTER | {"office.reassign_work", "office.view_officeround"},
    Duty.COMMITTEE_MEMBER: ALL,
    Duty.COMMITTEE_CHAIR: ALL,
    Duty.COMMITTEE_SECRETARY: DESK,
    Duty.FUND_ACCOUNTANT: DESK
    | REGISTER
    | {
        "enrollment.add_scheme",
        "enrollment.add_fundyear",
        "enrollment.change_fundyear",
        "enrollment.add_goliveprotocol",
        "enrollment.view_goliveprotocol",
        "enrollment.view_enrollmentround",
    },
    Duty.ACCOUNTING_HEAD: DESK | WATCH_REGISTER,
    Duty.CASHIER: DESK | {"office.change_printeroffset"},
    Duty.FINANCE_REVIEWER: ALL
    | {
        "enrollment.view_division",
        "enrollment.view_scheme",
        "enrollment.view_fundyear",
        "enrollment.view_enrollmentround",
    },
    Duty.INTERNAL_AUDITOR: TRAIL | WATCH_REGISTER,
    Duty.STATE_AUDITOR: TRAIL | WATCH_REGISTER,
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
        "enrollment.view_division",
        "enrollment.add_division",
        "enrollment.change_division",
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
#: Why each duty is here or is not: docs/security.md, Signing in.
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
