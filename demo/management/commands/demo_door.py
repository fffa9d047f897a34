"""`manage.py demo_door`: the demo hospital's token and somebody to ask about, as a shell reads it."""

import shlex
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from demo import door


class Command(BaseCommand):
    help = 'Print what the examples of docs/hospital-door.md need: eval "$(.venv/bin/python manage.py demo_door)"'

    def handle(self, *args: Any, **options: Any) -> None:
        found = door.example(timezone.now())
        if found is None:
            raise CommandError("This database is no demo county, or nobody in it is insured today.")
        self.stdout.write("# Of the demo county alone: everybody may know this token; a real office makes its own.")
        for name, value in asdict(found).items():
            self.stdout.write(f"{name.upper()}={shlex.quote(str(value))}")
