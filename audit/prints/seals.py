"""The checkpoint on paper: at the foot of every print; code and picture on the daily cash sheet that two sign."""

from __future__ import annotations

from datetime import datetime

import segno
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from audit.selectors import seals as selectors
from funds.prints.banks import DAILY_CASH
from office import printing
from office.printing import Stamp


def register() -> None:
    """Called once when the app is ready."""
    printing.register_footer(footer)
    printing.register_stamp(DAILY_CASH, stamp)


def footer(at: datetime) -> str:
    """The newest seal of a moment by its short code; nothing before the first."""
    found = selectors.newest(at)
    return _("Seal {number} {code}").format(number=found, code=found.code) if found else ""


def stamp(at: datetime) -> Stamp | None:
    """The newest seal of a moment with its picture; none before the first."""
    found = selectors.newest(at)
    if found is None:
        return None
    lines = [
        _("Checkpoint of the trail: seal {number}, {rows} rows, {time}").format(
            number=found, rows=f"{found.total:,}", time=f"{localtime(found.at):%Y-%m-%d %H:%M:%S}"
        ),
        _("Code: {code}").format(code=found.code),
        _("Key: {key}").format(key=found.key.fingerprint),
        _("Whoever signs keeps this paper: it proves that nothing before it was altered later."),
    ]
    picture = segno.make(selectors.qr_words(found), error="m").svg_inline(border=2, dark="#000", light="#fff")
    return Stamp(lines, picture)
