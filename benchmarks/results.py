"""What was measured last at each scale, kept in a file, and the table of it for the docs:
`python -m benchmarks.results > docs/bench.md`."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

FILE: Final = Path(__file__).parents[1] / "docs" / "bench.json"
#: The rows of the table of speed and scale that the house has to reach, and what else is measured.
NUMBERS: Final[dict[str, tuple[str, ...]]] = {
    "P1 roster": ("roster",),
    "P2 evaluator": ("valuing",),
    "P4 lists": ("lists", "jobs", "search", "enrolled", "exports"),
    "P5 postings": ("postings",),
    "P6 fund page": ("fund_page",),
    "P7 fifty clerks": ("load",),
    "P8 books and trail": ("ledger", "trail"),
    "a month, a campaign, publicity, statistics": ("month", "collection", "publicity", "statistics"),
    "screens and fraud": ("screens", "fraud"),
}
SAME: Final = "the same"
MANY: Final = 14  # figures of a row that the table shows
HEAD: Final = """# What `make bench` measured

One row for each thing that was measured, at the full county and at a tenth of it; a figure must not be above its limit.
Two shared cores: ratios against something measured in the same run, or counts. P3, the statements of a claim, is pinned
in `claims/tests/test_deciding_costs.py`. Remarks, loads of the machine and older figures: [measured.md](measured.md).
Made by `python -m benchmarks.results > docs/bench.md`.
"""


def kept() -> dict[str, dict[str, Any]]:
    """By scale and row: the day, the load of the machine, the figures."""
    found: dict[str, dict[str, Any]] = json.loads(FILE.read_text()) if FILE.exists() else {}
    return found


def keep(scale: float, row: str, measured: dict[str, Any]) -> None:
    """A row was measured again: its figures of before go."""
    everything = kept()
    everything.setdefault(f"{scale:g}", {})[row] = measured
    FILE.write_text(json.dumps(everything, indent=1, ensure_ascii=False))


def table() -> str:
    """All that is kept, as Markdown."""
    lines = [HEAD]
    for scale, rows in sorted(kept().items(), key=lambda one: -float(one[0])):
        lines.append(f"## {'The full county' if scale == '1' else f'{scale} of the county'}\n")
        lines.append("| | what | figure | limit | day, load |\n|---|---|---|---|---|")
        for number, names in NUMBERS.items():
            for name in names:
                lines += _lines(number, rows[name]) if name in rows else []
        lines.append("")
    return "\n".join(lines)


def _lines(number: str, measured: dict[str, Any]) -> list[str]:
    """All figures of a row; of a row of many, how many there are, and those above their limits."""
    figures = _named(measured["figures"])
    above = [one for one in figures if one["figure"] > one["limit"]]
    many = measured.get("many", len(figures))  # of some only those above their limits were kept
    told = figures if many <= MANY else above
    when = f"{measured['day']}, {measured['load']:.0f}"
    lines = [
        f"| {number} | {one['what']} | {one['figure']:g}{' **above**' if one in above else ''} | {one['limit']:g} |"
        f" {when} |"
        for one in told
    ]
    if many > MANY:
        lines.insert(0, f"| {number} | figures; above their limits | {many}; {len(above)} | 0 above | {when} |")
    return lines


def _named(figures: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each by its own name: `the same` is what the figure before was about."""
    found, about = [], ""
    for one in figures:
        if one["what"].startswith(SAME):
            found.append({**one, "what": about + one["what"].removeprefix(SAME)})
        else:
            about = one["what"].rpartition(": ")[0] or one["what"]
            found.append(one)
    return found


if __name__ == "__main__":
    sys.stdout.write(table())
