"""The trail of acts."""

from __future__ import annotations

from datetime import datetime

from django.db import models

from office.models import Person
from office.proof import Proof


def record(
    name: str,
    subject: models.Model | None,
    *,
    by: Person | None,
    at: datetime,
    reason: str = "",
    proof: Proof | None = None,
    **facts: object,
) -> None:
    """Say what was done."""


def refused(
    name: str, subject: models.Model | None, *, by: Person | None, at: datetime, reason: str, **facts: object
) -> None:
    """Say what was tried and refused."""
