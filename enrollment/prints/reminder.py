"""The letter that reminds a township (督办函)."""

from __future__ import annotations

from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from enrollment.models import Reminder
from enrollment.prints import bulletin
from office import printing
from office.rules import days


def letter(reminder: Reminder, *, at: datetime) -> bytes:
    """The letter as PDF, with the answer if there is one. Raises CannotPrint."""
    deadline = reminder.deadline
    data = {
        "office": bulletin.issuer(),
        "title": _("Reminder on collecting"),
        "number": reminder.pk,
        "to": _("To %(township)s:") % {"township": reminder.township},
        "sentences": [
            _(
                "For %(year)s, %(wanted)s percent of the people who should enroll were to be enrolled by %(day)s. "
                "When this letter was written your township had reached %(rate)s percent."
            )
            % {
                "year": deadline.fund_year,
                "wanted": deadline.rate,
                "day": date_format(deadline.on, "DATE_FORMAT"),
                "rate": reminder.rate,
            },
            reminder.text,
            _("Please answer by %(day)s.") % {"day": date_format(reminder.answer_by, "DATE_FORMAT")},
        ],
        "sender": bulletin.issuer(),
        "day": date_format(days.business_day(reminder.sent_at), "DATE_FORMAT"),
        "heading": _("Answer of the township"),
        "answer": [line for line in reminder.answer.splitlines() if line.strip()],
        "labels": [_("Person in charge"), _("Date")],
    }
    return printing.render("enrollment/print/reminder.typ", data, at=at)
