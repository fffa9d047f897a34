"""The acts of auditing by name, as the trail's pages say them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit import lead_acts

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

ACTS: dict[str, StrPromise] = {**lead_acts.ACTS}
