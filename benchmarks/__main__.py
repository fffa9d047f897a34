"""`make bench [SCALE=0.1] [ROWS="roster search"]`: every row, or some, on servers of its own; exit 1 above a limit."""

from __future__ import annotations

import json
import os
import pkgutil
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import django

import tests.servers  # noqa: F401  starts the servers and says where they are, before Django reads its settings

RESULTS = Path(__file__).parent / "results.json"


def main() -> int:
    scale = float(os.environ.get("SCALE") or "1")
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    django.setup()
    import benchmarks  # noqa: PLC0415
    from tests import restore  # noqa: PLC0415

    wanted = os.environ.get("ROWS", "").split()
    rows: list[dict[str, Any]] = []
    restore.remember()
    for found in sorted(pkgutil.iter_modules(benchmarks.__path__), key=lambda one: one.name):
        if found.name == "__main__" or found.ispkg or (wanted and found.name not in wanted):
            continue
        if rows:
            restore.restore()  # each row begins with an empty database
        row = import_module(f"benchmarks.{found.name}")
        for name, figure, limit in row.measure(scale):
            rows.append({"row": found.name, "what": name, "figure": round(figure, 3), "limit": limit})
            verdict = "" if figure <= limit else "  ABOVE"
            print(f"{found.name:12} {name:60} {figure:10.2f}  limit {limit:8.2f}{verdict}")  # noqa: T201
    RESULTS.write_text(json.dumps({"scale": scale, "rows": rows}, indent=1))
    return 1 if any(row["figure"] > row["limit"] for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
