"""The acts of keeping money by name, as the trail's pages say them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

ACTS: dict[str, StrPromise] = {
    "bank-account.decided": _("decided about a bank account"),
    "bank-account.proposed": _("entered a bank account"),
    "cash.confirmed": _("counted cash along"),
    "cash.counted": _("counted cash"),
    "cash.voided": _("made a count of cash void"),
    "match.undone": _("undid a match with the bank"),
    "reconciliation.decided": _("decided about a reconciliation sheet"),
    "reconciliation.proposed": _("made a reconciliation sheet"),
    "reconciliation.withdrawn": _("took a reconciliation sheet back"),
    "statement.kept": _("took a bank statement in"),
    "statement.matched": _("matched a bank statement with the books"),
    "statement.voided": _("made a bank statement void"),
    "book.opened": _("opened the books of a fund"),
    "posting.entered": _("entered a posting"),
    "posting.reversed": _("took a posting back"),
}
