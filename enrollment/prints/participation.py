"""The table of participation on paper (参合情况表)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from enrollment.models import FundYear
from enrollment.selectors.participation import Line
from office import access, printing
from office.models import Person


def columns(place: str) -> list[str]:
    """The headings of the table, on paper and in the workbook."""
    return [
        _("rank"),
        place,
        _("should enroll"),
        _("enrolled"),
        _("rate in percent"),
        _("unpaid"),
        _("target"),
        _("of the target, percent"),
    ]


def cells(rank: object, name: str, line: Line) -> list[object]:
    """One line of the table as plain values."""
    return [rank, name, line.should, line.enrolled, line.rate, line.unpaid, line.target, line.reached]


def sheet(
    fund_year: FundYear, lines: Sequence[Line], whole: Line, *, place: str, within: str, by: Person, at: datetime
) -> bytes:
    """The table as PDF, the highest rate first. Raises CannotPrint."""
    duties = access.duties_of(by)
    data = {
        "office": duties[0].body.name if duties else "",
        "title": _("Participation in %(year)s") % {"year": fund_year} + (f" · {within}" if within else ""),
        "header": columns(place),
        "rows": [_texts(cells(rank, line.name, line)) for rank, line in enumerate(lines, start=1)],
        "total": _texts(cells("", _("together"), whole)),
    }
    return printing.render("enrollment/print/participation.typ", data, at=at)


def _texts(values: Sequence[object]) -> list[str]:
    """Whole numbers with their thousands, rates with two places, nothing where nothing is said."""
    return ["—" if one is None else f"{one:,}" if isinstance(one, int | Decimal) else str(one) for one in values]
