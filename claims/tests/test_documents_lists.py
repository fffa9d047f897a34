"""Hospitals' monthly lists: stays on routes of their own beside the visits, flags, settlement, files, statements."""

from __future__ import annotations

import contextlib
import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.models import Agreement, BulkDocument, BulkRow, Claim, ClaimsRound, Flag
from claims.selectors import bulk, bulk_looking, routing, valuing
from claims.selectors.intake import entered_as
from claims.services import bulk_rows, checking, document_files, documents, intake
from claims.services.checking import CutOf
from claims.services.documents import CannotKeepDocument
from claims.tests import beginning, taking_in
from claims.tests.deciding import now
from claims.tests.documents import Office, codes, stay, visit
from conftest import NOON
from enrollment.models import Coverage, FundYear, Member
from enrollment.tests import factories as register
from office import attachments, jobs, trail
from office.models import Job, Person
from office.sheets import workbook
from office.tests.factories import shown_by

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]


@pytest.fixture
def office(appoint) -> Office:
    return Office.of(appoint)


def listed(office, *given) -> BulkDocument:
    document = office.begun(kind="hospital_list")
    office.write(document, *given)
    return document


def check(claim, by, choice="approve", *cuts):
    opened = checking.round_of(now(claim))
    checking.check(
        claim=claim, choice=choice, hash_seen=opened.subject_hash, by=by, at=NOON, proof=shown_by(by), cuts=cuts,
        reason="why",
    )  # fmt: skip


class TestStays:
    def test_each_goes_its_own_route_when_the_list_is_handed_in(self, office):
        one, two, three = office.people(3)
        document = listed(office, stay(one, "1"), visit(two, "2", kind="门诊"), stay(three, "3", papers="否"))
        assert (now(document).proposed, now(document).number) == (Decimal(1012), "SB2010-00001")
        handed = office.handed_in(document)
        assert (handed.stays, handed.waiting) == (2, 1)
        first, second = document.claims.order_by("pk")
        assert (first.kind, first.state, first.proposed, first.entered_by) == (
            "inpatient", "first_check", 500, office.hugo,
        )  # fmt: skip
        assert first.route == [step.stage.value for step in routing.route_for(first)]
        opened = checking.round_of(first)
        assert opened.subject_hash == _hash_of(first)
        assert (opened.maker, opened.amount, opened.rule) == (office.hugo, 500, "claims.first-check")
        assert (second.state, second.papers.filter(is_there=False).exists()) == ("entered", True)
        assert first.papers.filter(is_there=True).count() == first.papers.count() > 0
        check(first, office.fay)
        check(first, office.sue)
        first = now(first)
        assert (first.state, first.approval.fund_pays, first.payee_kind) == ("payable", 500, "provider")
        assert first.approval.fund_pays == valuing.valued(now(first), {}).fund_pays

    def test_overlapping_stays_are_held(self, office):
        one = office.insured()
        more = {"began_on": "2010-02-12", "ended_on": "2010-02-20"}
        document = listed(
            office, stay(one, "1"), stay(one, "2", **more), stay(one, "3", began_on="2010-02-20", ended_on="2010-02-22")
        )
        office.handed_in(document)
        first, second, third = document.claims.order_by("pk")
        held = {flag.claim: flag.reason for flag in Flag.objects.holding()}
        assert held == {
            first: f"The days overlap with claim {second}.",
            second: f"The days overlap with claim {first}.",
        }
        assert third.flags.count() == 0

    def test_sent_again_after_it_came_back_what_is_a_claim_is_left_out(self, office):
        one, two = office.people(2)
        given = (stay(one, "1"), visit(two, "2", kind="门诊"))
        document = listed(office, *given)
        office.handed_in(document)
        office.vote(document, "return")
        told = office.write(document, *given, visit(two, "3", kind="门诊"))
        assert (told.good, told.left_out, Claim.objects.count()) == (2, 1, 1)
        with pytest.raises(CannotKeepDocument, match="Its stays are claims already"):
            documents.void(document=document, reason="x", by=office.hugo, at=NOON)
        office.handed_in(document)
        office.sampled(document)
        office.vote(document)
        assert now(document).claims.count() == 3
        assert Claim.objects.count() == 3

    def test_returned_it_is_changed_at_the_hospitals_desk_and_stays_with_its_list(self, office):
        document = listed(office, stay(office.insured(), "1"))
        office.handed_in(document)
        claim = document.claims.get()
        check(claim, office.fay, "return")
        claim = now(claim)
        content = replace(entered_as(claim), note="补齐", papers=taking_in.ALL_PAPERS)
        changed = intake.change_claim(claim=claim, content=content, seen=1, by=office.hugo, at=NOON)
        assert (now(changed).document, now(changed).content_version, now(changed).state) == (document, 2, "entered")

    def test_settled_with_what_is_approved_by_then_the_rest_with_the_next(self, office):
        one, two, three = office.people(3)
        document = listed(office, stay(one, "1"), stay(two, "2"), stay(three, "3"))
        office.handed_in(document)
        office.vote(document)  # stays alone: there is nothing to draw from
        first, second, third = document.claims.order_by("pk")
        line = first.lines.get()
        check(first, office.fay, "cut", CutOf(line.pk, Decimal(100), "over_limit"))
        check(first, office.sue)
        check(third, office.fay, "refuse")
        settlement = office.settle(document)
        assert (settlement.claims, settlement.fund_pays, settlement.total, settlement.deducted) == (1, 450, 2000, 1100)
        assert [(d.claim, d.deducted, d.reason) for d in bulk.deductions_of(document)] == [
            (first.number, 100, "above the price limit"),
            (third.number, 1000, "refused"),
        ]
        check(second, office.fay)
        check(second, office.sue)
        later = listed(office, stay(one, "4", began_on="2010-02-20", ended_on="2010-02-25"))
        office.handed_in(later)
        office.vote(later)
        second_settlement = office.settle(later)
        assert [line.claim for line in bulk.settled_lines(second_settlement)] == [second.number]
        assert second_settlement.fund_pays == 500


def _hash_of(claim) -> str:
    return trail.hash_of(checking.selectors.content(now(claim)))


class TestFaults:
    def test_what_the_office_knows(self, office):
        one, two, three, four, five = office.people(5)
        other = register.scheme("urban")
        Coverage.objects.filter(member=two).update(void_reason="x")
        elsewhere = office.begun()
        office.write(elsewhere, visit(five, "88"))
        Coverage.objects.filter(member=three).update(void_reason="x")
        register.brought_along(three, register.fund_year(other))
        document = listed(
            office,
            stay(one, "1", name="马九"),
            stay(one, "2", name="马九", id_number="640522197003010021"),
            stay(two, "3"),
            stay(three, "4"),
            stay(four, "5", disease="X99"),
            visit(four, "88", kind="门诊", receipt_type=""),
            visit(four, "6", kind="慢病"),
            stay(four, "7", began_on="2009-12-30"),
        )
        assert codes(document) == {
            1: ["patient_unknown"],
            2: ["patient_unknown"],
            3: ["not_covered"],
            4: ["other_scheme"],
            5: ["disease_unknown"],
            6: ["receipt_elsewhere"],
            7: ["no_certificate"],
            8: ["not_covered"],
        }
        told = dict(bulk.faults_of(bulk.rows_of(now(document))[5]))
        assert told == {"receipt": f"Document {elsewhere.number} has this receipt."}

    def test_a_name_that_is_anothers(self, office):
        member = office.insured()
        number = register.id_number(member.birth_date)
        Member.objects.filter(pk=member.pk).update(id_number=number, version=2)
        document = listed(office, stay(member, "1", name="马九", id_number=number))
        assert codes(document) == {1: ["other_name"]}
        assert bulk.faults_of(bulk.rows_of(now(document))[0]) == [("name", "By the number this is 马1.")]

    def test_agreements_of_the_day(self, office):
        one = office.insured()
        Agreement.objects.filter(provider=office.hospital).update(is_instant=False)
        assert codes(listed(office, stay(one, "1"))) == {1: ["pays_not_in_advance"]}
        Agreement.objects.filter(provider=office.hospital).update(period="[2010-01-01,2010-02-16)")
        assert codes(listed(office, stay(one, "1"))) == {1: ["no_agreement"]}

    def test_receipts_used_already(self, office, appoint):
        one = office.insured()
        claim = taking_in.entered(appoint("ian", "intake_clerk"), one, "1", provider=office.hospital)
        ann, year = Person.objects.get(username="ann"), FundYear.objects.get()
        beginning.written(ann, office.hal, "invoices", year, beginning.invoices("2"))
        document = listed(office, stay(one, "1", began_on="2010-02-20", ended_on="2010-02-22"), stay(one, "2"))
        assert codes(document) == {1: ["receipt_used"], 2: ["receipt_used_before"]}
        assert bulk.faults_of(bulk.rows_of(now(document))[0])[0][1] == f"Claim {claim.number} rests on this receipt."


class TestStatements:
    def test_as_many_for_many_rows_as_for_few(self, office):
        people = office.people(45)
        few, many = (
            [visit(one, f"V{one.name}", kind="门诊") for one in some] + [stay(one, f"S{one.name}") for one in some]
            for some in (people[:5], people[5:])
        )
        counted = [_counted(office, given) for given in (few, many)]
        assert all(of_many <= of_few for of_few, of_many in zip(*counted, strict=True)), counted
        assert counted[1][0] <= 20
        assert Claim.objects.filter(state="payable").count() == 45
        assert ClaimsRound.objects.filter(subject_type="claims.claim", step="first_check").count() == 45


def _counted(office, given) -> list[int]:
    document = listed(office, *given)
    current = now(document)
    rows = bulk_rows.present(current)
    with CaptureQueriesContext(connection) as looked:
        bulk_looking.look(current, bulk_rows.lines_of(current, rows, NOON), by=office.hugo, at=NOON)
    with CaptureQueriesContext(connection) as handed_in:
        office.handed_in(document)
    office.sampled(document)
    with CaptureQueriesContext(connection) as decided:
        office.vote(document)
    return [len(looked), len(handed_in), len(decided)]


class TestFiles:
    def ask(self, office, content: bytes, name="list.xlsx", **more) -> Job:
        asked = document_files.ask_for_check(
            kind="hospital_list", scheme=office.scheme, provider=office.hospital, month=date(2010, 2, 1),
            upload=SimpleUploadedFile(name, content), by=office.hugo, at=NOON, **more,
        )  # fmt: skip
        jobs.run(asked.pk)
        asked.refresh_from_db()
        return asked

    def take(self, office, checked) -> Job:
        taking = document_files.ask_for_taking(check=checked, by=office.hugo, at=NOON)
        jobs.run(taking.pk)
        taking.refresh_from_db()
        return taking

    def book(self, *given) -> bytes:
        heads = document_files.empty_form("hospital_list")
        names = document_files.registers.SHOWN["hospital_list"]
        return workbook(heads, [[one.get(name, "") for name in names] for one in given])

    def test_checked_first_then_taken_in_once(self, office):
        one, two = office.people(2)
        content = self.book(stay(one, "1"), stay(two, "2", disease="X99"))
        checked = self.ask(office, content)
        assert checked.state == "done", checked.refusal
        assert (checked.figure("Rows"), checked.figure("Good rows"), checked.figure("Rows with an error")) == (2, 1, 1)
        assert document_files.first_faults(checked)[0][:2] == ["3", "诊断"]
        assert (BulkDocument.objects.count(), BulkRow.objects.count()) == (0, 0)
        taken = self.take(office, checked)
        assert taken.state == "done", taken.refusal
        document = document_files.document_of(taken)
        assert (document.row_count, document.file.name) == (2, "list.xlsx")
        [kept] = attachments.of(document)
        assert [attachments.may_read(kept, who) for who in (office.sue, office.hugo, office.vera)] == [
            True,
            True,
            False,
        ]
        again = self.take(office, self.ask(office, content))
        assert document_files.document_of(again) == document
        assert (BulkDocument.objects.count(), BulkRow.objects.count()) == (1, 2)
        assert now(document).content_version == 2
        mended = self.ask(office, self.book(stay(one, "1"), stay(two, "2")), document=now(document))
        self.take(office, mended)
        assert codes(document) == {}
        assert now(document).content_version == 3

    def test_csv_in_both_encodings_and_files_that_are_none(self, office):
        one = office.insured()
        given = stay(one, "1")
        text = "类型,户号,姓名,诊断,入院日期,出院日期,发票代码,发票号,西药费\r\n" + ",".join(
            given[name]
            for name in ("kind", "book", "name", "disease", "began_on", "ended_on", "receipt_type", "receipt", "drug")
        )
        for encoding in ("utf-8-sig", "gb18030"):
            checked = self.ask(office, text.encode(encoding), "list.csv")
            assert checked.figure("Good rows") == 1
        assert self.ask(office, "姓名,诊断\r\n马一,J18".encode(), "list.csv").state == "failed"
        with pytest.raises(CannotKeepDocument, match="at another desk"):
            document_files.ask_for_check(
                kind="hospital_list", scheme=office.scheme, provider=office.hospital, month=date(2010, 2, 1),
                upload=SimpleUploadedFile("a.csv", b"x"), by=office.vera, at=NOON,
            )  # fmt: skip


class TestCommand:
    def run(self, path, *words, capsys):
        with contextlib.suppress(SystemExit):
            call_command(
                "import_document", str(path), "--kind=hospital_list", "--scheme=ncms", "--provider=H1",
                "--month=2010-02", *words,
            )  # fmt: skip
        return capsys.readouterr()

    def test_checked_taken_in_and_refused(self, office, tmp_path, capsys):
        one = office.insured()
        path = tmp_path / "list.csv"
        given = stay(one, "1")
        names = ("kind", "book", "name", "disease", "began_on", "ended_on", "receipt_type", "receipt", "drug")
        path.write_text("\n".join([",".join(names), ",".join(given[name] for name in names)]), encoding="utf-8")
        out, _err = self.run(path, "--by=hugo", "--dry-run", "--json", capsys=capsys)
        assert json.loads(out) == {"rows": 1, "good": 1, "document": "", "faults": []}
        assert BulkDocument.objects.count() == 0
        for _time in range(2):
            out, _err = self.run(path, "--by=hugo", "--json", capsys=capsys)
            assert json.loads(out)["document"] == BulkDocument.objects.get().number
        path.write_text(path.read_text(encoding="utf-8").replace("J18", "X99"), encoding="utf-8")
        out, _err = self.run(path, "--by=hugo", "--dry-run", capsys=capsys)
        assert "2 disease disease_unknown: The office knows no disease" in out
        for words in (("--by=nobody",), ("--by=vera",), ("--by=hugo", "--provider=X"), ("--by=hugo", "--month=x")):
            _out, err = self.run(path, *words, capsys=capsys)
            assert err
        assert BulkDocument.objects.count() == 1
