"""`manage.py seal_trail [--new-key]`: seal now, as the clock does every minute; or put a new key in the place of the
one in force."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from audit.services import seal_keys, sealing


class Command(BaseCommand):
    help = "Seal all rows that no running transaction can touch any more."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--new-key", action="store_true", help="make a new key in SEAL_KEY_FILE, then seal with it")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["new_key"]:
                self.stdout.write(f"key {seal_keys.renew().fingerprint}")
            done = sealing.run(at=timezone.now())
        except seal_keys.CannotSeal as refusal:
            raise CommandError(f"{refusal.reason.label}: {refusal}") from refusal
        if not done.is_alone:
            raise CommandError("Another sealer is at it.")
        self.stdout.write(f"{done.rows} rows in {done.seals} seals")
