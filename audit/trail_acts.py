"""The acts of reading the trail, of exports for the audit bureau, and of checked reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

ACTS: dict[str, StrPromise] = {
    "story.read": _("read the story of something"),
    "story.exported": _("exported the story of something"),
    "person-day.read": _("read what a person did on a day"),
    "audit-export.asked": _("asked for an export for the audit bureau"),
    "audit-export.made": _("made an export for the audit bureau"),
    "report-text.kept": _("gave in the text of a report"),
    "report.printed": _("printed the report from the books"),
}
