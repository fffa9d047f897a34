"""Registers and lists as files: the empty table, one sent and checked as a job, taken in as another."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from claims.forms.documents import SendForm
from claims.models import BulkDocument
from claims.services import document_files as services
from claims.services.documents import ADD, CannotKeepDocument
from claims.views.documents import document_of, form_page, sent
from office import sheets, trail
from office.access import Request
from office.models import Job
from office.pages.sessions import polled
from office.views.jobs import shown


@permission_required(ADD, raise_exception=True)
def template(request: Request, kind: str) -> HttpResponse:
    """An empty table with the headings that the office reads."""
    named = kind.replace("-", "_")
    if named not in BulkDocument.Kind.values:
        raise Http404
    response = HttpResponse(sheets.workbook(services.empty_form(named), []), content_type=sheets.XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="{kind}.xlsx"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


@permission_required(ADD, raise_exception=True)
def send(request: Request, pk: int) -> HttpResponse:
    """All rows of a register or list that is being filled in, in a file: checked as a job."""
    found = document_of(request, pk, ADD)
    if found.state not in BulkDocument.EDITABLE and request.method != "POST":
        return redirect("claims:bulk_document", pk)
    page = form_page(request, found, _("Rows of %(number)s from a file"), _("Check"))
    form = SendForm(page.data, page.files)

    def do() -> Job:
        return services.ask_for_check(
            kind=found.kind,
            scheme=found.scheme,
            provider=found.provider,
            month=found.month,
            upload=form.cleaned_data["file"],
            by=request.user,
            at=timezone.now(),
            document=found,
        )

    asked = sent(page, form, do)
    return page.render(form) if asked is None else redirect("claims:document_job", asked.pk)


@polled
@permission_required(ADD, raise_exception=True)
def job(request: Request, pk: int) -> HttpResponse:
    """A file's check or its taking in: how far it is, what came of it, and what can be done next."""
    found = _job(request, pk)
    context: dict[str, Any] = shown(request, found)
    if request.headers.get("HX-Request") and context["is_open"]:
        return render(request, "office/_job.html", context)
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Refresh": "true"})
    context |= {
        "document": services.document_of(found),
        "can_be_taken": services.can_be_taken(found),
        "taking": services.taking_of(found) if found.name == services.CHECK_DOCUMENT else None,
        "is_taking": found.name == services.TAKE_DOCUMENT,
        "faults": services.first_faults(found),
    }
    return render(request, "claims/document/job.html", context)


@require_POST
@permission_required(ADD, raise_exception=True)
def take_in(request: Request, pk: int) -> HttpResponse:
    """Have a checked file taken in."""
    check = _job(request, pk)
    try:
        asked = services.ask_for_taking(check=check, by=request.user, at=timezone.now())
    except CannotKeepDocument as refusal:
        trail.refused("job.asked", check, by=request.user, at=timezone.now(), reason=str(refusal))
        messages.error(request, str(refusal))
        return redirect("claims:document_job", pk)
    return redirect("claims:document_job", asked.pk)


def _job(request: Request, pk: int) -> Job:
    names = (services.CHECK_DOCUMENT, services.TAKE_DOCUMENT)
    seen = Job.objects.visible_to(request.user).filter(name__in=names)
    return get_object_or_404(seen.select_related("asked_by", "result", "faults"), pk=pk)
