"""`make bench [SCALE=0.1] [ROWS="roster search"]`: every row, or some, on servers of its own; exit 1 above a limit."""

from __future__ import annotations

import os
import pkgutil
import sys
from importlib import import_module
from types import ModuleType

import django
from django.utils import timezone

import tests.servers  # noqa: F401  starts the servers and says where they are, before Django reads its settings

NO_ROWS = {"__main__", "results"}


def main() -> int:
    scale = float(os.environ.get("SCALE") or "1")
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()
    from tests import restore  # noqa: PLC0415

    restore.remember()
    before, is_above = None, False
    for row in _rows(os.environ.get("ROWS", "").split()):
        if before is not None and not (_shares(before) and _shares(row)):
            restore.restore()  # each row begins with an empty database, or with the county in bulk
        is_above |= _measured(row, scale)
        before = row
    return 1 if is_above else 0


def _rows(wanted: list[str]) -> list[ModuleType]:
    """Those that share the county in bulk come first: it is loaded once for them."""
    import benchmarks  # noqa: PLC0415

    names = sorted(one.name for one in pkgutil.iter_modules(benchmarks.__path__) if not one.ispkg)
    found = [import_module(f"benchmarks.{name}") for name in names if name not in NO_ROWS]
    return sorted((row for row in found if not wanted or _name(row) in wanted), key=lambda row: not _shares(row))


def _name(row: ModuleType) -> str:
    return row.__name__.rpartition(".")[2]


def _shares(row: ModuleType) -> bool:
    return getattr(row, "LOOKS_AT_THE_COUNTY", False)


def _measured(row: ModuleType, scale: float) -> bool:
    """Print the figures of a row as they come, and keep them; whether one of them is above its limit."""
    from benchmarks import results  # noqa: PLC0415
    from office.rules import days  # noqa: PLC0415

    figures = []
    for what, figure, limit in row.measure(scale):
        figures.append({"what": what, "figure": round(figure, 3), "limit": limit})
        verdict = "" if figure <= limit else "  ABOVE"
        print(f"{_name(row):12} {what:60} {figure:10.2f}  limit {limit:8.2f}{verdict}", flush=True)  # noqa: T201
    day = days.business_day(timezone.now())
    kept = {"day": day.isoformat(), "load": round(os.getloadavg()[2], 1), "figures": figures}
    results.keep(scale, _name(row), kept)
    return any(one["figure"] > one["limit"] for one in figures)


if __name__ == "__main__":
    sys.exit(main())
