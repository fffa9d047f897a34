"""Printers and their offsets."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError

from conftest import NOON
from office.models import PrinterOffset
from office.services import printers
from office.stale import Stale
from office.tests.factories import add_printer

pytestmark = pytest.mark.django_db


@pytest.fixture
def offset(county):
    printer = add_printer(county, "窗口")
    return printers.offset_for(printer=printer, form="receipt")


def test_a_name_stands_once_in_a_body(county, offset):
    with pytest.raises(printers.CannotAddPrinter):
        add_printer(county, "窗口")


def test_a_new_offset_is_nothing_and_is_kept_nowhere(offset):
    assert (offset.right_mm, offset.down_mm) == (0, 0)
    assert not PrinterOffset.objects.exists()


def measured(offset: PrinterOffset) -> PrinterOffset:
    return printers.offset_for(printer=offset.printer, form="receipt")


def test_setting_it_says_who_and_refuses_the_stale(offset, cleo):
    change = {"right_mm": Decimal("1.5"), "down_mm": Decimal("-2.0"), "by": cleo, "at": NOON}
    printers.set_offset(offset=offset, seen_version=0, **change)
    found = measured(offset)
    assert (found.right_mm, found.down_mm, found.changed_by) == (Decimal("1.5"), Decimal("-2.0"), cleo)
    for seen in (offset, found):
        with pytest.raises(Stale):
            printers.set_offset(offset=seen, seen_version=0, **change)
    printers.set_offset(offset=found, seen_version=1, **change | {"right_mm": Decimal(3)})
    assert measured(offset).right_mm == Decimal(3)


def test_the_database_keeps_the_print_on_the_paper(offset, cleo):
    printers.set_offset(offset=offset, seen_version=0, right_mm=Decimal(1), down_mm=Decimal(0), by=cleo, at=NOON)
    with pytest.raises(IntegrityError):
        PrinterOffset.objects.update(right_mm=Decimal("30.1"))
