"""The export for the audit bureau as work away from the page: one file that the person who asked can fetch."""

from __future__ import annotations

import tempfile
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Final

from django.utils.translation import gettext as _

from audit.services import exporting
from audit.services.exporting import RIGHT, SEE_WHOLE, CannotExport
from office import jobs, trail
from office.models import Job, Person
from office.sentences import said

WORK: Final = "audit.tasks.export_for_bureau"
LARGEST: Final = 512 * 1024 * 1024  # of the packed file, which is kept with the office's files


def ask(*, year: int | None, whole: bool, by: Person, at: datetime) -> Job:
    """Ask for the export. Raises CannotExport."""
    if not by.has_perm(RIGHT):
        raise CannotExport(_("Only auditors take everything out of the office."))
    if whole and not by.has_perm(SEE_WHOLE):
        raise CannotExport(_("Whole ID numbers are for those who may see them."))
    title = said("Export for the audit bureau: %(year)s", year=year) if year else said("Export for the audit bureau")
    asked = jobs.enqueue(WORK, title=title, by=by, at=at, year=year, whole=whole)
    trail.record("audit-export.asked", asked, by=by, at=at, right=RIGHT, year=year, whole=whole)
    return asked


def make(run: jobs.Run, *, year: int | None, whole: bool) -> None:
    """Write it, pack it, keep it. Raises CannotFinish."""
    with tempfile.TemporaryDirectory(prefix="audit-export-") as place:
        try:
            made = exporting.export(
                folder=Path(place) / "export", year=year, whole=whole, by=run.by, at=run.at, progress=run.step
            )
        except CannotExport as refusal:
            raise jobs.CannotFinish(str(refusal)) from refusal
        packed = _packed(made.folder, Path(place) / "export.zip")
        name = f"audit-export-{year or 'all'}-{made.sha256[:12]}.zip"
        run.keep_result(name, packed.read_bytes(), "application/zip")
    run.say({said("Tables"): made.tables, said("Rows"): made.rows, said("SHA-256 of SHA256SUMS"): made.sha256})


def _packed(folder: Path, target: Path) -> Path:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as pack:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                pack.write(path, path.relative_to(folder).as_posix())
    if target.stat().st_size > LARGEST:
        raise jobs.CannotFinish(
            said("The export is too large for a file of a page. The administrator makes it: manage.py export_audit.")
        )
    return target
