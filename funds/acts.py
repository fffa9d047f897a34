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
    "order.made": _("ordered a payment"),
    "order.cancelled": _("cancelled an order of payment"),
}
