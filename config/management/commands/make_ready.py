"""`manage.py make_ready`: what `make run` does between the servers and the pages."""

import os
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from audit.models import AuditReport
from demo import county, sealed
from demo.haiyuan import load, register

YEARS = tuple(map(str, load.YEARS))


class Command(BaseCommand):
    help = "Migrate; make the demo county if nobody works here yet. DEMO=2009 makes that year of it, DEMO=0 nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0)
        wanted = os.environ.get("DEMO") or "1"
        if wanted not in {"0", "1", *YEARS}:
            raise CommandError(f"DEMO is 0, 1 or {' or '.join(YEARS)}, not {wanted!r}.")
        if self._is_made(wanted):
            sealed.seal(timezone.now())
            self.stderr.write("The demo county was made: all people in it are fictitious.")

    def _is_made(self, wanted: str) -> bool:
        """Whether a county was made just now; a year that was stopped on its way goes on."""
        if wanted == "0" or AuditReport.objects.filter(state=AuditReport.State.ISSUED).exists():  # made last
            return False
        if wanted not in YEARS:
            return county.load(timezone.now())
        try:
            load.load(load.SCALE, say=self.stderr.write)
        except register.AnotherCounty as refusal:
            raise CommandError(str(refusal)) from refusal
        return True
