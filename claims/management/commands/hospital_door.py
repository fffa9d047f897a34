"""`manage.py hospital_door [--write]`: is the OpenAPI document of the hospitals' door in the docs the code's?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from claims.door_urls import urlpatterns
from claims.views.door_api import document

FILE = Path(settings.HERE) / "docs" / "hospital-door.openapi.json"
NOT_OPERATIONS = ("openapi-json",)


class Command(BaseCommand):
    help = "Compare docs/hospital-door.openapi.json with the code; with --write bring it up to date."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--write", action="store_true", help="write the document")

    def handle(self, *_args: Any, **options: Any) -> None:
        with translation.override("en"):
            wanted = json.dumps(document(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        if options["write"]:
            FILE.write_text(wanted, encoding="utf-8")
        if not FILE.exists() or FILE.read_text(encoding="utf-8") != wanted:
            raise CommandError(f"{FILE.name} is not the code's. Run: manage.py hospital_door --write")
        many = sum(one.name not in NOT_OPERATIONS for one in urlpatterns)
        self.stdout.write(f"{many} operations, as the docs have them.")
