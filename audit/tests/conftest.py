"""What the tests of the audit share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import translation


@pytest.fixture
def in_english() -> Iterator[None]:
    """Sentences in English."""
    with translation.override("en"):
        yield
