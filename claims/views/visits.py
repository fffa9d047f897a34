"""A register of visits typed in on the number pad: one form of rows, saved with its faults, nothing typed lost."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from claims.forms import visits as grid
from claims.forms.visits import HeadForm, Texts
from claims.models import BulkDocument, BulkRow, Provider
from claims.selectors import bulk, document_pages, picking
from claims.services import documents as services
from claims.services import intake
from claims.services.documents import ADD, CannotKeepDocument
from claims.views.documents import document_of
from office.access import Request
from office.pages import guard, kept
from office.rules import money

REFUSED = 422


@permission_required(ADD, raise_exception=True)
def entry(request: Request, pk: int) -> HttpResponse:
    """The rows of a register in cells, as they were saved or as they were sent and refused."""
    found = document_of(request, pk, ADD)
    is_open = found.state in BulkDocument.EDITABLE and found.kind == BulkDocument.Kind.VILLAGE_REGISTER
    if not is_open and request.method != "POST":
        return redirect("claims:bulk_document", pk)
    if request.method == "POST":
        return _save(request, found)
    typed = kept.take(request)
    if typed is not None:
        return _page(request, found, grid.typed(typed), HeadForm(typed), is_kept=True)
    rows = list(document_pages.rows(found, "all").exclude(state=BulkRow.State.STRUCK))
    type_code = next((one.given.get("receipt_type", "") for one in rows), "")
    paper = request.GET.get("paper", "")
    return _page(request, found, grid.saved(rows), HeadForm(initial={"receipt_type": type_code, "paper": paper}))


@require_POST
@permission_required(ADD, raise_exception=True)
def pick(request: Request, name: str) -> HttpResponse:
    """What is found by what was typed into a row's cell."""
    if name not in grid.PICKS.values():
        raise Http404
    asked = request.GET.get("row", "")
    row = int(asked[:4]) if asked.isdecimal() else 0
    typed = request.POST.get(f"r{row}-{name}_text", "").strip()[: grid.LONGEST]
    if name == "disease":
        choices = picking.some_diseases(typed) if typed else []
    else:
        choices = picking.visitors(typed, place=_place_of(request)) if typed else []
    context = {"name": f"r{row}-{name}", "choices": choices, "typed": typed}
    return render(request, "claims/intake/_choices.html", context)


def _place_of(request: Request) -> Any:
    asked = request.GET.get("of", "")
    if not asked.isdecimal():
        own = picking.own_provider(intake.desks_of(request.user))
        return own.division if own is not None else None
    seen = BulkDocument.objects.visible_to(request.user, ADD).filter(pk=asked[:18])
    clinic = Provider.objects.filter(pk__in=seen.values("provider")).select_related("division").first()
    return clinic.division if clinic is not None else None


def _save(request: Request, found: BulkDocument) -> HttpResponse:
    """Everything is saved, faults and all; only what cannot be saved at all comes back as it was typed."""
    rows, head = grid.typed(request.POST), HeadForm(request.POST)
    seen = request.POST.get("seen", "")
    if not head.is_valid():
        told = _("Nothing was saved yet: the fields above the rows are wrong.")
        return _page(request, found, rows, head, refusal=told)
    said = head.cleaned_data
    try:
        written = services.write_rows(
            document=found,
            given=[*grid.given(rows, document=found, receipt_type=said["receipt_type"]), *_struck(found)],
            seen=int(seen[:9]) if seen.isdecimal() else 0,
            by=request.user,
            at=timezone.now(),
        )
    except CannotKeepDocument as refusal:
        return _page(request, document_of(request, found.pk, ADD), rows, head, refusal=str(refusal))
    messages.success(request, _("%(rows)s rows are saved.") % {"rows": written.good + written.faulty})
    if "done" in request.POST:
        return redirect("claims:bulk_document", found.pk)
    paper = said["paper"]
    return redirect(f"{request.path}?{urlencode({'paper': paper})}" if paper else request.path)


def _struck(found: BulkDocument) -> list[dict[str, str]]:
    """Rows that are struck out do not stand in the grid; they stay what they are."""
    return [one.given for one in bulk.rows_of(found).filter(state=BulkRow.State.STRUCK)]


def _page(
    request: Request,
    found: BulkDocument,
    rows: list[Texts],
    head: HeadForm,
    *,
    refusal: str = "",
    is_kept: bool = False,
) -> HttpResponse:
    total, paper = grid.sum_of(rows), _paper(head)
    context = {
        "document": found,
        "rows": grid.visits(rows, of=found),
        "head": head,
        "seen": found.content_version,
        "faulty": sum(bool(one.faults) for one in rows),
        "sums": {"count": len(rows), "total": total},
        "differs": total - paper if paper else None,
        "refusal": refusal,
        "kept": is_kept,
        "form_guard": guard.field(request),
    }
    return render(request, "claims/document/visits.html", context, status=REFUSED if refusal else 200)


def _paper(head: HeadForm) -> Decimal:
    """The sum on the paper, where one was typed that can be read."""
    said = head.cleaned_data.get("paper") if head.is_bound and head.is_valid() else head.initial.get("paper")
    try:
        return said if isinstance(said, Decimal) else money.parse(said or "0")
    except money.CannotCount:
        return Decimal(0)
