"""The decision notice (审批决定书) on paper, with the proof of service (送达回证) to be signed below."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from claims.models import Appeal, AppealGrant, Approval, Cut, DecisionNotice, Step, TimeLimit
from claims.prints import appeals
from claims.selectors import publicity
from claims.services import appeals as services
from enrollment.prints.bulletin import issuer
from office import printing
from office.models.rounds import Outcome
from office.rules import money


def notice(found: DecisionNotice, *, at: datetime) -> bytes:
    """The notice on a claim. Raises CannotPrint."""
    claim = found.claim
    if found.round.subject_type == Appeal._meta.label_lower:
        return _answer(found, at=at)
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
        "after": _(
            "Whoever does not agree may appeal once, within %(days)s days from the day of service, with the reason and"
            " new papers; others than before decide it."
        )
        % {"days": publicity.days_for(claim.scheme, TimeLimit.Kind.APPEAL_FILED, found.issued_on)},
        "issued": _("Issued on %(day)s") % {"day": found.issued_on.isoformat()},
        "service_title": _("Proof of service"),
        "service": _service(found),
        "labels": [_("Served by"), pgettext("notice", "Received by"), _("Date")],
    }
    return printing.render("claims/print/notice.typ", data, at=at)


def _answer(found: DecisionNotice, *, at: datetime) -> bytes:
    """The answer to an appeal (复议决定书): what was asked back, what came of it, what it adds."""
    appeal = found.claim.appeal
    grant = AppealGrant.objects.filter(appeal=appeal).select_related("approval").first()
    words = "；".join(dict.fromkeys(one.reason for one in found.round.votes.all() if one.reason))
    data = {
        "office": issuer(),
        "title": _("Answer to an appeal"),
        "number": found.number,
        "facts": [[label, value] for label, value in services.rows(appeal)],
        "says": _("%(result)s Reason: %(reason)s") % {"result": _result(appeal, grant), "reason": words or "—"},
        "cuts_title": _("Cuts that are asked back"),
        "header": [_("no."), _("item"), _("asked back, yuan"), _("reason")],
        "cuts": [[row[0], row[1], row[3], row[4]] for row in appeals.restored(appeal)],
        "capitals": money.capitals(grant.fund_adds) if grant else "",
        "figures": grant.fund_adds if grant else "",
        "after": _("A claim is appealed once; with this answer the office's procedure ends."),
        "issued": _("Issued on %(day)s") % {"day": found.issued_on.isoformat()},
        "service_title": _("Proof of service"),
        "service": _service(found),
        "labels": [_("Served by"), pgettext("notice", "Received by"), _("Date")],
    }
    return printing.render("claims/print/notice.typ", data, at=at)


def _result(appeal: Appeal, grant: AppealGrant | None) -> str:
    if appeal.state != Appeal.State.WON:
        return _("The appeal is dismissed.")
    if grant is None:
        return _("The appeal is granted: the claim is decided anew, by others.")
    amount = money.shown(grant.fund_adds)
    return _("The appeal is granted: the funds add %(amount)s yuan.") % {"amount": amount}


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
