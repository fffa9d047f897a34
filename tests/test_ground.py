"""The ground the other tests stand on: the run-time role, and the owner's restoring."""

import pytest
from django.db import ProgrammingError, connection, transaction

from config import database
from office.models import Body


def rights(table: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT privilege_type FROM information_schema.role_table_grants WHERE table_name = %s AND grantee = %s",
            [table, database.RUN_TIME],
        )
        return {row[0] for row in cursor.fetchall()}


def test_tests_work_as_the_run_time_role(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, rolsuper FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (database.RUN_TIME, False)


def test_the_run_time_role_owns_nothing(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE tableowner = %s", [database.RUN_TIME])
        assert cursor.fetchall() == []


def test_the_run_time_role_deletes_only_what_helps_the_work(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT table_name FROM information_schema.role_table_grants"
            " WHERE grantee = %s AND privilege_type IN ('DELETE', 'TRUNCATE')",
            [database.RUN_TIME],
        )
        assert {row[0] for row in cursor.fetchall()} == database.MAY_DELETE


@pytest.mark.parametrize(
    "forbidden",
    [
        "DELETE FROM office_person",
        "TRUNCATE office_job",
        "DROP TABLE office_job",
        "ALTER TABLE office_job DROP COLUMN title",
        "CREATE TABLE mine (id int)",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('office', 'x', now())",
        "SET ROLE fund_owner",
    ],
)
def test_the_database_refuses_the_run_time_role(db, forbidden):
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(forbidden)


def test_every_table_that_is_only_added_to_has_its_guard(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid"
            " WHERE p.proname = 'office_only_added_to' AND t.tgenabled = 'O'"
        )
        seals = {table for table, rights in database.BY_SEALER.items() if "UPDATE" not in rights}
        assert {row[0] for row in cursor.fetchall()} == database.APPEND_ONLY | seals


def test_chinese_can_be_searched_in_this_locale(db):
    """Under the locale C no Chinese letter is one, and searches find nobody."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT '马小明' ~ '^\\w+$', datctype FROM pg_database WHERE datname = current_database()")
        assert cursor.fetchone() == (True, "C.UTF-8")


class TestRestore:
    @pytest.mark.parametrize("time", ["first", "second"])
    def test_what_one_test_commits_the_next_does_not_see(self, transactional_db, time):
        assert not Body.objects.exists()
        Body.objects.create(code="1", name="站", kind=Body.Kind.TOWNSHIP_STATION)
