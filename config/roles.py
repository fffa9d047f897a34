"""What each duty may do. Deny by default: a right that stands nowhere below is nobody's.

Rights that go together are in config/rights.py. Which things of a kind a person sees (his township, his hospital) is
the model's `visible_to`; who may act on one and the same thing twice is the services' matter.
"""

from config.rights import (
    ALL,
    ANSWER_AUDITS,
    ANSWER_OBJECTIONS,
    AUDIT,
    CHECK_BANKS,
    CHECK_BOOKS,
    CHECK_CLAIMS,
    CHECK_DOCUMENTS,
    CHECK_MONEY_IN,
    CHECK_SETTLEMENTS,
    CHECK_TRAIL,
    COLLECT,
    COUNT_CASH,
    DESK,
    DRAFT_PLANS,
    ENTER_DOCUMENTS,
    EXPORT_AND_CHECK,
    HOLD_CLAIMS,
    HOSPITAL,
    HOUSEHOLD_PAGE,
    IDENTIFY,
    KEEP_BASICS,
    KEEP_BOOKS,
    KEEP_DOOR,
    KEEP_REGISTER,
    LEAD_CAMPAIGN,
    LOOK_BEFORE,
    MAKE_LISTS,
    MAKE_PAYMENTS,
    MAKE_SAMPLES,
    MAKE_SETTLEMENTS,
    MAKE_STATISTICS,
    MEET_PROVIDERS,
    NOTE_BEFORE,
    NOTE_MONEY_IN,
    POST_LISTS,
    READ_BASICS,
    READ_PLANS,
    RECONCILE,
    RECTIFY_AUDITS,
    REGISTER,
    REPORT,
    SEE_CLAIMS,
    SEND_PAYMENTS,
    SET_WARNINGS,
    SIT_IN_COMMITTEE,
    STAFF,
    TAKE_CLAIMS_IN,
    TAKE_COMPLAINTS,
    TRAIL,
    VERIFY_CLAIMS,
    WATCH_APPEALS,
    WATCH_BANKS,
    WATCH_BEFORE,
    WATCH_BOOKS,
    WATCH_COLLECTION,
    WATCH_COMMITTEE,
    WATCH_COMPLAINTS,
    WATCH_DOCUMENTS,
    WATCH_LEADS,
    WATCH_MONEY_IN,
    WATCH_PAYMENTS,
    WATCH_PLANS,
    WATCH_PUBLICITY,
    WATCH_REGISTER,
    WATCH_SEALS,
    WATCH_SETTLEMENTS,
    WATCH_STATISTICS,
    WATCH_WARNINGS,
    WORK_COMPLAINTS,
    WORK_LEADS,
)
from office.models import Duty

PERMISSIONS: dict[str, frozenset[str]] = {
    Duty.TOWNSHIP_CLERK: DESK
    | READ_PLANS
    | KEEP_REGISTER
    | COLLECT
    | NOTE_BEFORE
    | LOOK_BEFORE
    | {"office.change_printeroffset"}
    | POST_LISTS
    | HOUSEHOLD_PAGE
    | ENTER_DOCUMENTS,
    Duty.HOSPITAL_DESK: DESK | READ_PLANS | TAKE_CLAIMS_IN | HOSPITAL | ENTER_DOCUMENTS,
    Duty.VILLAGE_DOCTOR: ALL | READ_BASICS | TAKE_CLAIMS_IN | ENTER_DOCUMENTS,
    Duty.INTAKE_CLERK: DESK
    | READ_PLANS
    | MEET_PROVIDERS
    | IDENTIFY
    | TAKE_CLAIMS_IN
    | NOTE_BEFORE
    | {"claims.add_referral"}
    | WATCH_PUBLICITY
    | WATCH_APPEALS
    | HOUSEHOLD_PAGE
    | {"claims.add_objection", "claims.add_appeal"}
    | TAKE_COMPLAINTS
    | ENTER_DOCUMENTS,
    Duty.FIRST_CHECKER: ALL
    | WATCH_PLANS
    | CHECK_CLAIMS
    | VERIFY_CLAIMS
    | WATCH_REGISTER
    | WATCH_COLLECTION
    | LOOK_BEFORE
    | {"claims.add_expertpanel", "claims.add_injuryconclusion"}
    | ANSWER_OBJECTIONS
    | WATCH_APPEALS
    | HOUSEHOLD_PAGE
    | CHECK_DOCUMENTS,
    Duty.SECOND_CHECKER: ALL
    | WATCH_PLANS
    | CHECK_CLAIMS
    | IDENTIFY
    | WATCH_BEFORE
    | ANSWER_OBJECTIONS
    | WATCH_APPEALS
    | HOUSEHOLD_PAGE
    | CHECK_DOCUMENTS,
    Duty.OFFICE_HEAD: DESK
    | REPORT
    | WATCH_PLANS
    | SEE_CLAIMS
    | STAFF
    | WATCH_REGISTER
    | WATCH_COLLECTION
    | LEAD_CAMPAIGN
    | HOLD_CLAIMS
    | WATCH_BEFORE
    | WATCH_COMMITTEE
    | {"office.reassign_work", "office.view_officeround", "claims.add_reversal", "claims.add_bedcheck"}
    | MAKE_LISTS
    | ANSWER_OBJECTIONS
    | WATCH_APPEALS
    | HOUSEHOLD_PAGE
    | {"claims.add_lateallowance"}
    | WATCH_DOCUMENTS
    | WATCH_STATISTICS
    | WATCH_BOOKS
    | WATCH_MONEY_IN
    | WATCH_PAYMENTS
    | WATCH_SETTLEMENTS
    | WATCH_WARNINGS
    | WATCH_BANKS
    | ANSWER_AUDITS
    | WATCH_LEADS
    | WATCH_BANKS,
    Duty.COMMITTEE_MEMBER: ALL | READ_PLANS | SEE_CLAIMS | SIT_IN_COMMITTEE,
    Duty.COMMITTEE_CHAIR: ALL | READ_PLANS | SEE_CLAIMS | SIT_IN_COMMITTEE,
    Duty.COMMITTEE_SECRETARY: DESK
    | READ_PLANS
    | SEE_CLAIMS
    | WATCH_COMMITTEE
    | {"claims.add_meeting", "claims.add_decisionnotice"}
    | MAKE_LISTS
    | POST_LISTS
    | WATCH_APPEALS,
    Duty.FUND_ACCOUNTANT: DESK
    | REPORT
    | DRAFT_PLANS
    | SEE_CLAIMS
    | REGISTER
    | WATCH_COLLECTION
    | LEAD_CAMPAIGN
    | {
        "claims.add_limit",
        "claims.view_committeerule",
        "claims.add_committeerule",
        "claims.view_timelimit",
        "claims.add_timelimit",
        "enrollment.add_collectioncost",
        "enrollment.add_subsidyclaim",
        "enrollment.add_scheme",
        "enrollment.add_fundyear",
        "enrollment.change_fundyear",
        "enrollment.add_goliveprotocol",
        "enrollment.view_goliveprotocol",
        "enrollment.view_enrollmentround",
    }
    | WATCH_PUBLICITY
    | HOUSEHOLD_PAGE
    | WATCH_DOCUMENTS
    | {"claims.add_settlement"}
    | MAKE_STATISTICS
    | KEEP_BOOKS
    | NOTE_MONEY_IN
    | MAKE_PAYMENTS
    | MAKE_SETTLEMENTS
    | SET_WARNINGS
    | RECONCILE,
    Duty.ACCOUNTING_HEAD: DESK
    | REPORT
    | KEEP_BASICS
    | WATCH_PLANS
    | SEE_CLAIMS
    | WATCH_REGISTER
    | WATCH_COLLECTION
    | {"claims.view_timelimit", "claims.view_committeerule"}
    | WATCH_PUBLICITY
    | WATCH_APPEALS
    | HOUSEHOLD_PAGE
    | WATCH_DOCUMENTS
    | WATCH_STATISTICS
    | CHECK_BOOKS
    | CHECK_MONEY_IN
    | WATCH_PAYMENTS
    | CHECK_SETTLEMENTS
    | WATCH_WARNINGS
    | CHECK_BANKS
    | RECTIFY_AUDITS,
    Duty.CASHIER: DESK
    | READ_PLANS
    | WATCH_COLLECTION
    | {"office.change_printeroffset", "enrollment.view_division", "enrollment.add_receiptbook"}
    | WATCH_BOOKS
    | WATCH_MONEY_IN
    | SEND_PAYMENTS
    | WATCH_SETTLEMENTS
    | WATCH_WARNINGS
    | COUNT_CASH,
    Duty.FINANCE_REVIEWER: ALL
    | READ_PLANS
    | {
        "enrollment.view_division",
        "enrollment.view_scheme",
        "enrollment.view_fundyear",
        "enrollment.view_enrollmentround",
        "enrollment.view_collectionsheet",
        "enrollment.view_subsidyclaim",
        "audit.view_waiver",
    }
    | WATCH_STATISTICS
    | WATCH_BOOKS
    | WATCH_MONEY_IN
    | WATCH_PAYMENTS
    | WATCH_SETTLEMENTS
    | WATCH_WARNINGS
    | WATCH_BANKS,
    Duty.INTERNAL_AUDITOR: TRAIL
    | EXPORT_AND_CHECK
    | WORK_LEADS
    | WORK_COMPLAINTS
    | CHECK_TRAIL
    | WATCH_PLANS
    | SEE_CLAIMS
    | HOLD_CLAIMS
    | WATCH_REGISTER
    | WATCH_COLLECTION
    | WATCH_BEFORE
    | WATCH_COMMITTEE
    | WATCH_PUBLICITY
    | WATCH_APPEALS
    | HOUSEHOLD_PAGE
    | WATCH_DOCUMENTS
    | WATCH_STATISTICS
    | WATCH_BOOKS
    | WATCH_MONEY_IN
    | WATCH_PAYMENTS
    | WATCH_SETTLEMENTS
    | WATCH_WARNINGS
    | WATCH_BANKS
    | AUDIT
    | MAKE_SAMPLES,
    Duty.STATE_AUDITOR: TRAIL
    | EXPORT_AND_CHECK
    | WATCH_LEADS
    | WATCH_COMPLAINTS
    | WATCH_SEALS
    | WATCH_PLANS
    | SEE_CLAIMS
    | WATCH_REGISTER
    | WATCH_COLLECTION
    | WATCH_BEFORE
    | WATCH_COMMITTEE
    | WATCH_PUBLICITY
    | WATCH_APPEALS
    | HOUSEHOLD_PAGE
    | WATCH_DOCUMENTS
    | WATCH_STATISTICS
    | WATCH_BOOKS
    | WATCH_MONEY_IN
    | WATCH_PAYMENTS
    | WATCH_SETTLEMENTS
    | WATCH_WARNINGS
    | WATCH_BANKS
    | AUDIT
    | MAKE_SAMPLES,
    Duty.SYSTEM_ADMINISTRATOR: DESK
    | STAFF
    | WATCH_SEALS
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
    }
    | KEEP_DOOR,
    Duty.SECURITY_AUDITOR: TRAIL | CHECK_TRAIL,
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
