"""Which rows of a register or list its page shows, and which document opens next for whoever decides."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from claims.models import BulkDocument, BulkRow
from claims.rules import registers
from claims.selectors import bulk
from claims.selectors.bulk import Figures
from office.models import Lease, Person
from office.rules import days

#: By name: what rows are narrowed to.
NARROWED: Final[dict[str, dict[str, Any]]] = {
    "all": {},
    "faulty": {"state": BulkRow.State.FAULTY},
    "struck": {"state": BulkRow.State.STRUCK},
    "visits": {"kind__in": sorted(registers.VISITS)},
}


def kinds_of_rows(figures: Figures) -> dict[str, tuple[str, int]]:
    """By name what rows there are, in words, and how many; what no row is, is left out but all of them."""
    known = {
        "all": (_("all rows"), figures.rows),
        "faulty": (_("with faults"), figures.faulty),
        "struck": (_("struck out"), figures.struck),
        "visits": (pgettext("register", "visits"), figures.visits),
        "stays": (_("stays"), figures.stays),
    }
    shown = {name: one for name, one in known.items() if one[1] or name == "all"}
    return shown if figures.stays else {name: one for name, one in shown.items() if name != "visits"}


def rows(document: BulkDocument, chosen: str) -> QuerySet[BulkRow]:
    """The rows of a document's present version that are of such a kind."""
    found = bulk.rows_of(document).select_related("member__household__village", "disease", "claim", "struck_by")
    if chosen == "stays":
        return found.exclude(kind__in=[*registers.VISITS, ""])
    return found.filter(**NARROWED.get(chosen, {}))


def next_for(person: Person, at: datetime) -> int | None:
    """The document that waits longest for somebody's decision and that no colleague works on."""
    held = Lease.objects.held(at).filter(subject_type="claims.claimsround").exclude(holder=person)
    taken = {int(one) for one in held.values_list("subject_id", flat=True)}
    found = bulk.waiting_for(person, days.business_day(at)).exclude(pk__in=taken)
    number = found.values_list("subject_id", flat=True).first()
    return None if number is None else int(number)
