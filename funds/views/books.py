"""Books of the funds: the list, the chart of each, the proof that its two sides agree."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from funds.filters.books import AccountFilter, BookFilter
from funds.models import Account, Book
from funds.selectors import balances, identities
from funds.tables.books import AccountTable, BookTable
from funds.views.pages import VIEW, FundsList, book_of
from office.access import Request


class BookList(FundsList):
    permission_required = VIEW
    page_title = gettext_lazy("Books")
    queryset = Book.objects.select_related("scheme")
    table_class = BookTable
    filterset_class = BookFilter


class Chart(FundsList):
    permission_required = "funds.view_account"
    table_class = AccountTable
    filterset_class = AccountFilter

    def get_queryset(self) -> QuerySet[Any]:
        return Account.objects.filter(book=self.book()).select_related("parent", "closes_to").order_by("code")

    @property
    def page_title(self) -> str:  # type: ignore[override]
        return _("Chart of accounts: %(book)s") % {"book": self.book()}


@permission_required(VIEW, raise_exception=True)
def identity(request: Request, book: str) -> HttpResponse:
    """The two sides of the books, account by account."""
    found = book_of(book)
    month = identities.last_month(found)
    context = {
        "page_title": _("Both sides: %(book)s") % {"book": found},
        "book": found,
        "month": month,
        "rows": balances.standings(found, found.begins_on, month),
    }
    return render(request, "funds/identity.html", context)
