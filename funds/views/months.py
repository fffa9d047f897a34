"""Months of books: which are open, what is looked at before one is closed, asking that it be closed or opened again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from funds.forms.books import WhyForm, month_of
from funds.models import Book, Period
from funds.selectors import months as selectors
from funds.services import closing_checks, months, years
from funds.services.months import ASK, CannotMoveMonth
from funds.services.vouchers import MAKE
from funds.views.pages import book_of, form_page
from office import deciding
from office.access import Request
from office.models.rounds import State as RoundState
from office.pages import guard
from office.rules import days

VIEW = "funds.view_period"
State = Period.State


@permission_required(VIEW, raise_exception=True)
def of_book(request: Request, book: str) -> HttpResponse:
    """Every month of a set of books, the newest first."""
    found = book_of(book)
    today = days.business_day(timezone.now())
    told = selectors.months_of(found, today)
    year = _year_to_close(found, told) if request.user.has_perm(MAKE) else None
    context = {
        "page_title": _("Months: %(book)s") % {"book": found},
        "book": found,
        "months": told,
        "year_to_close": year,
        "form_guard": guard.field(request),
    }
    return render(request, "funds/books/months.html", context)


@permission_required(VIEW, raise_exception=True)
def month_of_book(request: Request, book: str, month: str) -> HttpResponse:
    """One month: how it stands, what is looked at before it is closed, its rounds."""
    found, first = book_of(book), month_of(month)
    if first is None or first < found.begins_on:
        raise Http404
    period = Period.objects.filter(book=found, month=first).select_related("book").first()
    state = State(period.state) if period else State.OPEN
    is_over = days.next_month(first) <= days.business_day(timezone.now())
    checks = closing_checks.looked_at(period) if period and state == State.OPEN else []
    rounds = list(deciding.rounds_of(period).prefetch_related("votes__voter", "votes__for_whom")) if period else []
    may_ask = request.user.has_perm(ASK)
    context = {
        "page_title": f"{found} {first:%Y-%m}",
        "book": found,
        "first": first,
        "period": period,
        "state": state,
        "state_words": state.label,
        "checks": checks,
        "all_right": all(one.is_right for one in checks),
        "may_sign": all(one.is_right or one.check.may_be_signed for one in checks),
        "may_close": may_ask and state == State.OPEN and is_over,
        "may_reopen": may_ask and state == State.CLOSED,
        "is_over": is_over,
        "history": [{"round": one, "votes": list(one.votes.all())} for one in rounds],
        "open_round": next((deciding.page_of(one) for one in rounds if one.state == RoundState.OPEN), ""),
        "form_guard": guard.field(request),
    }
    return render(request, "funds/books/month.html", context)


@permission_required(VIEW, raise_exception=True)
def month(request: Request, pk: int) -> HttpResponse:
    """The month that a round is about."""
    found = get_object_or_404(Period.objects.select_related("book"), pk=pk)
    return redirect("funds:month_of", found.book.code, f"{found.month:%Y-%m}")


@require_POST
@permission_required(ASK, raise_exception=True)
def close(request: Request, book: str, month: str) -> HttpResponse:
    """Ask that a month be closed, signing for what is an exception."""
    found, first = book_of(book), month_of(month)
    if first is None:
        raise Http404
    signed = {name.removeprefix("why-"): str(value) for name, value in request.POST.items() if name.startswith("why-")}
    try:
        months.ask_to_close(book=found, month=first, by=request.user, at=timezone.now(), exceptions=signed)
    except CannotMoveMonth as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The head of accounting decides now."))
    return redirect("funds:month_of", book, month)


@permission_required(ASK, raise_exception=True)
def reopen(request: Request, pk: int) -> HttpResponse:
    """Ask that a closed month be opened again."""
    found = get_object_or_404(Period.objects.select_related("book"), pk=pk)
    back = reverse("funds:month_of", args=[found.book.code, f"{found.month:%Y-%m}"])
    title = _("Open %(month)s again") % {"month": f"{found.month:%Y-%m}"}
    page = form_page(request, title=title, submit=_("Ask for it"), cancel_url=back)
    form = WhyForm(page.data)
    if page.is_sent and form.is_valid():
        given: dict[str, Any] = {"period": found, "by": request.user, "at": timezone.now()}
        try:
            months.ask_to_reopen(**form.cleaned_data, **given)
        except CannotMoveMonth as refusal:
            form.add_error("reason" if refusal.field == "reason" else None, str(refusal))
        else:
            messages.success(request, _("The office's head decides now."))
            return redirect(back)
    return page.render(form, book=found.book)


def _year_to_close(book: Book, told: Sequence[selectors.Month]) -> int | None:
    """The year of the first month that is not closed, where it can be closed now."""
    first = next((one for one in reversed(told) if one.state != State.CLOSED), None)
    if first is None or years.not_ready(book, first.month.year):
        return None
    return first.month.year
