"""The export for the audit bureau, asked for from a page."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.forms.exports import ExportForm
from audit.selectors import exported
from audit.services import export_jobs, exporting, proofs
from funds.selectors import indicators
from office.access import Request
from office.pages.forms import FormPage
from office.rules import days

SHOWN = 20  # exports that were made, the newest


@permission_required(exporting.RIGHT, raise_exception=True)
def export(request: Request) -> HttpResponse:
    """Ask for everything, or for a year."""
    now = timezone.now()
    page = FormPage(
        request,
        title=_("Export for the audit bureau"),
        submit=_("Make the export"),
        cancel_url=reverse("office:jobs"),
        template="audit/export.html",
    )
    form = ExportForm(
        page.data,
        years=indicators.years(days.business_day(now)),
        may_see_whole=request.user.has_perm(exporting.SEE_WHOLE),
    )
    if page.is_sent and form.is_valid():
        try:
            asked = export_jobs.ask(
                year=form.cleaned_data["year"], whole=form.cleaned_data.get("whole", False), by=request.user, at=now
            )
        except exporting.CannotExport as refusal:
            page.refuse(form, None, refusal, act="audit-export.asked")
        else:
            return redirect("office:job", asked.pk)
    return page.render(form, tables=exported.tables(), made=exported.made()[:SHOWN], sums=exporting.SUMS)


@permission_required(exporting.RIGHT, raise_exception=True)
def proof(request: Request, pk: int) -> HttpResponse:
    """The proof of an export, to be laid beside its list of hashes."""
    act = get_object_or_404(exported.made(), pk=pk)
    try:
        found = proofs.given(act)
    except exporting.CannotExport as refusal:
        messages.error(request, str(refusal))
        return redirect("audit:export")
    response = HttpResponse(proofs.written(found), content_type="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{exporting.PROOF}"'
    return response
