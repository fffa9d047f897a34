"""`manage.py import_document FILE --kind KIND --scheme CODE --provider CODE --month YYYY-MM --by USER`: a village
register or a hospital's list from the shell; with `--dry-run` it is only checked, with `--json` the answer is JSON.

Exit 0 where every row is without faults, 1 where a row has one, 2 where the file cannot be read or nothing could be
done.
"""

from __future__ import annotations

import json
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.models import BulkDocument, Provider
from claims.services import document_files
from claims.services.document_locks import CannotKeepDocument
from enrollment import fault_words
from enrollment.models import Scheme
from enrollment.rules.faults import Fault
from enrollment.services.roster_files import CannotReadRoster
from office import attachments, history
from office.attachments import CannotAttach
from office.models import Person

ERRORS, UNREADABLE = 1, 2


class CannotStart(Exception):
    """What the words after the command ask for cannot be done."""


class Command(BaseCommand):
    help = "Check a register or a hospital's list, or check it and take it in."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--kind", required=True, choices=BulkDocument.Kind.values)
        parser.add_argument("--scheme", required=True, help="the scheme's code, such as ncms")
        parser.add_argument("--provider", required=True, help="the provider's code")
        parser.add_argument("--month", required=True, help="such as 2010-02")
        parser.add_argument("--dry-run", action="store_true", help="write nothing")
        parser.add_argument("--by", default="", help="who imports")
        parser.add_argument("--json", action="store_true", help="as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            told, faults = _report(options, timezone.now())
        except (CannotStart, CannotKeepDocument, CannotReadRoster, CannotAttach) as refusal:
            self.stderr.write(str(refusal))
            sys.exit(UNREADABLE)
        if options["json"]:
            whole = told | {"faults": [fault_words.told(one) for one in faults]}
            self.stdout.write(json.dumps(whole, ensure_ascii=False))
        else:
            self.stdout.write(" ".join(f"{name}={value}" for name, value in told.items()))
            for one in faults:
                self.stdout.write(f"{one.row} {one.column} {one.code}: {fault_words.reason(one)}")
        if faults:
            sys.exit(ERRORS)


def _report(options: dict[str, Any], at: datetime) -> tuple[dict[str, Any], list[Fault]]:
    by = Person.objects.filter(username=options["by"]).first()
    if by is None:
        raise CannotStart(_("%(user)s is nobody who may import.") % {"user": options["by"] or "—"})
    asked = _asked(options)
    path: Path = options["file"]
    if not path.is_file():
        raise CannotStart(_("%(path)s is no file.") % {"path": path})
    given = document_files.read(asked.kind, path, path.name)
    looks = document_files.look(asked, given, by=by, at=at)
    faults = document_files.faults_of(looks)
    told: dict[str, Any] = {"rows": len(looks), "good": sum(not one.faults for one in looks), "document": ""}
    if not options["dry_run"]:
        told["document"] = _taken(asked, path, given, by, at).number
    return told, faults


def _asked(options: dict[str, Any]) -> BulkDocument:
    scheme = Scheme.objects.filter(code=options["scheme"]).first()
    provider = Provider.objects.filter(code=options["provider"]).first()
    if scheme is None or provider is None:
        raise CannotStart(_("The office knows no such scheme or provider."))
    try:
        month = date.fromisoformat(f"{options['month']}-01")
    except ValueError as fault:
        raise CannotStart(_("Write the month as 2010-02.")) from fault
    return BulkDocument(kind=options["kind"], scheme=scheme, provider=provider, month=month)


def _taken(asked: BulkDocument, path: Path, given: Any, by: Person, at: datetime) -> BulkDocument:
    with history.acting(by=by, work="import_document"):
        sent = attachments.keep(
            subject=asked.provider, upload=SimpleUploadedFile(path.name, path.read_bytes()), by=by, at=at
        )
        arguments = {
            "kind": asked.kind,
            "scheme": asked.scheme_id,
            "provider": asked.provider_id,
            "month": asked.month.isoformat(),
            "document": None,
            "seen": 1,
        }
        return document_files.take_in(sent, given, arguments, by=by, at=at).document
