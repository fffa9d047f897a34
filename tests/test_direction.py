"""The arrows that imports do not show: foreign keys, names by text, and templates' folders.

People and money flow enrollment -> claims -> funds -> audit; code points the other way (docs/architecture.md).
"""

from __future__ import annotations

import ast
import graphlib
from pathlib import Path

import grimp
import pytest
from django.apps import apps
from django.db import models

ORDER = ("office", "enrollment", "claims", "funds", "audit", "demo", "config")
CHECKOUT = Path(__file__).resolve().parent.parent
SOURCES = [path for app in ORDER for path in sorted((CHECKOUT / app).rglob("*.py")) if "migrations" not in path.parts]


def relations():
    for model in apps.get_models():
        app = model._meta.app_label
        if app in ORDER and not hasattr(model, "pgh_tracked_model"):  # history rows point without binding
            for field in model._meta.get_fields():
                if isinstance(field, models.ForeignKey | models.ManyToManyField):
                    yield pytest.param(model, field, id=f"{model._meta.label}.{field.name}")


RELATIONS = list(relations())


@pytest.mark.parametrize(("model", "field"), RELATIONS)
def test_a_relation_points_with_the_arrows_and_leaves_no_name_behind(model, field):
    target = field.related_model._meta.app_label
    if target not in ORDER:
        return  # Django's own
    assert ORDER.index(target) <= ORDER.index(model._meta.app_label)
    if target != model._meta.app_label:
        assert field.remote_field.related_name == "+"


@pytest.mark.parametrize(("model", "field"), RELATIONS)
def test_nothing_is_deleted_along_a_relation(model, field):
    if isinstance(field, models.ForeignKey):
        assert field.remote_field.on_delete is models.PROTECT


def calls(path: Path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield node


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(CHECKOUT)))
def test_no_module_reaches_a_model_by_its_name(path):
    for call in calls(path):
        name = getattr(call.func, "attr", getattr(call.func, "id", ""))
        assert name not in {"get_model", "GenericForeignKey", "GenericRelation"}, f"{path}:{call.lineno}"
        if name in {"ForeignKey", "OneToOneField", "ManyToManyField"} and call.args:
            named = isinstance(call.args[0], ast.Constant) and call.args[0].value != "self"
            assert not named, f"{path}:{call.lineno} names its model as text"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(CHECKOUT)))
def test_no_module_hears_of_a_change_behind_its_back(path):
    """No signals of models: what follows from an act stands in the service."""
    imported = {
        alias.name
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module == "django.db.models.signals"
        for alias in node.names
    }
    assert not imported


def test_every_app_keeps_its_templates_in_its_own_folder():
    for folder in (CHECKOUT / "templates").iterdir():
        if folder.is_dir():
            assert folder.name in {*ORDER, "components"}


def test_no_module_comes_back_to_itself_by_what_it_imports():
    """Not even by what only types need: a circle says that two modules are one, or that a third one is missing."""
    graph = grimp.build_graph(*ORDER, cache_dir=None)
    inner = {one for one in graph.modules if not {"tests", "migrations"} & set(one.split("."))}
    asks = {one: graph.find_modules_directly_imported_by(one) & inner for one in inner}
    assert list(graphlib.TopologicalSorter(asks).static_order())  # raises CycleError, which names the circle
