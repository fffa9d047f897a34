"""Catalogues by edition: a file is read, and taken in whole; from its first day on the edition before has ended.

An edition with one faulty row is not taken in: what it lacks could never be added to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from claims.models import Catalogue, CatalogueEntry
from claims.rules import catalogues as rules
from claims.rules.catalogues import Entry, Reading
from claims.services import files
from claims.services.search_keys import keys_of
from enrollment.models import Scheme
from office import attachments, trail
from office.models import Attachment, Person

RIGHT = "claims.add_catalogue"
VIEW = "claims.view_catalogue"
TOGETHER = 5_000  # entries that are written in one piece


class CannotTakeIn(Exception):
    """No edition came of it; the message is written for who sent it, `field` is what of the form it is about."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True)
class Edition:
    """Which edition it is: of which scheme's drugs or services, from which day, by which paper."""

    scheme: Scheme
    kind: str
    first: date
    document: str


def read_edition(*, path: Path, name: str, kind: str) -> tuple[Reading, str]:
    """What a file comes to, with its SHA-256. Writes nothing. Raises CannotTakeIn, CannotReadRoster."""
    try:
        return files.read(path, name, lambda table: rules.read_entries(table, are_drugs=kind == Catalogue.Kind.DRUGS))
    except files.CannotReadHeader as refusal:
        raise CannotTakeIn(str(refusal)) from refusal


def refuse_edition(edition: Edition) -> None:
    """An edition rests on a paper and follows the one before. Raises CannotTakeIn."""
    if not edition.document.strip():
        raise CannotTakeIn(_("Say by which paper."), "document")
    newest = _editions(edition).first()
    if newest and newest.period.lower >= edition.first:
        raise CannotTakeIn(
            _("An edition from %(day)s on is there already: a newer one begins later.") % {"day": newest.period.lower},
            "first",
        )


@transaction.atomic
def take_in_edition(*, edition: Edition, file: Attachment, by: Person, at: datetime) -> Catalogue:
    """Take a whole edition in; the one before ends on the day before. Raises CannotTakeIn, CannotReadRoster."""
    Scheme.objects.select_for_update(no_key=True).get(pk=edition.scheme.pk)
    refuse_edition(edition)
    found, sha256 = read_edition(path=file.path, name=file.name, kind=edition.kind)
    if len(found.good) < found.rows or not found.good:
        raise CannotTakeIn(_("A catalogue is taken in whole: correct its faulty rows and send it again."))
    before = _editions(edition).first()
    if before and before.sha256 == sha256:
        raise CannotTakeIn(_("This file is the newest edition already."))
    if before and (before.period.upper is None or before.period.upper > edition.first):
        before.period = DateRange(before.period.lower, edition.first)
        before.save(update_fields=["period"])
        trail.record("catalogue.ended", before, by=by, at=at, right=RIGHT, ended_before=edition.first)
    made = Catalogue.objects.create(
        scheme=edition.scheme,
        kind=edition.kind,
        period=DateRange(edition.first, None),
        document=edition.document.strip(),
        file_name=file.name[:120],
        sha256=sha256,
        entries_count=len(found.good),
        imported_by=by,
        imported_at=at,
    )
    for piece in _in_pieces(found.good):
        CatalogueEntry.objects.bulk_create(_record(made, one) for one in piece)
    content = file.path.read_bytes()
    attachments.keep_made(subject=made, name=file.name, content=content, media_type=file.media_type, by=by, at=at)
    trail.record(
        "catalogue.taken_in",
        made,
        by=by,
        at=at,
        right=RIGHT,
        scheme=edition.scheme.code,
        kind=edition.kind,
        first=edition.first,
        paper=made.document,
        sha256=sha256,
        entries=made.entries_count,
    )
    return made


def register() -> None:
    """Called once when the app is ready: whoever reads catalogues reads the files that they came in."""
    attachments.register("claims.catalogue", lambda person, number: person.has_perm(VIEW))


def _editions(edition: Edition) -> QuerySet[Catalogue]:
    return Catalogue.objects.filter(scheme=edition.scheme, kind=edition.kind).order_by("-period")


def _record(made: Catalogue, one: Entry) -> CatalogueEntry:
    return CatalogueEntry(
        catalogue=made,
        code=one.code,
        name=one.name,
        search_keys=keys_of(one.name),
        item_class=one.item_class,
        group=one.group,
        unit=one.unit,
        price_limit=one.price_limit,
        note=one.note,
    )


def _in_pieces(entries: Sequence[Entry]) -> Iterator[Sequence[Entry]]:
    return (entries[at : at + TOGETHER] for at in range(0, len(entries), TOGETHER))
