"""Diseases by their codes, brought in from a file, and the lists on which some of them stand for a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from claims.models import Disease, ListedDisease
from claims.rules import diseases as rules
from claims.rules.diseases import Reading
from claims.services import catalogues, files
from claims.services.search_keys import keys_of
from enrollment.models import Scheme
from office import trail
from office.models import Attachment, Person

RIGHT = catalogues.RIGHT  # whoever takes catalogues in brings diseases in
VIEW = "claims.view_disease"
LIST = "claims.change_listeddisease"
TOGETHER = 2_000


class CannotBringIn(Exception):
    """No disease was brought in; the message is written for who sent the file."""


class CannotList(Exception):
    """The lists stay as they were; the message is written for who keeps them, `field` is what it is about."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class BroughtIn:
    """What came of a file: how many diseases are new, how many have another name or use than before."""

    added: int
    changed: int


def read_diseases(*, path: Path, name: str) -> Reading:
    """What a file comes to. Writes nothing. Raises CannotBringIn, CannotReadRoster."""
    known = dict(Disease.objects.values_list("code", "name"))
    try:
        return files.read(path, name, lambda table: rules.read_lines(table, known))[0]
    except files.CannotReadHeader as refusal:
        raise CannotBringIn(str(refusal)) from refusal


@transaction.atomic
def import_diseases(*, file: Attachment, by: Person, at: datetime) -> BroughtIn:
    """Bring in the good rows of a file: new diseases are added, known ones get its names and their use. None is taken
    away, and the same file twice changes nothing. Raises CannotBringIn, CannotReadRoster."""
    found = read_diseases(path=file.path, name=file.name)
    if not found.good:
        raise CannotBringIn(_("No row of this file can be taken."))
    known = {one.code: one for one in Disease.objects.select_for_update().filter(code__in=[x.code for x in found.good])}
    new = [line for line in found.good if line.code not in known]
    Disease.objects.bulk_create(
        [Disease(code=line.code, name=line.name, is_used=line.is_used, search_keys=keys_of(line.name)) for line in new],
        batch_size=TOGETHER,
    )
    changed = _changed(found, known)
    Disease.objects.bulk_update(changed, ["name", "is_used", "search_keys"], batch_size=TOGETHER)
    trail.record(
        "diseases.imported",
        None,
        by=by,
        at=at,
        right=RIGHT,
        file=file.name,
        sha256=file.sha256,
        rows=found.rows,
        added=len(new),
        changed=len(changed),
        faults=len(found.faults),
    )
    return BroughtIn(len(new), len(changed))


def _changed(found: Reading, known: Mapping[str, Disease]) -> list[Disease]:
    changed = []
    for line in found.good:
        one = known.get(line.code)
        if one and (one.name, one.is_used) != (line.name, line.is_used):
            one.name, one.is_used, one.search_keys = line.name, line.is_used, keys_of(line.name)
            changed.append(one)
    return changed


@transaction.atomic
def list_disease(
    *,
    disease: Disease,
    scheme: Scheme,
    kind: str,
    group: str,
    document: str,
    first: date,
    last: date | None = None,
    price: Decimal | None = None,
    by: Person,
    at: datetime,
) -> ListedDisease:
    """Put a disease on a scheme's list for some days, by the paper that says so. Raises CannotList."""
    if not disease.is_used:
        raise CannotList(_("This disease is not in use any more."), "disease")
    if kind == ListedDisease.Kind.CASE_PAID and price is None:
        raise CannotList(_("What is paid by the case has a price."), "price")
    if price is not None and price <= 0:
        raise CannotList(_("A price is more than nothing; leave it empty where the list has none."), "price")
    if last and last < first:
        raise CannotList(_("The last day lies before the first."), "last")
    if not group.strip() or not document.strip():
        raise CannotList(_("Say by which paper, and in which group."), "document" if group.strip() else "group")
    try:
        with transaction.atomic():
            listed = ListedDisease.objects.create(
                scheme=scheme,
                kind=kind,
                disease=disease,
                group=group.strip(),
                price=price,
                period=DateRange(first, last + timedelta(days=1) if last else None),
                document=document.strip(),
                changed_by=by,
                changed_at=at,
            )
    except IntegrityError as refusal:
        raise CannotList(_("The disease is on this list already on some of these days."), "first") from refusal
    _note("disease.listed", listed, by=by, at=at, first=first, last=last or "", price=price or "")
    return listed


@transaction.atomic
def end_listing(*, listed: ListedDisease, last: date, by: Person, at: datetime) -> ListedDisease:
    """Take a disease off its list after `last`; another price is a new row from the day after. Raises CannotList."""
    current = ListedDisease.objects.select_for_update(of=["self"]).select_related("scheme", "disease").get(pk=listed.pk)
    if last < current.period.lower:
        raise CannotList(_("The disease is on the list from %(day)s only.") % {"day": current.period.lower}, "last")
    if current.period.upper and last + timedelta(days=1) >= current.period.upper:
        raise CannotList(_("It is off the list by then anyway."), "last")
    current.period = DateRange(current.period.lower, last + timedelta(days=1))
    current.changed_by, current.changed_at = by, at
    current.save()
    _note("listed-disease.ended", current, by=by, at=at, last=last)
    return current


def _note(name: str, listed: ListedDisease, *, by: Person, at: datetime, **facts: object) -> None:
    trail.record(
        name,
        listed,
        by=by,
        at=at,
        right=LIST,
        scheme=listed.scheme.code,
        kind=listed.kind,
        disease=listed.disease.code,
        group=listed.group,
        paper=listed.document,
        **facts,  # type: ignore[arg-type]
    )
