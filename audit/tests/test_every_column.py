"""Every column of every sealed table, altered by whoever owns the machine: found and named by table, number, column."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.db import connections
from django.utils.module_loading import import_string

from audit import verifier
from audit.services import sealing
from audit.tests.sealed import VALUES, free_of_rules, superuser, told
from audit.verifying.told import ALTERED, GONE, INSERTED
from conftest import NOON
from tests import servers

pytestmark = pytest.mark.django_db(transaction=True)

CLONE = "test_county_fund_altered"
SEALED = set(import_string(settings.SEALED_TABLES))
MODELS = {model._meta.db_table: model for model in apps.get_models() if model._meta.db_table in SEALED}


@pytest.fixture
def clone(settings) -> Iterator[str]:
    """A copy of the database without its rules, in which rows can be anything."""
    template = settings.DATABASES["default"]["NAME"]
    connections.close_all()
    with psycopg.connect(servers.superuser_dsn(), autocommit=True) as owner:
        owner.execute(f"DROP DATABASE IF EXISTS {CLONE} WITH (FORCE)")
        owner.execute(f"CREATE DATABASE {CLONE} TEMPLATE {template} STRATEGY FILE_COPY")
    settings.SEALER_URL = servers.sealer_dsn(CLONE)
    settings.BACKUP_URL = servers.backup_dsn(CLONE)
    with superuser(CLONE) as owner:
        free_of_rules(owner, sorted(MODELS))
        owner.execute("TRUNCATE " + ", ".join(sorted(MODELS)) + " CASCADE")
    yield CLONE
    with psycopg.connect(servers.superuser_dsn(), autocommit=True) as owner:
        owner.execute(f"DROP DATABASE {CLONE} WITH (FORCE)")


@dataclass(frozen=True)
class Columns:
    """A table by its columns, the row's number first; for each of the others two values."""

    table: str
    pk: str
    names: list[str]
    kinds: list[str]

    @classmethod
    def of(cls, owner: psycopg.Connection, table: str) -> Columns:
        model = MODELS[table]
        pk = str(model._meta.pk.column)
        kinds: dict[str, str] = dict(
            owner.execute(
                "SELECT attname::text, format_type(atttypid, NULL) FROM pg_attribute"
                " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped",
                [table],
            ).fetchall()
        )
        names = [str(field.column) for field in model._meta.concrete_fields if field.column != pk]
        assert set(kinds) == {pk, *names}, table
        return cls(table, pk, names, [kinds[name] for name in names])

    def insert(self, owner: psycopg.Connection, numbers: range, which: int = 0) -> None:
        values = ", ".join(VALUES[kind][which] for kind in self.kinds)
        names = ", ".join(f'"{name}"' for name in (self.pk, *self.names))
        owner.execute(
            f"INSERT INTO {self.table} ({names}) SELECT n, {values}"
            f" FROM generate_series({numbers.start}, {numbers.stop - 1}) n".encode()
        )

    def set(self, owner: psycopg.Connection, number: int, column: str, value: str) -> None:
        owner.execute(f'UPDATE {self.table} SET "{column}" = {value} WHERE "{self.pk}" = {number}'.encode())


def found_in(table: str):
    with psycopg.connect(servers.backup_dsn(CLONE), autocommit=True) as reading:
        return verifier.verify(reading, tables=[table])


def fill(owner: psycopg.Connection, one: Columns) -> None:
    """A row for each alteration; of two that are exchanged one has other values."""
    many = len(one.names)
    one.insert(owner, range(1, 2 * many + 3))
    one.insert(owner, range(2 * many + 3, 2 * many + 4), 1)
    one.insert(owner, range(2 * many + 4, 2 * many + 6))


def alter(owner: psycopg.Connection, one: Columns) -> set[tuple[str, int, tuple[str, ...], str]]:
    """For each column a row with another value and one without any; besides one with another number, two that are
    exchanged, one that is put away, one that is put in, and the last one cut off. What must be found."""
    expected: set[tuple[str, int, tuple[str, ...], str]] = set()
    many = len(one.names)
    for place, (name, kind) in enumerate(zip(one.names, one.kinds, strict=True), start=1):
        one.set(owner, place, name, VALUES[kind][1])
        one.set(owner, many + place, name, "NULL")
        expected |= {(one.table, place, (name,), ALTERED), (one.table, many + place, (name,), ALTERED)}
    renumbered, this, that, deleted, last = range(2 * many + 1, 2 * many + 6)
    one.set(owner, renumbered, one.pk, str(renumbered + 10**6))
    one.set(owner, this, one.pk, "-1")
    one.set(owner, that, one.pk, str(this))
    one.set(owner, -1, one.pk, str(that))
    owner.execute(f'DELETE FROM {one.table} WHERE "{one.pk}" IN ({deleted}, {last})'.encode())
    one.insert(owner, range(-5, -4))
    expected |= {(one.table, number, (one.pk,), GONE) for number in (renumbered, deleted, last)}
    expected |= {(one.table, number, tuple(sorted(one.names)), ALTERED) for number in (this, that)}
    return expected | {(one.table, -5, (one.pk,), INSERTED)}


def test_every_column_of_every_sealed_table(clone):
    altered = 0
    with superuser(clone) as owner:
        tables = [Columns.of(owner, table) for table in sorted(MODELS)]
        for one in tables:
            fill(owner, one)
    sealing.seal(at=NOON)
    for one in tables:
        assert found_in(one.table).found == 0
        with superuser(clone) as owner:
            expected = alter(owner, one)
        found = {(table, pk, tuple(sorted(names)), why) for table, pk, names, why in told(found_in(one.table))}
        assert found == expected, one.table
        altered += len(expected)
    assert {one.table for one in tables} == SEALED
    print(f"{altered} alterations in {len(tables)} tables, {sum(len(one.names) for one in tables)} columns, all named")
