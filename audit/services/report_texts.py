"""Giving in a report's text to be checked."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from audit.models import ReportText
from audit.models.report_texts import LONGEST
from audit.rules import report_check
from office import trail
from office.models import Person

RIGHT: Final = "audit.add_reporttext"
SHORTEST: Final = 10


class CannotKeepText(Exception):
    """The text was not kept; the message is written for whoever gave it in, `field` is what of his form it is about."""

    def __init__(self, message: str, field: str = "text") -> None:
        super().__init__(message)
        self.field = field


def keep(*, title: str, text: str, year: int, span: str, by: Person, at: datetime) -> ReportText:
    """Keep a report's text as it is. Raises CannotKeepText."""
    content = text.replace("\r\n", "\n").strip()
    if not title.strip():
        raise CannotKeepText(_("Say what the report is called."), "title")
    if len(content) < SHORTEST:
        raise CannotKeepText(_("Paste the report's text."))
    if len(content) > LONGEST:
        raise CannotKeepText(_("This text is longer than %(most)s signs: give it in in parts.") % {"most": LONGEST})
    checked = report_check.check(content)
    try:
        with transaction.atomic():
            kept = ReportText.objects.create(
                title=title.strip(),
                year=year,
                span=span,
                text=content,
                sha256=hashlib.sha256(content.encode()).hexdigest(),
                given_by=by,
                given_at=at,
            )
            trail.record(
                "report-text.kept",
                kept,
                by=by,
                at=at,
                right=RIGHT,
                sha256=kept.sha256,
                checked=len(checked.findings),
                errors=len(checked.errors),
            )
    except IntegrityError as refusal:
        if "report_text_is_given_in_once" in str(refusal):
            raise CannotKeepText(_("This text was given in already, for the same year and span.")) from refusal
        raise
    return kept
