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
    "disease.listed": _("put a disease on a list"),
    "diseases.imported": _("brought diseases in"),
    "listed-disease.ended": _("took a disease off a list"),
    "provider.added": _("made a provider known"),
    "provider.changed": _("corrected a provider"),
    "provider.closed": _("noted that a provider closed"),
    "provider.reopened": _("took a provider's closing back"),
}
