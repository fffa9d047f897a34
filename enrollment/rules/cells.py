"""Cells of a roster as plain values: workbooks give numbers and dates where people typed digits."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Final

EXACT: Final = 10**15  # workbooks keep 15 digits of a number; beyond that the end is lost
DATE: Final = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?(?:[ T]0{1,2}:00(?::00)?)?")
EIGHT: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
SERIAL: Final = re.compile(r"[1-9][0-9]{4}")  # 1927 and later; four digits are rather a year
SERIAL_START: Final = date(1899, 12, 30)  # day 0 of a workbook's dates, counted from March 1900 on
MONEY: Final = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
LEFT_OUT: Final = re.compile(r"[¥￥,元\s]")


def text(cell: object) -> str:
    """A cell as text without blanks around it; whole numbers without their .0, days as 2009-01-31."""
    if isinstance(cell, str):
        return cell.strip()
    if cell is None:
        return ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < EXACT else f"{cell:.15G}"
    return cell.date().isoformat() if isinstance(cell, datetime) else str(cell)


def plain(said: str) -> str:
    """Letters and digits without their full-width forms, and no blanks."""
    return said if said.isascii() and said.isalnum() else "".join(unicodedata.normalize("NFKC", said).split())


@lru_cache(maxsize=60_000)
def day(said: str) -> date | None:
    """A date as people and workbooks write it: 1980-1-2, 1980.01.02, 1980年1月2日, 19800102 or 29222.

    None is no date.
    """
    written = unicodedata.normalize("NFKC", said).strip()
    found = DATE.fullmatch(written) or EIGHT.fullmatch(written)
    if found is None:
        return SERIAL_START + timedelta(days=int(written)) if SERIAL.fullmatch(written) else None
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        return None


@lru_cache(maxsize=10_000)
def money(said: str) -> Decimal | None:
    """An amount in yuan as people write it, 20, 20.00, ¥20 or 20元; None is no amount."""
    written = LEFT_OUT.sub("", unicodedata.normalize("NFKC", said))
    return Decimal(written) if MONEY.fullmatch(written) else None
