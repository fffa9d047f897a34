"""`manage.py demo_signins [--json]`: who can sign in to the demo county."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from demo import signins


class Command(BaseCommand):
    help = "List the demo county's sign-ins; an empty list where this is no demo."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        people = signins.shown()
        if options["json"]:
            self.stdout.write(json.dumps(signins.rows(), ensure_ascii=False, indent=1))
            return
        for one in people:
            self.stdout.write(f"{one.username:12} {one.password:24} {one.duty}  {one.body}")
