"""The acts of reviewing by name, as the trail's pages say them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

ACTS: dict[str, StrPromise] = {
    "benefit-plan.changed": _("changed the draft of a benefit plan"),
    "benefit-plan.copied": _("copied a benefit plan into a draft"),
    "benefit-plan.decided": _("decided a benefit plan"),
    "benefit-plan.drafted": _("drafted a benefit plan"),
    "benefit-plan.ended": _("ended a benefit plan earlier by adopting another"),
    "benefit-plan.proposed": _("proposed a benefit plan"),
    "benefit-plan.withdrawn": _("took a benefit plan back"),
}
