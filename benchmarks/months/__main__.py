"""`python -m benchmarks.months SCALE`: the month's work in the tests' database, from wherever it stands."""

from __future__ import annotations

import sys

import django

django.setup()

from benchmarks.months import made, played  # noqa: E402  after the setup

if __name__ == "__main__":
    played.play(made.Size(float(sys.argv[1])))
