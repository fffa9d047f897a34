"""Statistics sheets (补偿情况统计表; docs/rules/statistics.md): made of a span that is over, numbered and frozen;
corrected only by a further sheet that names the one it corrects.

Order of locks: the scheme's statistics, under which one looks whether a sheet is there, then the numbers of the year.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final

from django.db import connection, transaction
from django.utils.translation import gettext as _

from claims.models import StatisticsSheet
from claims.rules import statistics as rules
from claims.rules.statistics import Difference, Row
from claims.selectors import statistics as selectors
from claims.services import before
from enrollment.models import Scheme
from enrollment.services.keeping import CannotKeep
from office import trail
from office.models import Person
from office.rules import days

MAKE: Final = "claims.add_statisticssheet"
VIEW: Final = "claims.view_statisticssheet"
LOCK: Final = "SELECT pg_advisory_xact_lock(hashtextextended('claims.statistics', %s))"
PREFIX: Final = "TJ"


@transaction.atomic
def make(*, scheme: Scheme, span: str, first: date, by: Person, at: datetime) -> StatisticsSheet:
    """Make the sheet of a scheme's span, once and for all. Raises CannotKeep."""
    refuse_span(span, first, at)
    _lock(scheme)
    if (known := sheet_of(scheme, span, first)) is not None:
        raise CannotKeep(
            _("Sheet %(number)s is of this span already: what is wrong in it is put right by a correction.")
            % {"number": known},
            "span",
        )
    made = _write(scheme, span, first, selectors.rows(scheme, span, first), by=by, at=at)
    _record("statistics.made", made, by=by, at=at)
    return made


@transaction.atomic
def correct(*, sheet: StatisticsSheet, reason: str, by: Person, at: datetime) -> StatisticsSheet:
    """Make a sheet of the same span with the figures as they are now, which says what it changes and why. Raises
    CannotKeep."""
    _lock(sheet.scheme)
    said = before.said(reason, "reason")
    follower = StatisticsSheet.objects.filter(corrects=sheet).first()
    if follower is not None:
        raise CannotKeep(_("Sheet %(number)s corrects this one already: correct that one.") % {"number": follower})
    rows = selectors.rows(sheet.scheme, sheet.span, sheet.first)
    found = rules.differences(rules.rows_of(sheet.figures), rows)
    if not found:
        raise CannotKeep(_("Nothing has changed: the figures are those of the sheet."))
    made = _write(sheet.scheme, sheet.span, sheet.first, rows, found, corrects=sheet, reason=said, by=by, at=at)
    _record("statistics.corrected", made, by=by, at=at, reason=said, corrects=sheet.number, differences=len(found))
    return made


def refuse_span(span: str, first: date, at: datetime) -> None:
    """A sheet is of a whole month, quarter or year that is over. Raises CannotKeep."""
    if span not in rules.MONTHS or not rules.begins(span, first):
        raise CannotKeep(_("A sheet is of a whole month, quarter or year."), "span")
    last = rules.last_of(span, first)
    if last >= days.business_day(at):
        raise CannotKeep(
            _("This span ends on %(day)s: its sheet is made after that.") % {"day": last.isoformat()}, "span"
        )


def sheet_of(scheme: Scheme, span: str, first: date) -> StatisticsSheet | None:
    """The sheet that holds for a span: the last correction, or the sheet itself."""
    return StatisticsSheet.objects.filter(scheme=scheme, span=span, first=first, corrected_by__isnull=True).first()


def is_whole(sheet: StatisticsSheet) -> bool:
    """Whether a sheet still is what it was made as."""
    return sheet.sha256 == _hash(sheet)


def _lock(scheme: Scheme) -> None:
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [scheme.pk])


def _write(
    scheme: Scheme, span: str, first: date, rows: Sequence[Row], found: Sequence[Difference] = (), **more: Any
) -> StatisticsSheet:
    by, at = more.pop("by"), more.pop("at")
    today = days.business_day(at)
    made = StatisticsSheet(
        number=before.next_number(StatisticsSheet, PREFIX, today),
        scheme=scheme,
        span=span,
        first=first,
        last=rules.last_of(span, first),
        as_of=at,
        figures=rules.kept(rows, found),
        made_on=today,
        made_by=by,
        made_at=at,
        **more,
    )
    made.sha256 = _hash(made)
    made.save(force_insert=True)
    return made


def _hash(sheet: StatisticsSheet) -> str:
    """The hash of a sheet: what it is of, what it corrects and why, and every figure."""
    content = {
        "number": sheet.number,
        "scheme": sheet.scheme.code,
        "span": sheet.span,
        "first": sheet.first.isoformat(),
        "last": sheet.last.isoformat(),
        "corrects": sheet.corrects.number if sheet.corrects else "",
        "reason": sheet.reason,
        "figures": sheet.figures,
    }
    written = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def _record(name: str, made: StatisticsSheet, *, by: Person, at: datetime, **facts: Any) -> None:
    trail.record(
        name,
        made,
        by=by,
        at=at,
        right=MAKE,
        subject_hash=made.sha256,
        number=made.number,
        scheme=made.scheme_id,
        span=made.span,
        first=made.first,
        **facts,
    )
