"""The doors of publicity, objections, appeals and a household's page, and who may open each."""

from __future__ import annotations

from collections.abc import Callable

from claims.models import Appeal, Claim, Objection, PublicityEntry, PublicityList
from claims.tests.public import Office
from enrollment.models import Household
from office.models import Body, Duty

SECRETARY = frozenset({Duty.COMMITTEE_SECRETARY})
POSTERS = SECRETARY | {Duty.TOWNSHIP_CLERK}
MAKERS = SECRETARY | {Duty.OFFICE_HEAD}
AUDITORS = frozenset({Duty.INTERNAL_AUDITOR, Duty.STATE_AUDITOR})
INTAKE = frozenset({Duty.INTAKE_CLERK})
ANSWERERS = frozenset({Duty.FIRST_CHECKER, Duty.SECOND_CHECKER, Duty.OFFICE_HEAD})
HOUSEHOLDS = ANSWERERS | INTAKE | AUDITORS | {Duty.TOWNSHIP_CLERK, Duty.FUND_ACCOUNTANT, Duty.ACCOUNTING_HEAD}
WATCHERS = HOUSEHOLDS | SECRETARY
APPEALS = ANSWERERS | INTAKE | AUDITORS | SECRETARY | {Duty.ACCOUNTING_HEAD}

DOORS: dict[str, frozenset[str]] = {
    "claims:publicity": WATCHERS,
    "claims:publicity_list": WATCHERS,
    "claims:publicity_print": WATCHERS,
    "claims:publicity_workbook": WATCHERS,
    "claims:publicity_make": MAKERS,
    "claims:publicity_void": MAKERS,
    "claims:publicity_end": MAKERS,
    "claims:publicity_post": POSTERS,
    "claims:publicity_slip": POSTERS,
    "claims:objections": WATCHERS,
    "claims:objection": WATCHERS,
    "claims:objection_print": WATCHERS,
    "claims:objection_take": POSTERS | INTAKE,
    "claims:objection_answer": ANSWERERS,
    "claims:appeals": APPEALS,
    "claims:appeal": APPEALS,
    "claims:appeal_file": INTAKE,
    "claims:appeal_withdraw": INTAKE,
    "claims:appeal_answer": SECRETARY,
    "claims:household_year": HOUSEHOLDS,
    "claims:household_year_print": HOUSEHOLDS,
}

#: Doors that change something at once and therefore open to POST alone.
POST_ONLY = {"claims:publicity_end", "claims:appeal_withdraw"}

#: What a door's address names.
OF = {
    PublicityList: ("publicity_list", "publicity_print", "publicity_workbook", "publicity_void", "publicity_end",
                    "publicity_post", "publicity_slip"),
    Objection: ("objection", "objection_print", "objection_answer"),
    PublicityEntry: ("objection_take",),
    Appeal: ("appeal", "appeal_withdraw", "appeal_answer"),
    Claim: ("appeal_file",),
    Household: ("household_year", "household_year_print"),
}  # fmt: skip

NAMES = frozenset(name for names in OF.values() for name in names)

Arguments = Callable[[str], list[object]]


def make() -> None:
    """One of everything."""
    Office.of(Body.objects.get(code="640522")).more()


def addresses() -> dict[str, Arguments]:
    """What each door's address needs; one of everything for all, made by people who knock at no door."""

    def one(model: type) -> Arguments:
        def first(duty: str) -> list[object]:
            if not PublicityList.objects.exists():
                make()
            found = model._default_manager.order_by("pk")
            if model is Household:
                found = found.filter(members__in=Claim.objects.values("member"))
            return [found.first().pk]

        return first

    return {f"claims:{name}": one(model) for model, names in OF.items() for name in names}
