"""The decision notice (审批决定书) on paper, with the proof of service (送达回证) to be signed below."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from claims.models import Approval, Cut, DecisionNotice, Step
from enrollment.prints.bulletin import issuer
from office import printing
from office.models.rounds import Outcome
from office.rules import money


def notice(found: DecisionNotice, *, at: datetime) -> bytes:
    """The notice on a claim. Raises CannotPrint."""
    claim = found.claim
    approval = Approval.objects.filter(claim=claim).first() if found.round.outcome == Outcome.APPROVED else None
    days = f"{claim.admitted_on.isoformat()} – {claim.discharged_on.isoformat()}"
    data = {
        "office": issuer(),
        "title": _("Decision notice"),
        "number": found.number,
        "facts": [
            [_("patient"), claim.member.name],
            [_("household"), f"{claim.member.household.village} {claim.member.household.number}"],
            [_("claim number"), claim.number],
            [_("provider"), claim.provider.name],
            [_("in hospital from and until"), days],
            [_("diagnosis"), claim.disease.name],
            [_("total cost"), _("%(amount)s yuan") % {"amount": money.shown(claim.total)}],
            [_("decided in"), str(Step(found.round.step).label)],
        ],
        "says": _says(found, approval),
        "cuts_title": _("What was cut"),
        "header": [_("no."), _("item"), _("cut, yuan"), _("reason")],
        "cuts": _cuts(found),
        "capitals": money.capitals(approval.fund_pays) if approval else "",
        "figures": approval.fund_pays if approval else "",
        "after": _("Whoever does not agree may ask the office to look at it again, with the reason and new papers."),
        "issued": _("Issued on %(day)s") % {"day": found.issued_on.isoformat()},
        "service_title": _("Proof of service"),
        "service": _service(found),
        "labels": [_("Served by"), _("Received by"), _("Date")],
    }
    return printing.render("claims/print/notice.typ", data, at=at)


def _says(found: DecisionNotice, approval: Approval | None) -> str:
    if approval is not None:
        return _("Of the cost above the funds pay %(amount)s yuan.") % {"amount": money.shown(approval.fund_pays)}
    words = "；".join(dict.fromkeys(one.reason for one in found.round.votes.all() if one.choice == "refuse"))
    return _("The claim is refused. Reason: %(reason)s") % {"reason": words or "—"}


def _cuts(found: DecisionNotice) -> list[list[str]]:
    rows = Cut.objects.filter(claim=found.claim, counts=True, line__version=found.claim.content_version)
    return [
        [
            str(one.line.position),
            one.line.name,
            money.shown(one.amount),
            one.reason or str(one.get_reason_code_display()),
        ]
        for one in rows.select_related("line").order_by("line__position", "pk")
    ]


def _service(found: DecisionNotice) -> list[list[Any]]:
    return [
        [_("way of service"), str(found.get_way_display()) if found.way else ""],
        [_("served to"), found.served_to],
        [_("served on"), found.served_on.isoformat() if found.served_on else ""],
        [_("noted by"), found.served_by.full_name if found.served_by else ""],
    ]
