"""Printers and how far off they print."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from office import trail
from office.models import Body, Person, Printer, PrinterOffset
from office.stale import lock_as_seen

UNMEASURED = 0  # the version of an offset that nobody has set


class CannotAddPrinter(Exception):
    """No printer was added; the message is written for the administrator."""


class CannotSetOffset(Exception):
    """The offset stays; the message is written for the clerk."""


def add_printer(*, body: Body, name: str, by: Person, at: datetime) -> Printer:
    """Make a printer of a body known."""
    try:
        with transaction.atomic():
            added = Printer.objects.create(body=body, name=name)
            trail.record("printer.added", added, by=by, at=at, right="office.add_printer", body=body)
    except IntegrityError as refusal:
        raise CannotAddPrinter(_("This body already has a printer of that name.")) from refusal
    return added


def offset_for(*, printer: Printer, form: str) -> PrinterOffset:
    """The offset of a printer on a pre-printed form; a zero that is kept nowhere until somebody measured it."""
    found = PrinterOffset.objects.filter(printer=printer, form=form).select_related("printer").first()
    return found or PrinterOffset(printer=printer, form=form, version=UNMEASURED)


@transaction.atomic
def set_offset(
    *,
    offset: PrinterOffset,
    seen_version: int,
    right_mm: Decimal,
    down_mm: Decimal,
    by: Person,
    at: datetime,
) -> None:
    """Set how many millimetres the print must move right and down to meet the form. Raises Stale."""
    measured, _first = PrinterOffset.objects.get_or_create(
        printer=offset.printer,
        form=offset.form,
        defaults={"version": UNMEASURED, "changed_by": by, "changed_at": at},
    )
    current = lock_as_seen(measured, seen_version)
    current.right_mm = right_mm
    current.down_mm = down_mm
    current.version += 1
    current.changed_by = by
    current.changed_at = at
    current.save()
    trail.record(
        "printer-offset.set",
        current.printer,
        by=by,
        at=at,
        right="office.change_printeroffset",
        form=current.form,
        right_mm=right_mm,
        down_mm=down_mm,
    )
