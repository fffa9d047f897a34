"""The trail: written with the act, never changed, readable by those who watch."""

from __future__ import annotations

import contextlib
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conftest import NOON, sign_in
from office import trail
from office.models import Act, Duty, Job
from office.services import calendar, printers
from office.services.rounds import CannotVote
from office.tests.factories import add_printer, fill_year

pytestmark = pytest.mark.django_db


class TestRecord:
    def test_it_says_who_what_when_in_which_duty_and_whence(self, county, sam):
        with trail.within(trail.Surroundings(address="10.0.0.7", second_factor=lambda: True)):
            printer = printers.add_printer(body=county, name="窗口", by=sam, at=NOON)
        act = Act.objects.get(name="printer.added")
        assert (act.by, act.duty, act.body) == (sam, Duty.SYSTEM_ADMINISTRATOR, county)
        assert (act.subject_type, act.subject_id) == ("office.printer", str(printer.pk))
        assert (act.address, act.second_factor, act.kind) == ("10.0.0.7", True, Act.Kind.DONE)
        assert act.facts == {"body": f"office.body:{county.pk}", "given": NOON.isoformat()}

    def test_the_time_is_the_databases_own(self, county, sam):
        before = timezone.now()
        printers.add_printer(body=county, name="窗口", by=sam, at=NOON)
        act = Act.objects.get(name="printer.added")
        assert abs((act.at - before).total_seconds()) < 60
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_xact_id()::text::bigint")
            assert cursor.fetchone()[0] == act.transaction  # also out of a savepoint

    def test_the_duty_is_the_one_that_grants_the_right(self, appoint, county):
        both = appoint("eve", Duty.OFFICE_HEAD, Duty.CASHIER)
        offset = printers.offset_for(printer=add_printer(county, "窗口"), form="receipt")
        printers.set_offset(offset=offset, seen_version=0, right_mm=Decimal(1), down_mm=Decimal(0), by=both, at=NOON)
        assert Act.objects.get(name="printer-offset.set").duty == Duty.CASHIER

    def test_an_act_that_no_app_registered_is_a_mistake_in_the_program(self, sam):
        with pytest.raises(KeyError):
            trail.record("printer.eaten", None, by=sam, at=NOON)

    def test_what_is_rolled_back_was_never_done(self, county, sam):
        with transaction.atomic():
            printers.add_printer(body=county, name="窗口", by=sam, at=NOON)
            transaction.set_rollback(True)
        assert not Act.objects.exists()

    def test_the_hash_of_a_content_knows_every_value_and_its_name(self):
        content = {"amount": Decimal("12.50"), "on": date(2010, 3, 1), "who": "马小明", "none": None}
        same = dict(reversed(content.items()))
        assert trail.hash_of(content) == trail.hash_of(same)
        others = [
            {**content, "amount": Decimal("12.51")},
            {**content, "who": ""},
            {**content, "none": NOON},
            {"am": content["amount"], "ount": ""},
        ]
        assert len({trail.hash_of(one) for one in [content, *others]}) == 5


class TestTogether:
    def tell(self, sam, *reasons: str) -> None:
        for reason in reasons:
            trail.record("printer.added", None, by=sam, at=NOON, reason=reason)

    def test_the_acts_of_a_service_are_one_statement_in_their_order(self, sam):
        self.tell(sam, "before")  # the duties of today are known from now on
        with CaptureQueriesContext(connection) as asked, transaction.atomic(), trail.together():
            self.tell(sam, "one")
            with trail.together():
                self.tell(sam, "two")
            self.tell(sam, "three")
        assert len([one for one in asked.captured_queries if "INSERT" in one["sql"]]) == 1
        told = list(Act.objects.order_by("pk").values_list("reason", flat=True))
        assert told == ["before", "one", "two", "three"]
        assert len(set(Act.objects.exclude(reason="before").values_list("at", flat=True))) == 3

    @transaction.atomic
    def work(self, sam, *, fails: bool) -> None:
        """Something is done, and something else tried and given up."""
        with trail.together():
            self.tell(sam, "done")
            with contextlib.suppress(CannotVote), trail.together():
                self.tell(sam, "tried")
                raise CannotVote
            if fails:
                raise CannotVote

    def test_what_fails_is_not_told(self, sam):
        with pytest.raises(CannotVote):
            self.work(sam, fails=True)
        assert not Act.objects.exists()
        self.work(sam, fails=False)
        assert list(Act.objects.values_list("reason", flat=True)) == ["done"]


class TestOnlyAddedTo:
    @pytest.fixture
    def act(self, sam):
        return trail.record("printer.added", None, by=sam, at=NOON)

    @pytest.mark.parametrize(
        "sql", ["UPDATE office_act SET reason = 'x'", "DELETE FROM office_act", "TRUNCATE office_act"]
    )
    def test_the_run_time_role_may_not_change_it(self, act, sql):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)

    @pytest.mark.parametrize("change", ["bulk", "save", "delete"])
    def test_no_code_path_changes_it(self, act, change):
        act.reason = "x"
        tries = {
            "bulk": lambda: Act.objects.update(reason="x"),
            "save": act.save,
            "delete": act.delete,
        }
        with pytest.raises(DatabaseError), transaction.atomic():
            tries[change]()

    @pytest.mark.django_db(transaction=True)
    @pytest.mark.parametrize("sql", ["UPDATE office_act SET reason = 'x'", "DELETE FROM office_act"])
    def test_not_even_the_owner_by_mistake(self, act, sql, settings):
        import psycopg

        from tests import servers

        owner = psycopg.connect(servers.owner_dsn(settings.DATABASES["default"]["NAME"]))
        with owner, pytest.raises(psycopg.errors.CheckViolation, match="only ever added to"):
            owner.execute(sql)

    @pytest.mark.parametrize(
        "wrong",
        [
            {"name": ""},
            {"kind": "guess"},
            {"kind": "refused", "reason": ""},
            {"subject_type": "office.job"},
        ],
        ids=["no name", "unknown kind", "refused without a reason", "half a subject"],
    )
    def test_the_database_refuses_what_cannot_be(self, wrong):
        with pytest.raises(IntegrityError), transaction.atomic():
            Act.objects.create(**({"name": "printer.added"} | wrong))

    def test_nobody_acts_for_himself(self, sam):
        with pytest.raises(IntegrityError), transaction.atomic():
            trail.record("printer.added", None, by=sam, at=NOON, for_whom=sam)


class TestServices:
    """Each service of this floor writes its act."""

    def names(self) -> set[str]:
        return set(Act.objects.values_list("name", flat=True))

    def test_of_the_calendar(self, sam):
        fill_year(2044)
        fill_year(2044)
        assert Act.objects.filter(name="working-days.year-added").count() == 1
        calendar.apply_notice(year=2044, notices=[], by=sam, at=NOON)
        assert "working-days.notice-applied" in self.names()

    def test_of_jobs_and_files(self, sam):
        upload = SimpleUploadedFile("a.csv", "日期,上班,说明\n".encode())
        calendar.ask_for_notice(year=2027, upload=upload, by=sam, at=NOON)
        assert self.names() == {"job.asked", "attachment.kept"}


class TestPages:
    @pytest.fixture
    def watcher(self, appoint):
        client = Client(REMOTE_ADDR="10.0.0.9")
        sign_in(client, appoint("wen", Duty.SECURITY_AUDITOR))
        return client

    def test_a_page_opened_without_the_right_is_in_the_trail(self, as_ada, ada, watcher):
        assert as_ada.get("/acts/").status_code == 403
        act = Act.objects.get(kind=Act.Kind.REFUSED)
        assert (act.name, act.by, act.reason) == ("page.refused", ada, "/acts/")
        assert act.address == "127.0.0.1"
        page = watcher.get("/acts/refused/").content.decode()
        assert "Ada" in page
        assert "/acts/" in page

    def test_what_a_service_refuses_is_in_the_trail_after_the_rollback(self, as_ada, ada):
        waiting = Job.objects.create(name="x", title="x", asked_by=ada, asked_at=NOON, sent_at=NOON)
        as_ada.post(f"/jobs/{waiting.pk}/restart/")
        act = Act.objects.get(kind=Act.Kind.REFUSED)
        assert (act.name, act.reason) == ("job.restarted", "只有失败的任务可以重新开始。")

    def test_a_form_that_a_service_refuses_is_in_the_trail(self, as_sam, county, monkeypatch):
        def refuse(**kwargs):
            raise printers.CannotAddPrinter("该机构已有同名打印机。")

        monkeypatch.setattr(printers, "add_printer", refuse)
        assert as_sam.post("/printers/add/", {"body": county.pk, "name": "窗口"}).status_code == 422
        assert Act.objects.get(kind=Act.Kind.REFUSED).name == "printer.added"

    def test_what_a_person_did_and_what_happened_to_a_thing(self, watcher, county, sam, ada):
        printer = printers.add_printer(body=county, name="窗口", by=sam, at=NOON)
        trail.record("job.asked", Job(pk=7), by=ada, at=NOON)
        by_sam = watcher.get(f"/acts/?by={sam.pk}").content.decode()
        assert "添加了打印机" in by_sam
        assert f"打印机 {printer.pk}" in by_sam
        assert "后台任务 7" not in by_sam
        asked = {"subject_type": "office.printer", "subject_id": str(printer.pk)}
        assert watcher.get("/acts/", asked).headers["Location"].endswith(f"/office.printer/{printer.pk}/")
        of_printer = watcher.get("/acts/", asked | {"kind": ""}).content.decode()
        assert "Sam" in of_printer
        assert "Ada" not in of_printer

    def test_exports_and_downloads_are_readings(self, watcher, as_ada):
        as_ada.get("/jobs/?as=xlsx")
        assert Act.objects.get(name="list.exported").kind == Act.Kind.READ
        assert watcher.get("/acts/?as=xlsx").status_code == 200
        assert Act.objects.filter(kind=Act.Kind.READ).count() == 2

    def test_clerks_do_not_read_it(self, as_sam):
        assert as_sam.get("/acts/").status_code == 403
        assert "/acts/" not in as_sam.get("/").content.decode()
