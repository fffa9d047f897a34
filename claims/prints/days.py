"""Days of a plan in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from office import words


def shown_days(days: Any) -> str:
    """A range of days, or that there is none left of it."""
    return _("never") if days.isempty else words.period(days)
