"""The doors of the campaign: its page, deadlines, bulletins, reminders and costs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from conftest import NOON
from enrollment.models import Bulletin, CampaignDeadline, CollectionCost, FundYear, Reminder
from enrollment.tests import factories
from office.models import Duty
from office.tests.factories import tess

LEADERS = frozenset({Duty.OFFICE_HEAD, Duty.FUND_ACCOUNTANT})
CLERK = frozenset({Duty.TOWNSHIP_CLERK})
AUDITORS = frozenset({Duty.INTERNAL_AUDITOR, Duty.STATE_AUDITOR})
WATCHERS = LEADERS | CLERK | AUDITORS | {Duty.FIRST_CHECKER, Duty.ACCOUNTING_HEAD, Duty.CASHIER}
SPENDERS = CLERK | {Duty.FUND_ACCOUNTANT}

DOORS: dict[str, frozenset[str]] = {
    "enrollment:campaign": WATCHERS,
    "enrollment:deadline_set": LEADERS,
    "enrollment:deadline_void": LEADERS,
    "enrollment:remind": LEADERS,
    "enrollment:bulletins": WATCHERS,
    "enrollment:bulletin_make": LEADERS,
    "enrollment:bulletin": WATCHERS,
    "enrollment:bulletin_print": WATCHERS,
    "enrollment:reminders": WATCHERS,
    "enrollment:reminder": WATCHERS,
    "enrollment:reminder_answer": CLERK,
    "enrollment:reminder_print": WATCHERS,
    "enrollment:collection_costs": WATCHERS,
    "enrollment:collection_costs_by_township": WATCHERS,
    "enrollment:collection_cost_add": SPENDERS,
    "enrollment:collection_cost_void": SPENDERS,
}


def addresses() -> dict[str, Callable[[str], list[object]]]:
    """What each door's address needs."""
    found: dict[str, Callable[[str], list[object]]] = {
        f"enrollment:{name}": lambda duty: [deadline().pk] for name in ("deadline_void", "remind")
    }
    found |= {f"enrollment:{name}": lambda duty: [bulletin().pk] for name in ("bulletin", "bulletin_print")}
    of_reminder = ("reminder", "reminder_answer", "reminder_print")
    found |= {f"enrollment:{name}": lambda duty: [reminder().pk] for name in of_reminder}
    return found | {"enrollment:collection_cost_void": lambda duty: [cost().pk]}


def year() -> FundYear:
    """A year that is collected for."""
    return FundYear.objects.confirmed().first() or factories.fund_year()


def deadline() -> CampaignDeadline:
    """A deadline that has passed."""
    given = {"rate": Decimal(80), "set_by": tess(), "set_at": NOON}
    return CampaignDeadline.objects.get_or_create(fund_year=year(), on=date(2009, 10, 31), defaults=given)[0]


def bulletin() -> Bulletin:
    """A bulletin that says nothing of any township."""
    whole: dict[str, object] = dict.fromkeys(
        ("rank", "name", "target", "rate", "reached", "more_enrolled", "more_collected")
    )
    whole |= {"should": 0, "enrolled": 0, "due": "0.00", "collected": "0.00"}
    said: dict[str, object] = {"rows": [], "whole": whole, "behind": [], "deadline": None, "before": None}
    given = {"as_of": date(2009, 11, 1), "figures": said, "made_by": tess(), "made_at": NOON}
    return Bulletin.objects.get_or_create(fund_year=year(), number=1, defaults=given)[0]


def reminder() -> Reminder:
    """A reminder without an answer."""
    given = {"rate": Decimal(50), "text": "x", "answer_by": date(2009, 11, 5), "sent_by": tess(), "sent_at": NOON}
    township = factories.division(factories.TOWNSHIP)
    return Reminder.objects.get_or_create(deadline=deadline(), township=township, defaults=given)[0]


def cost() -> CollectionCost:
    """What the county itself spent."""
    given = {"kind": "printing", "on": date(2009, 10, 1), "amount": Decimal(5), "note": "x"}
    return CollectionCost.objects.first() or CollectionCost.objects.create(
        fund_year=year(), noted_by=tess(), noted_at=NOON, **given
    )
