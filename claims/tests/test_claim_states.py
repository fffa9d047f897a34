"""The drawing of a claim's states is that of the table of moves."""

from __future__ import annotations

from pathlib import Path

import pytest

from claims.models import Claim
from claims.states import drawing

pytestmark = pytest.mark.rules

DRAWING = Path(__file__).resolve().parents[2] / "docs" / "rules" / "claim-states.md"


def test_the_drawing_is_of_today():
    """Write it anew with `manage.py draw_claim_states`."""
    assert DRAWING.read_text(encoding="utf-8") == drawing()


def test_every_state_can_be_reached_and_ends_somewhere():
    states = {state.value for state in Claim.State}
    assert {after for _before, after in Claim.MOVES} == states
    ends = states - {before for before, _after in Claim.MOVES}
    assert ends == {"void", "reversed"}
    assert ends | {"refused"} == set(Claim.ENDED_WITHOUT)  # a refused one comes back when its appeal is granted
