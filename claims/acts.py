"""The acts of reviewing by name, as the trail's pages say them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

ACTS: dict[str, StrPromise] = {
    "agreement.ended": _("ended an agreement with a provider early"),
    "agreement.signed": _("noted an agreement with a provider"),
    "benefit-plan.changed": _("changed the draft of a benefit plan"),
    "benefit-plan.copied": _("copied a benefit plan into a draft"),
    "benefit-plan.decided": _("decided a benefit plan"),
    "benefit-plan.drafted": _("drafted a benefit plan"),
    "benefit-plan.ended": _("ended a benefit plan earlier by adopting another"),
    "benefit-plan.proposed": _("proposed a benefit plan"),
    "benefit-plan.withdrawn": _("took a benefit plan back"),
    "catalogue.ended": _("ended an edition of a catalogue by a newer one"),
    "catalogue.taken_in": _("took an edition of a catalogue in"),
    "claim.approved": _("approved a claim"),
    "claim.changed": _("entered a claim anew"),
    "claim.checked": _("decided a step of a claim"),
    "claim.entered": _("took a claim in"),
    "claim.handed-on": _("handed a claim on to be checked"),
    "claim.held": _("held a claim"),
    "claim.let-go": _("let a held claim go on"),
    "claim.paid": _("noted that a claim was paid"),
    "claim.payable": _("let a claim be paid after its publicity"),
    "claim.paying": _("put a claim into a payment"),
    "claim.payment-returned": _("noted that the bank gave a payment back"),
    "claim.reversed": _("reversed the approval of a paid claim"),
    "claim.verification-answered": _("noted a hospital's answer about a claim"),
    "claim.verification-asked": _("asked a hospital about a claim"),
    "claim.voided": _("made a claim void"),
    "disease.listed": _("put a disease on a list"),
    "diseases.imported": _("brought diseases in"),
    "limit.decided": _("decided a limit"),
    "limit.ended": _("ended a limit earlier by confirming another"),
    "limit.proposed": _("entered a limit"),
    "limit.withdrawn": _("took a limit back"),
    "listed-disease.ended": _("took a disease off a list"),
    "meeting.agenda-changed": _("changed the agenda of a committee meeting"),
    "meeting.attendance-noted": _("noted who came to a committee meeting"),
    "meeting.called": _("called a committee meeting"),
    "meeting.cancelled": _("cancelled a committee meeting"),
    "meeting.decided": _("closed the decisions of a committee meeting"),
    "meeting.minutes-frozen": _("froze the minutes of a committee meeting"),
    "meeting.opened": _("opened a committee meeting"),
    "meeting.recused": _("noted that a committee member withdrew from a claim"),
    "meeting.sheet-confirmed": _("confirmed a sheet of votes in a committee meeting"),
    "notice.issued": _("issued a decision notice"),
    "notice.served": _("noted how a decision notice was served"),
    "provider.added": _("made a provider known"),
    "provider.changed": _("corrected a provider"),
    "provider.closed": _("noted that a provider closed"),
    "provider.reopened": _("took a provider's closing back"),
}
