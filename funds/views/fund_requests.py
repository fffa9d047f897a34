"""Fund requests: the list, one asked for, one with its lines, its money arrived, on paper."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import QuerySet, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from funds.filters.paying import FundRequestFilter
from funds.forms.paying import ArrivalForm, FundRequestForm
from funds.models import FundRequest
from funds.prints import payments as prints
from funds.services import fund_requests
from funds.services.fund_requests import ASK
from funds.tables.paying import FundRequestTable
from funds.templatetags.paying import payment_tone
from funds.views.pages import Action, FundsList, Page, Table, form_page, shown
from funds.views.paying import done, tried
from office import deciding
from office.access import Request
from office.pages.downloads import paper
from office.rules import days, money

VIEW = "funds.view_fundrequest"
State = FundRequest.State


class FundRequestList(FundsList):
    permission_required = VIEW
    page_title = gettext_lazy("Fund requests")
    queryset = FundRequest.objects.select_related("book", "made_by")
    table_class = FundRequestTable
    filterset_class = FundRequestFilter

    def default_filter(self) -> dict[str, str]:
        return {"year": str(days.business_day(timezone.now()).year)}

    def page_actions(self) -> list[dict[str, str]]:
        if not self.request.user.has_perm(ASK):
            return []
        return [{"label": _("Ask for money"), "url": reverse("funds:fund_request_new"), "key": "Alt+N"}]

    def totals(self, found: QuerySet[Any]) -> list[tuple[str, str]]:
        total = found.order_by().aggregate(all=Sum("amount", default=0))["all"]
        return [*super().totals(found), (_("Sum, yuan"), money.shown(total))]


@permission_required(ASK, raise_exception=True)
def ask(request: Request) -> HttpResponse:
    """Ask finance for a month's money."""
    page = form_page(
        request, title=_("Ask finance for money"), submit=_("Ask"), cancel_url=reverse("funds:fund_requests")
    )
    form = FundRequestForm(page.data)

    def do() -> FundRequest:
        typed = form.cleaned_data
        return fund_requests.ask(
            book=typed["book"],
            month=typed["month"],
            lines=form.lines,
            words=typed["words"],
            by=request.user,
            at=timezone.now(),
        )

    made = tried(page, form, do)
    if made is None:
        return page.render(form)
    messages.success(request, _("%(number)s is with finance.") % {"number": made})
    return redirect("funds:fund_request", made.pk)


@permission_required(VIEW, raise_exception=True)
def fund_request(request: Request, pk: int) -> HttpResponse:
    """One fund request: what it plans, how it stands."""
    found = _request(pk)
    lines = [[str(one.line), one.words, money.shown(one.amount)] for one in found.lines.order_by("line")]
    facts: list[tuple[str, object]] = [
        (_("books"), found.book.name),
        (_("month"), f"{found.month:%Y-%m}"),
        (_("amount, yuan"), f"{money.shown(found.amount)}\n{money.capitals(found.amount)}"),
        (_("in the spending account"), money.shown(found.in_hand)),
        (_("reserved for payments"), money.shown(found.reserved)),
        (_("made by"), f"{found.made_by} · {found.made_on.isoformat()}"),
    ]
    if found.words:
        facts.append((_("in words"), found.words))
    if found.posting is not None and found.arrived_on is not None:
        facts.append((_("arrived"), f"{found.arrived_on.isoformat()} · {found.slip} · {found.posting}"))
    actions = []
    if request.user.has_perm(ASK) and found.state == State.PROPOSED:
        actions.append(Action(_("Take it back"), reverse("funds:fund_request_withdraw", args=[pk]), posts=True))
    if request.user.has_perm(ASK) and found.state == State.APPROVED:
        url = reverse("funds:fund_request_arrival", args=[pk])
        actions.append(Action(_("The money is there"), url, "F2", first=True))
    actions.append(Action(_("Print"), reverse("funds:fund_request_print", args=[pk]), "Alt+P"))
    page = Page(
        subject=found,
        title=_("Fund request %(number)s") % {"number": found},
        back=(_("Fund requests"), reverse("funds:fund_requests")),
        state=(payment_tone(found.state), str(found.get_state_display())),
        facts=facts,
        tables=[Table(_("What is planned"), [_("line"), _("for what"), _("amount, yuan")], lines, figures=(2,))],
        actions=actions,
        decided=found,
    )
    return shown(request, page, book=found.book)


@permission_required(ASK, raise_exception=True)
def arrival(request: Request, pk: int) -> HttpResponse:
    """Note that the money is in the spending account."""
    found = _request(pk)
    back = reverse("funds:fund_request", args=[pk])
    title = _("Money of %(number)s") % {"number": found}
    page = form_page(request, title=title, submit=_("It is there"), cancel_url=back)
    form = ArrivalForm(page.data)
    given: dict[str, Any] = {"request": found, "by": request.user, "at": timezone.now()}
    if tried(page, form, lambda: fund_requests.note_arrival(**given, **form.cleaned_data)) is None:
        return page.render(form, book=found.book)
    messages.success(request, _("It is entered in the books."))
    return redirect(back)


@require_POST
@permission_required(ASK, raise_exception=True)
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Take a request back."""
    found = _request(pk)
    take_back = deciding.matter_of("funds.fundrequest").withdraw
    return done(
        request,
        lambda: take_back and take_back(found, request.user, timezone.now()),
        _("Taken back."),
        reverse("funds:fund_request", args=[pk]),
    )


@permission_required(VIEW, raise_exception=True)
def print_page(request: Request, pk: int) -> HttpResponse:
    """The request on A4, for finance to sign."""
    found = _request(pk)
    back = reverse("funds:fund_request", args=[pk])
    return paper(request, lambda: prints.fund_request(found, at=timezone.now()), name=f"{found.number}.pdf", back=back)


def _request(pk: int) -> FundRequest:
    return get_object_or_404(FundRequest.objects.select_related("book", "made_by", "posting"), pk=pk)
