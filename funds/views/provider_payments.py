"""Settlements with providers that can be paid, and their payments."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.models import Settlement
from funds.filters.settling import ProviderPaymentFilter
from funds.forms.settling import SettlementForm
from funds.models import Book
from funds.rules import settling as rules
from funds.selectors import settling as selectors
from funds.services import provider_payments as services
from funds.services.provider_payments import SUBJECT
from funds.tables.settling import ProviderPaymentTable
from funds.views.asked import AskedList, one, tried
from funds.views.pages import Table, form_page
from office.access import Request
from office.rules import days, money

VIEW = "funds.view_providerpayment"
SHOWN = 500


class ProviderPaymentList(AskedList):
    permission_required = VIEW
    page_title = gettext_lazy("Payments of settlements")
    subject = SUBJECT
    known = ("settlement__provider",)
    table_class = ProviderPaymentTable
    filterset_class = ProviderPaymentFilter
    new_url = "funds:settlements_to_pay"
    new_label = gettext_lazy("Settlements to pay")


@permission_required(VIEW, raise_exception=True)
def to_pay(request: Request) -> HttpResponse:
    """The settlements of which something can be paid now, each with how far it is paid."""
    found = list(selectors.to_pay().select_related("provider", "scheme")[:SHOWN])
    courses = selectors.courses_of(found)
    rows = [(settlement, courses[settlement.pk]) for settlement in found]
    total = sum(course.payable for _settlement, course in rows)
    return render(request, "funds/settling/to_pay.html", {"rows": rows, "total": total, "may_ask": _may_ask(request)})


def _may_ask(request: Request) -> bool:
    return bool(request.user.has_perm(SUBJECT.right))


@permission_required(VIEW, raise_exception=True)
def provider_payment(request: Request, pk: int) -> HttpResponse:
    """One payment with its claims."""
    return one(
        request,
        SUBJECT,
        pk,
        back=(_("Payments of settlements"), reverse("funds:provider_payments")),
        known=("settlement__provider",),
        tables=lambda asked: [_parts(asked)],
        more=lambda asked: [(_("provider"), asked.settlement.provider.name)],
        links=lambda asked: {_("settlement"): reverse("claims:settlement", args=[asked.settlement_id])},
    )


def _parts(asked: Any) -> Table:
    found = asked.parts.select_related("part__approval__claim__member").order_by("pk")
    rows = [
        [
            line.part.approval.claim.number,
            line.part.approval.claim.member.name,
            line.part.layer,
            str(line.part.get_state_display()),
            money.shown(line.part.amount),
        ]
        for line in found[:SHOWN]
    ]
    header = [_("claim"), _("patient"), _("layer"), _("state"), _("amount, yuan")]
    return Table(_("Parts of claims: %(count)s") % {"count": found.count()}, header, rows, figures=(4,))


@permission_required(SUBJECT.right, raise_exception=True)
def ask(request: Request, settlement: int) -> HttpResponse:
    """Ask that what is payable of a settlement is paid."""
    found = get_object_or_404(Settlement.objects.select_related("provider", "scheme"), pk=settlement)
    book = get_object_or_404(Book, scheme=found.scheme_id)
    course = selectors.course_of(found)
    terms = selectors.terms_on(book, found.provider, days.business_day(timezone.now()))
    how = rules.split(course.payable, percent=terms.percent, prepaid=selectors.prepaid_left(book, found.provider))
    page = form_page(
        request,
        title=_("Pay settlement %(settlement)s") % {"settlement": found},
        submit=_("Ask for it"),
        cancel_url=reverse("funds:settlements_to_pay"),
        template="funds/settling/pay.html",
    )
    form = SettlementForm(page.data, most=how.set_off)
    asked = tried(
        page,
        form,
        lambda: services.propose(settlement=found, **form.cleaned_data, by=request.user, at=timezone.now()),
    )
    if asked is None:
        return page.render(form, settlement=found, course=course, how=how, percent=terms.percent, book=book)
    messages.success(request, _("%(number)s waits for the head of accounting.") % {"number": asked})
    return redirect("funds:provider_payment", asked.pk)
