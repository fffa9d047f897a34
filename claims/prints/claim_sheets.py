"""The sheet of one claim as it stands (补偿审批单), for its page and on paper."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.models import Approval, Claim
from claims.prints import sheet_paper, sheets
from claims.prints.sheets import Document, Sheet
from claims.rules import cases
from claims.selectors import valuing
from claims.selectors.one_claim import Passed, Worked
from office.models import Person
from office.rules import masking


def sheet_of(claim: Claim, worked: Worked, approval: Approval | None = None) -> Sheet | None:
    """What was granted as it was frozen; before that what the plans give now. Nothing where they give nothing."""
    if approval is not None:
        answer = approval.answer
    elif worked.answer is not None:
        answer = cases.told_of(worked.answer, trace=True)
    else:
        return None
    documents = [Document(f"{one} · {one.paper_number}", reverse("claims:plan", args=[one.pk])) for one in worked.plans]
    made = sheets.sheet(stated(claim), {**answer, "id": claim.number}, worked.read, documents=documents)
    return replace(made, cut=worked.cut)


def printed(claim: Claim, sheet: Sheet, route: Iterable[Passed], *, by: Person, at: datetime) -> bytes:
    """The sheet on paper: whose claim it is and who is paid, the computation, who decided in each step. Raises
    CannotPrint."""
    member = claim.member
    whose = [
        (_("patient"), f"{member.name} {masking.masked(member.id_number or '')}".strip()),
        (_("household"), f"{member.household.village.parent} {member.household.village} {member.household.number}"),
        (_("scheme"), claim.scheme.name),
        (_("provider"), claim.provider.name),
        (_("payee"), f"{claim.payee_name} {masking.masked_account(claim.payee_account)}".strip()),
        (_("state"), str(claim.get_state_display())),
    ]
    decided = [
        [
            one.words,
            str(vote.voter),
            str(vote.get_choice_display()),
            f"{timezone.localtime(vote.cast_at):%Y-%m-%d %H:%M}",
        ]
        for one in route
        for vote in one.votes
    ]
    whole = replace(sheet, facts=[*whose, *sheet.facts])
    return sheet_paper.paper([whole], title=_("Benefit approval sheet"), by=by, at=at, decided=decided)


def stated(claim: Claim) -> dict[str, Any]:
    """What a claim states, as a case does."""
    told = {name: _plain(value) for name, value in valuing.attributes_of(claim).items()}
    days = {name: day.isoformat() for name, day in valuing.days_of(claim).items()}
    return {**told, **days, "disease": str(claim.disease)}


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
