"""A warning in words, and what a fund shows the head of the office."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from funds.models import Book, WarningLevel
from funds.rules import warnings
from funds.rules.warnings import Raised
from funds.selectors import outlook
from office import overview
from office.models import Person
from office.rules import days

RIGHT: Final = "funds.view_book"
UNITS: Final = {
    warnings.PERCENT: "%",
    warnings.POINTS: gettext_lazy("points"),
    warnings.MONTHS: pgettext_lazy("unit", "months"),
    warnings.DAYS: pgettext_lazy("unit", "days"),
    warnings.YUAN: gettext_lazy("yuan"),
}


def warning(raised: Raised) -> str:
    """A warning that is said, with what was measured and its level."""
    places = 0 if raised.unit == warnings.DAYS else 2
    return _("%(warning)s: %(value)s %(unit)s, level %(level)s %(unit)s") % {
        "warning": WarningLevel.Code(raised.code).label,
        "value": f"{raised.value:,.{places}f}",
        "unit": UNITS[raised.unit],
        "level": f"{raised.level:,.{places}f}",
    }


def register() -> None:
    """Called once when the app is ready."""
    overview.register(
        overview.Block(
            "funds.outlook",
            gettext_lazy("Money of the funds"),
            RIGHT,
            20,
            "funds/overview/_outlook.html",
            funds,
            wide=True,
        )
    )


def funds(person: Person, at: datetime) -> Mapping[str, Any] | None:
    """Every fund: what is in hand and for how many days, what payers owe past its day, what it warns of."""
    today = days.business_day(at)
    found = [one for book in Book.objects.select_related("scheme") if (one := outlook.told(book, today))]
    if not found:
        return None
    return {
        "funds": [
            {
                "it": one,
                "url": reverse("funds:outlook", args=[one.book.code]),
                "days": one.days_left(today),
                "overdue": one.measured["subsidy_overdue"],
                "warnings": [warning(each) for each in one.raised],
            }
            for one in found
        ]
    }
