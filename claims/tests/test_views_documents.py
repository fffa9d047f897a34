"""The pages of registers and lists: who sees which, what is typed and what comes of it, what is refused and kept."""

from __future__ import annotations

import io
import time
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from python_calamine import CalamineWorkbook

from claims.models import BulkDocument, BulkRow, Disease, SampledRow, Settlement
from claims.selectors import picking
from claims.services import document_files
from claims.services.search_keys import keys_of
from claims.tests.deciding import now
from claims.tests.documents import Office, row, stay, visit
from conftest import NOON
from enrollment.tests import factories as register
from enrollment.tests.collecting import in_english
from office import desk, jobs, sheets
from office.models import Act, Job
from office.rules import days

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(appoint) -> Office:
    made = Office.of(appoint)
    type(made.clinic).objects.filter(pk=made.clinic.pk).update(division=register.division())
    Disease.objects.update(search_keys=keys_of("肺炎"))
    return made


#: What a hospital calls its columns.
NAMES = {
    "kind": "类型", "book": "户编号", "name": "姓名", "disease": "诊断", "began_on": "入院日期", "ended_on": "出院日期",
    "receipt_type": "票据代码", "receipt": "收据号", "drug": "西药费",
}  # fmt: skip


def upload(book: bytes) -> SimpleUploadedFile:
    """A workbook as a browser sends it."""
    return SimpleUploadedFile("二月.xlsx", book, content_type=sheets.XLSX)


def cells(*rows: dict[str, str], **more: str) -> dict[str, str]:
    """A grid as a browser sends it: day, member_text, disease_text, receipt and amounts of each row."""
    sent = {"rows": str(len(rows)), "seen": "1", "receipt_type": "", "paper": "", "save": "yes"} | more
    for place, one in enumerate(rows):
        sent |= {f"r{place}-{name}": said for name, said in one.items()}
    return sent


def typed(patient: str, receipt: str, drug: str = "30", day: str = "", disease: str = "") -> dict[str, str]:
    return {"began_on": day, "member_text": patient, "disease_text": disease, "receipt": receipt, "drug": drug}


class TestTheGrid:
    def test_rows_are_typed_without_any_script(self, office):
        office.insured("4200001", "马一")
        office.insured("4200002", "马二")
        client = in_english(office.vera)
        document = office.begun()
        page = reverse("claims:document_visits", args=[document.pk])
        assert 'name="r19-drug"' in client.get(page).content.decode()
        answer = client.post(page, cells(
            typed("001", "0101", day="3", disease="肺炎"), typed("", "", drug=""), typed("002 马二", "0102", "12.5"),
            paper="42.5",
        ))  # fmt: skip
        assert answer.headers["Location"] == f"{page}?paper=42.50"
        rows = list(now(document).rows.filter(version=2).order_by("position"))
        assert [(one.state, str(one.began_on), one.member.name, one.total) for one in rows] == [
            ("good", "2010-02-03", "马一", Decimal(30)),
            ("good", "2010-02-03", "马二", Decimal("12.50")),
        ]
        shown = client.get(answer.headers["Location"]).content.decode()
        assert 'value="4200002 马二"' in shown
        assert 'data-sum="total">42.50' in shown
        assert 'data-sum="differs">0.00' in shown

    def test_two_hundred_visits_in_one_form(self, office, django_assert_max_num_queries):
        people = office.people(200)
        document = office.begun()
        page = reverse("claims:document_visits", args=[document.pk])
        client = in_english(office.vera)
        rows = [typed(picking.visitor_label(one), f"{one.pk:06}") | {"member": str(one.pk)} for one in people]
        rows[0] |= {"began_on": "3", "disease_text": "肺炎"}
        began = time.monotonic()
        with django_assert_max_num_queries(50):
            client.post(page, cells(*rows, {"receipt": "one too many"}))
        print(f"200 visits saved: {time.monotonic() - began:.1f} s")
        began = time.monotonic()
        shown = client.get(page).content.decode()
        print(f"200 visits shown: {time.monotonic() - began:.1f} s")
        assert now(document).row_count == 200
        assert {one.state for one in BulkRow.objects.all()} == {"good"}
        assert 'name="r199-drug"' in shown
        assert 'name="r200-drug"' not in shown

    def test_faults_stand_at_their_cells_and_nothing_typed_is_lost(self, office):
        office.insured("4200001", "马一")
        client = in_english(office.vera)
        document = office.begun()
        page = reverse("claims:document_visits", args=[document.pk])
        wrong = typed("0009 无此人", "0101", "x", day="3102", disease="无此病")
        client.post(page, cells(wrong, typed("001", "0102", day="3", disease="J18")))
        shown = client.get(page).content.decode()
        for said in ('value="0009 无此人"', 'value="3102"', 'value="无此病"', 'value="x"'):
            assert said in shown
        for key in ("r0-began_on", "r0-member_text", "r0-disease_text", "r0-drug"):
            assert f'aria-describedby="{key}_error"' in shown
        assert 'r1-began_on_error" aria' not in shown
        assert "1 row has a fault" in shown

    def test_somebody_else_was_faster(self, office):
        one = office.insured("4200001", "马一")
        client = in_english(office.vera)
        document = office.begun()
        office.write(document, visit(one, "0100"))
        page = reverse("claims:document_visits", args=[document.pk])
        answer = client.post(page, cells(typed("001", "0101", day="3", disease="肺炎"), seen="1"))
        shown = answer.content.decode()
        assert answer.status_code == 422
        assert 'value="0101"' in shown
        assert f'name="seen" value="{now(document).content_version}"' in shown
        assert row(document, 1).receipt_number == "0100"

    def test_a_wrong_sum_of_the_paper_keeps_everything(self, office):
        client = in_english(office.vera)
        page = reverse("claims:document_visits", args=[office.begun().pk])
        answer = client.post(page, cells(typed("001", "0101"), paper="viel"))
        assert answer.status_code == 422
        assert 'value="0101"' in answer.content.decode()

    def test_what_is_struck_out_stays_beside_the_grid(self, office):
        one, two = office.insured("4200001", "马一"), office.insured("4200002", "马二")
        client = in_english(office.vera)
        document = office.begun()
        office.write(document, visit(one, "0101"), visit(two, "0102"))
        client.post(reverse("claims:document_strike", args=[row(document, 2).pk]), {"reason": "重复登记"})
        page = reverse("claims:document_visits", args=[document.pk])
        assert "0102" not in client.get(page).content.decode()
        seen = str(now(document).content_version)
        client.post(page, cells(typed("001", "0103", day="3", disease="肺炎"), seen=seen))
        stands = now(document).rows.filter(version=now(document).content_version)
        assert [(each.receipt_number, each.state, each.strike_reason) for each in stands] == [
            ("0103", "good", ""),
            ("0102", "struck", "重复登记"),
        ]

    def test_a_village_doctor_finds_those_of_his_village_alone(self, office):
        office.insured("4200001", "马一")
        away = register.household("5200001", village=register.division("640522101202", "李堡村"))
        stranger = register.member(away, "马二", id_number="110105194912310021")
        client = in_english(office.vera)
        where = f"{reverse('claims:document_pick', args=['member'])}?row=3&of={office.begun().pk}"

        def found(words: str) -> str:
            return client.post(where, {"r3-member_text": words}).content.decode()

        assert 'data-label="4200001 马一"' in found("001 马")
        assert 'name="r3-member"' in found("马一")
        assert "马二" not in found("马")
        assert "马二" not in found("5200001")
        assert str(stranger.pk) in found("110105194912310021")
        assert client.post(where.replace("member", "provider"), {}).status_code == 404


class TestTheDocument:
    def test_a_register_is_begun_filled_and_handed_in(self, office):
        one, two = office.people(2)
        client = in_english(office.vera)
        said = {"kind": "village_register", "provider": "C1", "scheme": office.scheme.pk, "month": "201002", "note": ""}
        begun = client.post(reverse("claims:document_new"), said)
        document = BulkDocument.objects.get()
        assert begun.headers["Location"] == reverse("claims:document_visits", args=[document.pk])
        office.write(document, visit(one, "0101"), visit(two, "0102", "80"))
        page = reverse("claims:bulk_document", args=[document.pk])
        where = reverse("claims:document_hand_in", args=[document.pk])
        shown = client.get(page).content.decode()
        assert "2 rows without faults: cost 110.00" in shown
        assert f'action="{where}"' in shown
        client.post(where, {"seen": "2"})
        assert now(document).state == "handed_in"
        assert f'action="{where}"' not in client.get(page).content.decode()

    def test_a_sample_is_drawn_and_answered_row_by_row(self, office):
        one, two = office.people(2)
        document = office.register(visit(one, "0101"), visit(two, "0102", "80"))
        page = reverse("claims:bulk_document", args=[document.pk])
        checker = in_english(office.fay)
        assert self.waits(office.fay, "claims.documents-to-sample") == 1
        assert "Draw the sample first." in checker.get(page).content.decode()
        checker.post(reverse("claims:document_draw", args=[document.pk]), {"size": "2", "seed": "7"})
        first, second = SampledRow.objects.order_by("row__position")
        where = reverse("claims:document_sample", args=[document.pk])
        today = days.business_day(NOON).isoformat()
        kept = checker.post(where, {"asked_on": today, f"o-{first.pk}": "differs", f"w-{first.pk}": ""})
        assert kept.status_code == 422
        assert "Say how it differs." in kept.content.decode()
        checker.post(where, {"asked_on": today, f"o-{first.pk}": "genuine", f"w-{first.pk}": ""})
        assert [now(drawn).outcome for drawn in (first, second)] == ["genuine", ""]
        done = checker.post(where, {"asked_on": today, f"o-{second.pk}": "not_reached", f"w-{second.pk}": "x"})
        assert done.headers["Location"] == page
        assert self.waits(office.fay, "claims.documents-to-sample") == 0
        assert "seed 7" in checker.get(page).content.decode()

    def test_one_key_decides_and_the_next_opens(self, office):
        one, two = office.people(2)
        first, second = office.register(visit(one, "0101")), office.register(visit(two, "0102", "80"))
        for document in (first, second):
            office.sampled(document)
        assert self.waits(office.sue, "claims.documents-to-decide") == 2
        decider = in_english(office.sue)
        opened = decider.get(reverse("claims:document_next")).headers["Location"]
        assert opened == reverse("claims:bulk_document", args=[first.pk])
        said = {"seen": decider.get(opened).context["seen"], "for_whom": office.sue.pk, "reason": ""}
        answer = decider.post(reverse("claims:document_decide", args=[first.pk, "approve"]), said)
        assert answer.headers["Location"] == reverse("claims:bulk_document", args=[second.pk])
        assert now(first).state == "approved"
        office.vote(second)
        assert decider.get(reverse("claims:document_next")).headers["Location"] == reverse("office:home")

    def test_what_is_approved_is_settled_and_printed(self, office):
        one, two = office.people(2)
        document = office.approved(visit(one, "0101"), visit(two, "0102", "80"))
        payer = in_english(office.ann)
        assert self.waits(office.ann, "claims.documents-to-settle") == 1
        payer.post(reverse("claims:document_settle", args=[document.pk]))
        made = Settlement.objects.get()
        told = payer.get(reverse("claims:settlement", args=[made.pk])).content.decode()
        assert made.sha256 in told
        assert "the hash differs" not in told
        assert payer.get(reverse("claims:settlement_print", args=[made.pk])).content.startswith(b"%PDF")
        assert self.waits(office.ann, "claims.documents-to-settle") == 0
        again = payer.post(reverse("claims:document_settle", args=[document.pk]))
        assert again.headers["Location"] == reverse("claims:bulk_document", args=[document.pk])

    @staticmethod
    def waits(person, name: str) -> int:
        found = {one.worklist.name: one.waiting.count for one in desk.waiting_for(person, days.business_day(NOON))}
        return found.get(name, 0)

    def test_returned_with_a_reason_and_the_maker_does_not_decide(self, office):
        [one] = office.people(1)
        document = office.register(visit(one, "0101"))
        where = reverse("claims:document_decide", args=[document.pk, "return"])
        assert in_english(office.vera).get(where).status_code == 403
        decider = in_english(office.sue)
        page = decider.get(where)
        missing = decider.post(
            where, {"seen": page.context["form"]["seen"].value(), "for_whom": office.sue.pk, "reason": ""}
        )
        assert missing.status_code == 422
        decider.post(
            where, {"seen": page.context["form"]["seen"].value(), "for_whom": office.sue.pk, "reason": "补签字"}
        )
        assert now(document).state == "returned"
        assert TestTheDocument.waits(office.vera, "claims.documents-to-finish") == 1

    def test_a_faulty_one_is_not_handed_in_and_a_void_one_waits_no_more(self, office):
        [one] = office.people(1)
        document = office.begun()
        office.write(document, visit(one, "0101"), visit(one, "0102") | {"name": "无此人"})
        client = in_english(office.vera)
        client.post(reverse("claims:document_hand_in", args=[document.pk]), {"seen": "2"})
        assert now(document).state == "draft"
        assert Act.objects.filter(kind="refused", name="bulk-document.handed-in").exists()
        page = client.get(reverse("claims:bulk_document", args=[document.pk])).content.decode()
        assert "0101" not in page  # those with faults are shown first
        assert "0102" in page
        client.post(reverse("claims:document_void", args=[document.pk]), {"reason": "误建"})
        assert now(document).state == "void"
        assert TestTheDocument.waits(office.vera, "claims.documents-to-finish") == 0

    def test_a_clinic_sees_its_own_alone(self, office, appoint):
        [one] = office.people(1)
        own = office.register(visit(one, "0101"))
        other = office.begun(kind="hospital_list")
        client = in_english(office.vera)
        assert client.get(reverse("claims:bulk_document", args=[own.pk])).status_code == 200
        assert client.get(reverse("claims:bulk_document", args=[other.pk])).status_code == 404
        shown = client.get(reverse("claims:documents") + "?year=2010").content.decode()
        assert own.number in shown
        assert other.number not in shown
        for name in ("documents", "settlements"):
            export = client.get(reverse(f"claims:{name}") + "?year=2010&as=xlsx")
            assert export.status_code == 200


class TestFiles:
    def test_the_empty_table_names_what_is_read(self, office):
        client = in_english(office.vera)
        for kind in ("village-register", "hospital-list"):
            book = client.get(reverse("claims:document_template", args=[kind])).content
            [header] = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
            assert header == document_files.empty_form(kind.replace("-", "_"))
        assert client.get(reverse("claims:document_template", args=["anything"])).status_code == 404

    def test_a_list_is_checked_taken_in_and_mended(self, office):
        one, two = office.people(2)
        client = in_english(office.hugo)
        rows = [stay(one, "00000001"), stay(two, "00000002") | {"name": "无此人"}]
        book = sheets.workbook(list(NAMES.values()), [[given.get(name, "") for name in NAMES] for given in rows])
        said = {"kind": "hospital_list", "provider": "H1", "scheme": office.scheme.pk, "month": "2010-02", "note": ""}
        sent = client.post(reverse("claims:document_new"), said | {"file": upload(book)})
        check = Job.objects.get()
        assert sent.headers["Location"] == reverse("claims:document_job", args=[check.pk])
        jobs.run(check.pk)
        assert now(check).faults is not None
        assert not BulkDocument.objects.exists()
        taking = client.post(reverse("claims:document_take", args=[check.pk]))
        jobs.run(Job.objects.latest("pk").pk)
        document = BulkDocument.objects.get()
        made = reverse("claims:bulk_document", args=[document.pk])
        assert made in client.get(taking.headers["Location"]).content.decode()

        assert reverse("office:attachment", args=[document.file.pk]) in client.get(made).content.decode()

        faulty = BulkRow.objects.get(document=document, state="faulty")
        page = reverse("claims:document_row", args=[faulty.pk])
        assert "The register has nobody like that" in client.get(page).content.decode()
        answer = client.post(page, {**faulty.given, "name": two.name})
        assert answer.headers["Location"] == made
        assert {each.state for each in now(document).rows.filter(version=now(document).content_version)} == {"good"}
        assert client.post(page, {**faulty.given, "name": "x"}).status_code == 422

    def test_what_is_struck_out_stands_on_the_list_of_deductions(self, office):
        one, two = office.people(2)
        document = office.begun(kind="hospital_list")
        office.write(document, stay(one, "00000001"), stay(two, "00000002"))
        client = in_english(office.hugo)
        where = reverse("claims:document_strike", args=[row(document, 2).pk])
        assert client.post(where, {"reason": ""}).status_code == 422
        client.post(where, {"reason": "非本院住院"})
        told = client.get(reverse("claims:document_deductions", args=[document.pk])).content.decode()
        assert "非本院住院" in told
        assert "1,000.00" in told
        book = client.get(reverse("claims:document_deductions_workbook", args=[document.pk])).content
        [_header, line] = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
        assert line[6] == "非本院住院"
        for name in ("document_print", "document_deductions_print"):
            assert client.get(reverse(f"claims:{name}", args=[document.pk])).content.startswith(b"%PDF")

    def test_rows_of_a_returned_register_come_anew_from_a_file(self, office):
        [one] = office.people(1)
        document = office.register(visit(one, "0101"))
        office.vote(document, "return")
        client = in_english(office.vera)
        book = sheets.workbook(
            ["户编号", "姓名", "诊断", "日期", "收据号", "药费"], [["1", one.name, "J18", "2010-02-04", "0109", "25"]]
        )
        where = reverse("claims:document_file", args=[document.pk])
        sent = client.post(where, {"file": SimpleUploadedFile("a.xlsx", book, content_type=sheets.XLSX)})
        check = Job.objects.get()
        assert sent.headers["Location"] == reverse("claims:document_job", args=[check.pk])
        jobs.run(check.pk)
        client.post(reverse("claims:document_take", args=[check.pk]))
        jobs.run(Job.objects.latest("pk").pk)
        assert row(document, 1).receipt_number == "0109"
