"""A register or list on paper, and its list of deductions on the page, on paper and as a workbook."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.models import BulkDocument
from claims.prints import documents as prints
from claims.selectors.bulk import Deduction
from claims.services.documents import VIEW
from claims.views.document_ways import TONES
from claims.views.documents import document_of
from office import sheets
from office.access import Request
from office.pages import records
from office.pages.downloads import paper
from office.pages.records import Action, Page, Table


@permission_required(VIEW, raise_exception=True)
def print_page(request: Request, pk: int) -> HttpResponse:
    """The rows as the paper form has them, with room for signatures."""
    found = document_of(request, pk)
    back = reverse("claims:bulk_document", args=[pk])
    return paper(request, lambda: prints.document(found, at=timezone.now()), name=f"{found.number}.pdf", back=back)


@permission_required(VIEW, raise_exception=True)
def deductions(request: Request, pk: int) -> HttpResponse:
    """What was struck out, cut or refused, and why: what the provider is told."""
    found = document_of(request, pk)
    told = prints.deductions_of(found)
    page = Page(
        subject=found,
        title=_("Deductions of %(number)s") % {"number": found},
        back=(_("Registers and lists"), reverse("claims:documents")),
        state=(TONES[BulkDocument.State(found.state)], found.get_state_display()),
        facts=prints.deduction_facts(found, told),
        tables=[_table(told)],
        actions=[
            Action(_("Print"), reverse("claims:document_deductions_print", args=[pk]), "Alt+P", first=True),
            Action(_("Excel"), reverse("claims:document_deductions_workbook", args=[pk]), "Alt+X"),
            Action(_("The register or list"), reverse("claims:bulk_document", args=[pk]), "Alt+B"),
        ],
    )
    return records.shown(request, page)


def _table(told: Sequence[Deduction]) -> Table:
    rows, header = prints.deduction_rows(told), prints.deduction_columns()
    return Table(_("What was deducted"), header, rows, _("Nothing is deducted."), prints.OF_DEDUCTIONS)


@permission_required(VIEW, raise_exception=True)
def deductions_print(request: Request, pk: int) -> HttpResponse:
    """The list of deductions on A4."""
    found = document_of(request, pk)
    back = reverse("claims:document_deductions", args=[pk])
    name = f"{found.number}-deductions.pdf"
    return paper(request, lambda: prints.deductions(found, at=timezone.now()), name=name, back=back)


@permission_required(VIEW, raise_exception=True)
def deductions_workbook(request: Request, pk: int) -> HttpResponse:
    """The list of deductions as a workbook."""
    found = document_of(request, pk)
    content = sheets.workbook(prints.deduction_columns(), prints.deduction_values(prints.deductions_of(found)))
    response = HttpResponse(content, content_type=sheets.XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="{found.number}-deductions.xlsx"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
