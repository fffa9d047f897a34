"""The sheet of one claim as it stands, for its page and on paper."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from claims.models import Approval, Claim
from claims.prints import sheets
from claims.prints.sheets import Document, Sheet
from claims.rules import cases
from claims.selectors import valuing
from claims.selectors.one_claim import Worked


def sheet_of(claim: Claim, worked: Worked, approval: Approval | None = None) -> Sheet | None:
    """What was granted as it was frozen; before that what the plans give now. Nothing where they give nothing."""
    if approval is not None:
        answer = approval.answer
    elif worked.answer is not None:
        answer = cases.told_of(worked.answer, trace=True)
    else:
        return None
    documents = [Document(f"{one} · {one.paper_number}", reverse("claims:plan", args=[one.pk])) for one in worked.plans]
    return sheets.sheet(stated(claim), {**answer, "id": claim.number}, worked.read, documents=documents)


def stated(claim: Claim) -> dict[str, Any]:
    """What a claim states, as a case does."""
    told = {name: _plain(value) for name, value in valuing.attributes_of(claim).items()}
    days = {name: day.isoformat() for name, day in valuing.days_of(claim).items()}
    return {**told, **days, "disease": str(claim.disease)}


def _plain(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
