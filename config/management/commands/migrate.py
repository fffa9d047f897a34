"""`manage.py migrate`: as Django's own, but as the owner of the tables, and with the rights given out afterwards.

Django renders every model anew for each single step, which was nine tenths of the time of making a database. Here the
rendered models grow with the steps that only add to them, and are rendered anew before a step that needs more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management.base import CommandParser
from django.core.management.commands import migrate
from django.db import connections
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations import (
    AddConstraint,
    AddField,
    AddIndex,
    CreateModel,
    RemoveConstraint,
    RunSQL,
)
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState, StateApps
from pgtrigger.migrations import AddTrigger, RemoveTrigger

from config import database
from config.embedded.place import CHECKOUT

#: What changes neither a model nor a field: it is written with the models as they are.
BESIDE_MODELS = (AddIndex, AddConstraint, AddTrigger, RemoveConstraint, RemoveTrigger)


def _kind(step: Operation) -> type[Operation] | None:
    """Steps of one kind are taken together: none of them needs what another of the run does."""
    if type(step) in BESIDE_MODELS:
        return AddConstraint
    if isinstance(step, RunSQL):
        return None if step.state_operations else RunSQL
    return type(step) if type(step) in (CreateModel, AddField) else None


class Together(Operation):
    """Steps of one kind that follow each other; what is rendered grows by what they add."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, steps: Sequence[Operation]) -> None:
        self.steps = steps

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        rendered: StateApps | None = state.__dict__.pop("apps", None)
        for step in self.steps:
            step.state_forwards(app_label, state)
        if rendered is not None:
            self._grow(app_label, state, rendered)

    def _grow(self, app_label: str, state: ProjectState, rendered: StateApps) -> None:
        created = [step for step in self.steps if isinstance(step, CreateModel)]
        rendered.render_multiple([state.models[app_label, step.name_lower] for step in created])
        for step in self.steps:
            if isinstance(step, AddField):
                field: Any = state.models[app_label, step.model_name_lower].fields[step.name].clone()
                rendered.all_models[app_label][step.model_name_lower].add_to_class(step.name, field)
                if field.is_relation and isinstance(field.related_model, str):
                    return  # an old model points at a new one, which it does not find: all is rendered anew
        rendered.clear_cache()
        state.__dict__["apps"] = rendered

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for step in self.steps:
            step.database_forwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return "; ".join(step.describe() for step in self.steps)


class Anew(Operation):
    """The models are rendered anew when the next step asks for them: it may need what stands beside the fields. Steps
    that follow it change them as Django does."""

    reduces_to_sql = True
    reversible = True

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        state.__dict__.pop("apps", None)

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        pass

    def describe(self) -> str:
        return "Render the models anew"


def together(steps: Iterable[Operation]) -> list[Operation]:
    """The steps of a migration, those that can be taken together in one."""
    found: list[Operation] = []
    for kind, grouped in groupby(steps, key=_kind):
        run = list(grouped)
        found += [Together(run)] if kind else [Anew(), *run]
    return found


class Executor(MigrationExecutor):
    """Applies migrations whose steps are taken together; backwards they go one by one as always."""

    def migration_plan(self, targets: Iterable[tuple[str, Any]], *args: Any, **more: Any) -> Any:
        """What comes with a package goes first: many small steps, each of which would render all of the office's."""
        own = {app.label for app in apps.get_app_configs() if Path(app.path).parent == CHECKOUT}
        return super().migration_plan(sorted(targets, key=lambda target: target[0] in own), *args, **more)

    def apply_migration(self, state: ProjectState, migration: Any, *args: Any, **more: Any) -> ProjectState:
        migration.operations = together(migration.operations)
        return super().apply_migration(state, migration, *args, **more)

    def migrate(self, *args: Any, **more: Any) -> ProjectState:
        state = super().migrate(*args, **more)
        state.__dict__.pop("apps", None)  # who hears that all is migrated finds the models whole
        return state


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
