"""What invoices serve already: a living claim here, or one that was paid before this system began."""

from __future__ import annotations

from collections.abc import Collection

from claims.models import Invoice, UsedInvoice

#: Type code, number, year: what makes it one and the same invoice.
Key = tuple[str, str, int]


def serving(keys: Collection[Key], *, but: int | None) -> list[Invoice]:
    """The invoices of living claims that are among these; `but` is the number of a claim that is being changed."""
    found = Invoice.objects.filter(is_live=True, **_of(keys)).exclude(claim=but)
    return [one for one in found.select_related("claim__member") if (one.type_code, one.number, one.year) in keys]


def used_before(keys: Collection[Key]) -> list[UsedInvoice]:
    """Those that were paid before this system began."""
    found = UsedInvoice.objects.filter(**_of(keys)).select_related("protocol")
    return [one for one in found if (one.type_code, one.number, one.year) in keys]


def _of(keys: Collection[Key]) -> dict[str, set[str]]:
    return {"type_code__in": {key[0] for key in keys}, "number__in": {key[1] for key in keys}}
