"""What waits of the books: vouchers to check, vouchers that came back, months to close."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, time

from django.urls import reverse
from django.utils.translation import gettext_lazy

from funds.models import Book, Period, Voucher
from funds.rules import vouchers as rules
from funds.selectors import months
from funds.selectors import vouchers as selectors
from funds.services.months import ASK
from funds.services.vouchers import CHECK, MAKE
from office import desk
from office.models import Person
from office.rules import days, money

State = Voucher.State


def register() -> None:
    """Called once when the app is ready."""
    desk.register(
        desk.Worklist(
            name="funds.vouchers-to-check",
            title=gettext_lazy("Vouchers to check"),
            icon="circle-check",
            right=CHECK,
            url=lambda: reverse("office:worklist", args=["funds.vouchers-to-check"]),
            waiting=to_check,
            takes={Voucher: still_to_check},
        )
    )
    desk.register(
        desk.Worklist(
            name="funds.vouchers-back",
            title=gettext_lazy("Vouchers that were sent back"),
            icon="alert-triangle",
            right=MAKE,
            url=lambda: reverse("office:worklist", args=["funds.vouchers-back"]),
            waiting=came_back,
        )
    )
    desk.register(
        desk.Worklist(
            name="funds.months-to-close",
            title=gettext_lazy("Months to close"),
            icon="calendar",
            right=ASK,
            url=lambda: reverse("office:worklist", args=["funds.months-to-close"]),
            waiting=months_to_close,
        )
    )


def to_check(person: Person, look: desk.Look) -> desk.Waiting:
    """Vouchers that somebody else made."""
    return look.over(selectors.waiting().filter(state=State.NOTED).exclude(made_by=person), _lines)


def still_to_check(numbers: Collection[str]) -> list[desk.Item]:
    """Of some vouchers those that nobody has checked yet."""
    return desk.lines_with_subjects(list(selectors.waiting().filter(state=State.NOTED, pk__in=numbers)), _lines)


def came_back(person: Person, look: desk.Look) -> desk.Waiting:
    """The person's own vouchers that were sent back."""
    return look.over(selectors.waiting().filter(state=State.RETURNED, made_by=person), _lines)


def months_to_close(person: Person, look: desk.Look) -> desk.Waiting:
    """The first month of each set of books that is over and open."""
    items = []
    for book in Book.objects.order_by("pk"):
        for one in months.to_close(book, look.today)[:1]:
            page = reverse("funds:month_of", args=[book.code, f"{one.month:%Y-%m}"])
            since = datetime.combine(days.next_month(one.month), time.min, days.SHANGHAI)
            items.append(desk.Item(f"{book} {one.month:%Y-%m}", page, since, str(Period.State.OPEN.label)))
    return look.among(items)


def _lines(some: Sequence[Voucher]) -> list[desk.Item]:
    return [
        desk.Item(
            f"{one.book} {one} {one.get_kind_display()}",
            reverse("funds:voucher", args=[one.pk]),
            one.made_at,
            one.reason or money.shown(rules.totals(rules.lines_of(one.lines))[0]),
        )
        for one in some
    ]
