"""A year's holiday notice as rows of a table: which days are off though weekdays, which are worked though weekends.

The State Council's office publishes it each autumn (国务院办公厅关于部分节假日安排的通知); offices keep a small table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from office.rules import gettext_noop

COLUMNS = {
    "日期": "day", "date": "day", "day": "day",
    "上班": "working", "是否上班": "working", "working": "working",
    "说明": "reason", "事由": "reason", "节日": "reason", "reason": "reason",
}  # fmt: skip
HEADERS = {"day": "日期", "working": "上班", "reason": "说明"}  # as the columns are called in the file
WORKING = {
    "是": True,
    "上班": True,
    "yes": True,
    "1": True,
    "否": False,
    "休": False,
    "no": False,
    "0": False,
}
DAY_FORMS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d")

COLUMN_MISSING = gettext_noop("This column is missing: the first row must name 日期, 上班 and 说明.")
DAY_UNREADABLE = gettext_noop("This is no date. Write it as 2027-01-01.")
DAY_OTHER_YEAR = gettext_noop("This day does not lie in {year}.")
DAY_TWICE = gettext_noop("This day stands in row {row} already.")
WORKING_UNREADABLE = gettext_noop("Write 是 (worked) or 否 (off).")
REASON_MISSING = gettext_noop("The reason is missing: the festival, or 调休.")


@dataclass(frozen=True)
class DayNotice:
    """One day of a notice: worked or not, and why."""

    day: date
    is_working: bool
    reason: str


@dataclass(frozen=True)
class Fault:
    """Why a row cannot be taken; rows are counted from 1, the header being row 1."""

    row: int
    column: str
    value: str
    sentence: str
    params: Mapping[str, object] = field(default_factory=dict)


def read(rows: Sequence[Sequence[object]], year: int) -> tuple[list[DayNotice], list[Fault]]:
    """The days of a notice and every fault; columns in any order, others are ignored, empty rows are passed over."""
    header = [COLUMNS.get(_text(cell).lower()) for cell in rows[0]] if rows else []
    if missing := [name for name in ("day", "working", "reason") if name not in header]:
        return [], [Fault(1, name, "", COLUMN_MISSING) for name in missing]
    at = {name: header.index(name) for name in ("day", "working", "reason")}
    notices: dict[date, tuple[int, DayNotice]] = {}
    faults: list[Fault] = []
    for number, row in enumerate(rows[1:], start=2):
        cells = {name: row[place] if place < len(row) else "" for name, place in at.items()}
        if not any(_text(cell) for cell in cells.values()):
            continue
        found = _row(number, cells, year, notices)
        if isinstance(found, DayNotice):
            notices[found.day] = (number, found)
        else:
            faults += found
    return [notice for _row_number, notice in notices.values()], faults


def _row(
    number: int, cells: Mapping[str, object], year: int, known: Mapping[date, tuple[int, DayNotice]]
) -> DayNotice | list[Fault]:
    faults = []
    day = _day(cells["day"])
    shown = _text(cells["day"])
    if day is None:
        faults.append(Fault(number, "day", shown, DAY_UNREADABLE))
    elif day.year != year:
        faults.append(Fault(number, "day", shown, DAY_OTHER_YEAR, {"year": year}))
    elif day in known:
        faults.append(Fault(number, "day", shown, DAY_TWICE, {"row": known[day][0]}))
    working = WORKING.get(_text(cells["working"]).lower())
    if working is None:
        faults.append(Fault(number, "working", _text(cells["working"]), WORKING_UNREADABLE))
    reason = _text(cells["reason"])[:60]
    if not reason:
        faults.append(Fault(number, "reason", "", REASON_MISSING))
    return faults if faults or day is None or working is None else DayNotice(day, working, reason)


def _day(cell: object) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    for form in DAY_FORMS:
        try:
            return datetime.strptime(_text(cell), form).date()  # noqa: DTZ007  a day has no zone
        except ValueError:
            continue
    return None


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))  # workbooks hold whole numbers as floats
    return "" if cell is None else str(cell).strip()
