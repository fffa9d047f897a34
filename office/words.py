"""How the office says things in words, on pages and prints alike."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _


def period(days: Any) -> str:
    """A range of days with its first and its last day, both included, or open at the end."""
    first = date_format(days.lower, "Y-m-d")
    if days.upper is None:
        return _("from %(first)s") % {"first": first}
    return _("%(first)s to %(last)s") % {"first": first, "last": date_format(days.upper - timedelta(days=1), "Y-m-d")}


def until(moment: datetime) -> str:
    """When something ends, as short as it is clear: 15:30 today, 03-02 15:30 on another day."""
    local = localtime(moment)
    return date_format(local, "H:i" if local.date() == localdate() else "m-d H:i")
