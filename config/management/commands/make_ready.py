"""`manage.py make_ready`: what `make run` does between the servers and the pages."""

import os
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone

from demo import county, sealed


class Command(BaseCommand):
    help = "Migrate, and make the demo county if nobody works here yet; DEMO=0 leaves the office empty."

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0)
        if os.environ.get("DEMO") != "0" and county.load(timezone.now()):
            sealed.seal(timezone.now())
            self.stderr.write("The demo county was made: all people in it are fictitious.")
