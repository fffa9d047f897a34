"""All screens together: each runs over an office without claims, and is told of in both languages."""

from __future__ import annotations

import pytest

from audit.screens.registry import SCREENS
from audit.tests.screening import hits

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("code", SCREENS)
def test_a_screen_finds_nothing_where_nothing_is(code):
    assert hits(code) == []
