"""The acts of auditing by name, as the trail's pages say them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.engagement_acts import ACTS_OF_ENGAGEMENTS
from audit.sample_acts import ACTS_OF_SAMPLES

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

ACTS: dict[str, StrPromise] = {**ACTS_OF_ENGAGEMENTS, **ACTS_OF_SAMPLES}
