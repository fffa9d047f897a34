"""Rights that go together, by the work that needs them; which duty has which of them is in config/roles.py.

Rights are named `app.verb_model`.
"""

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

#: Whoever follows the yearly collection: sheets, receipts, refunds, campaign.
WATCH_COLLECTION = frozenset(
    {
        "enrollment.view_collectionsheet",
        "enrollment.view_receiptbook",
        "enrollment.view_receipt",
        "enrollment.view_refund",
        "enrollment.view_bulletin",
        "enrollment.view_campaigndeadline",
        "enrollment.view_reminder",
        "enrollment.view_collectioncost",
        "enrollment.view_assistancelist",
        "enrollment.view_subsidyclaim",
    }
)

#: Whoever collects: sheets and receipts of his township, its answers to reminders, what collecting cost it.
COLLECT = WATCH_COLLECTION | {
    "enrollment.add_collectionsheet",
    "enrollment.change_collectionsheet",
    "enrollment.change_receiptbook",
    "enrollment.add_receipt",
    "enrollment.add_refund",
    "enrollment.change_reminder",
    "enrollment.add_collectioncost",
    "enrollment.add_assistancelist",
}

#: Whoever leads the campaign: deadlines, bulletins, reminders.
LEAD_CAMPAIGN = frozenset({"enrollment.add_campaigndeadline", "enrollment.add_bulletin", "enrollment.add_reminder"})

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

#: Whoever grants, pays, explains or inspects reads what plans look up: providers, catalogues, diseases.
READ_BASICS = frozenset({"claims.view_provider", "claims.view_catalogue", "claims.view_disease"})

#: Whoever keeps them: somebody who neither enters nor decides nor pays a claim (docs/rules/providers.md).
KEEP_BASICS = READ_BASICS | {
    "claims.add_provider",
    "claims.change_provider",
    "claims.change_agreement",
    "claims.add_provideraccount",
    "claims.add_catalogue",
    "claims.change_listeddisease",
}

#: Whoever takes claims in makes a provider outside the county known when its first invoice comes.
MEET_PROVIDERS = READ_BASICS | {"claims.add_provider"}

#: Whoever grants, pays, explains or inspects reads by what plans it is granted, and tries cases with them.
READ_PLANS = READ_BASICS | {"claims.view_benefitplan"}

#: Whoever drafts what the county's papers say about benefits; somebody else decides it.
DRAFT_PLANS = READ_PLANS | {"claims.change_benefitplan", "claims.view_claimsround"}

#: Whoever decides about benefits, or reads everything.
WATCH_PLANS = READ_PLANS | {"claims.view_claimsround"}

#: Whoever checks, decides, pays or inspects claims.
SEE_CLAIMS = frozenset({"claims.view_claim", "claims.view_limit"})

#: Whoever checks: small claims together; which step is whose is the rounds' matter.
CHECK_CLAIMS = SEE_CLAIMS | {"claims.check_claim"}

#: Whoever asks hospitals about invoices.
VERIFY_CLAIMS = frozenset({"claims.add_verification"})

#: Whoever holds a claim and lets it go again.
HOLD_CLAIMS = frozenset({"claims.add_flag", "claims.change_flag"})

#: Whoever may look at what screens find: leads, screenings, how screens are set.
WATCH_LEADS = frozenset({"audit.view_lead", "audit.view_screening", "audit.view_screensetting"})

#: Whoever goes into leads: he has screens run, sets them, clears and confirms what they find.
WORK_LEADS = WATCH_LEADS | {"audit.add_screening", "audit.add_screensetting", "audit.change_lead"}

#: Whoever people complain to takes it down; he does not read it afterwards.
TAKE_COMPLAINTS = frozenset({"audit.add_complaint"})

#: Whoever inspects reads complaints, without who made them.
WATCH_COMPLAINTS = frozenset({"audit.view_complaint"})

#: Whoever looks into them; who made them is shown to him, each time as an act.
WORK_COMPLAINTS = TAKE_COMPLAINTS | WATCH_COMPLAINTS | {"audit.change_complaint", "audit.show_informant"}

#: Whoever takes claims in, at the county, a station or a hospital.
TAKE_CLAIMS_IN = SEE_CLAIMS | {"claims.add_claim"}
#: Whoever takes claims in, checks, decides or inspects them looks up what came before: referrals, stays outside,
#: admissions, certificates, injury inquiries.
WATCH_BEFORE = frozenset(
    {
        "claims.view_admission",
        "claims.view_certificateapplication",
        "claims.view_chroniccertificate",
        "claims.view_expertpanel",
        "claims.view_injuryinquiry",
        "claims.view_lateallowance",
        "claims.view_outsidestay",
        "claims.view_referral",
        "claims.view_timelimit",
    }
)

#: Whoever people come to before they claim: with a call from outside, an application, an injury.
NOTE_BEFORE = WATCH_BEFORE | {
    "claims.add_outsidestay",
    "claims.change_outsidestay",
    "claims.add_certificateapplication",
    "claims.add_injuryinquiry",
}

#: Whoever looks at people and places for the office: certificates, beds, injuries.
LOOK_BEFORE = WATCH_BEFORE | {
    "claims.change_certificateapplication",
    "claims.add_certificatereview",
    "claims.add_bedcheck",
    "claims.add_injuryvisit",
}

#: Whoever sits in the committee, keeps its meetings, heads the office or inspects it: meetings, minutes, notices.
WATCH_COMMITTEE = frozenset({"claims.view_meeting", "claims.view_decisionnotice", "claims.view_committeerule"})

#: Whoever votes in the committee.
SIT_IN_COMMITTEE = WATCH_COMMITTEE | {"claims.attend_meeting"}

#: Whoever posts, answers, pays after it or inspects it: village lists of the month, objections to them.
WATCH_PUBLICITY = frozenset({"claims.view_publicitylist", "claims.view_objection"})

#: Whoever sees to it that lists hang and come back: a township for its villages, the county's papers desk for all.
POST_LISTS = WATCH_PUBLICITY | {"claims.change_publicitylist", "claims.add_objection"}

#: Whoever makes the lists and ends them: payments that wait for their publicity follow.
MAKE_LISTS = WATCH_PUBLICITY | {"claims.add_publicitylist"}

#: Whoever answers objections; nobody answers for what he decided himself.
ANSWER_OBJECTIONS = WATCH_PUBLICITY | {"claims.change_objection"}

#: Whoever sees registers and hospitals' lists: those who enter, check, decide, settle or inspect them.
WATCH_DOCUMENTS = frozenset({"claims.view_bulkdocument", "claims.view_settlement"})

#: Clinics, hospitals, stations and intake: they enter registers and lists, and hand them in.
ENTER_DOCUMENTS = WATCH_DOCUMENTS | {"claims.add_bulkdocument"}

#: Checkers: they draw and answer the sample, and strike rows out.
CHECK_DOCUMENTS = WATCH_DOCUMENTS | {"claims.check_bulkdocument"}

#: Whoever decides appeals, answers or inspects them; and the plain page of a household's year.
WATCH_APPEALS = frozenset({"claims.view_appeal"})
HOUSEHOLD_PAGE = frozenset({"claims.view_approval"})

#: Whoever heads the office or its books, supervises or inspects them reads statistics sheets; whoever keeps the books
#: makes them.
WATCH_STATISTICS = frozenset({"claims.view_statisticssheet"})
MAKE_STATISTICS = WATCH_STATISTICS | {"claims.add_statisticssheet"}

#: A hospital's own desk: its referrals, its register of who lies there.
HOSPITAL = frozenset(
    {
        "claims.view_referral",
        "claims.add_referral",
        "claims.view_admission",
        "claims.add_admission",
        "claims.change_admission",
    }
)

#: Whoever sees which hospitals come in by program, and who gave them their tokens.
WATCH_DOOR = frozenset({"claims.view_doortoken"})

#: Whoever gives hospitals their tokens and takes them back; he enters no claim.
KEEP_DOOR = WATCH_DOOR | {"claims.add_doortoken", "claims.change_doortoken"}

#: Everybody who may read what others did.
TRAIL = ALL | STAFF | WATCH_DOOR | {"office.view_act", "office.view_officeround"}

#: Whoever takes everything out of the office for the audit bureau, and checks what reports say against the books.
EXPORT_AND_CHECK = frozenset({"audit.make_export", "audit.view_reporttext", "audit.add_reporttext"})

#: Whoever answers for what the office reports: sees the report from the books and checks its text before it leaves.
REPORT = frozenset({"audit.view_reporttext", "audit.add_reporttext"})

#: Books of the funds (part CLOSE): whoever keeps, checks, releases, reviews or inspects money sees the books whole.
WATCH_BOOKS = frozenset(
    {
        "funds.view_book",
        "funds.view_account",
        "funds.view_posting",
        "funds.view_period",
        "funds.view_fundsround",
        "funds.view_budget",
        "funds.view_finalaccount",
        "funds.view_voucher",
    }
)

#: Whoever keeps them: opens books, drafts budgets, makes final accounts.
KEEP_BOOKS = WATCH_BOOKS | {
    "funds.add_book",
    "funds.change_account",
    "funds.add_voucher",
    "funds.change_period",
    "funds.add_budget",
    "funds.add_finalaccount",
}

#: Whoever checks what he keeps.
CHECK_BOOKS = WATCH_BOOKS | {"funds.check_voucher"}

#: Settlements (part SETTLE): whoever keeps, checks, decides or inspects money sees what is settled, prepaid, kept back,
#: recovered, the risk fund, premiums and second compensation.
WATCH_SETTLEMENTS = frozenset(
    {
        "funds.view_assessment",
        "funds.view_premium",
        "funds.view_prepayment",
        "funds.view_providerpayment",
        "funds.view_recovery",
        "funds.view_retentionterm",
        "funds.view_riskmove",
        "funds.view_secondrun",
    }
)

#: The accountant asks for all of it; who decides is each round's matter.
MAKE_SETTLEMENTS = WATCH_SETTLEMENTS | {
    "funds.add_assessment",
    "funds.add_premium",
    "funds.add_prepayment",
    "funds.add_providerpayment",
    "funds.add_recovery",
    "funds.add_retentionterm",
    "funds.add_riskmove",
    "funds.add_secondrun",
    "funds.add_secondnotice",
    "funds.add_secondappeal",
}

#: Whoever answers an appeal against second compensation; never who took it down.
CHECK_SETTLEMENTS = WATCH_SETTLEMENTS | {"funds.change_secondappeal"}
#: Whoever sees the books sees from which level on a fund warns; the accountant enters levels, somebody else confirms
#: them.
WATCH_WARNINGS = frozenset({"funds.view_warninglevel"})
SET_WARNINGS = WATCH_WARNINGS | {"funds.add_warninglevel"}


#: Payments: whoever keeps, releases, sends, reviews or inspects them sees batches, payments, orders, fund requests,
#: files for the bank and its answers.
WATCH_PAYMENTS = frozenset(
    {
        "funds.view_bankanswer",
        "funds.view_bankfile",
        "funds.view_fundrequest",
        "funds.view_payment",
        "funds.view_paymentbatch",
        "funds.view_paymentorder",
    }
)

#: Whoever puts payments together and asks for money; what he makes others release.
MAKE_PAYMENTS = WATCH_PAYMENTS | {
    "funds.add_bankanswer",
    "funds.add_fundrequest",
    "funds.add_payeeconfirmation",
    "funds.add_paymentbatch",
    "funds.add_paymentorder",
}

#: Whoever carries released payments to the bank, brings its answers, and pays out cash.
SEND_PAYMENTS = WATCH_PAYMENTS | {"funds.add_bankanswer", "funds.send_paymentbatch"}

#: Banks and cash (part RECON): whoever keeps, releases, handles, reviews or inspects money sees what banks say of it.
WATCH_BANKS = frozenset(
    {
        "funds.view_bankaccount",
        "funds.view_cashcount",
        "funds.view_match",
        "funds.view_reconciliation",
        "funds.view_statement",
    }
)

#: Whoever compares books with banks: the accountant, never the cashier. He counts cash along.
RECONCILE = WATCH_BANKS | {
    "funds.add_bankaccount",
    "funds.add_match",
    "funds.add_reconciliation",
    "funds.add_statement",
    "funds.change_cashcount",
}

#: Whoever confirms what he compared, takes a confirmed sheet back, and counts cash along.
CHECK_BANKS = WATCH_BANKS | {"funds.change_cashcount", "funds.change_reconciliation"}

#: Whoever handles cash counts it.
COUNT_CASH = WATCH_BANKS | {"funds.add_cashcount"}

#: Money in (part IN): whoever keeps, checks, reviews or inspects money sees its slips and the letters for subsidies.
WATCH_MONEY_IN = frozenset({"funds.view_slip", "funds.view_subsidyletter"})

#: Whoever notes what came in, and asks for what did not.
NOTE_MONEY_IN = WATCH_MONEY_IN | {"funds.add_slip", "funds.add_subsidyletter"}

#: Whoever compares it with the papers and has it entered: somebody else.
CHECK_MONEY_IN = WATCH_MONEY_IN | {"funds.check_slip"}


#: Audits (part ENGAGEMENTS): whoever is audited sees what is sent to him: engagements, findings, measures, reports.
WATCH_AUDITS = frozenset(
    {
        "audit.view_auditreport",
        "audit.view_engagement",
        "audit.view_finding",
        "audit.view_rectification",
        "audit.view_waiver",
    }
)

#: Whoever carries measures out, and hands them in with their evidence; somebody else checks them.
RECTIFY_AUDITS = WATCH_AUDITS | {"audit.change_rectification"}

#: Whoever answers for the office too.
ANSWER_AUDITS = RECTIFY_AUDITS | {"audit.add_findinganswer"}

#: Whoever audits: plans engagements, writes papers, drafts findings, checks measures, demands money, reports.
AUDIT = WATCH_AUDITS | {
    "audit.view_workpaper",
    "audit.add_auditreport",
    "audit.add_demand",
    "audit.add_engagement",
    "audit.add_finding",
    "audit.add_rectificationcheck",
    "audit.add_waiver",
    "audit.add_workpaper",
}

#: Audit samples: auditors freeze populations, plan, draw, examine and conclude; whoever is audited does not look on.
MAKE_SAMPLES = frozenset({"audit.view_sample", "audit.add_sample", "audit.change_sampleitem"})

#: Whoever sees to it that the trail is sealed, or reads what it proves.
WATCH_SEALS = frozenset({"audit.view_seal", "audit.view_trailcheck"})

#: Whoever has the whole trail checked.
CHECK_TRAIL = WATCH_SEALS | {"audit.add_trailcheck"}
