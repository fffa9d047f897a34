"""Noting money in: a paper by its kind, sheets paid in, contributions given back, what was received ahead turned."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from enrollment.models import FundYear
from funds.forms.money_in import FORMS, DepositForm, PaperForm, RefundForm, TurnForm
from funds.models import Book, Slip
from funds.selectors import money_in as selectors
from funds.services import noting
from funds.services.noting import SlipOf
from funds.services.slips import NOTE, CannotNote
from funds.views.pages import book_of, form_page
from funds.views.slips import VIEW
from office.access import Request
from office.rules import days

Kind = Slip.Kind


@permission_required(NOTE, raise_exception=True)
def note(request: Request, book: str, kind: str) -> HttpResponse:
    """A paper of one kind; the other kinds are a link away."""
    if kind not in FORMS:
        raise Http404
    found = book_of(book)
    return _noted(
        request,
        found,
        kind,
        FORMS[kind],
        lambda told, form: noting.note(book=found, told=told, by=request.user, at=timezone.now()),
        [(str(Kind(one).label), reverse("funds:slip_note", args=[book, one]), one == kind) for one in FORMS],
    )


@permission_required(NOTE, raise_exception=True)
def deposit(request: Request, book: str) -> HttpResponse:
    """The money of some sheets was paid in at the bank."""
    found = book_of(book)
    return _noted(
        request,
        found,
        Kind.DEPOSIT,
        DepositForm,
        lambda told, form: noting.deposit(
            book=found, told=told, sheets=list(form.cleaned_data["sheets"]), by=request.user, at=timezone.now()
        ),
    )


@permission_required(NOTE, raise_exception=True)
def give_back(request: Request, book: str) -> HttpResponse:
    """Contributions were given back to households."""
    found = book_of(book)
    return _noted(
        request,
        found,
        Kind.REFUND,
        RefundForm,
        lambda told, form: noting.give_back(
            book=found, told=told, asked=list(form.cleaned_data["refunds"]), by=request.user, at=timezone.now()
        ),
    )


@permission_required(VIEW, raise_exception=True)
def ahead(request: Request) -> HttpResponse:
    """What was received ahead, by books and the year that it is for; what has to be turned."""
    today = days.business_day(timezone.now())
    kept = Book.objects.select_related("scheme").order_by("pk")
    waits = {(one.book_id, one.fund_year_id) for one in Slip.objects.waiting().filter(kind=Kind.TURN)}
    rows = [
        {
            "ahead": one,
            "waits": (one.book.pk, one.fund_year.pk) in waits,
            "is_begun": one.fund_year.period.lower <= today,
        }
        for book in kept
        for one in selectors.ahead_by_year(book)
    ]
    return render(request, "funds/in/ahead.html", {"page_title": _("Received ahead"), "rows": rows})


@permission_required(NOTE, raise_exception=True)
def turn(request: Request, book: str, year: int) -> HttpResponse:
    """What was received ahead of a year that has begun becomes its income."""
    found = book_of(book)
    of = get_object_or_404(FundYear.objects.confirmed().select_related("scheme"), pk=year, scheme=found.scheme)
    page = form_page(
        request,
        title=_("Received ahead of %(year)s becomes income") % {"year": of},
        submit=_("Note it"),
        cancel_url=reverse("funds:ahead"),
    )
    form = TurnForm(page.data, fund_year=of)
    if page.is_sent and form.is_valid():
        try:
            made = noting.turn(book=found, fund_year=of, by=request.user, at=timezone.now(), **form.cleaned_data)
        except CannotNote as refusal:
            page.refuse(form, refusal.field if refusal.field in form.fields else None, refusal, act="slip.noted")
        else:
            if made is not None:
                return redirect("funds:slip", made.pk)
            messages.info(request, _("Nothing is received ahead of it, or its turn waits to be checked."))
            return redirect("funds:ahead")
    return page.render(form, book=found)


def _noted(
    request: Request,
    book: Book,
    kind: str,
    form_class: type[PaperForm],
    do: Callable[[SlipOf, PaperForm], Slip],
    kinds: list[tuple[str, str, bool]] | None = None,
) -> HttpResponse:
    page = form_page(
        request,
        title=f"{Kind(kind).label} · {book}",
        submit=_("Note it"),
        cancel_url=f"{reverse('funds:slips')}?book={book.pk}",
        template="funds/in/note.html",
    )
    form = form_class(page.data, book=book, kind=kind)
    if page.is_sent and form.is_valid():
        try:
            made = do(SlipOf(book=book, kind=kind, **form.told()), form)
        except CannotNote as refusal:
            page.refuse(form, refusal.field if refusal.field in form.fields else None, refusal, act="slip.noted")
        else:
            messages.success(request, _("Noted: somebody else compares it with its paper."))
            return redirect("funds:slip", made.pk)
    return page.render(form, book=book, kinds=kinds)
