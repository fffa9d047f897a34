"""The three books on one page (三账一页平): registers, books, banks; every difference opens what is behind it."""

from __future__ import annotations

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from funds.models import Book
from funds.selectors import three_books as selectors
from funds.selectors.three_books import ACCOUNTS, BANKS, BENEFITS, SHEETS, Three
from funds.views.pages import VIEW, book_of
from office.access import Request
from office.rules import money

SHOWN = 200
OPENS = (SHEETS, selectors.SUBSIDIES, BENEFITS)


@permission_required(VIEW, raise_exception=True)
def three_books(request: Request) -> HttpResponse:
    """All three books of one fund; without a code, of the first."""
    books = list(Book.objects.select_related("scheme").order_by("pk"))
    asked = request.GET.get("book", "")
    book = next((one for one in books if one.code == asked), books[0] if books else None)
    rows = [_row(one, _behind(book, one)) for one in selectors.page(book)] if book else []
    context = {
        "page_title": _("Three books on one page"),
        "books": books,
        "book": book,
        "rows": rows,
        "back": ("", ""),
    }
    return render(request, "funds/banks/three_books.html", context)


@permission_required(VIEW, raise_exception=True)
def behind(request: Request, book: str, code: str) -> HttpResponse:
    """What is behind a line of the page where the three differ: sheet by sheet, payer by payer, claim by claim."""
    found = book_of(book)
    rows = [_row(one, _record(request, one)) for one in selectors.details(found, code, SHOWN)]
    context = {
        "page_title": _("Where the three books differ: %(book)s") % {"book": found},
        "books": [],
        "book": found,
        "rows": rows,
        "back": (_("Three books on one page"), f"{reverse('funds:three_books')}?book={found.code}"),
        "is_cut": len(rows) == SHOWN,
    }
    return render(request, "funds/banks/three_books.html", context)


def _row(one: Three, url: str) -> dict[str, object]:
    shown = ["—" if amount is None else money.shown(amount) for amount in (one.register, one.books, one.bank)]
    return {"one": one, "shown": shown, "apart": money.shown(one.apart), "url": url}


def _behind(book: Book, one: Three) -> str:
    if one.code in OPENS:
        return reverse("funds:three_books_behind", args=[book.code, one.code])
    if one.code == BANKS:
        return reverse("funds:matching", args=[one.pk])
    return reverse("enrollment:accounts") if one.code == ACCOUNTS else ""


def _record(request: Request, one: Three) -> str:
    if one.code == SHEETS and request.user.has_perm("enrollment.view_collectionsheet"):
        return reverse("enrollment:sheet", args=[one.pk])
    if one.code == BENEFITS and request.user.has_perm("claims.view_claim"):
        return reverse("claims:claim", args=[one.pk])
    return ""
