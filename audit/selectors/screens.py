"""How screens are set on a day, and what came of their runs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from audit.models import ScreenSetting
from audit.screens.registry import SCREENS
from audit.screens.screen import Screen


def in_force(day: date) -> dict[tuple[str, str], ScreenSetting]:
    """The settings in force on a day, by screen and parameter; the others have their defaults."""
    found = ScreenSetting.objects.filter(since__lte=day).select_related("set_by")
    return {(one.screen, one.name): one for one in found.order_by("since", "pk")}


def values_of(screen: Screen, known: Mapping[tuple[str, str], ScreenSetting]) -> dict[str, Decimal]:
    """A screen's parameters by name, as they are set or by default."""
    found = {}
    for one in screen.parameters_of():
        setting = known.get((screen.code, one.name))
        found[one.name] = one.default if setting is None else setting.value
    return found


def known(code: str) -> Screen | None:
    """A screen by its code."""
    return SCREENS.get(code)
