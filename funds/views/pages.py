"""What the pages of the funds share: lists and pages under the line of the two sides, the books that one works in."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from funds.models import Book
from office.access import Request
from office.pages import records
from office.pages.forms import FormPage
from office.pages.lists import ListPage
from office.pages.records import Action, Page, Table

__all__ = ["VIEW", "Action", "FundsList", "Page", "Table", "book_of", "form_page", "shown"]

VIEW = "funds.view_book"


class FundsList(ListPage):
    """A list under the line of the two sides: of the books that its address names, else of all."""

    template_name = "funds/list.html"

    def book(self) -> Book | None:
        """The books that this list is of, where it is of one."""
        code = self.kwargs.get("book")
        return book_of(code) if code else None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"book": self.book()}


def shown(request: Request, page: Page, template: str = "funds/page.html", **more: Any) -> HttpResponse:
    """A page about one record of the funds; `book` names the books whose two sides it shows."""
    return records.shown(request, page, template, **more)


def form_page(
    request: Request, *, title: str, submit: str, cancel_url: str, template: str = "funds/form.html"
) -> FormPage:
    """A form under the line of the two sides."""
    return FormPage(request, title=title, submit=submit, cancel_url=cancel_url, template=template)


def book_of(code: str) -> Book:
    """The books of an address."""
    return get_object_or_404(Book.objects.select_related("scheme"), code=code)
