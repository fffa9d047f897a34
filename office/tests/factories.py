"""Things of the office that tests need on the way to something else."""

from __future__ import annotations

from conftest import NOON
from office.models import Body, Person, Printer
from office.services import calendar, printers


def tess() -> Person:
    """Somebody who set things up before the test began."""
    return Person.objects.filter(username="tess").first() or Person.objects.create_person(
        username="tess", full_name="Tess", password="tess-password"
    )


def fill_year(year: int) -> int:
    return calendar.fill_year(year=year, by=tess(), at=NOON)


def add_printer(body: Body, name: str) -> Printer:
    return printers.add_printer(body=body, name=name, by=tess(), at=NOON)
