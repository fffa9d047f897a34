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
    "subsidy-letter.made": _("asked for a subsidy that is owed"),
    # settlements
    "assessment.decided": _("decided the assessment of a provider's year"),
    "assessment.proposed": _("entered the assessment of a provider's year"),
    "assessment.withdrawn": _("took back the assessment of a provider's year"),
    "premium.decided": _("decided a critical-illness premium"),
    "premium.proposed": _("asked for a critical-illness premium"),
    "premium.withdrawn": _("took back a critical-illness premium"),
    "prepayment.decided": _("decided a prepayment to a hospital"),
    "prepayment.proposed": _("asked for a prepayment to a hospital"),
    "prepayment.withdrawn": _("took back a prepayment to a hospital"),
    "provider-payment.decided": _("decided the payment of a settlement"),
    "provider-payment.proposed": _("asked for the payment of a settlement"),
    "provider-payment.withdrawn": _("took back the payment of a settlement"),
    "recovery.decided": _("decided money that came back"),
    "recovery.proposed": _("entered money that came back"),
    "recovery.withdrawn": _("took back money that came back"),
    "retention-term.decided": _("decided terms of retention"),
    "retention-term.proposed": _("entered terms of retention"),
    "retention-term.withdrawn": _("took back terms of retention"),
    "risk-move.decided": _("decided a move of the risk fund"),
    "risk-move.proposed": _("asked for a move of the risk fund"),
    "risk-move.withdrawn": _("took back a move of the risk fund"),
    "second-appeal.answered": _("answered an appeal against second compensation"),
    "second-appeal.received": _("took down an appeal against second compensation"),
    "second-notice.slip-noted": _("noted the slip of a list of second compensation"),
    "second-run.decided": _("decided a list of second compensation"),
    "second-run.drawn-up": _("drew up a list of second compensation"),
    "second-run.ordered": _("ordered payments of second compensation"),
    "second-run.posted": _("noted that lists of second compensation hang"),
    "second-run.proposed": _("proposed a list of second compensation"),
    "second-run.voided": _("gave up a list of second compensation"),
}
