"""`manage.py verify_trail [--json] [--checkpoints DIR]`: every sealed row, every seal. Exit 0, 1 (faults), 2."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import psycopg
from django.core.management.base import BaseCommand, CommandParser

from audit import verifier
from audit.selectors import seals
from audit.verifying.told import CannotVerify, read_checkpoints, read_codes


class Command(BaseCommand):
    help = "Verify that nothing of the trail was altered since it was sealed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--checkpoints", type=Path, metavar="DIR", help="the folder of checkpoints outside")
        parser.add_argument("--code", action="append", default=[], metavar="NUMBER:CODE", help="a seal's code on paper")
        parser.add_argument("--json", action="store_true", help="as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = options["checkpoints"]
        try:
            outside = read_codes(options["code"]) + (read_checkpoints(folder) if folder else [])
            with seals.reading() as connection:
                report = verifier.verify(connection, checkpoints=outside)
        except (CannotVerify, psycopg.Error) as refusal:
            self.stderr.write(str(refusal).strip())
            sys.exit(verifier.UNREADABLE)
        verifier.say(report, self.stdout, is_json=options["json"])
        if report.found:
            sys.exit(verifier.FAULTY)
