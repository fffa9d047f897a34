"""Leafing through a claim's papers: only the papers change on the page, what is typed beside them stays."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from claims.models import Claim
from claims.selectors import scans
from claims.views.claims import VIEW, claim_of
from office import attachments
from office.access import Request


@permission_required(VIEW, raise_exception=True)
def viewer(request: Request, pk: int) -> HttpResponse:
    """The open page of a claim's papers."""
    found = claim_of(request, pk, VIEW)
    htmx: Any = request.htmx  # type: ignore[attr-defined]
    if not htmx:
        query = request.GET.urlencode()
        return redirect(f"{reverse('claims:claim', args=[pk])}?{query}#scans")
    return render(request, "claims/claim/_scans.html", beside(request, found))


def beside(request: Request, claim: Claim) -> dict[str, Any]:
    """What the papers beside a claim's figures need."""
    files = attachments.of(claim).order_by("pk")
    return {"claim": claim, "scans": scans.scans_of(files, request.GET.dict())}
