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
    "benefit-plan.changed": _("changed the draft of a benefit plan"),
    "benefit-plan.copied": _("copied a benefit plan into a draft"),
    "benefit-plan.decided": _("decided a benefit plan"),
    "benefit-plan.drafted": _("drafted a benefit plan"),
    "benefit-plan.ended": _("ended a benefit plan earlier by adopting another"),
    "benefit-plan.proposed": _("proposed a benefit plan"),
    "benefit-plan.withdrawn": _("took a benefit plan back"),
    "certificate.applied": _("took in an application for a certificate"),
    "certificate.checked": _("checked an application for a certificate"),
    "certificate.reviewed": _("reviewed a certificate"),
    "certificate.withdrawn": _("took an application for a certificate back"),
    "expert-panel.confirmed": _("confirmed the minutes of the expert panel"),
    "expert-panel.found": _("wrote a finding of the expert panel"),
    "expert-panel.held": _("began the minutes of the expert panel"),
    "expert-panel.proposed": _("gave the minutes of the expert panel to be confirmed"),
    "expert-panel.withdrawn": _("took the minutes of the expert panel back"),
    "injury.concluded": _("wrote the conclusion of an injury inquiry"),
    "injury.decided": _("decided the conclusion of an injury inquiry"),
    "injury.opened": _("opened an injury inquiry"),
    "injury.visited": _("noted a visit of an injury inquiry"),
    "outside-stay.noted": _("noted a stay outside"),
    "outside-stay.voided": _("made a stay outside void"),
    "referral.asked": _("asked for a referral"),
    "referral.decided": _("decided a referral"),
    "time-limit.decided": _("decided a time limit"),
    "time-limit.proposed": _("entered a time limit"),
}
