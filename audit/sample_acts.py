"""The acts of sampling by name, as the trail's pages say them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

ACTS_OF_SAMPLES: dict[str, StrPromise] = {
    "population.asked": _("asked for a population of a sample"),
    "population.fetched": _("fetched the rows of a population"),
    "population.frozen": _("froze a population"),
    "sample.concluded": _("concluded a sample"),
    "sample.drawn": _("drew the items of a sample"),
    "sample.given-up": _("gave a sample up"),
    "sample.picked": _("chose an item of a sample by judgement"),
    "sample.planned": _("planned a sample"),
    "sample.seeded": _("let the seed of a sample be drawn"),
    "sample-item.agreed": _("agreed to what was found of an item"),
    "sample-item.examined": _("examined an item of a sample"),
    "sample-item.sent-back": _("sent an item of a sample back"),
}
