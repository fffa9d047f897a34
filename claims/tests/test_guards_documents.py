"""What the database itself refuses of registers and lists, as the run-time role, past every service."""

from __future__ import annotations

import pytest

from claims.models import BulkDocument, SampledRow, Settlement
from claims.services import sampling
from claims.tests.deciding import now
from claims.tests.documents import Office, row, stay, visit
from claims.tests.test_guards_claims import refused, sql
from conftest import NOON
from office.models import StateMove

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(appoint) -> Office:
    return Office.of(appoint)


def test_the_database_knows_the_same_moves():
    found = StateMove.objects.filter(table="claims_bulkdocument")
    assert {(one.before, one.after): one.outcome for one in found} == BulkDocument.MOVES


class TestDocuments:
    def test_only_the_moves_there_are_each_with_its_round(self, office):
        document = office.register(visit(office.insured(), "1"))
        for state in ("draft", "void"):
            refused("UPDATE claims_bulkdocument SET state = %s WHERE id = %s", state, document.pk, words="does not go")
        for state in ("approved", "returned", "refused"):
            refused("UPDATE claims_bulkdocument SET state = %s WHERE id = %s", state, document.pk, words="no round has")

    def test_it_stays_what_it_was_begun_as_and_handed_in_as(self, office):
        document = office.begun()
        refused(
            "UPDATE claims_bulkdocument SET provider_id = %s WHERE id = %s", office.hospital.pk, document.pk,
            words="stays what it was begun as",
        )  # fmt: skip
        office.write(document, visit(office.insured(), "1"))
        office.handed_in(document)
        refused("UPDATE claims_bulkdocument SET total = 1 WHERE id = %s", document.pk, words="does not change")
        refused("DELETE FROM claims_bulkdocument WHERE id = %s", document.pk)


class TestRows:
    def test_they_change_while_their_document_is_filled_in_alone(self, office):
        one = office.insured()
        document = office.begun()
        office.write(document, visit(one, "1"), visit(one, "2"))
        first = row(document, 1)
        refused("UPDATE claims_bulkrow SET position = 9 WHERE id = %s", first.pk, words="stays where it is")
        office.write(document, visit(one, "3"))
        refused("UPDATE claims_bulkrow SET total = 9 WHERE id = %s", first.pk, words="stays where it is")
        office.handed_in(document)
        kept = row(document, 1)
        refused("UPDATE claims_bulkrow SET total = 9 WHERE id = %s", kept.pk, words="does not change")
        refused(
            "INSERT INTO claims_bulkrow (document_id, version, position, given, kind, receipt_type, receipt_number,"
            " lines, faults, state, strike_reason) SELECT document_id, version, 7, given, kind, receipt_type,"
            " receipt_number, lines, '[[]]', 'faulty', '' FROM claims_bulkrow WHERE id = %s",
            kept.pk,
            words="while their document is filled in",
        )
        refused("DELETE FROM claims_bulkrow WHERE id = %s", kept.pk)

    def test_good_is_without_faults_and_struck_with_a_reason(self, office):
        document = office.begun()
        office.write(document, visit(office.insured(), "1"))
        first = row(document, 1)
        refused(
            """UPDATE claims_bulkrow SET faults = '[["a", "b", ""]]' WHERE id = %s""", first.pk, words="state_is_known"
        )
        refused("UPDATE claims_bulkrow SET state = 'struck' WHERE id = %s", first.pk, words="struck_with_a_reason")


class TestClaims:
    def test_a_visit_is_approved_by_its_documents_round_alone(self, office):
        document = office.begun(kind="hospital_list")
        office.write(document, stay(office.insured(), "1", papers="否"))
        office.handed_in(document)
        claim = document.claims.get()
        refused("UPDATE claims_claim SET state = 'approved' WHERE id = %s", claim.pk, words="no round has decided")
        refused(
            "UPDATE claims_claim SET document_id = NULL WHERE id = %s", claim.pk, words="new version|does not change"
        )

    def test_a_claim_is_of_one_row(self, office):
        document = office.approved(*(visit(one, one.name) for one in office.people(2)))
        first, second = document.claims.order_by("pk")
        refused(
            "UPDATE claims_bulkrow SET claim_id = %s WHERE claim_id = %s",
            first.pk,
            second.pk,
            words="stays where it is",
        )


class TestSamples:
    def test_drawn_once_and_answered_once(self, office):
        document = office.register(visit(office.insured(), "1"))
        drawn = sampling.draw(document=document, size=1, by=office.fay, at=NOON)
        refused("UPDATE claims_samplecheck SET seed = 1 WHERE id = %s", drawn.pk)
        refused(
            "INSERT INTO claims_samplecheck (document_id, version, seed, population, size, drawn_by_id, drawn_at)"
            " SELECT document_id, version, 1, population, size, drawn_by_id, drawn_at FROM claims_samplecheck"
            " WHERE id = %s",
            drawn.pk,
            words="sample_once_a_version",
        )
        asked = SampledRow.objects.get()
        refused("UPDATE claims_sampledrow SET outcome = 'genuine' WHERE id = %s", asked.pk, words="answered_whole")
        sampling.answer(sampled=asked, outcome="genuine", words="", asked_on=NOON.date(), by=office.fay, at=NOON)
        refused(
            "UPDATE claims_sampledrow SET outcome = 'not_reached' WHERE id = %s",
            asked.pk,
            words="answered already",
        )


class TestSettlements:
    def test_only_added_to_and_a_part_is_settled_once(self, office):
        document = office.approved(visit(office.insured(), "1"))
        made = office.settle(document)
        refused("UPDATE claims_settlement SET fund_pays = 1 WHERE id = %s", made.pk)
        refused("DELETE FROM claims_settledpart WHERE settlement_id = %s", made.pk)
        refused(
            "INSERT INTO claims_settledpart (settlement_id, part_id) SELECT settlement_id, part_id"
            " FROM claims_settledpart WHERE settlement_id = %s",
            made.pk,
            words="duplicate key",
        )
        assert now(made) == Settlement.objects.get()

    def test_the_sum_of_its_own_providers_parts_of_an_approved_document(self, office):
        one, two = office.people(2)
        made = office.settle(office.approved(visit(one, "1")))
        other = office.register(visit(two, "2"))
        insert = (
            "INSERT INTO claims_settlement (number, document_id, provider_id, scheme_id, month, claims, total,"
            " deducted, fund_pays, sha256, made_on, made_by_id, made_at)"
            " SELECT 'x', %s, provider_id, scheme_id, month, 0, 0, 0, %s, sha256, made_on, made_by_id, made_at"
            " FROM claims_settlement WHERE id = %s"
        )
        refused(insert, other.pk, 0, made.pk, words="what is settled was approved")
        office.sampled(other)
        office.vote(other)
        refused(insert, other.pk, 7, made.pk, words="the sum of its provider's parts")
        part = other.claims.get().approval.parts.get()
        add = "INSERT INTO claims_settledpart (settlement_id, part_id) VALUES (%s, %s)"
        refused(add, made.pk, part.pk, words="nothing is added to a settlement")
        sql(insert, other.pk, 0, made.pk)

    def test_a_sample_is_of_its_own_document(self, office):
        one, two = office.people(2)
        drawn = office.sampled(office.register(visit(one, "1")))
        other = office.register(visit(two, "2"))
        refused(
            "INSERT INTO claims_sampledrow (sample_id, row_id, outcome, words) VALUES (%s, %s, '', '')",
            drawn.pk, row(other, 1).pk, words="a sample is of its own document",
        )  # fmt: skip
