"""Printers, and how far off they print on pre-printed forms."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from office import printing, prints
from office.access import Request
from office.filters import PrinterFilter
from office.forms import OffsetForm, PrinterForm
from office.models import Printer, PrinterOffset
from office.pages.downloads import paper
from office.pages.forms import FormPage
from office.pages.lists import ListPage
from office.services import printers
from office.stale import Stale
from office.tables import PrinterTable


class PrinterList(ListPage):
    permission_required = "office.view_printer"
    page_title = gettext_lazy("Printers")
    queryset = Printer.objects.select_related("body")
    table_class = PrinterTable
    filterset_class = PrinterFilter

    def page_actions(self) -> list[dict[str, str]]:
        if not self.request.user.has_perm("office.add_printer"):
            return []
        return [{"label": _("Add a printer"), "url": reverse("office:add_printer"), "key": "Alt+N"}]


@permission_required("office.add_printer", raise_exception=True)
def add_printer(request: Request) -> HttpResponse:
    """Make a printer known."""
    page = FormPage(request, title=_("Add a printer"), submit=_("Add"), cancel_url=reverse("office:printers"))
    form = PrinterForm(page.data)
    if page.is_sent and form.is_valid():
        try:
            added = printers.add_printer(
                body=form.cleaned_data["body"], name=form.cleaned_data["name"], by=request.user, at=timezone.now()
            )
        except printers.CannotAddPrinter as refusal:
            page.refuse(form, "name", refusal, act="printer.added")
        else:
            return redirect("office:printer", added.pk)
    return page.render(form)


@permission_required("office.view_printer", raise_exception=True)
def printer(request: Request, pk: int) -> HttpResponse:
    """One printer with its offset on each pre-printed form."""
    found = get_object_or_404(Printer.objects.visible_to(request.user).select_related("body"), pk=pk)
    offsets = {offset.form: offset for offset in found.offsets.select_related("changed_by")}
    forms = [{"form": form, "offset": offsets.get(form.code)} for form in printing.preprinted.values()]
    return render(request, "office/printer.html", {"printer": found, "forms": forms})


@permission_required("office.change_printeroffset", raise_exception=True)
def change_offset(request: Request, pk: int, form_code: str) -> HttpResponse:
    """Set how far the print must move to meet the form."""
    offset = _offset(request, pk, form_code)
    title = _("%(form)s on %(printer)s") % {
        "form": printing.preprinted[form_code].title,
        "printer": offset.printer,
    }
    page = FormPage(request, title=title, submit=_("Save"), cancel_url=reverse("office:printer", args=[pk]))
    form = OffsetForm(page.data, instance=offset)
    if page.is_sent and form.is_valid():
        try:
            printers.set_offset(
                offset=offset,
                seen_version=form.seen_version,
                by=request.user,
                at=timezone.now(),
                **form.typed(),
            )
        except Stale as stale:
            page.show_stale(form, stale)
        else:
            messages.success(request, _("The offset is saved; print a trial sheet."))
            return redirect("office:printer", pk)
    return page.render(form)


@permission_required("office.view_printer", raise_exception=True)
def trial(request: Request, pk: int, form_code: str) -> HttpResponse:
    """A trial sheet with a millimetre grid, printed with the current offset."""
    found = get_object_or_404(Printer.objects.visible_to(request.user), pk=pk)
    if form_code not in printing.preprinted:
        raise Http404
    offset = found.offsets.filter(form=form_code).first()
    return paper(
        request,
        lambda: prints.trial_sheet(found, form_code, offset, at=timezone.now()),
        name=f"trial-{form_code}.pdf",
        back=reverse("office:printer", args=[pk]),
    )


def _offset(request: Request, pk: int, form_code: str) -> PrinterOffset:
    mine = Printer.objects.visible_to(request.user, right="office.change_printeroffset")
    found = get_object_or_404(mine, pk=pk)
    if form_code not in printing.preprinted:
        raise Http404
    return printers.offset_for(printer=found, form=form_code)
