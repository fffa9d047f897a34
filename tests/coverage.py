"""The tests reach every branch of rules and services, 95 % of the rest, and every template.

Called by `make test` on what SlipCover left in var/coverage.json.
"""

import json
import sys
from pathlib import Path
from typing import Any

EVERYTHING = ("/rules/", "/rules.py", "/services/", "/services.py")
REST = 95.0
LEAVES = 0  # where a branch ends that leaves its function
TEMPLATES_SEEN = "templates-seen-*"  # one file of each worker


def main() -> int:
    files = json.loads(Path("var/coverage.json").read_text())["files"]
    for said in files.values():
        said["missing_branches"] = _that_count(said)
    faults = [
        f"{name}: not reached: lines {said['missing_lines']}, branches {said['missing_branches']}"
        for name, said in files.items()
        if any(part in f"/{name}" for part in EVERYTHING) and (said["missing_lines"] or said["missing_branches"])
    ]
    rest = [said for name, said in files.items() if not any(part in f"/{name}" for part in EVERYTHING)]
    reached = sum(len(one["executed_lines"]) + len(one["executed_branches"]) for one in rest)
    missing = sum(len(one["missing_lines"]) + len(one["missing_branches"]) for one in rest)
    share = 100 * reached / (reached + missing)
    if share < REST:
        faults.append(f"the rest is reached to {share:.1f} %, not to {REST} %:")
        worst = sorted(files.items(), key=lambda item: -len(item[1]["missing_lines"]))[:10]
        faults += [f"  {name}: lines {said['missing_lines']}" for name, said in worst if said["missing_lines"]]
    seen = {name for file in Path("var").glob(TEMPLATES_SEEN) for name in file.read_text().splitlines()}
    all_templates = {str(path.relative_to("templates")) for path in Path("templates").rglob("*.html")}
    faults += [f"templates/{name}: rendered by no test" for name in sorted(all_templates - seen)]
    print("\n".join(faults) or f"Rules and services are reached whole, the rest to {share:.1f} %, every template once.")
    return 1 if faults else 0


def _that_count(said: dict[str, Any]) -> list[list[int]]:
    """Branches that were not taken, but for those to a line that is not counted (pyproject.toml names such lines)."""
    counted = {LEAVES, *said["executed_lines"], *said["missing_lines"]}
    return [branch for branch in said["missing_branches"] if branch[1] in counted]


if __name__ == "__main__":
    sys.exit(main())
