"""The doors of checking, and who may open each."""

from __future__ import annotations

from collections.abc import Callable

from django.utils import timezone

from claims.models import Claim, Flag, Limit, Verification
from claims.tests.deciding import DISCHARGED, Desk, provider
from claims.tests.doors_claims import SEES
from claims.tests.factories import adopted

