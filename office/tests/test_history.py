"""Row history: written by the database whatever the path, with whose hands, and never changed."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client

from conftest import NOON, proof_of, sign_in
from office import history
from office.models import Body, Duty, Person, WorkingDay
from office.pages import guard
from office.services import calendar, requests
from office.tests.factories import fill_year
from office.tests.test_pages import hidden

pytestmark = pytest.mark.django_db


def states(record) -> list[history.State]:
    return history.of(record._meta.label_lower, str(record.pk))


class TestWritten:
    def test_every_state_with_what_changed_and_by_whom(self, county, sam):
        fill_year(2010)
        day = WorkingDay.objects.get(day="2010-03-01")
        with history.acting(by=sam, address="10.0.0.7"):
            calendar.change_working_day(day=day, seen_version=1, is_working=False, reason="大雪", by=sam, at=NOON)
        newest, first = states(day)
        assert newest.by == "Sam"
        changes = {change.label: (change.before, change.after) for change in newest.changes}
        assert changes["工作日"] == ("是", "否")
        assert changes["说明"] == ("", "大雪")
        assert changes["来源"] == ("放假通知", "本单位设定")
        assert "日期" in {change.label for change in first.changes}

    @pytest.mark.parametrize(
        "change",
        [
            lambda: Body.objects.update(name="新名"),
            lambda: Body.objects.bulk_update([_renamed()], ["name"]),
            lambda: _sql("UPDATE office_body SET name = '新名'"),
        ],
        ids=["update", "bulk_update", "raw SQL"],
    )
    def test_no_path_goes_around_it(self, county, change):
        change()
        assert [one.after for one in states(county)[0].changes] == ["新名"]

    def test_copy_leaves_it_too(self, county):
        with connection.cursor() as cursor, cursor.copy("COPY office_body (code, name, kind) FROM STDIN") as rows:
            rows.write_row(("2", "海城站", "township_station"))
        assert len(states(Body.objects.get(code="2"))) == 1

    def test_passwords_are_not_in_it(self, ada):
        ada.set_password("another password")
        ada.save()
        assert len(states(ada)) == 1
        assert not hasattr(Person.pgh_event_model, "password")

    def test_a_page_says_whose_hands(self, as_sam, county):
        page = as_sam.get("/printers/add/")
        typed = {guard.FIELD: hidden(page, guard.FIELD), "body": county.pk, "name": "窗口"}
        printer = as_sam.post("/printers/add/", typed).headers["Location"].strip("/").split("/")[-1]
        assert history.of("office.printer", printer)[0].by == "Sam"

    def test_what_is_not_tracked_has_none(self):
        assert history.of("office.job", "1") == []
        assert history.of("office.body", "x") == []


class TestGuards:
    @pytest.mark.parametrize("sql", ["UPDATE office_bodyevent SET name = 'x'", "DELETE FROM office_bodyevent"])
    def test_it_is_only_added_to(self, county, sql):
        with pytest.raises(DatabaseError), transaction.atomic():
            _sql(sql)

    @pytest.mark.parametrize("setting", ["office.Body:insert_insert", "office.Body:update_update", "{office.Body:*}"])
    def test_nobody_writes_while_it_is_switched_off(self, county, setting):
        _sql(f"SET LOCAL pgtrigger.ignore = '{setting}'")
        with pytest.raises(IntegrityError, match="switched off"), transaction.atomic():
            _sql("UPDATE office_body SET name = 'x'")

    def test_the_run_time_role_cannot_play_replica(self):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            _sql("SET session_replication_role = 'replica'")

    def test_every_tracked_table_has_its_guard(self):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
                " JOIN pg_proc p ON p.oid = t.tgfoid WHERE p.proname = 'office_history_stays_on'"
            )
            guarded = {row[0] for row in cursor.fetchall()}
        assert guarded == {model._meta.db_table for model in history.TRACKED.values()}


class TestPage:
    def test_bodies_and_people_are_called_by_name(self, county, ada):
        appointment = ada.appointments.get()
        after = {change.label: change.after for change in states(appointment)[0].changes}
        assert after["机构"] == county.name
        assert after["岗位"] == "参合登记员"

    def test_days_and_times_are_said_as_the_office_says_them(self, ada, head, appoint):
        given = requests.delegate(
            to=appoint("chair", Duty.COMMITTEE_CHAIR), duty=Duty.OFFICE_HEAD, start=NOON.date(), end=NOON.date(),
            reason="病假", by=head, at=NOON, proof=proof_of(head),
        )  # fmt: skip
        after = {change.label: change.after for change in states(given)[0].changes}
        assert after["期间"] == "2010-03-01 至 2010-03-01"
        assert after["申请时间"] == "2010-03-01 12:00:00"

    def test_those_who_watch_see_it(self, appoint, county):
        client = Client()
        sign_in(client, appoint("wen", Duty.SECURITY_AUDITOR))
        Body.objects.update(name="新名")
        page = client.get(f"/history/office.body/{county.pk}/").content.decode()
        assert "新名" in page
        assert "海原县合管中心" in page
        assert client.get("/history/office.body/0/").status_code == 200
        assert client.get("/history/office.body/x/").status_code == 200
        assert client.get("/history/office.job/1/").status_code == 404


def _sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _renamed() -> Body:
    body = Body.objects.get()
    body.name = "新名"
    return body
