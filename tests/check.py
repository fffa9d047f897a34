"""`make check`: what can be wrong without running the office. Changes nothing, ends within a minute.

The checks run side by side, two at a time; each prints only if it fails. Those named as arguments are left out.
"""

from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

BIN = Path(sys.executable).parent
TEMPLATES = sorted(str(path) for path in Path("templates").rglob("*.html"))
MANAGE = [sys.executable, "-W", "ignore::RuntimeWarning", "manage.py"]

CHECKS: dict[str, list[str | Path]] = {
    "types": [BIN / "mypy", "."],
    "arrows": [BIN / "lint-imports"],
    "pure rules": [sys.executable, "-m", "pytest", "-q", "-m", "rules", "-p", "no:cacheprovider"],
    "messages": [*MANAGE, "messages"],
    "hospitals' door": [*MANAGE, "hospital_door"],
    "migrations": [*MANAGE, "makemigrations", "--check", "--dry-run", "-v", "1"],
    "system": [*MANAGE, "check", "--fail-level", "WARNING"],
    "format": [BIN / "ruff", "format", "--check", "."],
    "lint": [BIN / "ruff", "check", "."],
    "template tags": [BIN / "djade", "--check", "--target-version", "5.2", *TEMPLATES],
    "template indents": [BIN / "djhtml", "--check", "templates"],
    "sizes": [sys.executable, "-m", "tests.sizes"],
    "assets": [sys.executable, "-m", "tests.assets"],
}


def run(name: str) -> tuple[str, int, str, float]:
    """Run one check: its name, exit status, output and seconds."""
    start = time.monotonic()
    done = subprocess.run(
        [str(word) for word in CHECKS[name]],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    return name, done.returncode, done.stdout + done.stderr, time.monotonic() - start


def main() -> int:
    start = time.monotonic()
    wanted = [name for name in CHECKS if name not in sys.argv[1:]]
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(run, wanted))
    for name, status, output, _seconds in done:
        if status:
            print(f"--- {name}\n{output.strip()}\n")
    failed = [name for name, status, _output, _seconds in done if status]
    took = ", ".join(f"{name} {seconds:.0f}" for name, _status, _output, seconds in done)
    print(f"check: {len(done) - len(failed)} good, {len(failed)} failed in {time.monotonic() - start:.0f} s ({took})")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
