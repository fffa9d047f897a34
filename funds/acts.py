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
    # payments
    "answer.taken": _("took an answer of the bank"),
    "batch.asked": _("asked for the release of a batch"),
    "batch.claimed": _("made a batch ready for the bank"),
    "batch.handed-over": _("handed a batch over to the bank"),
    "batch.made": _("made a payment batch"),
    "batch.not-taken": _("noted that the bank took nothing of a batch"),
    "batch.over": _("ended a payment batch"),
    "batch.released": _("released a payment batch"),
    "batch.sent": _("sent a payment batch"),
    "batch.taken-back": _("took a batch back before its release"),
    "batch.unknown": _("noted payments as unknown"),
    "batch.voided": _("gave a payment batch up"),
    "cash.brought-back": _("brought cash back to the bank"),
    "cash.fetched": _("fetched cash from the bank"),
    "cash.paid-out": _("paid out in cash"),
    "fund-request.arrived": _("noted the money of a fund request"),
    "fund-request.decided": _("decided a fund request"),
    "fund-request.made": _("asked finance for money"),
    "fund-request.withdrawn": _("took a fund request back"),
    "order.cancelled": _("cancelled an order of payment"),
    "order.made": _("ordered a payment"),
    "paper.decided": _("decided an answer on paper"),
    "paper.noted": _("noted an answer on paper"),
    "payee.decided": _("decided a payee's account"),
    "payee.proposed": _("proposed a payee's account"),
    "payment.returned": _("noted a payment that came back"),
    "payment.stopped": _("stopped a payment"),
    "payment.struck": _("took a payment out of a batch"),
}
