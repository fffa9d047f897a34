"""The lists of providers, of catalogues with their entries, of diseases and their lists."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from claims import plan_words
from claims.forms.providers import TIERS
from claims.models import Catalogue, CatalogueEntry, Disease, ListedDisease, Provider
from office import words
from office.pages.columns import Fragment
from office.rules import money

WHOLE = {"td": {"class": "text-nowrap"}}
FIGURE = {"th": {"class": "num"}, "td": {"class": "num"}}


class ProviderTable(tables.Table):
    """Providers, each with `schemes`: those that it is designated for today."""

    name = tables.Column(linkify=("claims:provider", [tables.A("pk")]))
    tier = tables.Column(attrs=WHOLE)
    level = tables.Column(attrs=WHOLE)
    region = tables.Column(attrs=WHOLE)
    division = tables.Column(orderable=False)
    schemes = tables.Column(verbose_name=_("designated today for"), orderable=False)
    phone = tables.Column(orderable=False, attrs=WHOLE)
    state = Fragment("claims/_provider_state.html", verbose_name=_("state"), orderable=False)

    class Meta:
        model = Provider
        fields = ("name", "code", "state", "level", "tier", "region", "division", "schemes", "phone")
        empty_text = _("No provider like that is known.")

    def render_tier(self, value: int) -> str:
        return str(dict(TIERS)[value])

    def value_state(self, record: Provider) -> str:
        return record.closed_on.isoformat() if record.closed_on else ""


class CatalogueTable(tables.Table):
    """Editions of catalogues."""

    scheme = tables.Column(attrs=WHOLE)
    kind = tables.Column(linkify=("claims:catalogue", [tables.A("pk")]), attrs=WHOLE)
    period = tables.Column(attrs=WHOLE)
    entries_count = tables.Column(attrs=FIGURE)
    imported_by = tables.Column(accessor="imported_by__full_name", verbose_name=_("imported by"), orderable=False)
    imported_at = tables.DateTimeColumn(format="Y-m-d H:i", verbose_name=_("imported at"), attrs=WHOLE)

    class Meta:
        model = Catalogue
        fields = ("scheme", "kind", "period", "entries_count", "document", "file_name", "imported_by", "imported_at")
        empty_text = _("No catalogue was taken in yet.")

    def render_period(self, value: Any) -> str:
        return words.period(value)

    def value_period(self, record: Catalogue) -> str:
        return words.period(record.period)

    def render_entries_count(self, value: int) -> str:
        return f"{value:,}"


class CatalogueEntryTable(tables.Table):
    """Entries of an edition."""

    code = tables.Column(attrs=WHOLE)
    item_class = tables.Column(attrs=WHOLE)
    group = tables.Column(attrs=WHOLE)
    price_limit = tables.Column(verbose_name=_("price limit, yuan"), attrs=FIGURE)
    note = tables.Column(orderable=False)

    class Meta:
        model = CatalogueEntry
        fields = ("code", "name", "item_class", "group", "unit", "price_limit", "note")
        empty_text = _("The edition has nothing like that.")

    def render_group(self, value: str) -> str:
        return plan_words.word(plan_words.GROUPS, value)

    def value_group(self, record: CatalogueEntry) -> str:
        return plan_words.word(plan_words.GROUPS, record.group)

    def render_price_limit(self, value: Any) -> str:
        return money.shown(value)


class DiseaseTable(tables.Table):
    """Diseases."""

    code = tables.Column(attrs=WHOLE)
    is_used = tables.BooleanColumn(yesno=(_("yes"), _("no")))

    class Meta:
        model = Disease
        fields = ("code", "name", "is_used")
        empty_text = _("No disease like that is known.")

    def render_is_used(self, value: bool) -> str:  # noqa: FBT001  as the table calls it
        return str(_("yes") if value else _("no"))


class ListedDiseaseTable(tables.Table):
    """Diseases on lists."""

    kind = tables.Column(attrs=WHOLE)
    code = tables.Column(accessor="disease__code", verbose_name=_("code"), attrs=WHOLE)
    disease = tables.Column(accessor="disease__name", verbose_name=_("disease"))
    price = tables.Column(verbose_name=_("price, yuan"), attrs=FIGURE)
    period = tables.Column(attrs=WHOLE)
    scheme = tables.Column(attrs=WHOLE)
    ways = Fragment(
        "claims/_listing_ways.html", verbose_name="", orderable=False, exclude_from_export=True, attrs=WHOLE
    )

    class Meta:
        model = ListedDisease
        fields = ("kind", "code", "disease", "group", "price", "scheme", "period", "document", "ways")
        empty_text = _("No disease like that is on a list.")

    def render_price(self, value: Any) -> str:
        return money.shown(value)

    def render_period(self, value: Any) -> str:
        return words.period(value)

    def value_period(self, record: ListedDisease) -> str:
        return words.period(record.period)
