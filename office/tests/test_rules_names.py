"""Names for signing in."""

from __future__ import annotations

import pytest

from office.rules import names

pytestmark = pytest.mark.rules


@pytest.mark.parametrize("name", ["ada", "ma.xiaolan", "station-2", "7", "a" * 60])
def test_names_that_may_be(name):
    assert names.is_user_name(name)


@pytest.mark.parametrize("name", ["", "Ada", "a da", "ada\n", "马", "a_b", "é", "٣", "a" * 61])
def test_names_that_may_not_be(name):
    assert not names.is_user_name(name)
