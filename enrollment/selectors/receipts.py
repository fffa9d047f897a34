"""What became of the receipts of a book: used, void, left, missing; and which number comes next."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import F, Max
from django.db.models.expressions import Window
from django.db.models.functions import Lag

from enrollment.models import ReceiptBook
from enrollment.rules.receipts import Run

SHOWN = 5


def next_of(book: ReceiptBook) -> int | None:
    """The number after the highest that is recorded; None where the book is used up."""
    highest = book.receipts.aggregate(highest=Max("serial"))["highest"]
    following = book.first if highest is None else highest + 1
    return following if following <= book.kept_last else None


def missing_of(book: ReceiptBook) -> list[Run]:
    """Numbers below the highest recorded one that are neither used nor void; only a roster leaves such."""
    placed = book.receipts.order_by().annotate(
        before=Window(Lag("serial", default=book.first - 1), order_by=F("serial").asc())
    )
    gaps = placed.filter(serial__gt=F("before") + 1).values_list("before", "serial").order_by("serial")
    return [Run(before + 1, serial - 1) for before, serial in gaps]


def words_of(book: ReceiptBook, missing: Sequence[Run]) -> str:
    """Runs of numbers as people write them, a few of them."""
    said = [
        book.number_of(run.first) if run.count == 1 else f"{book.number_of(run.first)}–{book.number_of(run.last)}"
        for run in missing[:SHOWN]
    ]
    return "、".join(said) + ("…" if len(missing) > SHOWN else "")
