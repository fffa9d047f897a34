"""`manage.py migrate` renders the models once and lets them grow: they are what Django would render anew."""

from __future__ import annotations

import inspect
from collections import Counter
from typing import Any

from django.db import connections, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import AddField, AlterField, CreateModel, RunPython, RunSQL
from django.db.migrations.state import ProjectState, StateApps

from config.management.commands import migrate

APPS = {"office", "enrollment", "claims", "funds", "audit", "demo"}


def told(apps: StateApps) -> dict[str, Any]:
    """What of every model a step of a migration may look at."""
    connection = connections["default"]
    return {
        model._meta.label: (
            model._meta.db_table,
            [(one.name, one.column, one.db_type(connection), one.is_relation) for one in model._meta.local_fields],
            [one.name for one in model._meta.local_many_to_many],
            sorted((one.name, one.related_model._meta.label) for one in model._meta.related_objects),
            [base.__name__ for base in model.__bases__],
        )
        for model in apps.get_models(include_auto_created=True)
    }


def test_grown_models_are_as_rendered_anew():
    loader = MigrationLoader(None)
    state = ProjectState(real_apps=loader.unmigrated_apps)
    assert state.apps.get_models() is not None  # as before the first step
    taken: Counter[str] = Counter()
    grew = 0
    plan = [key for key in loader.graph.nodes if loader.graph.node_map[key].children == set()]
    for key in loader.graph._generate_plan(sorted(plan), at_end=True):
        for step in migrate.together(loader.graph.nodes[key].operations):
            before = state.__dict__.get("apps")
            step.state_forwards(key[0], state)
            if isinstance(step, migrate.Together):
                taken.update(type(one).__name__ for one in step.steps)
                assert (before is None) == ("apps" not in state.__dict__)
                grew += before is not None
            assert state.apps  # the next step finds them rendered
    grown = told(state.apps)
    assert grown == told(StateApps(state.real_apps, state.models))
    assert len(grown) > 200
    assert grew > 100
    assert {"CreateModel", "AddField", "AddConstraint", "AddIndex", "AddTrigger"} <= set(taken)


def test_a_step_that_needs_whole_models_finds_them_anew():
    number = AddField("thing", "number", models.IntegerField(default=0))
    made = CreateModel("Thing", [("id", models.AutoField(primary_key=True))])
    beside = RunSQL("SELECT 1", state_operations=[number])
    kinds = [type(one) for one in migrate.together([made, RunSQL("SELECT 1"), beside, number])]
    assert kinds == [migrate.Together, migrate.Together, migrate.Anew, RunSQL, migrate.Together]


def test_between_djangos_own_steps_models_change_as_django_changes_them():
    number = AlterField("thing", "number", models.IntegerField(default=1))
    kinds = [type(one) for one in migrate.together([number, RunSQL("SELECT 1"), number, number])]
    assert kinds == [migrate.Anew, AlterField, migrate.Together, migrate.Anew, AlterField, AlterField]


def test_what_comes_with_a_package_is_migrated_before_there_are_models_of_the_office():
    plan = migrate.Executor(None).migration_plan(MigrationLoader(None).graph.leaf_nodes(), clean_start=True)
    own = [migration.app_label in APPS for migration, _backwards in plan]
    assert own == sorted(own)
    assert {migration.app_label for migration, _backwards in plan} > APPS


def test_steps_of_data_work_as_the_owner():
    """On an empty server the run-time role has no right yet to what a migration reads or writes."""
    steps = {
        f"{migration}: {step.code.__name__}": inspect.getsource(step.code)
        for migration in MigrationLoader(None).graph.nodes.values()
        for step in migration.operations
        if isinstance(step, RunPython) and step.code.__module__.split(".")[0] in APPS
    }
    assert steps
    assert [name for name, code in steps.items() if "schema_editor.connection" not in code] == []


def test_an_old_model_that_points_at_a_new_one_is_rendered_anew():
    """A model that is rendered later stands in another register than the older one looks in."""
    number = ("id", models.AutoField(primary_key=True))
    state = ProjectState()
    for step in (CreateModel("Old", [number]), CreateModel("New", [number])):
        migrate.Together([step]).state_forwards("office", state)
        assert state.apps
        state = state.clone()  # as each step of a migration gets it
    new = "office.New"  # by its name, as a migration says it
    points = models.ForeignKey(new, models.PROTECT, null=True)
    migrate.Together([AddField("Old", "new", points)]).state_forwards("office", state)
    assert "apps" not in state.__dict__
    field = state.apps.all_models["office"]["old"]._meta.get_field("new")
    assert field.related_model is state.apps.all_models["office"]["new"]
