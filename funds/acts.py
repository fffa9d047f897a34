"""The acts of keeping money by name, as the trail's pages say them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

ACTS: dict[str, StrPromise] = {
    "bank-account.decided": _("decided about a bank account"),
    "bank-account.proposed": _("entered a bank account"),
    "book.opened": _("opened the books of a fund"),
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
    "subsidy-letter.made": _("asked for a subsidy that is owed"),
}
