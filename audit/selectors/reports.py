"""What a report says (审计报告), as it is frozen: the engagement, its people, each finding with what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final

from audit.models import Engagement, EngagementMember, Finding, Rectification, TakenOff
from audit.selectors.findings import recovered_of, waived_of

#: The form of the content; a later form gets another name, so that old hashes stay what they are.
FORM: Final = "audit-report-2"  # the first one said nothing of money that was waived


def content_of(engagement: Engagement, *, number: str, opinion: str, advice: str) -> dict[str, Any]:
    """Everything a report says, as plain texts: amounts in yuan with two places, days as 2010-03-01. Choices are kept
    by their names and told in words when it is read."""
    findings = list(engagement.findings.standing().select_related("provider", "member").order_by("pk"))
    back, up = (of([one.pk for one in findings]) for of in (recovered_of, waived_of))
    told = [_finding(one, back.get(one.pk, Decimal(0)), up.get(one.pk, Decimal(0))) for one in findings]
    return {
        "form": FORM,
        "number": number,
        "engagement": _engagement(engagement),
        "opinion": opinion,
        "advice": advice,
        "findings": told,
        "amount": _sum(one["amount"] for one in told),
        "to_recover": _sum(one["to_recover"] for one in told),
        "recovered": _sum(one["recovered"] for one in told),
        "waived": _sum(one["waived"] for one in told),
    }


def _engagement(engagement: Engagement) -> dict[str, Any]:
    papers = {"papers": engagement.papers.count(), "sheets": engagement.sheets.exclude(state="void").count()}
    return papers | {
        "number": engagement.number,
        "kind": engagement.kind,
        "done_by": engagement.done_by,
        "title": engagement.title,
        "basis": engagement.basis,
        "body": engagement.body.name,
        "leaver": engagement.leaver.full_name if engagement.leaver else "",
        "scheme": engagement.scheme.name if engagement.scheme else "",
        "since": engagement.since.isoformat(),
        "until": engagement.until.isoformat(),
        "scope": engagement.scope,
        "notice_on": engagement.notice_on.isoformat() if engagement.notice_on else "",
        "fieldwork_from": engagement.fieldwork_from.isoformat() if engagement.fieldwork_from else "",
        "lead": _leads(engagement),
        "members": [_member(one) for one in engagement.members.select_related("person", "taken_off").order_by("pk")],
    }


def _leads(engagement: Engagement) -> str:
    """Who leads it, after those who led it until a day."""
    before = engagement.replaced_leads.select_related("before")
    return "、".join(
        [*(f"{one.before.full_name}（–{one.on.isoformat()}）" for one in before), engagement.lead.full_name]
    )


def _member(one: EngagementMember) -> str:
    """Who works on it, or did until a day."""
    off: TakenOff | None = getattr(one, "taken_off", None)
    return one.person.full_name if off is None else f"{one.person.full_name}（–{off.on.isoformat()}）"


def _finding(finding: Finding, recovered: Decimal, waived: Decimal) -> dict[str, Any]:
    answers = finding.answers.select_related("answered_by").order_by("pk")
    return {
        "number": finding.number,
        "title": finding.title,
        "fact": finding.fact,
        "rule": finding.rule,
        "cause": finding.cause,
        "responsible": finding.responsible,
        "provider": finding.provider.name if finding.provider else "",
        "person": finding.member.name if finding.member else "",
        "amount": f"{finding.amount:.2f}",
        "to_recover": f"{finding.to_recover:.2f}",
        "recovered": f"{recovered:.2f}",
        "waived": f"{waived:.2f}",
        "sheets": list(finding.sheets.order_by("pk").values_list("sheet__number", flat=True)),
        "cited": list(finding.citations.order_by("pk").values_list("words", flat=True)),
        "answers": [
            {
                "on": one.answered_on.isoformat(),
                "by": one.answered_by.full_name,
                "agrees": one.agrees,
                "words": one.words,
            }
            for one in answers
        ],
        "measures": [_measure(one) for one in finding.rectifications.order_by("pk")],
    }


def _measure(one: Rectification) -> dict[str, str]:
    return {
        "number": one.number,
        "measure": one.measure,
        "responsible": one.responsible,
        "due_on": one.due_on.isoformat(),
        "state": one.state,
    }


def _sum(amounts: Iterable[str]) -> str:
    return f"{sum(map(Decimal, amounts), Decimal(0)):.2f}"
