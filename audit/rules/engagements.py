"""Time limits of an audit, and what still stands between a finding and its closing (docs/rules/engagements.md)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from office.rules.days import WorkingDays

#: Working days between the service of the notice and the first day of fieldwork (审计法第三十八条, 2006).
NOTICE_DAYS: Final = 3
#: Working days the audited have for comments on a draft (审计法第四十条, 2006).
COMMENT_DAYS: Final = 10
#: Days before its day from which on a measure is reminded of.
AHEAD: Final = timedelta(days=7)
#: Days between two reminders of a measure that is overdue.
AGAIN: Final = timedelta(days=7)
#: How far a time limit may reach into the working-day table: the longest holidays are over in twice its days and three
#: weeks.
REACH: Final = timedelta(days=41)


def earliest_fieldwork(served_on: date, working: WorkingDays) -> date:
    """The first day on which the auditors may come."""
    return working.after(served_on, NOTICE_DAYS)


def comments_until(sent_on: date, working: WorkingDays) -> date:
    """The last day for comments on a draft sent on a day."""
    return working.after(sent_on, COMMENT_DAYS)


def days_left(due_on: date, today: date) -> int:
    """Days until a measure is due; below nothing once its day is over."""
    return (due_on - today).days


def reminds(due_on: date, today: date, reminded: Collection[date]) -> bool:
    """Whether a measure is reminded of today: once within the seven days before its day, then on the first day after it
    and every seven days from the last reminder on. `reminded` are the days on which it was since it last began."""
    if today > due_on:
        late = [one for one in reminded if one > due_on]
        return not late or today - max(late) >= AGAIN
    return due_on - today <= AHEAD and not reminded


@dataclass(frozen=True)
class Standing:
    """How a finding stands: its measures, how many are not closed, the money it names, what of it the books hold.

    `booked` counts postings that stand for it; `recovered` is their sum where money came back. `waived` is what was
    given up because it cannot be recovered, `waiting` what somebody asks to give up. Yuan.
    """

    measures: int
    open_measures: int
    amount: Decimal
    to_recover: Decimal
    booked: int
    recovered: Decimal
    waived: Decimal = Decimal(0)
    waiting: Decimal = Decimal(0)

    @property
    def owed(self) -> Decimal:
        """What is still to come back."""
        return still_owed(self.to_recover, self.recovered, self.waived)


def still_owed(to_recover: Decimal, recovered: Decimal, waived: Decimal) -> Decimal:
    """What is still to come back: less what came back and what was given up, each a figure of its own. Yuan."""
    return max(to_recover - recovered - waived, Decimal(0))


def obstacle(standing: Standing) -> str:
    """What stands between a finding and its closing, by name; "" where nothing does."""
    for name, stands in (
        ("no-measure", not standing.measures),
        ("open-measure", standing.open_measures > 0),
        ("waiver", standing.waiting > 0),
        ("not-booked", standing.amount > standing.waived and not standing.booked),
        ("owed", standing.owed > 0),
    ):
        if stands:
            return name
    return ""
