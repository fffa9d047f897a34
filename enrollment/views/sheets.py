"""Collection sheets: the list, opening, one sheet, what is taken back, handing in, the blank one on paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import QuerySet, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enrollment.filters.collection import SheetFilter
from enrollment.forms import fields
from enrollment.forms.collection import EntryReceiptForm, HandInForm, OpenSheetForm, PlaceForm, ReasonForm
from enrollment.forms.receipts import PrintAllForm
from enrollment.models import CollectionSheet, Receipt, SheetEntry
from enrollment.prints import collection as prints
from enrollment.selectors import collecting
from enrollment.selectors import sheets as selectors
from enrollment.services import receipts, sheets
from enrollment.services.sheets import CannotCollect
from enrollment.tables.collection import SheetTable
from office.access import Request
from office.pages import guard
from office.pages.downloads import paper
from office.pages.forms import FormPage
from office.pages.lists import ListPage
from office.rules import money

VIEW = "enrollment.view_collectionsheet"
State = CollectionSheet.State
SUMS = ("households", "people", "cash", "assisted", "collective")


class SheetList(ListPage):
    permission_required = VIEW
    page_title = gettext_lazy("Collection sheets")
    queryset = selectors.with_sums(CollectionSheet.objects.select_related("village__parent", "fund_year__scheme"))
    table_class = SheetTable
    filterset_class = SheetFilter

    def default_filter(self) -> dict[str, str]:
        known: dict[str, str] | None = getattr(self, "_collected", None)
        if known is None:
            year = collecting.year_collected(fields.today())
            known = self._collected = {"fund_year": str(year.pk)} if year else {}
        return known

    def page_actions(self) -> list[dict[str, str]]:
        if not self.request.user.has_perm(sheets.OPEN):
            return []
        return [
            {"label": _("Open a sheet"), "url": reverse("enrollment:sheet_open"), "key": "Alt+N"},
            {"label": _("Blank sheet"), "url": reverse("enrollment:blank_sheet"), "key": ""},
        ]

    def totals(self, found: QuerySet[CollectionSheet]) -> list[tuple[str, str]]:
        sums = found.order_by().aggregate(**{f"all_{name}": Sum(f"said_{name}", default=0) for name in SUMS})
        return [
            *super().totals(found),
            (_("households"), f"{sums['all_households']:,}"),
            (_("people"), f"{sums['all_people']:,}"),
            (_("cash, yuan"), money.shown(sums["all_cash"])),
            (_("assistance, yuan"), money.shown(sums["all_assisted"])),
            (_("collective, yuan"), money.shown(sums["all_collective"])),
        ]


@permission_required(sheets.OPEN, raise_exception=True)
def open_sheet(request: Request) -> HttpResponse:
    """A sheet for a village; the households come next."""
    page = FormPage(
        request, title=_("Open a sheet"), submit=_("Open and enter"), cancel_url=reverse("enrollment:sheets")
    )
    form = OpenSheetForm(page.data, person=request.user, initial=request.GET.dict())
    opened = _sent(
        page,
        form,
        "sheet.opened",
        lambda: sheets.open_sheet(by=request.user, at=timezone.now(), **form.cleaned_data),
    )
    if opened is not None:
        messages.success(request, _("Sheet %(number)s is open.") % {"number": opened})
        return redirect("enrollment:sheet_entry", opened.pk)
    return page.render(form)


@permission_required(VIEW, raise_exception=True)
def sheet(request: Request, pk: int) -> HttpResponse:
    """One sheet: what stands on it, what is left in its village, what can be done with it."""
    found = _sheet(request, pk, VIEW)
    is_open = found.state == State.OPEN
    entries = selectors.entries_of(found)
    written = selectors.written_for(entries)
    context = {
        "sheet": found,
        "sums": selectors.sums_of(found),
        "entries": entries,
        "taken_back": sum(not one.people for one in entries),  # type: ignore[attr-defined]  # annotated
        "without_receipt": {one.pk for one in selectors.without_receipt(found)},
        "left": collecting.unpaid_households(found.fund_year, found.village).count(),
        "may_fill": is_open and request.user.has_perm(sheets.FILL),
        "ways": _ways(request, found) if is_open else [],
        "written": len(written),
        "unprinted": sum(not one.printed for one in written),
        "form_guard": guard.field(request),
        "print_form": _print_form(request, written),
    }
    return render(request, "enrollment/sheet.html", context)


@permission_required(sheets.FILL, raise_exception=True)
def hand_in(request: Request, pk: int) -> HttpResponse:
    """The collector's money is counted against the sheet."""
    found = _sheet(request, pk, sheets.FILL)
    page = _page(request, found, _("Hand in sheet %(number)s"), _("Hand in"))
    form = HandInForm(page.data)
    done = _sent(
        page,
        form,
        "sheet.handed-in",
        lambda: sheets.hand_in(sheet=found, by=request.user, at=timezone.now(), **form.cleaned_data),
    )
    if done is not None:
        messages.success(request, _("Sheet %(number)s is handed in.") % {"number": found})
        return redirect("enrollment:sheet", pk)
    return page.render(form, sheet=found)


@permission_required(sheets.FILL, raise_exception=True)
def cancel(request: Request, pk: int) -> HttpResponse:
    """A sheet on which nothing stands is not used."""
    found = _sheet(request, pk, sheets.FILL)
    page = _page(request, found, _("Cancel sheet %(number)s"), _("Cancel the sheet"))
    form = ReasonForm(page.data)

    def do() -> bool:
        sheets.cancel(sheet=found, by=request.user, at=timezone.now(), **form.cleaned_data)
        return True

    if _sent(page, form, "sheet.cancelled", do):
        messages.success(request, _("Sheet %(number)s is cancelled.") % {"number": found})
        return redirect("enrollment:sheet", pk)
    return page.render(form, sheet=found)


@permission_required(sheets.FILL, raise_exception=True)
def take_back(request: Request, pk: int) -> HttpResponse:
    """An entry on an open sheet was a mistake."""
    entry = _entry(request, pk)
    page = _page(request, entry.sheet, _("Take an entry of sheet %(number)s back"), _("Take back"))
    form = ReasonForm(page.data)

    def do() -> bool:
        sheets.take_back(entry=entry, by=request.user, at=timezone.now(), **form.cleaned_data)
        return True

    if _sent(page, form, "sheet.taken-back", do):
        messages.success(request, _("The entry of household %(number)s is taken back.") % {"number": entry.household})
        return redirect("enrollment:sheet", entry.sheet_id)
    return page.render(form, household=entry.household)


@permission_required("enrollment.add_receipt", raise_exception=True)
def write_receipt(request: Request, pk: int) -> HttpResponse:
    """An entry that has no receipt yet gets one."""
    entry = _entry(request, pk)
    page = _page(request, entry.sheet, _("A receipt for an entry of sheet %(number)s"), _("Write it"))
    form = EntryReceiptForm(page.data, books=collecting.books_of(entry.sheet.village))

    def do() -> object:
        typed = form.cleaned_data
        return sheets.write_receipt(
            entry=entry, book=typed["book"], number=typed["receipt"], by=request.user, at=timezone.now()
        )

    written = _sent(page, form, "receipt.written", do)
    if written is not None:
        messages.success(request, _("Receipt %(number)s is written.") % {"number": written})
        return redirect("enrollment:sheet", entry.sheet_id)
    return page.render(form, household=entry.household)


@permission_required(sheets.OPEN, raise_exception=True)
def blank_sheet(request: Request) -> HttpResponse:
    """A village's households on paper, to be filled in where there is no network and entered later."""
    asked = PlaceForm(request.GET or None, person=request.user)
    if asked.is_bound and asked.is_valid():
        year, village = asked.cleaned_data["fund_year"], asked.cleaned_data["village"]
        return paper(
            request,
            lambda: prints.blank_sheet(year, village, by=request.user, at=timezone.now()),
            name=f"sheet-{village.code}-{year.year}.pdf",
            back=request.path,
        )
    return render(request, "enrollment/blank_sheet.html", {"form": asked, "page_title": _("Blank sheet")})


def _print_form(request: Request, written: list[Receipt]) -> PrintAllForm | None:
    """What asks for the sheet's receipts on paper; begins with those that were not printed yet, where there are any."""
    if not written or not request.user.has_perm(receipts.WRITE):
        return None
    which = PrintAllForm.ALL if all(one.printed for one in written) else PrintAllForm.NEW
    return PrintAllForm(person=request.user, initial={"which": which})


def _sent(page: FormPage, form: forms.Form, act: str, do: Callable[[], Any]) -> Any:
    """What the service made of a form that was sent; None where it was not sent, or is shown again with the reason."""
    if not (page.is_sent and form.is_valid()):
        return None
    try:
        return do()
    except CannotCollect as refusal:
        page.refuse(form, refusal.field if refusal.field in form.fields else None, refusal, act=act)
    return None


def _sheet(request: Request, pk: int, right: str) -> CollectionSheet:
    seen = CollectionSheet.objects.visible_to(request.user, right)
    return get_object_or_404(
        seen.select_related("fund_year__scheme", "village__parent__parent", "opened_by", "handed_in_by"), pk=pk
    )


def _entry(request: Request, pk: int) -> SheetEntry:
    seen = CollectionSheet.objects.visible_to(request.user, sheets.FILL)
    found = SheetEntry.objects.filter(sheet__in=seen).select_related("sheet__village", "household")
    return get_object_or_404(found, pk=pk)


def _page(request: Request, found: CollectionSheet, title: str, submit: str) -> FormPage:
    back = reverse("enrollment:sheet", args=[found.pk])
    return FormPage(
        request,
        title=title % {"number": found},
        submit=submit,
        cancel_url=back,
        template="enrollment/of_household.html",
    )


def _ways(request: Request, found: CollectionSheet) -> list[dict[str, str]]:
    if not request.user.has_perm(sheets.FILL):
        return []
    wanted = [
        (_("Enter households"), "sheet_entry", "Alt+N"),
        (_("Hand in"), "sheet_hand_in", "Alt+E"),
        (_("Cancel the sheet"), "sheet_cancel", ""),
    ]
    return [
        {"label": label, "url": reverse(f"enrollment:{name}", args=[found.pk]), "key": key}
        for label, name, key in wanted
    ]
