"""What the register has waiting: receipts that were issued and that nobody has received."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy

from enrollment.models import ReceiptBook
from enrollment.services import receipts
from office import desk
from office.models import Person

STATE = ReceiptBook.State.ISSUED


def register() -> None:
    """Called once when the app is ready."""
    desk.register(
        desk.Worklist(
            name="enrollment.receipts",
            title=gettext_lazy("Receipts to receive"),
            icon="inbox",
            right=receipts.RECEIVE,
            url=lambda: f"{reverse('enrollment:receipt_books')}?state={STATE}",
            waiting=to_receive,
            takes={ReceiptBook: still_to_receive},
        )
    )


def to_receive(person: Person, look: desk.Look) -> desk.Waiting:
    """Receipts that a township was issued, for its clerks."""
    found = ReceiptBook.objects.visible_to(person, receipts.RECEIVE).filter(state=STATE)
    return look.over(found.select_related("township", "issued_by").order_by("issued_at", "pk"), _lines)


def still_to_receive(numbers: Collection[str]) -> list[desk.Item]:
    """Of some books those that nobody has received yet."""
    found = ReceiptBook.objects.filter(state=STATE, pk__in=numbers).select_related("township", "issued_by")
    return desk.lines_with_subjects(list(found), _lines)


def _lines(books: Sequence[ReceiptBook]) -> list[desk.Item]:
    return [
        desk.Item(
            f"{one.township} {one}",
            reverse("enrollment:receipt_book", args=[one.pk]),
            one.issued_at,
            one.issued_by.full_name,
        )
        for one in books
    ]
