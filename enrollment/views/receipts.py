"""Receipts: books issued, received and counted back, every number's fate, spoiling, writing again, printing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import transaction
from django.db.models import OuterRef, QuerySet, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_POST

from enrollment.filters.collection import BookFilter, ReceiptFilter
from enrollment.forms.receipts import CountBackForm, IssueForm, PrintAllForm, PrintForm, ReissueForm, SpoilForm
from enrollment.models import CollectionSheet, Receipt, ReceiptBook
from enrollment.prints import collection as prints
from enrollment.selectors import collecting
from enrollment.selectors import receipts as selectors
from enrollment.selectors.search import head_of
from enrollment.services import receipts
from enrollment.services.receipts import CannotKeepReceipts
from enrollment.tables.collection import BookTable, ReceiptTable
from office import trail
from office.access import Request
from office.models import Printer
from office.pages import guard
from office.pages.downloads import paper
from office.pages.forms import FormPage
from office.pages.lists import ListPage
from office.rules import money

VIEW_BOOK = "enrollment.view_receiptbook"
VIEW = "enrollment.view_receipt"
COUNTS = ("issued", "used", "void", "left", "returned", "missing")


class BookList(ListPage):
    permission_required = VIEW_BOOK
    page_title = gettext_lazy("Receipts")
    queryset = selectors.with_counts(ReceiptBook.objects.select_related("township"))
    table_class = BookTable
    filterset_class = BookFilter

    def page_actions(self) -> list[dict[str, str]]:
        if not self.request.user.has_perm(receipts.ISSUE):
            return []
        return [{"label": _("Issue receipts"), "url": reverse("enrollment:receipts_issue"), "key": "Alt+N"}]

    def totals(self, found: QuerySet[ReceiptBook]) -> list[tuple[str, str]]:
        sums = found.order_by().aggregate(**{f"all_{name}": Sum(name, default=0) for name in COUNTS})
        words = {"issued": _("issued"), "used": pgettext("receipt", "used"), "void": _("void"), "left": _("left")}
        words |= {"returned": _("counted back"), "missing": _("missing")}
        return [*super().totals(found), *((words[name], f"{sums[f'all_{name}']:,}") for name in COUNTS)]


class BookPage(ListPage):
    """One book: what became of every one of its numbers."""

    permission_required = VIEW_BOOK
    queryset = (
        Receipt.objects.select_related("entry__household", "entry__sheet")
        .annotate(head_name=head_of(OuterRef("entry__household")))
        .order_by("serial")
    )
    table_class = ReceiptTable
    filterset_class = ReceiptFilter
    template_name = "enrollment/receipt_book.html"

    @property
    def book(self) -> Any:
        """The book, if its township is in sight."""
        known = getattr(self, "_book", None)
        if known is None:
            seen = ReceiptBook.objects.visible_to(self.request.user).select_related(
                "township", "issued_by", "received_by", "closed_by"
            )
            known = self._book = get_object_or_404(selectors.with_counts(seen), pk=self.kwargs["pk"])
        return known

    def get_queryset(self) -> QuerySet[Receipt]:
        return super().get_queryset().filter(book=self.book)

    def totals(self, found: QuerySet[Receipt]) -> list[tuple[str, str]]:
        used = found.used().aggregate(amount=Sum("amount", default=0))  # type: ignore[attr-defined]
        return [*super().totals(found), (_("amount of those used, yuan"), money.shown(used["amount"]))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        book = self.book
        following = selectors.next_of(book) if book.state == ReceiptBook.State.IN_USE else None
        missing = selectors.missing_of(book)
        more = {
            "page_title": _("Receipts %(numbers)s") % {"numbers": book},
            "book": book,
            "next_number": "" if following is None else book.number_of(following),
            "missing_words": selectors.words_of(book, missing) if missing else "",
            "ways": _ways(self.request, book),
            "form_guard": guard.field(self.request),
            "may_receive": book.state == ReceiptBook.State.ISSUED and self.request.user.has_perm(receipts.RECEIVE),
        }
        return super().get_context_data(**kwargs) | more


@permission_required(receipts.ISSUE, raise_exception=True)
def issue(request: Request) -> HttpResponse:
    """A township gets receipts from the county."""
    page = FormPage(
        request, title=_("Issue receipts"), submit=_("Issue"), cancel_url=reverse("enrollment:receipt_books")
    )
    form = IssueForm(page.data, person=request.user)
    book = _sent(
        page,
        form,
        "receipt-book.issued",
        lambda: receipts.issue(by=request.user, at=timezone.now(), **form.cleaned_data),
    )
    if book is not None:
        messages.success(request, _("Receipts %(numbers)s are issued; the township receives them.") % {"numbers": book})
        return redirect("enrollment:receipt_book", book.pk)
    return page.render(form)


@require_POST
@permission_required(receipts.RECEIVE, raise_exception=True)
def receive(request: Request, pk: int) -> HttpResponse:
    """The township has counted the receipts that came."""
    book = _book(request, pk, receipts.RECEIVE)
    try:
        receipts.receive(book=book, by=request.user, at=timezone.now())
    except CannotKeepReceipts as refusal:
        _refused(request, "receipt-book.received", refusal)
    else:
        messages.success(request, _("Receipts %(numbers)s are received and can be used.") % {"numbers": book})
    return redirect("enrollment:receipt_book", pk)


@permission_required(receipts.ISSUE, raise_exception=True)
def count_back(request: Request, pk: int) -> HttpResponse:
    """What is left of a book comes back to the county."""
    book = _book(request, pk, receipts.ISSUE)
    page = _page(request, _("Count receipts %(of)s back") % {"of": book}, _("Count back"), "receipt_book", pk)
    form = CountBackForm(page.data)
    left = _sent(
        page,
        form,
        "receipt-book.closed",
        lambda: receipts.close(book=book, by=request.user, at=timezone.now(), **form.cleaned_data),
    )
    if left is not None:
        messages.success(request, _("The book is closed; %(left)d receipts can be issued again.") % {"left": left})
        return redirect("enrollment:receipt_book", pk)
    return page.render(form)


@permission_required(receipts.WRITE, raise_exception=True)
def spoil(request: Request, pk: int) -> HttpResponse:
    """A receipt was torn or lost before it was used."""
    book = _book(request, pk, receipts.WRITE)
    page = _page(request, _("A spoiled receipt of %(of)s") % {"of": book}, _("Note it"), "receipt_book", pk)
    following = selectors.next_of(book)
    initial = {"receipt": "" if following is None else book.number_of(following)}
    form = SpoilForm(page.data, initial=initial)

    def do() -> Receipt:
        typed = form.cleaned_data
        return receipts.spoil(
            book=book, number=typed["receipt"], reason=typed["reason"], by=request.user, at=timezone.now()
        )

    spoiled = _sent(page, form, "receipt.spoiled", do)
    if spoiled is not None:
        messages.success(request, _("Receipt %(number)s is noted as spoiled.") % {"number": spoiled})
        return redirect("enrollment:receipt_book", pk)
    return page.render(form)


@permission_required(VIEW, raise_exception=True)
def receipt(request: Request, pk: int) -> HttpResponse:
    """One receipt: whose it is, what it says, how often it was printed, what replaced it."""
    found = _receipt(request, pk, VIEW)
    may_write = found.state == Receipt.State.USED and request.user.has_perm(receipts.WRITE)
    context = {
        "receipt": found,
        "instead": Receipt.objects.filter(replaces=found).first(),
        "may_write": may_write,
        "form_guard": guard.field(request),
        "form": PrintForm(person=request.user) if may_write else None,
    }
    return render(request, "enrollment/receipt.html", context)


@require_POST
@permission_required(receipts.WRITE, raise_exception=True)
def print_receipt(request: Request, pk: int) -> HttpResponse:
    """The receipt on its pre-printed form; each print is counted, a further one says so."""
    found = _receipt(request, pk, receipts.WRITE)
    form = PrintForm(request.POST, person=request.user)
    printer: Printer | None = form.cleaned_data["printer"] if form.is_valid() else None

    return _printed(request, [found], printer, f"receipt-{found}.pdf", reverse("enrollment:receipt", args=[pk]))


@require_POST
@permission_required(receipts.WRITE, raise_exception=True)
def print_sheet_receipts(request: Request, pk: int) -> HttpResponse:
    """The receipts of a sheet on their pre-printed forms, one after the other in the order of their numbers."""
    sheet = get_object_or_404(CollectionSheet.objects.visible_to(request.user, receipts.WRITE), pk=pk)
    form = PrintAllForm(request.POST, person=request.user)
    asked = form.cleaned_data if form.is_valid() else {}
    found = selectors.of_sheet(sheet, printed_too=asked.get("which") == form.ALL)
    back = reverse("enrollment:sheet", args=[pk])
    if not found:
        messages.error(request, _("Every receipt of this sheet was printed. Choose all of them to print them again."))
        return redirect(back)
    return _printed(request, list(found), asked.get("printer"), f"receipts-{sheet}.pdf", back)


@permission_required(receipts.WRITE, raise_exception=True)
def reissue(request: Request, pk: int) -> HttpResponse:
    """A receipt becomes void and the same is written on another one."""
    found = _receipt(request, pk, receipts.WRITE)
    page = _page(request, _("Write receipt %(of)s again") % {"of": found}, _("Write it"), "receipt", pk)
    page.template = "enrollment/of_household.html"
    form = ReissueForm(page.data, books=collecting.books_of(found.entry.household.village) if found.entry else [])

    def do() -> Receipt:
        typed = form.cleaned_data
        return receipts.reissue(
            receipt=found,
            book=typed["book"],
            number=typed["receipt"],
            reason=typed["reason"],
            by=request.user,
            at=timezone.now(),
        )

    written = _sent(page, form, "receipt.written", do)
    if written is not None:
        messages.success(request, _("Receipt %(number)s is written.") % {"number": written})
        return redirect("enrollment:receipt", written.pk)
    return page.render(form, household=found.entry.household if found.entry else None)


def _printed(request: Request, found: list[Receipt], printer: Printer | None, name: str, back: str) -> HttpResponse:
    """Receipts on paper, each counted as printed; none is counted where one of them cannot be printed."""

    def make() -> bytes:
        at = timezone.now()
        with transaction.atomic():
            times = receipts.note_each_printed(receipts=found, printer=str(printer or ""), by=request.user, at=at)
            return prints.receipts(found, times=times, printer=printer, at=at)

    try:
        return paper(request, make, name=name, back=back)
    except CannotKeepReceipts as refusal:
        _refused(request, "receipt.printed", refusal)
        return redirect(back)


def _sent(page: FormPage, form: forms.Form, act: str, do: Callable[[], Any]) -> Any:
    """What the service made of a form that was sent; None where it was not sent, or is shown again with the reason."""
    if not (page.is_sent and form.is_valid()):
        return None
    try:
        return do()
    except CannotKeepReceipts as refusal:
        page.refuse(form, refusal.field if refusal.field in form.fields else None, refusal, act=act)
    return None


def _refused(request: Request, act: str, refusal: CannotKeepReceipts) -> None:
    messages.error(request, str(refusal))
    trail.refused(act, None, by=request.user, at=timezone.now(), reason=str(refusal))


def _page(request: Request, title: str, submit: str, back: str, pk: int) -> FormPage:
    return FormPage(request, title=title, submit=submit, cancel_url=reverse(f"enrollment:{back}", args=[pk]))


def _book(request: Request, pk: int, right: str) -> ReceiptBook:
    return get_object_or_404(ReceiptBook.objects.visible_to(request.user, right), pk=pk)


def _receipt(request: Request, pk: int, right: str) -> Receipt:
    seen = Receipt.objects.visible_to(request.user, right)
    return get_object_or_404(selectors.told(seen), pk=pk)


def _ways(request: Request, book: ReceiptBook) -> list[dict[str, str]]:
    """What this person may do with a book as it is."""
    issued, in_use = ReceiptBook.State.ISSUED, ReceiptBook.State.IN_USE
    wanted = [
        (_("A spoiled one"), "receipt_spoil", receipts.WRITE, "Alt+N", {in_use}),
        (_("Count back"), "receipt_book_close", receipts.ISSUE, "Alt+E", {issued, in_use}),
    ]
    return [
        {"label": label, "url": reverse(f"enrollment:{name}", args=[book.pk]), "key": key}
        for label, name, right, key, states in wanted
        if book.state in states and request.user.has_perm(right)
    ]
