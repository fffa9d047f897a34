"""What waits of banks and cash: accounts with something to match or to reconcile, counts of cash that somebody counted
along."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from decimal import Decimal

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from funds.models import Book, CashCount, Period, Reconciliation
from funds.selectors import bank_statements as selectors
from funds.selectors import months
from funds.services import cash_counts, matches, reconciled_months, reconciliations
from office import desk
from office.models import Person
from office.rules import days, money


def register() -> None:
    """Called once when the app is ready."""
    desk.register(
        desk.Worklist(
            name="funds.to-match",
            title=gettext_lazy("Bank accounts with lines to match"),
            icon="search",
            right=matches.RIGHT,
            url=lambda: reverse("office:worklist", args=["funds.to-match"]),
            waiting=to_match,
        )
    )
    desk.register(
        desk.Worklist(
            name="funds.to-reconcile",
            title=gettext_lazy("Bank accounts to reconcile"),
            icon="search",
            right=reconciliations.RIGHT,
            url=lambda: reverse("office:worklist", args=["funds.to-reconcile"]),
            waiting=to_reconcile,
        )
    )
    desk.register(
        desk.Worklist(
            name="funds.to-count-along",
            title=gettext_lazy("Counts of cash to confirm"),
            icon="circle-check",
            right=cash_counts.CHECK,
            url=lambda: reverse("office:worklist", args=["funds.to-count-along"]),
            waiting=to_count_along,
        )
    )


def to_match(person: Person, look: desk.Look) -> desk.Waiting:
    """Accounts whose statements have lines that are in no books yet."""
    items = []
    for account in selectors.accounts_at_banks():
        found = selectors.open_lines(account)
        first = found.first()
        if first is not None:
            since = datetime.combine(first.on, time.min, days.SHANGHAI)
            words = _("%(lines)s lines, the oldest of %(day)s") % {"lines": found.count(), "day": first.on}
            page = reverse("funds:matching", args=[account.pk])
            items.append(desk.Item(f"{account.book} · {account}", page, since, words))
    return look.among(items)


def to_reconcile(person: Person, look: desk.Look) -> desk.Waiting:
    """Accounts that keep the first open month of their books that is over from being closed; not those whose sheet
    somebody else looks at now."""
    periods = {one.book_id: one for one in months.first_to_close(Book.objects.order_by("pk"), look.today)}
    left = reconciled_months.accounts_left(*periods.values())
    asked = Reconciliation.objects.filter(account__in=[one for one, _said in left], state=Reconciliation.State.PROPOSED)
    waiting = {(one.account_id, one.on) for one in asked}
    return look.among(
        [
            desk.Item(str(account.book), reverse("funds:reconciliations"), _since(period), sentence)
            for account, sentence in left
            if (period := periods[account.book_id]) and (account.pk, reconciled_months.last_day(period)) not in waiting
        ]
    )


def _since(period: Period) -> datetime:
    """Since when a month is over."""
    return datetime.combine(days.next_month(period.month), time.min, days.SHANGHAI)


def to_count_along(person: Person, look: desk.Look) -> desk.Waiting:
    """Counts that somebody else noted."""
    found: QuerySet[CashCount] = CashCount.objects.filter(state=CashCount.State.NOTED).exclude(counted_by=person)
    return look.over(found.select_related("account__book").order_by("on", "pk"), _lines)


def _lines(some: Sequence[CashCount]) -> list[desk.Item]:
    return [
        desk.Item(
            f"{one.account.book} · {one.on}",
            reverse("funds:cash_count", args=[one.pk]),
            one.counted_at,
            money.shown(Decimal(one.counted)),
        )
        for one in some
    ]
