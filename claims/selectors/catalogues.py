"""Finding drugs and services in the editions that are in force."""

from __future__ import annotations

from datetime import date

from claims.models import Catalogue, CatalogueEntry
from claims.models.searching import likeliest
from enrollment.models import Scheme


def find_entries(text: str, scheme: Scheme, day: date) -> list[CatalogueEntry]:
    """The drugs and services of a scheme on a day that a clerk means by a code, a name or initials, the likeliest
    first; at most twenty."""
    editions = Catalogue.objects.on(day).filter(scheme=scheme)
    return list(likeliest(CatalogueEntry.objects.called(text).filter(catalogue__in=editions), text))
