"""The register's doors, and who may open each; tests/test_access.py knocks at all of them for everybody."""

from __future__ import annotations

from collections.abc import Callable

from conftest import NOON
from enrollment.models import AssistanceList, FundYear, GoLiveProtocol, HouseholdException, Member, SubsidyClaim
from enrollment.services import accounts, assistance_jobs, go_live_jobs, roster_jobs
from enrollment.tests import doors_campaign, doors_collection, factories
from office import attachments
from office.models import Duty, Job
from office.tests.factories import tess

KEEPERS = frozenset({Duty.TOWNSHIP_CLERK})
DECIDERS = frozenset({Duty.FIRST_CHECKER, Duty.OFFICE_HEAD, Duty.ACCOUNTING_HEAD})
AUDITORS = frozenset({Duty.INTERNAL_AUDITOR, Duty.STATE_AUDITOR})
IDENTIFY = KEEPERS | DECIDERS | AUDITORS | {Duty.INTAKE_CLERK, Duty.SECOND_CHECKER}
ACCOUNTANT = frozenset({Duty.FUND_ACCOUNTANT})
REGISTER = IDENTIFY | ACCOUNTANT
SEE_ROSTERS = KEEPERS | DECIDERS | AUDITORS
FINANCE = REGISTER | {Duty.FINANCE_REVIEWER}
WATCH_COLLECTION = KEEPERS | DECIDERS | AUDITORS | ACCOUNTANT | {Duty.CASHIER}
SEE_GO_LIVE = DECIDERS | AUDITORS | ACCOUNTANT
SYSTEM = frozenset({Duty.SYSTEM_ADMINISTRATOR})

DOORS: dict[str, frozenset[str]] = {
    **doors_collection.DOORS,
    **doors_campaign.DOORS,
    "enrollment:search": REGISTER,
    "enrollment:households": REGISTER,
    "enrollment:household": REGISTER,
    "enrollment:household_add": KEEPERS,
    "enrollment:household_move": KEEPERS,
    "enrollment:household_split": KEEPERS,
    "enrollment:household_head": KEEPERS,
    "enrollment:household_end": KEEPERS,
    "enrollment:household_files": KEEPERS,
    "enrollment:payee_account_propose": KEEPERS,
    "enrollment:members": REGISTER,
    "enrollment:member": REGISTER,
    "enrollment:show_id_number": IDENTIFY,
    "enrollment:member_add": KEEPERS,
    "enrollment:member_correct": KEEPERS,
    "enrollment:member_death": KEEPERS,
    "enrollment:member_away": KEEPERS,
    "enrollment:member_return": KEEPERS,
    "enrollment:member_move": KEEPERS,
    "enrollment:member_files": KEEPERS,
    "enrollment:merge_propose": KEEPERS,
    "enrollment:roster_imports": SEE_ROSTERS,
    "enrollment:new_roster": KEEPERS,
    "enrollment:roster_job": KEEPERS,
    "enrollment:write_roster": KEEPERS,
    "enrollment:divisions": FINANCE | SYSTEM | {Duty.CASHIER},
    "enrollment:station": SYSTEM,
    "enrollment:schemes": FINANCE,
    "enrollment:add_scheme": ACCOUNTANT,
    "enrollment:fund_years": FINANCE,
    "enrollment:fund_year_draft": ACCOUNTANT,
    "enrollment:fund_year": FINANCE,
    "enrollment:fund_year_copy": ACCOUNTANT,
    "enrollment:fund_year_header": ACCOUNTANT,
    "enrollment:fund_year_paper": ACCOUNTANT,
    "enrollment:fund_year_rates": ACCOUNTANT,
    "enrollment:fund_year_subsidies": ACCOUNTANT,
    "enrollment:fund_year_populations": ACCOUNTANT,
    "enrollment:fund_year_village_populations": ACCOUNTANT,
    "enrollment:fund_year_population_file": ACCOUNTANT,
    "enrollment:fund_year_targets": ACCOUNTANT,
    "enrollment:fund_year_propose": ACCOUNTANT,
    "enrollment:fund_year_withdraw": ACCOUNTANT,
    "enrollment:participation": FINANCE,
    "enrollment:participation_print": FINANCE,
    "enrollment:coverage": REGISTER,
    "enrollment:coverage_newborn": KEEPERS,
    "enrollment:coverage_transfer": KEEPERS,
    "enrollment:coverage_leave": KEEPERS,
    "enrollment:coverage_void": KEEPERS,
    "enrollment:exception_note": KEEPERS,
    "enrollment:exception_end": KEEPERS,
    "enrollment:exceptions": REGISTER,
    "enrollment:not_whole": REGISTER,
    "enrollment:double_enrollment": REGISTER,
    "enrollment:accounts": REGISTER,
    "enrollment:account": REGISTER,
    "enrollment:go_live": SEE_GO_LIVE,
    "enrollment:go_live_protocol": SEE_GO_LIVE,
    "enrollment:go_live_print": SEE_GO_LIVE,
    "enrollment:go_live_new": ACCOUNTANT,
    "enrollment:go_live_job": ACCOUNTANT,
    "enrollment:go_live_propose": ACCOUNTANT,
    "enrollment:go_live_withdraw": ACCOUNTANT,
    "enrollment:assistance_lists": WATCH_COLLECTION,
    "enrollment:assistance_list": WATCH_COLLECTION,
    "enrollment:assistance_compared": WATCH_COLLECTION,
    "enrollment:assistance_unlisted": WATCH_COLLECTION,
    "enrollment:assistance_new": KEEPERS,
    "enrollment:assistance_job": KEEPERS,
    "enrollment:assistance_accept": KEEPERS,
    "enrollment:subsidy_claims": WATCH_COLLECTION | {Duty.FINANCE_REVIEWER},
    "enrollment:subsidy_claim": WATCH_COLLECTION | {Duty.FINANCE_REVIEWER},
    "enrollment:subsidy_claim_print": WATCH_COLLECTION | {Duty.FINANCE_REVIEWER},
    "enrollment:subsidy_claim_make": ACCOUNTANT,
}

#: Doors that change something at once and therefore open to POST alone.
POST_ONLY = {
    *doors_collection.POST_ONLY,
    "enrollment:assistance_accept",
    "enrollment:exception_end",
    "enrollment:go_live_propose",
    "enrollment:go_live_withdraw",
    "enrollment:fund_year_propose",
    "enrollment:show_id_number",
    "enrollment:fund_year_withdraw",
    "enrollment:write_roster",
}

Arguments = Callable[[str], list[object]]


def addresses(job_of: Callable[[str], Job]) -> dict[str, Arguments]:
    """What each door's address needs, for the person of a duty; `job_of` gives a job that he asked for."""

    def of_household(duty: str) -> list[object]:
        return [enrolled().household_id]

    def of_member(duty: str) -> list[object]:
        return [enrolled().pk]

    def of_roster(duty: str) -> list[object]:
        job = job_of(duty)
        Job.objects.filter(pk=job.pk).update(name=roster_jobs.CHECK, arguments={"fund_year": drafted().pk})
        return [job.pk]

    def of_draft(duty: str) -> list[object]:
        return [drafted().pk]

    found: dict[str, Arguments] = {
        f"enrollment:household_{what}": of_household for what in ("move", "split", "head", "end", "files")
    }
    found |= {f"enrollment:{name}": of_household for name in ("household", "member_add", "payee_account_propose")}
    found |= {
        f"enrollment:member_{what}": of_member for what in ("correct", "death", "away", "return", "move", "files")
    }
    found |= {f"enrollment:{name}": of_member for name in ("member", "show_id_number", "merge_propose")}
    found |= {f"enrollment:{name}": of_roster for name in ("roster_job", "write_roster")}
    parts = ("copy", "header", "paper", "rates", "subsidies", "populations", "population_file", "targets")
    found |= {f"enrollment:fund_year_{part}": of_draft for part in (*parts, "propose", "withdraw")}
    found |= {"enrollment:fund_year": of_draft}
    found |= _of_coverage(of_member, job_of)
    found |= doors_collection.addresses(of_household)
    found |= _of_lists_and_claims(job_of)
    found |= doors_campaign.addresses()
    return found | {
        "enrollment:participation_print": confirmed,
        "enrollment:station": lambda duty: [factories.division().parent_id],
        "enrollment:fund_year_village_populations": lambda duty: [drafted().pk, factories.division().parent_id],
    }


def _of_coverage(of_member: Arguments, job_of: Callable[[str], Job]) -> dict[str, Arguments]:
    """Coverage, exceptions, accounts, go-live."""

    def of_check(duty: str) -> list[object]:
        job = job_of(duty)
        Job.objects.filter(pk=job.pk).update(name=go_live_jobs.CHECK)
        return [job.pk]

    changes = ("newborn", "transfer", "leave", "void")
    found = {f"enrollment:coverage_{what}": of_member for what in changes}
    found |= {f"enrollment:{name}": of_member for name in ("coverage", "exception_note")}
    found |= {f"enrollment:go_live_{what}": of_check for what in ("job", "propose")}
    found |= {f"enrollment:go_live_{what}": lambda duty: [brought().pk] for what in ("protocol", "print", "withdraw")}
    return found | {
        "enrollment:exception_end": lambda duty: [excepted().pk],
        "enrollment:account": lambda duty: [_account()],
    }


def _of_lists_and_claims(job_of: Callable[[str], Job]) -> dict[str, Arguments]:
    """Lists of those helped, claims for subsidies."""

    def of_check(duty: str) -> list[object]:
        job = job_of(duty)
        Job.objects.filter(pk=job.pk).update(name=assistance_jobs.CHECK)
        return [job.pk]

    def of_list(duty: str) -> list[object]:
        return [(AssistanceList.objects.first() or factories.assistance_list()).pk]

    def of_claim(duty: str) -> list[object]:
        return [(SubsidyClaim.objects.first() or factories.subsidy_claim()).pk]

    def of_payer(duty: str) -> list[object]:
        confirmed(duty)
        return [FundYear.objects.confirmed()[0].pk, "assistance", 0]

    found = {f"enrollment:assistance_{what}": of_check for what in ("job", "accept")}
    found |= {f"enrollment:assistance_{what}": of_list for what in ("list", "unlisted")}
    found |= {f"enrollment:{name}": of_claim for name in ("subsidy_claim", "subsidy_claim_print")}
    return found | {
        "enrollment:assistance_compared": lambda duty: [*of_list(duty), "agreed"],
        "enrollment:subsidy_claim_make": of_payer,
    }


def _account() -> int:
    kept = factories.scheme("kept", account="household")
    return accounts.account_of(scheme=kept, owner=enrolled().household).pk


def excepted() -> HouseholdException:
    """Somebody who is left out."""
    known = HouseholdException.objects.first()
    noted = {"reason": "x", "noted_by": tess(), "noted_at": NOON}
    return known or HouseholdException.objects.create(member=enrolled(), fund_year=drafted(), **noted)


def brought() -> GoLiveProtocol:
    """A protocol that waits to be signed."""
    known = GoLiveProtocol.objects.first()
    if known is not None:
        return known
    year = drafted()
    file = attachments.keep_made(subject=year, name="a.csv", content=b"x", media_type="text/csv", by=tess(), at=NOON)
    return GoLiveProtocol.objects.create(
        kind=GoLiveProtocol.Kind.REGISTER,
        fund_year=year,
        as_of=NOON.date(),
        file=file,
        sha256=file.sha256,
        rows=1,
        total=0,
        proposed_by=tess(),
        proposed_at=NOON,
    )


def confirmed(duty: str) -> list[object]:
    """The page asks for no number, but for a fund year to print."""
    if not FundYear.objects.confirmed().exists():
        factories.fund_year()
    return []


def enrolled() -> Member:
    """Somebody in the register."""
    return Member.objects.first() or factories.member()


def drafted() -> FundYear:
    """A fund year that is being typed in."""
    return FundYear.objects.filter(state=FundYear.State.DRAFT).first() or factories.draft_year()
