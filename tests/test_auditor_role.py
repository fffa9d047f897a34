"""The role of the audit bureau in the database: it reads everything but secrets and writes nothing."""

from __future__ import annotations

import os

import psycopg
import pytest
from django.db import connection

from audit import column_words
from audit.tests.test_export import ID, books
from config import database
from funds.models import Entry
from office.models import Person
from tests import servers

__all__ = ["books"]


@pytest.fixture
def auditor(books):
    with psycopg.connect(os.environ["DATABASE_URL_AUDITOR"], autocommit=True) as connection:
        yield connection


def test_it_reads_the_views(auditor, books):
    names = [name for (name,) in auditor.execute(
        "SELECT viewname FROM pg_views WHERE schemaname = 'public' ORDER BY 1")]  # fmt: skip
    assert names == [
        "auditor_acts", "auditor_balances", "auditor_claim_parts", "auditor_claims", "auditor_coverages",
        "auditor_decisions", "auditor_entries", "auditor_members", "auditor_payments", "auditor_people",
        "auditor_votes",
    ]  # fmt: skip
    for name in names:
        auditor.execute(f"SELECT * FROM {name} LIMIT 1")
    debit, credit = auditor.execute("SELECT sum(debit), sum(credit) FROM auditor_entries").fetchone()
    assert debit == credit == sum(Entry.objects.filter(side="debit").values_list("amount", flat=True))
    assert auditor.execute("SELECT count(*) FROM auditor_entries").fetchone()[0] == Entry.objects.count()
    (number,) = auditor.execute("SELECT id_number FROM auditor_members").fetchone()
    assert number == ID


@pytest.mark.parametrize(
    "forbidden",
    [
        "SELECT password FROM office_person",
        "SELECT * FROM office_person",
        "SELECT secret FROM office_factor",
        "SELECT hash FROM office_onetimecode",
        "SELECT first_hash FROM office_resetrequest",
        "SELECT session_key FROM office_signin",
        "SELECT sha256 FROM claims_doortoken",
        "SELECT * FROM django_session",
        "SELECT * FROM demo_demosignin",
        "SELECT * FROM office_formuse",
    ],
)
def test_it_reads_no_secret(auditor, forbidden):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        auditor.execute(forbidden)


def test_it_reads_what_stands_beside_a_secret(auditor):
    assert auditor.execute("SELECT count(username) FROM office_person").fetchone()[0] == Person.objects.count()
    auditor.execute("SELECT person_id, confirmed_at FROM office_factor")


@pytest.mark.parametrize(
    "forbidden",
    [
        "UPDATE office_body SET name = 'x'",
        "DELETE FROM funds_entry",
        "INSERT INTO office_act (name, kind) VALUES ('x', 'done')",
        "TRUNCATE office_act",
        "CREATE TABLE mine (id int)",
        "CREATE TEMPORARY TABLE mine (id int)",
    ],
)
def test_it_writes_nothing_even_out_of_its_read_only_session(auditor, forbidden):
    with pytest.raises(psycopg.Error):
        auditor.execute(forbidden)
    auditor.execute("SET default_transaction_read_only = off")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        auditor.execute(forbidden)


def test_with_the_rights_that_every_table_once_gave_it_would_read_a_secret(auditor):
    """What the narrower rights are for: given the table as a whole, the role reads passwords."""
    with psycopg.connect(servers.owner_dsn(connection.settings_dict["NAME"]), autocommit=True) as owner:
        owner.execute("GRANT SELECT ON office_person TO fund_auditor")
        try:
            assert auditor.execute("SELECT count(password) FROM office_person").fetchone()[0] > 0
        finally:
            database.grant_to_auditor(owner)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        auditor.execute("SELECT password FROM office_person")


def test_what_it_does_not_read_is_what_no_export_holds():
    assert column_words.SECRETS == database.SECRET_COLUMNS
