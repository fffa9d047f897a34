"""What leaves for the audit bureau is what the books say, to the row and the cent; secrets and whole numbers do not."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from decimal import Decimal
from io import StringIO
from pathlib import Path

import psycopg
import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import models
from django.test import Client
from django.urls import reverse

from audit import column_words
from audit.selectors import exported
from audit.services import export_jobs, exporting
from audit.services.exporting import CannotExport
from conftest import NOON, sign_in
from enrollment.models import Member
from enrollment.tests import factories as register
from funds.models import Balance, Entry
from funds.tests.factories import Counter, pair
from office import jobs
from office.models import Act, Body, Job, Person

ID = "642222197003011234"


@pytest.fixture
def books(transactional_db, appoint) -> Counter:
    """Books with entries of two years, somebody of the register with his number."""
    counter = Counter.of(appoint)
    counter.opened()
    counter.enter("r1", "requested", *pair("spending_account", "special_account", "100.10"), on=NOON.date())
    lan = register.member(register.household())
    Member.objects.filter(pk=lan.pk).update(id_number=ID)
    return counter


def rows_of(folder: Path, table: str) -> list[dict[str, str]]:
    text = (folder / "data" / f"{table}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text)))


def made(folder: Path, **more):
    given = {"year": None, "whole": False, "by": None, "at": NOON}
    exporting.export(folder=folder, **given | more)
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


class TestExport:
    def test_read_again_it_is_what_the_tables_hold(self, books, tmp_path):
        told = made(tmp_path / "out")
        assert told["numbers"] == "masked"
        by_table = {one["table"]: one for one in told["tables"]}
        assert set(by_table) == {table.name for table in exported.tables()}
        for table in exported.tables():
            rows = rows_of(tmp_path / "out", table.name)
            assert len(rows) == by_table[table.name]["rows"]
            if table.name != "office_act":  # the export itself is an act
                assert len(rows) == table.model._default_manager.count()
            for name in table.amounts:
                added = sum((Decimal(row[name]) for row in rows if row[name]), Decimal(0))
                assert added == Decimal(by_table[table.name]["sums"][name])
        debit = sum(Decimal(row["debit"]) for row in rows_of(tmp_path / "out", "funds_balance"))
        assert debit == sum(Balance.objects.values_list("debit", flat=True))
        entries = rows_of(tmp_path / "out", "funds_entry")
        assert {one["amount"] for one in entries if one["side"] == "debit"} >= {"100.10"}
        assert len(entries) == Entry.objects.count()
        assert exporting.faults(tmp_path / "out") == []

    def test_of_a_year_goes_what_is_of_it(self, books, tmp_path):
        other, same = made(tmp_path / "a", year=2009), made(tmp_path / "b", year=2010)
        counts = [{one["table"]: one["rows"] for one in told["tables"]} for told in (other, same)]
        assert counts[0]["funds_entry"] == 0
        assert counts[1]["funds_entry"] == Entry.objects.count()
        assert counts[0]["enrollment_member"] == 1
        narrowed = {one["table"] for one in same["tables"] if one["narrowed_to_year"]}
        assert narrowed == set(exported.OF_YEAR)

    def test_numbers_of_people_are_masked_unless_they_are_asked_for(self, books, tmp_path, dan):
        made(tmp_path / "a")
        (row,) = rows_of(tmp_path / "a", "enrollment_member")
        assert row["id_number"] == "642222********1234"
        made(tmp_path / "b", whole=True, by=dan)
        (row,) = rows_of(tmp_path / "b", "enrollment_member")
        assert row["id_number"] == ID
        act = Act.objects.filter(name="audit-export.made").latest("pk")
        assert (act.by, act.facts["whole"], act.facts["tables"]) == (dan, True, len(exported.tables()))
        assert len(act.facts["sha256"]) == 64

    def test_an_altered_added_or_missing_file_is_named(self, books, tmp_path):
        made(tmp_path / "out")
        with (tmp_path / "out" / "data" / "funds_entry.csv").open("a") as changed:
            changed.write("1\n")
        (tmp_path / "out" / "more.txt").write_text("x")
        (tmp_path / "out" / "README.txt").unlink()
        assert exporting.faults(tmp_path / "out") == ["README.txt", "data/funds_entry.csv", "more.txt"]
        with pytest.raises(SystemExit):
            call_command("export_audit", "--check", str(tmp_path / "out"), stdout=StringIO())

    def test_only_auditors_and_whole_numbers_only_for_those_who_see_them(self, books, tmp_path, sam, dan, monkeypatch):
        with pytest.raises(CannotExport):
            made(tmp_path / "a", by=sam)
        monkeypatch.setattr(Person, "has_perm", lambda self, right, obj=None: right == exporting.RIGHT)
        with pytest.raises(CannotExport):
            made(tmp_path / "b", by=dan, whole=True)
        with pytest.raises(CannotExport):
            export_jobs.ask(year=None, whole=True, by=dan, at=NOON)
        monkeypatch.undo()
        with pytest.raises(CannotExport):
            export_jobs.ask(year=None, whole=False, by=sam, at=NOON)
        assert not Act.objects.filter(name__startswith="audit-export").exists()

    @pytest.mark.parametrize(("level", "later"), [("REPEATABLE_READ", 0), ("READ_COMMITTED", 1)])
    def test_what_is_written_meanwhile_is_in_no_table_unless_the_snapshot_is_taken_away(
        self, books, tmp_path, monkeypatch, level, later
    ):
        monkeypatch.setattr(exporting, "ONE_MOMENT", psycopg.IsolationLevel[level])

        def write_meanwhile(done: int, total: int) -> None:
            if done == 1:
                Body.objects.create(code="later", name="后来的机构", kind=Body.Kind.CLINIC)

        made(tmp_path / "out", progress=write_meanwhile)
        codes = [row["code"] for row in rows_of(tmp_path / "out", "office_body")]
        assert codes.count("later") == later

    def test_a_folder_with_something_in_it_is_left_alone(self, books, tmp_path):
        place = tmp_path / "place"
        place.mkdir()
        (place / "x").write_text("x")
        with pytest.raises(CannotExport):
            made(place)
        assert [path.name for path in place.iterdir()] == ["x"]

    def test_files_are_for_nobody_else(self, books, tmp_path):
        made(tmp_path / "out")
        modes = {path.stat().st_mode & 0o777 for path in (tmp_path / "out").rglob("*") if path.is_file()}
        assert modes == {0o600}
        assert (tmp_path / "out").stat().st_mode & 0o777 == 0o700


class TestCommand:
    def test_it_says_what_it_made_and_that_it_holds(self, books, tmp_path):
        out = StringIO()
        call_command("export_audit", "--out", str(tmp_path / "out"), "--year", "2010", stdout=out)
        call_command("export_audit", "--check", str(tmp_path / "out"), stdout=out)
        assert "0 files differ" in out.getvalue()
        assert f"{len(exported.tables())} tables" in out.getvalue()

    def test_for_somebody_his_rights_hold(self, books, tmp_path, sam, dan):
        call_command("export_audit", "--out", str(tmp_path / "a"), "--by", "dan", stdout=StringIO())
        for words in (["--by", "sam"], ["--by", "nobody"]):
            with pytest.raises(CommandError):
                call_command("export_audit", "--out", str(tmp_path / "b"), *words)

    def test_without_a_folder_it_says_so(self, db, tmp_path):
        with pytest.raises(CommandError):
            call_command("export_audit")
        with pytest.raises(CommandError):
            call_command("export_audit", "--check", str(tmp_path))


class TestPage:
    def test_asked_for_made_and_fetched(self, books, dan):
        client = sign_in(Client(), dan)
        shown = client.get(reverse("audit:export")).content.decode()
        assert "完整身份证号和账号" in shown
        answer = client.post(reverse("audit:export"), {"year": "", "whole": ""})
        job = Job.objects.get()
        assert answer.headers["Location"] == reverse("office:job", args=[job.pk])
        jobs.run(job.pk)
        job.refresh_from_db()
        assert (job.state, str(job.refusal)) == (Job.State.DONE, "")
        with zipfile.ZipFile(job.result.path) as pack:
            assert {"manifest.json", "dictionary.csv", "SHA256SUMS", "data/funds_entry.csv"} <= set(pack.namelist())
        assert Act.objects.filter(name="audit-export.asked", by=dan).count() == 1

    def test_too_large_for_a_page_it_is_left_to_the_administrator(self, books, dan, monkeypatch):
        monkeypatch.setattr(export_jobs, "LARGEST", 10)
        job = export_jobs.ask(year=2010, whole=False, by=dan, at=NOON)
        jobs.run(job.pk)
        job.refresh_from_db()
        assert job.state == Job.State.FAILED
        assert "export_audit" in str(job.refusal)

    def test_who_lost_the_right_before_it_ran_gets_nothing(self, books, dan, monkeypatch):
        job = export_jobs.ask(year=None, whole=False, by=dan, at=NOON)
        monkeypatch.setattr(Person, "has_perm", lambda self, right, obj=None: False)
        jobs.run(job.pk)
        job.refresh_from_db()
        assert job.state == Job.State.FAILED

    def test_what_the_service_refuses_is_said(self, books, dan, monkeypatch):
        def refuse(**given):
            raise CannotExport("不行。")

        monkeypatch.setattr(export_jobs, "ask", refuse)
        answer = sign_in(Client(), dan).post(reverse("audit:export"), {"year": ""})
        assert answer.status_code == 422
        assert "不行。" in answer.content.decode()


class TestDictionary:
    def test_every_column_is_told_in_both_languages(self):
        for table in exported.tables():
            for one in table.columns:
                assert one.labels[0]
                assert column_words.CHINESE.search(one.labels[1]), (table.name, one.name, one.labels)
                assert one.unit in exported.UNITS_ZH
                assert bool(one.codes[0]) == bool(one.codes[1])

    def test_amounts_are_yuan_and_rates_are_not(self):
        units = {(table.name, one.name): one.unit for table in exported.tables() for one in table.columns}
        assert units["funds_entry", "amount"] == "yuan"
        assert units["funds_retentionterm", "percent"] == "%"
        assert units["enrollment_wagerate", "employer"] == "%"
        assert units["enrollment_reminder", "rate"] == "%"
        assert units["claims_claim", "admitted_on"] == "day"
        assert units["claims_claim", "entered_at"] == "time in Asia/Shanghai"
        assert units["claims_claim", "level"] == ""

    def test_no_secret_is_among_them(self):
        leaving = {(table.name, one.name) for table in exported.tables() for one in table.columns}
        secret = {(table, name) for table, names in column_words.SECRETS.items() for name in names}
        assert not leaving & secret

    def test_every_table_leaves_or_says_why_it_stays(self):
        ours = {
            model._meta.db_table
            for model in apps.get_models()
            if model._meta.app_label in {"office", "enrollment", "claims", "funds", "audit", "demo"}
            and not hasattr(model, "pgh_tracked_model")
        }
        leaving = {table.name for table in exported.tables()}
        assert leaving | set(exported.STAY) == ours
        assert not leaving & set(exported.STAY)

    @pytest.mark.parametrize("table", sorted(exported.OF_YEAR))
    def test_the_year_of_a_row_is_found(self, db, table):
        (one,) = [one for one in exported.tables() if one.name == table]
        assert isinstance(one.rows(2010), models.QuerySet)
        assert list(one.rows(2010)[:1]) == []
