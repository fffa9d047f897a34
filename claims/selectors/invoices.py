"""What invoices serve already: a living claim here, or one that was paid before this system began."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from django.db.models import CharField, Value

from claims.models import Invoice, UsedInvoice

#: Type code, number, year: what makes it one and the same invoice.
Key = tuple[str, str, int]


class Taken(NamedTuple):
    """An invoice that serves a claim here; or, with `state` empty, was paid before this system began: `claim` is then
    what is known of it, `day` the day as of which it was brought along."""

    type_code: str
    number: str
    year: int
    claim: str
    name: str
    day: date
    state: str


def taken(keys: Collection[Key], *, but: int | None) -> list[Taken]:
    """Those of some invoices that serve something, in one question; `but` is the number of a claim that is being
    changed."""
    of = {"type_code__in": {key[0] for key in keys}, "number__in": {key[1] for key in keys}}
    key = ("type_code", "number", "year")
    serving = Invoice.objects.filter(is_live=True, **of).exclude(claim=but).order_by()
    here = serving.values_list(*key, "claim__number", "claim__member__name", "claim__entered_on", "claim__state")
    nobody = Value("", output_field=CharField())
    earlier = UsedInvoice.objects.filter(**of).order_by()
    before = earlier.values_list(*key, "words", nobody, "protocol__as_of", nobody)
    found = (Taken(*row) for row in here.union(before, all=True))
    return sorted(one for one in found if one[:3] in keys)
