"""What became of the receipts of a book: used, void, left, missing; and which number comes next."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count, F, Max, OuterRef, Q, QuerySet
from django.db.models.expressions import Window
from django.db.models.functions import Coalesce, Lag

from enrollment.models import CollectionSheet, Receipt, ReceiptBook
from enrollment.rules.receipts import Run
from enrollment.selectors.search import head_of

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


def with_counts(books: QuerySet[ReceiptBook]) -> QuerySet[ReceiptBook]:
    """Books with `issued`, `used`, `void`, `missing`, `left` and `returned`: the last five count every number once."""
    counted = books.annotate(
        issued=F("last") - F("first") + 1,
        used=Count("receipts", filter=Q(receipts__state=Receipt.State.USED)),
        void=Count("receipts", filter=Q(receipts__state=Receipt.State.VOID)),
        reached=Coalesce(Max("receipts__serial"), F("first") - 1),
        returned=F("last") - F("kept_last"),
    )
    return counted.annotate(
        missing=F("reached") - F("first") + 1 - F("used") - F("void"), left=F("kept_last") - F("reached")
    )


def told(found: QuerySet[Receipt]) -> QuerySet[Receipt]:
    """Receipts with all that stands on their paper; `head_name` names the household's head, None without one."""
    places = ("book__township", "entry__household__village__parent", "entry__sheet", "written_by")
    return found.select_related(*places).annotate(head_name=head_of(OuterRef("entry__household")))


def of_sheet(sheet: CollectionSheet, *, printed_too: bool) -> QuerySet[Receipt]:
    """A sheet's receipts that were used, in the order of their numbers: all, or those that were never printed."""
    found = told(Receipt.objects.used().filter(entry__sheet=sheet))
    return (found if printed_too else found.filter(printed=0)).order_by("book", "serial")


def words_of(book: ReceiptBook, missing: Sequence[Run]) -> str:
    """Runs of numbers as people write them, a few of them."""
    said = [
        book.number_of(run.first) if run.count == 1 else f"{book.number_of(run.first)}–{book.number_of(run.last)}"
        for run in missing[:SHOWN]
    ]
    return "、".join(said) + ("…" if len(missing) > SHOWN else "")
