"""What waits of money in: sheets to pay in, slips to check, refunds to pay, subsidies overdue, what to turn."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, time
from typing import Any

from django.db.models import Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from funds.models import Book, Period, Slip
from funds.selectors import money_in as selectors
from funds.services import closing_checks
from funds.services.slips import CHECK, NOTE
from office import desk
from office.models import Person
from office.rules import money
from office.rules.days import SHANGHAI, next_month


def register() -> None:
    """Called once when the app is ready."""
    desk.register(
        desk.Worklist(
            name="funds.slips",
            title=gettext_lazy("Slips of money in to check"),
            icon="circle-check",
            right=CHECK,
            url=lambda: reverse("office:worklist", args=["funds.slips"]),
            waiting=to_check,
            takes={Slip: still_to_check},
        )
    )
    desk.register(
        desk.Worklist(
            name="funds.to-bring-in",
            title=gettext_lazy("Sheets, refunds, subsidies and money received ahead"),
            icon="inbox",
            right=NOTE,
            url=lambda: reverse("office:worklist", args=["funds.to-bring-in"]),
            waiting=to_bring_in,
        )
    )
    closing_checks.register("slips", gettext_lazy("No slip of money in waits to be checked"), slips_that_wait)
    closing_checks.register(
        "ahead", gettext_lazy("What was received ahead of a year that has begun is its income"), ahead_that_waits
    )


def to_check(person: Person, look: desk.Look) -> desk.Waiting:
    """Slips that this person may check: nobody checks his own."""
    found = Slip.objects.waiting().exclude(state=Slip.State.NOTED, noted_by=person)
    found = found.exclude(state=Slip.State.BACK_ASKED, back_asked_by=person).select_related("book")
    waiting = look.over(found.order_by("noted_at", "pk"), _lines)
    return replace(waiting, amount=found.order_by().aggregate(all=Sum("amount"))["all"])


def still_to_check(numbers: Collection[str]) -> list[desk.Item]:
    """Of some slips those that wait still."""
    found = Slip.objects.waiting().filter(pk__in=numbers).select_related("book")
    return desk.lines_with_subjects(list(found), _lines)


def _lines(some: Sequence[Any]) -> list[desk.Item]:
    return [
        desk.Item(
            str(one), reverse("funds:slip", args=[one.pk]), one.noted_at, f"{one.book} · {money.shown(one.amount)}"
        )
        for one in some
    ]


def to_bring_in(person: Person, look: desk.Look) -> desk.Waiting:
    """What the accountant has to bring in, books by books."""
    return look.among([item for book in Book.objects.order_by("pk") for item in _of(book, look)])


def _of(book: Book, look: desk.Look) -> list[desk.Item]:
    items = []
    sheets = selectors.sheets_to_deposit(book)
    if sum_ := sheets.aggregate(all=Sum("cash"))["all"]:
        words = _("Sheets to pay in: %(book)s") % {"book": book}
        items.append(_item(words, reverse("funds:slip_deposit", args=[book.code]), look, money.shown(sum_)))
    if sum_ := selectors.refunds_to_pay(book).aggregate(all=Sum("amount"))["all"]:
        words = _("Contributions to give back: %(book)s") % {"book": book}
        items.append(_item(words, reverse("funds:slip_give_back", args=[book.code]), look, money.shown(sum_)))
    for year, one in selectors.overdue(book, look.today):
        since = datetime.combine(one.rate.due_on, time(), SHANGHAI) if one.rate else look.at
        words = _("Overdue: %(payer)s, %(year)s") % {"payer": one.label, "year": year}
        items.append(desk.Item(words, f"{reverse('funds:owed')}?fund_year={year.pk}", since, money.shown(one.owed)))
    for ahead in selectors.to_turn(book, look.today):
        words = _("Received ahead of %(year)s") % {"year": ahead.fund_year}
        since = datetime.combine(ahead.fund_year.period.lower, time(), SHANGHAI)
        items.append(desk.Item(words, reverse("funds:ahead"), since, money.shown(ahead.stands)))
    return items


def _item(words: str, url: str, look: desk.Look, note: str) -> desk.Item:
    return desk.Item(words, url, look.at, note)


def slips_that_wait(period: Period) -> list[str]:
    """Slips of a month that are noted and not entered."""
    found = Slip.objects.waiting().filter(book=period.book_id, on__gte=period.month, on__lt=next_month(period.month))
    return [f"{one} · {money.shown(one.amount)}" for one in found.order_by("on", "pk")]


def ahead_that_waits(period: Period) -> list[str]:
    """Years that had begun by the end of a month and of which money is received ahead still."""
    last = next_month(period.month)
    return [
        f"{one.fund_year} · {money.shown(one.stands)}"
        for one in selectors.to_turn(period.book, last)
        if one.fund_year.period.lower < last
    ]
