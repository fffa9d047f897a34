"""A bulletin (通报) as it is read: its sentences, its table, its paper. All of it comes from what was kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from enrollment.models import Bulletin
from office import printing
from office.models import Body
from office.rules import days, money

#: What the table shows, in the order of its columns.
SHOWN = (
    "rank",
    "name",
    "should",
    "enrolled",
    "rate",
    "more_enrolled",
    "target",
    "reached",
    "due",
    "collected",
    "more_collected",
)
#: What of it has room on a sheet of paper.
PRINTED = ("rank", "name", "should", "enrolled", "rate", "more_enrolled", "reached", "collected", "more_collected")
#: What the workbook has besides.
MORE = (
    "of_due",
    "unpaid",
    "cash",
    "assisted",
    "collective",
    "refunded",
    "handed_in",
    "deposited",
    "confirmed",
    "added_enrolled",
    "added_collected",
)
MONEY = frozenset(
    {
        "due",
        "collected",
        "more_collected",
        "cash",
        "assisted",
        "collective",
        "refunded",
        "handed_in",
        "deposited",
        "confirmed",
        "added_collected",
    }
)
RATES = frozenset({"rate", "reached", "of_due"})


def columns() -> list[str]:
    """The headings of the table."""
    return [
        _("rank"),
        _("township"),
        _("should enroll"),
        _("enrolled"),
        _("rate in percent"),
        _("more than last time"),
        _("target"),
        _("of the target, percent"),
        _("due, yuan"),
        _("collected, yuan"),
        _("more than last time, yuan"),
    ]


def all_columns() -> list[str]:
    """The headings of the workbook."""
    return [
        *columns(),
        _("of due, percent"),
        _("unpaid"),
        _("paid by households"),
        _("paid by medical assistance"),
        _("paid by the collective"),
        _("given back"),
        _("handed in"),
        _("deposited"),
        _("confirmed"),
        _("enrolled on the day"),
        _("collected on the day, yuan"),
    ]


def rows(bulletin: Bulletin) -> list[list[str]]:
    """The townships in their rank, as texts."""
    return [[_text(name, row[name]) for name in SHOWN] for row in bulletin.figures["rows"]]


def total(bulletin: Bulletin) -> list[str]:
    """All townships together, as texts."""
    return [_text(name, value) for name, value in _whole(bulletin, SHOWN)]


def values(bulletin: Bulletin) -> list[list[object]]:
    """All rows and their sum as plain values."""
    names = (*SHOWN, *MORE)
    told = [[_value(name, row[name]) for name in names] for row in bulletin.figures["rows"]]
    return [*told, [_value(name, value) for name, value in _whole(bulletin, names)]]


def sentences(bulletin: Bulletin) -> list[str]:
    """What the table says, in words: how far the county is, what came since last time, who is behind."""
    figures = bulletin.figures
    whole = figures["whole"]
    said = [
        _(
            "By %(day)s %(enrolled)s of %(should)s people who should enroll had enrolled, %(rate)s percent; "
            "%(collected)s of %(due)s yuan due were collected."
        )
        % {
            "day": _day(bulletin.as_of),
            "enrolled": f"{whole['enrolled']:,}",
            "should": f"{whole['should']:,}",
            "rate": whole["rate"] or "—",
            "collected": money.shown(whole["collected"]),
            "due": money.shown(whole["due"]),
        }
    ]
    if before := figures["before"]:
        said.append(
            _("Since bulletin no. %(number)s of %(day)s: %(people)s people and %(amount)s yuan more.")
            % {
                "number": before["number"],
                "day": _day(date.fromisoformat(before["as_of"])),
                "people": f"{whole['more_enrolled']:,}",
                "amount": money.shown(whole["more_collected"]),
            }
        )
    if figures["deadline"]:
        said.append(_of_deadline(figures))
    return said


def sheet(bulletin: Bulletin, *, at: datetime) -> bytes:
    """The bulletin as PDF. Raises CannotPrint."""
    data = {
        "office": issuer(),
        "title": _("Bulletin on collecting for %(year)s") % {"year": bulletin.fund_year},
        "issue": _("No. %(number)s") % {"number": bulletin.number},
        "day": _day(days.business_day(bulletin.made_at)),
        "to": _("To all townships:"),
        "sentences": sentences(bulletin),
        "heading": _("How far the townships are, as of %(day)s") % {"day": _day(bulletin.as_of)},
        "header": _printed(columns()),
        "rows": [_printed(row) for row in rows(bulletin)],
        "total": _printed(total(bulletin)),
        "remark": [line for line in bulletin.remark.splitlines() if line.strip()],
        "labels": [_("Prepared by"), _("Checked by"), _("Issued by")],
    }
    return printing.render("enrollment/print/bulletin.typ", data, at=at)


def issuer() -> str:
    """The name of the county's office, in whose name bulletins and reminders go out."""
    return Body.objects.filter(kind=Body.Kind.COUNTY_CENTRE).values_list("name", flat=True).first() or ""


def _printed(cells: list[str]) -> list[str]:
    return [cell for name, cell in zip(SHOWN, cells, strict=True) if name in PRINTED]


def _of_deadline(figures: Mapping[str, Any]) -> str:
    said = {"day": _day(date.fromisoformat(figures["deadline"]["on"])), "rate": figures["deadline"]["rate"]}
    if not figures["behind"]:
        return _("All townships have reached the %(rate)s percent that were wanted by %(day)s.") % said
    names = "、".join(_("%(name)s (%(rate)s %%)") % one for one in figures["behind"])
    return _("Behind the %(rate)s percent that were wanted by %(day)s: %(names)s.") % {**said, "names": names}


def _whole(bulletin: Bulletin, names: tuple[str, ...]) -> list[tuple[str, Any]]:
    whole = bulletin.figures["whole"]
    return [(name, _("together") if name == "name" else whole[name]) for name in names]


def _text(name: str, value: Any) -> str:
    if value is None:
        return "" if name == "rank" else "—"
    if name in MONEY:
        return money.shown(value)
    return f"{value:,}" if isinstance(value, int) else str(value)


def _value(name: str, value: Any) -> object:
    return Decimal(value) if value is not None and name in MONEY | RATES else value


def _day(day: date) -> str:
    return date_format(day, "DATE_FORMAT")
