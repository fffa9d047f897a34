"""What the tests of the audit share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import translation

from audit.rules import signing
from audit.tests.world import World


@pytest.fixture(autouse=True)
def _own_seals(settings, tmp_path) -> None:
    """A key and a folder of checkpoints of their own."""
    key = tmp_path / "seal-key"
    key.touch(mode=0o600)
    key.write_text(signing.written(signing.made()))
    settings.SEAL_KEY_FILE = key
    settings.SEAL_CHECKPOINTS = tmp_path / "checkpoints"
    settings.SEAL_CHECKPOINTS.mkdir()


@pytest.fixture
def world(appoint) -> World:
    """An office with insured people."""
    return World.of(appoint)


@pytest.fixture
def in_english() -> Iterator[None]:
    """Sentences as they stand in the code."""
    with translation.override("en"):
        yield
