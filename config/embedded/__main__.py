"""`python -m config.embedded run | up | down | reset`: what the Makefile calls."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

from config.embedded import office, processes, servers
from config.embedded.place import CHECKOUT, CannotStart, here


def main(words: list[str]) -> int:
    """Do one of the four; 0 done, 1 refused with a sentence, 2 not understood."""
    actions = {"run": run, "up": up, "down": down, "reset": reset}
    if len(words) != 1 or words[0] not in actions:
        print("usage: python -m config.embedded run | up | down | reset", file=sys.stderr)  # noqa: T201
        return 2
    try:
        return actions[words[0]]()
    except CannotStart as refusal:
        print(refusal, file=sys.stderr)  # noqa: T201
        return 1


def run() -> int:
    """The whole office in the foreground; it also ends when the `make` that started it dies."""
    if os.environ.get("MAKELEVEL"):
        processes.end_with_parent(signal.SIGTERM)()
    office.run(here())
    return 0


def up() -> int:
    """PostgreSQL and Valkey in the background, migrated."""
    place = here()
    servers.start(place, tied=False)
    return subprocess.run(
        [sys.executable, "manage.py", "migrate", "-v", "0"],
        cwd=CHECKOUT,
        env={**os.environ, **servers.environment(place)},
        check=False,
    ).returncode


def down() -> int:
    """Stop what `up` started."""
    place = here()
    if place.base.exists():
        with servers.holding(place):
            servers.stop(place)
    return 0


def reset() -> int:
    """Take away this checkout's data, after a question."""
    place = here()
    if not place.base.exists():
        return 0
    if os.environ.get("YES") != "1":
        answer = input(f"All data in {place.base} will be gone. Type yes to go on: ")
        if answer.strip().lower() not in {"yes", "是"}:
            print("Nothing was changed.", file=sys.stderr)  # noqa: T201
            return 1
    servers.reset(place)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
