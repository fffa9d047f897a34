"""The doors of reviewing, and who may open each; tests/test_access.py knocks at all of them for everybody."""

from __future__ import annotations

from collections.abc import Callable

from claims.models import BenefitPlan
from claims.tests import (
    doors_basics,
    doors_checking,
    doors_committee,
    doors_documents,
    doors_door,
    doors_figures,
    doors_intake,
    doors_public,
    doors_statistics,
    factories,
)
from office.models import Duty, Job

ACCOUNTANT = frozenset({Duty.FUND_ACCOUNTANT})
DECIDERS = frozenset({Duty.OFFICE_HEAD, Duty.ACCOUNTING_HEAD})
AUDITORS = frozenset({Duty.INTERNAL_AUDITOR, Duty.STATE_AUDITOR})
WATCHERS = ACCOUNTANT | DECIDERS | AUDITORS
READERS = WATCHERS | {
    Duty.TOWNSHIP_CLERK,
    Duty.HOSPITAL_DESK,
    Duty.INTAKE_CLERK,
    Duty.FIRST_CHECKER,
    Duty.SECOND_CHECKER,
    Duty.COMMITTEE_MEMBER,
    Duty.COMMITTEE_CHAIR,
    Duty.COMMITTEE_SECRETARY,
    Duty.CASHIER,
    Duty.FINANCE_REVIEWER,
}

DOORS: dict[str, frozenset[str]] = {
    **doors_intake.DOORS,
    **doors_checking.DOORS,
    **doors_committee.DOORS,
    **doors_documents.DOORS,
    **doors_basics.DOORS,
    **doors_figures.DOORS,
    **doors_public.DOORS,
    **doors_statistics.DOORS,
    **doors_door.DOORS,
    **doors_door.DOCUMENT,
    "claims:plans": READERS,
    "claims:plan": READERS,
    "claims:plan_document": READERS,
    "claims:plan_choose": READERS,
    "claims:plan_compare": READERS,
    "claims:plan_new": ACCOUNTANT,
    "claims:plan_copy": ACCOUNTANT,
    "claims:plan_document_edit": ACCOUNTANT,
    "claims:plan_paper": ACCOUNTANT,
    "claims:plan_doubts": ACCOUNTANT,
    "claims:plan_propose": ACCOUNTANT,
    "claims:plan_withdraw": ACCOUNTANT,
    "claims:packages": READERS,
    "claims:package": READERS,
    "claims:try": READERS,
    "claims:try_print": READERS,
}

#: Addresses that open to a hospital's token alone.
BY_TOKEN = doors_door.BY_TOKEN

#: Doors that change something at once, or answer what was typed, and therefore open to POST alone.
POST_ONLY = {
    *doors_intake.POST_ONLY,
    *doors_basics.POST_ONLY,
    *doors_public.POST_ONLY,
    *doors_statistics.POST_ONLY,
    *doors_committee.POST_ONLY,
    *doors_documents.POST_ONLY,
    "claims:plan_copy",
    "claims:plan_propose",
    "claims:plan_withdraw",
    "claims:try_print",
}

Arguments = Callable[[str], list[object]]


def addresses(job_of: Callable[[str], Job]) -> dict[str, Arguments]:
    """What each door's address needs; `job_of` gives a job that the person of a duty asked for."""
    of_one = {name for name in DOORS if name.startswith("claims:plan_")} - {"claims:plan_new", "claims:plan_compare"}
    found: dict[str, Arguments] = {name: lambda duty: [drafted().pk] for name in (*of_one, "claims:plan")}
    found |= doors_checking.addresses() | doors_committee.addresses()
    found |= doors_intake.addresses() | doors_figures.addresses()
    found |= doors_public.addresses() | doors_statistics.addresses() | doors_door.addresses()
    found |= doors_basics.addresses(job_of) | doors_documents.addresses(job_of)
    found["claims:package"] = lambda duty: ["yinchuan-basic-services"]
    return found | {"claims:plan_compare": lambda duty: [drafted().pk, adopted().pk]}


def drafted() -> BenefitPlan:
    """A plan that is still typed in."""
    return BenefitPlan.objects.filter(state=BenefitPlan.State.DRAFT).first() or factories.draft()


def adopted() -> BenefitPlan:
    """A plan that two people adopted."""
    return BenefitPlan.objects.adopted().first() or factories.adopted()
