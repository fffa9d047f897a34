"""How the signs at one claim come together."""

from __future__ import annotations

import pytest

from audit.rules import ranking

pytestmark = pytest.mark.rules


@pytest.mark.parametrize(
    ("scores", "rank"),
    [
        pytest.param([], 0, id="nothing"),
        pytest.param([("a", 60)], 6000, id="one"),
        pytest.param([("a", 60), ("b", 50)], 8000, id="two of different screens"),
        pytest.param([("a", 60), ("a", 50)], 6000, id="two of one screen"),
        pytest.param([("a", 90), ("b", 90), ("c", 90)], 9990, id="three strong ones"),
        pytest.param([("a", 100), ("b", 5)], 10000, id="never above the whole"),
    ],
)
def test_signs_come_together(scores, rank):
    assert ranking.together(scores) == rank
