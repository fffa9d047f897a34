"""Draw the states of a claim anew."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from claims.states import drawing


class Command(BaseCommand):
    help = "Writes docs/rules/claim-states.md from the table of moves."

    def handle(self, *_args: Any, **_options: Any) -> None:
        page = Path(settings.HERE) / "docs" / "rules" / "claim-states.md"
        page.write_text(drawing(), encoding="utf-8")
