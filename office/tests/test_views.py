"""The office's own pages: status, rights, that the service was reached."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from conftest import NOON, sign_in
from office import jobs, sentences
from office.models import Attachment, Job, PrinterOffset, WorkingDay
from office.pages import guard
from office.sentences import said
from office.services import printers
from office.tests.factories import add_printer, fill_year
from office.tests.test_pages import hidden

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(ada):
    return Job.objects.create(name="office.tasks.x", title="年度对账准备", asked_by=ada, asked_at=NOON, sent_at=NOON)


@pytest.fixture
def as_ada_too(ada):
    """Ada at another desk."""
    client = Client()
    sign_in(client, ada)
    return client


class TestHome:
    def test_it_shows_what_waits_for_me(self, as_sam, sam):
        fill_year(2044)
        Job.objects.create(
            name="x", title="失败的任务", asked_by=sam, asked_at=NOON, sent_at=NOON, state="failed", finished_at=NOON
        )
        page = as_sam.get("/").content.decode()
        assert "2044" in page
        assert "失败的任务" in page

    def test_it_says_when_nothing_waits(self, as_ada):
        assert as_ada.get("/").status_code == 200

    def test_navigation_is_by_duty(self, as_ada, client, appoint):
        from office.models import Duty

        assert "/printers/" in as_ada.get("/").content.decode()
        sign_in(client, appoint("vic", Duty.VILLAGE_DOCTOR))
        assert "/printers/" not in client.get("/").content.decode()


class TestJobs:
    def test_a_job_is_seen_by_the_person_who_asked_alone(self, as_ada, asked, client, ben):
        assert "年度对账准备" in as_ada.get(f"/jobs/{asked.pk}/").content.decode()
        sign_in(client, ben)
        assert client.get(f"/jobs/{asked.pk}/").status_code == 404
        assert "年度对账准备" not in client.get("/jobs/").content.decode()

    def test_an_open_job_asks_again_and_an_ended_one_does_not(self, as_ada, asked):
        htmx = {"HX-Request": "true"}
        assert "hx-trigger" in as_ada.get(f"/jobs/{asked.pk}/", headers=htmx).content.decode()
        Job.objects.update(state=Job.State.DONE, finished_at=NOON, outcome=[["行", 7]])
        ended = as_ada.get(f"/jobs/{asked.pk}/", headers=htmx).content.decode()
        assert "hx-trigger" not in ended
        assert "<html" not in ended

    def test_a_failed_job_stays_on_the_worklist_until_it_is_noted(self, as_ada, asked, ada):
        Job.objects.update(state=Job.State.FAILED, finished_at=NOON, refusal="第 3 行没有姓名。")
        assert Job.objects.visible_to(ada).in_need().exists()
        shown = as_ada.get(f"/jobs/{asked.pk}/").content.decode()
        assert "第 3 行没有姓名。" in shown
        assert f"/jobs/{asked.pk}/noted/" in shown
        assert Job.objects.visible_to(ada).in_need().exists()
        assert as_ada.get(f"/jobs/{asked.pk}/noted/").status_code == 405
        assert as_ada.post(f"/jobs/{asked.pk}/noted/").url == "/"
        assert not Job.objects.visible_to(ada).in_need().exists()
        assert f"/jobs/{asked.pk}/noted/" not in as_ada.get(f"/jobs/{asked.pk}/").content.decode()

    def test_nobody_notes_it_for_another(self, as_ada, asked, client, ben):
        Job.objects.update(state=Job.State.FAILED, finished_at=NOON)
        sign_in(client, ben)
        assert client.post(f"/jobs/{asked.pk}/noted/").status_code == 404
        assert Job.objects.get().seen_at is None

    def test_everybody_reads_it_in_his_own_language(self, as_ada, asked, settings):
        Job.objects.update(
            title=said("Holiday notice %(year)s", year="2010"),
            outcome=[[sentences.kept(said("Rows read")), 7]],
            refusal=said("No file was sent with this work."),
            state=Job.State.FAILED,
            finished_at=NOON,
        )
        words = {
            "zh-hans": ("2010 年放假通知", "读取行数", "该任务没有附上文件。"),
            "en": ("Holiday notice 2010", "Rows read", "No file was sent with this work."),
        }
        for language, told in words.items():
            as_ada.cookies[settings.LANGUAGE_COOKIE_NAME] = language
            page = as_ada.get(f"/jobs/{asked.pk}/").content.decode()
            assert [one for one in told if one not in page] == []
            assert told[0] in as_ada.get("/jobs/").content.decode()
            assert told[0] in as_ada.get("/").content.decode()
            assert f"/jobs/{asked.pk}/" in as_ada.get("/jobs/", {"title": told[0][:4]}).content.decode()
        assert f"/jobs/{asked.pk}/" not in as_ada.get("/jobs/", {"title": "年放假"}).content.decode()

    def test_failed_work_is_begun_again_by_post(self, as_ada, asked):
        Job.objects.update(state=Job.State.FAILED, finished_at=NOON, refusal="x")
        assert as_ada.get(f"/jobs/{asked.pk}/restart/").status_code == 405
        assert as_ada.post(f"/jobs/{asked.pk}/restart/").status_code == 302
        asked.refresh_from_db()
        assert asked.state == Job.State.WAITING
        assert as_ada.post(f"/jobs/{asked.pk}/restart/", follow=True).status_code == 200  # refused in words

    def test_it_says_when_the_workers_cannot_be_reached(self, as_ada, asked, settings, monkeypatch):
        monkeypatch.setattr(jobs, "workers_are_reachable", lambda: True)
        reachable = as_ada.get(f"/jobs/{asked.pk}/").content.decode()
        monkeypatch.setattr(jobs, "workers_are_reachable", lambda: False)
        assert as_ada.get(f"/jobs/{asked.pk}/").content.decode() != reachable

    def test_its_slip_prints(self, as_ada, asked):
        Job.objects.update(state=Job.State.DONE, finished_at=NOON, outcome=[["行", 7]])
        answer = as_ada.get(f"/jobs/{asked.pk}/report/")
        assert answer.content.startswith(b"%PDF")

    def test_what_cannot_be_printed_is_said(self, as_ada, asked):
        Job.objects.update(state=Job.State.DONE, finished_at=NOON, title="\ue000\ue001")
        answer = as_ada.get(f"/jobs/{asked.pk}/report/", follow=True)
        assert answer.redirect_chain == [(f"/jobs/{asked.pk}/", 302)]

    def test_its_files_go_to_the_person_who_asked(self, as_ada, asked, client, ben, ada):
        from office import attachments

        kept = attachments.keep_made(
            subject=asked, name="错误.xlsx", content=b"x", media_type="text/plain", by=ada, at=NOON
        )
        Job.objects.update(faults=kept)
        answer = as_ada.get(f"/attachments/{kept.pk}/")
        assert answer.getvalue() == b"x"
        sign_in(client, ben)
        assert client.get(f"/attachments/{kept.pk}/").status_code == 403


class TestWorkers:
    @pytest.mark.django_db(transaction=True)
    def test_a_list_is_exported_as_its_reader_may_see_it(self, ada, ben):
        for person in (ada, ben):
            Job.objects.create(name="x", title=f"{person}的", asked_by=person, asked_at=NOON, sent_at=NOON)
        asked = jobs.enqueue(
            "office.tasks.export_list", title="导出", by=ada, at=timezone.now(), path="/jobs/", query="title=的"
        )
        jobs.run(asked.pk)
        asked.refresh_from_db()
        assert asked.outcome[0][1] == 1
        assert asked.result.path.exists()

    @pytest.mark.django_db(transaction=True)
    def test_a_list_that_its_reader_may_not_open_is_not_exported(self, appoint):
        eve = appoint("eve")
        asked = jobs.enqueue("office.tasks.export_list", title="导出", by=eve, at=NOON, path="/printers/", query="")
        jobs.run(asked.pk)
        asked.refresh_from_db()
        assert (asked.state, asked.result) == (Job.State.FAILED, None)

    def test_the_workers_doors_lead_to_the_services(self, ada):
        from office import tasks

        tasks.sweep()
        tasks.tidy()
        tasks.run_job(0)


class TestWorkingDays:
    def test_a_year_is_added_and_printed(self, as_sam):
        assert as_sam.get("/working-days/add-year/").status_code == 200
        answer = as_sam.post("/working-days/add-year/", {"year": 2010})
        assert answer.headers["Location"] == "/working-days/?year=2010"
        assert as_sam.get("/working-days/print/2010/").content.startswith(b"%PDF")

    def test_a_year_that_is_not_there_cannot_be_printed(self, as_sam):
        assert as_sam.get("/working-days/print/2010/").status_code == 302

    def test_a_notice_is_asked_for_with_its_file(self, as_sam):
        page = as_sam.get("/working-days/notice/")
        upload = SimpleUploadedFile("a.csv", "日期,上班,说明\n2027-01-01,否,元旦\n".encode())
        answer = as_sam.post(
            "/working-days/notice/", {guard.FIELD: hidden(page, guard.FIELD), "year": 2027, "file": upload}
        )
        asked = Job.objects.get()
        assert answer.headers["Location"] == f"/jobs/{asked.pk}/"
        assert Attachment.objects.get().subject_id == str(asked.pk)

    def test_a_file_of_the_wrong_kind_is_refused_on_the_form(self, as_sam):
        answer = as_sam.post("/working-days/notice/", {"year": 2027, "file": SimpleUploadedFile("a.xlsx", b"MZ\x00")})
        assert answer.status_code == 422
        assert not Job.objects.exists()

    def test_a_clerk_may_read_and_not_change(self, as_ada):
        fill_year(2010)
        day = WorkingDay.objects.first()
        assert as_ada.get("/working-days/").status_code == 200
        assert as_ada.get(f"/working-days/{day.pk}/change/").status_code == 403


class TestPrinters:
    @pytest.fixture
    def printer(self, county):
        return add_printer(county, "窗口")

    def test_the_list_offers_to_add_one_to_whom_may(self, as_sam, as_ada_too, printer):
        assert "/printers/add/" in as_sam.get("/printers/").content.decode()
        assert "/printers/add/" not in as_ada_too.get("/printers/").content.decode()

    def test_a_printer_is_added(self, as_sam, county):
        assert as_sam.post("/printers/add/", {"body": county.pk, "name": "二号窗口"}).status_code == 302

    def test_a_name_that_is_markup_is_text_on_the_pages(self, as_sam, county):
        name = '"><b onmouseover=x>二号</b>'
        assert as_sam.post("/printers/add/", {"body": county.pk, "name": name}).status_code == 302
        page = as_sam.get("/printers/").content.decode()
        assert "<b onmouseover" not in page
        assert "&lt;b onmouseover" in page

    def test_a_printer_shows_its_forms(self, as_sam, printer):
        page = as_sam.get(f"/printers/{printer.pk}/").content.decode()
        assert "receipt" in page

    def test_a_name_that_is_there_is_refused_on_the_form(self, as_sam, printer, county):
        answer = as_sam.post("/printers/add/", {"body": county.pk, "name": "窗口"})
        assert answer.status_code == 422

    def test_an_offset_is_set_and_tried(self, as_sam, printer):
        page = as_sam.get(f"/printers/{printer.pk}/receipt/offset/")
        answer = as_sam.post(
            f"/printers/{printer.pk}/receipt/offset/",
            {"seen": hidden(page, "seen"), "right_mm": "1.5", "down_mm": "-2"},
        )
        assert answer.status_code == 302
        assert str(PrinterOffset.objects.get().right_mm) == "1.5"
        assert as_sam.get(f"/printers/{printer.pk}/receipt/trial/").content.startswith(b"%PDF")

    def test_a_stale_offset_is_shown(self, as_sam, printer, cleo):
        page = as_sam.get(f"/printers/{printer.pk}/receipt/offset/")
        assert not PrinterOffset.objects.exists()
        offset = printers.offset_for(printer=printer, form="receipt")
        printers.set_offset(offset=offset, seen_version=0, right_mm=3, down_mm=0, by=cleo, at=NOON)
        answer = as_sam.post(
            f"/printers/{printer.pk}/receipt/offset/",
            {"seen": hidden(page, "seen"), "right_mm": "1.5", "down_mm": "0"},
        )
        assert answer.status_code == 409

    @pytest.mark.parametrize("door", ["offset", "trial"])
    def test_an_unknown_form_is_not_there(self, as_sam, printer, door):
        assert as_sam.get(f"/printers/{printer.pk}/unknown/{door}/").status_code == 404
