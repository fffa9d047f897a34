"""What stands on collection sheets: their sums, their entries, what is missing on them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, DecimalField, Exists, F, IntegerField, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from enrollment.models import (
    CollectionSheet,
    Contribution,
    Division,
    FundYear,
    Receipt,
    ReceiptBook,
    SheetEntry,
)
from enrollment.selectors.search import head_of


@dataclass(frozen=True)
class Sums:
    """What stands on a sheet: households, people, and yuan by who paid."""

    households: int
    people: int
    cash: Decimal
    assisted: Decimal
    collective: Decimal
    last_paid_on: date

    @property
    def amount(self) -> Decimal:
        return self.cash + self.assisted + self.collective


def next_number(fund_year: FundYear, village: Division) -> str:
    """The number of a village's next sheet, such as NCMS2010-100201-003; under the village's lock."""
    before = CollectionSheet.objects.filter(fund_year=fund_year, village=village).count()
    return f"{fund_year.scheme.code.upper()}{fund_year.year}-{village.code[6:]}-{before + 1:03d}"


def sums_of(sheet: CollectionSheet) -> Sums:
    """The sums of what stands on a sheet now."""
    found = Contribution.objects.filter(entry__sheet=sheet, void_reason="").aggregate(
        households=Count("entry__household", distinct=True),
        people=Count("pk"),
        cash=Sum("own", default=Decimal(0)),
        assisted=Sum("assisted", default=Decimal(0)),
        collective=Sum("collective", default=Decimal(0)),
        last_paid_on=Max("paid_on"),
    )
    return Sums(**{**found, "last_paid_on": found["last_paid_on"] or sheet.opened_on})


def without_receipt(sheet: CollectionSheet) -> list[SheetEntry]:
    """Entries whose household paid itself and has no receipt, where the township keeps a stock of receipts."""
    if (
        not ReceiptBook.objects.exclude(state=ReceiptBook.State.ISSUED)
        .filter(township=sheet.village.parent_id)
        .exists()
    ):
        return []
    receipt = Receipt.objects.used().filter(entry=OuterRef("pk"))
    paid = Contribution.objects.filter(entry=OuterRef("pk"), void_reason="", own__gt=0)
    found = sheet.entries.filter(Exists(paid), ~Exists(receipt)).select_related("household")
    return list(found.order_by("household__number"))


def entries_of(sheet: CollectionSheet) -> list[SheetEntry]:
    """The entries of a sheet in their order, each with `head_name`, `people`, its sums and its receipts.

    `people` is 0 where an entry was taken back.
    """
    stands = Q(contributions__void_reason="")
    return list(
        sheet.entries.select_related("household", "noted_by")
        .annotate(
            head_name=head_of(OuterRef("household")),
            people=Count("contributions", filter=stands),
            own=Sum("contributions__own", filter=stands, default=Decimal(0)),
            assisted=Sum("contributions__assisted", filter=stands, default=Decimal(0)),
            collective=Sum("contributions__collective", filter=stands, default=Decimal(0)),
        )
        .prefetch_related("receipts")
        .order_by("pk")
    )


def written_for(entries: Iterable[SheetEntry]) -> list[Receipt]:
    """The receipts that stand for entries as `entries_of` gives them, without those that are void."""
    return [one for entry in entries for one in entry.receipts.all() if one.state == Receipt.State.USED]


def with_sums(found: QuerySet[CollectionSheet]) -> QuerySet[CollectionSheet]:
    """Sheets with `said_households`, `said_people`, `said_cash`, `said_assisted` and `said_collective`.

    As they were fixed when the sheet was handed in; while it is open, of what stands on it.
    """
    stands = Contribution.objects.filter(entry__sheet=OuterRef("pk"), void_reason="").order_by().values("entry__sheet")

    def said(name: str, figure: Any, kind: Any) -> Coalesce:
        return Coalesce(F(name), Subquery(stands.annotate(figure=figure).values("figure")), 0, output_field=kind)

    number, yuan = IntegerField(), DecimalField(max_digits=14, decimal_places=2)
    return found.annotate(
        said_households=said("households", Count("entry__household", distinct=True), number),
        said_people=said("people", Count("pk"), number),
        said_cash=said("cash", Sum("own"), yuan),
        said_assisted=said("assisted", Sum("assisted"), yuan),
        said_collective=said("collective", Sum("collective"), yuan),
    )
