"""Fixtures of the tests of auditing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import translation

from audit.tests.world import World


@pytest.fixture
def world(appoint) -> World:
    """An office with insured people."""
    return World.of(appoint)


@pytest.fixture
def in_english() -> Iterator[None]:
    """Sentences as they stand in the code."""
    with translation.override("en"):
        yield
