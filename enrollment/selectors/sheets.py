"""What stands on collection sheets: their sums, their entries, what is missing on them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Exists, Max, OuterRef, Q, Sum

from enrollment.models import (
    CollectionSheet,
    Contribution,
    Division,
    FundYear,
    Receipt,
    ReceiptBook,
    SheetEntry,
)


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


def standing_entries(sheet: CollectionSheet) -> list[SheetEntry]:
    """The entries of a sheet on which something stands, each with its people, sums and receipt."""
    stands = Q(contributions__void_reason="")
    return list(
        sheet.entries.select_related("household")
        .annotate(
            people=Count("contributions", filter=stands),
            own=Sum("contributions__own", filter=stands, default=Decimal(0)),
            assisted=Sum("contributions__assisted", filter=stands, default=Decimal(0)),
            collective=Sum("contributions__collective", filter=stands, default=Decimal(0)),
        )
        .filter(people__gt=0)
        .prefetch_related("receipts")
        .order_by("pk")
    )
