"""The books in book form: journal, detail ledgers and day books, general ledger, trial balance; each on paper too."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from funds.forms.books import month_of
from funds.models import Account, Book
from funds.prints import books as prints
from funds.selectors import identities, ledgers
from funds.views.pages import book_of
from office.access import Request
from office.pages.downloads import paper
from office.rules import days

VIEW = "funds.view_posting"
A_PAGE = 100  # postings
YEAR = 12  # months


@permission_required(VIEW, raise_exception=True)
def journal(request: Request, book: str, month: str) -> HttpResponse:
    """The postings of a month, in their order."""
    found, first = book_of(book), _month(month)
    pages = Paginator(ledgers.journal(found, first), A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    return _shown(
        request,
        found,
        first,
        name="journal",
        title=_("Journal"),
        page=page,
        postings=[(one, prints.voucher_rows(one)) for one in page],
        header=prints.voucher_header(),
    )


@permission_required(VIEW, raise_exception=True)
def trial(request: Request, book: str, month: str) -> HttpResponse:
    """The trial balance of a month."""
    found, first = book_of(book), _month(month)
    told = ledgers.trial(found, first)
    return _shown(
        request,
        found,
        first,
        name="trial",
        title=_("Trial balance"),
        sections=[("", prints.trial_rows(told), prints.trial_total(told))],
        header=prints.trial_header(),
        figures=range(2, len(prints.TRIAL)),
        is_even=told.is_even,
    )


@permission_required(VIEW, raise_exception=True)
def detail(request: Request, book: str, account: str, month: str) -> HttpResponse:
    """An account's lines of a month; that of cash or a bank account is its day book."""
    found, first = book_of(book), _month(month)
    of = _account(found, account)
    kind = _("Day book") if of.place else _("Detail ledger")
    return _shown(
        request,
        found,
        first,
        name="detail",
        title=f"{kind}: {of}",
        account=of,
        accounts=ledgers.accounts_of(found),
        sections=[("", prints.detail_rows(ledgers.detail(of, first)), None)],
        header=prints.detail_header(),
        figures=(3, 4, 6),
    )


@permission_required(VIEW, raise_exception=True)
def general(request: Request, book: str, year: int) -> HttpResponse:
    """The general ledger of a year, account by account."""
    found = book_of(book)
    sections = [
        (str(one.account), prints.general_rows(one), None)
        for one in ledgers.general(found, year)
        if one.months or one.opening.amount
    ]
    return _shown(
        request,
        found,
        date(year, 1, 1),
        name="general",
        title=_("General ledger"),
        sections=sections,
        header=prints.general_header(),
        figures=(2, 3, 5),
        year=year,
    )


@permission_required(VIEW, raise_exception=True)
def print_journal(request: Request, book: str, month: str) -> HttpResponse:
    """The journal of a month on paper."""
    found, first = book_of(book), _month(month)
    back = reverse("funds:journal", args=[book, month])
    name = f"{book}-journal-{month}.pdf"
    return paper(request, lambda: prints.journal(found, first, at=timezone.now()), name=name, back=back)


@permission_required(VIEW, raise_exception=True)
def print_vouchers(request: Request, book: str, month: str) -> HttpResponse:
    """Every voucher of a month on paper, to be bound."""
    found, first = book_of(book), _month(month)
    back = reverse("funds:journal", args=[book, month])
    name = f"{book}-vouchers-{month}.pdf"
    return paper(
        request, lambda: prints.vouchers(ledgers.journal(found, first), at=timezone.now()), name=name, back=back
    )


@permission_required(VIEW, raise_exception=True)
def print_trial(request: Request, book: str, month: str) -> HttpResponse:
    """The trial balance on paper."""
    found, first = book_of(book), _month(month)
    back = reverse("funds:trial", args=[book, month])
    name = f"{book}-trial-{month}.pdf"
    return paper(request, lambda: prints.trial(found, first, at=timezone.now()), name=name, back=back)


@permission_required(VIEW, raise_exception=True)
def print_detail(request: Request, book: str, account: str, month: str) -> HttpResponse:
    """An account's year up to a month on paper."""
    found, last = book_of(book), _month(month)
    of = _account(found, account)
    months = [last.replace(month=number) for number in range(1, last.month + 1)]
    begun = [one for one in months if one >= found.begins_on] or [last]
    back = reverse("funds:detail", args=[book, account, month])
    name = f"{book}-{account}-{month}.pdf"
    return paper(request, lambda: prints.detail(of, begun, at=timezone.now()), name=name, back=back)


@permission_required(VIEW, raise_exception=True)
def print_general(request: Request, book: str, year: int) -> HttpResponse:
    """The general ledger of a year on paper."""
    found = book_of(book)
    back = reverse("funds:general", args=[book, year])
    name = f"{book}-general-{year}.pdf"
    return paper(request, lambda: prints.general(found, year, at=timezone.now()), name=name, back=back)


def _shown(request: Request, book: Book, month: date, *, name: str, title: str, **more: Any) -> HttpResponse:
    """A ledger with the ways to the others, to the month before and after, and to its paper."""
    context = {
        "page_title": f"{title} · {book}",
        "book": book,
        "name": name,
        "month": month,
        "months": _months(book),
        "year": month.year,
        "before": _stepped(book, month, -1),
        "after": _stepped(book, month, 1),
    }
    return render(request, "funds/books/ledger.html", context | more)


def _months(book: Book) -> list[date]:
    """Every month in which these books may hold something, the newest first."""
    found, month, last = [], book.begins_on, identities.last_month(book)
    while month <= last:
        found.append(month)
        month = days.next_month(month)
    return found[::-1]


def _stepped(book: Book, month: date, by: int) -> date | None:
    count = month.year * YEAR + month.month - 1 + by
    other = date(count // YEAR, count % YEAR + 1, 1)
    return other if book.begins_on <= other <= identities.last_month(book) else None


def _month(text: str) -> date:
    found = month_of(text)
    if found is None:
        raise Http404
    return found


def _account(book: Book, code: str) -> Account:
    return get_object_or_404(Account.objects.select_related("book"), book=book, code=code, is_entered_on=True)
