"""`manage.py import_roster FILE --scheme CODE --year YYYY [--dry-run] [--by USER] [--json]`: a roster from the shell.

Exit 0 where every row could be taken, 1 where a row has an error, 2 where the file cannot be read or nothing could be
done.
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
from enrollment.models import FundYear
from enrollment.services import rosters
from enrollment.services.roster_files import CannotReadRoster
from office import history
from office.models import Person

ERRORS, UNREADABLE = 1, 2


class CannotStart(Exception):
    """What the words after the command ask for cannot be done."""


class Command(BaseCommand):
    help = "Check a roster, or check it and write its good rows."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--scheme", required=True, help="the scheme's code, such as ncms")
        parser.add_argument("--year", type=int, required=True)
        parser.add_argument("--dry-run", action="store_true", help="write nothing")
        parser.add_argument("--by", default="", help="who imports; needed to write")
        parser.add_argument("--json", action="store_true", help="as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = _report(options)
        except (CannotStart, rosters.CannotImport, CannotReadRoster) as refusal:
            self.stderr.write(str(refusal))
            sys.exit(UNREADABLE)
        self._tell(report) if options["json"] else self._say(report)
        if report.has_errors:
            sys.exit(ERRORS)

    def _tell(self, report: rosters.Report) -> None:
        """The report as JSON, fault by fault, however many there are."""
        figures = {"rows": report.rows, "good": report.good, "held": report.held, "written": report.written}
        self.stdout.write(json.dumps(figures)[:-1] + ', "faults": [', ending="")
        for count, fault in enumerate(report.faults):
            told = json.dumps(fault_words.told(fault), ensure_ascii=False)
            self.stdout.write(f"{',' if count else ''}\n{told}", ending="")
        self.stdout.write("]}")

    def _say(self, report: rosters.Report) -> None:
        figures = {"rows": report.rows, "good": report.good, "held": report.held, "written": report.written}
        if report.earlier:
            self.stdout.write(_("This file was written before; nothing was changed."))
        if report.wrote:
            figures |= {"sheets": report.wrote.sheets, "receipts": report.wrote.receipts}
        self.stdout.write(" ".join(f"{name} {count:,}" for name, count in figures.items()))
        for fault in report.faults:
            self.stdout.write(f"{fault.row} {fault.column} {fault.code}: {fault_words.reason(fault)} {fault.value}")


def _report(options: dict[str, Any]) -> rosters.Report:
    path: Path = options["file"]
    if not path.is_file():
        raise CannotStart(_("%(path)s is no file.") % {"path": path})
    found = FundYear.objects.confirmed().select_related("scheme")
    fund_year = found.filter(scheme__code=options["scheme"], year=options["year"]).first()
    if fund_year is None:
        raise CannotStart(_("There is no confirmed fund year %(year)s of %(scheme)s.") % options)
    person = _person(options["by"]) if options["by"] else None
    wanted: dict[str, Any] = {"fund_year": fund_year, "path": path, "name": path.name, "at": timezone.now()}
    if options["dry_run"]:
        return rosters.check_roster(**wanted, by=person)
    if person is None:
        raise CannotStart(_("Say with --by who imports, or check only with --dry-run."))
    with history.acting(by=person, work="import_roster"):
        return rosters.import_roster(**wanted, by=person)


def _person(username: str) -> Person:
    """Who imports: somebody who may."""
    person = Person.objects.filter(username=username).first()
    if person is None or not person.has_perm(rosters.RIGHT):
        raise CannotStart(_("%(user)s is nobody who may import rosters.") % {"user": username})
    return person
