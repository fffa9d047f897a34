"""The acts of keeping money by name, as the trail's pages say them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

ACTS: dict[str, StrPromise] = {
    "book.opened": _("opened the books of a fund"),
    "budget.drafted": _("drafted a budget"),
    "budget.entered": _("entered lines of a budget"),
    "budget.proposed": _("proposed a budget"),
    "budget.withdrawn": _("took a budget back"),
    "budget.decided": _("decided a budget"),
    "final-account.made": _("made a final account"),
    "final-account.withdrawn": _("took a final account back"),
    "final-account.decided": _("decided a final account"),
    "posting.entered": _("entered a posting"),
    "posting.reversed": _("took a posting back"),
    "slip.noted": _("noted that money came in"),
    "slip.entered": _("checked a slip, and it was entered"),
    "slip.withdrawn": _("withdrew a slip"),
    "slip.back-asked": _("asked that a slip be taken back"),
    "slip.back-refused": _("left a slip entered"),
    "slip.taken-back": _("took a slip back"),
    "slip.seen": _("found a slip on a statement"),
    "slip.unseen": _("took a slip off a statement"),
    "warning-level.proposed": _("entered the level of a warning"),
    "warning-level.decided": _("decided the level of a warning"),
    "warning-level.withdrawn": _("took the level of a warning back"),
    "subsidy-letter.made": _("asked for a subsidy that is owed"),
}
