"""`manage.py export_audit --out DIR [--year YEAR] [--whole-numbers] [--by NAME]`: everything for the audit bureau.

Exit 0, or 1 where nothing left. A minute later `--prove DIR` puts the office's signed proof beside the hashes. `--check
DIR` looks whether an export is what its list of hashes says; `audit/verifier.py --export` checks the proof too.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from audit.services import exporting, proofs
from office.models import Person


class Command(BaseCommand):
    help = "Export register, claims, decisions and books for the audit bureau, with dictionary and hashes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--out", type=Path, help="a folder that is empty or not there yet")
        parser.add_argument("--year", type=int, help="what grows with the years of this year alone")
        parser.add_argument("--whole-numbers", action="store_true", help="ID and account numbers whole")
        parser.add_argument("--by", help="the user name for whom it is made, whose rights then hold")
        parser.add_argument("--prove", type=Path, help="put the proof of its seal into this folder of an export")
        parser.add_argument("--check", type=Path, help="look whether this folder is what its hashes say")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            self._check(options["check"])
            return
        if options["prove"]:
            self._prove(options["prove"])
            return
        if not options["out"]:
            raise CommandError("Say where to: --out DIR")
        by = None
        if options["by"]:
            by = Person.objects.filter(username=options["by"]).first()
            if by is None:
                raise CommandError(f"Nobody is called {options['by']} here.")
        try:
            made = exporting.export(
                folder=options["out"],
                year=options["year"],
                whole=options["whole_numbers"],
                by=by,
                at=timezone.now(),
            )
        except exporting.CannotExport as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{made.tables} tables, {made.rows} rows in {made.folder}")
        self.stdout.write(f"SHA-256 of {exporting.SUMS}: {made.sha256}")
        self.stdout.write(f"In a minute it is sealed: export_audit --prove {made.folder}")

    def _prove(self, folder: Path) -> None:
        try:
            number = proofs.write(folder)
        except (OSError, exporting.CannotExport) as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{folder / exporting.PROOF}: seal {number}")

    def _check(self, folder: Path) -> None:
        try:
            found = exporting.faults(folder)
        except OSError as refusal:
            raise CommandError(str(refusal)) from refusal
        for name in found:
            self.stdout.write(name)
        self.stdout.write(f"{len(found)} files differ")
        if found:
            sys.exit(1)
