"""What the pages of registers, lists and settlements ask of the database: as much for many rows as for few."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.models import BulkDocument, BulkRow, Settlement
from claims.services.document_files import CHECK_DOCUMENT
from claims.tests import doors_documents
from claims.tests.before import somebody
from claims.tests.documents import Office
from conftest import NOON
from enrollment.tests.collecting import in_english
from office.models import Duty, Job, Person

pytestmark = pytest.mark.django_db

#: Statements of a page opened for the second time by somebody who may open it.
COSTS: dict[str, int] = {
    "claims:bulk_document": 10,
    "claims:document_decide": 12,
    "claims:document_deductions": 7,
    "claims:document_deductions_print": 8,
    "claims:document_deductions_workbook": 6,
    "claims:document_draw": 6,
    "claims:document_file": 5,
    "claims:document_job": 7,
    "claims:document_new": 8,
    "claims:document_next": 6,
    "claims:document_print": 7,
    "claims:document_row": 5,
    "claims:document_sample": 7,
    "claims:document_strike": 5,
    "claims:document_template": 3,
    "claims:document_visits": 6,
    "claims:document_void": 5,
    "claims:documents": 6,
    "claims:settlement": 7,
    "claims:settlement_print": 7,
    "claims:settlements": 6,
}

PAGES = sorted(set(doors_documents.DOORS) - doors_documents.POST_ONLY)
LISTS = {"claims:documents", "claims:settlements"}
OF = {
    "document_draw": "handed_in",
    "document_sample": "handed_in",
    "document_decide": "handed_in",
}


def test_every_page_that_shows_something_has_its_figure():
    assert set(COSTS) == set(PAGES)


@pytest.fixture
def office(appoint) -> Office:
    return Office.of(appoint)


def of(name: str, person: Person) -> list[object]:
    """What a page's address names."""
    if name in {"documents", "document_new", "document_next", "settlements"}:
        return []
    if name == "document_template":
        return ["village-register"]
    if name in {"settlement", "settlement_print"}:
        return [Settlement.objects.latest("pk").pk]
    if name == "document_job":
        given = {"name": CHECK_DOCUMENT, "title": "x", "asked_by": person, "asked_at": NOON, "sent_at": NOON}
        ended = {
            "state": "failed",
            "finished_at": NOON,
            "arguments": {"document": BulkDocument.objects.earliest("pk").pk},
        }
        return [Job.objects.create(**given, **ended).pk]
    if name in {"document_row", "document_strike"}:
        return [BulkRow.objects.filter(state="faulty").latest("pk").pk]
    found = BulkDocument.objects.filter(state=OF.get(name, "draft")).latest("pk")
    return [found.pk, "return"] if name == "document_decide" else [found.pk]


def asked(name: str) -> int:
    """Statements of the page, opened for the second time."""
    duties = doors_documents.DOORS[name] - {Duty.TOWNSHIP_CLERK, Duty.VILLAGE_DOCTOR, Duty.HOSPITAL_DESK}
    person = somebody(f"opens-{sorted(duties)[0]}".replace("_", "-"), sorted(duties)[0])
    client = in_english(person)
    address = reverse(name, args=of(name.removeprefix("claims:"), person)) + ("?year=2010" if name in LISTS else "")
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    assert answer.status_code in {200, 302}, name
    return len(queries)


def test_every_page_asks_as_much_of_many_as_of_few(office):
    doors_documents.leave(office, 2)
    few = {name: asked(name) for name in PAGES}
    doors_documents.leave(office, 9, first=100)
    assert (BulkDocument.objects.count(), Settlement.objects.count()) == (6, 2)
    many = {name: asked(name) for name in PAGES}
    assert many == few
    assert few == COSTS
