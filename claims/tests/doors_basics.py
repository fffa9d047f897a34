"""The doors of providers, catalogues and diseases."""

from __future__ import annotations

from collections.abc import Callable

from claims.models import Agreement, Catalogue, Disease, ListedDisease, Provider
from claims.services import imports
from claims.tests import basics
from office.models import Duty, Job

KEEPER = frozenset({Duty.ACCOUNTING_HEAD})
READERS = KEEPER | {
    Duty.TOWNSHIP_CLERK,
    Duty.HOSPITAL_DESK,
    Duty.VILLAGE_DOCTOR,
    Duty.INTAKE_CLERK,
    Duty.FIRST_CHECKER,
    Duty.SECOND_CHECKER,
    Duty.OFFICE_HEAD,
    Duty.COMMITTEE_MEMBER,
    Duty.COMMITTEE_CHAIR,
    Duty.COMMITTEE_SECRETARY,
    Duty.FUND_ACCOUNTANT,
    Duty.CASHIER,
    Duty.FINANCE_REVIEWER,
    Duty.INTERNAL_AUDITOR,
    Duty.STATE_AUDITOR,
}

DOORS: dict[str, frozenset[str]] = {
    "claims:providers": READERS,
    "claims:provider": READERS,
    "claims:provider_add": KEEPER | {Duty.INTAKE_CLERK},
    "claims:provider_change": KEEPER,
    "claims:provider_close": KEEPER,
    "claims:provider_reopen": KEEPER,
    "claims:provider_account": KEEPER,
    "claims:agreement_sign": KEEPER,
    "claims:agreement_end": KEEPER,
    "claims:catalogues": READERS,
    "claims:catalogue": READERS,
    "claims:catalogue_new": KEEPER,
    "claims:diseases": READERS,
    "claims:diseases_new": KEEPER,
    "claims:listings": READERS,
    "claims:listing_new": KEEPER,
    "claims:listing_end": KEEPER,
    "claims:import_job": KEEPER,
    "claims:import_take": KEEPER,
}

#: Doors that change something at once and therefore open to POST alone.
POST_ONLY = {"claims:provider_reopen", "claims:import_take"}

Arguments = Callable[[str], list[object]]


def addresses(job_of: Callable[[str], Job]) -> dict[str, Arguments]:
    """What each door's address needs, for the person of a duty; `job_of` gives a job that he asked for."""

    def of_provider(duty: str) -> list[object]:
        return [provider().pk]

    def of_check(duty: str) -> list[object]:
        job = job_of(duty)
        Job.objects.filter(pk=job.pk).update(name=imports.CHECK_DISEASES)
        return [job.pk]

    of_one = ("provider", "provider_change", "provider_close", "provider_reopen", "provider_account", "agreement_sign")
    found: dict[str, Arguments] = {f"claims:{name}": of_provider for name in of_one}
    found |= {f"claims:{name}": of_check for name in ("import_job", "import_take")}
    return found | {
        "claims:agreement_end": lambda duty: [(Agreement.objects.first() or basics.agreement(provider())).pk],
        "claims:catalogue": lambda duty: [(Catalogue.objects.first() or basics.edition(("a", "甲"))).pk],
        "claims:listing_end": lambda duty: [(ListedDisease.objects.first() or basics.listed(disease())).pk],
    }


def provider() -> Provider:
    """A provider."""
    return Provider.objects.first() or basics.provider()


def disease() -> Disease:
    """A disease."""
    return Disease.objects.first() or basics.disease()
