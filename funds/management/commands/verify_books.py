"""`manage.py verify_books [--json]`: everything the books promise, over all rows. Exit 0, 1 (a row breaks one), 2."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError

from funds.selectors import verifying

FAULTS, UNREADABLE = 1, 2


class Command(BaseCommand):
    help = "Look up everything the books promise, over all rows."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            rows, faults = verifying.rows(), list(verifying.broken())
        except DatabaseError as refusal:
            self.stderr.write(str(refusal))
            sys.exit(UNREADABLE)
        if options["json"]:
            told = {"ok": not faults, "rows": rows, "faults": [asdict(one) for one in faults]}
            self.stdout.write(json.dumps(told, ensure_ascii=False))
        else:
            for one in faults:
                self.stdout.write(f"{one.table} {one.pk}: {one.reason}")
            self.stdout.write(f"{rows} rows, {len(faults)} faults")
        if faults:
            sys.exit(FAULTS)
