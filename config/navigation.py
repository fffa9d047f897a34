"""The site map that a person sees: sections and entries, shown to those whose duties open them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from demo import signins
from office import access
from office.models import Person
from office.pages import preferences

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


@dataclass(frozen=True)
class Entry:
    """One page in the navigation and the right that opens it."""

    label: StrPromise
    url_name: str
    right: str
    arguments: tuple[str, ...] = ()

    @cached_property
    def url(self) -> str:
        """Looked for once: a page has a hundred of them."""
        return reverse(self.url_name, args=self.arguments)


@dataclass(frozen=True)
class Section:
    """Pages that belong together."""

    label: StrPromise
    icon: str
    entries: tuple[Entry, ...]


SEARCH = ("enrollment:search", "enrollment.view_member")
SECTIONS = (
    Section(
        gettext_lazy("Register"),
        "inbox",
        (
            Entry(gettext_lazy("Find people"), *SEARCH),
            Entry(gettext_lazy("Households"), "enrollment:households", "enrollment.view_household"),
            Entry(gettext_lazy("Members"), "enrollment:members", "enrollment.view_member"),
            Entry(gettext_lazy("Participation"), "enrollment:participation", "enrollment.view_fundyear"),
            Entry(gettext_lazy("Not whole"), "enrollment:not_whole", "enrollment.view_household"),
            Entry(gettext_lazy("Exceptions"), "enrollment:exceptions", "enrollment.view_coverage"),
            Entry(gettext_lazy("Double enrollment"), "enrollment:double_enrollment", "enrollment.view_coverage"),
            Entry(gettext_lazy("Accounts"), "enrollment:accounts", "enrollment.view_account"),
            Entry(gettext_lazy("Roster imports"), "enrollment:roster_imports", "enrollment.view_rosterimport"),
            Entry(gettext_lazy("Fund years"), "enrollment:fund_years", "enrollment.view_fundyear"),
            Entry(gettext_lazy("Schemes"), "enrollment:schemes", "enrollment.view_scheme"),
            Entry(gettext_lazy("Divisions"), "enrollment:divisions", "enrollment.view_division"),
            Entry(gettext_lazy("Go-live"), "enrollment:go_live", "enrollment.view_goliveprotocol"),
            Entry(gettext_lazy("Decisions"), "office:decisions_of", "enrollment.view_enrollmentround", ("enrollment",)),
        ),
    ),
    Section(
        gettext_lazy("Collection"),
        "download",
        (
            Entry(gettext_lazy("Campaign"), "enrollment:campaign", "enrollment.view_campaigndeadline"),
            Entry(gettext_lazy("Collection sheets"), "enrollment:sheets", "enrollment.view_collectionsheet"),
            Entry(gettext_lazy("Receipts"), "enrollment:receipt_books", "enrollment.view_receiptbook"),
            Entry(gettext_lazy("Refunds"), "enrollment:refunds", "enrollment.view_refund"),
            Entry(
                gettext_lazy("Lists of those helped"), "enrollment:assistance_lists", "enrollment.view_assistancelist"
            ),
            Entry(gettext_lazy("Subsidies"), "enrollment:subsidy_claims", "enrollment.view_subsidyclaim"),
            Entry(gettext_lazy("Bulletins"), "enrollment:bulletins", "enrollment.view_bulletin"),
            Entry(gettext_lazy("Reminders"), "enrollment:reminders", "enrollment.view_reminder"),
            Entry(gettext_lazy("Collection costs"), "enrollment:collection_costs", "enrollment.view_collectioncost"),
        ),
    ),
    Section(
        gettext_lazy("Before a claim"),
        "clock",
        (
            Entry(gettext_lazy("Referrals"), "claims:referrals", "claims.view_referral"),
            Entry(gettext_lazy("Stays outside"), "claims:outside_stays", "claims.view_outsidestay"),
            Entry(gettext_lazy("People in hospital"), "claims:admissions", "claims.view_admission"),
            Entry(gettext_lazy("Injury inquiries"), "claims:injuries", "claims.view_injuryinquiry"),
            Entry(
                gettext_lazy("Applications for certificates"),
                "claims:applications",
                "claims.view_certificateapplication",
            ),
            Entry(gettext_lazy("Expert panels"), "claims:panels", "claims.view_expertpanel"),
            Entry(
                gettext_lazy("Chronic-disease certificates"), "claims:certificates", "claims.view_chroniccertificate"
            ),
            Entry(gettext_lazy("Late claims"), "claims:late_allowances", "claims.view_lateallowance"),
            Entry(gettext_lazy("Time limits"), "claims:time_limits", "claims.view_timelimit"),
        ),
    ),
    Section(
        gettext_lazy("Review"),
        "file-spreadsheet",
        (
            Entry(gettext_lazy("Claims"), "claims:claims", "claims.view_claim"),
            Entry(gettext_lazy("Take a claim in"), "claims:claim_new", "claims.add_claim"),
            Entry(gettext_lazy("Registers and lists"), "claims:documents", "claims.view_bulkdocument"),
            Entry(gettext_lazy("Settlements"), "claims:settlements", "claims.view_settlement"),
            Entry(gettext_lazy("Small claims together"), "claims:check_together", "claims.check_claim"),
            Entry(gettext_lazy("Committee meetings"), "claims:meetings", "claims.view_meeting"),
            Entry(gettext_lazy("The committee"), "claims:committee", "claims.view_committeerule"),
            Entry(gettext_lazy("Decision notices"), "claims:notices", "claims.view_decisionnotice"),
            Entry(gettext_lazy("Limits"), "claims:limits", "claims.view_limit"),
            Entry(gettext_lazy("Benefit plans"), "claims:plans", "claims.view_benefitplan"),
            Entry(gettext_lazy("Service packages"), "claims:packages", "claims.view_benefitplan"),
            Entry(gettext_lazy("Try a case"), "claims:try", "claims.view_benefitplan"),
            Entry(gettext_lazy("Providers"), "claims:providers", "claims.view_provider"),
            Entry(gettext_lazy("Catalogues"), "claims:catalogues", "claims.view_catalogue"),
            Entry(gettext_lazy("Diseases"), "claims:diseases", "claims.view_disease"),
            Entry(gettext_lazy("Disease lists"), "claims:listings", "claims.view_disease"),
            Entry(gettext_lazy("Statistics"), "claims:statistics", "claims.view_statisticssheet"),
            Entry(gettext_lazy("Decisions"), "office:decisions_of", "claims.view_claimsround", ("claims",)),
        ),
    ),
    Section(
        gettext_lazy("Publicity and appeals"),
        "file-alert",
        (
            Entry(gettext_lazy("Publicity lists"), "claims:publicity", "claims.view_publicitylist"),
            Entry(gettext_lazy("Objections"), "claims:objections", "claims.view_objection"),
            Entry(gettext_lazy("Appeals"), "claims:appeals", "claims.view_appeal"),
        ),
    ),
    Section(
        gettext_lazy("Bookkeeping"),
        "file-spreadsheet",
        (
            Entry(gettext_lazy("Books"), "funds:books", "funds.view_book"),
            Entry(gettext_lazy("Vouchers made by hand"), "funds:vouchers", "funds.view_voucher"),
            Entry(gettext_lazy("Three books on one page"), "funds:three_books", "funds.view_book"),
            Entry(gettext_lazy("Decisions"), "office:decisions_of", "funds.view_fundsround", ("funds",)),
        ),
    ),
    Section(
        gettext_lazy("Fund income"),
        "arrow-down",
        (
            Entry(gettext_lazy("Money in"), "funds:slips", "funds.view_slip"),
            Entry(gettext_lazy("Received ahead"), "funds:ahead", "funds.view_slip"),
            Entry(gettext_lazy("Subsidies owed"), "funds:owed", "funds.view_subsidyletter"),
            Entry(gettext_lazy("Money recovered"), "funds:recoveries", "funds.view_recovery"),
        ),
    ),
    Section(
        gettext_lazy("Fund payments"),
        "arrow-up",
        (
            Entry(gettext_lazy("Payment batches"), "funds:batches", "funds.view_paymentbatch"),
            Entry(gettext_lazy("Payments"), "funds:payments", "funds.view_payment"),
            Entry(gettext_lazy("Orders of payment"), "funds:payment_orders", "funds.view_paymentorder"),
            Entry(gettext_lazy("Fund requests"), "funds:fund_requests", "funds.view_fundrequest"),
            Entry(gettext_lazy("Answers of the bank"), "funds:bank_answers", "funds.view_bankanswer"),
        ),
    ),
    Section(
        gettext_lazy("Settling with hospitals"),
        "building",
        (
            Entry(gettext_lazy("Settlements to pay"), "funds:settlements_to_pay", "funds.view_providerpayment"),
            Entry(gettext_lazy("Payments of settlements"), "funds:provider_payments", "funds.view_providerpayment"),
            Entry(gettext_lazy("Prepayments"), "funds:prepayments", "funds.view_prepayment"),
            Entry(gettext_lazy("Terms of retention"), "funds:retention_terms", "funds.view_retentionterm"),
            Entry(gettext_lazy("Assessments of providers"), "funds:assessments", "funds.view_assessment"),
        ),
    ),
    Section(
        gettext_lazy("Banks and cash"),
        "refresh",
        (
            Entry(gettext_lazy("Bank accounts"), "funds:bank_accounts", "funds.view_bankaccount"),
            Entry(gettext_lazy("Bank statements"), "funds:statements", "funds.view_statement"),
            Entry(gettext_lazy("Matches with the bank"), "funds:matches", "funds.view_match"),
            Entry(gettext_lazy("Reconciliation sheets"), "funds:reconciliations", "funds.view_reconciliation"),
            Entry(gettext_lazy("Counts of cash"), "funds:cash_counts", "funds.view_cashcount"),
        ),
    ),
    Section(
        gettext_lazy("Surplus and reports"),
        "calendar",
        (
            Entry(gettext_lazy("Indicators"), "funds:indicators", "funds.view_book"),
            Entry(gettext_lazy("Report from the books"), "audit:fund_report", "audit.view_reporttext"),
            Entry(gettext_lazy("Report check"), "audit:report_texts", "audit.view_reporttext"),
            Entry(gettext_lazy("Levels of warnings"), "funds:warning_levels", "funds.view_warninglevel"),
            Entry(gettext_lazy("Budgets"), "funds:budgets", "funds.view_budget"),
            Entry(gettext_lazy("Final accounts"), "funds:final_accounts", "funds.view_finalaccount"),
            Entry(gettext_lazy("Risk fund"), "funds:risk_moves", "funds.view_riskmove"),
            Entry(gettext_lazy("Second compensation"), "funds:second_runs", "funds.view_secondrun"),
            Entry(gettext_lazy("Critical-illness premiums"), "funds:premiums", "funds.view_premium"),
        ),
    ),
    Section(
        gettext_lazy("Audit"),
        "search",
        (
            Entry(gettext_lazy("Leads"), "audit:leads", "audit.view_lead"),
            Entry(gettext_lazy("Claims by rank"), "audit:ranking", "audit.view_lead"),
            Entry(gettext_lazy("Top lists"), "audit:leads_by", "audit.view_lead", ("provider",)),
            Entry(gettext_lazy("Screenings"), "audit:screenings", "audit.view_screening"),
            Entry(gettext_lazy("Screens"), "audit:screens", "audit.view_screensetting"),
            Entry(gettext_lazy("Complaints"), "audit:complaints", "audit.view_complaint"),
            Entry(gettext_lazy("Take a complaint down"), "audit:complaint_new", "audit.add_complaint"),
            Entry(gettext_lazy("Engagements"), "audit:engagements", "audit.view_engagement"),
            Entry(pgettext_lazy("audit", "Findings"), "audit:findings", "audit.view_finding"),
            Entry(gettext_lazy("Register of rectification"), "audit:rectifications", "audit.view_rectification"),
            Entry(gettext_lazy("Audit reports"), "audit:reports", "audit.view_auditreport"),
            Entry(gettext_lazy("Audit samples"), "audit:samples", "audit.view_sample"),
            Entry(gettext_lazy("Populations of samples"), "audit:populations", "audit.view_sample"),
        ),
    ),
    Section(
        gettext_lazy("Office"),
        "building",
        (
            Entry(gettext_lazy("How the office stands"), "office:overview", "office.reassign_work"),
            Entry(gettext_lazy("My work"), "office:work", "office.view_lease"),
            Entry(gettext_lazy("Work of all"), "office:work_of_people", "office.reassign_work"),
            Entry(gettext_lazy("Decisions"), "office:decisions", "office.view_officeround"),
            Entry(gettext_lazy("People"), "office:people", "office.view_person"),
            Entry(gettext_lazy("Bodies"), "office:bodies", "office.view_body"),
            Entry(gettext_lazy("Jobs"), "office:jobs", "office.view_job"),
            Entry(gettext_lazy("Working days"), "office:working_days", "office.view_workingday"),
            Entry(gettext_lazy("Printers"), "office:printers", "office.view_printer"),
            Entry(gettext_lazy("Hospitals' door"), "claims:door_tokens", "claims.view_doortoken"),
        ),
    ),
    Section(
        gettext_lazy("Trail"),
        "history",
        (
            Entry(gettext_lazy("Acts"), "office:acts", "office.view_act"),
            Entry(gettext_lazy("Refused tries"), "office:refused_acts", "office.view_act"),
            Entry(gettext_lazy("Who looked"), "office:looks", "office.view_act"),
            Entry(gettext_lazy("A person's day"), "audit:person_day", "office.view_act"),
            Entry(gettext_lazy("State of the sealing"), "audit:sealing", "audit.view_seal"),
            Entry(gettext_lazy("Seals and checkpoints"), "audit:seals", "audit.view_seal"),
            Entry(gettext_lazy("Checks of the trail"), "audit:trail_checks", "audit.view_trailcheck"),
            Entry(gettext_lazy("Export for the audit bureau"), "audit:export", "audit.make_export"),
        ),
    ),
)


def page(request: HttpRequest) -> dict[str, Any]:
    """What every page shows around its content, asked once a request however many templates it takes."""
    known: dict[str, Any] | None = getattr(request, "surroundings", None)
    if known is None:
        known = _surroundings(request)
        request.surroundings = known  # type: ignore[attr-defined]
    return known


def _surroundings(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    person = user if isinstance(user, Person) else None
    return {
        "navigation": _sections(person, request.path) if person else [],
        "duties": [one.get_duty_display() for one in access.duties_of(person)] if person else [],
        "search_url": reverse(SEARCH[0]) if person and person.has_perm(SEARCH[1]) else "",
        "theme": preferences.theme(request),
        "demo_county": gettext("Demo county") if signins.is_demo() else "",
    }


def _sections(person: Person, path: str) -> list[dict[str, Any]]:
    rights = access.rights_of(person)
    addresses = [entry.url for section in SECTIONS for entry in section.entries]
    current = max((address for address in addresses if path.startswith(address)), key=len, default="")
    shown = []
    for section in SECTIONS:
        entries = [
            {"label": entry.label, "url": entry.url, "is_current": entry.url == current}
            for entry in section.entries
            if entry.right in rights
        ]
        if entries:
            shown.append({"label": section.label, "icon": section.icon, "entries": entries})
    return shown
