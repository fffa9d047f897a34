"""Cash: counts by two, and the daily sheet of what moved on every account where money lies."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from funds.filters.banks import CountFilter
from funds.forms.banks import CountForm, DayForm
from funds.models import Book, CashCount
from funds.prints import banks as prints
from funds.selectors import cash
from funds.selectors import vouchers as selectors
from funds.services import cash_counts, vouchers
from funds.services.cash_counts import CHECK, RIGHT, VIEW
from funds.tables.banks import CountTable
from funds.views.banks import asked_why, at_once, tone, tried
from funds.views.pages import Action, FundsList, Page, Table, form_page, shown
from office.access import Request
from office.pages.downloads import paper
from office.rules import days, money


class CountList(FundsList):
    permission_required = VIEW
    page_title = gettext_lazy("Counts of cash")
    queryset = CashCount.objects.select_related("account__book", "counted_by", "confirmed_by").order_by("-on", "-pk")
    table_class = CountTable
    filterset_class = CountFilter

    def default_filter(self) -> dict[str, str]:
        return {"year": str(days.business_day(timezone.now()).year)}

    def page_actions(self) -> list[dict[str, str]]:
        ways = [{"label": _("Daily cash sheet"), "url": reverse("funds:daily_cash"), "key": "Alt+J"}]
        if self.request.user.has_perm(RIGHT):
            ways.append({"label": _("Count cash"), "url": reverse("funds:cash_count_new"), "key": "Alt+N"})
        return ways


@permission_required(RIGHT, raise_exception=True)
def new(request: Request) -> HttpResponse:
    """Note what was counted."""
    back = reverse("funds:cash_counts")
    page = form_page(request, title=_("Count cash"), submit=_("Note the count"), cancel_url=back)
    form = CountForm(page.data)
    made = tried(page, form, lambda: cash_counts.note(**form.counted, by=request.user, at=timezone.now()))
    if made is None:
        return page.render(form)
    messages.success(request, _("Somebody of the accounting who counted along confirms it."))
    return redirect("funds:cash_count", made.pk)


@permission_required(VIEW, raise_exception=True)
def count(request: Request, pk: int) -> HttpResponse:
    """One count with its notes and coins."""
    found = count_of(pk)
    voucher, label = selectors.of_count(found), _("voucher of the difference")
    page = Page(
        subject=found,
        title=_("Count of cash on %(day)s") % {"day": found.on},
        back=(_("Counts of cash"), reverse("funds:cash_counts")),
        state=tone(found),
        facts=[
            (_("books of a fund"), found.account.book.name),
            (_("counted"), money.shown(found.counted)),
            (_("balance of the books"), money.shown(found.book_balance)),
            (_("difference"), money.shown(found.difference)),
            (_("explanation"), found.explanation or "—"),
            (_("counted by"), found.counted_by),
            (_("counted along by"), found.confirmed_by or "—"),
            *([(label, f"{voucher} · {voucher.get_state_display()}")] if voucher else []),
        ],
        links={label: reverse("funds:voucher", args=[voucher.pk])} if voucher else {},
        tables=[
            Table(
                _("Notes and coins"),
                [_("piece, yuan"), _("how many"), _("yuan")],
                prints.pieces(found),
                _("No cash."),
                (0, 1, 2),
            )
        ],
        actions=_ways(request, found),
    )
    return shown(request, page, book=found.account.book)


def _ways(request: Request, found: CashCount) -> list[Action]:
    ways = [Action(_("Print"), reverse("funds:cash_count_print", args=[found.pk]), "Alt+P")]
    if found.state == CashCount.State.CONFIRMED and _is_to_enter(request, found):
        way = f"{reverse('funds:voucher_new', args=[found.account.book.code])}?{urlencode({'count': found.pk})}"
        ways.insert(0, Action(_("Enter the difference"), way, "Alt+E", first=True))
    if found.state != CashCount.State.NOTED:
        return ways
    if request.user.has_perm(CHECK) and found.counted_by != request.user:
        way = reverse("funds:cash_count_confirm", args=[found.pk])
        ways.insert(0, Action(_("I counted along"), way, "Alt+S", posts=True, first=True))
    if request.user.has_perm(RIGHT):
        ways.append(Action(_("Make it void"), reverse("funds:cash_count_void", args=[found.pk]), "Alt+X"))
    return ways


def _is_to_enter(request: Request, found: CashCount) -> bool:
    return bool(found.difference) and request.user.has_perm(vouchers.MAKE) and selectors.of_count(found) is None


@require_POST
@permission_required(CHECK, raise_exception=True)
def confirm(request: Request, pk: int) -> HttpResponse:
    """Confirm that one counted along."""
    found = count_of(pk)

    def do() -> str:
        cash_counts.confirm(count=found, by=request.user, at=timezone.now())
        return _("The count is confirmed.")

    return at_once(request, do, reverse("funds:cash_count", args=[pk]))


@permission_required(RIGHT, raise_exception=True)
def void(request: Request, pk: int) -> HttpResponse:
    """Make a count void, so that one counts again."""
    found = count_of(pk)
    return asked_why(
        request,
        title=_("Make void: count of cash on %(day)s") % {"day": found.on},
        submit=_("Make it void"),
        back=reverse("funds:cash_count", args=[pk]),
        do=lambda reason: cash_counts.void(count=found, reason=reason, by=request.user, at=timezone.now()),
    )


@permission_required(VIEW, raise_exception=True)
def print_page(request: Request, pk: int) -> HttpResponse:
    """The count on A4, to be signed."""
    found = count_of(pk)
    back = reverse("funds:cash_count", args=[pk])
    name = f"cash-{found.on}-{found.pk}.pdf"
    return paper(request, lambda: prints.cash_count(found, at=timezone.now()), name=name, back=back)


@permission_required(VIEW, raise_exception=True)
def daily(request: Request) -> HttpResponse:
    """What cash and bank accounts moved on a day."""
    form, book, on = asked_day(request)
    context = {
        "page_title": _("Daily cash sheet"),
        "form": form,
        "book": book,
        "on": on,
        "header": prints.day_header(),
        "rows": prints.day_rows(cash.daily_sheet(book, on)) if book else [],
        "count": CashCount.objects.filter(account__book=book, on=on).exclude(state="void").first() if book else None,
    }
    return render(request, "funds/banks/daily_cash.html", context)


@permission_required(VIEW, raise_exception=True)
def daily_print(request: Request) -> HttpResponse:
    """The daily cash sheet on A4, to be signed."""
    _form, book, on = asked_day(request)
    back = reverse("funds:daily_cash")
    if book is None:
        return redirect(back)
    sheet = cash.daily_sheet(book, on)
    return paper(request, lambda: prints.daily_cash(sheet, at=timezone.now()), name=f"cash-day-{on}.pdf", back=back)


def asked_day(request: Request) -> tuple[DayForm, Book | None, date]:
    """Of which books and day a page is asked; the first books, and today."""
    today = days.business_day(timezone.now())
    form = DayForm(request.GET or None)
    told: dict[str, Any] = form.cleaned_data if form.is_bound and form.is_valid() else {}
    book = told.get("book") or Book.objects.select_related("scheme").order_by("pk").first()
    on: date = told.get("on") or today
    form.initial = {"book": book.code if book else None, "on": on}
    return form, book, on


def count_of(pk: int) -> CashCount:
    """One count."""
    return get_object_or_404(CashCount.objects.select_related("account__book", "counted_by", "confirmed_by"), pk=pk)
