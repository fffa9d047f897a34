"""The statements of a set of books: on the page, on paper, as a workbook."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from funds.forms.financial_statements import SpanForm
from funds.models import Book
from funds.prints import financial_statements as prints
from funds.rules import spans
from funds.selectors import financial_statements as selectors
from funds.selectors import identities
from funds.selectors.financial_statements import Statements
from funds.views.pages import VIEW, book_of
from office import sheets
from office.access import Request
from office.pages.downloads import paper


@permission_required(VIEW, raise_exception=True)
def financial_statements(request: Request, book: str) -> HttpResponse:
    """The statements of a span; without one asked for, those of the newest month with anything in it."""
    found = book_of(book)
    form = SpanForm(_asked(request, found), book=found)
    context: dict[str, Any] = {
        "page_title": _("Statements: %(book)s") % {"book": found},
        "book": found,
        "form": form,
    }
    if form.is_valid():
        told = selectors.statements(found, *form.cleaned_data["span"])
        context |= {"sheets": prints.sheets(told), "facts": prints.facts(told), "is_final": told.is_final}
        context["span"] = spans.written(told.span, told.first)
    return render(request, "funds/financial_statements/page.html", context)


@permission_required(VIEW, raise_exception=True)
def print_page(request: Request, book: str) -> HttpResponse:
    """The statements on paper."""
    told = _told(request, book)
    back = reverse("funds:financial_statements", args=[book])
    if told is None:
        return redirect(back)
    return paper(request, lambda: prints.paper(told, at=timezone.now()), name=f"{_name(told)}.pdf", back=back)


@permission_required(VIEW, raise_exception=True)
def workbook(request: Request, book: str) -> HttpResponse:
    """The statements as a workbook."""
    told = _told(request, book)
    if told is None:
        return redirect(reverse("funds:financial_statements", args=[book]))
    content = sheets.workbook(prints.book_columns(), prints.book(told))
    response = HttpResponse(content, content_type=sheets.XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="{_name(told)}.xlsx"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _asked(request: Request, book: Book) -> dict[str, str]:
    newest = spans.spans_between(book.begins_on, identities.last_month(book))[0]
    return {"span": request.GET.get("span") or spans.written(*newest)}


def _told(request: Request, code: str) -> Statements | None:
    """The statements that were asked for; nothing where there is no such span."""
    book = book_of(code)
    form = SpanForm(_asked(request, book), book=book)
    return selectors.statements(book, *form.cleaned_data["span"]) if form.is_valid() else None


def _name(told: Statements) -> str:
    return f"{told.book.code}-{told.span}-{told.first:%Y-%m}"
