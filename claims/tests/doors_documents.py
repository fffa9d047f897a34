"""The doors of registers, hospitals' lists and settlements, and who may open each."""

from __future__ import annotations

from collections.abc import Callable

from claims.models import BulkDocument, Settlement
from claims.services.document_files import CHECK_DOCUMENT
from claims.tests.documents import Office, visit
from office.models import Body, Duty, Job, Person
from office.tests.factories import give

ENTERERS = frozenset({Duty.VILLAGE_DOCTOR, Duty.HOSPITAL_DESK, Duty.TOWNSHIP_CLERK, Duty.INTAKE_CLERK})
CHECKERS = frozenset({Duty.FIRST_CHECKER, Duty.SECOND_CHECKER})
ACCOUNTANT = frozenset({Duty.FUND_ACCOUNTANT})
WATCHERS = (
    ENTERERS
    | CHECKERS
    | ACCOUNTANT
    | {Duty.OFFICE_HEAD, Duty.ACCOUNTING_HEAD, Duty.INTERNAL_AUDITOR, Duty.STATE_AUDITOR}
)

DOORS: dict[str, frozenset[str]] = {
    "claims:documents": WATCHERS,
    "claims:bulk_document": WATCHERS,
    "claims:document_next": WATCHERS,
    "claims:document_print": WATCHERS,
    "claims:document_deductions": WATCHERS,
    "claims:document_deductions_print": WATCHERS,
    "claims:document_deductions_workbook": WATCHERS,
    "claims:settlements": WATCHERS,
    "claims:settlement": WATCHERS,
    "claims:settlement_print": WATCHERS,
    "claims:document_strike": ENTERERS | CHECKERS,
    "claims:document_new": ENTERERS,
    "claims:document_pick": ENTERERS,
    "claims:document_template": ENTERERS,
    "claims:document_visits": ENTERERS,
    "claims:document_file": ENTERERS,
    "claims:document_job": ENTERERS,
    "claims:document_take": ENTERERS,
    "claims:document_row": ENTERERS,
    "claims:document_hand_in": ENTERERS,
    "claims:document_void": ENTERERS,
    "claims:document_draw": CHECKERS,
    "claims:document_sample": CHECKERS,
    "claims:document_decide": frozenset({Duty.SECOND_CHECKER, Duty.OFFICE_HEAD}),
    "claims:document_settle": ACCOUNTANT,
}

#: Doors that change something at once, or answer what was typed, and therefore open to POST alone.
POST_ONLY = {"claims:document_hand_in", "claims:document_pick", "claims:document_settle", "claims:document_take"}

#: Doors of a register that is filled in, of one that waits to be decided, of one that was settled.
OF_DRAFT = ("bulk_document", "document_visits", "document_file", "document_hand_in", "document_void", "document_print",
            "document_deductions", "document_deductions_print", "document_deductions_workbook")  # fmt: skip
OF_HANDED_IN = ("document_draw", "document_sample")
OF_ROW = ("document_row", "document_strike")
#: All that lead to what `make` makes.
NAMES = {*OF_DRAFT, *OF_HANDED_IN, *OF_ROW, "settlement", "settlement_print", "document_job", "document_take",
         "document_settle", "document_decide"}  # fmt: skip

Arguments = Callable[[str], list[object]]


def addresses(job_of: Callable[[str], Job]) -> dict[str, Arguments]:
    """What each door's address needs; one of everything for all, made by people who knock at no door."""

    def of(state: str) -> Arguments:
        return lambda duty: [_known(state).pk]

    def row(duty: str) -> list[object]:
        return [_known("draft").rows.order_by("-pk")[0].pk]

    def job(duty: str) -> list[object]:
        found = job_of(duty)
        Job.objects.filter(pk=found.pk).update(name=CHECK_DOCUMENT, arguments={"document": _known("draft").pk})
        return [found.pk]

    def settled(duty: str) -> list[object]:
        _known("approved")
        return [Settlement.objects.earliest("pk").pk]

    found: dict[str, Arguments] = {f"claims:{name}": of("draft") for name in OF_DRAFT}
    found |= {f"claims:{name}": of("handed_in") for name in OF_HANDED_IN}
    found |= {f"claims:{name}": row for name in OF_ROW}
    found |= {f"claims:{name}": settled for name in ("settlement", "settlement_print")}
    found |= {f"claims:{name}": job for name in ("document_job", "document_take")}
    return found | {
        "claims:document_settle": of("approved"),
        "claims:document_decide": lambda duty: [_known("handed_in").pk, "return"],
        "claims:document_pick": lambda duty: ["disease"],
        "claims:document_template": lambda duty: ["village-register"],
    }


def make() -> None:
    """A document in every state."""
    leave(Office.of(appoint))


def _known(state: str) -> BulkDocument:
    """The first document in a state; all of them are made together."""
    if not BulkDocument.objects.exists():
        make()
    return BulkDocument.objects.filter(state=state).earliest("pk")


def leave(office: Office, places: int = 1, first: int = 1) -> None:
    """A register that is filled in, with a fault; one handed in with its sample drawn, one settled; each of some
    visits."""
    people = [office.insured(f"7{number:03}") for number in range(first, first + places)]
    for place, kind in enumerate(("draft", "handed_in", "approved")):
        given = [visit(one, f"{place}{first + at:05}") for at, one in enumerate(people)]
        if kind == "draft":
            office.write(office.begun(), *given, {**given[0], "name": "无此人", "receipt": f"X{first:05}"})
            continue
        document = office.register(*given)
        office.sampled(document)
        if kind == "approved":
            office.vote(document)
            office.settle(document)


def appoint(username: str, duty: str, *, body: Body | None = None, **more: object) -> Person:
    """Somebody with a duty who knocks at no door."""
    person = Person.objects.create_person(username=username, full_name=f"D {username}", password=None)
    give(person, duty, body or Body.objects.get(code="640522"))
    return person
