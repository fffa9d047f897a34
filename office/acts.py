"""The office's own acts by name, as the trail's pages say them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

ACTS: dict[str, StrPromise] = {
    "attachment.kept": _("kept a file"),
    "attachment.read": _("fetched a file"),
    "job.asked": _("asked for a job"),
    "job.restarted": _("started a job again"),
    "list.exported": _("exported a list"),
    "page.refused": _("opened a page without the right to"),
    "printer.added": _("added a printer"),
    "printer-offset.set": _("set a printer offset"),
    "working-day.changed": _("changed a working day"),
    "working-days.notice-applied": _("brought in a holiday notice"),
    "working-days.year-added": _("added a year of working days"),
}
