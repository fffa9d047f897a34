"""What the lists of providers, catalogues and diseases can be narrowed by."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from claims.forms.providers import TIERS
from claims.models import Agreement, Catalogue, CatalogueEntry, Disease, ListedDisease, Provider
from claims.plan_words import GROUPS
from enrollment.models import Scheme
from office.filters import YES_NO, day_field, search_field
from office.rules import days

STATES = [("open", pgettext_lazy("provider", "open")), ("closed", pgettext_lazy("provider", "closed"))]


def _called(found: Any, name: str, typed: str) -> Any:
    """Those with a code, a name or initials that begin so."""
    return found.called(typed)


class ProviderFilter(filters.FilterSet):
    """Providers, by what they are and for which scheme they are designated today."""

    words = filters.CharFilter(method=_called, label=_("name, code or initials"), widget=search_field())
    level = filters.ChoiceFilter(choices=Provider.Level.choices, label=pgettext_lazy("provider", "level"))
    tier = filters.ChoiceFilter(choices=TIERS, label=_("tier"))
    region = filters.ChoiceFilter(choices=Provider.Region.choices, label=pgettext_lazy("provider", "region"))
    scheme = filters.ModelChoiceFilter(
        method="designated", queryset=Scheme.objects.order_by("pk"), label=_("designated today for")
    )
    state = filters.ChoiceFilter(method="in_state", choices=STATES, label=_("state"))

    class Meta:
        model = Provider
        fields = ("words", "level", "tier", "region", "scheme", "state")

    def designated(self, found: QuerySet[Provider], name: str, scheme: Scheme) -> QuerySet[Provider]:
        """Those with an agreement in force today."""
        agreed = Agreement.objects.on(_today()).filter(scheme=scheme)
        return found.filter(pk__in=agreed.values("provider"))

    def in_state(self, found: QuerySet[Provider], name: str, state: str) -> QuerySet[Provider]:
        """Those that treat people today, or that do not any more."""
        is_open = Q(closed_on__isnull=True) | Q(closed_on__gt=_today())
        return found.filter(is_open if state == "open" else ~is_open)


class CatalogueFilter(filters.FilterSet):
    """Editions by scheme, kind and day."""

    document = filters.CharFilter(lookup_expr="icontains", label=_("by which paper"), widget=search_field())
    scheme = filters.ModelChoiceFilter(queryset=Scheme.objects.order_by("pk"), label=_("scheme"))
    kind = filters.ChoiceFilter(choices=Catalogue.Kind.choices, label=_("kind"))
    on = filters.DateFilter(field_name="period", lookup_expr="contains", label=_("in force on"), widget=day_field())

    class Meta:
        model = Catalogue
        fields = ("document", "scheme", "kind", "on")


class CatalogueEntryFilter(filters.FilterSet):
    """Entries of an edition."""

    words = filters.CharFilter(method=_called, label=_("name, code or initials"), widget=search_field())
    item_class = filters.ChoiceFilter(choices=CatalogueEntry.Class.choices, label=_("class"))
    group = filters.ChoiceFilter(choices=list(GROUPS.items()), label=_("item group"))

    class Meta:
        model = CatalogueEntry
        fields = ("words", "item_class", "group")


class DiseaseFilter(filters.FilterSet):
    """Diseases by code, name or initials."""

    words = filters.CharFilter(method=_called, label=_("name, code or initials"), widget=search_field())
    used = filters.ChoiceFilter(field_name="is_used", choices=YES_NO, label=_("in use"))

    class Meta:
        model = Disease
        fields = ("words", "used")


class ListedDiseaseFilter(filters.FilterSet):
    """Lists of diseases, as they stand on a day."""

    words = filters.CharFilter(method="of_disease", label=_("name, code or initials"), widget=search_field())
    scheme = filters.ModelChoiceFilter(queryset=Scheme.objects.order_by("pk"), label=_("scheme"))
    kind = filters.ChoiceFilter(choices=ListedDisease.Kind.choices, label=_("disease list"))
    on = filters.DateFilter(field_name="period", lookup_expr="contains", label=_("on the list on"), widget=day_field())

    class Meta:
        model = ListedDisease
        fields = ("words", "scheme", "kind", "on")

    def of_disease(self, found: QuerySet[ListedDisease], name: str, typed: str) -> QuerySet[ListedDisease]:
        """Those of a disease that is called so."""
        return found.filter(disease__in=Disease.objects.called(typed).values("pk"))


def _today() -> date:
    return days.business_day(timezone.now())
