"""The acts of keeping money by name, as the trail's pages say them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

ACTS: dict[str, StrPromise] = {
    "book.opened": _("opened the books of a fund"),
    "book.changed": _("changed how a fund is paid and collected"),
    "account.changed": _("changed the code or name of an account"),
    "voucher.noted": _("made a voucher"),
    "voucher.entered": _("checked a voucher and entered it"),
    "voucher.sent-back": _("sent a voucher back"),
    "voucher.withdrawn": _("withdrew a voucher"),
    "month.closing-asked": _("asked that a month be closed"),
    "month.closing-decided": _("decided about closing a month"),
    "month.opening-asked": _("asked that a month be opened again"),
    "month.opening-decided": _("decided about opening a month again"),
    "month.withdrawn": _("withdrew what was asked about a month"),
    "posting.entered": _("entered a posting"),
    "posting.reversed": _("took a posting back"),
}
