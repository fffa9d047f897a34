"""Books of the funds: the list, the chart of each, the proof that its two sides agree."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _

from funds.filters.books import AccountFilter, BookFilter
from funds.forms.books import AccountForm, OpenForm
from funds.models import Account, Book
from funds.selectors import balances, identities
from funds.services import books as services
from funds.tables.books import AccountTable, BookTable
from funds.views.pages import VIEW, FundsList, book_of, form_page
from office.access import Request


class BookList(FundsList):
    permission_required = VIEW
    page_title = gettext_lazy("Books")
    queryset = Book.objects.select_related("scheme")
    table_class = BookTable
    filterset_class = BookFilter

    def page_actions(self) -> list[dict[str, str]]:
        if not self.request.user.has_perm(services.RIGHT):
            return []
        return [{"label": _("Open books"), "url": reverse("funds:book_open"), "key": "Alt+N"}]


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


@permission_required(services.RIGHT, raise_exception=True)
def open_book(request: Request) -> HttpResponse:
    """Open the books of a scheme with a chart that comes with the program."""
    language = get_language() or ""
    charts = {one.code: one.name.get(language, one.name["en"]) for one in services.charts_at_hand()}
    page = form_page(
        request, title=_("Open books"), submit=pgettext("books", "Open"), cancel_url=reverse("funds:books")
    )
    form = OpenForm(page.data, charts=charts)
    if page.is_sent and form.is_valid():
        stated = dict(form.cleaned_data)
        stated["chart"] = services.shipped(stated["chart"])
        try:
            made = services.open_book(**stated, by=request.user, at=timezone.now())
        except services.CannotOpen as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The books are open: enter what stands on their first day."))
            return redirect("funds:voucher_new", made.code)
    return page.render(form)


@permission_required(services.RENAME, raise_exception=True)
def rename(request: Request, pk: int) -> HttpResponse:
    """Give an account the code and name that it has in the county's chart."""
    found = get_object_or_404(Account.objects.select_related("book"), pk=pk)
    back = reverse("funds:chart", args=[found.book.code])
    page = form_page(request, title=_("Account %(account)s") % {"account": found}, submit=_("Save"), cancel_url=back)
    form = AccountForm(page.data, initial={"code": found.code, "name": found.name})
    if page.is_sent and form.is_valid():
        try:
            services.rename_account(account=found, **form.cleaned_data, by=request.user, at=timezone.now())
        except services.CannotOpen as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(back)
    return page.render(form, book=found.book)
