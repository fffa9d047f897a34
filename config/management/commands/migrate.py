"""`manage.py migrate`: as Django's own, but as the owner of the tables, and with the rights given out afterwards.

Steps of one kind that follow each other are taken together: Django renders the models anew for every single one of
them, which took nine tenths of the time of making a database.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from django.core.management.base import CommandParser
from django.core.management.commands import migrate
from django.db import connections
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations import AddConstraint, AddField, AddIndex, CreateModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger

from config import database

#: Steps of which one needs nothing that another of its kind does.
SIDE_BY_SIDE = (CreateModel, AddField, AddIndex, AddConstraint, AddTrigger)


class Together(Operation):
    """Steps of one kind of which each sees the models as they are after the last one."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, steps: Sequence[Operation]) -> None:
        self.steps = steps

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        state.__dict__.pop("apps", None)  # rendered once, when somebody asks
        for step in self.steps:
            step.state_forwards(app_label, state)

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for step in self.steps:
            step.database_forwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return "; ".join(step.describe() for step in self.steps)


def together(steps: Iterable[Operation]) -> list[Operation]:
    """The steps of a migration, those that can be taken together in one."""
    found: list[Operation] = []
    for kind, run in groupby(steps, key=type):
        some = list(run)
        found += [Together(some)] if kind in SIDE_BY_SIDE and len(some) > 1 else some
    return found


class Executor(MigrationExecutor):
    """Applies migrations whose steps are taken together; backwards they go one by one as always."""

    def apply_migration(self, state: ProjectState, migration: Any, *args: Any, **more: Any) -> ProjectState:
        migration.operations = together(migration.operations)
        return super().apply_migration(state, migration, *args, **more)


migrate.MigrationExecutor = Executor  # type: ignore[attr-defined]  # the one that Django's command takes


class Command(migrate.Command):
    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(database="owner")

    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        if options["database"] == "owner" and not (options["plan"] or options["check_unapplied"]):
            owner = connections["owner"]
            owner.ensure_connection()
            database.grant_rights(owner.connection)
