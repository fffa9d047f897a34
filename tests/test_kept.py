"""Every table of the house keeps what was: only added to, or with every earlier state, or excused with its reason."""

from __future__ import annotations

import pytest
from django.apps import apps

from config import database
from office import history

HOUSE = {"office", "enrollment", "claims", "funds", "audit", "demo"}

#: Tables that keep no history, and why.
EXCUSED = {
    "audit_sealprogress": "how far the sealing came; never goes back, by a guard; what is sealed stands in the seals",
    "audit_sealingstate": "what the last run of the sealing came to; proves nothing",
    "claims_cut": "stays as it was made; whether it counts is settled while its round is open, by a guard",
    "claims_invoice": "stays as it was entered and is freed once, by a guard; why stands in the trail",
    "funds_matchedentry": "stays as it was made and is freed once with its match, by a guard; why stands in the match",
    "funds_matchedline": "stays as it was made and is freed once with its match, by a guard; why stands in the match",
    "enrollment_account": "its balance is that of its newest entry, which is only added to",
    "funds_paymentitem": "lives and ends with its payment, by a guard; payments are tracked",
    "office_dutyexclusion": "written by migrations alone",
    "office_statemove": "written by migrations alone",
    "office_formuse": "helps the work: which form was sent already; taken away when it is old",
    "office_job": "progress of work, moved by its own table of moves; what it did stands in the trail",
    "office_lease": "begins and ends once, held by a trigger; both are acts",
    "office_signin": "begins and ends once; both are acts",
    "demo_demosignin": "of the demo alone",
}

MODELS = [
    model
    for model in apps.get_models()
    if model._meta.app_label in HOUSE and model._meta.managed and not model.__name__.endswith("Event")
]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_a_table_is_kept_in_one_way(model):
    table = model._meta.db_table
    ways = [
        table in database.APPEND_ONLY | database.BY_FUNCTION | (database.BY_SEALER.keys() - EXCUSED.keys()),
        model in history.TRACKED.values(),
        table in EXCUSED,
    ]
    assert ways.count(True) == 1, f"{table}: {ways}"


def test_no_excuse_for_a_table_that_is_gone():
    assert set(EXCUSED) <= {model._meta.db_table for model in MODELS}
