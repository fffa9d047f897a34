"""Collecting household by household: a village's sheet entered by keyboard, and one household at the counter."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from enrollment.forms import fields
from enrollment.forms.collection import PAYERS, DeskForm, PaymentForm
from enrollment.models import CollectionSheet, FundYear, Household, ReceiptBook, SheetEntry
from enrollment.rules.collection import Payer
from enrollment.selectors import collecting, wholeness
from enrollment.selectors import receipts as receipt_selectors
from enrollment.selectors import sheets as selectors
from enrollment.selectors.collecting import Due, Home
from enrollment.services import sheets
from enrollment.services.sheets import CannotCollect
from enrollment.views import keeping
from office import trail
from office.access import Request
from office.models import Printer
from office.pages import guard, kept

HOUSEHOLDS_ON_A_PAGE = 200
REFUSED = 422


@dataclass(frozen=True)
class Line:
    """One member on the screen: what is due, whether he is ticked, who pays."""

    due: Due
    is_ticked: bool
    payer: str

    @property
    def is_open(self) -> bool:
        return self.due.standing == collecting.Standing.DUE

    @property
    def chooses(self) -> bool:
        """Whether it is to be said who pays: where the household itself pays something."""
        return self.is_open and self.due.own > 0


@dataclass(frozen=True)
class Row:
    """One household on the screen, as the register has it or as it was sent and refused."""

    home: Home
    lines: Sequence[Line]
    on: str
    number: str
    errors: Sequence[str] = ()
    wrong: frozenset[str] = frozenset()
    is_new: bool = False
    guard: str = ""

    @property
    def is_open(self) -> bool:
        return any(line.is_open for line in self.lines)


class Desk:
    """What stays from one payment to the next: the day, the book and its next number, the printer."""

    def __init__(self, request: Request, village: Any, *, fund_year: FundYear | None = None) -> None:
        self.request = request
        self.village = village
        self.books = collecting.books_of(village)
        self.printers = list(Printer.objects.visible_to(request.user).order_by("pk"))
        has_year = fund_year is None
        asked = request.POST if request.method == "POST" else request.GET
        self.form = DeskForm(asked or None, books=self.books, printers=self.printers, has_year=has_year)
        said = self.form.cleaned_data if self.form.is_bound and self.form.is_valid() else {}
        self.fund_year: FundYear | None = (
            fund_year or said.get("fund_year") or collecting.year_collected(fields.today())
        )
        self.on = said.get("on") or fields.today()
        self.book: ReceiptBook | None = said.get("book") or next(iter(self.books), None)
        self.printer: Printer | None = said.get("printer") or next(iter(self.printers), None)

    @cached_property
    def next_number(self) -> str:
        """The number of the book's next receipt; nothing where there is no book, or it is used up."""
        following = receipt_selectors.next_of(self.book) if self.book else None
        return self.book.number_of(following) if self.book and following is not None else ""

    @property
    def kept(self) -> dict[str, str]:
        """The same as an address or hidden fields say it."""
        chosen = {"on": self.on, "book": self.book and self.book.pk, "printer": self.printer and self.printer.pk}
        if "fund_year" in self.form.fields and self.fund_year:
            chosen["fund_year"] = self.fund_year.pk
        return {name: str(value) for name, value in chosen.items() if value}

    @property
    def query(self) -> str:
        return urlencode(self.kept)

    def shown(self) -> DeskForm:
        """The form that changes it, filled in."""
        filled = QueryDict(mutable=True)
        filled.update(self.kept)
        has_year = "fund_year" in self.form.fields
        return DeskForm(filled, books=self.books, printers=self.printers, has_year=has_year)

    def row(self, home: Home, *, only: int | None = None) -> Row:
        """A household before anything is typed: everybody is paid for, by the household."""
        lines = [Line(due, only in (None, due.member.pk), Payer.OWN) for due in home.dues]
        return Row(home, lines, self.on.isoformat(), self.next_number, guard=guard.field(self.request))

    def refused(self, home: Home, form: PaymentForm) -> Row:
        """A household as it was sent, with what is wrong."""
        lines = [Line(due, due.member.pk in form.ticked, form.payer_of(due.member.pk)) for due in home.dues]
        errors = [str(error) for found in form.errors.values() for error in found]
        typed = form.typed
        return Row(
            home,
            lines,
            typed.get("on", ""),
            typed.get("receipt", ""),
            errors,
            frozenset(form.errors),
            guard=guard.field(self.request),
        )


@permission_required(sheets.FILL, raise_exception=True)
def sheet_entry(request: Request, pk: int) -> HttpResponse:
    """A village's sheet, prepared from the register: one household after the other, without the mouse."""
    seen = CollectionSheet.objects.visible_to(request.user, sheets.FILL)
    sheet = get_object_or_404(seen.select_related("fund_year__scheme", "village__parent__parent"), pk=pk)
    if sheet.state != CollectionSheet.State.OPEN and request.method != "POST":
        return redirect("enrollment:sheet", pk)
    desk = Desk(request, sheet.village, fund_year=sheet.fund_year)
    if request.method == "POST":
        return _note_on_sheet(request, sheet, desk)
    return _grid(request, sheet, desk, typed=kept.take(request))


@permission_required(sheets.FILL, raise_exception=True)
def household_pay(request: Request, pk: int) -> HttpResponse:
    """One household pays at the counter; `?member=` says for whom alone."""
    found = keeping.household_of(request, pk, sheets.FILL)
    desk = Desk(request, found.village)
    typed = request.POST if request.method == "POST" else kept.take(request)
    home = _home(desk.fund_year, found) if desk.fund_year else Home(found, [], [])
    if typed is None:
        only = request.GET.get("member", "")
        row = desk.row(home, only=int(only) if only.isdecimal() else None)
    else:
        form = PaymentForm(typed, books=desk.books)
        entry = _at_counter(request, found, desk, form) if request.method == "POST" else None
        if entry is not None:
            return redirect("enrollment:household", pk)
        row = desk.refused(home, form)
    context = {
        "household": found,
        "desk": desk,
        "rows": [row],
        "fund_year": desk.fund_year,
        "kept": request.method != "POST" and typed is not None,
    }
    status = REFUSED if row.errors else 200
    return render(request, "enrollment/household_pay.html", context | _words(), status=status)


def _at_counter(request: Request, household: Household, desk: Desk, form: PaymentForm) -> SheetEntry | None:
    """What was noted, or None with the reason on the form; whoever is left out of the household is named."""
    year = desk.fund_year
    if year is None or not form.is_valid():
        return None
    try:
        entry = sheets.pay_at_counter(
            household=household, fund_year=year, paid=form.paid(), by=request.user, at=timezone.now(), **_typed(form)
        )
    except CannotCollect as refusal:
        _refuse(request, form, refusal)
        return None
    receipt = entry.receipts.first()
    told = _("Noted on sheet %(sheet)s.") % {"sheet": entry.sheet}
    messages.success(request, told + (_(" Receipt %(number)s.") % {"number": receipt} if receipt else ""))
    left_out = wholeness.left_out(household, year) if year.scheme.insures == year.scheme.Insures.HOUSEHOLD else []
    if left_out:
        names = "、".join(one.name for one in left_out)
        messages.warning(
            request, _("The household is not whole: %(names)s neither enrolled nor excepted.") % {"names": names}
        )
    return entry


def _note_on_sheet(request: Request, sheet: CollectionSheet, desk: Desk) -> HttpResponse:
    """One household's payment: its row comes back as it is now, or refused with everything kept."""
    asked = request.POST.get("household", "")
    household = keeping.household_of(request, int(asked) if asked.isdecimal() else 0, sheets.FILL)
    form = PaymentForm(request.POST, books=desk.books)
    is_noted = form.is_valid()
    if is_noted:
        try:
            sheets.enter(
                sheet=sheet,
                household=household,
                paid=form.paid(),
                by=request.user,
                at=timezone.now(),
                **_typed(form),
            )
        except CannotCollect as refusal:
            is_noted = False
            _refuse(request, form, refusal)
    if not request.htmx:  # type: ignore[attr-defined]
        return _whole_page(request, sheet, desk, household, None if is_noted else form)
    home = _home(sheet.fund_year, household)
    row = desk.row(home) if is_noted else desk.refused(home, form)
    context = _about(sheet, desk) | _words() | {"row": row, "is_answer": True}
    answer = render(request, "enrollment/_collect_answer.html", context, status=200 if is_noted else REFUSED)
    answer.headers["HX-Trigger"] = json.dumps({"collected": {"next": desk.next_number, "on": desk.on.isoformat()}})
    return answer


def _whole_page(
    request: Request, sheet: CollectionSheet, desk: Desk, household: Household, refused: PaymentForm | None
) -> HttpResponse:
    """The answer to a browser without scripts: the page again, at the next household or at the refused one."""
    if refused is not None:
        return _grid(request, sheet, desk, typed=refused.typed, refused=refused)
    messages.success(request, _("Noted for household %(number)s.") % {"number": household.number})
    following = collecting.unpaid_households(sheet.fund_year, sheet.village).filter(number__gt=household.number)
    after = following.values_list("pk", flat=True).first()
    return HttpResponseRedirect(f"{request.path}?{desk.query}" + (f"#home-{after}" if after else ""))


def _grid(
    request: Request,
    sheet: CollectionSheet,
    desk: Desk,
    *,
    typed: QueryDict | None = None,
    refused: PaymentForm | None = None,
) -> HttpResponse:
    """The page with the households that have still to pay, or those that were looked for."""
    find = request.GET.get("find", "").strip()
    wanted = (
        collecting.found_in(sheet.village, find)
        if find
        else collecting.unpaid_households(sheet.fund_year, sheet.village)
    )
    page = Paginator(wanted, HOUSEHOLDS_ON_A_PAGE).get_page(request.GET.get("page"))
    rows = [desk.row(home) for home in collecting.homes(sheet.fund_year, page.object_list)]
    asked = typed.get("household", "") if typed else ""
    if typed is not None and asked.isdecimal():
        household = keeping.household_of(request, int(asked), sheets.FILL)
        form = refused or PaymentForm(typed, books=desk.books)
        again = desk.refused(_home(sheet.fund_year, household), form)
        rows = _put(rows, again)
    context = _about(sheet, desk) | _words()
    context |= {"rows": rows, "page": page, "find": find, "kept": typed is not None and refused is None}
    return render(request, "enrollment/sheet_entry.html", context, status=REFUSED if refused else 200)


def _put(rows: list[Row], again: Row) -> list[Row]:
    """The row of a household that was sent takes the place of the one as the register has it."""
    number = again.home.household.pk
    if all(row.home.household.pk != number for row in rows):
        return [again, *rows]
    return [again if row.home.household.pk == number else row for row in rows]


def _about(sheet: CollectionSheet, desk: Desk) -> dict[str, Any]:
    """What the page says of its sheet."""
    return {
        "sheet": sheet,
        "desk": desk,
        "sums": selectors.sums_of(sheet),
        "left": collecting.unpaid_households(sheet.fund_year, sheet.village).count(),
        "url": reverse("enrollment:sheet_entry", args=[sheet.pk]),
        "has_day": sheet.origin == CollectionSheet.Origin.BLANK,
    }


def _words() -> dict[str, Any]:
    return {"payers": [(str(payer), label) for payer, label in PAYERS]}


def _typed(form: PaymentForm) -> dict[str, Any]:
    typed = form.cleaned_data
    return {"on": typed["on"], "book": typed["book"], "number": typed["receipt"]}


def _refuse(request: Request, form: PaymentForm, refusal: CannotCollect) -> None:
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    trail.refused("sheet.entered", None, by=request.user, at=timezone.now(), reason=str(refusal))


def _home(fund_year: FundYear, household: Household) -> Home:
    [home] = collecting.homes(fund_year, [household])
    return home
