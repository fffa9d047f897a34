"""What the pages of payments share: a form that is sent, something that is done at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from funds.models import Payment, PaymentBatch
from funds.services.answers import CannotTake
from funds.services.batches import CannotPay
from funds.services.cash import CannotPayOut
from funds.services.confirmations import CannotConfirm
from funds.services.fund_requests import CannotRequest
from funds.services.orders import CannotOrder
from funds.views.pages import form_page
from office.access import Request
from office.deciding import CannotWithdraw
from office.pages.forms import FormPage

Done = TypeVar("Done")
REFUSALS = (CannotConfirm, CannotOrder, CannotPay, CannotPayOut, CannotRequest, CannotTake, CannotWithdraw)
VIEW = "funds.view_paymentbatch"


def tried(page: FormPage, form: forms.BaseForm, do: Callable[[], Done]) -> Done | None:
    """What a sent form did; a refusal stands over it, written as an act by the service."""
    if not (page.is_sent and form.is_valid()):
        return None
    try:
        return do()
    except REFUSALS as refusal:
        field = getattr(refusal, "field", None)
        form.add_error(field if field in form.fields else None, str(refusal))
        return None


def form_of(request: Request, record: Payment | PaymentBatch, title: str, submit: str) -> FormPage:
    """A form about a batch or a payment, from its page and back there; `title` names its number."""
    back = reverse("funds:payment" if isinstance(record, Payment) else "funds:batch", args=[record.pk])
    return form_page(request, title=title % {"number": record}, submit=submit, cancel_url=back)


def done(request: Request, do: Callable[[], Any], sentence: str, back: str) -> HttpResponse:
    """Something done at once, and back to the page that asked for it."""
    try:
        do()
    except REFUSALS as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, sentence)
    return redirect(back)
