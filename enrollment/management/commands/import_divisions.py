"""`manage.py import_divisions FILE [--by USER] [--json]`: counties, townships and villages from a CSV.

Columns code, name, level, parent, rows in any order. Exit 0 where every row could be taken, 1 where one could not,
2 where the file cannot be read.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from enrollment import fault_words
from enrollment.rules.divisions import CannotReadDivisions
from enrollment.services import divisions, roster_files
from enrollment.services.divisions import Imported
from office import history
from office.models import Person

ERRORS, UNREADABLE = 1, 2


class CannotStart(Exception):
    """What the words after the command ask for cannot be done."""


class Command(BaseCommand):
    help = "Bring divisions in from a file; repeatable."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--by", default="", help="who imports")
        parser.add_argument("--json", action="store_true", help="as JSON (what is printed in any case)")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = _import(options["file"], options["by"])
        except (CannotStart, roster_files.CannotReadRoster) as refusal:
            self.stderr.write(str(refusal))
            sys.exit(UNREADABLE)
        faults = [fault_words.told(fault) for fault in found.faults]
        figures = {"rows": found.rows, "good": found.good, "held": 0, "written": found.written}
        self.stdout.write(json.dumps(figures | {"faults": faults}, ensure_ascii=False, indent=1))
        if faults:
            sys.exit(ERRORS)


def _import(path: Path, username: str) -> Imported:
    if not path.is_file():
        raise CannotStart(_("%(path)s is no file.") % {"path": path})
    person = Person.objects.filter(username=username, left_on__isnull=True).first() if username else None
    if username and person is None:
        raise CannotStart(_("Nobody works here under the name %(user)s.") % {"user": username})
    table = roster_files.opened(path, path.name).table()
    try:
        with history.acting(by=person, work="import_divisions"):
            return divisions.import_divisions(table=table, by=person, at=timezone.now())
    except CannotReadDivisions as fault:
        columns = ", ".join(fault.columns)
        raise CannotStart(
            _("The first row must name the columns; missing: %(columns)s.") % {"columns": columns}
        ) from fault
