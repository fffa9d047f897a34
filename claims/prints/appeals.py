"""An appeal in words for its page and its answer: what is asked back, what it adds, who pays the cost then."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from claims import plan_words
from claims.models import Appeal, AppealGrant, BenefitPlan
from claims.prints.plan_tables import layer_name
from claims.selectors import plans
from office.rules import money


def restored(found: Appeal) -> list[list[str]]:
    """The cuts that are asked back, in the order of the lines."""
    rows = found.restored.select_related("cut__line").order_by("cut__line__position", "pk")
    return [
        [
            str(one.cut.line.position),
            one.cut.line.name,
            money.shown(one.cut.amount),
            money.shown(one.amount),
            one.cut.reason or str(one.cut.get_reason_code_display()),
        ]
        for one in rows
    ]


def added(grant: AppealGrant) -> list[list[str]]:
    """By layer what was granted before, what is added, and both."""
    parts = list(grant.approval.parts.order_by("pk"))
    before = {one.layer: one.amount for one in parts if one.appeal_id is None}
    adds = {one.layer: one.amount for one in parts if one.appeal_id == grant.appeal_id}
    funds = {one.layer: one.fund for one in parts}
    names = _layers(grant)
    none = Decimal(0)
    return [
        [
            f"{plan_words.word(plan_words.FUNDS, funds[layer])} · {names.get(layer, layer)}",
            money.shown(before.get(layer, none)),
            money.shown(adds.get(layer, none)),
            money.shown(before.get(layer, none) + adds.get(layer, none)),
        ]
        for layer in dict.fromkeys([*before, *adds])
    ]


def _layers(grant: AppealGrant) -> dict[str, str]:
    """The layers of the plans by which the claim was approved, by name."""
    used = BenefitPlan.objects.filter(pk__in=[one["plan"] for one in grant.approval.plans])
    return {layer["code"]: layer_name(layer) for one in used for layer in plans.read_of(one).tree["layers"]}


def together(grant: AppealGrant) -> list[list[str]]:
    """Who pays the cost now: approval and grant together make up the whole."""
    approval = grant.approval
    return [
        [_("the funds pay, yuan"), money.shown(approval.fund_pays + grant.fund_adds)],
        [_("hospital bears"), money.shown(approval.hospital_bears + grant.hospital_adds)],
        [_("paid by others"), money.shown(approval.other_payers)],
        [_("patient pays"), money.shown(approval.patient_pays - grant.patient_saves)],
        [_("total cost, yuan"), money.shown(approval.total)],
    ]
