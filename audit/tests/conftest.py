"""What the tests of the audit share: a key and a folder of checkpoints of their own."""

from __future__ import annotations

import pytest

from audit.rules import signing


@pytest.fixture(autouse=True)
def _own_seals(settings, tmp_path) -> None:
    key = tmp_path / "seal-key"
    key.touch(mode=0o600)
    key.write_text(signing.written(signing.made()))
    settings.SEAL_KEY_FILE = key
    settings.SEAL_CHECKPOINTS = tmp_path / "checkpoints"
    settings.SEAL_CHECKPOINTS.mkdir()
