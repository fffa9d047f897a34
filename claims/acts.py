"""The acts of reviewing by name, as the trail's pages say them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

ACTS: dict[str, StrPromise] = {
    "admission.bed-checked": _("checked a patient's bed"),
    "admission.discharged": _("noted a discharge from hospital"),
    "admission.moved": _("noted that a patient lies in another bed"),
    "admission.noted": _("noted an admission to hospital"),
    "admission.voided": _("made an admission void"),
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
    "certificate.applied": _("took in an application for a certificate"),
    "certificate.checked": _("checked an application for a certificate"),
    "certificate.reviewed": _("reviewed a certificate"),
    "certificate.withdrawn": _("took an application for a certificate back"),
    "disease.listed": _("put a disease on a list"),
    "diseases.imported": _("brought diseases in"),
    "expert-panel.confirmed": _("confirmed the minutes of the expert panel"),
    "expert-panel.found": _("wrote a finding of the expert panel"),
    "expert-panel.held": _("began the minutes of the expert panel"),
    "expert-panel.proposed": _("gave the minutes of the expert panel to be confirmed"),
    "expert-panel.withdrawn": _("took the minutes of the expert panel back"),
    "injury.concluded": _("wrote the conclusion of an injury inquiry"),
    "injury.decided": _("decided the conclusion of an injury inquiry"),
    "injury.opened": _("opened an injury inquiry"),
    "injury.visited": _("noted a visit of an injury inquiry"),
    "listed-disease.ended": _("took a disease off a list"),
    "outside-stay.noted": _("noted a stay outside"),
    "outside-stay.voided": _("made a stay outside void"),
    "provider.added": _("made a provider known"),
    "provider.changed": _("corrected a provider"),
    "provider.closed": _("noted that a provider closed"),
    "provider.reopened": _("took a provider's closing back"),
    "referral.asked": _("asked for a referral"),
    "referral.decided": _("decided a referral"),
    "time-limit.decided": _("decided a time limit"),
    "time-limit.proposed": _("entered a time limit"),
}
