"""The acts of auditing by name, as the trail's pages say them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit import seal_words

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

ACTS: dict[str, StrPromise] = {**seal_words.ACTS}
