"""One receipt in two documents, one year's rest in two documents, a single claim beside one: decided at one moment."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import transaction

from claims.models import BenefitCounter, BulkRow, Claim, Invoice
from claims.selectors import bulk
from claims.services import documents
from claims.services.documents import CannotKeepDocument
from claims.tests import races
from claims.tests.deciding import now
from claims.tests.documents import Office, visit
from conftest import NOON
from office.services import rounds
from office.services.rounds import CannotVote
from office.tests.factories import shown_by

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("in_english")]


@pytest.fixture
def office(appoint) -> Office:
    office = Office.of(appoint)
    for who in (office.sue, office.hal):
        shown_by(who)  # their second factors are set up before they meet
    return office


def waiting(office, *given):
    """A register with rows without faults that waits to be decided, whatever else asks for its receipts."""
    document = office.begun()
    office.write(document, *given)
    document = now(document)
    with transaction.atomic():
        found = BulkRow.objects.filter(document=document, version=document.content_version)
        for row in found.filter(state="faulty"):
            row.state, row.faults = "good", []
            row.save(update_fields=["state", "faults"])
        document.state = "handed_in"
        document.save(update_fields=["state"])
        rounds.open_round(subject=document, by=office.vera, at=NOON)
    office.sampled(document)
    return document


@pytest.mark.parametrize("_time", range(3))
def test_one_receipt_serves_one_of_two_documents(office, _time):
    one, two = office.people(2)
    both = [waiting(office, visit(one, "7"), visit(two, other)) for other in ("8", "9")]
    refused = races.at_once(*(lambda document=document: office.vote(document) for document in both))
    assert refused == []
    assert {now(document).state for document in both} == {"approved"}
    assert Invoice.objects.filter(number="7", is_live=True).count() == 1
    struck = BulkRow.objects.get(state="struck")
    assert Invoice.objects.get(number="7").claim.number in struck.strike_reason
    assert Claim.objects.count() == 3


def test_what_is_left_of_a_year_is_paid_once(office):
    one = office.insured()
    many = [waiting(office, *(visit(one, f"{place}{number}", "50") for number in range(2))) for place in range(3)]
    assert races.at_once(*(lambda document=document: office.vote(document) for document in many)) == []
    assert BenefitCounter.objects.get(name="visits.year").value == Decimal(60)
    assert sum(claim.proposed for claim in Claim.objects.all()) == 60
    assert BulkRow.objects.filter(state="struck").count() == 3


def test_two_voters_and_a_strike_at_one_moment(office):
    document = waiting(office, visit(office.insured("1"), "1"), visit(office.insured("2"), "2"))
    seen = bulk.round_of(document)
    row = document.rows.get(version=now(document).content_version, position=1)
    refused = races.at_once(
        lambda: office.vote(document),
        lambda: office.vote(document, by=office.hal),
        lambda: documents.strike(row=row, reason="x", by=office.fay, at=NOON),
        refusals=(CannotKeepDocument, CannotVote),
    )
    assert len(refused) == 2 or now(document).state == "handed_in"
    assert Claim.objects.count() == BulkRow.objects.filter(claim__isnull=False).count() <= 2
    assert seen.pk > 0


def test_two_writers_of_one_document(office):
    people = office.people(2)
    document = office.begun()
    refused = races.at_once(
        *(
            lambda one=one: documents.write_rows(
                document=document, given=[visit(one, one.name)], seen=1, by=office.vera, at=NOON
            )
            for one in people
        ),
        refusals=(CannotKeepDocument,),
    )
    assert len(refused) == 1
    assert (now(document).content_version, BulkRow.objects.count()) == (2, 1)
