"""The levels of warnings of the demo county: one holds, one waits for the head of the office."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from demo.factors import show_factor
from funds.models import Book
from funds.services import warning_levels
from funds.services.warning_levels import LevelOf
from office import deciding
from office.models import Person
from office.rules import days
from office.services import rounds


def leave(people: dict[str, Person], at: datetime) -> None:
    """Leave a level that holds and one to be confirmed."""
    book = Book.objects.filter(scheme__code="ncms").first()
    if book is None:
        return
    first = days.business_day(at).replace(month=1, day=1)
    outside = LevelOf("outside_share", Decimal(20), first, "海卫发〔2009〕77号（演示，数值为假设）")
    made = warning_levels.propose(book=book, stated=outside, by=people["accountant"], at=at)
    opened = deciding.rounds_of(made).get()
    head = people["accounting"]
    rounds.vote(
        round=opened, choice="approve", hash_seen=opened.subject_hash, by=head, at=at, proof=show_factor(head, at)
    )
    months = LevelOf("months_in_hand", Decimal(3), first, "海财发〔2009〕78号（演示，数值为假设）")
    warning_levels.propose(book=book, stated=months, by=people["accountant"], at=at)
