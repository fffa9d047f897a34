"""The workers' door to the long work of reviewing."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from claims.services import document_files, imports, publicity
from enrollment.models import Division, Scheme
from enrollment.services.keeping import CannotKeep
from office import jobs
from office.sentences import said


@jobs.job
def check_catalogue(run: jobs.Run, *, scheme: int, kind: str, first: str, document: str) -> None:
    """Check an edition of a catalogue."""
    imports.check_catalogue(run, kind=kind)


@jobs.job
def take_in_catalogue(run: jobs.Run, *, check: int) -> None:
    """Take an edition in that was checked."""
    imports.take_in_catalogue(run, check=check)


@jobs.job
def check_diseases(run: jobs.Run) -> None:
    """Check a file of diseases."""
    imports.check_diseases(run)


@jobs.job
def bring_in_diseases(run: jobs.Run, *, check: int) -> None:
    """Bring in a file of diseases that was checked."""
    imports.bring_in_diseases(run, check=check)


@jobs.job
def make_publicity(run: jobs.Run, *, scheme: int, month: str, area: int) -> None:
    """Make the publicity lists of a month; begun again it makes those that are not there."""
    try:
        with transaction.atomic():
            made = publicity.make(
                scheme=Scheme.objects.get(pk=scheme),
                month=date.fromisoformat(month),
                area=Division.objects.get(pk=area),
                by=run.by,
                at=run.at,
                step=run.step,
            )
    except CannotKeep as refusal:
        raise jobs.CannotFinish(said(str(refusal))) from refusal
    run.say({said("Lists made"): len(made), said("Claims on them"): sum(one.entries.count() for one in made)})


@jobs.job
def check_document(
    run: jobs.Run, *, kind: str, scheme: int, provider: int, month: str, document: int | None, seen: int
) -> None:
    """Check a register or a hospital's list that was sent as a file."""
    document_files.check(run, kind=kind, scheme=scheme, provider=provider, month=month, document=document)


@jobs.job
def take_document(run: jobs.Run, *, check: int) -> None:
    """Take in a register or a hospital's list that was checked."""
    document_files.take(run, check=check)
