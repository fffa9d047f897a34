"""Every table of the house is sealed, tracked by a history that is sealed, or excused with its reason."""

from __future__ import annotations

import pytest
from django.apps import apps

from config import database
from office import history
from tests import test_kept

HOUSE = test_kept.HOUSE
MODELS = [model for model in apps.get_models() if model._meta.app_label in HOUSE and model._meta.managed]

#: Tables that are neither sealed nor tracked, beside those that keep nothing (tests/test_kept.py), and why.
EXCUSED = {
    "audit_seal": "the seals themselves: each is in the hash of the next, and signed",
    "audit_sealbatch": "its hashes are in the root of its seal",
    "audit_sealform": "its hash is before every row of its form, and in the root of its seal",
    "audit_sealkey": "each is introduced by the one before it; its fingerprint is in every seal and checkpoint",
    "claims_monthsum": "sums of what is sealed, looked up anew by verify_books",
    "enrollment_yearmove": "goes into the sums when its transaction ends",
    "enrollment_yearsum": "sums of what is tracked, looked up anew by verify_books",
    "funds_balance": "sums of what is sealed, looked up anew by verify_books",
}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_a_table_is_sealed_tracked_or_excused(model):
    table = model._meta.db_table
    ways = [table in database.SEALED, model in history.TRACKED.values(), table in EXCUSED or table in test_kept.EXCUSED]
    assert ways.count(True) == 1, f"{table}: {ways}"


@pytest.mark.parametrize("model", history.TRACKED.values(), ids=lambda model: model._meta.label)
def test_the_history_of_a_tracked_table_is_sealed(model):
    assert model.pgh_event_model._meta.db_table in database.SEALED


def test_no_excuse_for_a_table_that_is_gone():
    assert set(EXCUSED) <= {model._meta.db_table for model in MODELS}


def test_nobody_but_the_sealer_writes_seals():
    for table in database.BY_SEALER:
        assert database.run_time_rights(table) == "SELECT"


def test_the_sealer_writes_nothing_but_seals():
    tables = {model._meta.db_table for model in MODELS} - database.BY_SEALER.keys()
    assert {database.sealer_rights(table) for table in tables} == {"SELECT", ""}
    assert "DELETE" not in "".join(database.BY_SEALER.values())
