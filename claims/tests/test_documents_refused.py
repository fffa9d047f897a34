"""What a register or list is refused, each with the sentence that whoever asked reads; nothing comes of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError

from claims.models import BulkDocument, Claim, SampleCheck, Settlement
from claims.rules import registers
from claims.services import before, bulk_approving, bulk_claims, document_files, document_settling, documents, sampling
from claims.services.documents import CannotKeepDocument
from claims.tests import documents as made
from claims.tests.deciding import now
from claims.tests.documents import MONTH, Office, row, stay, visit
from conftest import NOON
from enrollment.models import AccountEntry, Coverage, Member
from enrollment.services import accounts
from enrollment.services.accounts import CannotDebit
from enrollment.tests import factories as register
from office import attachments, jobs
from office.models import Act, Body, Job
from office.services.rounds import CannotVote

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def office(appoint) -> Office:
    return Office.of(appoint)


def listed(office, *given) -> BulkDocument:
    document = office.begun(kind="hospital_list")
    office.write(document, *given)
    return document


def refused(act: str) -> list[str]:
    """The reasons that stand with the refused acts of a name."""
    return list(Act.objects.filter(kind="refused", name=act).order_by("pk").values_list("reason", flat=True))


class TestBeginning:
    def test_a_file_begins_one_document_as_long_as_that_lives(self, office):
        file = attachments.keep_made(
            subject=office.begun(), name="a.csv", content=b"x", media_type="text/csv", by=office.vera, at=NOON
        )
        first = office.begun(file=file)
        with pytest.raises(CannotKeepDocument, match="This file was taken in already") as refusal:
            office.begun(file=file)
        assert refusal.value.field == "file"
        assert list(BulkDocument.objects.filter(file=file)) == [first]
        documents.void(document=first, reason="误传", by=office.vera, at=NOON)
        assert office.begun(file=file).file == file

    def test_another_collision_is_not_said_to_be_the_files(self, office, monkeypatch):
        taken = office.begun().number
        monkeypatch.setattr(before, "next_number", lambda *_asked: taken)
        with pytest.raises(IntegrityError, match="number"):
            office.begun()
        assert BulkDocument.objects.count() == 1

    @pytest.mark.parametrize("place", [register.TOWNSHIP, register.VILLAGE])
    def test_a_station_enters_for_the_clinics_of_its_townships_alone(self, office, appoint, place):
        station = Body.objects.create(code="S1", name="站", kind=Body.Kind.TOWNSHIP_STATION)
        tom = appoint("tom", "township_clerk", body=station)
        with pytest.raises(CannotKeepDocument, match="entered at another desk") as refusal:
            office.begun(by=tom)
        assert refusal.value.field == "provider"
        register.division(register.TOWNSHIP, station=station)
        office.clinic.division = register.division(place)
        office.clinic.save()
        assert office.begun(by=tom).body == station
        with pytest.raises(CannotKeepDocument, match="entered at another desk"):
            office.begun(by=tom, kind="hospital_list")


class TestWriting:
    def test_so_many_rows_and_no_more(self, office, monkeypatch):
        monkeypatch.setattr(registers, "MOST_ROWS", 1)
        one, document = office.insured(), office.begun()
        with pytest.raises(CannotKeepDocument, match="A document has 1 rows at most"):
            office.write(document, visit(one, "1"), visit(one, "2"))
        assert office.write(document, visit(one, "1"), {}).good == 1

    def test_handed_in_it_is_not_given_up(self, office):
        document = office.register(visit(office.insured(), "1"))
        with pytest.raises(CannotKeepDocument, match="This document is handed in"):
            documents.void(document=document, reason="重复", by=office.vera, at=NOON)
        assert (now(document).state, refused("bulk-document.voided")) == ("handed_in", ["This document is handed in."])


class TestStriking:
    def strike(self, found, by, reason="x"):
        return documents.strike(row=found, reason=reason, by=by, at=NOON)

    def test_a_row_of_now_once_and_with_a_reason(self, office):
        one, document = office.insured(), office.begun()
        office.write(document, visit(one, "1"))
        stale = row(document, 1)
        office.write(document, visit(one, "1"), visit(one, "2"))
        self.strike(row(document, 2), office.vera)
        for found, reason, sentence, field in (
            (stale, "x", "Somebody changed this document meanwhile. Open it again.", None),
            (row(document, 2), "x", "This row is struck out already.", None),
            (row(document, 1), " ", "Say why.", "reason"),
        ):
            with pytest.raises(CannotKeepDocument) as refusal:
                self.strike(found, office.vera, reason)
            assert (str(refusal.value), refusal.value.field) == (sentence, field)
            assert refused("bulk-row.struck")[-1] == sentence
        assert [row(document, place).state for place in (1, 2)] == ["good", "struck"]

    def test_nothing_of_a_document_that_is_decided(self, office):
        document = office.approved(visit(office.insured(), "1"))
        with pytest.raises(CannotKeepDocument, match="This document is approved"):
            self.strike(row(document, 1), office.fay)
        assert row(document, 1).state == "good"

    def test_a_stay_that_is_a_claim_is_decided_on_its_own(self, office):
        document = listed(office, stay(office.insured(), "1"))
        office.handed_in(document)
        with pytest.raises(CannotKeepDocument, match="a claim already: it is decided on its own"):
            self.strike(row(document, 1), office.fay)
        assert (row(document, 1).state, document.claims.get().state) == ("good", "first_check")


class TestMeanwhile:
    def test_a_stay_that_stands_no_more_while_the_list_is_handed_in(self, office, monkeypatch):
        one, two = office.people(2)
        document = listed(office, stay(one, "1"), stay(two, "2"))
        lock = bulk_claims.intake.lock_intake

        def void_then_lock():
            Coverage.objects.filter(member=two).update(void_reason="误录")
            lock()

        monkeypatch.setattr(bulk_claims.intake, "lock_intake", void_then_lock)
        with pytest.raises(CannotKeepDocument, match=r"Rows have faults: 2\. Mend them"):
            office.handed_in(document)
        assert (now(document).state, Claim.objects.count()) == ("draft", 0)

    def test_somebody_who_moved_while_his_visit_was_decided(self, office, monkeypatch):
        one, elsewhere = office.insured(), register.household("9")
        document = office.register(visit(one, "1"))
        office.sampled(document)
        lock = bulk_approving.lock_people

        def move_then_lock(claims):
            Member.objects.filter(pk=one.pk).update(household=elsewhere, version=one.version + 1)
            lock(claims)

        with monkeypatch.context() as patched:
            patched.setattr(bulk_approving, "lock_people", move_then_lock)
            with pytest.raises(CannotVote, match="Somebody's records changed just now"):
                office.vote(document)
        assert (now(document).state, Claim.objects.count()) == ("handed_in", 0)
        assert "1 visit approved" in office.vote(document).told

    def test_of_no_account_more_than_it_holds_and_then_nothing_at_all(self, appoint):
        office = Office.of(appoint, plan=made.ACCOUNT, account="household")
        rich, poor = (
            accounts.account_of(scheme=office.scheme, owner=register.household(number)) for number in ("1", "2")
        )
        given = {"on": date(2010, 1, 1), "by": office.ann, "at": NOON}
        for held, amount in ((rich, 50), (poor, 10)):
            accounts.credit(account=held, amount=Decimal(amount), reference="x", **given)
        for asked, left in (([(rich, 20, "a"), (rich, 40, "b")], 30), ([(rich, 5, "a"), (poor, 11, "b")], 10)):
            with pytest.raises(CannotDebit, match=rf"The account holds {left}\.00 yuan alone"):
                accounts.debit_all(debits=[(one, Decimal(of), word) for one, of, word in asked], **given)
        assert not AccountEntry.objects.filter(kind="debit").exists()
        assert [now(one).balance for one in (rich, poor)] == [50, 10]


class TestSampling:
    def test_there_are_visits_to_draw_from(self, office):
        document = listed(office, stay(office.insured(), "1"))
        office.handed_in(document)
        with pytest.raises(CannotKeepDocument, match="There are no visits to draw from"):
            sampling.draw(document=document, size=1, by=office.fay, at=NOON)
        assert (SampleCheck.objects.count(), refused("sample.drawn")) == (0, ["There are no visits to draw from."])

    def test_what_came_back_is_drawn_and_answered_no_more(self, office):
        document = office.register(visit(office.insured(), "1"))
        drawn = sampling.draw(document=document, size=1, by=office.fay, at=NOON)
        office.vote(document, "return")
        asked = {"outcome": "genuine", "words": "", "asked_on": NOON.date(), "by": office.fay, "at": NOON}
        for act in (
            lambda: sampling.draw(document=document, size=1, by=office.fay, at=NOON),
            lambda: sampling.answer(sampled=drawn.rows.get(), **asked),
        ):
            with pytest.raises(CannotKeepDocument, match="This document is returned"):
                act()
        assert drawn.rows.get().outcome == ""


class TestSettling:
    @pytest.mark.parametrize("hand", ["intake_clerk", "second_checker"])
    def test_never_by_whoever_entered_or_decided_it(self, office, appoint, hand):
        bo = appoint("bo", hand, "fund_accountant")
        document = office.begun(by=bo if hand == "intake_clerk" else None)
        office.write(document, visit(office.insured(), "1"))
        office.handed_in(document)
        office.sampled(document)
        office.vote(document, by=bo if hand == "second_checker" else None)
        with pytest.raises(CannotKeepDocument, match="Whoever entered or decided a document does not settle it"):
            document_settling.settle(document=now(document), by=bo, at=NOON)
        assert Settlement.objects.count() == 0
        assert office.settle(document).claims == 1


class TestFiles:
    NAMES = ("kind", "book", "name", "disease", "began_on", "ended_on", "receipt_type", "receipt", "drug")

    def ask(self, office, text: str, kind: str = "hospital_list", document: BulkDocument | None = None) -> Job:
        asked = document_files.ask_for_check(
            kind=kind, scheme=office.scheme, provider=office.hospital, month=MONTH, by=office.hugo, at=NOON,
            upload=SimpleUploadedFile("list.csv", text.encode()), document=document,
        )  # fmt: skip
        jobs.run(asked.pk)
        asked.refresh_from_db()
        return asked

    def table(self, *given) -> str:
        return "\n".join([",".join(self.NAMES), *(",".join(one[name] for name in self.NAMES) for one in given)])

    def test_of_a_kind_that_there_is(self, office):
        with pytest.raises(CannotKeepDocument, match="a village register or a hospital's list") as refusal:
            self.ask(office, "x", kind="x")
        assert (refusal.value.field, Job.objects.count()) == ("kind", 0)

    @pytest.mark.parametrize(
        ("header", "sentence"),
        [
            ("姓名,诊断,户号,patient", "The first row names columns twice"),
            ("姓名,诊断", "The first row must name the columns; missing"),
        ],
    )
    def test_a_header_that_is_none(self, office, header, sentence):
        checked = self.ask(office, header)
        assert (checked.state, sentence in str(checked.refusal)) == ("failed", True)
        with pytest.raises(CannotKeepDocument, match="Only a file that was checked and has rows"):
            document_files.ask_for_taking(check=checked, by=office.hugo, at=NOON)

    def test_stays_that_are_claims_already_are_counted_apart(self, office):
        one, two = office.people(2)
        document = listed(office, stay(one, "1"), visit(two, "2", kind="门诊"))
        office.handed_in(document)
        office.vote(document, "return")
        checked = self.ask(office, self.table(stay(one, "1"), stay(two, "3")), document=now(document))
        figures = ("Rows", "Good rows", "Rows with an error", "Stays that are claims already")
        assert [checked.figure(name) for name in figures] == [2, 1, 0, 1], checked.refusal
        assert document_files.first_faults(checked) == []
